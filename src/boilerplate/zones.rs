//! Where the body begins and ends.
//!
//! The body reaches from the first to the last *long sentence*: a line of some
//! eighty characters that ends in a stop and is no low-risk phrase. Where an
//! article's own sentences are short, the bar sinks to forty or to twenty, so
//! far that the sentences above it hold half of what all sentences hold. Where
//! there is no sentence at all there is no body, no head and no tail: nothing
//! is known about places.

use super::evidence::Seen;
use super::phrase::Risk;
use super::shape::{Ending, words};

/// The body's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Zones {
    /// The first and the last line of the body.
    pub(super) body: Option<(usize, usize)>,
    /// Least width of a long sentence here.
    pub(super) bar: usize,
}

impl Zones {
    /// Finds the body.
    pub(super) fn of(lines: &[Seen<'_>], headline: usize) -> Self {
        let sentence = |at: usize, seen: &Seen<'_>| {
            !seen.taken
                && at != headline
                && seen.shape.ending == Ending::Stop
                && seen.phrase.is_none()
                && !seen.site.as_ref().is_some_and(|known| known.is_common())
        };
        let width = |bar: usize| -> usize {
            lines
                .iter()
                .enumerate()
                .filter(|(at, seen)| sentence(*at, seen) && seen.shape.width >= bar)
                .map(|(_, seen)| seen.shape.width)
                .sum()
        };
        let all = width(0);
        let Some(bar) = [80, 40, 20]
            .into_iter()
            .find(|bar| all > 0 && width(*bar) * 2 >= all)
        else {
            return Self { body: None, bar: 0 };
        };
        let long = |at: &usize| {
            sentence(*at, &lines[*at])
                && lines[*at].shape.width >= bar
                && (bar == 80 || words(lines[*at].text) >= 3)
        };
        let body = body(lines, &long);
        Self { body, bar }
    }

    /// Returns whether `line` stands before the body.
    pub(super) fn head(&self, line: usize) -> bool {
        self.body.is_some_and(|(first, _)| line < first)
    }

    /// Returns whether `line` stands after the body.
    pub(super) fn tail(&self, line: usize) -> bool {
        self.body.is_some_and(|(_, last)| line > last)
    }
}

/// Returns the first and the last line of the body: the stretch where what sentences weigh, less
/// what labels and phrases weigh, is greatest.
///
/// So a lone notice at a page's head or foot, parted from the paragraphs by lists, does not
/// belong to the body; two paragraphs after a list of ten do.
fn body(lines: &[Seen<'_>], long: &impl Fn(&usize) -> bool) -> Option<(usize, usize)> {
    let mut best: Option<(isize, usize, usize)> = None;
    let mut run: Option<(isize, usize)> = None;
    for (at, seen) in lines.iter().enumerate() {
        if seen.taken {
            continue;
        }
        if long(&at) {
            let (weight, start) = run.unwrap_or((0, at));
            let weight = weight + seen.shape.width.min(400) as isize;
            run = Some((weight, start));
            if best.is_none_or(|(held, ..)| weight >= held) {
                best = Some((weight, start, at));
            }
        } else if let Some((weight, start)) = run {
            let weight = weight
                + match &seen.phrase {
                    Some(phrase) if phrase.risk == Risk::Low => -LABEL * 2,
                    Some(_) => -LABEL,
                    None if seen.shape.ending == Ending::Stop => seen.shape.width as isize / 2,
                    None => -LABEL,
                };
            run = (weight > 0).then_some((weight, start));
        }
    }
    best.map(|(_, start, end)| (start, end))
}

/// What a label weighs against a sentence's characters.
const LABEL: isize = 45;
