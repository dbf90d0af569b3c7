//! One open input, and the count of its packed bytes as they pass.

use super::super::locations::Format;
use super::Position;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An input that is open: its unpacked stream, and how far it has been cut.
pub(super) struct Stream {
    pub(super) source: Arc<str>,
    /// The number of the input, from 0.
    pub(super) input: usize,
    /// Where `carry` begins in the unpacked stream.
    pub(super) offset: u64,
    pub(super) format: Format,
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) carry: Vec<u8>,
    pub(super) line: u64,
    pub(super) at_start: bool,
    pub(super) problem: Option<io::Error>,
    /// Packed bytes that are not there any more if the stream ends before they are read: the
    /// place in the count of all packed bytes where it must end.
    pub(super) ends_at: Option<u64>,
    /// Why it is not read, if it is of a format that is not.
    pub(super) foreign: Option<String>,
}

impl Stream {
    /// Reads until `data` has grown by `want` bytes or the stream ends; answers
    /// by how many it grew. A stream that breaks off gives what came before
    /// first, and its error at the next call.
    pub(super) fn fill(&mut self, data: &mut Vec<u8>, want: usize) -> io::Result<usize> {
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

    /// Reads over so many bytes; answers whether there are so many.
    pub(super) fn pass(&mut self, bytes: u64, mut each: impl FnMut(&[u8])) -> bool {
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
    pub(super) const fn position(&self) -> Position {
        Position {
            input: self.input,
            offset: self.offset,
            line: self.line,
            doc: 0,
        }
    }

    /// Returns the place behind this input.
    pub(super) const fn behind(&self) -> Position {
        Position {
            input: self.input + 1,
            offset: 0,
            line: 1,
            doc: 0,
        }
    }
}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
