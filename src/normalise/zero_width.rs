//! Zero-width characters go where they do nothing for the reader.
//!
//! | character | goes |
//! |---|---|
//! | U+200B zero width space, U+2060 word joiner, U+FEFF byte order mark | always |
//! | U+202A–U+202E, U+2066–U+2069 bidi embeddings, overrides, isolates | always |
//! | U+200E, U+200F left-to-right and right-to-left mark | unless their line mixes a right-to-left script with other letters or digits, where they decide the order |
//! | U+200C zero width non-joiner | unless it stands behind an Indic letter or sign, or between a letter and one of a joining script |
//! | U+200D zero width joiner | unless a letter of a joining script stands beside it, or emoji on both sides |
//!
//! What the joiners do is told in the Unicode standard, §23.2; of emoji
//! sequences in UTS #51. Of the same joiner twice one goes.

use super::Mend;
use crate::document::{Edits, Span};

/// Returns one edit a character that goes.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut edits = Edits::new();
    // The last character that stays and prints, the one that stays and perhaps does not.
    let mut before = None;
    let mut last = None;
    // Whether the marks of this line stay, where that has been asked.
    let mut marks_stay = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let goes = match c {
            '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
            '\u{200e}' | '\u{200f}' => !*marks_stay.get_or_insert_with(|| line_is_mixed(text, at)),
            '\u{200c}' | '\u{200d}' => {
                let after = text[end..].chars().take(16).find(|&c| !is_zero_width(c));
                last == Some(c) || !joins(c, before, after)
            }
            _ => {
                if is_line_break(c) {
                    marks_stay = None;
                }
                before = Some(c);
                false
            }
        };
        if goes {
            edits.push(Span::new(at, end), "", Mend::ZeroWidth);
        } else {
            last = Some(c);
        }
    }
    edits
}

/// Returns whether a joiner between these two does something.
fn joins(joiner: char, before: Option<char>, after: Option<char>) -> bool {
    let is = |c: Option<char>, what: fn(char) -> bool| c.is_some_and(what);
    if joiner == '\u{200c}' {
        let word = |c: char| c.is_alphanumeric() || is_joining(c);
        is(before, is_indic) || (is(before, word) && is(after, is_joining))
    } else {
        is(before, is_joining)
            || is(after, is_joining)
            || (is(before, is_emoji) && is(after, is_emoji))
    }
}

fn is_zero_width(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{feff}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// Returns whether `c` is of a script whose letters change shape with their neighbours.
fn is_joining(c: char) -> bool {
    is_indic(c)
        || matches!(
            c,
            // Arabic to Mandaic, Mongolian, Arabic presentation forms, Hanifi and others.
            '\u{600}'..='\u{8ff}' | '\u{1800}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}'
                | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{10fff}' | '\u{1e900}'..='\u{1e95f}'
        )
}

/// Returns whether `c` is of a script that builds syllables around a virama or its like.
fn is_indic(c: char) -> bool {
    matches!(
        c,
        '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1700}'..='\u{17ff}'
            | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{a8ff}' | '\u{a900}'..='\u{abff}'
            | '\u{11000}'..='\u{11fff}'
    )
}

/// Returns whether `c` stands beside the joiner of an emoji sequence.
fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
            | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}'
            | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}'
    )
}

/// Returns whether the line around `at` has both a right-to-left script and
/// letters or digits of another.
fn line_is_mixed(text: &str, at: usize) -> bool {
    let line = |part: &mut dyn Iterator<Item = char>| {
        part.take_while(|&c| !is_line_break(c))
            .fold((false, false), |(right, left), c| {
                let to_left = is_right_to_left(c);
                (right | to_left, left | (!to_left && c.is_alphanumeric()))
            })
    };
    let head = line(&mut text[..at].chars().rev());
    let tail = line(&mut text[at..].chars());
    (head.0 | tail.0) && (head.1 | tail.1)
}

fn is_right_to_left(c: char) -> bool {
    // Arabic-Indic digits run left to right.
    !c.is_numeric()
        && matches!(
            c,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
                | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
        )
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
