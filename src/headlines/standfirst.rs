//! A standfirst that the first paragraph says again.
//!
//! Systems print the summary of a story under its headline, and many make it of
//! the story's own beginning. Of the two the paragraph stays, since it may say
//! more: whatever the standfirst says stands in it, word for word.

use super::key::words;
use super::{HEAD, ends_in_stop, examples, span_of};
use crate::document::{Finding, Kind, Page, Why};
use crate::text::fold::fold;
use std::ops::Range;
use std::sync::Arc;

/// How far below the headline a standfirst stands, and the longest line between them, in bytes.
const BELOW: usize = 3;
const KICKER: usize = 60;
/// The longest headline, in bytes, that has one.
const HEADLINE: usize = 200;
/// The least bytes of a standfirst.
const LEAST: usize = 40;
/// The least bytes of one that is the whole of the first paragraph: a shorter line may be a refrain.
const LEAST_WHOLE: usize = 70;
/// How many lines may stand between the standfirst and the paragraph: a byline, a date, a caption.
const BETWEEN: usize = 5;

/// Finds the standfirst under the headline that goes; `taken` are the findings so far.
pub(super) fn repeated_standfirst(
    page: &Page<'_>,
    headline: Range<usize>,
    taken: &[Finding],
) -> Option<Finding> {
    let lines = &page.lines;
    let is_taken = |at: usize| {
        let span = span_of(page, lines[at].text);
        taken
            .iter()
            .any(|finding| finding.span.start < span.end && span.start < finding.span.end)
    };
    let above = lines.get(headline.clone())?;
    if above.iter().any(|line| line.text.len() > HEADLINE) {
        return None;
    }
    let mut passed = 0;
    for (at, line) in lines.iter().enumerate().take(HEAD).skip(headline.end) {
        let deck = line.text;
        if is_taken(at) {
            continue;
        }
        let small = deck.starts_with(|c: char| c.is_lowercase());
        let may_be = deck.len() >= LEAST && !small;
        let paragraph = may_be.then(|| paragraph(page, at)).flatten();
        if let Some(how) = paragraph.filter(|(below, _)| !is_taken(*below)) {
            return Some(Finding {
                span: span_of(page, deck),
                why: Arc::new(Why {
                    rule: examples::STANDFIRST.into(),
                    kind: Kind::Headline,
                    evidence: format!("a standfirst that is {} the first paragraph", how.1),
                    score: None,
                }),
            });
        }
        // Long lines above it are text, and it is part of that.
        passed += 1;
        if deck.len() >= KICKER || passed == BELOW {
            return None;
        }
    }
    None
}

/// Returns the first paragraph below line `at`, and how it says that line again.
fn paragraph(page: &Page<'_>, at: usize) -> Option<(usize, &'static str)> {
    let lines = &page.lines;
    let deck = lines[at].text;
    let until = lines.len().min(at + 2 + BETWEEN);
    let below = (at + 1..until).find(|&line| lines[line].text.len() >= deck.len().max(60))?;
    let text = lines[below].text;
    // The cheap test first.
    let letter = |text: &str| text.chars().find(|c| c.is_alphanumeric());
    let (one, two) = (letter(deck)?, letter(text)?);
    if !one.to_lowercase().eq(two.to_lowercase()) || !ends_in_stop(text) {
        return None;
    }
    let folded = fold(deck);
    let cut = folded.ends_with("...");
    let deck_words = words(&folded);
    // Folding changes a length little: so much of the paragraph is enough.
    let most = (deck.len() * 3 / 2 + 64).min(text.len());
    let most = (most..=text.len()).find(|end| text.is_char_boundary(*end))?;
    let text_words = words(&fold(&text[..most]));
    let rest = text_words.strip_prefix(&*deck_words)?;
    if rest.is_empty() && most == text.len() {
        // Two equal lines and no text under them may be a verse.
        let more = &lines[below + 1..];
        let body = more
            .iter()
            .any(|line| line.text.len() >= 80 && ends_in_stop(line.text));
        // A line that stands a third time is a refrain.
        let refrain = || more.iter().any(|line| line.text == text);
        let stands = deck.len() >= LEAST_WHOLE && body && !cut && !refrain();
        return stands.then_some((below, "the whole of"));
    }
    (cut || rest.starts_with(' ') && deck_words.split(' ').count() >= 5
        || rest.starts_with(' ') && !deck.is_ascii())
    .then_some((below, "the beginning of"))
}
