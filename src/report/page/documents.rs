//! What the documents are like: languages, scripts, and lengths before and after.

use super::chart::{Column, Columns, bar, columns};
use super::table::{Table, table};
use super::text::{counted, grouped, percent, shown};
use crate::report::Tally;
use crate::text::language::{self, ALL, STEP};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub fn documents(tally: &Tally) -> Markup {
    let documents = &tally.documents;
    let all: u64 = documents.scripts.values().sum();
    if all == 0 {
        return html! {};
    }
    let looked: u64 = documents.languages.values().sum();
    html! {
        section aria-labelledby="documents" {
            h2 id="documents" { "Languages, scripts and lengths" }
            @if looked > 0 {
                p {
                    "Languages are told by the beginnings of " (counted(looked, "text", "texts"))
                    ", as they are after cleaning: the first " (grouped(ALL)) " and one in " (grouped(STEP)) " of the others. Scripts are told by a sample of the letters."
                }
                (counts("Documents by language", "language", &documents.languages, language::name))
            }
            (counts("Documents by script", "script", &documents.scripts, |name| name))
            (lengths(tally))
        }
    }
}

/// Returns a table of counts, the greatest first; `name` tells what a key is called.
fn counts(
    caption: &str,
    head: &str,
    counts: &BTreeMap<String, u64>,
    name: fn(&str) -> &str,
) -> Markup {
    let all: u64 = counts.values().sum();
    let mut rows: Vec<(&str, u64)> = counts
        .iter()
        .map(|(key, count)| (name(key), *count))
        .collect();
    rows.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
    let most = rows.first().map_or(0, |row| row.1);
    table(
        &Table {
            caption,
            heads: &[
                (head, false),
                ("documents", true),
                ("share", true),
                ("", false),
            ],
            class: "bars",
        },
        html! {
            @for (name, count) in &rows { tr {
                th scope="row" { (shown(name)) }
                td.number data-v=(count) { (grouped(*count)) }
                td.number data-v=(count) { (percent(*count, all)) }
                td.graph { (bar(*count, most)) }
            } }
        },
    )
}

fn lengths(tally: &Tally) -> Markup {
    let documents = &tally.documents;
    let (before, after) = (&documents.lengths_before, &documents.lengths_after);
    let size = before.len().max(after.len());
    let of = |counts: &Vec<u64>, at: usize| counts.get(at).copied().unwrap_or_default();
    let first = (0..size)
        .find(|at| of(before, *at) + of(after, *at) > 0)
        .unwrap_or_default();
    let low = |at: usize| if at == 0 { 0 } else { 1u64 << (at - 1) };
    let columns_of = (first..size).map(|at| Column {
        label: if (at - first).is_multiple_of(3) || at + 1 == size {
            short(low(at))
        } else {
            String::new()
        },
        title: format!(
            "from {}: {} before, {} after",
            counted(low(at), "character", "characters"),
            counted(of(before, at), "document", "documents"),
            grouped(of(after, at))
        ),
        count: of(after, at),
        behind: Some(of(before, at)),
    });
    let read: u64 = before.iter().sum();
    let mean = |chars: u64| grouped(chars / read.max(1));
    let desc = format!(
        "{} characters a document before cleaning, {} after, in the mean.",
        mean(documents.chars_before),
        mean(documents.chars_after)
    );
    html! {
        h3 id="lengths" { "Lengths before and after cleaning" }
        p { (desc) " Each column holds texts up to twice as long as the one at its left; the outline is before, the filled column after, duplicates among them." }
        div.figure {
            (columns(&Columns {
                id: "len",
                title: "Documents by characters, before and after cleaning",
                desc: &desc,
                columns: columns_of.collect(),
                mark: None,
            }))
        }
        details {
            summary { "The numbers" }
            (table(&Table {
                caption: "Documents by characters",
                heads: &[("characters", false), ("before", true), ("after", true)],
                class: "",
            }, html! {
                @for at in first..size { tr {
                    th scope="row" data-v=(low(at)) { @if at == 0 { "0" } @else { (grouped(low(at))) " to " (grouped((1u64 << at) - 1)) } }
                    td.number data-v=(of(before, at)) { (grouped(of(before, at))) }
                    td.number data-v=(of(after, at)) { (grouped(of(after, at))) }
                } }
            }))
        }
    }
}

/// Returns a power of two as people say it: `64k` for 65,536.
fn short(number: u64) -> String {
    match number {
        0..1024 => number.to_string(),
        1024..1_048_576 => format!("{}k", number / 1024),
        _ => format!("{}M", number / 1_048_576),
    }
}
