use super::*;
use crate::boilerplate::Models;
use crate::settings::{BoilerplateSettings, LineModelSource};

/// An article as its author wrote it, with subheads, a list and a short last line.
const ARTICLE: &str = "The ferry to Osk Island returns\n\n\
    The ferry to Osk Island returns on Monday, a month after its engine failed in the middle of the strait.\n\n\
    Passengers who had bought tickets for the weeks without a boat will get their money back, the operator said.\n\n\
    A long month\n\n\
    For the two hundred people of the island the month was long: bread came by a fishing boat, and the post did not come at all.\n\n\
    The school stayed open, though two of its four teachers live on the other side and had to sleep in the library.\n\n\
    The council asked for three things:\n\n\
    a second engine kept in the harbour\n\n\
    a boat from the coast guard within a day\n\n\
    a telephone line to the operator\n\n\
    It got the first of them, the mayor said on Sunday.";

fn shipped() -> Arc<LineModel> {
    LineModel::shipped().expect("line-model.bin is missing or damaged: run copydesk train")
}

fn asking(model: &LineModel) -> Models<'_> {
    Models {
        site: None,
        line: Some(model),
    }
}

#[test]
fn the_shipped_model_says_what_it_is_made_of() {
    let model = shipped();
    let about = model.about();
    assert_eq!(about.training_set.len(), 64);
    assert!(about.lines > 100_000 && about.hosts > 100, "{about:?}");
    assert!(about.thresholds.standard > about.thresholds.aggressive);
    for name in ["standard article", "aggressive article", "standard soup"] {
        assert!(about.figures.contains_key(name), "{name}");
    }
    assert!(about.figures["standard article"].content_loss <= 0.001);
    // Lists go whole or not at all, and a page without a body is left alone: that costs a tenth of
    // the lines.
    assert!(about.figures["standard article"].boilerplate_lines >= 0.65);
}

#[test]
fn a_model_reads_back_as_it_was_written() {
    let bytes = shipped().save();
    assert!(bytes == include_bytes!("line-model.bin"));
    assert!(LineModel::load(&bytes).unwrap().save() == bytes);
}

#[test]
fn a_damaged_model_is_refused() {
    let bytes = shipped().save();
    assert_eq!(LineModel::load(b"PK").unwrap_err(), BadModel::Foreign);
    assert_eq!(LineModel::load(b"").unwrap_err(), BadModel::Foreign);
    let mut later = bytes.clone();
    later[4] = 99;
    assert_eq!(LineModel::load(&later).unwrap_err(), BadModel::Version(99));
    for length in [3, 6, 40, 5_000, bytes.len() / 2, bytes.len() - 1] {
        assert!(LineModel::load(&bytes[..length]).is_err(), "{length}");
    }
    for at in (8..bytes.len()).step_by(bytes.len() / 50) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x11;
        assert!(LineModel::load(&bad).is_err(), "byte {at}");
    }
}

#[test]
fn a_model_with_a_true_digest_is_still_checked() {
    use sha2::{Digest, Sha256};
    let bytes = shipped().save();
    let body = &bytes[..bytes.len() - 32];
    // Wherever a byte of the forests is changed, loading answers, and asking does not fail.
    let page = Page::new(ARTICLE, None);
    for at in (body.len() - 60_000..body.len()).step_by(2_003) {
        let mut bad = body.to_vec();
        bad[at] ^= 0x55;
        let digest = Sha256::digest(&bad);
        bad.extend(digest);
        if let Ok(model) = LineModel::load(&bad) {
            model.scores(&page, &[], Catalogue::shipped());
        }
    }
    let mut cut = body[..body.len() - 9].to_vec();
    let digest = Sha256::digest(&cut);
    cut.extend(digest);
    assert!(LineModel::load(&cut).is_err());
}

