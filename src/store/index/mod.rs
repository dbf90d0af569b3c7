//! The folder of a saved index: what was kept of earlier batches, in segments.
//!
//! | file | what |
//! |---|---|
//! | `index.json` | [`IndexMeta`]: settings, batches, segments with the CRC-32 of every file |
//! | `segment-N.prints` | the documents: a fingerprint entry each, its shingles ascending, its batch in place of a rank |
//! | `segment-N.rows` | a row of [`ROW`] bytes a document: where its entry lies, its size, batch and traits, the CRC-32 of the entry and that of the row |
//! | `segment-N.postings` | of every document its first shingles in the segment's order, sorted ([`Posting`]) |
//! | `segment-N.fences` | of every [`BLOCK`] postings the first shingle (8 bytes) and their CRC-32 ([`Fence`]) |
//! | `segment-N.order` | the order: common shingles (8 bytes each, ascending), then their classes (1 byte each) |
//! | `lock` | held by whoever works with the index |
//!
//! What is small is compared with its CRC-32 when a segment is opened; of the rest whatever is read
//! is, row by row, entry by entry, block by block. So nothing that was damaged is used, and opening
//! costs no more for a great index.
//!
//! All numbers are little-endian. Files of segments never change. A new state is new files and then
//! a new `index.json`, which takes the place of the old one in one step; what it does not name is
//! left over from a run that was killed, and goes when the index is opened next.

mod segment;
mod wire;

pub use segment::{Cursor, Segment};
pub use wire::{BLOCK, Fence, POSTING, Posting, ROW, Row, TRAITS};

use super::appended::Mark;
use super::fingerprints::{Entry, Fingerprints};
use super::replacement::{Replacement, locked, sync_folder};
use super::spill::read_at;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The name of what tells of the rest.
pub const INDEX: &str = "index.json";

/// The version of all files; it grows when one changes its meaning.
pub const INDEX_SCHEMA: u32 = 2;

const LOCK: &str = "lock";

/// Bytes of documents that are read at a time.
const PIECE: u64 = 4 << 20;

/// What is done about a file that is not as it was written.
const DAMAGED: &str = "the index is damaged, and its batches must be given again to a new one";

/// One batch of documents that was checked and added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its number, from 1.
    pub number: u32,
    /// The version of copydesk that added it.
    pub copydesk: String,
    /// The digest of its texts as they were compared, and their ids, in hexadecimal.
    pub sha256: String,
    /// The names of its inputs.
    pub inputs: Vec<String>,
    /// How many records were compared.
    pub records: u64,
    /// How many of them repeat a document of an earlier batch.
    pub repeated: u64,
    /// How many documents were added.
    pub added: u64,
}

/// The files of one segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentMeta {
    /// Its number; no two segments of an index ever have the same.
    pub number: u32,
    /// How many documents it holds.
    pub documents: u64,
    /// How many shingles they have.
    pub shingles: u64,
    /// `segment-N.prints`.
    pub prints: Mark,
    /// `segment-N.rows`.
    pub rows: Mark,
    /// `segment-N.postings`.
    pub postings: Mark,
    /// `segment-N.fences`.
    pub fences: Mark,
    /// `segment-N.order`.
    pub order: Mark,
}

impl SegmentMeta {
    /// Returns the endings of its files and how long each is.
    pub fn files(&self) -> [(&'static str, Mark); 5] {
        [
            ("prints", self.prints),
            ("rows", self.rows),
            ("postings", self.postings),
            ("fences", self.fences),
            ("order", self.order),
        ]
    }

    /// Returns the bytes that it takes on disk.
    pub fn bytes(&self) -> u64 {
        self.files().iter().map(|(_, mark)| mark.bytes).sum()
    }
}

/// What an index says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexMeta {
    /// The version of its files.
    pub schema: u32,
    /// The version of words, shingles and their hash.
    pub fingerprints: u32,
    /// The similarity from which on documents are duplicates.
    pub threshold: f64,
    /// The batches, in order.
    pub batches: Vec<Batch>,
    /// The segments, in the order of their documents.
    pub segments: Vec<SegmentMeta>,
}

