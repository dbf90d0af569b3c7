//! The examples of the library do what they say.

use crate::support::{Desk, fixture};
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs an example, or says loudly that it is not there: `cargo test` builds them all, a filter
/// may not.
fn example(desk: &Desk, name: &str, words: &[&str]) -> Option<Output> {
    let program = PathBuf::from(assert_cmd::cargo::cargo_bin!("copydesk"));
    let path = program.parent().unwrap().join("examples").join(name);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not built", path.display());
        return None;
    }
    let output = Command::new(path)
        .current_dir(desk.path("."))
        .args(words)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    Some(output)
}

#[test]
fn the_examples_of_the_library_run() {
    let desk = Desk::new();
    let printed = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    if let Some(output) = example(&desk, "clean_one", &[&fixture("pages/tram.txt")]) {
        assert!(!printed(&output).contains("Share this"));
    }
    let long = "the ferry to the island returns on Monday after a month";
    desk.write(
        "lines.txt",
        format!("{long}\n{long} of repair\nsomething else\n"),
    );
    if let Some(output) = example(&desk, "dedup_list", &["lines.txt", "0.7"]) {
        assert_eq!(printed(&output), format!("{long}\nsomething else\n"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("is line 1, 0.78"), "{said}");
    }
    let news = fixture("news.jsonl");
    if let Some(output) = example(&desk, "run_with_progress", &[&news, "clean"]) {
        assert_eq!(printed(&output), "42 of 50 records stay\n");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with("reading and cleaning, "), "{said}");
        assert!(desk.path("clean/manifest.json").exists());
    }
}
