//! Lines that recur across a site are learned, and go; nothing else does.

use crate::support::{Desk, fixture};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// What recurs in `fixtures/sites.jsonl`.
fn recurring(line: &str) -> bool {
    matches!(
        line,
        "Harbour and hills" | "Lake Shore Courier in print" | "Tides and timetables at a glance"
    ) || line.starts_with("Seen from ")
        || line.starts_with("Kept in drawer: ")
}

/// Checks that of the fixture exactly what recurs went.
fn only_furniture_went(cleaned: &[Value]) {
    let original = fs::read_to_string(fixture("sites.jsonl")).unwrap();
    let original = crate::support::rows(&original);
    assert_eq!(cleaned.len(), original.len());
    for (before, after) in original.iter().zip(cleaned) {
        let kept: Vec<&str> = before["text"]
            .as_str()
            .unwrap()
            .split("\n\n")
            .filter(|line| !recurring(line))
            .collect();
        assert_eq!(
            after["text"].as_str().unwrap(),
            kept.join("\n\n"),
            "{}",
            before["id"]
        );
    }
}

#[test]
fn what_recurs_is_learned_and_goes_and_nothing_else() {
    let desk = Desk::new();
    let stories = fixture("sites.jsonl");
    desk.ok(&["learn", &stories, "-o", "sites.jsonl", "-q"]);
    desk.ok(&[
        "clean",
        &stories,
        "-o",
        "out",
        "-q",
        "--site-model",
        "sites.jsonl",
    ]);
    only_furniture_went(&desk.rows("out/cleaned-00000.jsonl"));
    for row in desk.rows("out/removed.jsonl") {
        let rule = row["rule"].as_str().unwrap();
        assert!(matches!(rule, "site-line" | "site-template"), "{row}");
        let evidence = row["evidence"].as_str().unwrap();
        assert!(
            evidence.contains(" in 6 of 6 documents of ") && evidence.contains(" the body"),
            "{row}"
        );
    }
    // The same model, the cleaned text: nothing more to do.
    desk.ok(&[
        "clean",
        "out/cleaned-00000.jsonl",
        "-o",
        "twice",
        "-q",
        "--site-model",
        "sites.jsonl",
    ]);
    assert_eq!(
        desk.read("out/cleaned-00000.jsonl"),
        desk.read("twice/cleaned-00000.jsonl")
    );
    let manifest: Value = serde_json::from_str(&desk.read("out/manifest.json")).unwrap();
    let settings = &manifest["settings"]["boilerplate"]["site_model"];
    assert_eq!(settings["file"], "sites.jsonl");
    assert_eq!(settings["sha256"].as_str().unwrap().len(), 64);
    assert!(
        desk.ok(&["restore", "out"])
            .lines()
            .eq(fs::read_to_string(&stories).unwrap().lines())
    );
}

#[test]
fn auto_learns_from_the_input_itself() {
    let desk = Desk::new();
    let stories = fixture("sites.jsonl");
    desk.ok(&["clean", &stories, "-o", "out", "-q", "--site-model", "auto"]);
    only_furniture_went(&desk.rows("out/cleaned-00000.jsonl"));
    desk.ok(&["clean", &stories, "-o", "off", "-q"]);
    assert_eq!(desk.read("off/removed.jsonl"), "");
    let said = desk.fails(2, &["clean", "-", "-o", "-", "-q", "--site-model", "auto"]);
    assert!(said.contains("copydesk learn"), "{said}");
}

#[test]
fn the_file_is_readable_and_the_same_however_it_is_learned() {
    let desk = Desk::new();
    let stories = fixture("sites.jsonl");
    desk.ok(&["learn", &stories, "-o", "one.jsonl", "-q", "-j", "1"]);
    let rows = desk.rows("one.jsonl");
    assert_eq!(rows[0]["copydesk"], "site-model");
    assert_eq!(rows[0]["version"], 1);
    assert_eq!(rows[0]["lines"].as_u64().unwrap() as usize, rows.len() - 1);
    let sites: BTreeSet<&str> = rows[1..]
        .iter()
        .map(|row| row["site"].as_str().unwrap())
        .collect();
    assert!(sites.contains("lakeshore.example") && sites.contains("millvalley.example"));
    assert!(
        rows.iter()
            .any(|row| row["text"] == "harbour and hills" && row["head"] == 6 && row["of"] == 6)
    );
    let text = fs::read_to_string(&stories).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    for (number, part) in lines.chunks(4).enumerate() {
        desk.write(&format!("parts/{number}.jsonl"), part.join("\n"));
    }
    desk.ok(&[
        "learn",
        "parts",
        "-o",
        "two.jsonl",
        "-q",
        "-j",
        "3",
        "--block-size",
        "1",
    ]);
    assert_eq!(desk.read("one.jsonl"), desk.read("two.jsonl"));
    desk.ok(&["learn", &stories, "-o", "one.jsonl.zst", "-q"]);
    desk.ok(&[
        "clean",
        &stories,
        "-o",
        "out",
        "-q",
        "--site-model",
        "one.jsonl.zst",
    ]);
    only_furniture_went(&desk.rows("out/cleaned-00000.jsonl"));
    let said = desk.fails(1, &["learn", &stories, "-o", "one.jsonl", "-q"]);
    assert!(said.contains("--force"), "{said}");
}

