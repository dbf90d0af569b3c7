//! The brake: what would take too much is left alone, or stopped.

use crate::support::{Desk, rows, without_times};
use serde_json::Value;

/// A sentence that no other number makes.
fn sentence(number: usize) -> String {
    format!(
        "On day {number} the ferry master of pier {} wrote {} tickets for the island and noted gate {} as shut.",
        number * 7 % 101,
        number * 13 % 997,
        number * 31 % 89
    )
}

fn record(id: &str, site: &str, text: &str) -> String {
    let row =
        serde_json::json!({"id": id, "url": format!("https://www.{site}/{id}"), "text": text});
    format!("{row}\n")
}

/// Records `0..all` of a site, of which all from `same` on repeat one of them.
fn site(name: &str, all: usize, same: usize) -> String {
    let own: usize = name.bytes().map(|byte| byte as usize * 1009).sum();
    (0..all)
        .map(|number| {
            let text = sentence(number.min(same) + own);
            record(&format!("{name}-{number}"), name, &text)
        })
        .collect()
}

/// A page of nothing but furniture, of so many lines.
fn furniture(lines: usize) -> String {
    let page = [
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Share this:",
        "Click to share on Twitter (Opens in new window)",
    ];
    page.iter()
        .cycle()
        .take(lines)
        .copied()
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[test]
fn a_run_over_its_limit_stops_and_says_who_is_to_blame() {
    let wall = format!("{}\n\n{}", sentence(1), furniture(2));
    let walls: String = (0..200)
        .map(|number| record(&format!("w{number}"), "wall.example", &wall))
        .collect();
    let mirror = site("mirror.example", 120, 0);
    let many: String = (0..3)
        .map(|number| site(&format!("fine{number}.example"), 300, 300))
        .collect();
    let empty: String = (0..150)
        .map(|number| record(&format!("e{number}"), "bare.example", "\u{200b} "))
        .collect();
    let shares = "Share this:\n\nClick to share on Twitter (Opens in new window)";
    let bare: String = (0..150)
        .map(|number| record(&format!("b{number}"), "bare.example", shares))
        .collect();
    let cases: &[(&str, String, &[&str], &[&str])] = &[
        (
            "all but one repeat one",
            walls.clone(),
            &[],
            &[
                "199 of 200 documents would be dropped (99.5 %, and 90.0 % may)",
                "199 as duplicates and 0 because nothing of them is left",
                "such as w1, w2, w3;",
                "most of them (199) are of wall.example. No output was written. --no-brake",
                "--no-brake",
                "--brake-documents",
            ],
        ),
        (
            "one site",
            many.clone() + &mirror,
            &[],
            &[
                "of mirror.example 119 of 120 documents would be dropped (99.2 %, and 98.0 % may)",
                "such as mirror.example-1, mirror.example-2, mirror.example-3",
                "--brake-site",
            ],
        ),
        (
            "nothing is left of them",
            empty,
            &[],
            &[
                "150 of 150 documents would be dropped",
                "0 as duplicates and 150 because nothing of them is left",
            ],
        ),
        (
            "rules leave nothing of them",
            bare,
            &[],
            &[
                "0 as duplicates and 150 because nothing of them is left",
                "the rule that took most text is share-bar (",
            ],
        ),
        (
            "two sites",
            many.clone() + &mirror + &site("echo.example", 110, 0),
            &[],
            &["; 1 more site is over the limit too. No output"],
        ),
        (
            "a limit of one's own",
            many + &mirror,
            &["--brake-documents", "0.1"],
            &["119 of 1,020 documents would be dropped (11.7 %, and 10.0 % may)"],
        ),
    ];
    for (name, input, more, parts) in cases {
        let desk = Desk::new();
        desk.write("in.jsonl", input);
        let words = |extra: &[&'static str]| {
            let mut words = vec!["run", "in.jsonl", "-o", "out"];
            words.extend(*more);
            words.extend(extra);
            words
        };
        let said = desk.fails(4, &words(&[]));
        for part in *parts {
            assert!(said.contains(part), "{name} should say {part:?}: {said}");
        }
        assert!(
            !desk.path("out/manifest.json").exists()
                && !desk.path("out/cleaned-00000.jsonl").exists(),
            "{name} wrote something"
        );
        let through = ["--no-brake"];
        if more.is_empty() {
            desk.ok(&words(&through));
        } else {
            desk.ok(&["run", "in.jsonl", "-o", "out", "--no-brake"]);
        }
        assert!(desk.path("out/manifest.json").exists(), "{name}");
    }
}

#[test]
fn a_run_that_stops_tells_one_story_of_how_it_goes_on() {
    let desk = Desk::new();
    desk.write("in.jsonl", site("mirror.example", 150, 0));
    let words = [
        "run",
        "in.jsonl",
        "-o",
        "out",
        "--block-size",
        "2k",
        "--segment-size",
        "2k",
    ];
    let said = desk.fails(4, &words);
    let story = [
        "No output was written. --no-brake lets the run through",
        "; what was read is kept in out/.copydesk-partial, and with another limit, or none, the same command goes on from record 1",
    ];
    for part in story {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(said.lines().count(), 1, "{said}");
    let through = [&words[..], &["--no-brake"]].concat();
    let output = desk.copydesk(&through).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("going on from record 1"), "{said}");
}

#[test]
fn standard_output_gets_nothing_of_a_run_that_stops() {
    let desk = Desk::new();
    desk.write("in.jsonl", site("mirror.example", 150, 0));
    let output = desk
        .copydesk(&["run", "in.jsonl", "-o", "-", "-q"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(output.stdout.is_empty());
    let out = desk.ok(&["run", "in.jsonl", "-o", "-", "-q", "--no-brake"]);
    assert_eq!(rows(&out).len(), 1);
}

#[test]
fn shares_of_few_mean_nothing_and_marks_drop_nothing() {
    let desk = Desk::new();
    desk.write("few.jsonl", site("mirror.example", 99, 0));
    desk.write("many.jsonl", site("mirror.example", 150, 0));
    desk.ok(&["run", "few.jsonl", "-o", "few", "-q"]);
    desk.ok(&[
        "run",
        "many.jsonl",
        "-o",
        "mark",
        "-q",
        "--duplicates",
        "mark",
    ]);
    desk.ok(&["clean", "many.jsonl", "-o", "clean", "-q"]);
}

#[test]
fn the_limits_can_stand_in_the_settings() {
    let desk = Desk::new();
    desk.write("in.jsonl", site("half.example", 40, 20));
    desk.write(
        "copydesk.toml",
        "[brake]\ndocuments = 0.4\nleast_documents = 10\n",
    );
    let said = desk.fails(4, &["run", "in.jsonl", "-o", "out"]);
    assert!(said.contains("19 of 40 documents"), "{said}");
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out",
        "-q",
        "--brake-documents",
        "0.5",
    ]);
    for (text, part) in [
        ("[brake]\ndocuments = 90\n", "90 is out of range"),
        ("[brake]\ndocument = 0.9\n", "did you mean `documents`?"),
    ] {
        desk.write("copydesk.toml", text);
        let said = desk.fails(2, &["run", "in.jsonl", "-o", "other"]);
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_document_over_its_limit_is_only_mended_and_named() {
    let desk = Desk::new();
    let long = format!("{}\n\nFish &amp; chips", furniture(80));
    let input = [
        record("long", "a.example", &long),
        record("short", "a.example", &furniture(4)),
        record(
            "story",
            "a.example",
            &format!("{}\n\n{}", sentence(1), furniture(4)),
        ),
    ];
    desk.write("in.jsonl", input.concat());
    desk.ok(&["clean", "in.jsonl", "-o", "out", "-q"]);
    let cleaned = desk.rows("out/cleaned-00000.jsonl");
    assert_eq!(cleaned[1]["text"], "Leave a Reply");
    assert_eq!(cleaned[0]["text"], long.replace("&amp;", "&"));
    assert_eq!(cleaned[2]["text"], sentence(1));
    let spared = desk.rows("out/spared.jsonl");
    assert_eq!(spared.len(), 1);
    assert_eq!(
        (&spared[0]["doc"], &spared[0]["id"]),
        (&Value::from(0), &Value::from("long"))
    );
    assert!(spared[0]["share"].as_f64().unwrap() > 0.98, "{}", spared[0]);
    let rule = spared[0]["rule"].as_str().unwrap();
    let report: Value = serde_json::from_str(&desk.read("out/report.json")).unwrap();
    assert_eq!(report["spared"][rule], 1);
    assert!(!desk.read("out/removed.jsonl").contains("\"long\""));
    let told = desk.ok(&["explain", "in.jsonl", "--id", "long"]);
    assert!(told.contains("left alone: 9"), "{told}");

    let told = desk.ok(&["explain", "--run", "out", "--id", "long"]);
    assert!(told.contains("stays, left alone: 9"), "{told}");
    assert!(
        told.contains(rule) && told.contains(", 1 changed, 0 removed"),
        "{told}"
    );
    assert!(!told.contains("\n- "), "{told}");
    let told = desk.ok(&["explain", "--run", "out", "--id", "long", "--json"]);
    let share = &spared[0]["share"];
    let want = serde_json::json!({"share": share, "rule": rule});
    assert_eq!(rows(&told)[0]["spared"], want);
    let told = desk.ok(&["explain", "--run", "out", "--id", "short", "--json"]);
    assert_eq!(rows(&told)[0].get("spared"), None, "{told}");

    // Twice is once, and no limit is no brake.
    desk.ok(&["clean", "out/cleaned-00000.jsonl", "-o", "twice", "-q"]);
    assert_eq!(
        desk.read("twice/cleaned-00000.jsonl"),
        desk.read("out/cleaned-00000.jsonl")
    );
    desk.ok(&["clean", "in.jsonl", "-o", "free", "-q", "--brake-text", "1"]);
    assert_eq!(desk.read("free/spared.jsonl"), "");
    assert!(desk.read("free/removed.jsonl").contains("\"long\""));
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let desk = Desk::new();
    desk.write("in.jsonl", site("half.example", 40, 20) + "broken\n");
    let before = desk.files("");
    let json = desk.ok(&["run", "in.jsonl", "-o", "out", "--dry-run", "--json"]);
    assert_eq!(desk.files(""), before);
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let told = without_times(&desk.read("out/report.json"));
    assert_eq!(without_times(&json), told);
    let output = desk
        .copydesk(&["run", "in.jsonl", "--dry-run"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(said.contains("41 = 21 + 19 + 0 + 1"), "{said}");
    assert!(said.contains("dry run   nothing was written"), "{said}");
}
