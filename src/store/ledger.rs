//! The rows of the ledger, as they stand in files.
//!
//! | file | row |
//! |---|---|
//! | `removed.jsonl` | [`RemovedRow`]: one span that a desk took out |
//! | `normalised.jsonl` | [`NormalisedRow`]: what was mended in one document |
//! | `duplicates.jsonl` | [`DuplicateRow`]: one document and its survivor |
//! | `dropped.jsonl` | [`DroppedRow`]: one record that is not in the cleaned output, whole |
//! | `rejected.jsonl` | [`RejectedRow`]: one record that could not be read |
//! | `spared.jsonl` | [`SparedRow`]: one document that the brake has left alone |
//!
//! Rows are in the order of `doc`, the ordinal of the record from 0. Spans are
//! byte ranges of the original text in UTF-8.

use crate::document::{DocId, Kind, Span};
use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Write;

/// The files of the ledger, by what goes into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    /// What the desks took out.
    Removed,
    /// What was mended.
    Normalised,
    /// Duplicates and their survivors.
    Duplicates,
    /// Records that are not in the cleaned output.
    Dropped,
    /// Records that could not be read.
    Rejected,
    /// Documents that the brake has left alone.
    Spared,
}

impl Book {
    /// Every book.
    pub const ALL: [Self; 6] = [
        Self::Removed,
        Self::Normalised,
        Self::Duplicates,
        Self::Dropped,
        Self::Rejected,
        Self::Spared,
    ];

    /// Returns the file's name without what packing adds.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Removed => "removed.jsonl",
            Self::Normalised => "normalised.jsonl",
            Self::Duplicates => "duplicates.jsonl",
            Self::Dropped => "dropped.jsonl",
            Self::Rejected => "rejected.jsonl",
            Self::Spared => "spared.jsonl",
        }
    }
}

/// One span that a desk took out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemovedRow<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The record's id, or `#` and its number from 1 where it has none.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The rule that decided.
    #[serde(borrow)]
    pub rule: Cow<'a, str>,
    /// What sort of furniture it is.
    pub kind: Kind,
    /// Where it stood in the original text.
    pub span: Span,
    /// The original bytes of the span.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// What the rule saw.
    #[serde(borrow)]
    pub evidence: Cow<'a, str>,
    /// How sure the rule is, where it measures that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// What stands there now, where that is not nothing.
    #[serde(default, borrow, skip_serializing_if = "str_is_empty")]
    pub replacement: Cow<'a, str>,
}

/// What was mended in one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "E: Deserialize<'de>"))]
pub struct NormalisedRow<'a, E = Vec<NormalisedEdit<'a>>> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The record's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The edits in the order of the text: a list, or [`Each`] that is to be written.
    pub edits: E,
    /// Where lone surrogate escapes stood in the JSON: byte offset in the
    /// original text, where U+FFFD stands for it, and UTF-16 code unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surrogates: Vec<(usize, u16)>,
    /// How the plain text file was written, where the record was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRow>,
}

/// A list that is written as it is made: [`NormalisedEdit`]s of a long text take more room than it.
pub struct Each<F>(pub F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq((self.0)())
    }
}

/// One mended span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NormalisedEdit<'a> {
    /// Where it stood in the original text.
    pub span: Span,
    /// The original bytes of the span.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// What stands there now.
    #[serde(borrow)]
    pub replacement: Cow<'a, str>,
    /// What was mended.
    #[serde(borrow)]
    pub mend: Cow<'a, str>,
}

/// What gives a plain text file's bytes back from its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// The charset's name.
    pub charset: String,
    /// Whether a byte order mark stood in front.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bom: bool,
    /// The bytes in base64, where charset and text do not give them again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_base64: Option<String>,
}

/// How a duplicate was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DuplicateKind {
    /// Its folded text is the survivor's.
    Exact,
    /// Its shingles are nearly the survivor's.
    Near,
    /// Nearly all of its shingles are among those of the survivor, which is longer.
    Containment,
}

impl DuplicateKind {
    /// Returns the name used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Containment => "containment",
        }
    }
}

/// One document and its survivor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateRow<'a> {
    /// The duplicate's ordinal.
    pub doc: DocId,
    /// The duplicate's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The survivor's id.
    #[serde(borrow)]
    pub survivor: Cow<'a, str>,
    /// The survivor's ordinal, in its own batch.
    pub survivor_doc: DocId,
    /// The survivor's batch in the index, where it is of an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survivor_batch: Option<u32>,
    /// Measured, to six digits: the Jaccard similarity of their shingle sets; of the kind
    /// `containment` the share of the duplicate's shingles that stand in the survivor.
    pub similarity: f64,
    /// How it was told.
    pub kind: DuplicateKind,
}

