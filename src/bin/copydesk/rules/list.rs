//! `rules list`: every rule, and how many phrases of which kind.

use super::{desk, written};
use super::{is_off, level};
use crate::args::{Common, RuleList};
use crate::summary;
use crate::table::{Column, lay};
use crate::text::{Long, Stream, WIDTH, cut_at_word, fitted, harmless, join, paragraph};
use anyhow::Result;
use copydesk::boilerplate::Catalogue;
use copydesk::boilerplate::rules::name_of;
use copydesk::document::Kind;
use copydesk::pipeline::rulebook;
use copydesk::report::grouped;
use copydesk::settings::UserPhrase;
use serde_json::{Value, json};
use std::io::Write;

pub fn list(job: &RuleList, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (settings, catalogue) = desk(job.rules.as_deref(), common)?;
    let book = rulebook();
    if job.json {
        let rows: Vec<Value> = book
            .iter()
            .map(|entry| {
                json!({
                    "code": entry.code,
                    "name": entry.name,
                    "findings": entry.findings,
                    "kinds": entry.kinds,
                    "level": level(entry),
                    "option": entry.option,
                    "since": entry.since,
                    "why": entry.why,
                    "off": is_off(&catalogue, entry),
                })
            })
            .collect();
        let phrases: Vec<Value> = phrase_kinds(&catalogue)
            .map(|(kind, phrases, languages)| {
                json!({"name": name_of(kind), "kind": kind, "phrases": phrases, "languages": languages})
            })
            .collect();
        let own = settings.rules.iter().flat_map(|rules| &rules.phrases);
        let own: Vec<Value> = own.map(own_row).collect();
        let all = json!({"rules": rows, "phrases": phrases, "own": own});
        writeln!(out, "{all:#}").map_err(written)?;
        return Ok(0);
    }
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let room = Stream::Out.width();
    let mut text = match room {
        WIDTH.. => format!(
            "{bold}{:<5} {:<18} {:<32} from level{plain}\n",
            "code", "rule", "kind"
        ),
        _ => String::new(),
    };
    for entry in &book {
        let kinds = match entry.kinds.len() {
            1..=2 => join(entry.kinds.iter().map(|kind| kind.as_str())),
            many if many == Kind::ALL.len() => "any".to_owned(),
            many => format!("{many} kinds"),
        };
        let off = if is_off(&catalogue, entry) {
            ", off"
        } else if entry.option.is_some() {
            ", on demand"
        } else {
            ""
        };
        let (code, name, from) = (entry.code, entry.name, level(entry));
        text.push_str(&match room {
            WIDTH.. => format!("{code:<5} {name:<18} {kinds:<32} {from}{off}\n"),
            _ => {
                let from = match from {
                    "any" => "at any level".to_owned(),
                    level => format!("from level {level}"),
                };
                let said = format!("{kinds}; {from}{off}");
                let said = paragraph(&said, "      ", Long::Stays);
                format!("{bold}{code:<5} {name}{plain}\n{said}")
            }
        });
        let why = cut_at_word(entry.why, room - 6);
        text.push_str(&format!("      {dim}{why}{plain}\n"));
    }
    text.push('\n');
    text.push_str(&paragraph(
        "Phrases of known-phrase and phrase-company, by the name their findings carry:",
        "",
        Long::Stays,
    ));
    let columns = [
        Column::words("name", 19),
        Column::words("kind", 17),
        Column::number("phrases", 9),
        Column::number("languages", 11),
        Column::words("", 0),
    ];
    let rows = phrase_kinds(&catalogue).map(|(kind, phrases, languages)| {
        let off = catalogue.is_off(name_of(kind));
        vec![
            name_of(kind).to_owned(),
            kind.as_str().to_owned(),
            grouped(phrases as u64),
            languages.to_string(),
            if off { " off" } else { "" }.to_owned(),
        ]
    });
    let laid = lay(&columns, &rows.collect::<Vec<_>>(), room);
    text.push('\n');
    for line in &laid.head {
        text.push_str(&format!("{bold}{line}{plain}\n"));
    }
    for line in &laid.rows {
        text.push_str(&format!("{line}\n"));
    }
    if let Some(rules) = settings
        .rules
        .as_ref()
        .filter(|rules| !rules.phrases.is_empty())
    {
        text.push_str("\nYour phrases, which are found by user-phrase:\n\n");
        for row in &rules.phrases {
            let said = format!(
                "  {:<17} {:<7} “{}”",
                row.kind.as_str(),
                row.risk.as_str(),
                harmless(&row.phrase)
            );
            text.push_str(&cut_at_word(&said, room));
            text.push('\n');
        }
    }
    text.push_str("\ncopydesk rules show NAME tells more of one.\n");
    write!(out, "{}", fitted(&text)).map_err(written)?;
    Ok(0)
}

fn own_row(row: &UserPhrase) -> Value {
    json!({
        "line": row.line, "kind": row.kind, "language": row.language, "phrase": row.phrase,
        "match": row.fit, "risk": row.risk, "position": row.position,
    })
}

/// Returns the kinds that have phrases, with how many in how many languages.
fn phrase_kinds(catalogue: &Catalogue) -> impl Iterator<Item = (Kind, usize, usize)> {
    Kind::ALL.into_iter().filter_map(|kind| {
        let counts = catalogue.phrases_by_language(kind);
        (!counts.is_empty()).then(|| (kind, counts.values().sum(), counts.len()))
    })
}
