//! `verify` finds what is wrong with an output folder, and says where.

use crate::support::{Desk, fixture, without_times};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;

const CLEANED: &str = "out/cleaned-00000.jsonl";

/// Records with everything in them: mended, cut, exact and near copies, a bad one, an empty one.
fn corpus() -> String {
    let words = |from: usize| {
        let words: Vec<String> = (from..from + 60).map(|n| format!("word{n}")).collect();
        words.join(" ")
    };
    let near = words(0).replace("word59", "other59");
    let rows = [
        serde_json::json!({"id": "first", "text": words(0)}),
        serde_json::json!({"id": "mended", "text": format!("Fish &amp; chips {}", words(100))}),
        serde_json::json!({"id": "cut", "title": "Ferry", "text": format!("{}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *", words(200))}),
        serde_json::json!({"id": "same", "text": words(0).to_uppercase()}),
        serde_json::json!({"id": "near", "text": near}),
        serde_json::json!({"id": "empty", "text": " \u{200b}"}),
        serde_json::json!({"id": "last", "text": words(300)}),
    ];
    let mut out: String = rows.iter().map(|row| format!("{row}\n")).collect();
    out.insert_str(out.find('\n').unwrap() + 1, "broken\nbroken too\n");
    out
}

/// Changes a file of the run folder.
fn change(desk: &Desk, name: &str, how: impl Fn(&str) -> String) {
    let old = desk.read(name);
    let new = how(&old);
    assert_ne!(old, new, "{name} was to be changed");
    desk.write(name, new);
}

fn replace(desk: &Desk, name: &str, from: &str, to: &str) {
    change(desk, name, |text| text.replacen(from, to, 1));
}

fn without_line(text: &str, number: usize) -> String {
    text.split_inclusive('\n')
        .enumerate()
        .filter(|(at, _)| at + 1 != number)
        .map(|(_, line)| line)
        .collect()
}

fn swapped(text: &str, one: usize, two: usize) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.swap(one - 1, two - 1);
    lines.concat()
}

/// Makes the manifest say what the files hold, as someone would who covers up.
fn forge(desk: &Desk) {
    let mut out = String::new();
    let mut bytes = None;
    for line in desk.read("out/manifest.json").lines() {
        if let Some(name) = line.trim().strip_suffix("\": {") {
            let name = &name[1..];
            bytes = fs::read(desk.path(&format!("out/{name}"))).ok();
            if matches!(name, "report.json" | "report.html") {
                let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
                bytes = text.map(|text| without_times(&text).into_bytes());
            }
        }
        let key = line.trim().split(':').next().unwrap_or_default();
        let value = bytes.as_ref().and_then(|bytes: &Vec<u8>| match key {
            "\"lines\"" => Some(
                bytes
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count()
                    .to_string(),
            ),
            "\"bytes\"" => Some(bytes.len().to_string()),
            "\"sha256\"" => {
                let digest = Sha256::digest(bytes);
                let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                Some(format!("\"{}\"", digits.concat()))
            }
            _ => None,
        });
        match value {
            Some(value) => {
                let comma = if line.ends_with(',') { "," } else { "" };
                out.push_str(&format!("      {key}: {value}{comma}\n"));
            }
            None => out.push_str(&format!("{line}\n")),
        }
    }
    desk.write("out/manifest.json", out);
}

/// One way of tampering: what is done, what is said of the digests, and what is said when the
/// digests were made to fit.
struct Tampering {
    name: &'static str,
    how: fn(&Desk),
    plain: &'static str,
    forged: &'static [&'static str],
}

