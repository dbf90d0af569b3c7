//! Cleaned text and ledger give the original back.

use crate::support::{Desk, fixture, rows};
use serde_json::Value;
use std::fs;

/// What must be equal of a JSON record: the text's value and the bytes of all other fields.
fn without_escapes(line: &str) -> (Value, String) {
    let value: Value = serde_json::from_str(line).unwrap_or(Value::Null);
    let text = value["text"].as_str().unwrap_or_default();
    let mut escaped = serde_json::to_string(text).unwrap();
    if let Some(at) = line.find("\"text\"") {
        let literal = serde_json::Deserializer::from_str(&line[at + 7..])
            .into_iter::<Box<serde_json::value::RawValue>>()
            .next();
        if let Some(Ok(raw)) = literal {
            escaped = line.replace(raw.get(), "TEXT");
        }
    }
    (value["text"].clone(), escaped)
}

#[test]
fn all_records_of_the_fixtures_come_back_from_the_output_folder_alone() {
    let source = fs::read_to_string(fixture("news.jsonl")).unwrap();
    let originals: Vec<&str> = source
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    for more in [
        &[][..],
        &["--duplicates", "mark"],
        &["--duplicates", "off"],
        &[
            "--boilerplate",
            "aggressive",
            "--compress",
            "zst",
            "--shard-size",
            "3k",
        ],
        &[
            "--boilerplate",
            "safe",
            "--threshold",
            "0.5",
            "--keep",
            "latest",
        ],
    ] {
        let desk = Desk::new();
        let news = fixture("news.jsonl");
        let mut words = vec!["run", &news, "-o", "out", "-q"];
        words.extend(more);
        desk.ok(&words);
        let restored = desk.ok(&["restore", "out"]);
        let restored: Vec<&str> = restored.lines().collect();
        assert_eq!(restored.len(), originals.len(), "{more:?}");
        for (got, wanted) in restored.iter().zip(&originals) {
            if got != wanted {
                // A lone surrogate has no value; its escape must stand there again.
                if wanted.contains("\\ud83d,") {
                    assert!(got.contains("\\ud83d,"), "{got}");
                    continue;
                }
                assert_eq!(without_escapes(got), without_escapes(wanted), "{more:?}");
            }
        }
    }
}

#[test]
fn plain_text_files_come_back_byte_for_byte() {
    let desk = Desk::new();
    let files: [(&str, &[u8]); 6] = [
        ("pages/a.txt", b"A headline\r\n\r\nA headline\r\n\r\nText with an &amp; in it.\r\n"),
        ("pages/b.txt", b"\xef\xbb\xbfMarked\n\n\n\n\nText\xc2\xa0here\n"),
        ("pages/c.txt", b"Gr\xfc\xdfe aus der N\xe4he, sagte die Frau am Schalter\n"),
        ("pages/d.txt", b"broken \xff\xfe bytes in the middle \x00 of it"),
        ("pages/sub/e.txt", b""),
        ("pages/f.txt", "One. \u{201c}Two.\u{201d}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *".as_bytes()),
    ];
    for (name, bytes) in files {
        desk.write(name, bytes);
    }
    desk.ok(&["run", "pages", "-o", "out", "-q", "--duplicates", "off"]);
    fs::create_dir(desk.path("back")).unwrap();
    desk.ok(&["restore", "out", "-o", "back"]);
    for (name, bytes) in files {
        let back = fs::read(desk.path(&format!("back/{name}"))).unwrap();
        assert!(
            back == bytes,
            "{name}: {:?}",
            String::from_utf8_lossy(&back)
        );
    }
    assert_eq!(
        desk.ok(&["restore", "out", "--id", "pages/a.txt"])
            .as_bytes(),
        files[0].1
    );
}

