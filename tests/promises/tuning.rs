//! `tune`: what it says of another setting is what a run with it does.

use crate::support::{Desk, fixture};
use serde_json::{Value, json};

/// Stories in versions that differ more and more, on pages with furniture.
fn corpus() -> String {
    let mut out = String::new();
    for story in 0..30 {
        for version in 0..6 {
            let words: Vec<String> = (0..120)
                .map(|at| {
                    // Every version replaces a few more words, at places of its own.
                    let changed = at % 41 == version * 7 && at < version * 41;
                    let word = if changed { version * 1000 + at } else { at };
                    format!("word{story}x{word}")
                })
                .collect();
            let text = format!(
                "Story {story}\n\nStory {story}\n\n{}.\n\n{}.\n\nRead more\n\nShare this article\n\nCopyright 2024 The Courier. All rights reserved.\n\nLeave a Reply\n\nYour email address will not be published.",
                words[..60].join(" "),
                words[60..].join(" ")
            );
            let record = json!({"id": format!("s{story}v{version}"), "title": format!("Story {story}"), "date": format!("2024-01-{:02}", 28 - version), "text": text});
            out.push_str(&record.to_string());
            out.push('\n');
        }
    }
    out.push_str(
        "{\"id\":\"empty\",\"text\":\"\"}\n{\"id\":\"empty too\",\"text\":\"\"}\n{broken\n",
    );
    out
}

fn tuned(desk: &Desk, words: &[&str]) -> Value {
    let said = desk.ok(&[&["tune", "--json", "-q"], words].concat());
    serde_json::from_str(&said).unwrap()
}

fn accounting(desk: &Desk, folder: &str) -> Value {
    let report: Value = serde_json::from_str(&desk.read(&format!("{folder}/report.json"))).unwrap();
    report
}

const THRESHOLDS: [f64; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

#[test]
fn a_threshold_drops_what_a_run_with_it_drops() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    for keep in ["first", "longest", "latest"] {
        desk.ok(&[
            "run",
            "in.jsonl",
            "-o",
            &format!("at-{keep}"),
            "--keep",
            keep,
            "-q",
        ]);
        let mut words = vec![format!("at-{keep}")];
        for threshold in THRESHOLDS {
            words.extend(["--threshold".to_owned(), threshold.to_string()]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let told = tuned(&desk, &words);
        let now: Vec<Value> = desk.rows(&format!("at-{keep}/dropped.jsonl"));
        let dropped = |rows: &[Value]| -> Vec<u64> {
            let duplicates = rows.iter().filter(|row| row["reason"] == "duplicate");
            duplicates.map(|row| row["doc"].as_u64().unwrap()).collect()
        };
        let now = dropped(&now);
        let mut different = std::collections::BTreeSet::new();
        for (number, threshold) in THRESHOLDS.into_iter().enumerate() {
            let folder = format!("{keep}-{number}");
            let threshold = threshold.to_string();
            desk.ok(&[
                "run",
                "in.jsonl",
                "-o",
                &folder,
                "--keep",
                keep,
                "--threshold",
                &threshold,
                "-q",
            ]);
            let then = dropped(&desk.rows(&format!("{folder}/dropped.jsonl")));
            let row = &told["thresholds"][number];
            let expected = json!({
                "threshold": THRESHOLDS[number],
                "duplicates": accounting(&desk, &folder)["accounting"]["duplicates"],
                "newly_dropped": then.iter().filter(|doc| !now.contains(doc)).count(),
                "newly_kept": now.iter().filter(|doc| !then.contains(doc)).count(),
            });
            assert_eq!(*row, expected, "{keep}");
            different.insert(row["duplicates"].as_u64().unwrap());
        }
        assert!(different.len() > 3, "{different:?}");
    }
}

#[test]
fn a_level_takes_what_a_run_with_it_takes() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    let (news, pages, sites) = (
        fixture("news.jsonl"),
        fixture("pages"),
        fixture("sites.jsonl"),
    );
    let inputs = ["in.jsonl", &news, &pages, &sites];
    // A model that a run learns from its input is learned again from what it left.
    let mut by_site = Vec::new();
    for model in ["off", "auto"] {
        let run = |out: &str, words: &[&str]| {
            let model = ["--site-model", model, "-o", out, "-q"];
            desk.ok(&[&["run"], &inputs[..], &model, words].concat());
        };
        let out = format!("out-{model}");
        run(&out, &[]);
        let told = tuned(&desk, &[&out]);
        let mut chars = Vec::new();
        for (number, level) in ["safe", "standard", "aggressive"].into_iter().enumerate() {
            let at = format!("{level}-{model}");
            run(&at, &["--boilerplate", level]);
            let report = accounting(&desk, &at);
            let rules = report["rules"].as_object().unwrap();
            let sum = |what: &str| -> u64 {
                rules
                    .values()
                    .map(|rule| rule[what].as_u64().unwrap())
                    .sum()
            };
            let row = &told["levels"][number];
            assert_eq!(row["level"], level);
            assert_eq!(row["lines"], json!(sum("lines")), "{at}");
            assert_eq!(row["chars"], json!(sum("chars")), "{at}");
            assert_eq!(row["of_chars"], report["documents"]["chars_before"]);
            assert_eq!(row["cut"], report["text"]["records_cut"], "{at}");
            assert_eq!(row["empty"], report["accounting"]["dropped"], "{at}");
            chars.push(row["chars"].as_u64().unwrap());
            for line in row["beyond"].as_array().unwrap() {
                let removed = desk.rows(&format!("{at}/removed.jsonl"));
                assert!(
                    removed
                        .iter()
                        .any(|one| one["doc"] == line["doc"] && one["rule"] == line["rule"]),
                    "{line}"
                );
            }
        }
        assert!(chars[0] < chars[1], "{chars:?}");
        assert!(!told["levels"][1]["beyond"].as_array().unwrap().is_empty());
        by_site.push(chars);
    }
    assert!(by_site[0][1] < by_site[1][1], "{by_site:?}");
}

#[test]
fn threads_and_files_make_no_difference() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "packed",
        "--compress",
        "zst",
        "--shard-size",
        "3000",
        "-q",
    ]);
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "alone.jsonl",
        "--audit",
        "audit",
        "-q",
    ]);
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "marked",
        "--duplicates",
        "mark",
        "-q",
    ]);
    let first = tuned(&desk, &["out", "-j", "1"]);
    assert_eq!(tuned(&desk, &["out", "-j", "4"]), first);
    assert_eq!(tuned(&desk, &["packed"]), first);
    assert_eq!(tuned(&desk, &["audit", "--cleaned", "alone.jsonl"]), first);
    let mut marked = tuned(&desk, &["marked"]);
    marked["mode"] = first["mode"].clone();
    assert_eq!(marked, first);
}

