//! `docs/rules.md` says what the rules say: it is made of their constants.

use copydesk::boilerplate::rules::name_of;
use copydesk::document::Kind;
use copydesk::pipeline::{Entry, Line, rulebook};
use copydesk::settings::Level;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const INTRODUCTION: &str = "# The rules

What copydesk takes out of a text beside what it mends, rule by rule, in the order in which they \
decide: the first to find a line names it in `removed.jsonl`. Each has pages of which something goes, \
and near-misses that stay whole; `copydesk rules test` runs them all. \
This page is written \
from the rules themselves (`UPDATE_GOLDEN=1 cargo test`); `copydesk rules show NAME` says the same \
of one of them, with the languages of its phrases.

In the examples a line that begins with `-` goes, of one that begins with `~` a part is cut out, \
which stands below, and the others stay. To keep what a rule finds, say so in a file of rules \
(`[[keep]]`, `rule = \"NAME\"`), or keep its kind (`--keep-kind KIND`).
";

#[test]
fn the_page_of_rules_says_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    for (line, (stands, says)) in stands.lines().zip(page.lines()).enumerate() {
        assert_eq!(
            stands,
            says,
            "docs/rules.md:{}; UPDATE_GOLDEN=1 writes it anew",
            line + 1
        );
    }
    assert_eq!(
        stands, page,
        "docs/rules.md; UPDATE_GOLDEN=1 writes it anew"
    );
}

fn page() -> String {
    let book = rulebook();
    let mut out =
        format!("{INTRODUCTION}\n| code | rule | from level | finds |\n|---|---|---|---|\n");
    for entry in &book {
        let first = entry
            .why
            .split_inclusive(['.', ';'])
            .next()
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | [{}](#{}) | {} | {} |",
            entry.code,
            entry.name,
            entry.name,
            level(entry),
            first.trim_end_matches(';')
        );
    }
    for entry in &book {
        rule(entry, &mut out);
    }
    out
}

fn rule(entry: &Entry, out: &mut String) {
    let _ = writeln!(out, "\n## {}\n", entry.name);
    let named: Vec<String> = entry
        .findings
        .iter()
        .map(|finding| format!("`{finding}`"))
        .collect();
    let kinds = if entry.kinds.len() == Kind::ALL.len() {
        "any kind".to_owned()
    } else {
        let kinds: Vec<String> = entry
            .kinds
            .iter()
            .map(|kind| format!("`{}`", kind.as_str()))
            .collect();
        kinds.join(", ")
    };
    let _ = writeln!(
        out,
        "{}, {}, since {}. Findings: {}. Kinds: {kinds}.\n\n{}",
        entry.code,
        level(entry),
        entry.since,
        named.join(", "),
        entry.why
    );
    for (at, shown) in entry.removes.iter().enumerate() {
        let _ = writeln!(out, "\n{}\n", if at == 0 { "Removes:" } else { "and:" });
        for line in shown.lines() {
            match line {
                Line::Stays(line) => block(out, "  ", line),
                Line::Goes(line) => block(out, "- ", line),
                Line::Cut(line, parts) => {
                    block(out, "~ ", line);
                    for part in parts {
                        block(out, "      cut: ", part);
                    }
                }
            }
        }
    }
    for (at, page) in entry.keeps.iter().enumerate() {
        let _ = writeln!(out, "\n{}\n", if at == 0 { "Keeps:" } else { "and:" });
        for line in page.lines() {
            block(out, "  ", line);
        }
    }
}

/// Writes a line of a block of code.
fn block(out: &mut String, mark: &str, line: &str) {
    let _ = writeln!(out, "    {mark}{line}");
}

fn level(entry: &Entry) -> String {
    let level = match entry.level {
        Level::Off => "at any level",
        Level::Safe => "from safe",
        Level::Standard => "from standard",
        Level::Aggressive => "from aggressive",
    };
    match entry.option {
        Some(flag) => format!("{level}, with `{flag}`"),
        None => level.to_owned(),
    }
}

#[test]
fn every_name_in_the_ledger_leads_to_a_rule() {
    let book = rulebook();
    for kind in Kind::ALL {
        // Bylines of people are kept by default, and found by the phrases' rule.
        let name = name_of(kind);
        assert!(
            book.iter().any(|entry| entry.findings.contains(&name)),
            "{name}"
        );
    }
}
