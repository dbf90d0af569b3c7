//! Every command on the pages that people read is run, and what is shown is what comes out.
//!
//! A page is run from top to bottom in one scratch folder that holds `fixtures/`. Of its fenced
//! blocks, `sh` must succeed, and of `console` the lines behind `$` are run and the lines below
//! are what they print (`...` stands for any lines). A comment before a block may say:
//!
//! - `<!-- run: COMMAND -->`: run this first;
//! - `<!-- file: NAME -->`: the block is this file;
//! - `<!-- not run: REASON -->`: the block is not run.
//!
//! What `terminal.rs` says of blocks `terminal`, which it runs, holds there.

#![cfg(unix)]

use crate::support::{Desk, fixture};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block, and what the comments before it say.
struct Block {
    place: String,
    language: String,
    marks: Vec<(String, String)>,
    body: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README and everything in docs.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = docs
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    all.sort();
    all.insert(0, root().join("README.md"));
    all
}

fn blocks(page: &Path) -> Vec<Block> {
    let name = page.strip_prefix(root()).unwrap().display().to_string();
    let text = fs::read_to_string(page).unwrap();
    let mut out = Vec::new();
    let mut marks = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let comment = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        if let Some((key, value)) = comment.and_then(|comment| comment.split_once(": ")) {
            marks.push((key.to_owned(), value.to_owned()));
        } else if let Some(language) = line.strip_prefix("```") {
            let body = lines.by_ref().map(|(_, line)| line);
            let body: Vec<&str> = body.take_while(|line| *line != "```").collect();
            out.push(Block {
                place: format!("{name}:{number}"),
                language: language.to_owned(),
                marks: std::mem::take(&mut marks),
                body: body.join("\n") + "\n",
            });
        } else if !line.is_empty() {
            marks.clear();
        }
    }
    out
}

impl Block {
    fn mark(&self, key: &str) -> Option<&str> {
        let found = self.marks.iter().find(|(one, _)| one == key);
        found.map(|(_, value)| value.as_str())
    }
}

/// Runs a script in the folder with `copydesk` at hand; answers with whether it succeeded and
/// all that it printed.
fn run(desk: &Desk, script: &str) -> (bool, String) {
    let program = Path::new(assert_cmd::cargo::cargo_bin!("copydesk"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    // The program that cargo would build is built.
    let script = script.replace("cargo run --release --", "copydesk");
    let mut command = Command::new("sh");
    command
        .args(["-e", "-c", &format!("exec 2>&1\n{script}")])
        .current_dir(desk.path("."))
        .env("PATH", path)
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COPYDESK_") {
            command.env_remove(name);
        }
    }
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), printed)
}

/// Tells whether printed lines are the shown ones, in which `...` stands for any lines.
fn fits(shown: &[&str], printed: &[&str]) -> bool {
    match (shown, printed) {
        ([], []) => true,
        (["..."], _) => true,
        (["...", rest @ ..], _) => {
            (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..]))
        }
        ([one, shown @ ..], [other, printed @ ..]) => {
            one.trim_end() == other.trim_end() && fits(shown, printed)
        }
        _ => false,
    }
}

fn run_console(desk: &Desk, block: &Block) {
    let mut lines = block.body.lines().peekable();
    while let Some(line) = lines.next() {
        let command = line
            .strip_prefix("$ ")
            .unwrap_or_else(|| panic!("{}: {line:?} is behind no command", block.place));
        let mut shown = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            shown.push(line);
        }
        let (_, printed) = run(desk, command);
        let printed: Vec<&str> = printed.lines().collect();
        assert!(
            fits(&shown, &printed),
            "{}: {command}\nshown:\n{}\nprinted:\n{}",
            block.place,
            shown.join("\n"),
            printed.join("\n")
        );
    }
}

