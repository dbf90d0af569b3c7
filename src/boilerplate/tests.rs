//! The desk as a whole: tables of pages, the hard cases, and stability.

use super::Catalogue;
use crate::document::{Kind, Page};
use crate::headlines::repeated_headlines;
use crate::settings::{BoilerplateSettings, HeadlineSettings, Level};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Returns the findings of both desks: rule and text.
fn both<'t>(text: &'t str, title: Option<&str>, level: Level) -> Vec<(String, &'t str)> {
    let settings = BoilerplateSettings {
        level,
        ..Default::default()
    };
    let page = Page::new(text, title);
    let headlines = repeated_headlines(&page, &HeadlineSettings::default());
    let mut found = Catalogue::shipped().find(&page, &headlines, &settings);
    found.extend(headlines);
    found.sort_by_key(|finding| finding.span);
    for pair in found.windows(2) {
        assert!(
            pair[0].span.end <= pair[1].span.start,
            "findings overlap: {pair:?}"
        );
    }
    found
        .into_iter()
        .map(|finding| (finding.why.rule.to_string(), finding.span.of(text)))
        .collect()
}

/// Returns what is left of the text.
fn cleaned(text: &str, level: Level) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (_, gone) in both(text, None, level) {
        let start = gone.as_ptr() as usize - text.as_ptr() as usize;
        out.push_str(&text[at..start]);
        at = start + gone.len();
    }
    out.push_str(&text[at..]);
    out
}

/// An article in the shape the program was made for.
const ARTICLE: &str = "Ministers of the two lakes agree on the price of fish, with a reserve for the winter.

Ministers of the two lakes agree on the price of fish, with a reserve for the winter.

The ministers of the upper and the lower lake agreed on Monday on one price for perch and pike, after nine rounds of talks in a ferry's dining room.

“Nobody will sell below it, and nobody will ask who sold above it,” the statement read. It was signed in two languages.

Fishermen on both shores said that they would wait for the winter before they believed a word of the paper.

Our Correspondent

Our Correspondent

Leave a Reply

Your email address will not be published. Required fields are marked *";

#[test]
fn an_article_loses_its_second_headline_and_its_furniture_and_nothing_else() {
    let found = both(ARTICLE, None, Level::Standard);
    assert_eq!(
        found
            .iter()
            .map(|(rule, gone)| (&**rule, *gone))
            .collect::<Vec<_>>(),
        [
            (
                "repeated-headline",
                "Ministers of the two lakes agree on the price of fish, with a reserve for the winter."
            ),
            ("generic-byline", "Our Correspondent"),
            ("generic-byline", "Our Correspondent"),
            ("comment-form", "Leave a Reply"),
            (
                "comment-form",
                "Your email address will not be published. Required fields are marked *"
            ),
        ]
    );
}

#[test]
fn what_is_clean_stays_clean() {
    for level in [Level::Safe, Level::Standard, Level::Aggressive] {
        let once = cleaned(ARTICLE, level);
        assert_eq!(both(&once, None, level), [], "{level:?}");
        for rule in super::rules::all() {
            for example in rule.removes {
                let once = cleaned(example.page, level);
                assert_eq!(
                    both(&once, None, level),
                    [],
                    "{}: {level:?}: {once}",
                    rule.name
                );
            }
        }
    }
}

#[test]
fn a_kept_kind_stays() {
    let settings = BoilerplateSettings {
        keep_kinds: BTreeSet::from([Kind::BylineGeneric, Kind::Headline]),
        ..Default::default()
    };
    let found = Catalogue::shipped().find(&Page::new(ARTICLE, None), &[], &settings);
    assert!(
        found
            .iter()
            .all(|finding| finding.why.kind == Kind::CommentForm),
        "{found:#?}"
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn nothing_goes_when_the_desk_is_off() {
    let settings = BoilerplateSettings {
        level: Level::Off,
        ..Default::default()
    };
    assert!(
        Catalogue::shipped()
            .find(&Page::new(ARTICLE, None), &[], &settings)
            .is_empty()
    );
}

#[test]
fn an_empty_page_and_a_page_of_one_line_are_no_trouble() {
    for text in ["", "\n\n", "Share this:", "a", "…", "1 2 3"] {
        let _ = both(text, Some(""), Level::Aggressive);
    }
}

/// The shared directory, where the measuring data is.
fn shared() -> PathBuf {
    std::env::var_os("COPYDESK_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")),
        PathBuf::from,
    )
}