#[test]
fn pairs_on_either_side_of_the_threshold_are_shown() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let told = tuned(&desk, &["out"]);
    let similarity = |pair: &Value| pair["similarity"].as_f64().unwrap();
    let (above, below) = (
        told["above"].as_array().unwrap(),
        told["below"].as_array().unwrap(),
    );
    assert!(!above.is_empty() && !below.is_empty());
    assert!(
        above.iter().all(|pair| similarity(pair) >= 0.8),
        "{above:?}"
    );
    assert!(below.iter().all(|pair| similarity(pair) < 0.8), "{below:?}");
    let least = desk.rows("out/duplicates.jsonl");
    let least = least.iter().map(similarity).fold(1.0, f64::min);
    assert_eq!(similarity(&above[0]), least);
    assert!(!above[0]["differences"][0].as_array().unwrap().is_empty());
}

#[test]
fn a_table_is_not_too_wide_and_a_sample_is_said() {
    let desk = Desk::new();
    let mut text = corpus();
    let hostile = format!("{}\u{1b}[31m\u{202e}", "x".repeat(300));
    for number in 0..3 {
        text.push_str(&json!({"id": format!("{hostile}{number}"), "text": format!("{hostile} {} end{number}\n\nLeave a Reply\n\nYour email address will not be published.", "some words of a text ".repeat(9))}).to_string());
        text.push('\n');
    }
    desk.write("in.jsonl", text);
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let said = desk.ok(&["tune", "out", "-q", "--documents", "20"]);
    for line in said.lines() {
        assert!(
            line.chars().count() <= 80,
            "{} wide: {line}",
            line.chars().count()
        );
    }
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'));
    assert!(said.contains("one document in 10"), "{said}");
    for part in ["* 0.8", "* standard", "just above 0.8", "just below 0.8"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let few = tuned(&desk, &["out", "--documents", "20"]);
    let cleaned = few["cleaned"].as_u64().unwrap();
    assert!((5..50).contains(&cleaned), "{cleaned}");
    assert_eq!(tuned(&desk, &["out", "--documents", "20", "-j", "3"]), few);
}

#[test]
fn a_document_that_tune_names_can_be_asked_for() {
    let desk = Desk::new();
    let address = "https://courier.example/2024/archive/the-old-ferry-crosses-the-lake/";
    let text = corpus().replace("\"id\":\"s", &format!("\"id\":\"{address}s"));
    desk.write("in.jsonl", text);
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let said = desk.ok(&["tune", "out", "-q"]);
    let told = tuned(&desk, &["out"]);
    let name = regex::Regex::new(r"\((#\d+)\)").unwrap();
    let numbers: Vec<&str> = name
        .captures_iter(&said)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    assert!(numbers.len() >= 6, "{said}");
    let pair = &told["above"][0];
    for (number, id) in numbers.iter().zip(["id", "survivor"]) {
        let found = desk.ok(&["explain", "--run", "out", "--json", "--id", number]);
        let found: Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found["id"], pair[id], "{number} in {said}");
    }
}

