//! Every duplicate has a survivor that stays; which one is by rank.

use crate::support::Desk;
use std::collections::BTreeSet;

const SENTENCE: &str = "the quick grey heron stood in the shallow water near the old mill and waited for the miller to go home before it took a fish from the race";

fn record(id: &str, text: &str, more: &str) -> String {
    format!("{{\"id\":\"{id}\"{more},\"text\":\"{text}\"}}\n")
}

#[test]
fn a_duplicate_names_a_kept_record_and_its_measured_similarity() {
    let desk = Desk::new();
    let near = SENTENCE.replace("fish", "frog");
    let input = [
        record("one", SENTENCE, ""),
        record("same", &SENTENCE.to_uppercase(), ""),
        record("near", &near, ""),
        record(
            "other",
            "nothing to do with herons at all, nor with the mill or its miller",
            "",
        ),
    ];
    desk.write("in.jsonl", input.concat());
    desk.ok(&["dedup", "in.jsonl", "-o", "out", "--threshold", "0.6"]);
    let rows = desk.rows("out/duplicates.jsonl");
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["id"].as_str().unwrap(),
                row["survivor"].as_str().unwrap(),
                row["kind"].as_str().unwrap(),
                row["similarity"].as_f64().unwrap(),
            )
        })
        .collect();
    // 29 words make 25 shingles; the changed word stands in 4 of them: 21 of 29.
    assert_eq!(
        told,
        [
            ("same", "one", "exact", 1.0),
            ("near", "one", "near", 0.724138)
        ]
    );
    let kept: BTreeSet<String> = desk
        .rows("out/cleaned-00000.jsonl")
        .iter()
        .map(|row| row["id"].to_string())
        .collect();
    assert_eq!(kept.len(), 2);
}

#[test]
fn the_rank_says_which_record_stays() {
    let desk = Desk::new();
    let input = [
        record("a", SENTENCE, ",\"date\":\"2024-03-02\",\"score\":2"),
        record(
            "b",
            &format!("{SENTENCE} again"),
            ",\"date\":\"2024-03-03T10:00:00Z\",\"score\":1",
        ),
        record("c", SENTENCE, ",\"date\":\"2024-03-01\",\"score\":3"),
        record("d", SENTENCE, ""),
    ];
    desk.write("in.jsonl", input.concat());
    for (keep, survivor) in [
        ("first", "a"),
        ("longest", "b"),
        ("earliest", "c"),
        ("latest", "b"),
        ("field:score", "c"),
    ] {
        let out = desk.ok(&["run", "in.jsonl", "-o", "-", "-q", "--keep", keep]);
        let kept: Vec<_> = crate::support::rows(&out)
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kept, [survivor], "--keep {keep}");
    }
}

#[test]
fn there_are_no_chains() {
    // Each record is near to the next, but the ends are far apart.
    let desk = Desk::new();
    let words: Vec<String> = (0..140).map(|n| format!("word{n}")).collect();
    let input: String = (0..5)
        .map(|step| {
            record(
                &step.to_string(),
                &words[step * 8..step * 8 + 100].join(" "),
                "",
            )
        })
        .collect();
    desk.write("in.jsonl", input);
    desk.ok(&["dedup", "in.jsonl", "-o", "out"]);
    let kept: BTreeSet<String> = desk
        .rows("out/cleaned-00000.jsonl")
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    // 88 of 104 shingles are shared one step away, 80 of 112 two steps away.
    assert_eq!(
        kept.iter().map(String::as_str).collect::<Vec<_>>(),
        ["0", "2", "4"]
    );
    for row in desk.rows("out/duplicates.jsonl") {
        assert!(kept.contains(row["survivor"].as_str().unwrap()), "{row}");
        assert!(row["similarity"].as_f64().unwrap() >= 0.8, "{row}");
    }
}

#[test]
fn cleaning_comes_before_comparing() {
    let desk = Desk::new();
    let body = "The harbour master closed the inner basin on Monday so that divers could look at the hull of the dredger that sank there in the night.";
    desk.write(
        "in.jsonl",
        [
            record("clean", body, ",\"title\":\"Harbour\""),
            record("dirty", &format!("{body}\\n\\nLeave a Reply\\n\\nYour email address will not be published. Required fields are marked *"), ",\"title\":\"Harbour\""),
        ]
        .concat(),
    );
    desk.ok(&["run", "in.jsonl", "-o", "run"]);
    assert_eq!(desk.rows("run/duplicates.jsonl")[0]["kind"], "exact");
    desk.ok(&["dedup", "in.jsonl", "-o", "dedup", "--threshold", "0.95"]);
    assert!(desk.rows("dedup/duplicates.jsonl").is_empty());
    assert!(
        desk.read("dedup/cleaned-00000.jsonl")
            .contains("Leave a Reply")
    );
}