impl IndexMeta {
    /// Returns how many documents all segments hold.
    pub fn documents(&self) -> u64 {
        self.segments.iter().map(|segment| segment.documents).sum()
    }

    /// Returns a number for a new segment.
    pub fn next_segment(&self) -> u32 {
        let numbers = self.segments.iter().map(|segment| segment.number);
        numbers.max().unwrap_or_default() + 1
    }
}

/// The folder of an index, which nobody else works with.
#[derive(Debug)]
pub struct IndexFolder {
    dir: PathBuf,
    /// Whether it was made just now, and goes again unless something comes to stand in it.
    made: bool,
    /// What stands in it, if something does.
    pub meta: Option<IndexMeta>,
    _lock: File,
}

impl IndexFolder {
    /// Opens the index in `dir`, and makes the folder where there is none and `create` says so.
    ///
    /// # Errors
    ///
    /// A folder that is there but no index; an index without its [`INDEX`]; an index of another
    /// version; another run that works with it; what the system says.
    pub fn open(dir: &Path, create: bool) -> Result<Self> {
        let made = create && !dir.exists();
        if create {
            fs::create_dir_all(dir).map_err(|bad| Error::io(dir, bad))?;
        }
        let names = names(dir)?;
        let path = dir.join(INDEX);
        let segments = names.iter().filter(|name| is_segment(name));
        if !path.exists()
            && let Some(first) = segments.clone().min()
        {
            return Err(Error::damaged(
                dir.display().to_string(),
                format!(
                    "{first} and {} more files of an index found, but no {INDEX}, which says what they hold; put it back, or take the folder away and give its batches again to a new index",
                    segments.count() - 1
                ),
            ));
        }
        let known = names.iter().any(|name| name == INDEX);
        if !known && (!create || !names.iter().all(|name| is_ours(name))) {
            return Err(Error::input(
                dir.display().to_string(),
                format!(
                    "there is no {INDEX}, so it is no index of copydesk; expected a folder that --index has made, or an empty one"
                ),
            ));
        }
        let lock = locked(&dir.join(LOCK), || {
            Error::output(dir, "another run works with this index; wait for it to end")
        })?;
        // Read behind the lock: it is what the last run has left.
        let meta = match fs::read_to_string(&path) {
            Ok(text) => Some(read(&path, &text)?),
            Err(bad) if bad.kind() == io::ErrorKind::NotFound => None,
            Err(bad) => return Err(Error::io(&path, bad)),
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            made,
            meta,
            _lock: lock,
        })
    }

    /// Returns the folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the place of a segment's file.
    pub fn file(&self, segment: u32, ending: &str) -> PathBuf {
        self.dir.join(format!("segment-{segment}.{ending}"))
    }

    /// Makes `meta` what the index says, in one step, and takes away what it does not name.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(&mut self, meta: IndexMeta) -> Result<()> {
        let path = self.dir.join(INDEX);
        let mut text = serde_json::to_vec_pretty(&meta)
            .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
        text.push(b'\n');
        sync_folder(&self.dir)?;
        let mut out = Replacement::open(&path, true)?;
        out.put(&[&text])?;
        out.commit()?;
        self.meta = Some(meta);
        self.tidy();
        Ok(())
    }

    /// Returns the files of its segments that are not what was written; all are read.
    ///
    /// # Errors
    ///
    /// What the system says, but that a file is not there.
    pub fn damaged(&self, meta: &IndexMeta) -> Result<Vec<PathBuf>> {
        let mut damaged = Vec::new();
        for segment in &meta.segments {
            for (ending, mark) in segment.files() {
                let path = self.file(segment.number, ending);
                match mark.holds(&path) {
                    Ok(true) => {}
                    Ok(false) => damaged.push(path),
                    Err(bad) if bad.kind() == io::ErrorKind::NotFound => damaged.push(path),
                    Err(bad) => return Err(Error::io(&path, bad)),
                }
            }
        }
        Ok(damaged)
    }

    /// Gives every document of a segment to `each`, in their order. Its file is only read.
    ///
    /// # Errors
    ///
    /// A file that is not what was written; what the system says, or `each`.
    pub fn documents(
        &self,
        meta: &SegmentMeta,
        mut each: impl FnMut(&Entry<'_>) -> Result<()>,
    ) -> Result<()> {
        let path = self.file(meta.number, "prints");
        let io = |bad| Error::io(&path, bad);
        let damaged = || {
            Error::damaged(
                path.display().to_string(),
                format!("is not what was written (CRC-32); {DAMAGED}"),
            )
        };
        if !meta.prints.holds(&path).map_err(io)? {
            return Err(damaged());
        }
        let file = File::open(&path).map_err(io)?;
        let (mut at, mut want, mut bytes) = (0, PIECE, Vec::new());
        while at < meta.prints.bytes {
            let left = meta.prints.bytes - at;
            bytes.resize(want.min(left) as usize, 0);
            read_at(&file, &mut bytes, at).map_err(io)?;
            let before = at;
            for entry in Fingerprints::entries(&bytes) {
                at += entry.length as u64;
                each(&entry)?;
            }
            if at > before {
                want = PIECE;
            } else if want < left {
                want *= 2;
            } else {
                return Err(damaged());
            }
        }
        Ok(())
    }

    /// Takes away files of segments that the index does not name.
    pub fn tidy(&self) {
        let segments = self.meta.iter().flat_map(|meta| &meta.segments);
        let kept: Vec<String> = segments
            .flat_map(|segment| {
                let number = segment.number;
                let name = move |(ending, _)| format!("segment-{number}.{ending}");
                segment.files().map(name)
            })
            .collect();
        for name in names(&self.dir).unwrap_or_default() {
            if is_segment(&name) && !kept.contains(&name) {
                // What cannot be taken away now is tried again next time.
                let _ = fs::remove_file(self.dir.join(name));
            }
        }
    }
}

