//! Runs of blank lines become one blank line.
//!
//! A line is blank if nothing but white space stands on it. The first of a run
//! stays as it is, the others go with their line feeds: only deletions.

use super::Mend;
use crate::document::{Edits, Span};

/// Returns one edit a run of two or more blank lines.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut edits = Edits::new();
    // `line` is the start of a line; behind a line that is not blank, find the
    // next line feed at once.
    let mut line = 0;
    loop {
        if let Some(kept) = blank(text, line) {
            let mut end = kept;
            while end < text.len()
                && let Some(next) = blank(text, end)
            {
                end = next;
            }
            if end > kept {
                edits.push(Span::new(kept, end), "", Mend::BlankLines);
            }
            line = end;
            if line >= text.len() {
                return edits;
            }
        }
        match memchr::memchr(b'\n', &text.as_bytes()[line..]) {
            Some(at) => line += at + 1,
            None => return edits,
        }
    }
}

/// Returns where the line at `start` ends, its line feed included, if it is blank.
fn blank(text: &str, start: usize) -> Option<usize> {
    if text.as_bytes().get(start).is_some_and(u8::is_ascii_graphic) {
        return None;
    }
    for (at, c) in text.get(start..)?.char_indices() {
        if c == '\n' {
            return Some(start + at + 1);
        }
        if !c.is_whitespace() {
            return None;
        }
    }
    Some(text.len())
}
