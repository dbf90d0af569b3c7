//! The laws, as properties: on nasty made-up text, through the library, and
//! once more on whole corpora through the program.

use crate::support::Desk;
use copydesk::document::Document;
use copydesk::pipeline::{Cleaned, Cleaner};
use copydesk::settings::{Level, Settings};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Lines that make trouble together: furniture, near-misses, mangled text, odd breaks.
const PIECES: &[&str] = &[
    "A headline about the ferry",
    "A headline about the ferry | Osk Observer",
    "A HEADLINE ABOUT THE FERRY",
    "The ferry will leave at half past six from Monday on, the operator said, and no ticket needs to be changed for it.",
    "“It was the old timetable that nobody could read,” the harbour master said after the vote on Tuesday evening.",
    "Our Correspondent",
    "By Mara Ollen",
    "Leave a Reply",
    "Leave a Reply Cancel reply",
    "Your email address will not be published. Required fields are marked *",
    "Name *",
    "Name",
    "Comment",
    "Email",
    "Share this:",
    "Click to share on Twitter (Opens in new window)",
    "Advertisement",
    "Related",
    "Also Read: Another headline about a bridge",
    "Subscribe to our newsletter",
    "1 2 3 Next",
    "2 thoughts on “A headline about the ferry”",
    "Photo: AFP",
    "— Reuters",
    "Читайте также: Новость",
    "The ferry was full on Sunday, the captain said on the quay. Also read: Another headline about a bridge",
    "The ferry was full on Sunday, the captain said. (Read more: Another headline about a bridge) It rained.",
    "Home »",
    "News »",
    "Osk Observer - A headline about the ferry",
    "A headline about the ferryThe ferry will leave at half past six from Monday on, the operator said.",
    "A headline about the ferry. The ferry will leave at half past six from Monday on, the operator said.",
    "The ferry will leave at half past six from Monday on, the operator said, and no ticket needs to be changed",
    "OSK, March 4 (Reuters) - The ferry will leave at half past six, the operator said. (AFP)",
    "The ferry will leave at half past six, the operator said. -- With inputs from PTI",
    "다리가 열렸다고 밝혔다. ⓒ 강변일보, 무단 전재 및 재배포 금지",
    "결론을 낸다. [ⓒ 강변일보, 무단전재 및 재배포 금지]",
    "（责任编辑：王小河）",
    "cafÃ© and itâ€™s",
    "Ã¢â‚¬â„¢",
    "Fish &amp;amp; chips &lt;b&gt; &nbsp;",
    "&#10;",
    "&shy;",
    "zero\u{200b}width\u{feff} and so\u{ad}ft",
    "a\u{301}e\u{301}",
    "می\u{200c}خواهم",
    "👩\u{200d}👩\u{200d}👧",
    "\u{a0}",
    "   ",
    "",
    "",
    "\t",
    "\u{2028}",
    "x\u{85}y\u{0}z\u{1b}[31m",
    "Â£5 SÃO PAULO",
    "Q: Did you read it?",
    "A: Yes.",
    "09:14",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => "[ -~éß中Ж\u{a0}\u{200b}]{0,30}",
    ];
    let breaks = prop::sample::select(
        &[
            "\n", "\n\n", "\n\n\n\n", "\r\n", "\r", " ", "\u{2029}", "\n \n",
        ][..],
    );
    prop::collection::vec((piece, breaks), 0..24).prop_map(|parts| {
        parts
            .into_iter()
            .flat_map(|(piece, brk)| [piece, brk.to_owned()])
            .collect()
    })
}

fn cleaner(level: Level) -> Cleaner {
    let mut settings = Settings::default();
    settings.boilerplate.level = level;
    // What is off by default must keep to the laws too.
    settings.boilerplate.agency_tags = level == Level::Standard;
    Cleaner::new(&settings)
}

static CLEANERS: LazyLock<[(Level, Cleaner); 4]> = LazyLock::new(|| {
    [Level::Off, Level::Safe, Level::Standard, Level::Aggressive]
        .map(|level| (level, cleaner(level)))
});

