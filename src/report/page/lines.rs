//! The lines that were taken out most often.

use super::table::{Table, table};
use super::text::{grouped, id, shown};
use crate::report::{CommonLine, Tally};
use maud::{Markup, html};

/// A line that was taken out once tells nothing of the corpus.
const OFTEN: u64 = 2;

pub fn lines(tally: &Tally) -> Markup {
    if tally.common_lines.is_empty() {
        return html! {};
    }
    let lines = tally.common_lines.iter();
    let often: Vec<&CommonLine> = lines.filter(|line| line.count >= OFTEN).collect();
    html! {
        section aria-labelledby="lines" {
            h2 id="lines" { "The lines taken out most often" }
            @if often.is_empty() {
                p { "No line was taken out more than once. Those that are would stand here, the commonest first; "
                    code { "removed.jsonl" } " has every line." }
            } @else {
                (table_of(&often))
            }
        }
    }
}

fn table_of(lines: &[&CommonLine]) -> Markup {
    html! {
        p.note { "Those that were taken out more than once, each with the rule that took it first and up to three documents it stood in: the record's id, its number, and the line's first byte in the original text." }
        p.filter hidden { label for="filter" { "Show only lines with " } input id="filter" type="search" autocomplete="off"; " " output for="filter" {} }
        (table(&Table {
            caption: "Lines by how often they were taken out",
            heads: &[("line", false), ("times", true), ("rule", false), ("for example in", false)],
            class: "lines",
        }, html! {
            @for line in lines { tr {
                td.text { (shown(&line.text)) }
                td.number data-v=(line.count) { (grouped(line.count)) }
                td { code { (shown(&line.rule)) } }
                td.places { (places(line)) }
            } }
        }))
    }
}

fn places(line: &CommonLine) -> Markup {
    html! {
        ul { @for (number, name) in line.examples.iter().enumerate() {
            li { (id(name))
                @if let Some((doc, at)) = line.places.get(number) {
                    span.soft { " record " (grouped(doc.0 + 1)) ", byte " (grouped(*at as u64)) }
                }
            }
        } }
    }
}
