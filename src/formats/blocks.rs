//! Blocks of whole records, cut from the inputs one after the other.
//!
//! The reader knows lines, not JSON: it counts those that are not blank, so
//! that every record has its [`DocId`] before anyone has looked into it, and
//! blocks can be worked on in any order by any thread.

use super::compression::unpack;
use super::foreign;
use super::locations::{Format, Input};
use crate::document::DocId;
use crate::error::{Error, Result};
use crc32fast::Hasher as Crc;
use serde::{Deserialize, Serialize};
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
            crc: crc(bytes),
        })
    }
}

fn crc(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
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
    /// The number of the input that is opened next.
    next_input: usize,
    current: Option<Current>,
    cut: Cut,
    next_doc: u64,
    packed_bytes: Arc<AtomicU64>,
    refused: std::collections::VecDeque<Block>,
}

struct Current {
    source: Arc<str>,
    /// The number of the input, from 0.
    input: usize,
    /// Where `carry` begins in the unpacked stream.
    offset: u64,
    format: Format,
    reader: Box<dyn Read + Send>,
    carry: Vec<u8>,
    line: u64,
    at_start: bool,
    problem: Option<io::Error>,
    /// Packed bytes that are not there any more if the stream ends before they are read: the
    /// place in the count of all packed bytes where it must end.
    ends_at: Option<u64>,
    /// Why it is not read, if it is of a format that is not.
    foreign: Option<String>,
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

impl Current {
    /// Reads over so many bytes; answers whether there are so many.
    fn pass(&mut self, bytes: u64, mut each: impl FnMut(&[u8])) -> bool {
        let held = usize::try_from(bytes).map_or(self.carry.len(), |all| all.min(self.carry.len()));
        let rest = self.carry.split_off(held);
        let held = std::mem::replace(&mut self.carry, rest);
        each(&held);
        let mut left = bytes - held.len() as u64;
        let mut piece = Vec::new();
        while left > 0 {
            piece.clear();
            match self.fill(&mut piece, left.min(1 << 20) as usize) {
                Ok(0) | Err(_) => return false,
                Ok(read) => {
                    each(&piece);
                    left -= read as u64;
                }
            }
        }
        self.offset += bytes;
        true
    }

    /// Returns where the next record begins; its ordinal is not known here.
    const fn position(&self) -> Position {
        Position {
            input: self.input,
            offset: self.offset,
            line: self.line,
            doc: 0,
        }
    }

    /// Returns the place behind this input.
    const fn behind(&self) -> Position {
        Position {
            input: self.input + 1,
            offset: 0,
            line: 1,
            doc: 0,
        }
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
            next_input: 0,
            current: None,
            cut,
            next_doc: 0,
            packed_bytes: Arc::default(),
            refused: std::collections::VecDeque::new(),
        }
    }

    /// Returns a reader of `inputs` that goes on from `at`, or nothing where the inputs are not
    /// what was read: they end before it, or the sample is another.
    ///
    /// # Errors
    ///
    /// An input that cannot be opened.
    pub fn resume(
        inputs: Vec<Input>,
        cut: Cut,
        at: &Position,
        sample: Option<&Sample>,
    ) -> Result<Option<Self>> {
        let mut reader = Self::new(Vec::new(), cut);
        let mut open: Option<Current> = None;
        if let Some(sample) = sample {
            let Some(input) = inputs.get(sample.input) else {
                return Ok(None);
            };
            let Some(mut current) = reader.open_at(sample.input, input, sample.offset)? else {
                return Ok(None);
            };
            let mut crc = Crc::new();
            if !current.pass(sample.bytes, |piece| crc.update(piece))
                || crc.finalize() != sample.crc
            {
                return Ok(None);
            }
            open = (sample.input == at.input).then_some(current);
        }
        if at.offset > 0 {
            let Some(input) = inputs.get(at.input) else {
                return Ok(None);
            };
            let mut current = match open.filter(|open| open.offset <= at.offset) {
                Some(open) => open,
                None => match reader.open_at(at.input, input, 0)? {
                    Some(current) => current,
                    None => return Ok(None),
                },
            };
            if !current.pass(at.offset - current.offset, |_| ()) {
                return Ok(None);
            }
            current.line = at.line;
            current.at_start = false;
            reader.current = Some(current);
        }
        let done = at.input + usize::from(at.offset > 0);
        let before = inputs.iter().take(at.input).filter_map(|input| input.bytes);
        let before: u64 = before.sum();
        reader.packed_bytes.fetch_add(before, Ordering::Relaxed);
        if let Some(current) = &mut reader.current {
            current.ends_at = current.ends_at.map(|end| end + before);
        }
        reader.inputs = inputs.into_iter();
        reader.inputs.by_ref().take(done).for_each(drop);
        reader.next_input = done;
        reader.next_doc = at.doc;
        Ok(Some(reader))
    }

