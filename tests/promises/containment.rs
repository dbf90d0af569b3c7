//! A document inside a longer one that stays goes where that is asked, and names it.

use crate::support::{Desk, rows as rows_of, shared};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;

const STORY: &str = "The ferry to the outer islands ran aground on a sandbank in thick fog early on Tuesday. All forty passengers were taken off by the lifeboat before the tide turned. Nobody was hurt, the harbour office said.";

fn words(from: usize, to: usize) -> String {
    let words: Vec<String> = (from..to).map(|n| format!("word{n}")).collect();
    words.join(" ")
}

fn corpus(rows: &[(&str, String)]) -> String {
    let rows = rows
        .iter()
        .map(|(id, text)| format!("{}\n", json!({"id": id, "text": text})));
    rows.collect()
}

/// What stands in duplicates.jsonl: the duplicate, its survivor, how, and how much.
fn told(rows: &[Value]) -> Vec<(&str, &str, &str, f64)> {
    rows.iter()
        .map(|row| {
            (
                row["id"].as_str().unwrap(),
                row["survivor"].as_str().unwrap(),
                row["kind"].as_str().unwrap(),
                row["similarity"].as_f64().unwrap(),
            )
        })
        .collect()
}

/// A wire story, and a longer version of it that comes later.
fn wire() -> String {
    corpus(&[
        ("wire", STORY.to_owned()),
        ("other", words(0, 60)),
        (
            "long",
            format!(
                "{STORY} It is the third such mishap since the spring, when the old lightship was towed away to be scrapped. Skippers have asked for a buoy on the bank, which moves a little every year."
            ),
        ),
        ("again", STORY.to_uppercase()),
    ])
}

#[test]
fn the_longer_version_stays_whichever_was_read_first() {
    let desk = Desk::new();
    desk.write("in.jsonl", wire());
    let mut reversed: Vec<String> = wire().lines().map(|line| format!("{line}\n")).collect();
    reversed.reverse();
    desk.write("back.jsonl", reversed.concat());
    for (input, keep) in [
        ("in.jsonl", "first"),
        ("back.jsonl", "first"),
        ("in.jsonl", "longest"),
    ] {
        let out = format!("{input}-{keep}");
        let words = ["dedup", input, "-o", &out, "-q", "--keep", keep];
        desk.ok(&[&words[..], &["--containment", "0.9"]].concat());
        let rows = desk.rows(&format!("{out}/duplicates.jsonl"));
        let mut told = told(&rows);
        told.sort_by_key(|row| row.0);
        assert_eq!(
            told,
            [
                ("again", "long", "containment", 1.0),
                ("wire", "long", "containment", 1.0)
            ]
        );
        let report: Value =
            serde_json::from_str(&desk.read(&format!("{out}/report.json"))).unwrap();
        assert_eq!(report["duplicates"], json!({"containment": 2}));
        assert_eq!(report["accounting"]["duplicates"], 2);
        desk.ok(&["verify", &out, "-q"]);
        desk.ok(&["restore", &out, "-o", &format!("{out}.jsonl")]);
        assert_eq!(desk.read(&format!("{out}.jsonl")), desk.read(input));
    }
    // Without the flag only the copy goes.
    desk.ok(&["dedup", "in.jsonl", "-o", "without", "-q"]);
    let rows = desk.rows("without/duplicates.jsonl");
    assert_eq!(told(&rows), [("again", "wire", "exact", 1.0)]);
}

#[test]
fn the_share_is_measured_and_the_threshold_holds() {
    let desk = Desk::new();
    // 56 shingles each; with its last 8 words others, 48 of 56 stand in the longer one.
    let part = format!("{} {}", words(10, 62), words(900, 908));
    let rows = [("part", part), ("long", words(0, 200))];
    desk.write("in.jsonl", corpus(&rows));
    desk.write("copydesk.toml", "[duplicates]\ncontainment = 0.85\n");
    desk.ok(&["dedup", "in.jsonl", "-o", "config", "-q"]);
    let rows = desk.rows("config/duplicates.jsonl");
    assert_eq!(told(&rows), [("part", "long", "containment", 0.857143)]);
    // The flag beats the file.
    let words = ["dedup", "in.jsonl", "-o", "flag", "-q"];
    desk.ok(&[&words[..], &["--containment", "0.86"]].concat());
    assert!(desk.rows("flag/duplicates.jsonl").is_empty());
    desk.ok(&["verify", "flag", "-q"]);
}