const TAMPERINGS: &[Tampering] = &[
    Tampering {
        name: "a byte of a cleaned text flipped",
        how: |desk| replace(desk, CLEANED, "word107", "word007"),
        plain: "cleaned-00000.jsonl: SHA-256 ",
        forged: &[
            "manifest.json: the records and the ledger restore to ",
            "in.jsonl:4: this record is not what the folder restores",
        ],
    },
    Tampering {
        name: "a byte flipped that makes it no JSON",
        how: |desk| replace(desk, CLEANED, "{\"id\":\"last\"", "[\"id\":\"last\""),
        plain: "cleaned-00000.jsonl: SHA-256 ",
        forged: &["cleaned-00000.jsonl:4: no JSON object: expected {, found"],
    },
    Tampering {
        name: "a foreign file that the manifest names",
        how: |desk| {
            desk.write("out/extra", "");
            let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
            let entry = format!(
                "\"extra\": {{\n      \"lines\": 0,\n      \"bytes\": 0,\n      \"sha256\": \"{empty}\"\n    }},\n    \"normalised.jsonl\": {{"
            );
            replace(desk, "out/manifest.json", "\"normalised.jsonl\": {", &entry);
        },
        plain: "manifest.json: names \"extra\", which is no file that a run writes",
        forged: &[],
    },
    Tampering {
        name: "something among the times that is none",
        how: |desk| {
            replace(
                desk,
                "out/report.json",
                "\"times\": {",
                "\"times\": {\n    \"lie\": 1,",
            )
        },
        plain: "report.json: SHA-256 ",
        forged: &[],
    },
    Tampering {
        name: "a cleaned line dropped",
        how: |desk| change(desk, CLEANED, |text| without_line(text, 4)),
        plain: "cleaned-00000.jsonl: lines 3 found; the manifest says 4",
        forged: &["cleaned-00000.jsonl:3: ends before record 9 of 9"],
    },
    Tampering {
        name: "a cleaned line doubled",
        how: |desk| {
            change(desk, CLEANED, |text| {
                text.to_owned() + text.lines().last().unwrap() + "\n"
            })
        },
        plain: "cleaned-00000.jsonl: lines 5 found; the manifest says 4",
        forged: &["cleaned-00000.jsonl:5: goes on behind the last of 9 records"],
    },
    Tampering {
        name: "cleaned rows swapped",
        how: |desk| change(desk, CLEANED, |text| swapped(text, 2, 3)),
        plain: "cleaned-00000.jsonl: SHA-256 ",
        forged: &[
            "cleaned-00000.jsonl:2: the text of record 4 is not what the ledger says it became",
        ],
    },
    Tampering {
        name: "a duplicate's survivor changed",
        how: |desk| {
            replace(
                desk,
                "out/duplicates.jsonl",
                "\"survivor\":\"first\",\"survivor_doc\":0",
                "\"survivor\":\"last\",\"survivor_doc\":8",
            )
        },
        plain: "duplicates.jsonl: SHA-256 ",
        forged: &["duplicates.jsonl:1: similarity 1 (exact) found; measured again it is 0 (near)"],
    },
    Tampering {
        name: "a duplicate's survivor that was dropped",
        how: |desk| {
            replace(
                desk,
                "out/duplicates.jsonl",
                "\"id\":\"near\",\"survivor\":\"first\",\"survivor_doc\":0",
                "\"id\":\"near\",\"survivor\":\"same\",\"survivor_doc\":5",
            )
        },
        plain: "duplicates.jsonl: SHA-256 ",
        forged: &[
            "duplicates.jsonl:2: survivor_doc 5 found, which was dropped itself; expected a record that stays",
        ],
    },
    Tampering {
        name: "a similarity changed",
        how: |desk| {
            replace(
                desk,
                "out/duplicates.jsonl",
                "\"similarity\":0.96",
                "\"similarity\":0.99",
            )
        },
        plain: "duplicates.jsonl: SHA-256 ",
        forged: &[
            "duplicates.jsonl:2: similarity 0.99",
            "measured again it is 0.96",
        ],
    },
    Tampering {
        name: "a row of a duplicate dropped",
        how: |desk| change(desk, "out/duplicates.jsonl", |text| without_line(text, 2)),
        plain: "duplicates.jsonl: lines 1 found; the manifest says 2",
        forged: &[
            "duplicates.jsonl: no row of doc 6 found; it repeats doc 0 at 0.96",
            "report.json: duplicates found that the rows of the ledger do not add up to",
        ],
    },
    Tampering {
        name: "a duplicate told of a record that stays",
        how: |desk| {
            replace(
                desk,
                "out/duplicates.jsonl",
                "{\"doc\":6,\"id\":\"near\"",
                "{\"doc\":8,\"id\":\"last\"",
            )
        },
        plain: "duplicates.jsonl: SHA-256 ",
        forged: &["duplicates.jsonl:2: doc 8 found as a duplicate; it is not in dropped.jsonl"],
    },
    Tampering {
        name: "a removed span changed",
        how: |desk| {
            change(desk, "out/removed.jsonl", |text| {
                let at = text.find("\"span\":[").unwrap() + 8;
                let end = text[at..].find(',').unwrap() + at;
                let start: usize = text[at..end].parse().unwrap();
                format!("{}{}{}", &text[..at], start + 1, &text[end..])
            })
        },
        plain: "removed.jsonl: SHA-256 ",
        forged: &[
            "cleaned-00000.jsonl:3: the text of record 5 is not what the ledger says it became",
        ],
    },
    Tampering {
        name: "a removed text changed",
        how: |desk| {
            replace(
                desk,
                "out/removed.jsonl",
                "\"text\":\"Leave a Reply\"",
                "\"text\":\"Leave a reply\"",
            )
        },
        plain: "removed.jsonl: SHA-256 ",
        forged: &[
            "manifest.json: the records and the ledger restore to ",
            "in.jsonl:5: this record is not",
        ],
    },
    Tampering {
        name: "removed rows swapped",
        how: |desk| {
            change(desk, "out/removed.jsonl", |text| {
                // A row of an earlier record behind one of a later.
                let row = text
                    .lines()
                    .next()
                    .unwrap()
                    .replace("\"doc\":4", "\"doc\":3");
                format!("{text}{row}\n")
            })
        },
        plain: "removed.jsonl: lines ",
        forged: &[": doc 3 found behind doc 4; expected rows in the order of their records"],
    },
    Tampering {
        name: "a mend changed",
        how: |desk| replace(desk, "out/normalised.jsonl", "&amp;", "&AMP;"),
        plain: "normalised.jsonl: SHA-256 ",
        forged: &["manifest.json: the records and the ledger restore to "],
    },
    Tampering {
        name: "a rejected row dropped",
        how: |desk| change(desk, "out/rejected.jsonl", |text| without_line(text, 1)),
        plain: "rejected.jsonl: lines 1 found; the manifest says 2",
        forged: &["report.json: rejected 2 found; rejected.jsonl has 1 row"],
    },
    Tampering {
        name: "rejected rows swapped",
        how: |desk| change(desk, "out/rejected.jsonl", |text| swapped(text, 1, 2)),
        plain: "rejected.jsonl: SHA-256 ",
        forged: &["rejected.jsonl:2: doc 1 found behind doc 2"],
    },
    Tampering {
        name: "a dropped record changed",
        how: |desk| replace(desk, "out/dropped.jsonl", "WORD3 ", "WORD4 "),
        plain: "dropped.jsonl: SHA-256 ",
        forged: &[
            "duplicates.jsonl:1: similarity 1 (exact) found; measured again it is 0.8",
            "in.jsonl:6: this record is not",
        ],
    },
    Tampering {
        name: "a row that is none",
        how: |desk| change(desk, "out/removed.jsonl", |text| format!("{{}}\n{text}")),
        plain: "removed.jsonl: lines ",
        forged: &["removed.jsonl:1: missing field `doc`"],
    },
    Tampering {
        name: "the manifest's number of records edited",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"records\": 9",
                "\"records\": 8",
            )
        },
        plain: "report.json: read 9 found; the manifest says 8 records",
        forged: &["cleaned-00000.jsonl:4: goes on behind the last of 8 records"],
    },
    Tampering {
        name: "the manifest's settings edited",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"threshold\": 0.8",
                "\"threshold\": 0.97",
            )
        },
        plain: "report.json: settings found that differ from the manifest's",
        forged: &[
            "duplicates.jsonl:2: a row of doc 6 found; decided again, it repeats nothing that stays",
        ],
    },
    Tampering {
        name: "the manifest reformatted",
        how: |desk| replace(desk, "out/manifest.json", "{\n", "{ \n"),
        plain: "manifest.json: found other bytes from byte 1 on than a run writes",
        forged: &[],
    },
    Tampering {
        name: "a book missing",
        how: |desk| fs::remove_file(desk.path("out/removed.jsonl")).unwrap(),
        plain: "removed.jsonl: found no such file; the manifest names it",
        forged: &[],
    },
    Tampering {
        name: "a file too many",
        how: |desk| {
            desk.write("out/cleaned-00001.jsonl", "{\"text\":\"more\"}\n");
        },
        plain: "cleaned-00001.jsonl: found a file that the manifest does not name",
        forged: &["cleaned-00001.jsonl: found a file that the manifest does not name"],
    },
    Tampering {
        name: "the report's accounting edited",
        how: |desk| replace(desk, "out/report.json", "\"written\": 4", "\"written\": 5"),
        plain: "report.json: SHA-256 ",
        forged: &[
            "report.json: read 9 found; written 5 + duplicates 2 + dropped 1 + rejected 2 are 10",
        ],
    },
    Tampering {
        name: "a unique record moved to the dropped",
        how: |desk| {
            let cleaned = desk.read(CLEANED);
            let line = cleaned.lines().last().unwrap();
            desk.write(CLEANED, without_line(&cleaned, 4));
            let row = format!(
                "{{\"doc\":8,\"id\":\"last\",\"reason\":\"duplicate\",\"record\":{line}}}\n"
            );
            change(desk, "out/dropped.jsonl", |text| format!("{text}{row}"));
        },
        plain: "cleaned-00000.jsonl: lines 3 found; the manifest says 4",
        forged: &[
            "dropped.jsonl: doc 8 found, dropped as a duplicate; duplicates.jsonl has no row of it",
            "report.json: written 4 found; the folder holds 3",
            "report.json: duplicates 2 found; the folder holds 3",
        ],
    },
    Tampering {
        name: "the report's accounting edited so that it adds up",
        how: |desk| {
            replace(desk, "out/report.json", "\"written\": 4", "\"written\": 5");
            replace(
                desk,
                "out/report.json",
                "\"duplicates\": 2",
                "\"duplicates\": 1",
            );
        },
        plain: "report.json: SHA-256 ",
        forged: &["report.json: written 5 found; the folder holds 4"],
    },
    Tampering {
        name: "the report's sizes edited",
        how: |desk| {
            replace(
                desk,
                "out/report.json",
                "\"records_cut\": ",
                "\"records_cut\": 1",
            )
        },
        plain: "report.json: SHA-256 ",
        forged: &["report.json: text found that the restored records do not add up to"],
    },
    Tampering {
        name: "the report's kinds of furniture edited",
        how: |desk| {
            // The first number is the rule's own, the second that of its kind.
            change(desk, "out/report.json", |text| {
                let kinds = text.find("\"kinds\": {").unwrap();
                let (before, behind) = text.split_at(kinds);
                format!(
                    "{before}{}",
                    behind.replacen("\"spans\": ", "\"spans\": 1", 1)
                )
            });
        },
        plain: "report.json: SHA-256 ",
        forged: &["report.json: rules found that the rows of the ledger do not add up to"],
    },
    Tampering {
        name: "the report's documents edited",
        how: |desk| replace(desk, "out/report.json", "\"Latin\": ", "\"Latin\": 1"),
        plain: "report.json: SHA-256 ",
        forged: &["report.json: documents found that the restored records do not add up to"],
    },
    Tampering {
        name: "the report's clusters edited",
        how: |desk| {
            replace(
                desk,
                "out/report.json",
                "\"survivor\": \"first\"",
                "\"survivor\": \"last\"",
            )
        },
        plain: "report.json: SHA-256 ",
        forged: &["report.json: clusters found that the restored records do not add up to"],
    },
    Tampering {
        name: "the report's sites edited",
        how: |desk| replace(desk, "out/report.json", "\"within\": ", "\"within\": 1"),
        plain: "report.json: SHA-256 ",
        forged: &["report.json: sites found that the restored records do not add up to"],
    },
    Tampering {
        name: "the page edited",
        how: |desk| replace(desk, "out/report.html", "</html>", "<!-- --></html>"),
        plain: "report.html: SHA-256 ",
        forged: &["report.html: found other bytes from byte "],
    },
    Tampering {
        name: "the id in a mended row changed",
        how: |desk| {
            replace(
                desk,
                "out/normalised.jsonl",
                "\"id\":\"mended\"",
                "\"id\":\"other\"",
            )
        },
        plain: "normalised.jsonl: SHA-256 ",
        forged: &["id \"other\" found in a row of doc 3; expected \"mended\""],
    },
    Tampering {
        name: "the id in a dropped row changed",
        how: |desk| {
            replace(
                desk,
                "out/dropped.jsonl",
                "\"id\":\"near\",\"reason\"",
                "\"id\":\"other\",\"reason\"",
            )
        },
        plain: "dropped.jsonl: SHA-256 ",
        forged: &["id \"other\" found in a row of doc 6; expected \"near\""],
    },
    Tampering {
        name: "the place of a rejected record changed",
        how: |desk| replace(desk, "out/rejected.jsonl", "\"line\":2", "\"line\":7"),
        plain: "rejected.jsonl: SHA-256 ",
        forged: &["rejected.jsonl: another place found of record 2; it stands at in.jsonl:2"],
    },
    Tampering {
        name: "the file of a rejected record changed",
        how: |desk| {
            replace(
                desk,
                "out/rejected.jsonl",
                "\"file\":\"in.jsonl\"",
                "\"file\":\"on.jsonl\"",
            )
        },
        plain: "rejected.jsonl: SHA-256 ",
        forged: &[
            "rejected.jsonl: file \"on.jsonl\" found of record 2; the manifest names no such input",
        ],
    },
    Tampering {
        name: "removed rows of one record swapped",
        how: |desk| change(desk, "out/removed.jsonl", |text| swapped(text, 1, 2)),
        plain: "removed.jsonl: SHA-256 ",
        forged: &["; expected the spans of a record in the order of its text"],
    },
    Tampering {
        name: "the manifest's inputs emptied",
        how: |desk| {
            change(desk, "out/manifest.json", |text| {
                let start = text.find("\"inputs\": [").unwrap() + 11;
                let end = text[start..].find("\n  ]").unwrap() + start;
                format!("{}{}", &text[..start], &text[end + 4..])
                    .replacen("\"inputs\": [,", "\"inputs\": [],", 1)
                    .replacen("\"inputs\": [\n  ]", "\"inputs\": []", 1)
            })
        },
        plain: "manifest.json: no inputs found; 9 records were read",
        forged: &[],
    },
    Tampering {
        name: "the format of an input changed in the manifest",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"format\": \"jsonl\"",
                "\"format\": \"text\"",
            )
        },
        plain: "manifest.json: inputs: format \"text\" found of in.jsonl; it was read as \"jsonl\", and is what was read",
        forged: &[],
    },
    Tampering {
        name: "the format of an input made a word that is none",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"format\": \"jsonl\"",
                "\"format\": \"parquet\"",
            )
        },
        plain: "manifest.json: inputs: format \"parquet\" found of in.jsonl; expected jsonl or text",
        forged: &[],
    },
    Tampering {
        name: "the format of an input that is gone made a word that is none",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"format\": \"jsonl\"",
                "\"format\": \"parquet\"",
            );
            fs::remove_file(desk.path("in.jsonl")).unwrap();
        },
        plain: "manifest.json: inputs: format \"parquet\" found of in.jsonl; expected jsonl or text",
        forged: &[],
    },
    Tampering {
        name: "the size of an input changed in the manifest",
        how: |desk| replace(desk, "out/manifest.json", "\"bytes\": ", "\"bytes\": 1"),
        plain: " were there when it was read, says the manifest; but it is what was read",
        forged: &[],
    },
    Tampering {
        name: "duplicates switched off in the settings",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"mode\": \"drop\"",
                "\"mode\": \"off\"",
            );
            replace(
                desk,
                "out/report.json",
                "\"mode\": \"drop\"",
                "\"mode\": \"off\"",
            );
        },
        plain: "report.json: SHA-256 ",
        forged: &[
            "manifest.json: settings: duplicates.jsonl has rows, but duplicates.mode off found",
            "dropped.jsonl: 2 records dropped as duplicate found; by duplicates.mode expected none",
        ],
    },
    Tampering {
        name: "the level switched off in the settings",
        how: |desk| {
            replace(
                desk,
                "out/manifest.json",
                "\"level\": \"standard\"",
                "\"level\": \"off\"",
            );
            replace(
                desk,
                "out/report.json",
                "\"level\": \"standard\"",
                "\"level\": \"off\"",
            );
        },
        plain: "report.json: SHA-256 ",
        forged: &[
            "manifest.json: settings: removed.jsonl has rows of rules, but boilerplate.level off",
        ],
    },
];

