//! How far a run's outputs are on disk: what the journal says of them.

use crate::error::{Error, Result};
use crate::formats::Compression;
use crate::formats::compression::unpack;
use crate::store::ledger::Book;
use crate::store::sink::digest_of;
use crate::store::{FileEntry, Sink, SinkMark};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// How far all outputs in the folder are on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Those that are being written.
    pub(super) open: BTreeMap<String, OpenMark>,
    /// Those that are whole.
    pub(super) closed: BTreeMap<String, FileEntry>,
    /// The number of the shard of cleaned records.
    pub(super) shard: usize,
}

/// How far one output is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenMark {
    pub(super) sink: SinkMark,
    /// Lines that went in, before packing.
    pub(super) lines: u64,
    /// Bytes that went in, before packing.
    pub(super) bytes: u64,
    /// What is not packed yet, in base64.
    pub(super) pending: String,
}

impl Marks {
    /// Returns the names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.open
            .keys()
            .chain(self.closed.keys())
            .map(String::as_str)
    }

    /// Returns whether every file in `dir` is what was marked.
    pub fn hold(&self, dir: &Path) -> bool {
        let open = self.open.iter().all(|(name, mark)| {
            let path = dir.join(name);
            matches!(Sink::resume(&path, &mark.sink), Ok(Some(_)))
        });
        let closed = self.closed.iter().all(|(name, entry)| {
            digest_of(&dir.join(name)).is_ok_and(|digest| digest == entry.sha256)
        });
        open && closed
    }

    /// Returns the unpacked rows of a book up to its mark.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn rows(&self, book: Book, dir: &Path, compression: Compression) -> Result<Box<dyn Read>> {
        let name = format!("{}{}", book.file(), compression.ending());
        let path = dir.join(&name);
        let mark = self.open.get(&name).ok_or_else(|| changed(&path))?;
        let packed = File::open(&path).map_err(|bad| Error::io(&path, bad))?;
        let packed = unpack(Box::new(packed.take(mark.sink.bytes)));
        let pending = BASE64_STANDARD
            .decode(&mark.pending)
            .map_err(|_| changed(&path))?;
        let packed = packed.map_err(|bad| Error::io(&path, bad))?;
        Ok(Box::new(packed.chain(io::Cursor::new(pending))))
    }
}

/// Returns the error for a file that is not what was marked.
pub(super) fn changed(path: &Path) -> Error {
    Error::damaged(
        path.display().to_string(),
        "is not what the journal says; something else writes there",
    )
}
