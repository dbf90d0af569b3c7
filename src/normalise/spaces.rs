//! Spaces of every width become the space of the keyboard, one for one.
//!
//! These are the characters of Unicode's category Zs. The tab is none. The
//! ideographic space (U+3000) is one: it indents Chinese and Japanese paragraphs
//! or parts a name in two, and a plain space says the same to whoever trims
//! lines or splits words.

use super::{Mend, survey};
use crate::document::{Edits, Span};

/// Returns one edit an unbroken run of exotic spaces.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    replace(text, is_exotic, |count| " ".repeat(count), Mend::Spaces)
}

fn is_exotic(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Replaces every run of characters that `goes` with what `with` makes of their number.
pub(super) fn replace<R: AsRef<str>>(
    text: &str,
    goes: impl Fn(char) -> bool,
    with: impl Fn(usize) -> R,
    mend: Mend,
) -> Edits<Mend> {
    let mut edits = Edits::new();
    // The run so far: where it starts and ends, and its characters.
    let mut run = (0, 0, 0);
    for (at, c) in survey::odd_characters(text) {
        if !goes(c) {
            continue;
        }
        if at != run.1 || run.2 == 0 {
            if run.2 > 0 {
                edits.push(Span::new(run.0, run.1), with(run.2), mend);
            }
            run = (at, at, 0);
        }
        run = (run.0, at + c.len_utf8(), run.2 + 1);
    }
    if run.2 > 0 {
        edits.push(Span::new(run.0, run.1), with(run.2), mend);
    }
    edits
}
