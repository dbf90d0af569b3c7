//! Batches that are checked against an index, one after the other, leave what one run leaves.

use crate::support::{Desk, Dice, shared};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Stories that come up again, whole, in capitals or with a few words changed; furniture, empty
/// and bad records; every record has its number for an id.
fn corpus(records: u64) -> Vec<String> {
    let mut dice = Dice(88_172_645_463_325_252);
    let line = |number: u64| {
        let story = dice.roll(records / 2);
        let mut words: Vec<String> = (0..60)
            .map(|at| format!("w{}", (story * 31 + at * 7) % 4999))
            .collect();
        for _ in 0..dice.roll(4) {
            words[dice.roll(60) as usize] = format!("c{}", dice.roll(9));
        }
        let mut text = words.join(" ");
        if dice.roll(4) == 0 {
            text = text.to_uppercase();
        }
        match dice.roll(40) {
            0 => "{\"text\":\n".to_owned(),
            1 => format!("{{\"id\":\"{number}\",\"text\":\" \"}}\n"),
            _ => format!(
                "{}\n",
                json!({"id": number.to_string(), "text": format!("{text}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *")})
            ),
        }
    };
    (0..records).map(line).collect()
}

/// What a run told of its duplicates, but for the numbers of records and batches.
fn told(desk: &Desk, out: &str) -> Vec<(String, String, String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    desk.rows(&format!("{out}/duplicates.jsonl"))
        .iter()
        .map(|row| {
            let similarity = row["similarity"].to_string();
            (
                text(row, "id"),
                text(row, "survivor"),
                text(row, "kind"),
                similarity,
            )
        })
        .collect()
}

/// Gives `lines` in so many batches to one index; returns what stays, and what was told.
fn in_batches(
    desk: &Desk,
    lines: &[String],
    count: usize,
    more: &[&str],
) -> (String, Vec<(String, String, String, String)>) {
    let (mut cleaned, mut rows) = (String::new(), Vec::new());
    for (number, batch) in lines.chunks(lines.len().div_ceil(count)).enumerate() {
        let (input, out) = (format!("batch-{number}.jsonl"), format!("out-{number}"));
        desk.write(&input, batch.concat());
        let words = ["--index", "index", "-o", &out, "-q", "--no-brake"];
        desk.ok(&[&[more[0], input.as_str()], &words[..], &more[1..]].concat());
        cleaned.push_str(&desk.read(&format!("{out}/cleaned-00000.jsonl")));
        rows.extend(told(desk, &out));
    }
    (cleaned, rows)
}

#[test]
fn batches_leave_what_one_run_leaves() {
    let lines = corpus(600);
    for (count, more) in [
        (1, &["run"][..]),
        (2, &["dedup", "--threshold", "0.6"]),
        (7, &["run", "-j", "2", "--memory", "20k"]),
        (20, &["dedup", "--block-size", "1k"]),
    ] {
        let desk = Desk::new();
        desk.write("whole.jsonl", lines.concat());
        let whole = [
            &[more[0], "whole.jsonl", "-o", "whole", "-q", "--no-brake"],
            &more[1..],
        ]
        .concat();
        desk.ok(&whole);
        let (cleaned, rows) = in_batches(&desk, &lines, count, more);
        assert!(
            cleaned == desk.read("whole/cleaned-00000.jsonl"),
            "{more:?}"
        );
        let expected = told(&desk, "whole");
        let kinds: BTreeSet<&str> = expected.iter().map(|row| row.2.as_str()).collect();
        assert_eq!(kinds, BTreeSet::from(["exact", "near"]));
        assert_eq!(rows, expected, "{more:?}");
        for number in 0..count {
            desk.ok(&["verify", &format!("out-{number}"), "-q"]);
            let restored = format!("restored-{number}.jsonl");
            desk.ok(&["restore", &format!("out-{number}"), "-o", &restored]);
        }
    }
}