#[test]
fn one_record_comes_back_by_its_id() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"id\":\"a\",\"text\":\"x &amp; y\"}\n{\"id\":\"b\",\"text\":\"z\"}\n{\"id\":\"a\",\"text\":\"other\"}\n");
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out.jsonl",
        "--audit",
        "audit",
        "-q",
    ]);
    let back = rows(&desk.ok(&["restore", "audit", "--cleaned", "out.jsonl", "--id", "a"]));
    assert_eq!(back.len(), 2);
    assert_eq!(back[0]["text"], "x &amp; y");
    let said = desk.fails(
        1,
        &[
            "restore",
            "audit",
            "--cleaned",
            "out.jsonl",
            "--id",
            "nobody",
        ],
    );
    assert!(said.contains("no record has the id"), "{said}");
    // The manifest names the file: as it was named, or beside the folder.
    assert_eq!(rows(&desk.ok(&["restore", "audit", "--id", "a"])), back);
    desk.ok(&["verify", "audit", "-q"]);
    desk.ok(&["explain", "--run", "audit", "--id", "b"]);
    desk.ok(&["tune", "audit", "--json"]);
    fs::create_dir(desk.path("elsewhere")).unwrap();
    for name in ["audit", "out.jsonl"] {
        fs::rename(desk.path(name), desk.path(&format!("elsewhere/{name}"))).unwrap();
    }
    let there = rows(&desk.ok(&["restore", "elsewhere/audit", "--id", "a"]));
    assert_eq!(there, back);
    // Other bytes than were written are told, though every record would come back.
    let whole = desk.read("elsewhere/out.jsonl");
    desk.write(
        "elsewhere/out.jsonl",
        whole.replacen("\"id\":", "\"id\": ", 1),
    );
    let output = desk
        .copydesk(&["verify", "elsewhere/audit"])
        .output()
        .unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert!(found.contains("elsewhere/out.jsonl: SHA-256 "), "{found}");
    fs::remove_file(desk.path("elsewhere/out.jsonl")).unwrap();
    let said = desk.fails(1, &["restore", "elsewhere/audit"]);
    let expected = "the cleaned records were written to out.jsonl, which is not here; say where";
    assert!(said.contains(expected), "{said}");
    assert!(said.contains("--cleaned FILE"), "{said}");
    let words = ["run", "in.jsonl", "-o", "-", "--audit", "piped", "-q"];
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.ok(&words);
    let said = desk.fails(1, &["restore", "piped"]);
    assert!(said.contains("went to standard output; name"), "{said}");
}

