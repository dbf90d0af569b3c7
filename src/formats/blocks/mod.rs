//! Blocks of whole records, cut from the inputs one after the other.
//!
//! The reader knows lines, not JSON: it counts those that are not blank, so
//! that every record has its [`DocId`] before anyone has looked into it, and
//! blocks can be worked on in any order by any thread.

mod reader;
mod stream;

pub use reader::BlockReader;

use super::record::{Fields, Record};
use crate::document::DocId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How much of a record that is too long is kept to show.
pub const OVERSIZE_HEAD: usize = 1024;

/// A piece of input: whole records.
#[derive(Debug)]
pub struct Block {
    /// The input's name, as the user gave it.
    pub source: Arc<str>,
    /// The number of the first line, from 1.
    pub first_line: u64,
    /// The ordinal of the first record.
    pub first_doc: DocId,
    /// How many records it holds.
    pub records: u64,
    /// The bytes.
    pub payload: Payload,
    /// Where its bytes begin in the unpacked stream.
    pub start: u64,
    /// Where the next block begins.
    pub end: Position,
    /// How many packed bytes of all inputs had been read when it was cut.
    pub packed: u64,
}

/// A place between two records of all inputs, from which reading can be gone on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The number of the input, from 0.
    pub input: usize,
    /// The place in its unpacked stream.
    pub offset: u64,
    /// The number of the line that begins there, from 1.
    pub line: u64,
    /// The ordinal of the next record.
    pub doc: u64,
}

/// Bytes that were read, by which it is told whether an input is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The number of the input, from 0.
    pub input: usize,
    /// Where they begin in its unpacked stream.
    pub offset: u64,
    /// How many they are.
    pub bytes: u64,
    /// Their CRC-32.
    pub crc: u32,
}

impl Block {
    /// Returns how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match &self.payload {
            Payload::Lines(bytes) | Payload::Text(bytes) => bytes.len(),
            Payload::Refused { raw, .. } => raw.len(),
        }
    }

    /// Returns a sample of the input that the block is from, if it holds bytes of it.
    pub fn sample(&self) -> Option<Sample> {
        let (bytes, input) = match &self.payload {
            Payload::Lines(bytes) => (bytes, self.end.input),
            // Behind a whole file comes the next one.
            Payload::Text(bytes) => (bytes, self.end.input.checked_sub(1)?),
            Payload::Refused { .. } => return None,
        };
        Some(Sample {
            input,
            offset: self.start,
            bytes: bytes.len() as u64,
            crc: crc32fast::hash(bytes),
        })
    }
}

/// What a block holds.
#[derive(Debug)]
pub enum Payload {
    /// Lines of JSON; blank ones are no records.
    Lines(Vec<u8>),
    /// One plain text file.
    Text(Vec<u8>),
    /// Something that could not be read as a record.
    Refused {
        /// What was found, what was expected.
        reason: String,
        /// The bytes, or the first [`OVERSIZE_HEAD`] of them.
        raw: Vec<u8>,
        /// Whether `raw` is not all of it.
        cut: bool,
        /// The longest that is taken, where it is longer.
        limit: Option<usize>,
    },
}

/// Sizes that cut the input.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// About how many bytes go into a block.
    pub block: usize,
    /// The longest record that is taken, in bytes.
    pub max_record: usize,
}

impl Default for Cut {
    fn default() -> Self {
        Self {
            block: 512 << 10,
            max_record: 64 << 20,
        }
    }
}

/// Returns the lines of `data` without their line feeds.
pub fn split_lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let body = data.strip_suffix(b"\n").unwrap_or(data);
    let mut feeds = memchr::memchr_iter(b'\n', body);
    let mut done = data.is_empty();
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let end = feeds.next().unwrap_or_else(|| {
            done = true;
            body.len()
        });
        let line = body.get(start..end);
        start = end + 1;
        line
    })
}

/// Returns whether a line holds nothing but white space, and so is no record.
pub fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Returns the lines of a block that are records, each with its number; the first line has the
/// number `first`, and blank ones are no records.
pub fn records(first: u64, data: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = (first..).zip(split_lines(data));
    lines.filter(|(_, raw)| !is_blank(raw))
}

/// A record that is not taken.
#[derive(Debug)]
pub struct Rejected<'r> {
    /// What was found, what was expected.
    pub reason: String,
    /// Its bytes, or the first [`OVERSIZE_HEAD`] of them.
    pub raw: &'r [u8],
    /// The longest that is taken, where it is longer.
    pub limit: Option<usize>,
}

/// Reads a line as a record, unless it is longer than `max_record`.
///
/// # Errors
///
/// What is to stand in `rejected.jsonl`.
pub fn read_record<'r>(
    raw: &'r [u8],
    fields: &Fields,
    max_record: usize,
) -> Result<Record<'r>, Rejected<'r>> {
    if raw.len() > max_record {
        return Err(Rejected {
            reason: oversize(&format!("record of {} bytes", raw.len()), max_record),
            raw: raw.get(..OVERSIZE_HEAD).unwrap_or(raw),
            limit: Some(max_record),
        });
    }
    Record::parse(raw, fields).map_err(|reason| Rejected {
        reason,
        raw,
        limit: None,
    })
}

/// Returns the reason for refusing `what`, which is too long.
fn oversize(what: &str, max_record: usize) -> String {
    format!("too long: {what}; --max-record allows {max_record}")
}