#[test]
fn a_desk_that_is_switched_off_in_the_settings_is_found() {
    let desk = Desk::new();
    let news = crate::support::fixture("news.jsonl");
    for (key, wrong) in [
        (
            "\"headlines\": {",
            "removed.jsonl has repeated headlines, but headlines.enabled false",
        ),
        (
            "\"entities\": true",
            "normalised.jsonl has rows of entities, but it is switched off",
        ),
    ] {
        desk.ok(&["run", &news, "-o", "out", "-q", "-f"]);
        for file in ["out/manifest.json", "out/report.json"] {
            change(&desk, file, |text| {
                let (before, behind) = text.split_once(key).unwrap();
                let switched = format!("{key}{behind}").replacen("true", "false", 1);
                format!("{before}{switched}")
            });
        }
        forge(&desk);
        let found = told(&desk);
        assert!(found.contains(wrong), "{found}");
    }
}

#[test]
fn a_mark_that_was_changed_is_found() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    for (from, to) in [
        ("\"would_drop\":\"duplicate\"", "\"would_drop\":\"empty\""),
        ("\"survivor\":\"first\"", "\"survivor\":\"last\""),
        ("\"similarity\":1.0", "\"similarity\":0.5"),
        (",\"copydesk\":{\"would_drop\":\"empty\"}}", "}"),
    ] {
        desk.ok(&["run", "in.jsonl", "-o", "out", "--duplicates", "mark", "-q"]);
        desk.ok(&["verify", "out"]);
        replace(&desk, CLEANED, from, to);
        forge(&desk);
        let found = told(&desk);
        assert!(
            found.contains("found without the mark that its fate gives"),
            "{from}: {found}"
        );
        fs::remove_dir_all(desk.path("out")).unwrap();
    }
}

