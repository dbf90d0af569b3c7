//! The nouns: what every desk, format and stage speaks of.
//!
//! A [`Document`] is one scraped record's text with the little that the desks
//! may know about it. Desks answer with [`Finding`]s (spans to take out and
//! why) or with [`Edits`] (spans to replace). Spans are byte ranges; of which
//! text is said by the type: a finding's span is of the text the desk was
//! given, a [`Removal`]'s span is of the *original* text, always.

// What comes from without is met here: no place that a file or a user names is taken on trust.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

mod edits;
mod finding;
mod page;

pub use edits::{Edit, Edits, Iter, Places, Tag, revert};
pub use finding::{Finding, Kind, Removal, Why};
pub use page::{Line, Page};

use serde::{Deserialize, Serialize};

/// A byte range, `start..end`, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(usize, usize)", from = "(usize, usize)")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Returns whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the part of `text` that the span covers, or `""` where it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

/// The ordinal of a record in the order it was read, from 0.
///
/// It is what ranks documents under `keep first`, and what tells records with
/// the same or no id apart in the ledger.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct DocId(pub u64);

impl DocId {
    /// Returns what a record without an id goes by: `#` and its number from 1.
    pub fn called(self) -> String {
        format!("#{}", self.0.saturating_add(1))
    }
}

/// What the desks see of one record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Document<'a> {
    /// The text to clean.
    pub text: &'a str,
    /// The title field, where the record has one.
    pub title: Option<&'a str>,
    /// The record's address, where it has one.
    pub url: Option<&'a str>,
    /// The site it is from, where the record says so; else the address tells.
    pub site: Option<&'a str>,
}
