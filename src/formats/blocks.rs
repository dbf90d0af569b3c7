//! Blocks of whole records, cut from the inputs one after the other.
//!
//! The reader knows lines, not JSON: it counts those that are not blank, so
//! that every record has its [`DocId`] before anyone has looked into it, and
//! blocks can be worked on in any order by any thread.

use super::compression::unpack;
use super::locations::{Format, Input};
use crate::document::DocId;
use crate::error::{Error, Result};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// Reads inputs in order and cuts them into blocks.
pub struct BlockReader {
    inputs: std::vec::IntoIter<Input>,
    current: Option<Current>,
    cut: Cut,
    next_doc: u64,
    packed_bytes: Arc<AtomicU64>,
    refused: std::collections::VecDeque<Block>,
}

struct Current {
    source: Arc<str>,
    format: Format,
    reader: Box<dyn Read + Send>,
    carry: Vec<u8>,
    line: u64,
    at_start: bool,
    problem: Option<io::Error>,
}

impl Current {
    /// Reads until `data` has grown by `want` bytes or the stream ends; answers
    /// by how many it grew. A stream that breaks off gives what came before
    /// first, and its error at the next call.
    fn fill(&mut self, data: &mut Vec<u8>, want: usize) -> io::Result<usize> {
        if let Some(bad) = self.problem.take() {
            return Err(bad);
        }
        let before = data.len();
        match (&mut self.reader).take(want as u64).read_to_end(data) {
            Err(bad) if data.len() == before => return Err(bad),
            Err(bad) => self.problem = Some(bad),
            Ok(_) => {}
        }
        Ok(data.len() - before)
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl BlockReader {
    /// Returns a reader of `inputs`; nothing is opened yet.
    pub fn new(inputs: Vec<Input>, cut: Cut) -> Self {
        Self {
            inputs: inputs.into_iter(),
            current: None,
            cut,
            next_doc: 0,
            packed_bytes: Arc::default(),
            refused: std::collections::VecDeque::new(),
        }
    }

    /// Returns the count of packed bytes read so far, shared with the reader.
    pub fn packed_bytes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.packed_bytes)
    }

    /// Returns how many records were cut so far.
    pub fn records(&self) -> u64 {
        self.next_doc
    }