/// Why a record is not in the cleaned output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DropReason {
    /// Another document that stays says the same.
    Duplicate,
    /// Nothing of its text was left.
    Empty,
}

/// One record that is not in the cleaned output, as it would stand there.
#[derive(Debug, Deserialize)]
pub struct DroppedRow<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The record's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Why it is not there.
    pub reason: DropReason,
    /// The record, cleaned.
    #[serde(borrow)]
    pub record: &'a RawValue,
}

/// A [`DroppedRow`] without its record, as it is written: the record was read as JSON before, and
/// is not read again.
#[derive(Debug, Serialize)]
pub struct DroppedHead<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The record's id.
    pub id: Cow<'a, str>,
    /// Why it is not there.
    pub reason: DropReason,
}

impl DroppedHead<'_> {
    /// Writes the row with the JSON `record` and a line feed.
    pub fn write(&self, record: &[u8], out: &mut Vec<u8>) {
        let _ = serde_json::to_writer(&mut *out, self);
        out.pop();
        out.extend_from_slice(b",\"record\":");
        out.extend_from_slice(record.trim_ascii());
        out.extend_from_slice(b"}\n");
    }
}

/// One document that would have lost more than the brake allows, and so is only mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparedRow<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The record's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The share of its text that would have gone, in characters that are no white space, to six
    /// digits.
    pub share: f64,
    /// The rule that would have taken most of it; `unsettled` where each round of cleaning found
    /// more to take.
    #[serde(borrow)]
    pub rule: Cow<'a, str>,
}

/// One record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The input as it was named.
    #[serde(borrow)]
    pub file: Cow<'a, str>,
    /// The line, from 1.
    pub line: u64,
    /// What was found, what was expected.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    /// The bytes, where they are UTF-8.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Cow<'a, str>>,
    /// The bytes in base64, where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_base64: Option<String>,
    /// Whether the bytes are only the beginning: too long, or broken off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The longest record that was taken, in bytes, where this one was longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_record: Option<u64>,
}

impl<'a> RejectedRow<'a> {
    /// Returns the row for `raw`; `cut` tells whether that is only the beginning.
    pub fn new(
        doc: DocId,
        file: &'a str,
        line: u64,
        reason: &'a str,
        raw: &'a [u8],
        cut: bool,
    ) -> Self {
        let text = std::str::from_utf8(raw).ok();
        Self {
            doc,
            file: Cow::Borrowed(file),
            line,
            reason: Cow::Borrowed(reason),
            raw_base64: text
                .is_none()
                .then(|| base64::prelude::BASE64_STANDARD.encode(raw)),
            raw: text.map(Cow::Borrowed),
            cut,
            max_record: None,
        }
    }

    /// Returns the bytes of the record.
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match (&self.raw, &self.raw_base64) {
            (Some(text), _) => Some(Cow::Borrowed(text.as_bytes())),
            (None, Some(packed)) => base64::prelude::BASE64_STANDARD
                .decode(packed)
                .ok()
                .map(Cow::Owned),
            (None, None) => None,
        }
    }
}

/// Writes a row and a line feed.
pub fn write_row(row: &impl Serialize, out: &mut impl Write) {
    // The rows hold nothing that cannot be written; memory does not fail, and what else `out` is
    // remembers.
    let _ = serde_json::to_writer(&mut *out, row);
    let _ = out.write_all(b"\n");
}

/// Rounds a share or a similarity to the six digits that rows have.
pub fn six_digits(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

fn str_is_empty(text: &str) -> bool {
    text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_record_is_read_as_it_was_written() {
        let head = DroppedHead {
            doc: DocId(7),
            id: Cow::Borrowed("a\"b"),
            reason: DropReason::Empty,
        };
        let mut out = Vec::new();
        head.write(br#"{"text": ""}"#, &mut out);
        let row: DroppedRow<'_> = serde_json::from_slice(&out).unwrap();
        assert_eq!(
            (row.doc, &*row.id, row.reason),
            (head.doc, "a\"b", head.reason)
        );
        assert_eq!(row.record.get(), r#"{"text": ""}"#);
    }
}
