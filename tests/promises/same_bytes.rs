//! Same input, same bytes: threads, blocks and files make no difference.

use crate::support::{Desk, fixture};
use std::collections::BTreeMap;
use std::fs;

fn run(desk: &Desk, out: &str, more: &[&str], inputs: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut words = vec!["run"];
    words.extend(inputs);
    words.extend(["-o", out, "-q"]);
    words.extend(more);
    desk.ok(&words);
    desk.files(out)
}

#[test]
fn threads_and_block_sizes_make_no_difference() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    let pages = fixture("pages");
    let inputs = [news.as_str(), pages.as_str()];
    let first = run(&desk, "first", &["-j", "1"], &inputs);
    for (number, more) in [
        &["-j", "2"][..],
        &["-j", "5", "--block-size", "1"],
        &["-j", "2", "--block-size", "777"],
        &["--block-size", "64k", "--memory", "1k"],
    ]
    .iter()
    .enumerate()
    {
        let other = run(&desk, &format!("other-{number}"), more, &inputs);
        for (name, bytes) in &first {
            assert!(other[name] == *bytes, "{name} differs with {more:?}");
        }
    }
}

#[test]
fn one_file_or_many_make_no_difference() {
    let desk = Desk::new();
    let text = fs::read_to_string(fixture("news.jsonl")).unwrap();
    let whole = run(&desk, "whole", &[], &[&fixture("news.jsonl")]);
    let lines: Vec<&str> = text.lines().collect();
    for (number, part) in lines.chunks(7).enumerate() {
        // The last line of a file has no line feed in half of them.
        let end = if number % 2 == 0 { "\n" } else { "" };
        desk.write(&format!("parts/{number:02}.jsonl"), part.join("\n") + end);
    }
    let parts = run(&desk, "split", &[], &["parts"]);
    for (name, bytes) in &whole {
        // Rejected records are told by file and line; manifest and page name inputs and digests.
        if !matches!(
            name.as_str(),
            "rejected.jsonl" | "manifest.json" | "report.html"
        ) {
            assert!(parts[name] == *bytes, "{name} differs");
        }
    }
}

#[test]
fn packed_outputs_do_not_depend_on_blocks() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    for pack in ["gz", "zst"] {
        let one = run(
            &desk,
            &format!("one-{pack}"),
            &["--compress", pack],
            &[&news],
        );
        let two = run(
            &desk,
            &format!("two-{pack}"),
            &["--compress", pack, "--block-size", "99"],
            &[&news],
        );
        assert!(one == two, "{pack}");
    }
}
