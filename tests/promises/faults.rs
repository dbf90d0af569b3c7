//! What goes wrong, and what copydesk does then: the table of `docs/faults.md`, row by row.
//!
//! `UPDATE_GOLDEN=1 cargo test` writes the document anew from what was seen; read the diff.

use crate::support::Desk;
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// One fault. The command is run by a shell in a folder that `make` has filled.
struct Fault {
    what: &'static str,
    make: fn(&Desk),
    command: &'static str,
    exit: i32,
    /// What must stand in what is printed, or in the reasons of `rejected.jsonl`.
    says: &'static [&'static str],
    lost: &'static str,
}

const NOTHING: &str = "nothing";
const RUN: &str = "copydesk run in.jsonl -o out";
const GOOD: &str = "{\"id\":1,\"text\":\"one\"}\n{\"id\":2,\"text\":\"two\"}\n";

fn lines(count: usize) -> String {
    (0..count)
        .map(|number| {
            let noise = number.wrapping_mul(2_654_435_761) % 1_000_003;
            format!("{{\"id\":{number},\"text\":\"line {number} says {noise}\"}}\n")
        })
        .collect()
}

fn gz(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// Zstandard with a checksum.
fn zst(text: &str) -> Vec<u8> {
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packer.include_checksum(true).unwrap();
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.len() / 2;
    bytes[at] ^= 0x55;
    bytes
}

fn put(desk: &Desk, bytes: impl AsRef<[u8]>) {
    desk.write("in.jsonl", bytes);
}

/// A line between two good ones.
fn between(desk: &Desk, line: &str) {
    put(desk, GOOD.replacen('\n', &format!("\n{line}\n"), 1));
}

const FAULTS: &[Fault] = &[
    Fault {
        what: "a gzip file that breaks off",
        make: |desk| {
            let all = gz(&lines(20_000));
            put(desk, &all[..all.len() / 2]);
        },
        command: RUN,
        exit: 0,
        says: &["broken off: the input ends here and its rest is not read"],
        lost: "what stood behind the break; the line it cut is in rejected.jsonl",
    },
    Fault {
        what: "a gzip file with a wrong byte",
        make: |desk| put(desk, flipped(gz(&lines(20_000)))),
        command: RUN,
        exit: 0,
        says: &[
            "broken off: the input ends here and its rest is not read: corrupt gzip stream does not have a matching checksum",
        ],
        lost: "what the wrong byte garbled; where it is still JSON, only the checksum tells",
    },
    Fault {
        what: "something else behind a gzip stream",
        make: |desk| put(desk, [gz(GOOD), b"no gzip".to_vec()].concat()),
        command: RUN,
        exit: 0,
        says: &["broken off: the input ends here and its rest is not read: "],
        lost: "what stood behind the stream",
    },
    Fault {
        what: "a Zstandard file that breaks off",
        make: |desk| {
            let all = zst(&lines(20_000));
            put(desk, &all[..all.len() / 2]);
        },
        command: RUN,
        exit: 0,
        says: &["broken off: the input ends here and its rest is not read: incomplete frame"],
        lost: "what stood behind the break",
    },
    Fault {
        what: "a Zstandard file with a wrong checksum",
        make: |desk| {
            let mut all = zst(&lines(20_000));
            let last = all.len() - 1;
            all[last] ^= 1;
            put(desk, all);
        },
        command: RUN,
        exit: 0,
        says: &["broken off: the input ends here and its rest is not read: "],
        lost: "the last block of the frame, 128 kB at most, and what stood behind the frame",
    },
    Fault {
        what: "broken JSON",
        make: |desk| between(desk, "{\"text\":\"cut"),
        command: RUN,
        exit: 0,
        says: &["broken JSON: EOF while parsing a string"],
        lost: NOTHING,
    },
    Fault {
        what: "rejected records, with --strict",
        make: |desk| between(desk, "[]"),
        command: "copydesk run in.jsonl -o out --strict",
        exit: 3,
        says: &["no JSON object: expected {, found \"[]\""],
        lost: NOTHING,
    },
    Fault {
        what: "more rejected records than --max-rejects N",
        make: |desk| put(desk, GOOD.to_owned() + "x\ny\nz\n" + GOOD),
        command: "copydesk run in.jsonl -o out --max-rejects 2",
        exit: 4,
        says: &[
            "in.jsonl:5: no JSON object",
            "3 of 5 records were rejected; --max-rejects allows 2",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "more rejected records than --max-rejects P%",
        make: |desk| put(desk, lines(98) + "x\ny\n"),
        command: "copydesk run in.jsonl -o out --max-rejects 1%",
        exit: 4,
        says: &["2 of 100 records were rejected; --max-rejects allows 1%"],
        lost: "nothing is written",
    },
    Fault {
        what: "every record rejected (a wrong field)",
        make: |desk| put(desk, GOOD),
        command: "copydesk run in.jsonl -o out --text-field body",
        exit: 1,
        says: &[
            "every record was rejected (no text), and this was the first. Nothing was written",
            "in.jsonl:1: no text: record has no \"body\" field, but id, text",
            "--text-field FIELD names the field",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "more than half of 100 records or more rejected",
        make: |desk| put(desk, lines(49) + &"x\n".repeat(51)),
        command: RUN,
        exit: 4,
        says: &[
            "the brake stopped the run: 51 of 100 records were rejected, which is more than half, the first at in.jsonl:50: no JSON object",
            "--max-rejects 100% (or --no-brake) lets the run through",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "the same, let through",
        make: |desk| put(desk, lines(49) + &"x\n".repeat(51)),
        command: "copydesk run in.jsonl -o out --no-brake",
        exit: 0,
        says: &[
            "warning: 51 of 100 records were rejected, the first at in.jsonl:50: no JSON object",
        ],
        lost: NOTHING,
    },
    Fault {
        what: "a named file of a format that is not read",
        make: |desk| {
            desk.write("in.jsonl.bz2", b"BZh91AY&SY\x19\x93\x9b\x6b\0\0");
        },
        command: "copydesk run in.jsonl.bz2 -o out",
        exit: 1,
        says: &[
            "error: in.jsonl.bz2: looks like bzip2: expected JSONL or text, plain, gzip or Zstandard; `bzcat in.jsonl.bz2 | copydesk run - -o DIR` mends it",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "a file of a format that is not read, in a folder",
        make: |desk| {
            desk.write("folder/a.jsonl", GOOD);
            desk.write("folder/b.jsonl", gz("PAR1\x15\x04\x15 a table"));
        },
        command: "copydesk run folder -o out",
        exit: 0,
        says: &["looks like Parquet: expected JSONL or text"],
        lost: "the file but its first 1024 bytes",
    },
    Fault {
        what: "a stream of a format that is not read",
        make: |desk| {
            desk.write("in.xz", b"\xfd7zXZ\0\0\x04 and more\n and more\n");
        },
        command: "copydesk run - -o out < in.xz",
        exit: 1,
        says: &["error: -:1: looks like xz: expected JSONL or text"],
        lost: "nothing is written",
    },
    Fault {
        what: "a named file of noise",
        make: |desk| {
            let noise: Vec<u8> = (0u32..4000)
                .map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8)
                .collect();
            desk.write("noise", noise);
        },
        command: "copydesk run noise -o out",
        exit: 1,
        says: &[
            "error: noise: looks like no text: ",
            " of its first 4000 bytes are control bytes",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "a named file of markup or a table",
        make: |desk| {
            desk.write("in.csv", "id,text\n1,one\n");
        },
        command: "copydesk run in.csv -o out",
        exit: 1,
        says: &[
            "error: in.csv: looks like a table: expected JSONL or text",
            "--format text take",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "a page under a name that does not tell",
        make: |desk| {
            let page = "<!DOCTYPE html>\n<html><body>The ferry is late.</body></html>\n";
            desk.write("page", gz(page));
        },
        command: "copydesk run page -o out",
        exit: 1,
        says: &[
            "error: page: looks like a page with its markup: expected JSONL or text",
            "--format text take",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "a table under a name that does not tell",
        make: |desk| {
            desk.write(
                "table",
                "id,title,text\n1,Ferry,\"Late, again\"\n2,Fair,Rain\n",
            );
        },
        command: "copydesk run table -o out",
        exit: 0,
        says: &[
            "warning: table: looks like a table of 3 columns (id,title,text), and is read as one text",
            "--format text say",
        ],
        lost: "nothing, but its rows are one record",
    },
    Fault {
        what: "a record longer than --max-record",
        make: |desk| between(desk, &format!("{{\"text\":\"{}\"}}", "x".repeat(300_000))),
        command: "copydesk run in.jsonl -o out --max-record 200k",
        exit: 0,
        says: &["too long: record of 300011 bytes; --max-record allows 204800"],
        lost: "the record but its first 1024 bytes; it was never held whole",
    },
    Fault {
        what: "a bomb: 300 MB in a line of 28 kB",
        make: |desk| {
            let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
            for _ in 0..300 {
                packer.write_all(&vec![b'0'; 1 << 20]).unwrap();
            }
            packer.write_all(format!("\n{GOOD}").as_bytes()).unwrap();
            put(desk, packer.finish().unwrap());
        },
        command: "copydesk clean in.jsonl -o out",
        exit: 0,
        says: &["too long: record of 314572800 bytes; --max-record allows 67108864"],
        lost: "the record but its first 1024 bytes",
    },
    Fault {
        what: "NUL bytes between records and in them",
        make: |desk| {
            put(
                desk,
                GOOD.replacen(
                    '\n',
                    "\n\0\0\n{\"text\":\"a\\u0000b\"}\n{\"text\":\"a\0b\"}\n",
                    1,
                ),
            )
        },
        command: RUN,
        exit: 0,
        says: &[
            "no JSON object: expected {, found \"\\0\\0\"",
            "broken JSON: control character",
        ],
        lost: "nothing; escaped ones are controls, and go",
    },
    Fault {
        what: "lone surrogates",
        make: |desk| between(desk, "{\"text\":\"a \\ud83d b\"}"),
        command: RUN,
        exit: 0,
        says: &["3 = 3 + 0 + 0 + 0"],
        lost: "nothing: U+FFFD stands for them, and restore puts them back",
    },
    Fault {
        what: "equal keys, 1e400, other fields of any kind",
        make: |desk| {
            between(
                desk,
                "{\"n\":1e400,\"n\":[],\"text\":\"first\",\"text\":\"last\"}",
            )
        },
        command: RUN,
        exit: 0,
        says: &["3 = 3 + 0 + 0 + 0"],
        lost: "nothing: the last text counts, all other bytes stay",
    },
    Fault {
        what: "brackets 100,000 deep",
        make: |desk| {
            between(
                desk,
                &format!(
                    "{{\"x\":{}{},\"text\":\"deep\"}}",
                    "[".repeat(100_000),
                    "]".repeat(100_000)
                ),
            )
        },
        command: RUN,
        exit: 0,
        says: &["3 = 3 + 0 + 0 + 0"],
        lost: NOTHING,
    },
    Fault {
        what: "a byte order mark, CRLF, blank lines, no last line feed",
        make: |desk| {
            put(
                desk,
                "\u{feff}".to_owned() + GOOD.replace('\n', "\r\n\r\n").trim_end(),
            )
        },
        command: RUN,
        exit: 0,
        says: &["2 = 2 + 0 + 0 + 0"],
        lost: NOTHING,
    },
    Fault {
        what: "UTF-16 where JSONL is expected",
        make: |desk| {
            put(
                desk,
                GOOD.encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
            )
        },
        command: RUN,
        exit: 1,
        says: &["every record was rejected"],
        lost: NOTHING,
    },
    Fault {
        what: "bytes that are no UTF-8",
        make: |desk| put(desk, [GOOD.as_bytes(), b"{\"text\":\"a\xff\"}\n"].concat()),
        command: RUN,
        exit: 0,
        says: &["invalid UTF-8: byte 10 of the record"],
        lost: NOTHING,
    },
    Fault {
        what: "an empty file",
        make: |desk| put(desk, ""),
        command: RUN,
        exit: 0,
        says: &["0 = 0 + 0 + 0 + 0"],
        lost: NOTHING,
    },
    Fault {
        what: "ids that are missing, repeated, numbers or objects",
        make: |desk| {
            put(
                desk,
                "{\"text\":\"a\"}\n{\"id\":\"x\",\"text\":\"b\"}\n{\"id\":\"x\",\"text\":\"c\"}\n{\"id\":{},\"text\":\"d\"}\n",
            )
        },
        command: RUN,
        exit: 0,
        says: &["4 = 4 + 0 + 0 + 0"],
        lost: "nothing: the ledger tells records apart by doc; #1 stands for no id",
    },
    Fault {
        what: "text that is null, a number, an array, an object, true",
        make: |desk| {
            put(
                desk,
                GOOD.to_owned()
                    + "{\"text\":null}\n{\"text\":1}\n{\"text\":[]}\n{\"text\":{}}\n{\"text\":true}\n",
            )
        },
        command: RUN,
        exit: 0,
        says: &[
            "is null; expected a string",
            "is a number",
            "is an array",
            "is an object",
            "is a boolean",
        ],
        lost: NOTHING,
    },
    Fault {
        what: "an array of JSON over many lines",
        make: |desk| put(desk, "[\n  {\"text\": \"a\"},\n  {\"text\": \"b\"}\n]\n"),
        command: RUN,
        exit: 0,
        says: &[
            "no JSON object: expected {, found \"[\"",
            "broken JSON: trailing characters",
        ],
        lost: NOTHING,
    },
    Fault {
        what: "a folder among the files, with hidden and other files in it",
        make: |desk| {
            put(desk, GOOD);
            desk.write("folder/a.jsonl", "{\"id\":3,\"text\":\"three\"}\n");
            desk.write("folder/.hidden.jsonl", "x");
            desk.write("folder/image.png", "x");
        },
        command: "copydesk run in.jsonl folder -o out",
        exit: 0,
        says: &["3 = 3 + 0 + 0 + 0"],
        lost: "nothing; what is hidden or has another ending is not read",
    },
    Fault {
        what: "a pipe with a name",
        make: |desk| put(desk, GOOD),
        command: "mkfifo pipe && (cat in.jsonl > pipe & copydesk run pipe -o out)",
        exit: 0,
        says: &["2 = 2 + 0 + 0 + 0"],
        lost: NOTHING,
    },
    Fault {
        what: "an input that is not there",
        make: |_| {},
        command: RUN,
        exit: 1,
        says: &["error: in.jsonl: No such file or directory"],
        lost: "nothing is written",
    },
    Fault {
        what: "a link in a folder that leads nowhere",
        make: |desk| {
            desk.write("folder/a.jsonl", GOOD);
        },
        command: "ln -s nowhere folder/b.jsonl && copydesk run folder -o out",
        exit: 1,
        says: &["error: folder/b.jsonl: ", "No such file or directory"],
        lost: "nothing is written",
    },
    Fault {
        what: "an input that becomes shorter while it is read",
        // The first input is a pipe that opens when the second has been cut.
        make: |desk| {
            put(desk, GOOD);
            desk.write("b.jsonl", lines(100));
        },
        command: "mkfifo a.jsonl && (copydesk run a.jsonl b.jsonl -o out & pid=$!; exec 3> a.jsonl; truncate -s 1000 b.jsonl; cat in.jsonl >&3; exec 3>&-; wait $pid)",
        exit: 0,
        says: &[
            "broken off: the input ends here and its rest is not read: it was ",
            "bytes longer when the run began; something else has cut it",
        ],
        lost: "what was cut off",
    },
    Fault {
        what: "too many open files",
        make: |desk| put(desk, GOOD),
        command: "(ulimit -n 9; copydesk run in.jsonl -o out); code=$?; test ! -e out && exit $code",
        exit: 1,
        says: &["Too many open files", "`ulimit -n` sets the limit"],
        lost: "nothing is written",
    },
    Fault {
        what: "no room: a file may not grow",
        make: |desk| put(desk, lines(4000)),
        command: "trap '' XFSZ; ulimit -f 100; copydesk run in.jsonl -o out",
        exit: 1,
        says: &["out/.copydesk-partial", "File too large"],
        lost: "nothing is written",
    },
    Fault {
        what: "no room: the device is full",
        make: |desk| put(desk, lines(4000)),
        command: "copydesk clean in.jsonl -o /dev/full",
        exit: 1,
        says: &["error: /dev/full: No space left on device"],
        lost: "what a reader of the device has not got",
    },
    Fault {
        what: "an output folder under a file",
        make: |desk| put(desk, GOOD),
        command: "copydesk run in.jsonl -o in.jsonl/out",
        exit: 1,
        says: &[
            "error: in.jsonl/out",
            "a file stands there; expected a folder",
        ],
        lost: "nothing is written",
    },
    Fault {
        what: "an output folder that cannot be made",
        make: |desk| put(desk, GOOD),
        command: "copydesk run in.jsonl -o /proc/out",
        exit: 1,
        says: &["error: /proc/out"],
        lost: "nothing is written",
    },
    Fault {
        what: "a --temp-dir in which no folder can be made",
        make: |desk| put(desk, GOOD),
        command: "copydesk run in.jsonl -o out --temp-dir /proc; code=$?; test ! -e out && exit $code",
        exit: 1,
        says: &["error: /proc/copydesk-", "No such file or directory"],
        lost: "nothing is written",
    },
    Fault {
        what: "an output folder that vanishes while the run goes",
        make: |desk| put(desk, GOOD),
        command: "mkfifo pipe && (copydesk run pipe -o out & pid=$!; exec 3> pipe; while ! test -e out/.copydesk-partial/journal; do :; done; rm -r out; cat in.jsonl >&3; exec 3>&-; wait $pid)",
        exit: 1,
        says: &["error: out", "No such file or directory"],
        lost: "what was finished",
    },
    Fault {
        what: "an output folder that holds something else",
        make: |desk| {
            put(desk, GOOD);
            desk.write("out/mine.txt", "mine");
        },
        command: "copydesk run in.jsonl -o out --force",
        exit: 1,
        says: &["not a run of copydesk and --force leaves it alone"],
        lost: "nothing is written",
    },
    Fault {
        what: "a run of another version in the output folder",
        make: |desk| {
            put(desk, GOOD);
            desk.write(
                "out/manifest.json",
                "{\"schema\":99,\"copydesk\":\"99.0.0\",\"files\":{}}\n",
            );
        },
        command: "copydesk run in.jsonl -o out --force",
        exit: 0,
        says: &["2 = 2 + 0 + 0 + 0"],
        lost: "the older run, as --force says",
    },
    Fault {
        what: "restore and verify of a run of another version",
        make: |desk| {
            put(desk, GOOD);
        },
        command: "copydesk run in.jsonl -o out -q; sed -i 's/\"schema\": 1/\"schema\": 99/' out/manifest.json; copydesk restore out; copydesk verify out",
        exit: 1,
        says: &["schema 99 found, 1 expected; use the copydesk that wrote it"],
        lost: NOTHING,
    },
    Fault {
        what: "restore of a folder in which a byte of a record was changed",
        make: |desk| put(desk, GOOD),
        command: "copydesk run in.jsonl -o out -q; sed -i s/one/two/ out/cleaned-00000.jsonl; copydesk restore out -o back.jsonl; code=$?; test ! -e back.jsonl && exit $code # verify would say so too",
        exit: 1,
        says: &[
            "error: out: what it restores to is not what the run read, says originals_sha256 in manifest.json",
        ],
        lost: "what was changed; nothing is written to a file, and standard output is not to be trusted",
    },
    Fault {
        what: "a run that goes on with another --temp-dir",
        make: |desk| {
            put(desk, lines(20_000));
            desk.write("one/mine", "");
            desk.write("two/mine", "");
        },
        command: "copydesk run in.jsonl -o out --temp-dir one --segment-size 64k --block-size 8k -j 1 -q & pid=$!; until grep -qs segment out/.copydesk-partial/journal; do :; done; kill $pid; wait $pid; copydesk run in.jsonl -o out --temp-dir two --no-brake; code=$?; test $(ls one two | wc -l) = 5 && exit $code",
        exit: 0,
        says: &["starting over: a run was stopped here, but this is not the same (--temp-dir was "],
        lost: "nothing; what was finished is done again, and the old place is emptied",
    },
    Fault {
        what: "two runs at once on one output",
        make: |desk| put(desk, GOOD),
        command: "mkfifo pipe && (copydesk run pipe -o out -q & pid=$!; exec 3> pipe; while ! test -e out/.copydesk-partial/journal; do :; done; copydesk run in.jsonl -o out; code=$?; cat in.jsonl >&3; exec 3>&-; wait $pid && exit $code)",
        exit: 1,
        says: &["another run is writing there; wait for it, or name another output with -o"],
        lost: "nothing: the first run ends as it would have",
    },
    Fault {
        what: "a reader of standard output that has enough",
        make: |desk| put(desk, lines(20_000)),
        command: "copydesk clean in.jsonl -o - -q | head -1 > /dev/null",
        exit: 0,
        says: &[],
        lost: "what the reader did not want",
    },
];

/// Tries a fault; returns the accounting, where there is one.
fn seen(fault: &Fault) -> String {
    let desk = Desk::new();
    (fault.make)(&desk);
    let program = assert_cmd::cargo::cargo_bin!("copydesk");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = std::process::Command::new("bash")
        .args(["-c", fault.command])
        .current_dir(desk.path(""))
        .env("PATH", path)
        .output()
        .unwrap();
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code();
    for row in fs::read_to_string(desk.path("out/rejected.jsonl"))
        .unwrap_or_default()
        .lines()
    {
        let row: Value = serde_json::from_str(row).unwrap();
        said.push_str(row["reason"].as_str().unwrap());
        said.push('\n');
    }
    assert_eq!(code, Some(fault.exit), "{}: {said}", fault.what);
    for part in fault.says {
        assert!(
            said.contains(part),
            "{} should say {part:?}: {said}",
            fault.what
        );
    }
    let accounting = fs::read_to_string(desk.path("out/report.json")).map_or_else(
        |_| "–".to_owned(),
        |text| {
            let report: Value = serde_json::from_str(&text).unwrap();
            let number = |name: &str| report["accounting"][name].as_u64().unwrap();
            let [read, written, duplicates, dropped, rejected] =
                ["read", "written", "duplicates", "dropped", "rejected"].map(number);
            assert_eq!(
                read,
                written + duplicates + dropped + rejected,
                "{}",
                fault.what
            );
            format!("{read} = {written} + {duplicates} + {dropped} + {rejected}")
        },
    );
    // Whatever went wrong, a folder that is there verifies.
    if accounting != "–" && !fault.command.contains("verify") {
        desk.ok(&["verify", "out", "-q"]);
    }
    accounting
}

#[cfg(unix)]
#[test]
fn every_fault_is_met_as_the_table_says() {
    let mut table = String::new();
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let Ok(accounting) = std::panic::catch_unwind(|| seen(fault)) else {
            wrong.push(fault.what);
            continue;
        };
        let says: Vec<String> = fault
            .says
            .iter()
            .map(|part| format!("`{}`", part.trim().replace('|', "\\|")))
            .collect();
        let says = if says.is_empty() {
            "–".to_owned()
        } else {
            says.join(", ")
        };
        table.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            fault.what, fault.exit, accounting, says, fault.lost
        ));
    }
    assert!(wrong.is_empty(), "not as the table says: {wrong:#?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once("|---|---|---|---|---|\n").unwrap();
    let tail = rest.find("\n\n").map_or("", |at| &rest[at + 1..]);
    let wanted = format!("{head}|---|---|---|---|---|\n{table}{tail}");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, wanted).unwrap();
    } else {
        assert!(
            text == wanted,
            "docs/faults.md is not what was seen; UPDATE_GOLDEN=1 writes it anew"
        );
    }
}
