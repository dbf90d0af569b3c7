//! Line breaks: every mandatory break of Unicode (UAX #14, classes BK, CR, NL)
//! becomes a line feed.
//!
//! Of CR LF the carriage return is deleted; a carriage return alone, VT, FF, NEL
//! (U+0085) and the line and paragraph separators become `\n`.

use super::{Mend, survey};
use crate::document::{Edits, Span};

/// Returns one edit a line break that is no line feed.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut edits = Edits::new();
    for (at, c) in survey::odd_characters(text) {
        if !matches!(
            c,
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            continue;
        }
        let end = at + c.len_utf8();
        let spare = c == '\r' && text.as_bytes().get(end) == Some(&b'\n');
        edits.push(
            Span::new(at, end),
            if spare { "" } else { "\n" },
            Mend::LineBreaks,
        );
    }
    edits
}
