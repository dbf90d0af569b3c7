//! `rules show`: everything about one rule.

use super::level;
use super::{desk, written};
use crate::args::{Common, RuleShow};
use crate::text::{Long, Stream, fitted, harmless, join, one_line, paragraph};
use crate::{line_model, summary};
use anyhow::Result;
use copydesk::boilerplate::Catalogue;
use copydesk::boilerplate::rules::{LINE_MODEL, name_of, names};
use copydesk::document::Kind;
use copydesk::error::Error;
use copydesk::pipeline::{Entry, Line, Shown, rulebook};
use copydesk::report::grouped;
use copydesk::settings::{Level, nearest};
use serde_json::{Value, json};
use std::io::Write;

/// How many phrases of a kind are shown.
const SAMPLES: usize = 12;

pub fn show(job: &RuleShow, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (_, catalogue) = desk(job.rules.as_deref(), common)?;
    let book = rulebook();
    let name = job.name.as_str();
    let mut found: Vec<&Entry> = book
        .iter()
        .filter(|entry| entry.name == name || entry.code.eq_ignore_ascii_case(name))
        .collect();
    if found.is_empty() {
        found = book
            .iter()
            .filter(|entry| entry.findings.contains(&name))
            .collect();
    }
    if let [entry] = found[..]
        && entry.code == LINE_MODEL[0]
    {
        let head = if job.json { String::new() } else { told(entry) };
        let text = format!("{head}{}", line_model::about(job.json)?);
        let text = if job.json { text } else { fitted(&text) };
        write!(out, "{text}").map_err(written)?;
        return Ok(0);
    }
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| name_of(*kind) == name)
        .collect();
    if found.is_empty() {
        let known: Vec<&str> = names().into_iter().collect();
        let hint =
            nearest(name, &known).map_or_else(String::new, |name| format!("did you mean {name}? "));
        let said = format!("there is no rule {name:?}; {hint}`copydesk rules list` names them all");
        return Err(Error::setting("rules show", said).into());
    }
    let own = found
        .iter()
        .any(|entry| entry.name == name || entry.code.eq_ignore_ascii_case(name));
    let counted: Vec<Kind> = if own {
        let backed = |entry: &&Entry| entry.findings.len() > 1;
        let phrased = found
            .iter()
            .copied()
            .filter(backed)
            .flat_map(|entry| entry.kinds.iter().copied());
        kinds.into_iter().chain(phrased).collect()
    } else {
        kinds
    };
    if job.json {
        let rows: Vec<Value> = found
            .iter()
            .map(|entry| {
                let removes: Vec<Value> = entry
                    .removes
                    .iter()
                    .map(|shown| {
                        let gone: Vec<&str> =
                            shown.gone.iter().map(|span| span.of(shown.page)).collect();
                        json!({"page": shown.page, "gone": gone})
                    })
                    .collect();
                json!({
                    "code": entry.code, "name": entry.name, "findings": entry.findings,
                    "kinds": entry.kinds, "level": level(entry), "option": entry.option,
                    "since": entry.since, "why": entry.why, "removes": removes, "keeps": entry.keeps,
                })
            })
            .collect();
        let phrases: serde_json::Map<String, Value> = counted
            .iter()
            .map(|kind| {
                (
                    kind.as_str().to_owned(),
                    json!(catalogue.phrases_by_language(*kind)),
                )
            })
            .collect();
        writeln!(out, "{:#}", json!({"rules": rows, "phrases": phrases})).map_err(written)?;
        return Ok(0);
    }
    let mut text = String::new();
    if !own {
        text.push_str(&format!(
            "{name} is the name of what {} find{}.\n\n",
            found
                .iter()
                .map(|entry| entry.name)
                .collect::<Vec<_>>()
                .join(" and "),
            if found.len() == 1 { "s" } else { "" }
        ));
        // The rules' near-misses are told when they are asked for by name.
        for entry in &found {
            text.push_str(&heading(entry));
            text.push_str(&paragraph(entry.why, "", Long::Stays));
            let named = |shown: &&Shown| shown.names.iter().any(|finding| finding == name);
            let some = entry.removes.iter().any(|shown| named(&shown));
            // What only a site's pages can show has no page of its own.
            let alone = found.len() == 1;
            let pages = entry.removes.iter();
            text.push_str(&removes(
                pages.filter(|shown| if some { named(shown) } else { alone }),
            ));
            text.push('\n');
        }
        text.push_str(&samples(&catalogue, &counted));
        let phrased = |kind: &Kind| !catalogue.phrases_by_language(*kind).is_empty();
        if !counted.is_empty() && !counted.iter().any(phrased) {
            text.push_str(
                "No phrase is of this kind; a file of rules may have some (--rules FILE).\n",
            );
        }
    } else {
        for entry in &found {
            text.push_str(&told(entry));
        }
        let others: Vec<&str> = book
            .iter()
            .filter(|entry| entry.name != found[0].name && entry.findings.contains(&found[0].name))
            .map(|entry| entry.name)
            .collect();
        if !others.is_empty() {
            text.push_str(&paragraph(
                &format!(
                    "Phrases of {} make findings of this name too.",
                    others.join(" and ")
                ),
                "",
                Long::Stays,
            ));
            text.push('\n');
        }
    }
    text.push_str(&languages(&catalogue, &counted));
    let text = fitted(text.trim_end_matches('\n'));
    writeln!(out, "{text}").map_err(written)?;
    Ok(0)
}