#[test]
fn furniture_scores_higher_than_sentences() {
    let text = format!(
        "Home\nNews\nSport\nWeather\n{ARTICLE}\nShare this story\nLog in to comment\nMost read\nTen photographs of the old harbour\nSign up for our newsletter"
    );
    let page = Page::new(&text, Some("The ferry to Osk Island returns"));
    let scores = shipped().scores(&page, &[], Catalogue::shipped());
    let of = |line: &str| {
        let at = page.lines.iter().position(|one| one.text == line).unwrap();
        scores[at].unwrap()
    };
    for line in [
        "Sport",
        "Log in to comment",
        "Most read",
        "Sign up for our newsletter",
    ] {
        assert!(of(line) > 1_024.0, "{line}: {}", of(line));
    }
    for line in ARTICLE.lines().filter(|line| line.len() > 80) {
        assert!(of(line) < -1_024.0, "{line}: {}", of(line));
    }
}

#[test]
fn where_the_words_are_unknown_there_is_no_opinion() {
    let model = shipped();
    for text in [
        "მთავარი\nსიახლეები\nსპორტი\nბორანი კუნძულზე ორშაბათს დაბრუნდა, როგორც ოპერატორმა განაცხადა, ერთი თვის შემდეგ.\nკომენტარი\nგამოწერა",
        "ዜና\nስፖርት\nጀልባው ሰኞ ወደ ደሴቱ ተመለሰ ሲሉ አሳውቀዋል።\nአስተያየት\nያጋሩ",
        "Pagrindinis\nNaujienos\nSportas\nKeltas į salą pirmadienį grįžo po mėnesio pertraukos, pranešė bendrovė, ir bilietų keisti nereikės.\nKomentarai\nDalintis",
    ] {
        let page = Page::new(text, None);
        let scores = model.scores(&page, &[], Catalogue::shipped());
        assert!(scores.iter().all(Option::is_none), "{text}: {scores:?}");
    }
}

#[test]
fn a_clean_article_keeps_every_line() {
    let model = shipped();
    for level in [Level::Standard, Level::Aggressive] {
        let settings = BoilerplateSettings {
            level,
            ..Default::default()
        };
        for title in [None, Some("The ferry to Osk Island returns")] {
            let page = Page::new(ARTICLE, title);
            let found = Catalogue::shipped().find_with(&page, &[], &settings, asking(&model));
            assert!(found.is_empty(), "{level:?}: {found:#?}");
        }
    }
}

#[test]
fn lists_tables_and_verse_of_the_author_stay() {
    let model = shipped();
    let settings = BoilerplateSettings::default();
    for under in [
        "Harrow 2-1 Thatta\nVarnel 0-0 Osk\nAmt 1-1 Kali\nNext fixtures\nHarrow v Osk\nThatta v Varnel\nShare this",
        "The council\nA. Roe, chair\nP. Lund, treasurer\nE. Tams\nB. Kane\nShare this",
        "Best novel\nThe Ferry\nBest film\nNine Wells\nBest song\nSalt\nShare this article",
        "On the table\nPike with lemon\nRice\nPlum cake\nCoffee\nTea\nLeave a comment",
        "one by one\nand the water\nholds its breath\ndown to the sea\nover the stones\nSubscribe to our newsletter",
        "Write to\nThe Ferry Office\n4 Quay Street\nHarrow\nTel: 0113 555\nShare this",
    ] {
        for text in [
            format!("{ARTICLE}\n{under}"),
            format!("Home\nShare\n{under}\nLeave a Reply"),
        ] {
            let page = Page::new(&text, Some("The ferry to Osk Island returns"));
            let found = Catalogue::shipped().find_with(&page, &[], &settings, asking(&model));
            let own: Vec<&str> = found
                .iter()
                .filter(|one| one.why.rule == "line-model")
                .map(|one| one.span.of(&text))
                .collect();
            assert!(own.is_empty(), "{own:?} of {text}");
        }
    }
}