#[test]
fn what_cannot_be_tuned_is_said() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    for (words, expected) in [
        (&["tune", "."][..], "no manifest.json"),
        (
            &["tune", "out", "--threshold", "1.5"],
            "expected a number above 0 and at most 1",
        ),
    ] {
        let output = desk.copydesk(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(expected),
            "{words:?}: {said}"
        );
    }
    desk.write(
        "my.toml",
        std::fs::read_to_string(fixture("rules/example.toml")).unwrap(),
    );
    desk.ok(&["run", "in.jsonl", "-o", "ruled", "--rules", "my.toml", "-q"]);
    std::fs::remove_file(desk.path("my.toml")).unwrap();
    let told = tuned(&desk, &["ruled"]);
    assert!(told["levels"].as_array().unwrap().is_empty());
    assert!(
        told["notes"][0].as_str().unwrap().contains("my.toml"),
        "{told}"
    );
}

/// What goes already, for a longer document or an earlier batch, is not told as what stays.
#[test]
fn what_goes_for_another_reason_is_on_no_side_of_the_threshold() {
    let desk = Desk::new();
    let words = |from: u32, to: u32| {
        let words: Vec<String> = (from..to).map(|n| format!("word{n}")).collect();
        words.join(" ")
    };
    let record = |id: &str, text: String| format!("{}\n", json!({"id": id, "text": text}));
    let long = record("long", words(0, 100));
    let inside = record("inside", words(10, 85));
    let other = record("other", words(500, 600));
    desk.write("in.jsonl", format!("{long}{inside}{other}"));
    desk.ok(&[
        "dedup",
        "in.jsonl",
        "--containment",
        "0.9",
        "-o",
        "out",
        "-q",
        "--no-brake",
    ]);
    let kinds: Vec<Value> = desk.rows("out/duplicates.jsonl");
    assert_eq!(kinds[0]["kind"], "containment");
    let told = tuned(&desk, &["out", "--threshold", "0.7"]);
    assert_eq!(told["below"], json!([]), "{told}");
    assert_eq!(told["thresholds"][0]["newly_dropped"], 0);

    // Of a batch: one repeats an earlier document, and another is rather like that one.
    desk.write("one.jsonl", &long);
    let like = words(0, 97);
    let rather = format!("{} {}", words(0, 84), words(900, 910));
    desk.write(
        "two.jsonl",
        format!(
            "{}{}{other}",
            record("like", like),
            record("rather", rather)
        ),
    );
    for (input, out) in [("one.jsonl", "one"), ("two.jsonl", "two")] {
        desk.ok(&[
            "dedup",
            input,
            "--index",
            "index",
            "-o",
            out,
            "-q",
            "--no-brake",
        ]);
    }
    let rows = desk.rows("two/duplicates.jsonl");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["survivor_batch"], 1);
    let told = tuned(&desk, &["two", "--threshold", "0.7", "--threshold", "0.99"]);
    assert_eq!(told["below"], json!([]), "{told}");
    assert_eq!(told["above"], json!([]), "{told}");
    for at in told["thresholds"].as_array().unwrap() {
        assert_eq!(at["duplicates"], 1, "{told}");
    }
    let notes = told["notes"].to_string();
    assert!(
        notes.contains(
            "1 record repeats a document of earlier batches; the index is not asked again"
        ),
        "{notes}"
    );
}
