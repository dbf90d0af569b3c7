//! What is laid aside to be read again: blocks on disk.
//!
//! Blocks are appended in order and read again in any order, by number, from a
//! file that goes away with the run. They are not packed: even LZ4 costs more time than the disk does (a tenth of a whole run
//! on 137 MB of real text), and what is read again is written out as it is.

use super::appended::{Appended, Mark, Unsynced};
use crate::error::{Error, Result};
use std::fs::File;
use std::io;
use std::path::PathBuf;

/// A spill that is being written.
pub struct Spill {
    out: Appended,
    ends: Vec<u64>,
}

/// A spill that is being read; shared by all threads.
#[derive(Debug)]
pub struct SpilledBlocks {
    place: PathBuf,
    file: File,
    ends: Vec<u64>,
}

impl Spill {
    /// Returns a spill into a new file.
    pub const fn new(out: Appended) -> Self {
        Self {
            out,
            ends: Vec::new(),
        }
    }

    /// Returns a spill into a file that holds blocks of these lengths already.
    pub fn resumed(out: Appended, lengths: impl IntoIterator<Item = u64>) -> Self {
        let mut end = 0;
        let ends = lengths.into_iter().map(|length| {
            end += length;
            end
        });
        Self {
            ends: ends.collect(),
            out,
        }
    }

    /// Appends a block.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn append(&mut self, block: &[u8]) -> Result<()> {
        self.out.append(block)?;
        let end = self.ends.last().copied().unwrap_or(0) + block.len() as u64;
        self.ends.push(end);
        Ok(())
    }

    /// Returns what of it has yet to be brought to disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn unsynced(&mut self) -> Result<Unsynced> {
        self.out.unsynced()
    }

    /// Brings everything to disk and returns how far that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<Mark> {
        self.out.mark()
    }

    /// Ends writing.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(self) -> Result<SpilledBlocks> {
        let (place, file) = self.out.finish()?;
        Ok(SpilledBlocks {
            place,
            file,
            ends: self.ends,
        })
    }
}

impl SpilledBlocks {
    /// Returns block `number`.
    ///
    /// # Errors
    ///
    /// What the system says; a block that is not there.
    pub fn read(&self, number: usize) -> Result<Vec<u8>> {
        let place = || format!("{} block {number}", self.place.display());
        let end = *self
            .ends
            .get(number)
            .ok_or_else(|| Error::damaged(place(), "there is no such block"))?;
        let before = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default();
        let mut block = vec![0; (end - start) as usize];
        read_at(&self.file, &mut block, start).map_err(|bad| Error::io(place(), bad))?;
        Ok(block)
    }
}

/// Fills `buf` from `offset` on, without moving any cursor.
///
/// # Errors
///
/// What the system says; a file that ends too early.
#[cfg(unix)]
pub fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buf, offset)
}

/// Fills `buf` from `offset` on.
///
/// # Errors
///
/// What the system says; a file that ends too early.
#[cfg(windows)]
pub fn read_at(file: &File, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buf.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buf, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buf = &mut buf[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_in_any_order() {
        let dir = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(Appended::unnamed(dir.path(), "spill").unwrap());
        for block in [&b"one"[..], b"", b"three three three three"] {
            spill.append(block).unwrap();
        }
        let blocks = spill.finish().unwrap();
        assert_eq!(blocks.read(2).unwrap(), b"three three three three");
        assert_eq!(blocks.read(0).unwrap(), b"one");
        assert_eq!(blocks.read(1).unwrap(), b"");
        assert!(blocks.read(3).is_err());
    }
}