#[test]
fn a_record_of_a_run_is_found_by_its_number_too() {
    let desk = Desk::new();
    let long = "https://courier.example/".to_owned() + &"ferry-returns-".repeat(9);
    let lines = [
        serde_json::json!({"id": long, "text": "x &amp; y"}),
        serde_json::json!({"text": "this one has no id"}),
        serde_json::json!({"id": "#1", "text": "this one is called as a number is"}),
        serde_json::json!({"id": "#5", "text": "and this one"}),
        serde_json::json!({"id": "last", "text": "one more"}),
    ];
    let lines = lines.map(|line| format!("{line}\n")).concat() + "broken\n";
    desk.write("in.jsonl", lines);
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let texts = |id: &str| -> Vec<String> {
        let back = desk.ok(&["restore", "out", "--id", id]);
        let found = desk.ok(&["explain", "--run", "out", "--json", "--id", id]);
        let (back, found) = (back.lines(), rows(&found));
        let back: Vec<String> = back
            .map(|line| match serde_json::from_str::<Value>(line) {
                Ok(record) => record["text"].as_str().unwrap().replace("&amp;", "&"),
                Err(_) => String::new(),
            })
            .collect();
        let found: Vec<String> = found
            .iter()
            .map(|row| row["text"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(back, found, "{id}");
        back
    };
    for (id, expected) in [
        (long.as_str(), &["x & y"][..]),
        ("#2", &["this one has no id"]),
        ("#4", &["and this one"]),
        ("#6", &[""]),
        ("in.jsonl:6", &[""]),
        // Whoever is called so goes first.
        ("#1", &["this one is called as a number is"]),
        ("#5", &["and this one"]),
    ] {
        assert_eq!(texts(id), expected, "{id}");
    }
    // An id that is a number goes before a record without one, and before one that is broken.
    let lines = [
        r##"{"text":"without an id"}"##,
        "broken",
        r##"{"id":"#1","text":"called one"}"##,
        r##"{"id":"#2","text":"called two"}"##,
    ];
    desk.write("called.jsonl", lines.join("\n"));
    desk.ok(&["run", "called.jsonl", "-o", "called", "-q"]);
    for (id, doc) in [("#1", 2), ("#2", 3), ("#3", 2), ("#4", 3)] {
        let back = desk.ok(&["restore", "called", "--id", id]);
        assert_eq!(back, format!("{}\n", lines[doc]), "{id}");
        for words in [
            &["explain", "--run", "called"][..],
            &["explain", "called.jsonl"],
        ] {
            let got = rows(&desk.ok(&[words, &["--json", "--id", id]].concat()));
            assert_eq!(got.len(), 1, "{words:?} {id}: {got:?}");
            assert_eq!(got[0]["doc"], doc, "{words:?} {id}");
        }
    }
    for id in ["#0", "#7", "#04", "#"] {
        for words in [&["restore", "out"][..], &["explain", "--run", "out"]] {
            let said = desk.fails(1, &[words, &["--id", id]].concat());
            assert!(said.contains("by its number a record is #1, #2"), "{said}");
        }
    }
}

#[test]
fn a_field_of_the_users_own_survives_marking() {
    let desk = Desk::new();
    let lines = [
        r#"{"copydesk":{"mine":1},"text":"one two three four five six"}"#,
        r#"{"text":"one two three four five six","copydesk":{"would_drop":"me"}}"#,
        r#"{"text":"  ","copydesk":5}"#,
        r#"{"text":"something else entirely, and kept","copydesk":{"would_drop":"never"}}"#,
    ];
    desk.write("in.jsonl", lines.join("\n"));
    desk.ok(&["run", "in.jsonl", "-o", "out", "--duplicates", "mark", "-q"]);
    assert_eq!(
        desk.read("out/cleaned-00000.jsonl")
            .matches("would_drop")
            .count(),
        4
    );
    assert_eq!(
        desk.ok(&["restore", "out"]).lines().collect::<Vec<_>>(),
        lines
    );
}

#[test]
fn text_files_and_records_of_one_run_come_back_into_a_folder() {
    let desk = Desk::new();
    desk.write("in/a.txt", "A text without a final line feed");
    desk.write("in/b.jsonl", "{\"id\":1,\"text\":\"x\"}\nbroken\n");
    desk.ok(&["run", "in", "-o", "out", "-q"]);
    let said = desk.fails(1, &["restore", "out", "-o", "all.jsonl"]);
    assert!(said.contains("name a folder"), "{said}");
    assert!(!desk.path("all.jsonl").exists());
    desk.ok(&["restore", "out", "-o", "back/"]);
    assert_eq!(
        desk.read("back/in/a.txt"),
        "A text without a final line feed"
    );
    assert_eq!(
        desk.read("back/records.jsonl"),
        "{\"id\":1,\"text\":\"x\"}\nbroken\n"
    );
}

#[test]
fn what_the_ledger_holds_only_the_beginning_of_is_named() {
    let desk = Desk::new();
    let long = "x".repeat(5000);
    desk.write(
        "in.jsonl",
        format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n"),
    );
    desk.ok(&["clean", "in.jsonl", "-o", "out", "--max-record", "2k", "-q"]);
    let said = desk.fails(1, &["restore", "out", "-o", "back.jsonl"]);
    assert!(
        said.contains("only the beginning of 1 record, too long or broken off: in.jsonl:2"),
        "{said}"
    );
    assert_eq!(desk.read("back.jsonl"), "{\"text\":\"a\"}\n");
}

#[test]
fn restoring_never_writes_over_the_run() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    for output in ["out/cleaned-00000.jsonl", "out"] {
        let said = desk.fails(1, &["restore", "out", "-o", output, "--force"]);
        assert!(said.contains("part of the run"), "{said}");
    }
    assert_eq!(desk.read("out/cleaned-00000.jsonl"), "{\"text\":\"a\"}\n");
}

#[test]
fn records_that_were_tampered_with_are_refused() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":\"a\",\"text\":\"x &amp; y\"}\n{\"id\":\"b\",\"text\":\"z\"}\n",
    );
    for (name, from, to, part) in [
        ("text", "x & y", "x + y", "not what the ledger says"),
        (
            "line",
            "{\"id\":\"b\",\"text\":\"z\"}\n",
            "",
            "ends before record 2",
        ),
    ] {
        desk.ok(&["run", "in.jsonl", "-o", name, "-q"]);
        let path = format!("{name}/cleaned-00000.jsonl");
        let tampered = desk.read(&path).replace(from, to);
        desk.write(&path, tampered);
        let said = desk.fails(1, &["restore", name]);
        assert!(said.contains(part), "{name}: {said}");
    }
}

