//! Reads inputs in order and cuts them into blocks.

use super::stream::{Counted, Stream};
use super::{
    Block, Cut, OVERSIZE_HEAD, Payload, Position, Sample, is_blank, oversize, split_lines,
};
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::compression::unpack;
use crate::formats::foreign;
use crate::formats::locations::{Format, Input};
use crc32fast::Hasher as Crc;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads inputs in order and cuts them into blocks.
pub struct BlockReader {
    inputs: std::vec::IntoIter<Input>,
    /// The number of the input that is opened next.
    next_input: usize,
    current: Option<Stream>,
    cut: Cut,
    next_doc: u64,
    packed_bytes: Arc<AtomicU64>,
    refused: std::collections::VecDeque<Block>,
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
        let mut open: Option<Stream> = None;
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
        let open = open.filter(|open| at.offset > 0 && open.offset <= at.offset);
        if open.is_none() {
            // What was read for the sample is counted with the inputs before this one.
            reader.packed_bytes.store(0, Ordering::Relaxed);
        }
        if at.offset > 0 {
            let Some(input) = inputs.get(at.input) else {
                return Ok(None);
            };
            let mut current = match open {
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
    fn open_at(&self, number: usize, input: &Input, offset: u64) -> Result<Option<Stream>> {
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

    fn open(&self, number: usize, input: &Input) -> Result<Stream> {
        let before = self.packed_bytes.load(Ordering::Relaxed);
        let file = input.open().map_err(|bad| Error::io(&input.name, bad))?;
        let counted = Counted {
            inner: file,
            count: Arc::clone(&self.packed_bytes),
        };
        let reader = unpack(Box::new(counted)).map_err(|bad| Error::io(&input.name, bad))?;
        let mut current = Stream {
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
        // Standard input is lines where nobody says otherwise: it may be without end.
        let told = input.path.as_ref().and_then(|_| Format::of_start(&start));
        current.format = input.format.or(told).unwrap_or(Format::Jsonl);
        current.foreign = foreign::refusal(input, &start, current.format);
        current.carry = start;
        Ok(current)
    }

    /// Reads the whole of a plain text file.
    fn whole(&self, mut current: Stream) -> Block {
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
                    limit: Some(self.cut.max_record),
                }
            }
            Ok(_) => Payload::Text(bytes),
            Err(bad) => Payload::Refused {
                reason: format!("broken off: the file cannot be read to its end: {bad}"),
                raw: bytes,
                cut: true,
                limit: None,
            },
        };
        only_block(current, payload)
    }

    /// Returns how much of an input that has ended was there when the run began, and is not now.
    fn shrunk(&self, current: &Stream) -> Option<String> {
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
    fn lines(&mut self, current: &mut Stream) -> (Option<Block>, bool) {
        let mut data = std::mem::take(&mut current.carry);
        let mut searched = 0;
        let mut problem = None;
        let mut ended = false;
        loop {
            if data.len() >= self.cut.block
                && let Some(new) = data.get(searched..)
                && let Some(at) = memchr::memrchr(b'\n', new)
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
                    limit: None,
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
        current: &mut Stream,
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
                limit: Some(self.cut.max_record),
            },
            start,
            end: current.position(),
            packed: 0,
        });
        (block, true)
    }

    fn block_of(&self, current: &mut Stream, mut data: Vec<u8>) -> Option<Block> {
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

/// Returns the one block of an input whose format is not read: its rest is passed over.
fn refused(mut current: Stream) -> Block {
    let mut raw = std::mem::take(&mut current.carry);
    raw.truncate(OVERSIZE_HEAD);
    let payload = Payload::Refused {
        reason: current.foreign.take().unwrap_or_default(),
        raw,
        cut: true,
        limit: None,
    };
    only_block(current, payload)
}

/// Returns the one block of an input that is one record.
fn only_block(current: Stream, payload: Payload) -> Block {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(data: &[u8], block: usize, max_record: usize) -> Vec<(u64, u64, u64, String)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, data).unwrap();
        let inputs =
            crate::formats::locations::expand(&[path.to_string_lossy().into()], None).unwrap();
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
        let inputs = crate::formats::locations::expand(&names, None).unwrap();
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
            let packed: u64 = inputs.iter().filter_map(|input| input.bytes).sum();
            let rest = |mut reader: BlockReader| {
                let mut out = Vec::new();
                while let Some(block) = reader.next_block().unwrap() {
                    out.push((records(&block, 20), block.end, block.sample()));
                }
                assert_eq!(reader.packed_bytes().load(Ordering::Relaxed), packed);
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