#[test]
fn marking_says_how() {
    let desk = Desk::new();
    desk.write("in.jsonl", wire());
    let out = desk.ok(&[
        "dedup",
        "in.jsonl",
        "-o",
        "-",
        "-q",
        "--containment",
        "0.9",
        "--duplicates",
        "mark",
    ]);
    let first: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(
        first["copydesk"],
        json!({"would_drop": "duplicate", "survivor": "long", "similarity": 1.0, "kind": "containment"})
    );
}

#[test]
fn a_share_that_cannot_be_is_refused() {
    let desk = Desk::new();
    desk.write("in.jsonl", wire());
    for share in ["0", "1.1", "-0.5", "NaN"] {
        let flag = format!("--containment={share}");
        let said = desk.fails(2, &["dedup", "in.jsonl", "-o", "out", &flag]);
        assert!(said.contains("--containment: "), "{said}");
        assert!(said.contains("above 0 and at most 1"), "{said}");
    }
}

#[test]
fn verify_measures_the_share_again() {
    let desk = Desk::new();
    desk.write("in.jsonl", wire());
    let run = |more: &[&str]| {
        let words = ["dedup", "in.jsonl", "-o", "out", "-q", "-f"];
        desk.ok(&[&words[..], &["--containment", "0.9"], more].concat());
    };
    for (from, to, said) in [
        (
            "\"similarity\":1.0",
            "\"similarity\":0.95",
            "similarity 0.95 (containment) found; measured again it is 1 (containment)",
        ),
        (
            "\"kind\":\"containment\"",
            "\"kind\":\"near\"",
            "similarity 1 (near) found; measured again it is 1 (containment)",
        ),
        (
            "\"survivor\":\"long\",\"survivor_doc\":2",
            "\"survivor\":\"other\",\"survivor_doc\":1",
            "measured again it is 0 (containment)",
        ),
    ] {
        run(&[]);
        let rows = desk.read("out/duplicates.jsonl");
        assert!(rows.contains(from), "{rows}");
        desk.write("out/duplicates.jsonl", rows.replacen(from, to, 1));
        let output = desk.copydesk(&["verify", "out", "-q"]).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        assert!(found.contains(said), "{found}");
    }
}

/// Slices of a few texts, with copies: many contained, many near, many that lose their survivor.
fn slices() -> String {
    let mut rows = Vec::new();
    for at in 0..300usize {
        let (start, length) = ((at * 37) % 400, 20 + (at * 53) % 170);
        let mut text = words(start + 1000 * (at % 3), start + length + 1000 * (at % 3));
        if at % 4 == 0 {
            text = text.replacen(
                &format!("word{}", start + 1000 * (at % 3) + 9),
                "changed",
                1,
            );
        }
        rows.push((at.to_string(), text));
    }
    let rows: Vec<(&str, String)> = rows
        .iter()
        .map(|(id, text)| (id.as_str(), text.clone()))
        .collect();
    corpus(&rows)
}

#[test]
fn threads_blocks_and_memory_make_no_difference() {
    let desk = Desk::new();
    desk.write("in.jsonl", slices());
    let run = |out: &str, more: &[&str]| {
        let words = [
            "dedup",
            "in.jsonl",
            "-o",
            out,
            "-q",
            "--no-brake",
            "--containment",
            "0.8",
        ];
        desk.ok(&[&words[..], more].concat());
        desk.files(out)
    };
    let first = run("first", &["-j", "1"]);
    let rows = desk.rows("first/duplicates.jsonl");
    let kinds: BTreeSet<&str> = told(&rows).iter().map(|row| row.2).collect();
    assert_eq!(kinds, BTreeSet::from(["containment", "near"]));
    desk.ok(&["verify", "first", "-q"]);
    for (out, more) in [
        ("threads", &["-j", "3"][..]),
        ("blocks", &["-j", "2", "--block-size", "1k"]),
        ("memory", &["--memory", "1k"]),
        ("some", &["--memory", "40k", "--block-size", "5k"]),
    ] {
        assert!(run(out, more) == first, "{out} differs");
    }
}