#[test]
fn a_model_that_may_never_take_a_line_leaves_the_rules_alone() {
    let mut about = shipped().about().clone();
    about.thresholds.standard = i32::MAX;
    let model = LineModel::clone(&shipped()).with_about(about);
    let text =
        format!("{ARTICLE}\nShare this\nLeave a Reply\nYour email address will not be published.");
    let page = Page::new(&text, None);
    let settings = BoilerplateSettings::default();
    let with = Catalogue::shipped().find_with(&page, &[], &settings, asking(&model));
    let without = Catalogue::shipped().find_with(&page, &[], &settings, Models::default());
    assert_eq!(with, without);
    assert!(!with.is_empty());
}

#[test]
fn the_model_is_not_asked_at_safe_nor_where_it_is_switched_off() {
    let text = format!("Home\nNews\nSport\nWeather\nJobs\n{ARTICLE}");
    let page = Page::new(&text, None);
    for (level, line_model) in [
        (Level::Safe, LineModelSource::Shipped),
        (Level::Standard, LineModelSource::Off),
    ] {
        let settings = BoilerplateSettings {
            level,
            line_model,
            ..Default::default()
        };
        let found = Catalogue::shipped().find_with(&page, &[], &settings, asking(&shipped()));
        assert!(
            found.iter().all(|one| one.why.rule != "line-model"),
            "{found:#?}"
        );
    }
}

#[test]
fn a_finding_of_the_model_says_how_sure_it_is() {
    let text = format!(
        "Home\nNews\nSport\nWeather\nJobs\n{ARTICLE}\nMost read\nTen photographs of the old harbour\nCouncil plans a new bridge"
    );
    let page = Page::new(&text, Some("The ferry to Osk Island returns"));
    let settings = BoilerplateSettings {
        level: Level::Aggressive,
        ..Default::default()
    };
    let found = Catalogue::shipped().find_with(&page, &[], &settings, asking(&shipped()));
    let own: Vec<_> = found
        .iter()
        .filter(|one| one.why.rule == "line-model")
        .collect();
    assert!(!own.is_empty(), "{found:#?}");
    for one in own {
        assert!(one.why.evidence.starts_with("line model "), "{one:?}");
        assert!(
            one.why
                .score
                .is_some_and(|score| score > 0.3 && score <= 1.0)
        );
        assert!(!ARTICLE.contains(one.span.of(&text)), "{one:?}");
    }
}

#[test]
fn a_line_that_is_sure_after_some_trees_is_let_go() {
    use trees::{LEAF, Node, Stop, Tree};
    // Trees of one question each: is feature 0, 1, 0, 0 above a half?
    let node = |feature: u8| Node {
        feature,
        cut: 0,
        low: LEAF,
        high: LEAF | 1,
        threshold: 0.5,
    };
    let grown = Trees {
        trees: (0..4)
            .map(|at| Tree {
                first_node: at,
                first_leaf: 2 * at,
            })
            .collect(),
        nodes: [0, 1, 0, 0].map(node).to_vec(),
        leaves: [-1_000, 1_000].repeat(4),
        ..Trees::default()
    };
    let row = |one: f32, other: f32| wide(&[one, other]);
    let rows = [row(1.0, 1.0), row(0.0, 0.0), row(1.0, 0.0), row(0.0, 1.0)];
    let scores = |stops: &[Stop]| {
        let stops = stops.to_vec();
        Forest::of(&Trees {
            stops,
            ..grown.clone()
        })
        .scores(&rows)
    };
    assert_eq!(scores(&[]), [4_000, -4_000, 2_000, -2_000]);
    let stop = Stop {
        after: 2,
        below: -1_500,
        from: 1_500,
        worth: 3_900,
        slope: 512,
    };
    assert_eq!(scores(&[stop]), [4_900, -2_000, 2_000, -2_000]);
    // A stop behind the last tree stops nothing but what comes out there.
    let late = Stop { after: 9, ..stop };
    assert_eq!(scores(&[late]), [8_900, -4_000, 4_900, -2_000]);
    for (sum, ends) in [
        (-1_501, Some(-1_501)),
        (-1_500, None),
        (1_499, None),
        (1_500, Some(3_900)),
        (1_750, Some(4_400)),
        (i32::MAX, Some(i32::MAX)),
    ] {
        assert_eq!(stop.ends(sum), ends, "{sum}");
    }
}
