//! A mistake gets a clear message and the right exit code, and costs nothing else.

use crate::support::{Desk, rows};

#[test]
fn a_bad_record_costs_one_record() {
    let desk = Desk::new();
    let cases: [(&[u8], &str); 9] = [
        (
            br#"{"title":"x"}"#,
            "no text: record has no \"text\" field, but title",
        ),
        (br#"{"text":null}"#, "is null; expected a string"),
        (br#"{"text":12}"#, "is a number; expected a string"),
        (br#"{"text":{"a":"b"}}"#, "is an object; expected a string"),
        (br#"{"text":true}"#, "is a boolean; expected a string"),
        (br#"{"text":"cut"#, "broken JSON: "),
        (b"{\"text\":\"a\xff\"}", "invalid UTF-8: byte 10"),
        (br#"["text"]"#, "no JSON object: expected {"),
        (br#"{"text":"a"}}"#, "broken JSON: "),
    ];
    let mut input = b"{\"id\":1,\"text\":\"before\"}\n".to_vec();
    for (raw, _) in cases {
        input.extend_from_slice(raw);
        input.push(b'\n');
    }
    input.extend_from_slice(b"{\"id\":2,\"text\":\"after\"}\n");
    desk.write("in.jsonl", input);
    desk.ok(&["run", "in.jsonl", "-o", "out"]);
    let cleaned = desk.rows("out/cleaned-00000.jsonl");
    assert_eq!(cleaned.len(), 2);
    let rejected = desk.rows("out/rejected.jsonl");
    for ((raw, reason), (row, line)) in cases.iter().zip(rejected.iter().zip(2u64..)) {
        let said = row["reason"].as_str().unwrap();
        assert!(said.contains(reason), "{said:?} should say {reason:?}");
        assert_eq!(row["line"], line);
        match std::str::from_utf8(raw) {
            Ok(text) => assert_eq!(row["raw"], text),
            Err(_) => assert_eq!(row["raw_base64"], "eyJ0ZXh0IjoiYf8ifQ=="),
        }
    }
    assert_eq!(rejected.len(), cases.len());
    desk.fails(3, &["run", "in.jsonl", "-o", "strict", "--strict"]);
    assert_eq!(
        desk.rows("strict/cleaned-00000.jsonl").len(),
        2,
        "strict writes all the same"
    );
}

#[test]
fn a_truncated_gzip_keeps_what_came_before() {
    use std::io::Write as _;
    let desk = Desk::new();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    for number in 0..10_000 {
        writeln!(
            packer,
            "{{\"id\":{number},\"text\":\"line number {number}\"}}"
        )
        .unwrap();
    }
    let packed = packer.finish().unwrap();
    desk.write("in.jsonl.gz", &packed[..packed.len() / 2]);
    desk.write(
        "next.jsonl",
        "{\"id\":\"next\",\"text\":\"the next file is read all the same\"}\n",
    );
    desk.ok(&["clean", "in.jsonl.gz", "next.jsonl", "-o", "out"]);
    let cleaned = desk.rows("out/cleaned-00000.jsonl");
    assert!(cleaned.len() > 1000, "{}", cleaned.len());
    assert_eq!(cleaned.last().unwrap()["id"], "next");
    let rejected = desk.rows("out/rejected.jsonl");
    assert_eq!(rejected.len(), 1);
    let reason = rejected[0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("broken off: the input ends here"),
        "{reason}"
    );
    assert_eq!(rejected[0]["line"].as_u64().unwrap(), cleaned.len() as u64);
}

#[test]
fn a_record_that_is_too_long_is_refused_without_its_neighbours() {
    let desk = Desk::new();
    let long = "x".repeat(300_000);
    desk.write(
        "in.jsonl",
        format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"b\"}}\n"),
    );
    for block in ["1k", "100k", "10m"] {
        let out = format!("out-{block}");
        desk.ok(&[
            "clean",
            "in.jsonl",
            "-o",
            &out,
            "--max-record",
            "200k",
            "--block-size",
            block,
        ]);
        assert_eq!(desk.rows(&format!("{out}/cleaned-00000.jsonl")).len(), 2);
        let rejected = desk.rows(&format!("{out}/rejected.jsonl"));
        assert_eq!(rejected[0]["line"], 2);
        let reason = rejected[0]["reason"].as_str().unwrap();
        assert!(
            reason.contains("too long: record of 300011 bytes; --max-record allows 204800"),
            "{reason}"
        );
    }
}

#[test]
fn a_mistake_on_the_command_line_is_told_with_its_mend() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.write("bad.toml", "[duplicates]\nthreshhold = 0.7\n");
    desk.write("wrong.toml", "[duplicates]\n\nthreshold = \"high\"\n");
    for (words, parts) in [
        (
            &["run", "in.jsonl", "-o", "o", "--treshold", "1"][..],
            &["--treshold", "--threshold"][..],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--threshold", "1.5"],
            &["1.5 is out of range", "at most 1"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--keep-kind", "coment_form"],
            &["did you mean comment_form?"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--no-normalise", "zerowidth"],
            &["did you mean zero-width?"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--max-record", "big"],
            &["\"big\" is no size"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--config", "bad.toml"],
            &["bad.toml:2", "threshhold", "did you mean `threshold`?"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--config", "wrong.toml"],
            &["wrong.toml:3", "invalid type"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--audit", "a"],
            &["--audit", "-o FILE"],
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--keep", "longst"],
            &["did you mean longest?", "field:NAME"],
        ),
        (&["run", "in.jsonl", "-o", "o.csv"], &["o.csv", "JSONL"]),
        (
            &["dedup", "in.jsonl", "-o", "o", "--duplicates", "off"],
            &["dedup does nothing but"],
        ),
        (
            &[
                "run",
                "in.jsonl",
                "-o",
                "o",
                "--duplicates",
                "mark",
                "--text-field",
                "/copydesk/x",
            ],
            &["marks are written into"],
        ),
        (&["clena", "in.jsonl"], &["clena", "clean"]),
        (&["run", "in.jsonl"], &["--output"]),
    ] {
        let said = desk.fails(2, words);
        for part in parts {
            assert!(said.contains(part), "{words:?} should say {part:?}: {said}");
        }
        assert!(!desk.path("o").exists(), "{words:?} wrote something");
    }
}

/// What is said where an index is a file.
const INDEX: &str = "error: page.jsonl: a file found; an index is a folder";

#[test]
fn programs_read_what_the_system_says_once() {
    let desk = Desk::new();
    let said = desk.fails(1, &["run", "missing.jsonl", "-o", "o", "--json"]);
    let text = "missing.jsonl: No such file or directory (os error 2)";
    assert_eq!(rows(&said)[0]["text"], text);
}

#[test]
fn of_an_id_that_is_not_there_it_is_said_how_rejected_records_are_called() {
    let desk = Desk::new();
    desk.write("good.jsonl", "{\"id\":\"a\",\"text\":\"x\"}\n");
    desk.write("bad.jsonl", "{\"id\":\"a\",\"text\":\"x\"}\nbroken\n");
    for (input, told) in [("good.jsonl", false), ("bad.jsonl", true)] {
        let out = format!("{input}-out");
        desk.ok(&["run", input, "-o", &out, "-q"]);
        for words in [&["restore", &out][..], &["explain", "--run", &out]] {
            let said = desk.fails(1, &[words, &["--id", "gone"]].concat());
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("no record has the id \"gone\""), "{said}");
            assert_eq!(said.contains("FILE:LINE"), told, "{words:?}: {said}");
            if told {
                for id in ["#2", "bad.jsonl:2"] {
                    let shown = desk.ok(&[words, &["--id", id]].concat());
                    assert!(shown.contains("broken"), "{words:?} {id}: {shown}");
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.write("full/mine.txt", "keep me");
    desk.write("out.jsonl", "old");
    desk.write("page.jsonl", "no record\n");
    std::fs::create_dir(desk.path("empty")).unwrap();
    for (words, part) in [
        (
            &["run", "missing.jsonl", "-o", "o"][..],
            "error: missing.jsonl: No such file or directory (os error 2)\n",
        ),
        (&["run", "missing*.jsonl", "-o", "o"], "matches no file"),
        (&["run", "empty", "-o", "o"], "the folder holds no"),
        (&["run", "in.jsonl", "-o", "full"], "--force"),
        (
            &["run", "in.jsonl", "-o", "full", "--force"],
            "not a run of copydesk",
        ),
        (&["run", "in.jsonl", "-o", "out.jsonl"], "the file exists"),
        (
            &["run", "in.jsonl", "-o", "in.jsonl", "--force"],
            "one of the inputs",
        ),
        (&["run", "in.jsonl", "-o", "in.jsonl/x"], "in.jsonl/x"),
        (&["restore", "empty"], "no output folder of copydesk"),
        (&["run", "in.jsonl", "-o", "."], "lies in the output folder"),
        (
            &[
                "clean",
                "in.jsonl",
                "-o",
                "p.jsonl",
                "--text-field",
                "body",
                "-q",
            ],
            "every record was rejected (no text)",
        ),
        (
            &["clean", "page.jsonl", "-o", "-", "-q"],
            "text that is no JSON is read with --format text",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--index", "page.jsonl"],
            INDEX,
        ),
        (
            &["run", "in.jsonl", "--dry-run", "--index", "page.jsonl"],
            INDEX,
        ),
        (&["index", "inspect", "page.jsonl"], INDEX),
        (&["index", "compact", "page.jsonl"], INDEX),
        (
            &["run", "in.jsonl", "-o", "o", "--rules", "gone"],
            "gone (--rules): No such file",
        ),
        (&["rules", "list", "--rules", "gone"], "gone (--rules): No"),
        (
            &["run", "in.jsonl", "-o", "o", "--config", "gone"],
            "gone (--config): No such file",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--line-model", "gone"],
            "gone (--line-model): No such file",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--site-model", "gone"],
            "gone (--site-model): No such file",
        ),
    ] {
        let said = desk.fails(1, words);
        assert!(said.contains(part), "{words:?} should say {part:?}: {said}");
    }
    assert_eq!(desk.read("full/mine.txt"), "keep me");
    assert_eq!(desk.read("out.jsonl"), "old");
    assert_eq!(desk.read("in.jsonl"), "{\"text\":\"a\"}\n");
}

#[test]
fn force_replaces_an_older_run_and_nothing_else() {
    let desk = Desk::new();
    let many: String = (0..100)
        .map(|n| format!("{{\"id\":{n},\"text\":\"text of number {n}\"}}\n"))
        .collect();
    desk.write("many.jsonl", many);
    desk.write("few.jsonl", "{\"id\":1,\"text\":\"only this\"}\n");
    desk.ok(&["run", "many.jsonl", "-o", "out", "--shard-size", "1k"]);
    assert!(desk.path("out/cleaned-00003.jsonl").exists());
    desk.write("out/notes.txt", "mine");
    desk.ok(&["run", "few.jsonl", "-o", "out", "--force"]);
    assert!(!desk.path("out/cleaned-00003.jsonl").exists());
    assert_eq!(desk.rows("out/cleaned-00000.jsonl").len(), 1);
    assert_eq!(desk.read("out/notes.txt"), "mine");
}

#[test]
fn inputs_are_never_changed() {
    let desk = Desk::new();
    let text = "{\"id\":1,\"text\":\"a&amp;b\"}\nbroken\n";
    desk.write("in/one.jsonl", text);
    desk.ok(&["run", "in", "-o", "out"]);
    assert_eq!(desk.read("in/one.jsonl"), text);
    assert_eq!(desk.files("in").len(), 1);
}

#[test]
fn two_runs_cannot_write_into_one_place() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    std::fs::create_dir_all(desk.path("out/.copydesk-partial")).unwrap();
    for lock in ["out/.copydesk-partial/lock", ".out.jsonl.copydesk-partial"] {
        let held = std::fs::File::create(desk.path(lock)).unwrap();
        held.lock().unwrap();
        let output = lock
            .replace("/.copydesk-partial/lock", "")
            .replace(".copydesk-partial", "");
        let output = output.trim_start_matches('.');
        let said = desk.fails(1, &["run", "in.jsonl", "-o", output]);
        assert!(said.contains("another run is writing there"), "{said}");
        // A process that another test is starting has it too until it has begun: closing is not enough.
        held.unlock().unwrap();
        drop(held);
        // A lock that nobody holds was left by a run that was killed.
        desk.ok(&["run", "in.jsonl", "-o", output]);
    }
}

#[test]
fn nothing_is_lost_in_silence_where_no_ledger_is_kept() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\nbroken\n");
    let words = ["clean", "in.jsonl", "-o", "-"];
    let said = told(&desk, &words);
    assert!(
        said.contains(
            "warning: 1 record was rejected (the first reject: in.jsonl:2), and no ledger"
        ) && said.contains("--audit"),
        "{said}"
    );
    assert!(
        said.contains("warning: 1 of 2 records were rejected, the first at in.jsonl:2: no JSON"),
        "{said}"
    );
    let quiet = told(&desk, &[&words[..], &["-q"]].concat());
    let lines: Vec<&str> = quiet.lines().collect();
    assert!(
        lines[0].starts_with("warning: 1 record was rejected (the first reject"),
        "-q says nothing but errors and what is lost: {quiet}"
    );
    assert!(!quiet.contains("1 of 2 records"), "{quiet}");
    assert!(!quiet.contains("read = written"), "{quiet}");
}

/// What a command that succeeds says on standard error.
fn told(desk: &Desk, words: &[&str]) -> String {
    let output = desk.copydesk(words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {said}");
    said
}

#[test]
fn a_run_that_read_no_record_leaves_nothing_and_the_corrected_one_needs_no_force() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":1,\"body\":\"one\"}\n{\"id\":2,\"body\":\"two\"}\n",
    );
    for output in ["out", "out.jsonl"] {
        let said = desk.fails(1, &["run", "in.jsonl", "-o", output]);
        assert!(
            said.contains("in.jsonl:1: no text: record has no \"text\" field, but id, body"),
            "{said}"
        );
        assert!(!desk.path(output).join("manifest.json").exists());
        assert!(!desk.path(output).is_file());
        desk.ok(&["run", "in.jsonl", "-o", output, "--text-field", "body"]);
    }
    assert_eq!(desk.rows("out/cleaned-00000.jsonl").len(), 2);
}

#[test]
fn a_field_that_no_record_has_is_warned_of() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":1,\"title\":\"One\",\"text\":\"one\"}\n",
    );
    for (flags, part) in [
        (
            &["--title-field", "tytle"][..],
            "no record has a \"tytle\" field",
        ),
        (&["--id-field", "uid"], "no record has a \"uid\" field"),
        (&["--url-field", "link"], "no record has a \"link\" field"),
        (
            &["--site-field", "host"],
            "no record has a \"host\" field; the host of the address is the site",
        ),
        (
            &["--keep", "latest", "--date-field", "day"],
            "no record has a \"day\" field, so of duplicates the first read stays",
        ),
        (
            &["--keep", "field:score"],
            "no record has a \"score\" field",
        ),
    ] {
        let words = [&["run", "in.jsonl", "-o", "-"], flags].concat();
        let said = told(&desk, &words);
        assert!(
            said.contains(&format!("warning: {part}")),
            "{words:?}: {said}"
        );
    }
    let plain = told(&desk, &["run", "in.jsonl", "-o", "-"]);
    assert!(!plain.contains("warning"), "{plain}");
}

#[test]
fn flags_that_would_do_nothing_are_refused() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    for (words, part) in [
        (
            &["clean", "in.jsonl", "-o", "-", "--threshold", "0.7"][..],
            "--threshold: `clean` looks for no duplicates; use `run`",
        ),
        (
            &["clean", "in.jsonl", "-o", "-", "--index", "kept"],
            "--index: `clean` looks for no duplicates; use `run`",
        ),
        (
            &["run", "in.jsonl", "-o", "out.jsonl", "--compress", "zst"],
            "--compress: packs the files of a folder, but the output is out.jsonl",
        ),
        (
            &["run", "in.jsonl", "-o", "out.jsonl.bz2"],
            "looks like a .bz2 file, but the output is JSONL",
        ),
        (
            &["run", "in.jsonl", "-o", "out", "--keep", "newest"],
            "there is no rank \"newest\"",
        ),
    ] {
        let said = desk.fails(2, words);
        assert!(said.contains(part), "{words:?} should say {part:?}: {said}");
    }
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out.jsonl.zst",
        "--compress",
        "zst",
    ]);
}

#[test]
fn files_of_folders_that_are_not_read_are_counted() {
    let desk = Desk::new();
    desk.write("in/a.jsonl", "{\"text\":\"a\"}\n");
    for name in ["in/b.csv", "in/c.MD", "in/d.md", "in/README"] {
        desk.write(name, "x");
    }
    let said = told(&desk, &["run", "in", "-o", "out"]);
    assert!(
        said.contains("not read            4  files in folders, by ending: none, .csv, .md"),
        "{said}"
    );
    let report: serde_json::Value = serde_json::from_str(&desk.read("out/report.json")).unwrap();
    let expected = serde_json::json!({"": 1, ".csv": 1, ".md": 2});
    assert_eq!(report["passed_over"], expected);
    assert!(
        desk.read("out/report.html")
            .contains("none (1), .csv (1), .md (2)")
    );
}

#[test]
fn whoever_reads_events_is_told_of_what_fails_before_the_run() {
    let desk = Desk::new();
    let said = desk.fails(1, &["run", "nowhere.jsonl", "-o", "out", "--json"]);
    let event: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(event["event"], "error");
    assert_eq!(event["exit"], 1);
    assert!(event["text"].as_str().unwrap().contains("nowhere.jsonl"));
}

#[test]
fn so_many_threads_cannot_be() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    for (number, code, said) in [
        ("100000", 2, "--threads: 100000 found; expected "),
        (
            "-1",
            2,
            "invalid value '-1' for '--threads <N>': expected a whole number",
        ),
        (
            "x",
            2,
            "invalid value 'x' for '--threads <N>': expected a whole number",
        ),
    ] {
        let found = desk.fails(code, &["clean", "in.jsonl", "-o", "out", "-j", number]);
        assert!(found.contains(said), "{found}");
    }
    assert!(!desk.path("out").exists());
    desk.ok(&["clean", "in.jsonl", "-o", "out", "-j", "64", "-q"]);
}

#[test]
fn a_file_in_the_folder_of_its_ledger_is_refused() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    for output in [
        "books/out.jsonl",
        "./books/sub/out.jsonl",
        "books/../books/out.jsonl",
    ] {
        let said = desk.fails(2, &["run", "in.jsonl", "-o", output, "--audit", "books"]);
        assert!(
            said.contains("--audit") && said.contains("lies in the folder"),
            "{said}"
        );
        assert_eq!(desk.files_and_folders(), ["in.jsonl"]);
    }
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out.jsonl",
        "--audit",
        "books",
        "-q",
    ]);
}

#[test]
fn an_output_that_cannot_be_is_called_by_the_name_it_was_given() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.write("file", "x");
    for (output, said) in [
        (
            "missing/page.jsonl",
            "error: missing/page.jsonl: the folder missing is not there; make it",
        ),
        (
            "file/page.jsonl",
            "error: file/page.jsonl: the folder file is no folder; make it",
        ),
    ] {
        for command in ["run", "clean"] {
            let found = desk.fails(1, &[command, "in.jsonl", "-o", output]);
            assert!(found.contains(said), "{found}");
        }
    }
    let long = format!("{}.jsonl", "x".repeat(300));
    let found = desk.fails(1, &["run", "in.jsonl", "-o", &long]);
    assert!(found.starts_with(&format!("error: {long}: ")), "{found}");
    assert!(!found.contains("copydesk-partial"), "{found}");
    assert_eq!(desk.files_and_folders(), ["file", "in.jsonl"]);
}
