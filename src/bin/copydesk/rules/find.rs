//! `rules find`: which phrases and rules hold a text.

use super::{desk, is_off, level, written};
use crate::args::{Common, RuleFind};
use crate::summary;
use crate::text::{Long, Stream, fitted, one_line, paragraph};
use anyhow::Result;
use copydesk::boilerplate::rules::name_of;
use copydesk::boilerplate::{Catalogue, Phrase};
use copydesk::pipeline::{Entry, rulebook};
use copydesk::report::{counted, grouped};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// How many phrases are named; `--json` names all.
const SHOWN: usize = 40;

pub fn find(job: &RuleFind, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (_, catalogue) = desk(job.rules.as_deref(), common)?;
    let text = job.text.join(" ");
    let phrases = catalogue.look_up(&text);
    let book = rulebook();
    let rules: Vec<(&Entry, Vec<&str>)> = book
        .iter()
        .map(|entry| (entry, entry.places_of(&text)))
        .filter(|(_, places)| !places.is_empty())
        .collect();
    if job.json {
        let phrases: Vec<Value> = phrases.iter().map(row).collect();
        let rules: Vec<Value> = rules
            .iter()
            .map(|(entry, places)| {
                json!({"code": entry.code, "name": entry.name, "level": level(entry), "in": places})
            })
            .collect();
        let all = json!({"text": text, "phrases": phrases, "rules": rules});
        writeln!(out, "{all:#}").map_err(written)?;
        return Ok(0);
    }
    let said = page(&text, &phrases, &rules, &catalogue);
    write!(out, "{}", fitted(&said)).map_err(written)?;
    Ok(0)
}

fn page(
    text: &str,
    phrases: &[Phrase<'_>],
    rules: &[(&Entry, Vec<&str>)],
    catalogue: &Catalogue,
) -> String {
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let shown = one_line(text, Stream::Out.width() / 2);
    if phrases.is_empty() && rules.is_empty() {
        return format!(
            "no phrase and no rule has “{shown}” in it; copydesk explain FILE tells of\n\
             each line why it goes or stays\n"
        );
    }
    let mut out = String::new();
    let fitting = phrases.iter().filter(|one| one.fits).count();
    let (fits, holds) = phrases.split_at(fitting);
    let heads = [
        (
            "is such a line, or in one",
            "are such a line, or in one",
            fits,
        ),
        ("holds this text", "hold this text", holds),
    ];
    let mut room = SHOWN;
    for (one, many, found) in heads {
        if found.is_empty() {
            continue;
        }
        let (one, many) = (format!("phrase {one}"), format!("phrases {many}"));
        let number = counted(found.len() as u64, &one, &many);
        out.push_str(&format!(
            "{bold}{number}{plain}\n{dim}risk   kind            language match    phrase{plain}\n"
        ));
        let now = found.len().min(room.max(5));
        for one in &found[..now] {
            out.push_str(&line(one));
        }
        room = room.saturating_sub(now);
        if now < found.len() {
            let more = grouped((found.len() - now) as u64);
            out.push_str(&format!("{dim}and {more} more; --json names all{plain}\n"));
        }
        out.push('\n');
    }
    let told = if fits.is_empty() { holds } else { fits };
    if let Some(name) = most(told) {
        let (who, by): (_, &[&str]) = match name {
            USER_PHRASE => ("A phrase of yours goes by user-phrase:", &[]),
            _ => (
                "A phrase of low risk goes by known-phrase, another by phrase-company; in removed.jsonl they are called by their kind:",
                &["known-phrase", "phrase-company"],
            ),
        };
        let mut said = format!("{who} copydesk rules show {name}");
        let off: Vec<&str> = [name]
            .iter()
            .chain(by)
            .copied()
            .filter(|name| is_off_by_name(catalogue, name))
            .collect();
        if !off.is_empty() {
            let verb = if off.len() == 1 { "is" } else { "are" };
            said.push_str(&format!(
                ". Your rules (--rules) say that {} {verb} off",
                off.join(" and ")
            ));
        }
        out.push_str(&paragraph(&said, "", Long::Stays));
    }
    if !rules.is_empty() {
        let gap = if phrases.is_empty() { "" } else { "\n" };
        let number = counted(rules.len() as u64, "rule", "rules");
        let verb = if rules.len() == 1 { "says" } else { "say" };
        out.push_str(&format!("{gap}{bold}{number} {verb} it too{plain}\n"));
        for (entry, places) in rules {
            let places = places.join(", ");
            let off = match is_off(catalogue, entry) {
                true => " (off by your rules)",
                false => "",
            };
            out.push_str(&format!(
                "{:<5} {:<18} {:<11} in: {places}{off}\n",
                entry.code,
                entry.name,
                level(entry)
            ));
        }
    }
    out
}

/// The rule, and the name in the ledger, of phrases of the user's own.
const USER_PHRASE: &str = "user-phrase";

/// Returns by which name in the ledger a line would go: by the user's where a phrase is theirs,
/// since it beats ours, else by that of most phrases.
fn most(phrases: &[Phrase<'_>]) -> Option<&'static str> {
    if phrases.iter().any(|one| one.own) {
        return Some(USER_PHRASE);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in phrases {
        *counts.entry(name_of(one.kind)).or_default() += 1;
    }
    // Of as many the first by name.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Some(most.0)
}

/// Returns whether the user has switched off what has that name in the ledger, or the rule of that
/// name, by its code too.
fn is_off_by_name(catalogue: &Catalogue, name: &str) -> bool {
    let book = rulebook();
    let mut rules = book.iter().filter(|entry| entry.name == name);
    catalogue.is_off(name) || rules.any(|entry| is_off(catalogue, entry))
}

/// Returns a phrase as a line of the table.
fn line(one: &Phrase<'_>) -> String {
    let head = format!(
        "{:<6} {:<15} {:<8} {:<8} ",
        one.risk.as_str(),
        one.kind.as_str(),
        one.language,
        one.fit.as_str(),
    );
    let yours = if one.own { " (yours)" } else { "" };
    let width = Stream::Out.width();
    let room = width.saturating_sub(head.chars().count() + yours.len());
    if room < 20 {
        let phrase = one_line(one.phrase, width - 6 - yours.len());
        return format!("{}\n      {phrase}{yours}\n", head.trim_end());
    }
    format!("{head}{}{yours}\n", one_line(one.phrase, room))
}

fn row(one: &Phrase<'_>) -> Value {
    json!({
        "kind": one.kind, "language": one.language, "phrase": one.phrase, "match": one.fit,
        "risk": one.risk, "position": one.position, "own": one.own, "fits": one.fits,
    })
}