fn clean<'a>(cleaner: &Cleaner, text: &'a str, title: Option<&'a str>) -> Cleaned<'a> {
    cleaner.clean(&Document {
        text,
        title,
        ..Document::default()
    })
}

/// Each line says the one before and a word more, so that each is the standfirst of the next.
#[test]
fn a_text_that_never_comes_to_rest_is_left_as_it_was_and_counted() {
    let line = |words: usize| {
        format!(
            "The ferry crossed the upper lake again on Sunday, after nine years in the boatyard{}.",
            " on".repeat(words)
        )
    };
    let lines: Vec<String> = (0..300).map(line).collect();
    let text = format!("Ferry returns to the lake\n{}", lines.join("\n"));
    let cleaner = cleaner(Level::Standard);
    let once = clean(&cleaner, &text, None);
    assert_eq!(once.text, text);
    let spared = once.spared.as_ref().map(|spared| &*spared.rule);
    assert_eq!(spared, Some(copydesk::pipeline::Spared::UNSETTLED));
    // With an end in sight it is cleaned to the end.
    let text = format!("Ferry returns to the lake\n{}", lines[..20].join("\n"));
    assert_eq!(
        clean(&cleaner, &text, None).text,
        format!("Ferry returns to the lake\n{}", lines[19])
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn cleaned_text_and_ledger_are_the_original(text in text(), titled in any::<bool>()) {
        let title = titled.then_some("A headline about the ferry");
        for (level, cleaner) in CLEANERS.iter() {
            let cleaned = clean(cleaner, &text, title);
            prop_assert_eq!(&cleaned.edits.apply(&text), &cleaned.text);
            let originals: Vec<&str> = cleaned.edits.iter().map(|edit| edit.span.of(&text)).collect();
            let back = cleaned.edits.revert(&cleaned.text, originals);
            prop_assert_eq!(back.as_deref(), Some(&*text), "{:?}", level);
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in text(), titled in any::<bool>()) {
        let title = titled.then_some("A headline about the ferry");
        for (level, cleaner) in CLEANERS.iter() {
            let once = clean(cleaner, &text, title);
            let twice = clean(cleaner, &once.text, title);
            prop_assert_eq!(&once.text, &twice.text, "{:?}: {:?}", level, twice.removals().collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_removal_has_a_rule_and_evidence(text in text()) {
        for (_, cleaner) in CLEANERS.iter() {
            for removal in clean(cleaner, &text, None).removals() {
                prop_assert!(!removal.why.rule.is_empty() && !removal.why.evidence.is_empty());
            }
        }
    }
}

/// A corpus with near-copies of every degree, empty texts and bad records.
fn corpus() -> impl Strategy<Value = Vec<String>> {
    let record = (
        0usize..6,
        prop::collection::vec((0usize..60, 0usize..40), 0..12),
        text(),
        0u8..10,
    )
        .prop_map(|(base, changes, extra, sort)| match sort {
            0 => "{\"text\":".to_owned(),
            1 => json!({"id": "no text"}).to_string(),
            2 | 3 => json!({"text": extra, "n": 1.5}).to_string(),
            _ => {
                let mut words: Vec<String> =
                    (0..60).map(|n| format!("w{base}x{}", n * 7 % 53)).collect();
                for (at, word) in changes {
                    words[at] = format!("v{word}");
                }
                json!({"id": base, "text": words.join(" ")}).to_string()
            }
        });
    // A corpus of bad records alone is an error, and another test.
    prop::collection::vec(record, 0..40).prop_map(|mut lines| {
        lines.push(json!({"id": "good", "text": "a good record ends every corpus"}).to_string());
        lines
    })
}

/// Jaccard similarity of word 5-gram sets, the slow and plain way.
fn similarity(one: &str, two: &str) -> f64 {
    let grams = |text: &str| -> std::collections::BTreeSet<String> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .collect();
        words
            .windows(5.min(words.len()).max(1))
            .map(|gram| gram.join(" "))
            .collect()
    };
    let (one, two) = (grams(one), grams(two));
    one.intersection(&two).count() as f64 / one.union(&two).count().max(1) as f64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_program_loses_nothing_chains_nothing_and_repeats_itself(lines in corpus(), block in 1u32..3000) {
        let desk = Desk::new();
        let input = lines.join("\n");
        desk.write("in.jsonl", &input);
        desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
        let report: Value = serde_json::from_str(&desk.read("out/report.json")).unwrap();
        let count = |name: &str| report["accounting"][name].as_u64().unwrap();
        // Law 1: nothing is lost.
        prop_assert_eq!(count("read"), lines.len() as u64);
        prop_assert_eq!(count("read"), count("written") + count("duplicates") + count("dropped") + count("rejected"));
        let back = desk.ok(&["restore", "out"]);
        let back: Vec<&str> = back.lines().collect();
        prop_assert_eq!(back.len(), lines.len());
        for (got, wanted) in back.iter().zip(&lines) {
            let value = |line: &str| serde_json::from_str::<Value>(line).ok();
            prop_assert_eq!(value(got), value(wanted));
        }
        // Law 2: same input, same bytes.
        let size = block.to_string();
        desk.ok(&["run", "in.jsonl", "-o", "again", "-q", "-j", "3", "--block-size", &size]);
        prop_assert_eq!(desk.files("out"), desk.files("again"));
        // Law 3: twice is once.
        desk.ok(&["run", "out/cleaned-00000.jsonl", "-o", "twice", "-q"]);
        prop_assert_eq!(desk.read("out/cleaned-00000.jsonl"), desk.read("twice/cleaned-00000.jsonl"));
        // Law 4: every duplicate has a kept survivor at or above the threshold.
        let dropped: BTreeMap<u64, String> = desk.rows("out/dropped.jsonl").iter()
            .map(|row| (row["doc"].as_u64().unwrap(), row["record"]["text"].as_str().unwrap().to_owned())).collect();
        let rejected: Vec<u64> = desk.rows("out/rejected.jsonl").iter().map(|row| row["doc"].as_u64().unwrap()).collect();
        let mut cleaned = desk.rows("out/cleaned-00000.jsonl").into_iter();
        let mut kept = BTreeMap::new();
        for doc in 0..lines.len() as u64 {
            if !dropped.contains_key(&doc) && !rejected.contains(&doc) {
                kept.insert(doc, cleaned.next().unwrap()["text"].as_str().unwrap().to_owned());
            }
        }
        for row in desk.rows("out/duplicates.jsonl") {
            let one = &dropped[&row["doc"].as_u64().unwrap()];
            let Some(two) = kept.get(&row["survivor_doc"].as_u64().unwrap()) else {
                return Err(TestCaseError::fail(format!("{row} names a survivor that was dropped")));
            };
            let told = row["similarity"].as_f64().unwrap();
            prop_assert!(told >= 0.8);
            if row["kind"] == "near" && one.is_ascii() && two.is_ascii() {
                prop_assert!((similarity(one, two) - told).abs() < 1e-6, "{row}: {}", similarity(one, two));
            }
        }
        let made: Vec<&String> = kept.values().filter(|text| text.starts_with('w')).collect();
        for (at, one) in made.iter().enumerate() {
            for two in &made[at + 1..] {
                prop_assert!(similarity(one, two) < 0.8, "two kept records are alike: {one} / {two}");
            }
        }
    }

    #[test]
    fn a_bad_record_costs_one_record(good in 1usize..20, at in 0usize..20, bad in prop::sample::select(&["{", "[]", "{\"text\":1}", "\u{0}", "null"][..])) {
        let desk = Desk::new();
        let mut lines: Vec<String> = (0..good).map(|n| json!({"id": n, "text": format!("number {n}")}).to_string()).collect();
        lines.insert(at.min(good), bad.to_owned());
        desk.write("in.jsonl", lines.join("\n"));
        desk.ok(&["clean", "in.jsonl", "-o", "out", "-q"]);
        prop_assert_eq!(desk.rows("out/cleaned-00000.jsonl").len(), good);
        let rejected = desk.rows("out/rejected.jsonl");
        prop_assert_eq!(rejected.len(), 1);
        prop_assert_eq!(rejected[0]["line"].as_u64(), Some(at.min(good) as u64 + 1));
        prop_assert_eq!(rejected[0]["raw"].as_str(), Some(bad));
    }
}