#[test]
fn what_was_not_compared_is_not_said_to_be_right() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    replace(&desk, CLEANED, "{\"id\":\"mended\"", "[\"id\":\"mended\"");
    let said = desk.fails(1, &["verify", "out"]);
    assert!(
        said.contains("3 records restored, 0 duplicates measured again; stopped at record 4; the inputs were not compared"),
        "{said}"
    );
    fs::remove_dir_all(desk.path("out")).unwrap();
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    replace(&desk, CLEANED, "word107", "word007");
    let said = desk.fails(1, &["verify", "out"]);
    assert!(
        said.contains("they are not what the inputs hold, from in.jsonl:4 on"),
        "{said}"
    );
}

fn told(desk: &Desk) -> String {
    let output = desk.copydesk(&["verify", "out"]).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{found}{said}");
    found
}

#[test]
fn every_kind_of_tampering_is_found_and_named() {
    let desk = Desk::new();
    for tampering in TAMPERINGS {
        let (name, plain) = (tampering.name, tampering.plain);
        desk.write("in.jsonl", corpus());
        desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
        desk.ok(&["verify", "out"]);
        (tampering.how)(&desk);
        let found = told(&desk);
        assert!(
            found.contains(plain),
            "{name} should be told as {plain:?}: {found}"
        );
        if !tampering.forged.is_empty() {
            forge(&desk);
            let found = told(&desk);
            for part in tampering.forged {
                assert!(
                    found.contains(part),
                    "{name}, covered up, should be told as {part:?}: {found}"
                );
            }
            assert!(
                !found.contains("SHA-256"),
                "{name}: the forgery is bad: {found}"
            );
        }
        fs::remove_dir_all(desk.path("out")).unwrap();
    }
}