    /// Returns the next block, or `None` at the end of the last input.
    ///
    /// # Errors
    ///
    /// An input that cannot be opened. One that breaks off while it is read is
    /// no error: what came before stays, and a refused record says where.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if let Some(block) = self.refused.pop_front() {
                return Ok(Some(self.numbered(block)));
            }
            let Some(mut current) = self.current.take() else {
                let Some(input) = self.inputs.next() else {
                    return Ok(None);
                };
                self.current = Some(self.open(&input)?);
                continue;
            };
            let block = match current.format {
                Format::Text => Some(self.whole(current)),
                Format::Jsonl => {
                    let (block, more) = self.lines(&mut current);
                    if more {
                        self.current = Some(current);
                    }
                    block
                }
            };
            if let Some(block) = block {
                return Ok(Some(self.numbered(block)));
            }
        }
    }

    fn numbered(&mut self, mut block: Block) -> Block {
        block.first_doc = DocId(self.next_doc);
        self.next_doc += block.records;
        block
    }

    fn open(&self, input: &Input) -> Result<Current> {
        let file = input.open().map_err(|bad| Error::io(&input.name, bad))?;
        let counted = Counted {
            inner: file,
            count: Arc::clone(&self.packed_bytes),
        };
        let reader = unpack(Box::new(counted)).map_err(|bad| Error::io(&input.name, bad))?;
        let mut current = Current {
            source: Arc::from(input.name.as_str()),
            format: Format::Jsonl,
            reader,
            carry: Vec::new(),
            line: 1,
            at_start: true,
            problem: None,
        };
        if let Some(format) = input.format {
            current.format = format;
            return Ok(current);
        }
        // A stream of unknown name: JSON objects start with a brace.
        let mut start = Vec::new();
        current
            .fill(&mut start, 4096)
            .map_err(|bad| Error::io(&input.name, bad))?;
        let bare = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
        let first = bare.iter().find(|byte| !byte.is_ascii_whitespace());
        if input.path.is_some() && first.is_some_and(|byte| *byte != b'{') {
            current.format = Format::Text;
        }
        current.carry = start;
        Ok(current)
    }

    /// Reads the whole of a plain text file.
    fn whole(&self, mut current: Current) -> Block {
        let mut bytes = std::mem::take(&mut current.carry);
        let early = current.problem.take();
        let limit = self.cut.max_record as u64 + 1;
        let room = limit.saturating_sub(bytes.len() as u64);
        let read = match early {
            Some(bad) => Err(bad),
            None => (&mut current.reader).take(room).read_to_end(&mut bytes),
        };
        let payload = match read {
            Ok(_) if bytes.len() > self.cut.max_record => {
                bytes.truncate(OVERSIZE_HEAD);
                let total = io::copy(&mut current.reader, &mut io::sink()).map_or_else(
                    |_| String::new(),
                    |rest| format!(" of {} bytes", rest + limit),
                );
                Payload::Refused {
                    reason: oversize(&format!("file{total}"), self.cut.max_record),
                    raw: bytes,
                    cut: true,
                }
            }
            Ok(_) => Payload::Text(bytes),
            Err(bad) => Payload::Refused {
                reason: format!("broken off: the file cannot be read to its end: {bad}"),
                raw: bytes,
                cut: true,
            },
        };
        Block {
            source: current.source,
            first_line: 1,
            first_doc: DocId(0),
            records: 1,
            payload,
        }
    }

    /// Cuts the next block of lines. The flag tells whether there may be more.
    fn lines(&mut self, current: &mut Current) -> (Option<Block>, bool) {
        let mut data = std::mem::take(&mut current.carry);
        let mut searched = 0;
        let mut problem = None;
        let mut ended = false;
        loop {
            if data.len() >= self.cut.block
                && let Some(at) = memchr::memrchr(b'\n', &data[searched..])
            {
                current.carry = data.split_off(searched + at + 1);
                break;
            }
            if data.len() >= self.cut.block {
                searched = data.len();
            }
            if data.len() > self.cut.max_record {
                let long = memchr::memrchr(b'\n', &data).map_or(0, |at| at + 1);
                if data.len() - long > self.cut.max_record {
                    return self.skip_long(current, data, long);
                }
            }
            match current.fill(&mut data, self.cut.block) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(_) => {}
                Err(bad) => {
                    problem = Some(bad);
                    ended = true;
                    break;
                }
            }
        }
        let mut partial = Vec::new();
        if problem.is_some() {
            // What the damage cut off is no record.
            let whole = memchr::memrchr(b'\n', &data).map_or(0, |at| at + 1);
            partial = data.split_off(whole);
        }
        let block = self.block_of(current, data);
        if let Some(bad) = problem {
            self.refused.push_back(Block {
                source: Arc::clone(&current.source),
                first_line: current.line,
                first_doc: DocId(0),
                records: 1,
                payload: Payload::Refused {
                    reason: format!(
                        "broken off: the input ends here and its rest is not read: {bad}"
                    ),
                    raw: partial,
                    cut: true,
                },
            });
        }
        (block, !ended)
    }

    /// Passes over a record that is longer than is taken, without holding it.
    fn skip_long(
        &mut self,
        current: &mut Current,
        mut data: Vec<u8>,
        long: usize,
    ) -> (Option<Block>, bool) {
        let mut head = data.split_off(long);
        let block = self.block_of(current, data);
        let mut total = head.len() as u64;
        head.truncate(OVERSIZE_HEAD);
        let mut ended = true;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            match current.fill(&mut piece, 1 << 16) {
                Ok(0) | Err(_) => break,
                Ok(_) => match memchr::memchr(b'\n', &piece) {
                    Some(at) => {
                        total += at as u64;
                        current.carry = piece.split_off(at + 1);
                        ended = false;
                        break;
                    }
                    None => total += piece.len() as u64,
                },
            }
        }
        self.refused.push_back(Block {
            source: Arc::clone(&current.source),
            first_line: current.line,
            first_doc: DocId(0),
            records: 1,
            payload: Payload::Refused {
                reason: oversize(&format!("record of {total} bytes"), self.cut.max_record),
                raw: head,
                cut: true,
            },
        });
        current.line += 1;
        (block, !ended)
    }

    fn block_of(&self, current: &mut Current, mut data: Vec<u8>) -> Option<Block> {
        if std::mem::take(&mut current.at_start) && data.starts_with(b"\xef\xbb\xbf") {
            data.drain(..3);
        }
        let first_line = current.line;
        let mut records = 0;
        for line in split_lines(&data) {
            current.line += 1;
            records += u64::from(!is_blank(line));
        }
        (records > 0).then(|| Block {
            source: Arc::clone(&current.source),
            first_line,
            first_doc: DocId(0),
            records,
            payload: Payload::Lines(data),
        })
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

/// Returns the reason for refusing `what`, which is too long.
pub fn oversize(what: &str, max_record: usize) -> String {
    format!("too long: {what}; --max-record allows {max_record}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(data: &[u8], block: usize, max_record: usize) -> Vec<(u64, u64, u64, String)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, data).unwrap();
        let inputs =
            super::super::locations::expand(&[path.to_string_lossy().into()], None).unwrap();
        let mut reader = BlockReader::new(inputs, Cut { block, max_record });
        let mut out = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            let text = match block.payload {
                Payload::Lines(data) => {
                    let mut doc = block.first_doc.0;
                    for (line, text) in (block.first_line..).zip(split_lines(&data)) {
                        if !is_blank(text) {
                            let text = String::from_utf8_lossy(text).into_owned();
                            out.push((line, doc, 1, text));
                            doc += 1;
                        }
                    }
                    continue;
                }
                Payload::Text(_) => "text".into(),
                Payload::Refused { reason, .. } => reason,
            };
            out.push((block.first_line, block.first_doc.0, block.records, text));
        }
        out
    }

    #[test]
    fn any_block_size_cuts_the_same_records() {
        let data = b"\xef\xbb\xbf{\"a\":1}\n\n{\"b\":2}\r\n   \n{\"long\":333333}\n{\"end\":4}";
        let whole = blocks(data, 1 << 20, 1 << 20);
        assert_eq!(whole.len(), 4);
        assert_eq!(whole[3], (6, 3, 1, "{\"end\":4}".into()));
        for block in [1, 2, 3, 7, 16, 40] {
            assert_eq!(blocks(data, block, 1 << 20), whole, "block size {block}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_passed_over_alone() {
        let long = "x".repeat(200_000);
        let data = format!("{{\"a\":1}}\n{long}\n{{\"b\":2}}\n");
        let got = blocks(data.as_bytes(), 1000, 100_000);
        assert_eq!(got.len(), 3);
        assert_eq!(got[0], (1, 0, 1, "{\"a\":1}".into()));
        assert!(got[1].3.contains("200000 bytes"), "{:?}", got[1]);
        assert_eq!(got[2], (3, 2, 1, "{\"b\":2}".into()));
    }
}