#[test]
fn hard_cases_keep_what_must_stay_and_lose_what_must_go() {
    let path = shared().join("data/phrases/adversarial.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED: no hard cases at {} (set COPYDESK_SHARED)",
            path.display()
        );
        return;
    };
    let (mut wanted, mut gone) = (0, 0);
    for case in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(case).expect("a JSON case");
        let text = case["text"].as_str().expect("text");
        let list = |name: &str| -> Vec<String> {
            case[name]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|line| line.as_str().map(str::to_owned))
                .collect()
        };
        let (keep, remove) = (list("must_keep"), list("must_remove"));
        for level in [Level::Safe, Level::Standard] {
            let left = cleaned(text, level);
            for line in &keep {
                // A line that stands as often as it must stay.
                let must = keep.iter().filter(|other| *other == line).count();
                let stands = left.lines().filter(|other| other.trim() == line).count();
                assert!(
                    stands >= must,
                    "{}: {level:?} took “{line}”\n{:#?}",
                    case["id"],
                    both(text, None, level)
                );
            }
            if level == Level::Standard {
                for line in &remove {
                    wanted += 1;
                    if left.lines().any(|other| other.trim() == line) {
                        eprintln!("{}: left “{line}”", case["id"]);
                    } else {
                        gone += 1;
                    }
                }
            }
        }
    }
    eprintln!("hard cases: {gone} of {wanted} lines gone");
    assert!(gone * 10 >= wanted * 9, "{gone} of {wanted} lines gone");
}

#[test]
fn the_example_article_loses_exactly_its_furniture() {
    let path = shared().join("data/example/article.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED: no example at {} (set COPYDESK_SHARED)",
            path.display()
        );
        return;
    };
    let found = both(&text, None, Level::Standard);
    let rules: Vec<&str> = found.iter().map(|(rule, _)| &**rule).collect();
    assert_eq!(
        rules,
        [
            "repeated-headline",
            "generic-byline",
            "generic-byline",
            "comment-form",
            "comment-form"
        ],
        "{found:#?}"
    );
}

/// Pages of lines that ask what stands around them: sure phrases, doubtful ones, labels, text.
fn asking_pages() -> impl Strategy<Value = String> {
    const LINES: [&str; 11] = [
        "Print",
        "Leave a Reply",
        "Share this:",
        "Comments",
        "foo bar",
        "Contents",
        "Lakes of the north",
        "Rivers of the south",
        "Hills",
        "It stopped.",
        "The old ferry crossed the lake again on Sunday after nine years in the boatyard behind the mill.",
    ];
    let picked = prop::collection::vec(prop::sample::select(&LINES[..]), 1..24);
    picked.prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn a_tail_anchor_is_any_other_sure_phrase_from_the_bodys_end_to_just_behind_the_line(text in asking_pages()) {
        let page = Page::new(&text, None);
        let matcher = &Catalogue::shipped().matcher;
        let reading = super::evidence::Reading::new(&page, &[], matcher, None, None);
        for at in 0..reading.lines.len() {
            let from = reading.zones.body.map_or(at, |(_, last)| last + 1);
            let expected = (from..reading.lines.len().min(at + 3)).any(|line| {
                let phrase = reading.lines[line].phrase;
                line != at && phrase.is_some_and(|phrase| phrase.risk == super::phrase::Risk::Low && !phrase.single)
            });
            prop_assert_eq!(reading.tail_anchor(at), expected, "line {} of {:?}", at, text);
        }
    }
}