#[test]
fn a_survivor_of_an_earlier_batch_is_named_with_it() {
    let desk = Desk::new();
    let text = |from: usize| -> String {
        let words = (from..from + 40).map(|word| format!("word{word} "));
        words.collect()
    };
    desk.write(
        "one.jsonl",
        format!(
            "{}\n{}\n",
            json!({"id": "a", "text": text(0)}),
            json!({"id": "b", "text": text(100)})
        ),
    );
    desk.write(
        "two.jsonl",
        format!(
            "{}\n{}\n{}\n",
            json!({"id": "c", "text": text(200)}),
            json!({"id": "d", "text": text(100)}),
            json!({"id": "e", "text": text(200)})
        ),
    );
    desk.ok(&["dedup", "one.jsonl", "--index", "index", "-o", "one", "-q"]);
    let json = desk.ok(&[
        "dedup",
        "two.jsonl",
        "--index",
        "index",
        "-o",
        "two",
        "-q",
        "--json",
    ]);
    let rows = desk.rows("two/duplicates.jsonl");
    assert_eq!(
        rows,
        [
            json!({"doc": 1, "id": "d", "survivor": "b", "survivor_doc": 1, "survivor_batch": 1, "similarity": 1.0, "kind": "exact"}),
            json!({"doc": 2, "id": "e", "survivor": "c", "survivor_doc": 0, "similarity": 1.0, "kind": "exact"}),
        ]
    );
    let explained = desk.ok(&["explain", "--run", "two", "--id", "d", "--id", "e"]);
    assert!(
        explained.contains("exact duplicate of record 2 of batch 1, b, which stays"),
        "{explained}"
    );
    let report: Value = serde_json::from_str(&json).unwrap();
    let expected =
        json!({"folder": "index", "batch": 2, "documents": 2, "repeated": 1, "added": 1});
    assert_eq!(report["index"], expected);
    // Marked, not dropped, and nothing is written where nothing is to be.
    let index = desk.files("index");
    let out = desk.ok(&[
        "dedup",
        "two.jsonl",
        "--index",
        "index",
        "-o",
        "-",
        "-q",
        "--duplicates",
        "mark",
    ]);
    let marked: Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert_eq!(
        marked["copydesk"],
        json!({"would_drop": "duplicate", "survivor": "b", "survivor_batch": 1, "similarity": 1.0, "kind": "exact"})
    );
    desk.write(
        "three.jsonl",
        desk.read("one.jsonl").replace("\"a\"", "\"z\""),
    );
    let json = desk.ok(&[
        "dedup",
        "three.jsonl",
        "--index",
        "index",
        "--dry-run",
        "--json",
        "-q",
    ]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["index"]["repeated"], 2);
    desk.ok(&["dedup", "three.jsonl", "--index", "none", "--dry-run", "-q"]);
    assert!(!desk.path("none").exists());
    assert!(desk.files("index") == index);
}

#[test]
fn the_same_batch_again_gives_the_same_bytes() {
    let desk = Desk::new();
    let lines = corpus(300);
    in_batches(&desk, &lines, 3, &["run"]);
    let index = desk.files("index");
    for number in [1, 0, 2] {
        let first = desk.files(&format!("out-{number}"));
        let input = format!("batch-{number}.jsonl");
        let again = [
            "run",
            &input,
            "--index",
            "index",
            "-o",
            "again",
            "--no-brake",
            "-f",
        ];
        let output = desk.copydesk(&again).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        assert!(
            said.contains(&format!("as its batch {}", number + 1)),
            "{said}"
        );
        let none = format!("0  added: batch {} was this one already", number + 1);
        assert!(
            said.contains(&none) && !said.contains("were added"),
            "{said}"
        );
        assert!(desk.files("again") == first, "{number}");
    }
    assert!(desk.files("index") == index);
    desk.ok(&["index", "compact", "index", "-q"]);
    let said = desk.ok(&["index", "inspect", "index"]);
    assert!(said.contains("segments   1\n"), "{said}");
    desk.ok(&[
        "run",
        "batch-1.jsonl",
        "--index",
        "index",
        "-o",
        "again",
        "-q",
        "--no-brake",
        "-f",
    ]);
    assert!(desk.files("again") == desk.files("out-1"));
    desk.ok(&["verify", "out-2", "-q"]);
}