impl Drop for IndexFolder {
    /// A folder that was made for a run that came to nothing goes with it.
    fn drop(&mut self) {
        if self.made && self.meta.is_none() {
            self.tidy();
            let _ = fs::remove_file(self.dir.join(LOCK));
            // Only an empty folder goes.
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

fn names(dir: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(dir).map_err(|bad| Error::io(dir, bad))?;
    Ok(entries
        .filter_map(io::Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect())
}

/// Returns whether a file of that name may be one of an index.
fn is_ours(name: &str) -> bool {
    is_segment(name) || [LOCK, INDEX, ".index.json.copydesk-partial"].contains(&name)
}

/// Returns whether a file of that name may be one of a segment.
fn is_segment(name: &str) -> bool {
    let name = name.strip_prefix("segment-");
    name.and_then(|name| name.split_once('.'))
        .is_some_and(|(number, ending)| {
            number.parse::<u32>().is_ok()
                && ["prints", "rows", "postings", "fences", "order"].contains(&ending)
        })
}

fn read(path: &Path, text: &str) -> Result<IndexMeta> {
    /// All that is needed of an index of another version.
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    let damaged =
        |bad: serde_json::Error| Error::damaged(path.display().to_string(), bad.to_string());
    let Version { schema } = serde_json::from_str(text).map_err(damaged)?;
    if schema != INDEX_SCHEMA {
        return Err(Error::input(
            path.display().to_string(),
            format!(
                "schema {schema} found, {INDEX_SCHEMA} expected; use the copydesk that made the index, or make a new one"
            ),
        ));
    }
    serde_json::from_str(text).map_err(damaged)
}