#[test]
fn a_hot_cluster_is_decided() {
    // Variants of one text, each a word apart, and pieces of them, among others that are alone.
    let desk = Desk::new();
    let base: Vec<String> = (0..300).map(|n| format!("word{n}")).collect();
    let rows: Vec<(String, String)> = (0..3000usize)
        .map(|at| {
            let mut text = base.clone();
            text[at * 7 % 300] = format!("v{at}");
            let text = match at % 3 {
                0 => text.join(" "),
                1 => text[at % 100..at % 100 + 150].join(" "),
                _ => words(10_000 + at * 60, 10_000 + at * 60 + 50),
            };
            (at.to_string(), text)
        })
        .collect();
    let rows: Vec<(&str, String)> = rows
        .iter()
        .map(|(id, text)| (id.as_str(), text.clone()))
        .collect();
    desk.write("in.jsonl", corpus(&rows));
    desk.ok(&[
        "dedup",
        "in.jsonl",
        "-o",
        "out",
        "-q",
        "--containment",
        "0.9",
        "--no-brake",
    ]);
    let rows = desk.rows("out/duplicates.jsonl");
    let told = told(&rows);
    let gone: BTreeSet<&str> = told.iter().map(|row| row.0).collect();
    assert!(told.iter().all(|row| !gone.contains(row.1)));
    // Of the variants one stays, and no piece, since a piece is a word away from it at most twice.
    assert_eq!(gone.len(), 1999);
    desk.ok(&["verify", "out", "-q"]);
}

#[test]
fn every_page_and_its_cleaned_text_are_found() {
    let (Some(web), Some(pairs)) = (
        shared("duplicates/web.jsonl.zst"),
        shared("duplicates/web.containment.tsv.zst"),
    ) else {
        return;
    };
    let desk = Desk::new();
    let web = web.to_string_lossy().into_owned();
    desk.ok(&["dedup", &web, "-o", "out", "-q", "--containment", "0.9"]);
    let file = std::fs::File::open(pairs).unwrap();
    let text = std::io::read_to_string(BufReader::new(zstd::Decoder::new(file).unwrap())).unwrap();
    let mut truth = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap();
        let (one, two, _) = (next(), next(), next());
        let share: f64 = next().parse().unwrap();
        truth.insert(BTreeSet::from([one, two]), share);
    }
    let rows = desk.rows("out/duplicates.jsonl");
    let told = told(&rows);
    let gone: BTreeSet<&str> = told.iter().map(|row| row.0).collect();
    // The file takes a run of Han for one word, where we and the other truth count characters.
    let han: BTreeSet<String> = zstd::decode_all(std::fs::File::open(&web).unwrap())
        .map(|all| rows_of(&String::from_utf8(all).unwrap()))
        .unwrap()
        .into_iter()
        .filter(|row| {
            let text = row["text"].as_str().unwrap();
            text.contains(|part| ('\u{2e80}'..'\u{a000}').contains(&part))
        })
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    let mut wanted = 0;
    for (pair, share) in &truth {
        if *share >= 0.9 {
            wanted += 1;
            assert!(pair.iter().any(|id| gone.contains(id)), "{pair:?} {share}");
        }
    }
    assert!(wanted > 1000, "{wanted}");
    let mut measured = 0;
    for (id, survivor, kind, similarity) in told {
        assert!(!gone.contains(survivor), "{id} {survivor}");
        if han.contains(id) {
            continue;
        }
        if let (Some(share), "containment") = (truth.get(&BTreeSet::from([id, survivor])), kind) {
            assert!(
                (share - similarity).abs() < 1e-6,
                "{id} {similarity} {share}"
            );
            measured += 1;
        }
    }
    assert!(measured > 500, "{measured}");
}
