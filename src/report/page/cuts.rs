//! The documents that lost most, before and after.

use super::diff::{Room, line_diff};
use super::text::{grouped, id, percent, plain};
use crate::report::{Examples, Tally};
use maud::{Markup, html};

/// How many stand open.
const OPEN: usize = 2;

pub fn cuts(tally: &Tally, examples: &Examples, room: &mut Room) -> Markup {
    let cuts = &tally.documents.most_cut;
    if cuts.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="cuts" {
            h2 id="cuts" { "The documents that lost most" }
            p.note { "By the share of their characters, of documents with 400 at least. Look here first: where an author's own words went, it went wrong. " code { "copydesk explain --run DIR --id '#N'" } " tells more of record N, and " code { "--rules" } " keeps a line or turns a rule off." }
            @for (number, cut) in cuts.iter().enumerate() {
                @let gone = cut.chars_before.saturating_sub(cut.chars_after);
                details open[number < OPEN] {
                    summary {
                        b { (id(&cut.id)) } " "
                        span.soft { "record " (grouped(cut.doc.0 + 1)) ": "
                            (grouped(cut.chars_before)) " → " (grouped(cut.chars_after)) " characters, −" (percent(gone, cut.chars_before)) }
                    }
                    @match examples.most_cut.get(number).and_then(Option::as_ref) {
                        Some(diff) => (room.take(line_diff(diff, &format!("What was taken out of {}", plain(&cut.id))))),
                        None => p.note { "Its cleaned text is not in this folder." },
                    }
                }
            }
        }
    }
}
