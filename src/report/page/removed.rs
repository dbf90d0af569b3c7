//! What was taken out: by kind, by rule, by where it stood; and what was mended.

use super::chart::{Column, Columns, bar, columns, strip};
use super::table::{Table, table};
use super::text::{counted, grouped, percent, shown, words};
use crate::document::Kind;
use crate::report::{KindTally, RuleTally, Tally};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Rules that are shown; there are some forty of ours.
const RULES: usize = 100;

/// Kinds that have a strip of their own.
const STRIPS: usize = 10;

pub fn removed(tally: &Tally) -> Markup {
    let mut kinds: Vec<(Kind, KindTally)> = tally.kinds().into_iter().collect();
    kinds.sort_by_key(|(kind, took)| (std::cmp::Reverse(took.chars), *kind));
    let mut rules: Vec<(&String, &RuleTally)> = tally.rules.iter().collect();
    rules.sort_by(|one, two| two.1.chars.cmp(&one.1.chars).then(one.0.cmp(two.0)));
    let all: u64 = rules.iter().map(|(_, rule)| rule.chars).sum();
    let lines: u64 = rules.iter().map(|(_, rule)| rule.lines).sum();
    let most = kinds.first().map_or(0, |(_, took)| took.chars);
    html! {
        section aria-labelledby="removed" {
            h2 id="removed" { "What was taken out" }
            @if rules.is_empty() {
                p { "Nothing was taken out of any text." }
            } @else {
                p { (counted(all, "character", "characters")) " in " (counted(lines, "line", "lines"))
                    " (a cut inside a line counts as one), "
                    (percent(all, tally.documents.chars_before)) " of the characters that were read." }
                @if !kinds.is_empty() { (table(&Table {
                    caption: "By kind of furniture, as --keep-kind names it",
                    heads: &[("kind", false), ("lines", true), ("characters", true), ("share of these", true), ("", false)],
                    class: "bars kinds",
                }, html! {
                    @for (kind, took) in &kinds { tr {
                        th scope="row" { code { (kind.as_str()) } }
                        td.number data-v=(took.lines) { (grouped(took.lines)) }
                        td.number data-v=(took.chars) { (grouped(took.chars)) }
                        td.number data-v=(took.chars) { (percent(took.chars, all)) }
                        td.graph { (bar(took.chars, most)) }
                    } }
                })) }
                (table(&Table {
                    caption: "By rule; copydesk rules show NAME tells what one does, with examples",
                    heads: &[("rule", false), ("kind", false), ("lines", true), ("characters", true), ("", false)],
                    class: "bars rules",
                }, html! {
                    @for (name, rule) in rules.iter().take(RULES) { tr {
                        th scope="row" { code { (shown(name)) } }
                        td.soft {
                            code { (rule.kind.as_str()) }
                            @if rule.kinds.len() > 1 { " and " (rule.kinds.len() - 1) " more" }
                        }
                        td.number data-v=(rule.lines) { (grouped(rule.lines)) }
                        td.number data-v=(rule.chars) { (grouped(rule.chars)) }
                        td.graph { (bar(rule.chars, rules.first().map_or(0, |(_, rule)| rule.chars))) }
                    } }
                }))
                (positions(&tally.documents.positions))
            }
            (mends(tally))
        }
    }
}

/// Where in the documents it stood.
fn positions(positions: &BTreeMap<Kind, Vec<u64>>) -> Markup {
    let parts = positions.values().map(Vec::len).max().unwrap_or_default();
    if parts == 0 {
        return html! {};
    }
    let mut whole = vec![0u64; parts];
    for kind in positions.values() {
        for (sum, count) in whole.iter_mut().zip(kind) {
            *sum += count;
        }
    }
    let mut kinds: Vec<(Kind, &Vec<u64>, u64)> = positions
        .iter()
        .map(|(kind, parts)| (*kind, parts, parts.iter().sum()))
        .collect();
    kinds.sort_by_key(|(kind, _, sum)| (std::cmp::Reverse(*sum), *kind));
    let all: u64 = whole.iter().sum();
    let step = 100 / parts.max(1);
    let share = |range: std::ops::Range<usize>| {
        percent(whole.get(range).unwrap_or_default().iter().sum(), all)
    };
    let (head, tail) = (share(0..parts / 4), share(parts - parts / 4..parts));
    let desc = format!(
        "{head} of the characters stood in the first quarter of their document, {tail} in the last."
    );
    html! {
        h3 id="positions" { "Where it stood in the document" }
        p { (desc) }
        div.figure {
            (columns(&Columns {
                id: "pos",
                title: "Characters taken out, by place in the document",
                desc: &desc,
                columns: whole.iter().enumerate().map(|(at, count)| Column {
                    label: match at { 0 => "start".into(), _ if at + 1 == parts => "end".into(), _ if at == parts / 2 => "middle".into(), _ => String::new() },
                    title: format!("{} to {} %: {}", at * step, (at + 1) * step, counted(*count, "character", "characters")),
                    count: *count,
                    behind: None,
                }).collect(),
                mark: None,
            }))
        }
        (table(&Table {
            caption: "The same by kind, from the start of the document at the left to its end; the darker, the more",
            heads: &[("kind", false), ("first quarter", true), ("last quarter", true), ("start to end", false)],
            class: "strips",
        }, html! {
            @for (kind, parts, sum) in kinds.iter().take(STRIPS) {
                @let quarter = parts.len() / 4;
                @let head: u64 = parts.iter().take(quarter).sum();
                @let tail: u64 = parts.iter().rev().take(quarter).sum();
                tr {
                    th scope="row" { code { (kind.as_str()) } }
                    td.number data-v=(head * 10_000 / (*sum).max(1)) { (percent(head, *sum)) }
                    td.number data-v=(tail * 10_000 / (*sum).max(1)) { (percent(tail, *sum)) }
                    td.graph { (strip(parts)) }
                }
            }
        }))
    }
}

fn mends(tally: &Tally) -> Markup {
    let mut mends: Vec<(&String, u64)> = tally
        .mends
        .iter()
        .filter(|(name, _)| *name != "gap")
        .map(|(name, count)| (name, *count))
        .collect();
    mends.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
    if mends.is_empty() {
        return html! {};
    }
    html! {
        h3 id="mends" { "What was mended" }
        (table(&Table {
            caption: "Mended characters and spaces, by sort; normalised.jsonl has each",
            heads: &[("mend", false), ("times", true), ("", false)],
            class: "bars",
        }, html! {
            @for (name, count) in &mends { tr {
                th scope="row" { (shown(&words(name))) }
                td.number data-v=(count) { (grouped(*count)) }
                td.graph { (bar(*count, mends.first().map_or(0, |mend| mend.1))) }
            } }
        }))
    }
}
