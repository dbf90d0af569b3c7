//! The article the project was ordered with.

use crate::support::{Desk, rows, shared};
use std::fs;

#[test]
fn the_example_article_loses_five_lines_and_nothing_else() {
    let Some(path) = shared("example/article.txt") else {
        return;
    };
    let desk = Desk::new();
    let name = path.to_string_lossy().into_owned();
    let original = fs::read_to_string(&path).unwrap();
    let out = rows(&desk.ok(&["clean", &name, "-o", "-", "--audit", "audit", "-q"]));
    assert_eq!(out.len(), 1);
    let paragraphs: Vec<&str> = original.split("\n\n").collect();
    let mut expected = vec![paragraphs[0]];
    expected.extend(&paragraphs[2..15]);
    assert_eq!(out[0]["text"].as_str().unwrap(), expected.join("\n\n"));
    let removed = desk.rows("audit/removed.jsonl");
    let lines: Vec<&str> = removed
        .iter()
        .map(|row| row["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            paragraphs[0],
            "Our Correspondent",
            "Our Correspondent",
            "Leave a Reply",
            "Your email address will not be published. Required fields are marked *"
        ]
    );
    for row in &removed {
        assert!(
            !row["rule"].as_str().unwrap().is_empty()
                && !row["evidence"].as_str().unwrap().is_empty(),
            "{row}"
        );
    }
    let cleaned = desk.ok(&["clean", &name, "-o", "-", "-q"]);
    desk.write("cleaned.jsonl", cleaned);
    let back = desk.ok(&["restore", "audit", "--cleaned", "cleaned.jsonl"]);
    assert_eq!(back, original);
}
