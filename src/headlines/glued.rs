//! A headline glued to the first paragraph: "Ferry returns to the lakeThe old ferry …".
//!
//! Only where the very same headline stands on a line of its own above: what is
//! cut out of the paragraph is not lost.

use super::key::Key;
use super::{examples, span_of};
use crate::document::{Finding, Kind, Page, Span, Why};
use std::ops::Range;
use std::sync::Arc;

/// The least bytes of the sentence that stays.
const SENTENCE: usize = 40;

/// Finds the headline, which stands at `kept`, at the start of line `first`, the first paragraph.
pub(super) fn glued_headline(page: &Page<'_>, kept: Range<usize>, first: usize) -> Option<Finding> {
    let [own] = page.lines.get(kept.clone())? else {
        return None;
    };
    let line = page.lines.get(first).filter(|_| first >= kept.end)?;
    let rest = line.text.strip_prefix(own.text)?;
    let key = Key::new(own.text);
    if !key.long() || !key.telling() {
        return None;
    }
    let how = seam(own.text, rest)?;
    let sentence = rest.trim_start_matches(['.', ':', '。', '：', '-', '–', '—', ' ']);
    if sentence.len() < SENTENCE {
        return None;
    }
    let start = span_of(page, line.text).start;
    let end = start + line.text.len() - sentence.len();
    Some(Finding {
        span: Span::new(start, end),
        why: Arc::new(Why {
            rule: examples::NAME.into(),
            kind: Kind::Headline,
            evidence: format!("the headline at the start of the first paragraph, {how}"),
            score: None,
        }),
    })
}

/// Returns how `rest`, what follows the headline on its line, begins a sentence of its own.
fn seam(headline: &str, rest: &str) -> Option<&'static str> {
    let quotes = ['"', '“', '„', '«', '‘', '\''];
    let begins = |text: &str| {
        let first = text.trim_start_matches(quotes).chars().next();
        first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || has_no_case(c))
    };
    let last = headline.chars().next_back()?;
    // A first line with a full stop is a sentence, and its author may say it again.
    let stopped = matches!(last, '!' | '?' | '…' | '！' | '？');
    for stop in [". ", ": ", " - ", " – ", " — ", "。", "："] {
        if let Some(after) = rest.strip_prefix(stop) {
            return begins(after.trim_start()).then_some("with a stop between them");
        }
    }
    if let Some(after) = rest.strip_prefix(' ') {
        return (stopped && begins(after)).then_some("as a sentence of its own");
    }
    // "lakeThe": a capital follows a small letter, and small letters follow it.
    let mut letters = rest.trim_start_matches(quotes).chars();
    let (one, two) = (letters.next()?, letters.next()?);
    let glued =
        one.is_uppercase() && (two.is_lowercase() || two.is_whitespace()) && !last.is_uppercase()
            || stopped && begins(rest);
    glued.then_some("with nothing between them")
}

/// Returns whether the letter is of a script without capitals.
fn has_no_case(letter: char) -> bool {
    letter.is_alphabetic() && !letter.is_lowercase() && !letter.is_uppercase()
}
