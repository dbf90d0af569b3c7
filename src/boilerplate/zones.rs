//! Where the body begins and ends.
//!
//! The body reaches from the first to the last *long sentence*: a line of some
//! eighty characters that ends in a stop and is no low-risk phrase. Where an
//! article's own sentences are short, the bar sinks to forty or to twenty, so
//! far that the sentences above it hold half of what all sentences hold. Where
//! there is no sentence at all there is no body, no head and no tail: nothing
//! is known about places.

use super::evidence::Seen;
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
            !seen.taken && at != headline && seen.shape.ending == Ending::Stop && seen.phrase.is_none()
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
        let Some(bar) = [80, 40, 20].into_iter().find(|bar| all > 0 && width(*bar) * 2 >= all) else {
            return Self { body: None, bar: 0 };
        };
        let long = |at: &usize| sentence(*at, &lines[*at]) && lines[*at].shape.width >= bar && words(lines[*at].text) >= 3;
        let body = (0..lines.len()).find(long).zip((0..lines.len()).rev().find(long));
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