#[test]
fn whatever_a_run_was_told_its_folder_verifies() {
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
        &["--compress", "gz", "--threshold", "0.5", "--keep", "latest"],
        &["--keep", "longest", "--max-record", "700"],
        &["--site-model", "auto", "--no-line-model"],
    ] {
        let desk = Desk::new();
        let (news, pages) = (fixture("news.jsonl"), fixture("pages"));
        let mut words = vec!["run", &news, &pages, "-o", "out", "-q"];
        words.extend(more);
        desk.ok(&words);
        let output = desk.copydesk(&["verify", "out"]).output().unwrap();
        let (found, said) = (output.stdout, String::from_utf8(output.stderr).unwrap());
        let found = String::from_utf8(found).unwrap();
        assert!(
            output.status.success() && found.is_empty(),
            "{more:?}: {found}{said}"
        );
        assert!(
            said.contains("they are what the inputs hold"),
            "{more:?}: {said}"
        );
        assert!(said.contains("nothing is wrong"), "{more:?}: {said}");
    }
}

#[test]
fn what_is_said_of_a_file_beside_a_ledger_is_held_against_it() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out.jsonl", "--audit", "out", "-q"]);
    let whole = desk.read("out/manifest.json");
    let at = whole.find("\"cleaned\"").unwrap();
    for what in ["lines", "bytes", "sha256"] {
        let key = at + whole[at..].find(&format!("\"{what}\"")).unwrap();
        let end = key + whole[key..].find('\n').unwrap();
        let value = match what {
            "sha256" => format!("\"{what}\": \"00\""),
            _ => format!("\"{what}\": 7,"),
        };
        let changed = [&whole[..key], &value, &whole[end..]].concat();
        desk.write("out/manifest.json", changed);
        let found = told(&desk);
        assert!(found.contains("out.jsonl: "), "{what}: {found}");
    }
}

