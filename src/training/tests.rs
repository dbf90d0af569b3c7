use super::*;

fn labelled() -> Vec<LabelledPage> {
    include_str!("../../fixtures/labelled.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn training_twice_gives_the_same_bytes_whatever_the_threads() {
    let options = Options {
        date: "2026-01-31".to_owned(),
        folds: 3,
    };
    let with = |threads: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| train(labelled().into_iter(), &options).unwrap())
    };
    let (one, other) = (with(1), with(3));
    assert!(one.model.save() == other.model.save());
    assert_eq!(one.folds.len(), 3);
    for (one, other) in one.folds.iter().zip(&other.folds) {
        assert!(one.save() == other.save());
    }
    let about = one.model.about();
    assert_eq!(
        (about.pages, about.hosts, &*about.date),
        (24, 12, "2026-01-31")
    );
    assert!(about.figures.contains_key("standard article"), "{about:?}");
    // What is saved is what is loaded.
    assert!(LineModel::load(&one.model.save()).unwrap().save() == one.model.save());
}

#[test]
fn labels_must_fit_the_lines() {
    let mut pages = labelled();
    pages[3].labels.pop();
    let bad = train(pages.into_iter(), &Options::default())
        .unwrap_err()
        .to_string();
    assert!(bad.contains("labels for"), "{bad}");
    // What is learned would be tested on itself if a fold's number did not fit.
    let many = Options {
        folds: 300,
        ..Options::default()
    };
    let bad = train(labelled().into_iter(), &many)
        .unwrap_err()
        .to_string();
    assert!(bad.contains("expected 255 at most"), "{bad}");
    let few = labelled().into_iter().take(2);
    let bad = train(few, &Options::default()).unwrap_err().to_string();
    assert!(bad.contains("--folds"), "{bad}");
}

#[test]
fn renderings_of_a_page_and_pages_of_a_site_share_a_fold() {
    let page = |key: &str, host: &str| LabelledPage {
        key: key.to_owned(),
        host: host.to_owned(),
        ..LabelledPage::default()
    };
    let pages = [
        page("a", "www.osk.co.uk"),
        page("b", "news.osk.co.uk"),
        page("c", "osk.example"),
        page("d", ""),
        page("d", ""),
        page("e", ""),
        page("f", "tulle.example"),
    ];
    let (folds, sites) = pages::deal(&pages, 3);
    assert_eq!(sites, 5);
    assert_eq!(folds[0], folds[1]);
    assert_eq!(folds[3], folds[4]);
}
