//! Gzip and Zstandard, in and out.
//!
//! Input is recognised by its first bytes, whatever its name; output is packed
//! by its ending. Gzip is read to the end of its last member. Output is packed
//! in independent members of [`CHUNK`] bytes, so that the packed bytes depend
//! on nothing but the content.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// How many unpacked bytes go into one gzip member or zstd frame.
pub const CHUNK: usize = 4 << 20;

/// Zstandard level of what we write: the library's own default.
const ZSTD_LEVEL: i32 = 3;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// Gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Compression {
    /// Returns the compression that a file name's ending asks for.
    pub fn of_name(path: &Path) -> Self {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// Returns the compression that the first bytes of a stream tell.
    pub fn of_start(start: &[u8]) -> Self {
        if start.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// Returns the ending that names this compression, with its dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

/// Returns a reader of the unpacked bytes of `inner`.
///
/// # Errors
///
/// What reading the first bytes gives.
pub fn unpack(inner: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    // A small buffer: what is not packed passes it by in great pieces.
    let mut inner = BufReader::with_capacity(1 << 14, inner);
    Ok(match Compression::of_start(inner.fill_buf()?) {
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed(inner))),
        Compression::Zstd => Box::new(zstd::Decoder::with_buffer(packed(inner))?),
        Compression::None => Box::new(inner),
    })
}

/// Returns a reader of packed bytes, which are read in small pieces.
fn packed<R: Read>(inner: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 18, inner)
}

/// A writer that packs in members of [`CHUNK`] bytes.
pub struct Packer<W: Write> {
    inner: W,
    compression: Compression,
    pending: Vec<u8>,
}

impl<W: Write> Packer<W> {
    /// Returns a writer into `inner`.
    pub fn new(inner: W, compression: Compression) -> Self {
        Self {
            inner,
            compression,
            pending: Vec::new(),
        }
    }

    /// Returns a writer that goes on where another was, with what was pending there.
    pub fn resume(inner: W, compression: Compression, pending: Vec<u8>) -> Self {
        Self {
            inner,
            compression,
            pending,
        }
    }

    /// Returns the inner writer, and what is not packed yet.
    pub fn parts(&mut self) -> (&mut W, &[u8]) {
        (&mut self.inner, &self.pending)
    }

    /// Writes a member of no bytes: a file that holds nothing is one all the same.
    ///
    /// # Errors
    ///
    /// What the inner writer gives.
    pub fn pack_nothing(&mut self) -> io::Result<()> {
        self.pack(&[])
    }

    /// Packs what is pending and returns the inner writer, flushed.
    ///
    /// # Errors
    ///
    /// What the inner writer gives.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.pending.is_empty() {
            let rest = std::mem::take(&mut self.pending);
            self.pack(&rest)?;
        }
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn pack(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self.compression {
            Compression::None => self.inner.write_all(chunk),
            Compression::Gzip => {
                let mut member =
                    flate2::write::GzEncoder::new(&mut self.inner, flate2::Compression::default());
                member.write_all(chunk)?;
                member.finish().map(drop)
            }
            Compression::Zstd => {
                let frame = zstd::bulk::compress(chunk, ZSTD_LEVEL)?;
                self.inner.write_all(&frame)
            }
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.compression == Compression::None {
            self.inner.write_all(buf)?;
            return Ok(buf.len());
        }
        self.pending.extend_from_slice(buf);
        while self.pending.len() >= CHUNK {
            let rest = self.pending.split_off(CHUNK);
            let chunk = std::mem::replace(&mut self.pending, rest);
            self.pack(&chunk)?;
        }
        Ok(buf.len())
    }

    /// Passes on what is packed; a member that is not full stays pending.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