/// Returns a rule's head: code, name, level, kinds.
fn heading(entry: &Entry) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let kinds = if entry.kinds.len() == Kind::ALL.len() {
        "any".to_owned()
    } else {
        join(entry.kinds.iter().map(|kind| kind.as_str()))
    };
    let from = if entry.level == Level::Off {
        "at any level".to_owned()
    } else {
        format!("from level {}", level(entry))
    };
    let from = entry
        .option
        .map_or_else(|| from.clone(), |flag| format!("{from} with {flag}"));
    let kinds = paragraph(&format!("kind: {kinds}"), "", Long::Stays);
    format!(
        "{bold}{} {}{plain}, {from}, since {}\n{kinds}\n",
        entry.code, entry.name, entry.since
    )
}

/// Returns everything about a rule.
fn told(entry: &Entry) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let mut text = heading(entry);
    text.push_str(&paragraph(entry.why, "", Long::Stays));
    text.push_str(&removes(entry.removes.iter()));
    for page in &entry.keeps {
        text.push_str(&format!("\n{bold}Keeps{plain}\n"));
        for line in page.lines() {
            text.push_str(&paragraph(line, "  ", Long::Stays));
        }
    }
    text.push('\n');
    text
}

/// Returns pages with what goes of them.
fn removes<'s>(pages: impl Iterator<Item = &'s Shown>) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let mut text = String::new();
    for shown in pages {
        text.push_str(&format!("\n{bold}Removes{plain}\n"));
        for line in shown.lines() {
            match line {
                Line::Stays(line) => text.push_str(&paragraph(line, "  ", Long::Stays)),
                Line::Goes(line) => text.push_str(&paragraph(line, "- ", Long::Stays)),
                Line::Cut(line, parts) => {
                    text.push_str(&paragraph(line, "~ ", Long::Stays));
                    for part in parts {
                        text.push_str(&paragraph(&format!("cut: “{part}”"), "    ", Long::Stays));
                    }
                }
            }
        }
    }
    text
}

/// Returns some of the phrases of these kinds.
fn samples(catalogue: &Catalogue, kinds: &[Kind]) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let found = kinds
        .iter()
        .flat_map(|kind| catalogue.samples(*kind, SAMPLES));
    let mut text = String::new();
    for one in found {
        let mark = format!("  {:<4} {:<6} ", one.language, one.risk.as_str());
        let room = Stream::Out.width().saturating_sub(mark.chars().count());
        text.push_str(&format!("{mark}{}\n", one_line(one.phrase, room)));
    }
    match text.is_empty() {
        true => text,
        false => format!("{bold}Phrases such as{plain}\n{text}\n"),
    }
}

/// Returns how many phrases there are in which language.
fn languages(catalogue: &Catalogue, kinds: &[Kind]) -> String {
    let mut counts: std::collections::BTreeMap<String, usize> = Default::default();
    for kind in kinds {
        for (language, count) in catalogue.phrases_by_language(*kind) {
            *counts.entry(language).or_default() += count;
        }
    }
    if counts.is_empty() {
        return String::new();
    }
    let all: usize = counts.values().sum();
    let mut ranked: Vec<_> = counts.iter().collect();
    ranked.sort_by(|one, two| two.1.cmp(one.1).then(one.0.cmp(two.0)));
    let words = join(
        ranked
            .iter()
            .map(|(language, count)| format!("{language} {count}")),
    );
    format!(
        "{}Phrases{}: {} in {}\n{}",
        summary::BOLD,
        summary::PLAIN,
        grouped(all as u64),
        copydesk::report::counted(counts.len() as u64, "language", "languages"),
        paragraph(&harmless(&words), "  ", Long::Stays)
    )
}
