//! Golden cases: folders of `fixtures/golden` with an `in.jsonl` and what must
//! come of it. `UPDATE_GOLDEN=1 cargo test` writes them anew; read the diff.

use crate::support::{Desk, fixture};
use std::fs;
use std::path::Path;

const OUTPUTS: [&str; 3] = ["cleaned-00000.jsonl", "removed.jsonl", "duplicates.jsonl"];

#[test]
fn golden_cases_come_out_as_they_stand() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut cases: Vec<_> = fs::read_dir(fixture("golden"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 5, "too few golden cases");
    for case in cases {
        let desk = Desk::new();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        fs::copy(case.join("in.jsonl"), desk.path("in.jsonl")).unwrap();
        let flags = fs::read_to_string(case.join("flags")).unwrap_or_default();
        let mut words = vec!["run", "in.jsonl", "-o", "out", "-q"];
        words.extend(flags.split_whitespace());
        desk.ok(&words);
        for output in OUTPUTS {
            check(
                &name,
                &case.join(output),
                &desk.read(&format!("out/{output}")),
                update,
            );
        }
        // Twice is once: what was cleaned, cleaned again, is the same.
        desk.ok(&["run", "out/cleaned-00000.jsonl", "-o", "again", "-q"]);
        assert_eq!(
            desk.read("out/cleaned-00000.jsonl"),
            desk.read("again/cleaned-00000.jsonl"),
            "{name}: cleaning twice is not cleaning once"
        );
    }
}

fn check(case: &str, path: &Path, got: &str, update: bool) {
    if update {
        fs::write(path, got).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    for (line, (got, expected)) in got.lines().zip(expected.lines()).enumerate() {
        assert_eq!(
            got,
            expected,
            "{case}: {}:{}; UPDATE_GOLDEN=1 accepts it",
            path.display(),
            line + 1
        );
    }
    assert_eq!(
        got.lines().count(),
        expected.lines().count(),
        "{case}: {}",
        path.display()
    );
}

#[test]
fn what_the_readme_quotes_is_what_the_program_writes() {
    let readme = include_str!("../../README.md");
    let desk = Desk::new();
    desk.ok(&["run", &fixture("news.jsonl"), "-o", "out", "-q"]);
    let removed = desk.read("out/removed.jsonl");
    let quoted: Vec<&str> = readme
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("{\"doc\":"))
        .collect();
    assert!(!quoted.is_empty());
    for line in quoted {
        assert!(removed.contains(line), "README.md quotes {line}");
    }
    let explained = desk.ok(&["explain", &fixture("news.jsonl"), "--id", "harrow-001"]);
    for line in readme
        .lines()
        .filter(|line| line.starts_with("    - ") || line.starts_with("    ~ "))
    {
        assert!(
            explained.contains(line.trim_start()),
            "README.md quotes {line}\n{explained}"
        );
    }
}