#[test]
fn every_command_on_the_pages_runs_and_prints_what_is_shown() {
    let has_make = Command::new("make").arg("--version").output().is_ok();
    let (mut ran, mut left) = (0, 0);
    for page in pages() {
        let desk = Desk::new();
        std::os::unix::fs::symlink(fixture(""), desk.path("fixtures")).unwrap();
        for block in blocks(&page) {
            // terminal.rs runs them.
            if block.language == "terminal" {
                continue;
            }
            if let Some(reason) = block.mark("not run") {
                assert!(reason.len() > 10, "{}: why is it not run?", block.place);
                left += 1;
                continue;
            }
            if let Some(name) = block.mark("file") {
                desk.write(name, &block.body);
                continue;
            }
            if let Some(first) = block.mark("run") {
                let (done, printed) = run(&desk, first);
                assert!(done, "{}: {first}\n{printed}", block.place);
            }
            let makes = block.body.lines().any(|line| line.starts_with("make"));
            if makes && !has_make {
                eprintln!("SKIPPED: {}: make is not here", block.place);
                continue;
            }
            match block.language.as_str() {
                "sh" => {
                    let (done, printed) = run(&desk, &block.body);
                    assert!(done, "{}:\n{}{printed}", block.place, block.body);
                }
                "console" => run_console(&desk, &block),
                _ => {
                    let typed = block.body.lines().find(|line| is_command(line));
                    assert!(
                        typed.is_none(),
                        "{}: {typed:?} is not run; make it an `sh` or `console` block",
                        block.place
                    );
                    continue;
                }
            }
            ran += 1;
        }
    }
    assert!(ran >= 35, "only {ran} blocks were run");
    assert!(left <= 8, "{left} blocks are not run");
}

fn is_command(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("$ ");
    ["copydesk ", "cargo "]
        .iter()
        .any(|name| line.starts_with(name))
}

#[test]
fn no_command_hides_in_an_indented_block() {
    for page in pages() {
        let mut fenced = false;
        let text = fs::read_to_string(&page).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            fenced ^= line.starts_with("```");
            assert!(
                fenced || !line.starts_with("    ") || !is_command(line),
                "{}:{number}: make it a fenced `sh` block, so that it is run",
                page.display()
            );
        }
    }
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            let file = link.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let target = page.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn every_field_of_every_output_is_described() {
    let desk = Desk::new();
    let page = fs::read_to_string(root().join("docs/outputs.md")).unwrap();
    let section = |title: &str| -> String {
        let found = page.split("\n## ").find(|part| part.starts_with(title));
        found
            .unwrap_or_else(|| panic!("docs/outputs.md has no section {title}"))
            .to_owned()
    };
    let ferry =
        "The ferry crossed the lake on Sunday after years in the yard, people said. ".repeat(12);
    let spared = format!("{ferry}\nLeave a Reply\n");
    desk.write(
        "in.jsonl",
        format!(
            "{}\n{}\n{{\"text\":\"a \\ud800 b\"}}\nbroken\n",
            serde_json::json!({"id": "x", "text": spared}),
            serde_json::json!({"id": "y", "text": ""}),
        ),
    );
    desk.write("bytes.jsonl", b"{\"text\":\"\xff\"}\n");
    let news = fixture("news.jsonl");
    let sites = fixture("sites.jsonl");
    let golden = fixture("golden/inline/in.jsonl");
    let all = [
        &news,
        &sites,
        &golden,
        &fixture("pages"),
        "in.jsonl",
        "bytes.jsonl",
    ];
    let run = |name: &str, flags: &[&str]| {
        let mut words = vec!["run"];
        words.extend(all);
        words.extend(["-o", name, "-q"]);
        words.extend(flags);
        desk.ok(&words);
    };
    run(
        "out",
        &["--json=events.jsonl", "--boilerplate", "aggressive"],
    );
    run("spared", &["--brake-text", "0.001"]);
    let mut files = BTreeSet::new();
    for folder in ["out", "spared"] {
        for (file, bytes) in desk.files(folder) {
            files.insert(file.clone());
            let described = section(file.split('.').next().unwrap());
            let text = String::from_utf8(bytes).unwrap();
            if file.ends_with(".jsonl") && !file.starts_with("cleaned-") {
                for row in crate::support::rows(&text) {
                    told(&described, &file, &row);
                }
            } else if file.ends_with(".json") {
                told(&described, &file, &serde_json::from_str(&text).unwrap());
            }
        }
    }
    for book in [
        "removed",
        "normalised",
        "duplicates",
        "dropped",
        "rejected",
        "spared",
    ] {
        let name = format!("{book}.jsonl");
        assert!(files.contains(&name), "{name}");
        let rows = [format!("out/{name}"), format!("spared/{name}")];
        assert!(
            rows.iter().any(|file| !desk.read(file).is_empty()),
            "{name} is empty"
        );
    }
    let described = section("Events");
    for event in desk.rows("events.jsonl") {
        told(&described, "events", &event);
        let name = event["event"].as_str().unwrap();
        assert!(described.contains(&format!("| `{name}` |")), "{name}");
    }
}

/// Sees that every key of an object is named on the page.
fn told(page: &str, file: &str, row: &serde_json::Value) {
    for key in row.as_object().unwrap().keys() {
        assert!(
            page.contains(&format!("`{key}`")),
            "docs/outputs.md does not tell of {key} in {file}"
        );
    }
}