#[test]
fn a_book_without_rows_is_packed_as_the_others_are() {
    for (packing, ending) in [("gz", ".gz"), ("zst", ".zst")] {
        let desk = Desk::new();
        desk.write("in.jsonl", "{\"text\":\"One line of its own.\"}\n");
        desk.ok(&["run", "in.jsonl", "-o", "out", "-q", "--compress", packing]);
        let file = fs::read(desk.path(&format!("out/rejected.jsonl{ending}"))).unwrap();
        let mut text = String::new();
        let read = match packing {
            "gz" => flate2::read::GzDecoder::new(&*file).read_to_string(&mut text),
            _ => zstd::Decoder::new(&*file)
                .unwrap()
                .read_to_string(&mut text),
        };
        assert_eq!((read.unwrap(), file.is_empty()), (0, false), "{packing}");
        desk.ok(&["verify", "out"]);
    }
}

#[test]
fn a_folder_without_its_inputs_is_verified_by_itself() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out.jsonl",
        "--audit",
        "audit",
        "-q",
    ]);
    let verify = |said: &str| {
        let output = desk
            .copydesk(&["verify", "audit", "--cleaned", "out.jsonl"])
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{err}");
        assert!(err.contains(said), "{err}");
    };
    verify("they are what the inputs hold");
    replace(&desk, "in.jsonl", "word300", "word301");
    verify("in.jsonl:9 is not the record that was read");
    desk.write("in.jsonl", "{\"text\":\"another\"}\n");
    verify("in.jsonl: 19 bytes found");
    fs::remove_file(desk.path("in.jsonl")).unwrap();
    verify("in.jsonl is not here");
    let said = desk.fails(1, &["verify", "nothing"]);
    assert!(said.contains("no output folder of copydesk"), "{said}");
}

