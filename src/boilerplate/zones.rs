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
        let body = (0..lines.len())
            .find(long)
            .map(|first| (first, end(lines, first, &long)));
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

/// Returns the line the body ends with: where what sentences weigh, less what labels and
/// phrases weigh, is greatest.
///
/// So a lone notice at a page's foot, far behind the last paragraph and parted from it by
/// lists, does not belong to the body; two paragraphs after a list of ten do.
fn end(lines: &[Seen<'_>], first: usize, long: &impl Fn(&usize) -> bool) -> usize {
    let (mut weight, mut best, mut end) = (0isize, isize::MIN, first);
    for (at, seen) in lines.iter().enumerate().skip(first) {
        if seen.taken {
            continue;
        }
        weight += if long(&at) {
            seen.shape.width.min(400) as isize
        } else if let Some(phrase) = &seen.phrase {
            if phrase.risk == Risk::Low {
                -LABEL * 2
            } else {
                -LABEL
            }
        } else if seen.shape.ending == Ending::Stop {
            seen.shape.width as isize / 2
        } else {
            -LABEL
        };
        if weight >= best && long(&at) {
            (best, end) = (weight, at);
        }
    }
    end
}

/// What a label weighs against a sentence's characters.
const LABEL: isize = 45;