#[test]
fn a_killed_run_leaves_the_index_whole() {
    let lines = corpus(400);
    let undisturbed = Desk::new();
    in_batches(&undisturbed, &lines, 4, &["run"]);
    let desk = Desk::new();
    let mut dice = Dice(99);
    for (number, batch) in lines.chunks(100).enumerate() {
        let (input, out) = (format!("batch-{number}.jsonl"), format!("out-{number}"));
        desk.write(&input, batch.concat());
        let words = [
            "run",
            &input,
            "--index",
            "index",
            "-o",
            &out,
            "-q",
            "--no-brake",
        ];
        let begun = std::time::Instant::now();
        undisturbed.ok(&[
            "run",
            &input,
            "--index",
            "other",
            "-o",
            &format!("other-{number}"),
            "-q",
            "--no-brake",
        ]);
        let took = begun.elapsed().as_micros() as u64;
        for _ in 0..6 {
            let child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
                .current_dir(desk.path(""))
                .args(words)
                .args(["--segment-size", "4k", "--block-size", "2k"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            let mut child = child.unwrap();
            std::thread::sleep(Duration::from_micros(took / 3 + dice.roll(took)));
            let _ = child.kill();
            child.wait().unwrap();
            if desk.path(&format!("{out}/manifest.json")).exists() {
                // It was done, or only names were missing.
                let again = desk
                    .copydesk(&[&words[..], &["-f"]].concat())
                    .output()
                    .unwrap();
                assert!(again.status.success());
            }
        }
        desk.ok(&[&words[..], &["-f"]].concat());
        assert!(desk.files(&out) == undisturbed.files(&out), "{out}");
    }
    let (killed, whole) = (desk.files("index"), undisturbed.files("index"));
    assert_eq!(
        killed.keys().collect::<Vec<_>>(),
        whole.keys().collect::<Vec<_>>()
    );
    assert!(killed == whole);
}

#[test]
fn what_does_not_fit_the_index_is_refused() {
    let desk = Desk::new();
    let lines = corpus(40);
    desk.write("in.jsonl", lines.concat());
    desk.ok(&["dedup", "in.jsonl", "--index", "index", "-o", "first", "-q"]);
    for (more, code, said) in [
        (
            &["--threshold", "0.7"][..],
            2,
            "--threshold: 0.7 found, but the index index was made at 0.8",
        ),
        (
            &["--keep", "longest"],
            2,
            "--index: what is in the index stays",
        ),
        (
            &["--containment", "0.9"],
            2,
            "--index: a longer document of a later batch",
        ),
    ] {
        let words = ["dedup", "in.jsonl", "--index", "index", "-o", "out"];
        let found = desk.fails(code, &[&words[..], more].concat());
        assert!(found.contains(said), "{found}");
    }
    let found = desk.fails(
        2,
        &[
            "run",
            "in.jsonl",
            "--index",
            "index",
            "-o",
            "out",
            "--duplicates",
            "off",
        ],
    );
    assert!(
        found.contains("--index: duplicates are not looked for"),
        "{found}"
    );
    let found = desk.fails(1, &["dedup", "in.jsonl", "--index", "first", "-o", "out"]);
    assert!(found.contains("first: there is no index.json"), "{found}");
    assert!(desk.path("first/manifest.json").exists());
    for index in ["out", "out/index"] {
        let found = desk.fails(2, &["dedup", "in.jsonl", "--index", index, "-o", "out"]);
        assert!(found.contains("lies in the output folder out"), "{found}");
    }
    // Another run works with it.
    let lock = File::options()
        .write(true)
        .open(desk.path("index/lock"))
        .unwrap();
    lock.lock().unwrap();
    let found = desk.fails(1, &["dedup", "in.jsonl", "--index", "index", "-o", "out"]);
    assert!(
        found.contains("index: another run works with this index"),
        "{found}"
    );
    lock.unlock().unwrap();
    let meta = desk.read("index/index.json");
    for (from, to, said) in [
        (
            "\"schema\": 2",
            "\"schema\": 9",
            "schema 9 found, 2 expected",
        ),
        (
            "\"schema\": 2",
            "\"schema\": 1",
            "schema 1 found, 2 expected; use the copydesk that made the index, or make a new one",
        ),
        (
            "\"fingerprints\": 1",
            "\"fingerprints\": 9",
            "fingerprints of version 9 found, 1 expected",
        ),
        ("\"batches\"", "\"batch\"", "index.json: "),
    ] {
        assert!(meta.contains(from));
        desk.write("index/index.json", meta.replacen(from, to, 1));
        let found = desk.fails(1, &["dedup", "in.jsonl", "--index", "index", "-o", "out"]);
        assert!(found.contains(said), "{found}");
    }
    desk.write("index/index.json", meta);
    assert!(!desk.path("out").exists());
}

#[test]
fn an_index_without_its_list_is_not_begun_anew() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(40).concat());
    desk.ok(&["dedup", "in.jsonl", "--index", "index", "-o", "first", "-q"]);
    let list = desk.read("index/index.json");
    fs::remove_file(desk.path("index/index.json")).unwrap();
    let before = desk.files("index");
    let words = ["dedup", "in.jsonl", "--index", "index", "-o", "out"];
    for words in [&words[..], &["index", "inspect", "index"]] {
        let found = desk.fails(1, words);
        assert!(
            found.contains("index: segment-1.fences and 4 more files of an index found, but no index.json, which says what they hold; put it back"),
            "{found}"
        );
    }
    assert!(desk.files("index") == before, "something was changed");
    desk.write("index/index.json", list);
    desk.ok(&words);
}

