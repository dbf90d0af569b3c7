//! What a run lays aside between its two passes: blocks on disk, packed.
//!
//! Blocks are appended in order and read again in any order, by number. They
//! live in an unnamed temporary file that goes away with the run.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A spill that is being written.
pub struct Spill {
    place: PathBuf,
    file: BufWriter<File>,
    index: Vec<(u64, u32)>,
    end: u64,
}

/// A spill that is being read; shared by all threads.
#[derive(Debug)]
pub struct SpilledBlocks {
    place: PathBuf,
    file: File,
    index: Vec<(u64, u32)>,
}

impl Spill {
    /// Opens a spill in `dir`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn create(dir: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(dir).map_err(|bad| Error::io(dir, bad))?;
        Ok(Self {
            place: dir.join("spill"),
            file: BufWriter::with_capacity(1 << 18, file),
            index: Vec::new(),
            end: 0,
        })
    }

    /// Packs a block, for [`Spill::append`]; any thread may do this.
    pub fn pack(block: &[u8]) -> Vec<u8> {
        lz4_flex::compress_prepend_size(block)
    }

    /// Appends a packed block.
    ///
    /// # Errors
    ///
    /// What the system says; a block beyond 4 GiB.
    pub fn append(&mut self, packed: &[u8]) -> Result<()> {
        let length = u32::try_from(packed.len()).map_err(|_| {
            Error::damaged(
                self.place.display().to_string(),
                "a block of more than 4 GiB",
            )
        })?;
        self.file
            .write_all(packed)
            .map_err(|bad| Error::io(&self.place, bad))?;
        self.index.push((self.end, length));
        self.end += u64::from(length);
        Ok(())
    }

    /// Returns the packed bytes written so far.
    pub fn bytes(&self) -> u64 {
        self.end
    }

    /// Ends writing.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(self) -> Result<SpilledBlocks> {
        let file = self
            .file
            .into_inner()
            .map_err(|bad| Error::io(&self.place, bad.into_error()))?;
        Ok(SpilledBlocks {
            place: self.place,
            file,
            index: self.index,
        })
    }
}

impl SpilledBlocks {
    /// Returns how many blocks there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Returns whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Returns block `number`, unpacked.
    ///
    /// # Errors
    ///
    /// What the system says; a block that does not unpack.
    pub fn read(&self, number: usize) -> Result<Vec<u8>> {
        let place = || format!("{} block {number}", self.place.display());
        let (offset, length) = *self
            .index
            .get(number)
            .ok_or_else(|| Error::damaged(place(), "there is no such block"))?;
        let mut packed = vec![0; length as usize];
        read_at(&self.file, &mut packed, offset).map_err(|bad| Error::io(place(), bad))?;
        lz4_flex::decompress_size_prepended(&packed)
            .map_err(|bad| Error::damaged(place(), bad.to_string()))
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
        let mut spill = Spill::create(dir.path()).unwrap();
        for block in [&b"one"[..], b"", b"three three three three"] {
            spill.append(&Spill::pack(block)).unwrap();
        }
        let blocks = spill.finish().unwrap();
        assert_eq!(blocks.len(), 3);
        assert_eq!(blocks.read(2).unwrap(), b"three three three three");
        assert_eq!(blocks.read(0).unwrap(), b"one");
        assert_eq!(blocks.read(1).unwrap(), b"");
        assert!(blocks.read(3).is_err());
    }
}
