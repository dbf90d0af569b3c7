//! One output: counts what goes in and knows the digest of its bytes.

use super::appended::{Unsynced, cut_at};
use super::manifest::FileEntry;
use super::replacement::Replacement;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Where a sink's bytes go.
enum Target {
    File(BufWriter<File>),
    Replacement(Replacement),
    Stdout(io::Stdout),
}

/// How far an output in a folder is on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkMark {
    /// Bytes on disk.
    pub bytes: u64,
    /// The SHA-256 of them, in hexadecimal.
    pub sha256: String,
}

/// One output: counts its lines and knows the digest of its bytes.
pub struct Sink {
    place: PathBuf,
    target: Target,
    hash: Sha256,
    written: u64,
    entry: FileEntry,
}

impl Write for Sink {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::File(file) => file.write_all(buf)?,
            Target::Replacement(out) => out.write_all(buf)?,
            Target::Stdout(out) => out.write_all(buf)?,
        }
        self.hash.update(buf);
        self.written += buf.len() as u64;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::File(file) => file.flush(),
            Target::Replacement(out) => out.flush(),
            Target::Stdout(out) => out.flush(),
        }
    }
}

impl Sink {
    /// Returns a sink into a new file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn file(path: impl Into<PathBuf>) -> Result<Self> {
        let place = path.into();
        let file = File::create(&place).map_err(|bad| Error::io(&place, bad))?;
        Ok(Self::new(
            place,
            Target::File(BufWriter::with_capacity(1 << 18, file)),
        ))
    }

    /// Returns a sink into a file that is gone on with from a mark; what lies behind it is cut
    /// off. Answers with nothing where the file is not what was marked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn resume(path: impl Into<PathBuf>, mark: &SinkMark) -> Result<Option<Self>> {
        let place = path.into();
        let mut hash = Sha256::new();
        let Some(file) = cut_at(&place, mark.bytes, |piece| hash.update(piece))? else {
            return Ok(None);
        };
        if hex(&hash.clone().finalize()) != mark.sha256 {
            return Ok(None);
        }
        let target = Target::File(BufWriter::with_capacity(1 << 18, file));
        let mut sink = Self::new(place, target);
        sink.hash = hash;
        sink.written = mark.bytes;
        Ok(Some(sink))
    }

    /// Returns the file where not all of it may be on disk, and it is to be.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn unsynced(&mut self) -> Result<Option<Unsynced>> {
        let flushed = self.flush();
        let file = flushed.and_then(|()| match &self.target {
            Target::File(file) => file.get_ref().try_clone().map(Some),
            Target::Replacement(_) | Target::Stdout(_) => Ok(None),
        });
        let file = file.map_err(|bad| Error::io(&self.place, bad))?;
        Ok(file.map(|file| Unsynced {
            file,
            place: self.place.clone(),
        }))
    }

    /// Brings everything to disk and returns how far that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<SinkMark> {
        let flushed = self.flush().and_then(|()| match &self.target {
            Target::File(file) => file.get_ref().sync_data(),
            Target::Replacement(_) | Target::Stdout(_) => Ok(()),
        });
        flushed.map_err(|bad| Error::io(&self.place, bad))?;
        Ok(SinkMark {
            bytes: self.written,
            sha256: hex(&self.hash.clone().finalize()),
        })
    }

    /// Returns a sink into a file that takes its place when the sink is closed.
    pub fn replacing(out: Replacement) -> Self {
        Self::new(out.path().to_path_buf(), Target::Replacement(out))
    }

    /// Returns a sink into standard output.
    pub fn stdout() -> Self {
        Self::new(
            PathBuf::from("standard output"),
            Target::Stdout(io::stdout()),
        )
    }

    fn new(place: PathBuf, target: Target) -> Self {
        Self {
            place,
            target,
            hash: Sha256::new(),
            written: 0,
            entry: FileEntry::default(),
        }
    }

    /// Returns the file, or what stands for it in messages.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Counts content that went in, before packing.
    pub fn count(&mut self, lines: u64, bytes: u64) {
        self.entry.lines += lines;
        self.entry.bytes += bytes;
    }

    /// Writes the last bytes to disk and returns what was written. A file that takes a place
    /// takes it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn close(self) -> Result<FileEntry> {
        let (entry, out) = self.finish()?;
        out.map_or(Ok(()), Replacement::commit)?;
        Ok(entry)
    }

    /// Writes the last bytes to disk and returns what was written, and the file that has yet to
    /// take its place, where it is one.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(mut self) -> Result<(FileEntry, Option<Replacement>)> {
        let flushed = self.flush();
        flushed.map_err(|bad| Error::io(&self.place, bad))?;
        let out = match self.target {
            Target::File(file) => {
                let synced = file.get_ref().sync_all();
                synced.map_err(|bad| Error::io(&self.place, bad))?;
                None
            }
            Target::Replacement(mut out) => {
                out.sync()?;
                Some(out)
            }
            Target::Stdout(_) => None,
        };
        self.entry.sha256 = hex(&self.hash.finalize());
        Ok((self.entry, out))
    }
}

/// Returns the SHA-256 of a file's bytes, in hexadecimal.
///
/// # Errors
///
/// What the system says.
pub fn digest_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut file = File::open(path)?;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Returns bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