/// Whatever bit of an index is flipped, a run says so or does not need it.
#[test]
fn nothing_that_was_damaged_is_used() {
    let desk = Desk::new();
    let lines = corpus(120);
    desk.write("in.jsonl", lines.concat());
    desk.ok(&["dedup", "in.jsonl", "--index", "index", "-o", "first", "-q"]);
    // Other ids, so it is another batch; all of it repeats the first.
    desk.write(
        "again.jsonl",
        lines.concat().replace("{\"id\":\"", "{\"id\":\"again-"),
    );
    let words = [
        "dedup",
        "again.jsonl",
        "--index",
        "index",
        "--dry-run",
        "--json",
        "--no-brake",
        "-o",
        "out",
    ];
    let report = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let whole = report(&desk.ok(&words));
    assert!(whole["index"]["repeated"].as_u64().unwrap() > 50);
    let mut dice = Dice(12);
    for ending in ["prints", "rows", "postings", "fences", "order"] {
        let name = format!("index/segment-1.{ending}");
        let bytes = fs::read(desk.path(&name)).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let mut told = 0;
        for _ in 0..8 {
            let mut bad = bytes.clone();
            let at = dice.roll(bad.len() as u64) as usize;
            bad[at] ^= 1 << dice.roll(8);
            desk.write(&name, bad);
            let output = desk.copydesk(&words).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            if output.status.success() {
                let found = report(&String::from_utf8(output.stdout).unwrap());
                assert_eq!(found, whole, "{name}, byte {at}");
                continue;
            }
            told += 1;
            let place = format!("index/segment-1.{ending}");
            assert!(
                said.contains(&place)
                    && said.contains("is not what was written (CRC-32); the index is damaged"),
                "{name}, byte {at}: {said}"
            );
        }
        assert!(told > 0, "nothing of {name} was read");
        desk.write(&name, bytes);
    }
}

