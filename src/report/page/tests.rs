use super::*;
use crate::document::{DocId, Kind, Span};
use crate::report::{
    Alike, Change, Cluster, DiffLine, Gone, IndexReport, LineDiff, MostCut, Pair, Piece, SitePair,
    Tally, Times, Whose, WordDiff,
};
use crate::settings::Settings;

/// Text that would do harm in every place where it is not escaped.
const HOSTILE: &str =
    "<script>alert(1)</script>\u{202e}\u{1b}[31m\" onclick='x' --></style><img src=http://x/>";

/// A report in which everything that can come from outside is `text`, as much as there can be.
fn full(text: &str) -> (Report, Origin, Examples) {
    let mut tally = Tally::default();
    tally.accounting.read = 1_000_000;
    for number in 0..3000u64 {
        let name = format!("{text} {number}");
        let rule = format!("{text} rule {}", number % 40);
        let kind = Kind::ALL[number as usize % Kind::ALL.len()];
        let gone = Gone::new(&rule, kind, Span::new(0, 9), "", &name);
        let site = tally.sites.document(&name);
        let whose = Whose {
            doc: DocId(number),
            id: &name,
            site,
        };
        tally.removal(whose, &gone);
        tally.documents.removal(kind, 9, number as usize, 3000);
        tally
            .documents
            .document(1 << (number % 30), number, "Latin", Some("eng"));
        tally.documents.cut(DocId(number), &name, 10_000, number);
        tally.reject(
            DocId(number),
            text,
            number,
            &format!("{text}{}: {name}", number % 60),
        );
        tally.spare(DocId(number), &name, 0.99, text);
        tally.mend(text, 1);
        tally.sites.repeats(&name, text);
        tally.duplicate("near", 0.8 + (number % 20) as f64 / 100.0);
    }
    let alike = || Alike {
        doc: DocId(1),
        id: text.to_owned(),
        similarity: 0.9,
    };
    for documents in 2..100 {
        tally.clusters.cluster(documents);
    }
    tally.clusters.largest = vec![
        Cluster {
            survivor_doc: DocId(0),
            survivor: text.to_owned(),
            documents: 9,
            least_alike: vec![alike(), alike()],
        };
        8
    ];
    tally.clusters.closest = vec![
        Pair {
            duplicate: alike(),
            survivor_doc: DocId(0),
            survivor: text.to_owned()
        };
        6
    ];
    tally.sites.repeating = vec![SitePair {
        survivor: text.to_owned(),
        duplicate: text.to_owned(),
        documents: 1,
    }];
    tally.finish();
    let piece = |change| Piece {
        change,
        text: text.to_owned(),
    };
    let words = WordDiff {
        hunks: vec![vec![piece(Change::Same), piece(Change::Gone), piece(Change::New)]; 8],
        ..WordDiff::default()
    };
    let line = |number| DiffLine::Removed {
        number,
        text: text.to_owned(),
        rule: text.to_owned(),
    };
    let mut lines: Vec<DiffLine> = (0..40).map(line).collect();
    lines.push(DiffLine::Changed {
        number: 1,
        pieces: vec![piece(Change::Gone)],
        why: vec![text.to_owned()],
    });
    let examples = Examples {
        most_cut: vec![Some(LineDiff { lines, more: 3 }); 12],
        largest: vec![vec![Some(words.clone()); 2]; 8],
        closest: vec![Some(words); 6],
        cleaned_elsewhere: false,
    };
    let origin = Origin {
        inputs: vec![(text.to_owned(), Some(1)); 100_000],
        ..Origin::default()
    };
    let mut settings = Settings::default();
    settings.input.text_field = text.to_owned();
    let report = Report {
        schema: 1,
        copydesk: "0".into(),
        command: "run".into(),
        tally,
        settings,
        index: Some(IndexReport {
            folder: text.to_owned(),
            batch: 2,
            documents: 10,
            repeated: 1,
            added: 5,
            known: false,
        }),
        passed_over: [(text.to_owned(), 3), (String::new(), 1)].into(),
        times: Some(Times::default()),
    };
    (report, origin, examples)
}

#[test]
fn nothing_scraped_becomes_markup() {
    let (report, origin, examples) = full(HOSTILE);
    let page = html(&report, &origin, &examples);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("⟨U+202E⟩") && page.contains("⟨U+001B⟩"));
    for hidden in ['\u{202e}', '\u{1b}'] {
        assert!(!page.contains(hidden), "{hidden:?}");
    }
    assert_eq!(page.matches("<script").count(), 1, "our own alone");
    assert_eq!(page.matches("</style>").count(), 1);
    for raw in ["<img", "\" onclick"] {
        assert!(!page.contains(raw), "{raw}");
    }
}

#[test]
fn a_page_asks_for_nothing() {
    let (report, origin, examples) = full("text");
    let page = html(&report, &origin, &examples);
    for asking in [
        "http:",
        "https:",
        "src=",
        "url(",
        "@import",
        "<link",
        "<a href=\"h",
    ] {
        assert!(!page.contains(asking), "{asking}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_page_stays_small_however_much_was_read() {
    for text in [
        "<&漢字 ".repeat(50),
        "\u{1b}\u{7}".repeat(200),
        "&".repeat(400),
    ] {
        let (report, origin, examples) = full(&text);
        let page = html(&report, &origin, &examples);
        assert!(page.len() < 2 << 20, "{} bytes of {text:?}", page.len());
        assert!(page.len() > 100 << 10, "{} bytes of {text:?}", page.len());
    }
}

#[test]
fn a_report_of_an_older_copydesk_makes_a_page() {
    let mut json = serde_json::to_value(full("text").0).unwrap();
    let object = json.as_object_mut().unwrap();
    for new in [
        "documents",
        "sites",
        "clusters",
        "similarity_hundredths",
        "rejects_seen",
        "spared_seen",
    ] {
        assert!(object.remove(new).is_some(), "{new}");
    }
    let report: Report = serde_json::from_value(json).unwrap();
    let page = html(&report, &Origin::default(), &Examples::default());
    assert!(page.contains("What was removed, and why"));
}

#[test]
fn a_most_cut_document_without_text_is_named() {
    let (mut report, origin, _) = full("text");
    report.tally.documents.most_cut = vec![MostCut {
        doc: DocId(6),
        id: "harrow".into(),
        chars_before: 1000,
        chars_after: 10,
    }];
    let page = html(&report, &origin, &Examples::default());
    assert!(page.contains("harrow") && page.contains("not in this folder"));
}

#[test]
fn no_band_rises_over_what_says_how_much_was_read() {
    let (report, origin, examples) = full("text");
    let page = html(&report, &origin, &examples);
    let flow = page.split("<svg class=\"flow\"").nth(1).unwrap();
    let flow = flow.split("</svg>").next().unwrap();
    let top = |part: &str| -> f64 { part.split('"').next().unwrap().parse().unwrap() };
    let tops: Vec<f64> = flow
        .split("<rect")
        .skip(1)
        .map(|rect| top(rect.split(" y=\"").nth(1).unwrap()))
        .collect();
    assert!(
        tops.len() > 1 && tops.iter().all(|y| *y >= 20.0),
        "{tops:?}"
    );
}

#[test]
fn one_document_that_was_left_alone_has_a_text_of_its_own() {
    for (documents, said) in [(1, "of its text"), (2, "of their text")] {
        let (mut report, origin, examples) = full("text");
        report.tally.spared = [("phrase".to_owned(), documents)].into();
        let page = html(&report, &origin, &examples);
        assert!(page.contains(said), "{said}");
    }
}
