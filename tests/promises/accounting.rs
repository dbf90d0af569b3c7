//! Nothing is lost: read = written + duplicates + dropped + rejected, always.

use crate::support::{Desk, fixture};
use serde_json::Value;

fn accounting(desk: &Desk, folder: &str) -> (u64, u64, u64, u64, u64) {
    let report: Value = serde_json::from_str(&desk.read(&format!("{folder}/report.json"))).unwrap();
    let number = |name: &str| report["accounting"][name].as_u64().unwrap();
    (
        number("read"),
        number("written"),
        number("duplicates"),
        number("dropped"),
        number("rejected"),
    )
}

fn lines(desk: &Desk, name: &str) -> u64 {
    desk.read(name).lines().count() as u64
}

#[test]
fn every_record_of_the_fixtures_is_accounted_for_in_every_mode() {
    for mode in ["drop", "mark", "off"] {
        let desk = Desk::new();
        desk.ok(&[
            "run",
            &fixture("news.jsonl"),
            &fixture("pages"),
            "-o",
            "out",
            "--duplicates",
            mode,
        ]);
        let (read, written, duplicates, dropped, rejected) = accounting(&desk, "out");
        assert_eq!(read, 52, "{mode}");
        assert_eq!(read, written + duplicates + dropped + rejected, "{mode}");
        assert_eq!(written, lines(&desk, "out/cleaned-00000.jsonl"), "{mode}");
        assert_eq!(rejected, lines(&desk, "out/rejected.jsonl"), "{mode}");
        assert_eq!(
            duplicates + dropped,
            lines(&desk, "out/dropped.jsonl"),
            "{mode}"
        );
        assert_eq!(rejected, 4, "{mode}");
        match mode {
            "drop" => assert_eq!(duplicates, lines(&desk, "out/duplicates.jsonl")),
            "mark" => assert_eq!((duplicates, dropped), (0, 0)),
            _ => assert_eq!(lines(&desk, "out/duplicates.jsonl"), 0),
        }
    }
}

#[test]
fn the_summary_always_says_what_became_of_the_records() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"one\"}\nbroken\n");
    let output = desk
        .copydesk(&["run", "in.jsonl", "-o", "out"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("read = written + duplicates + dropped + rejected"),
        "{said}"
    );
    assert!(said.contains("2 = 1 + 0 + 0 + 1"), "{said}");
}

#[test]
fn the_manifest_names_the_digest_and_the_lines_of_every_file() {
    use sha2::{Digest, Sha256};
    let desk = Desk::new();
    desk.ok(&[
        "run",
        &fixture("news.jsonl"),
        "-o",
        "out",
        "--compress",
        "gz",
        "--shard-size",
        "4k",
    ]);
    let manifest: Value = serde_json::from_str(&desk.read("out/manifest.json")).unwrap();
    let files = desk.files("out");
    assert!(
        files
            .keys()
            .filter(|name| name.starts_with("cleaned-"))
            .count()
            > 2
    );
    let named = manifest["files"].as_object().unwrap();
    let reports = manifest["reports"].as_object().unwrap();
    assert!(reports.keys().eq(["report.html", "report.json"]));
    let all = named.len() + reports.len() + 1;
    assert_eq!(all, files.len(), "{:?}", files.keys());
    // Of the reports what is without times.
    for (name, entry) in named.iter().chain(reports) {
        let digest: String = Sha256::digest(&files[name])
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(entry["sha256"], digest, "{name}");
    }
}