#[test]
fn inspect_tells_what_an_index_is_and_whether_it_is_whole() {
    let desk = Desk::new();
    let lines = corpus(300);
    in_batches(&desk, &lines, 3, &["dedup"]);
    let said = desk.ok(&["index", "inspect", "index"]);
    let json: Value =
        serde_json::from_str(&desk.ok(&["index", "inspect", "index", "--json"])).unwrap();
    let kept: usize = (0..3)
        .map(|number| {
            desk.rows(&format!("out-{number}/cleaned-00000.jsonl"))
                .len()
        })
        .sum();
    assert_eq!(json["documents"], kept);
    assert_eq!(json["batches"][2]["inputs"], json!(["batch-2.jsonl"]));
    assert_eq!(json["threshold"], 0.8);
    let size: u64 = desk
        .files("index")
        .values()
        .map(|bytes| bytes.len() as u64)
        .sum();
    assert_eq!(json["bytes"], size);
    // A copy is merged, and what is told of it is what is looked up.
    for (name, bytes) in desk.files("index") {
        desk.write(&format!("copy/{name}"), bytes);
    }
    let before = said.lines().find_map(|line| line.strip_prefix("size "));
    let before = before.unwrap().trim().split(',').next().unwrap();
    let output = desk
        .copydesk(&["index", "compact", "copy"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let now = desk.ok(&["index", "inspect", "copy"]);
    let now = now.lines().find_map(|line| line.strip_prefix("size "));
    let now = now.unwrap().trim().split(',').next().unwrap();
    assert_eq!(told, format!("{before} before, {now} now\n"));
    for part in [
        &format!("documents  {kept}\n"),
        "batches    3\n",
        &format!(
            "segments   {}\n",
            json["segments"].as_array().unwrap().len()
        ),
        "all are what was written",
        "batch-2.jsonl",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    for name in desk
        .files("index")
        .keys()
        .filter(|name| name.starts_with("segment-"))
    {
        let whole = fs::read(desk.path(&format!("index/{name}"))).unwrap();
        let mut bytes = whole.clone();
        if bytes.is_empty() {
            continue;
        }
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        desk.write(&format!("index/{name}"), bytes);
        let found = desk.fails(1, &["index", "inspect", "index"]);
        assert!(found.contains(name.as_str()), "{found}");
        desk.write(&format!("index/{name}"), &whole[..whole.len() - 1]);
        let found = desk.fails(
            1,
            &["dedup", "batch-0.jsonl", "--index", "index", "-o", "out"],
        );
        assert!(found.contains(name.as_str()), "{found}");
        desk.write(&format!("index/{name}"), whole);
    }
    desk.ok(&["index", "inspect", "index"]);
    let found = desk.fails(1, &["index", "inspect", "out-0"]);
    assert!(found.contains("there is no index.json"), "{found}");
}

#[test]
fn verify_looks_into_the_index_or_says_that_it_does_not() {
    let desk = Desk::new();
    let lines = corpus(300);
    in_batches(&desk, &lines, 3, &["run"]);
    let path = "out-2/duplicates.jsonl";
    let rows = desk.read(path);
    let earlier = |row: &&str| row.contains("\"survivor_batch\"");
    let row = rows.lines().find(earlier).unwrap();
    let value: Value = serde_json::from_str(row).unwrap();
    let verify = |more: &[&str]| {
        let output = desk
            .copydesk(&[&["verify", "out-2"], more].concat())
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        (
            out,
            String::from_utf8(output.stderr).unwrap(),
            output.status.code(),
        )
    };
    let (out, said, code) = verify(&[]);
    assert_eq!((out.as_str(), code), ("", Some(0)));
    assert!(
        said.contains("every record was looked up again in the index"),
        "{said}"
    );
    let batch = value["survivor_batch"].as_u64().unwrap();
    let similarity = format!("\"similarity\":{}", value["similarity"]);
    for (from, to, expected) in [
        (
            format!("\"survivor_batch\":{batch}"),
            format!("\"survivor_batch\":{}", 3 - batch),
            "decided again, expected".to_owned(),
        ),
        (
            format!("\"survivor_batch\":{batch}"),
            "\"survivor_batch\":3".to_owned(),
            "survivor_batch 3 found; expected one before that of the run (3)".to_owned(),
        ),
        (
            similarity,
            "\"similarity\":0.5".to_owned(),
            "similarity 0.5 (".to_owned(),
        ),
        (
            format!("{row}\n"),
            String::new(),
            format!("no row of doc {} found; it repeats doc ", value["doc"]),
        ),
    ] {
        let forged = match to.is_empty() {
            true => rows.replacen(&from, "", 1),
            false => rows.replacen(row, &row.replacen(&from, &to, 1), 1),
        };
        assert_ne!(forged, rows);
        desk.write(path, forged);
        let (out, ..) = verify(&["-q"]);
        assert!(out.contains(&expected), "{expected}: {out}");
    }
    desk.write(path, &rows);
    // A damaged index is found, whether or not what is damaged would be asked for.
    for (name, whole) in desk.files("index") {
        if name.ends_with(".prints") {
            let mut bytes = whole.clone();
            let last = bytes.len() - 1;
            bytes[last] ^= 4;
            let name = format!("index/{name}");
            desk.write(&name, bytes);
            let (out, _, code) = verify(&["-q"]);
            assert!(
                out.contains(&format!("{name}: is not what was written (CRC-32)")),
                "{out}"
            );
            assert_eq!(code, Some(1));
            desk.write(&name, whole);
        }
    }
    fs::rename(desk.path("index"), desk.path("moved")).unwrap();
    let forged = row.replacen("\"kind\":\"near\"", "\"kind\":\"exact\"", 1);
    let exact = row.replacen("\"similarity\":1.0", "\"similarity\":0.948276", 1);
    let forged = if forged == row { exact } else { forged };
    desk.write(path, rows.replacen(row, &forged, 1));
    let (out, ..) = verify(&["-q"]);
    assert!(out.contains("(exact) found; expected 1 or more"), "{out}");
    desk.write(path, &rows);
    let (out, said, code) = verify(&["-q"]);
    let count = rows.lines().filter(earlier).count();
    assert_eq!((out.as_str(), code), ("", Some(0)));
    assert!(
        said.contains(&format!(
            "the index was not looked into (index is not here), so {count} rows"
        )),
        "{said}"
    );
    let (out, said, code) = verify(&["--index", "moved"]);
    assert_eq!((out.as_str(), code), ("", Some(0)));
    assert!(said.contains("looked up again"), "{said}");
    // One that does not know the batch is no help.
    desk.ok(&[
        "dedup",
        "batch-0.jsonl",
        "--index",
        "fresh",
        "-o",
        "fresh-out",
        "-q",
        "--no-brake",
    ]);
    let (_, said, code) = verify(&["--index", "fresh"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("fresh does not hold this batch"), "{said}");
}

#[test]
fn real_corpora_in_batches_are_as_one_run() {
    for name in ["news", "web", "descr", "licences"] {
        let Some(path) = shared(&format!("duplicates/{name}.jsonl.zst")) else {
            return;
        };
        let desk = Desk::new();
        let text = zstd::decode_all(File::open(path).unwrap()).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        desk.write("whole.jsonl", text);
        desk.ok(&["dedup", "whole.jsonl", "-o", "whole", "-q", "--no-brake"]);
        let (cleaned, rows) = in_batches(&desk, &lines, 4, &["dedup"]);
        assert!(cleaned == desk.read("whole/cleaned-00000.jsonl"), "{name}");
        let expected: BTreeMap<_, _> = told(&desk, "whole")
            .into_iter()
            .map(|row| (row.0.clone(), row))
            .collect();
        assert_eq!(rows.len(), expected.len(), "{name}");
        for row in rows {
            assert_eq!(expected[&row.0], row, "{name}");
        }
    }
}

#[test]
fn files_of_segments_are_read_and_never_changed() {
    let desk = Desk::new();
    // Three batches of which each is too small to be merged with the ones before.
    let lines = corpus(300);
    for (number, range) in [(0, 0..200), (1, 200..275), (2, 275..300)] {
        let (input, out) = (format!("in-{number}.jsonl"), format!("out-{number}"));
        desk.write(&input, lines[range].concat());
        desk.ok(&[
            "dedup",
            &input,
            "--index",
            "index",
            "-o",
            &out,
            "-q",
            "--no-brake",
        ]);
    }
    let path = desk.path("index/segment-1.prints");
    let longer = [fs::read(&path).unwrap(), b"more".to_vec()].concat();
    fs::write(&path, &longer).unwrap();
    let said = desk.fails(1, &["index", "compact", "index"]);
    assert!(
        said.contains("segment-1.prints: is not what was written"),
        "{said}"
    );
    assert_eq!(fs::read(&path).unwrap(), longer);
    fs::write(&path, &longer[..longer.len() - 4]).unwrap();
    // A file that is gone is one of those that are damaged.
    let rows = desk.path("index/segment-1.rows");
    let kept = fs::read(&rows).unwrap();
    fs::remove_file(&rows).unwrap();
    let output = desk
        .copydesk(&["index", "inspect", "index"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(told.contains("1 is damaged"), "{told}");
    assert!(said.contains("segment-1.rows is gone or"), "{said}");
    fs::write(&rows, kept).unwrap();
    desk.ok(&["index", "compact", "index"]);
    desk.ok(&["index", "inspect", "index"]);
}

#[test]
fn a_run_that_is_refused_leaves_no_index() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(20).concat());
    desk.write("out/mine.txt", "mine");
    let said = desk.fails(1, &["run", "in.jsonl", "--index", "index", "-o", "out"]);
    assert!(said.contains("the folder is not empty"), "{said}");
    assert_eq!(desk.files_and_folders(), ["in.jsonl", "out"]);
    // A folder that was there stays.
    fs::create_dir(desk.path("index")).unwrap();
    desk.fails(1, &["run", "in.jsonl", "--index", "index", "-o", "out"]);
    assert!(desk.path("index").is_dir());
    desk.ok(&[
        "run",
        "in.jsonl",
        "--index",
        "index",
        "-o",
        "new",
        "-q",
        "--no-brake",
    ]);
    desk.ok(&["index", "inspect", "index"]);
}

/// `KILLS=200` makes it longer.
#[test]
fn a_killed_compaction_leaves_the_index_whole() {
    let kills: u64 = std::env::var("KILLS").map_or(12, |kills| kills.parse().unwrap());
    let desk = Desk::new();
    // Batches of which each is too small to be merged with the ones before.
    let lines = corpus(2000);
    for (number, range) in [(0, 0..1500), (1, 1500..1900), (2, 1900..2000)] {
        let (input, out) = (format!("in-{number}.jsonl"), format!("out-{number}"));
        desk.write(&input, lines[range].concat());
        let words = ["dedup", &input, "--index", "index", "-o", &out, "-q"];
        desk.ok(&[&words[..], &["--no-brake"]].concat());
    }
    let before = desk.files("index");
    let lay = |name: &str| {
        let _ = fs::remove_dir_all(desk.path(name));
        for (file, bytes) in &before {
            desk.write(&format!("{name}/{file}"), bytes);
        }
    };
    let segments = before.keys().filter(|name| name.ends_with(".prints"));
    assert_eq!(segments.count(), 3);
    lay("whole");
    let begun = std::time::Instant::now();
    desk.ok(&["index", "compact", "whole", "-q"]);
    let took = begun.elapsed().as_micros() as u64;
    let whole = desk.files("whole");
    let mut dice = Dice(31);
    let mut killed = 0;
    while killed < kills {
        lay("killed");
        let child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
            .current_dir(desk.path(""))
            .args(["index", "compact", "killed", "-q"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap();
        std::thread::sleep(Duration::from_micros(dice.roll(took)));
        killed += u64::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        // It is an index as before or as after; who knows the batch finds it there.
        desk.ok(&["index", "inspect", "killed"]);
        desk.ok(&["verify", "out-2", "--index", "killed", "-q"]);
        desk.ok(&["index", "compact", "killed", "-q"]);
        assert!(desk.files("killed") == whole, "after {killed} kills");
    }
}