    /// Opens an input at a place in its unpacked stream, or answers with nothing where it ends
    /// before that. What is not packed is not read up to there.
    fn open_at(&self, number: usize, input: &Input, offset: u64) -> Result<Option<Current>> {
        let mut current = self.open(number, input)?;
        if let Some(file) = input
            .plain_at(offset)
            .map_err(|bad| Error::io(&input.name, bad))?
        {
            current.carry.clear();
            current.problem = None;
            current.reader = Box::new(Counted {
                inner: file,
                count: Arc::clone(&self.packed_bytes),
            });
            current.offset = offset;
            // What is passed over counts as read.
            if let (Some(end), Some(bytes)) = (current.ends_at, input.bytes) {
                let begin = end - bytes;
                self.packed_bytes.store(begin + offset, Ordering::Relaxed);
            }
        } else if !current.pass(offset, |_| ()) {
            return Ok(None);
        }
        Ok(Some(current))
    }

    /// Returns the count of packed bytes read so far, shared with the reader.
    pub fn packed_bytes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.packed_bytes)
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
                self.current = Some(self.open(self.next_input, &input)?);
                self.next_input += 1;
                continue;
            };
            let block = match current.format {
                _ if current.foreign.is_some() => Some(refused(current)),
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
        block.end.doc = self.next_doc;
        block.packed = self.packed_bytes.load(Ordering::Relaxed);
        block
    }

    fn open(&self, number: usize, input: &Input) -> Result<Current> {
        let before = self.packed_bytes.load(Ordering::Relaxed);
        let file = input.open().map_err(|bad| Error::io(&input.name, bad))?;
        let counted = Counted {
            inner: file,
            count: Arc::clone(&self.packed_bytes),
        };
        let reader = unpack(Box::new(counted)).map_err(|bad| Error::io(&input.name, bad))?;
        let mut current = Current {
            source: Arc::from(input.name.as_str()),
            input: number,
            offset: 0,
            format: Format::Jsonl,
            reader,
            carry: Vec::new(),
            line: 1,
            at_start: true,
            problem: None,
            ends_at: input.bytes.map(|bytes| before + bytes),
            foreign: None,
        };
        tracing::debug!(input = ?input.name, bytes = ?input.bytes, "opened");
        let mut start = Vec::new();
        match current.fill(&mut start, foreign::START) {
            Ok(_) => {}
            // What breaks off at once is told where it is read.
            Err(bad) if input.format.is_some() => current.problem = Some(bad),
            Err(bad) => return Err(Error::io(&input.name, bad)),
        }
        // A stream of unknown name: JSON objects start with a brace.
        let bare = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
        let first = bare.iter().find(|byte| !byte.is_ascii_whitespace());
        current.format = match input.format {
            Some(format) => format,
            None if input.path.is_some() && first.is_some_and(|byte| *byte != b'{') => Format::Text,
            None => Format::Jsonl,
        };
        current.foreign = foreign::refusal(&input.name, &start, current.format);
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
        let read = match self.shrunk(&current) {
            Some(shrunk) if bytes.len() <= self.cut.max_record => {
                read.and(Err(io::Error::other(shrunk)))
            }
            _ => read,
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
        only_block(current, payload)
    }

    /// Returns how much of an input that has ended was there when the run began, and is not now.
    fn shrunk(&self, current: &Current) -> Option<String> {
        let read = self.packed_bytes.load(Ordering::Relaxed);
        let missing = current
            .ends_at?
            .checked_sub(read)
            .filter(|missing| *missing > 0)?;
        Some(format!(
            "it was {missing} bytes longer when the run began; something else has cut it"
        ))
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
                    problem = self.shrunk(current).map(io::Error::other);
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
                start: current.offset,
                end: current.behind(),
                packed: 0,
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
        let start = current.offset;
        let mut fed = false;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            match current.fill(&mut piece, 1 << 16) {
                // Whether the stream ends well is told by the next reading.
                Ok(0) => break,
                Err(bad) => {
                    current.problem = Some(bad);
                    break;
                }
                Ok(_) => match memchr::memchr(b'\n', &piece) {
                    Some(at) => {
                        total += at as u64;
                        current.carry = piece.split_off(at + 1);
                        fed = true;
                        break;
                    }
                    None => total += piece.len() as u64,
                },
            }
        }
        let first_line = current.line;
        current.line += 1;
        current.offset += total + u64::from(fed);
        self.refused.push_back(Block {
            source: Arc::clone(&current.source),
            first_line,
            first_doc: DocId(0),
            records: 1,
            payload: Payload::Refused {
                reason: oversize(&format!("record of {total} bytes"), self.cut.max_record),
                raw: head,
                cut: true,
            },
            start,
            end: current.position(),
            packed: 0,
        });
        (block, true)
    }

    fn block_of(&self, current: &mut Current, mut data: Vec<u8>) -> Option<Block> {
        let mut start = current.offset;
        current.offset += data.len() as u64;
        if std::mem::take(&mut current.at_start) && data.starts_with(b"\xef\xbb\xbf") {
            data.drain(..3);
            start += 3;
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
            start,
            end: current.position(),
            packed: 0,
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

/// Returns the one block of an input whose format is not read: its rest is passed over.
fn refused(mut current: Current) -> Block {
    let mut raw = std::mem::take(&mut current.carry);
    raw.truncate(OVERSIZE_HEAD);
    let payload = Payload::Refused {
        reason: current.foreign.take().unwrap_or_default(),
        raw,
        cut: true,
    };
    only_block(current, payload)
}

/// Returns the one block of an input that is one record.
fn only_block(current: Current, payload: Payload) -> Block {
    Block {
        end: current.behind(),
        source: current.source,
        first_line: 1,
        first_doc: DocId(0),
        records: 1,
        payload,
        start: 0,
        packed: 0,
    }
}

/// Returns whether a line holds nothing but white space, and so is no record.
pub fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// How the reason begins for which a record is rejected that is too long.
pub const TOO_LONG: &str = "too long: ";
/// What stands before the longest that is taken, at its end.
pub const ALLOWS: &str = "; --max-record allows ";

/// Returns the reason for refusing `what`, which is too long.
pub fn oversize(what: &str, max_record: usize) -> String {
    format!("{TOO_LONG}{what}{ALLOWS}{max_record}")
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

    /// The records of a block by line, ordinal and what they are; where it ends; its sample.
    type Told = (Vec<(u64, u64, String)>, Position, Option<Sample>);

    #[test]
    fn reading_goes_on_from_every_block() {
        let dir = tempfile::tempdir().unwrap();
        let lines = b"\xef\xbb\xbf{\"a\":1}\n\n{\"b\":2}\r\n   \n{\"long\":333333333333333}\n{\"c\":4}\n{\"end\":5}";
        std::fs::write(dir.path().join("a.jsonl"), lines).unwrap();
        std::fs::write(dir.path().join("b.txt"), "text").unwrap();
        std::fs::write(dir.path().join("c"), lines).unwrap();
        let zst = zstd::bulk::compress(&lines[..], 1).unwrap();
        std::fs::write(dir.path().join("d.jsonl.zst"), &zst).unwrap();
        std::fs::write(dir.path().join("e.jsonl.zst"), &zst[..zst.len() - 8]).unwrap();
        let names = ["a.jsonl", "b.txt", "c", "d.jsonl.zst", "e.jsonl.zst"];
        let names: Vec<String> = names
            .map(|name| dir.path().join(name).to_string_lossy().into())
            .into();
        let inputs = super::super::locations::expand(&names, None).unwrap();
        // Blocks may be cut elsewhere then; the records are the same.
        let records = |block: &Block, max_record: usize| -> Vec<(u64, u64, String)> {
            let Payload::Lines(data) = &block.payload else {
                let told = match &block.payload {
                    Payload::Refused { reason, .. } => reason.clone(),
                    other => format!("{other:?}"),
                };
                return vec![(block.first_line, block.first_doc.0, told)];
            };
            let lines = (block.first_line..).zip(split_lines(data));
            let lines = lines.filter(|(_, line)| !is_blank(line));
            let docs = lines.zip(block.first_doc.0..);
            docs.map(|((number, line), doc)| {
                let told = if line.len() > max_record {
                    oversize(&format!("record of {} bytes", line.len()), max_record)
                } else {
                    String::from_utf8_lossy(line).into_owned()
                };
                (number, doc, told)
            })
            .collect()
        };
        for block in [1, 9, 100] {
            let cut = Cut {
                block,
                max_record: 20,
            };
            let rest = |mut reader: BlockReader| {
                let mut out = Vec::new();
                while let Some(block) = reader.next_block().unwrap() {
                    out.push((records(&block, 20), block.end, block.sample()));
                }
                out
            };
            let told = |blocks: &[Told]| {
                let records = blocks.iter().flat_map(|(records, ..)| records.clone());
                records.collect::<Vec<_>>()
            };
            let all = rest(BlockReader::new(inputs.clone(), cut));
            let mut sample = None;
            for (at, (_, end, own)) in all.iter().enumerate() {
                sample = own.or(sample);
                let reader = BlockReader::resume(inputs.clone(), cut, end, sample.as_ref());
                let again = rest(reader.unwrap().unwrap());
                assert_eq!(
                    told(&again),
                    told(&all[at + 1..]),
                    "block {at} of {block} bytes"
                );
                let mut other = sample;
                if let Some(other) = &mut other {
                    other.crc ^= 1;
                    let reader = BlockReader::resume(inputs.clone(), cut, end, Some(other));
                    assert!(reader.unwrap().is_none());
                }
            }
        }
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