#[test]
fn an_id_that_no_record_has_leaves_nothing() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"id\":\"a\",\"text\":\"x\"}\n");
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    for ids in [&["--id", "typo"][..], &["--id", "a", "--id", "typo"]] {
        let words = ["restore", "out", "-o", "back.jsonl"];
        let said = desk.fails(1, &[&words, ids].concat());
        assert!(said.contains("no record has the id \"typo\""), "{said}");
        assert_eq!(desk.files_and_folders(), ["in.jsonl", "out"]);
    }
    desk.ok(&["restore", "out", "-o", "back.jsonl", "--id", "a"]);
    assert_eq!(desk.rows("back.jsonl").len(), 1);
}

#[test]
fn files_that_would_stand_in_one_place_are_restored_to_two() {
    let desk = Desk::new();
    let texts = [
        "One page, of some words.\n",
        "Another one, of other words.\n",
    ];
    desk.write("x/a.txt", texts[0]);
    desk.write("here/x/a.txt", texts[1]);
    let copydesk = |words: &[&str]| {
        let mut command = desk.copydesk(words);
        let output = command.current_dir(desk.path("here")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        said
    };
    copydesk(&["clean", "../x/a.txt", "x/a.txt", "-o", "../out"]);
    let said = copydesk(&["restore", "../out", "-o", "../back/", "--force"]);
    assert!(
        said.contains("x/a.txt is restored to ../back/2/x/a.txt"),
        "{said}"
    );
    assert_eq!(desk.read("back/x/a.txt"), texts[0]);
    assert_eq!(desk.read("back/2/x/a.txt"), texts[1]);
}

#[test]
fn what_was_restored_into_a_folder_is_said() {
    let desk = Desk::new();
    let (news, pages) = (fixture("news.jsonl"), fixture("pages"));
    for (inputs, said) in [
        (&[&*news][..], "back/records.jsonl is written: 50 records\n"),
        (&[&*pages], "back is written: 2 files\n"),
        (
            &[&*news, &*pages],
            "back is written: 2 files, and records.jsonl with 50 records\n",
        ),
    ] {
        let run = [&["run"], inputs, &["-o", "out", "-q", "--force"]].concat();
        desk.ok(&run);
        let output = desk
            .copydesk(&["restore", "out", "-o", "back/", "--force"])
            .output();
        assert_eq!(String::from_utf8(output.unwrap().stderr).unwrap(), said);
    }
    let words = ["restore", "out", "-o", "back/", "--force", "-q"];
    assert!(desk.copydesk(&words).output().unwrap().stderr.is_empty());
}