#[test]
fn fingerprints_are_laid_aside_where_it_is_said() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let whole = desk.files("out");
    for command in ["verify", "tune"] {
        // Not in the system's place unasked: there is none here.
        let mut asked = desk.copydesk(&[command, "out"]);
        let output = asked.env("TMPDIR", desk.path("nowhere")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}: {said}");
        assert_eq!(desk.files("out"), whole);
        let said = desk.fails(1, &[command, "out", "--temp-dir", "elsewhere"]);
        assert!(said.contains("elsewhere"), "{command}: {said}");
        let mut asked = desk.copydesk(&[command, "out"]);
        let asked = asked.env("COPYDESK_RESOURCES_TEMP_DIR", "elsewhere");
        assert_eq!(asked.output().unwrap().status.code(), Some(1));
        std::fs::create_dir_all(desk.path("temp")).unwrap();
        desk.ok(&[command, "out", "--temp-dir", "temp"]);
    }
}

#[test]
fn a_longest_record_that_was_another_is_found() {
    let desk = Desk::new();
    let long = format!("{{\"text\":\"{}\"}}\n", "one word more ".repeat(40));
    let longer = long
        .repeat(2)
        .replace("}\n{\"text\":\"", "}\n{\"text\":\"another ");
    desk.write("in.jsonl", format!("{longer}{{\"text\":\"short\"}}\n"));
    desk.ok(&["run", "in.jsonl", "-o", "out", "--max-record", "574", "-q"]);
    assert_eq!(desk.read("out/rejected.jsonl").lines().count(), 1);
    desk.ok(&["verify", "out", "-q"]);
    let found = |to: &str| {
        let manifest = desk.read("out/manifest.json");
        let changed = manifest.replace("\"max_record\": 574", &format!("\"max_record\": {to}"));
        assert_ne!(changed, manifest);
        desk.write("out/manifest.json", changed);
        let output = desk.copydesk(&["verify", "out"]).output().unwrap();
        desk.write("out/manifest.json", manifest);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).unwrap()
    };
    let more = found("580");
    assert!(
        more.contains("record 2 was rejected for another, says its row"),
        "{more}"
    );
    let less = found("300");
    assert!(
        less.contains("max_record 300 found; record 1 is longer"),
        "{less}"
    );
}