#[test]
fn a_field_may_name_the_site() {
    let desk = Desk::new();
    let text = fs::read_to_string(fixture("sites.jsonl")).unwrap();
    let named = text
        .replace(
            "\"url\": \"https://www.lakeshore.example/",
            "\"paper\": \"Lake Shore\", \"n\": \"",
        )
        .replace(
            "\"url\": \"https://millvalley.example/",
            "\"paper\": \"Mill\", \"n\": \"",
        );
    desk.write("named.jsonl", named);
    desk.ok(&[
        "clean",
        "named.jsonl",
        "-o",
        "none",
        "-q",
        "--site-model",
        "auto",
    ]);
    assert_eq!(desk.read("none/removed.jsonl"), "");
    desk.ok(&[
        "clean",
        "named.jsonl",
        "-o",
        "out",
        "-q",
        "--site-model",
        "auto",
        "--site-field",
        "paper",
    ]);
    only_furniture_went(&desk.rows("out/cleaned-00000.jsonl"));
}

#[test]
fn a_file_that_is_no_whole_site_model_is_refused() {
    let desk = Desk::new();
    let stories = fixture("sites.jsonl");
    desk.ok(&["learn", &stories, "-o", "sites.jsonl", "-q"]);
    let whole = desk.read("sites.jsonl");
    let mut lines: Vec<&str> = whole.lines().collect();
    let last = lines.pop().unwrap();
    let cut = lines.join("\n");
    let cases = [
        ("cut off", cut.clone(), "lines, found"),
        (
            "cut inside",
            format!("{cut}\n{}", &last[..last.len() / 2]),
            "sites.jsonl:",
        ),
        (
            "twice",
            whole.replacen("\"lines\":", "\"lines\":1", 1) + last + "\n",
            "",
        ),
        (
            "later version",
            whole.replacen("\"version\":1", "\"version\":2", 1),
            "version 2",
        ),
        (
            "no model",
            fs::read_to_string(&stories).unwrap(),
            "copydesk learn",
        ),
        (
            "unknown key",
            whole.replacen("\"head\":", "\"heed\":", 1),
            "heed",
        ),
        ("impossible", whole.replacen("\"of\":6", "\"of\":2", 1), ""),
        ("empty", String::new(), "site model"),
    ];
    for (what, content, says) in cases {
        desk.write("bad/sites.jsonl", content);
        let said = desk.fails(
            1,
            &[
                "clean",
                &stories,
                "-o",
                "out",
                "-q",
                "--site-model",
                "bad/sites.jsonl",
            ],
        );
        assert!(
            said.contains("bad/sites.jsonl") && said.contains(says),
            "{what}: {said}"
        );
        assert!(!desk.path("out/manifest.json").exists(), "{what}");
    }
}

#[test]
fn a_model_of_nothing_says_why() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"text\":\"a\"}\n{\"text\":\"b\",\"url\":\"https://a.example/1\"}\n",
    );
    let output = desk
        .copydesk(&["learn", "in.jsonl", "-o", "none.jsonl"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    for part in [
        "1 of 2 documents have a site",
        "3 documents",
        "--url-field",
        "--site-field",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_run_in_which_no_document_has_a_site_says_so() {
    let desk = Desk::new();
    let warned = |words: &[&str]| {
        let output = desk.copydesk(words).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{words:?}: {said}");
        // As it was said, before it was wrapped.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let record = |url: &str| format!("{{\"text\":\"a{url}\",\"url\":\"{url}\"}}\n");
    desk.write("none.jsonl", record("") + &record(""));
    desk.write("one.jsonl", record("") + &record("https://a.example/1"));
    desk.write("page.txt", "a");
    for command in ["run", "clean"] {
        for flag in ["--site-model=auto", "--preset=web"] {
            let words = |input| [command, input, "-o", "out", "--force", flag];
            let said = warned(&words("none.jsonl"));
            for part in ["warning: 0 of 2 documents have a site", "--url-field"] {
                assert!(said.contains(part), "{command} {flag}: {said}");
            }
            let said = warned(&words("one.jsonl"));
            assert!(!said.contains("have a site"), "{said}");
            let said = warned(&words("page.txt"));
            assert!(said.contains("plain text files have none"), "{said}");
        }
    }
    for words in [
        &["clean", "none.jsonl", "-o", "off"][..],
        &["dedup", "none.jsonl", "-o", "dedup", "--preset=web"],
    ] {
        let said = warned(words);
        assert!(!said.contains("a site"), "{words:?}: {said}");
    }
}
