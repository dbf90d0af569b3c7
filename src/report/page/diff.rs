//! Differences: a document line by line, two texts word by word.

use super::text::{counted, grouped, named, shown, words};
use crate::report::{Change, DiffLine, LineDiff, Piece, WordDiff};
use maud::{Markup, html};

/// How many bytes of a page texts may take.
pub const ROOM: usize = 700_000;

/// The room that is left for texts, so that a page stays small whatever they hold.
pub struct Room(usize);

impl Room {
    /// Returns all of it.
    pub const fn new() -> Self {
        Self(ROOM)
    }

    /// Returns `texts`, or a word on why they are not shown.
    pub fn take(&mut self, texts: Markup) -> Markup {
        match self.0.checked_sub(texts.0.len()) {
            Some(left) => {
                self.0 = left;
                texts
            }
            None => {
                html! { p.note { "Left out, so that this page stays small; the ledger has it." } }
            }
        }
    }
}

/// Returns a document's lines with what became of them.
pub fn line_diff(diff: &LineDiff, label: &str) -> Markup {
    html! {
        ol.diff aria-label=(label) {
            @for line in &diff.lines { @match line {
                DiffLine::Skipped(count) => li.skipped { (counted(*count, "line", "lines")) " stayed" },
                DiffLine::Kept { number, text } => li { span.at { (grouped(*number)) } span.what { (shown(text)) } },
                DiffLine::Removed { number, text, rule } => li.gone {
                    span.at { (grouped(*number)) }
                    span.what { del { (shown(text)) } " " span.why { (shown(rule)) } }
                },
                DiffLine::Changed { number, pieces: parts, why } => li.changed {
                    span.at { (grouped(*number)) }
                    span.what { bdi dir="auto" { (pieces(parts)) } " "
                        span.why { (shown(&why.iter().map(|why| words(why)).collect::<Vec<_>>().join(", "))) } }
                },
            } }
            @if diff.more > 0 { li.skipped { "and " (counted(diff.more, "changed line", "changed lines")) " more" } }
        }
    }
}

/// Returns the places in which a duplicate differs from its survivor.
pub fn word_diff(diff: &WordDiff) -> Markup {
    html! {
        @if diff.hunks.is_empty() {
            p.note { @if diff.beginnings { "Their beginnings are the same, word by word; they differ further on." } @else if diff.capitals { "They are the same, word by word, capital letters aside." } @else { "They are the same, word by word." } }
        } @else {
            ul.words { @for hunk in &diff.hunks { li { bdi dir="auto" { "… " (pieces(hunk)) " …" } } } }
            @if diff.more > 0 || diff.beginnings {
                p.note {
                    @if diff.more > 0 { "And " (counted(diff.more, "place", "places")) " more. " }
                    @if diff.beginnings { "Only their beginnings were compared." }
                }
            }
        }
    }
}

fn pieces(pieces: &[Piece]) -> Markup {
    html! { @for piece in pieces { @match piece.change {
        Change::Same => (named(&piece.text)),
        Change::Gone => del { (named(&piece.text)) },
        Change::New => ins { (named(&piece.text)) },
    } } }
}