/// Every file of a folder is broken in turn: whoever reads the folder complains or gives the truth.
#[test]
fn no_command_falls_over_a_broken_folder_or_gives_wrong_bytes() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "whole", "-q", "--no-brake"]);
    let originals = desk.ok(&["restore", "whole"]);
    let whole = desk.files("whole");
    for (name, bytes) in &whole {
        let half = bytes[..bytes.len() / 2].to_vec();
        let mut changed = bytes.clone();
        if let Some(letter) = changed.iter_mut().rev().find(|b| b.is_ascii_lowercase()) {
            *letter ^= 1;
        }
        for broken in [None, Some(half), Some(changed)] {
            if broken.as_ref() == Some(bytes) {
                continue;
            }
            for (other, bytes) in &whole {
                desk.write(&format!("out/{other}"), bytes);
            }
            let path = format!("out/{name}");
            match &broken {
                None => fs::remove_file(desk.path(&path)).unwrap(),
                Some(broken) => drop(desk.write(&path, broken)),
            }
            for words in [
                &["verify", "out"][..],
                &["restore", "out"],
                &["report", "out", "-o", "page.html", "--force"],
                &["tune", "out"],
                &["explain", "--run", "out", "--id", "cut"],
            ] {
                let output = desk.copydesk(words).output().unwrap();
                let (said, code) = (output.stderr, output.status.code());
                let said = String::from_utf8_lossy(&said);
                let place = format!(
                    "{words:?} with {name} {:?}: {said}",
                    broken.as_ref().map_or(0, Vec::len)
                );
                assert!(
                    matches!(code, Some(0 | 1)) && !said.contains("panicked"),
                    "{place}"
                );
                match words[0] {
                    "verify" => assert_eq!(code, Some(1), "{place}"),
                    "restore" if code == Some(0) => {
                        assert!(output.stdout == originals.as_bytes(), "{place}");
                    }
                    _ => assert!(code == Some(0) || said.contains("error: "), "{place}"),
                }
            }
        }
    }
}
