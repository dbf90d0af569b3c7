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

/// Bytes of traits in a row.
pub const TRAITS: usize = 64;

/// Bytes of a row.
pub const ROW: usize = 28 + TRAITS;

/// Bytes of a posting.
pub const POSTING: usize = 16;

/// Postings that are read at a time, and of which one shingle is held in memory.
pub const BLOCK: usize = 256;

/// Bytes of a fence.
const FENCE: usize = 12;

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

/// One of a document's first shingles in the order of its segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The shingle.
    pub shingle: u64,
    /// The document's number in its segment.
    pub number: u32,
    /// How many shingles it has; 65,535 is that or more.
    pub size: u16,
    /// How many of them come before this one; 65,535 is that or more.
    pub place: u16,
}

impl Posting {
    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.shingle.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(&self.place.to_le_bytes());
    }

    fn read(bytes: &[u8; POSTING]) -> Self {
        let [a, b, c, d, e, f, g, h, n0, n1, n2, n3, s0, s1, p0, p1] = *bytes;
        Self {
            shingle: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            number: u32::from_le_bytes([n0, n1, n2, n3]),
            size: u16::from_le_bytes([s0, s1]),
            place: u16::from_le_bytes([p0, p1]),
        }
    }
}

/// What is told of a document without reading its shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where its entry begins.
    pub offset: u64,
    /// How long its entry is.
    pub length: u32,
    /// How many shingles it has.
    pub size: u32,
    /// Its batch.
    pub batch: u32,
    /// Its traits.
    pub traits: [u8; TRAITS],
    /// The CRC-32 of its entry.
    pub crc: u32,
}

impl Row {
    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.offset.to_le_bytes());
        for number in [self.length, self.size, self.batch] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.traits);
        out.extend_from_slice(&self.crc.to_le_bytes());
        let crc = crc32fast::hash(out.get(start..).unwrap_or_default());
        out.extend_from_slice(&crc.to_le_bytes());
    }

    /// Returns nothing where the bytes are not those that were written.
    fn read(bytes: &[u8; ROW]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let (said, crc) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(said) != u32::from_le_bytes(*crc) {
            return None;
        }
        Some(Self {
            offset: u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?),
            length: number(8)?,
            size: number(12)?,
            batch: number(16)?,
            traits: bytes.get(20..20 + TRAITS)?.try_into().ok()?,
            crc: number(20 + TRAITS)?,
        })
    }
}

/// What is held in memory of a block of postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The first shingle of the block.
    pub first: u64,
    /// The CRC-32 of the block.
    pub crc: u32,
}

impl Fence {
    /// Returns the fence of a block; nothing stands before no posting.
    pub fn of(block: &[Posting]) -> Option<Self> {
        let mut bytes = Vec::with_capacity(block.len() * POSTING);
        block.iter().for_each(|posting| posting.write(&mut bytes));
        Some(Self {
            first: block.first()?.shingle,
            crc: crc32fast::hash(&bytes),
        })
    }

    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.crc.to_le_bytes());
    }

    fn read(bytes: &[u8; FENCE]) -> Self {
        let [a, b, c, d, e, f, g, h, c0, c1, c2, c3] = *bytes;
        Self {
            first: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            crc: u32::from_le_bytes([c0, c1, c2, c3]),
        }
    }
}

/// A segment to read; shared by all threads.
#[derive(Debug)]
pub struct Segment {
    place: PathBuf,
    prints: File,
    rows: File,
    postings: File,
    /// What the index says of it.
    pub meta: SegmentMeta,
    /// The fence of every block of postings.
    fences: Vec<Fence>,
}

impl Segment {
    /// Opens a segment.
    ///
    /// # Errors
    ///
    /// A file that is not as long as the index says; what the system says.
    pub fn open(folder: &IndexFolder, meta: &SegmentMeta) -> Result<Self> {
        let open = |ending: &str, mark: Mark| -> Result<File> {
            let path = folder.file(meta.number, ending);
            let file = File::open(&path).map_err(|bad| Error::io(&path, bad))?;
            let found = file.metadata().map_err(|bad| Error::io(&path, bad))?.len();
            if found != mark.bytes {
                return Err(Error::damaged(
                    path.display().to_string(),
                    format!("{found} bytes found, {} expected; {DAMAGED}", mark.bytes),
                ));
            }
            Ok(file)
        };
        let fences = whole(folder, meta, "fences", meta.fences)?;
        let (fences, _) = fences.as_chunks::<FENCE>();
        Ok(Self {
            place: folder.dir().join(format!("segment-{}", meta.number)),
            prints: open("prints", meta.prints)?,
            rows: open("rows", meta.rows)?,
            postings: open("postings", meta.postings)?,
            meta: meta.clone(),
            fences: fences.iter().map(Fence::read).collect(),
        })
    }

    /// Reads the common shingles of the segment's order, and their classes.
    ///
    /// # Errors
    ///
    /// What the system says; a file that is damaged.
    pub fn order(&self, folder: &IndexFolder) -> Result<(Vec<u64>, Vec<u8>)> {
        let bytes = whole(folder, &self.meta, "order", self.meta.order)?;
        let (shingles, classes) = bytes.split_at(bytes.len() / 9 * 8);
        Ok((words(shingles), classes.to_vec()))
    }

    /// Returns how many postings there are.
    pub fn postings(&self) -> u64 {
        self.meta.postings.bytes / POSTING as u64
    }

    /// Returns postings by their numbers, as many as there are. Whole blocks are read, which must
    /// be what was written.
    ///
    /// # Errors
    ///
    /// What the system says; a block that is damaged.
    pub fn read_postings(&self, from: u64, length: u64, out: &mut Vec<Posting>) -> Result<()> {
        out.clear();
        let end = from.saturating_add(length).min(self.postings());
        if from >= end {
            return Ok(());
        }
        let first = from / BLOCK as u64;
        let start = first * BLOCK as u64;
        let stop = end.next_multiple_of(BLOCK as u64).min(self.postings());
        let mut bytes = vec![0; (stop - start) as usize * POSTING];
        read_at(&self.postings, &mut bytes, start * POSTING as u64)
            .map_err(|bad| Error::io(self.named("postings"), bad))?;
        let fences = self.fences.get(first as usize..).unwrap_or_default();
        let mut blocks = bytes.chunks(BLOCK * POSTING).enumerate();
        let bad = blocks.find(|(at, block)| {
            let fence = fences.get(*at);
            fence.is_none_or(|fence| fence.crc != crc32fast::hash(block))
        });
        if let Some((at, _)) = bad {
            let what = format!("block {}", first as usize + at);
            return Err(self.unreadable("postings", &what));
        }
        let wanted = (from - start) as usize * POSTING..(end - start) as usize * POSTING;
        let (postings, _) = bytes.get(wanted).unwrap_or_default().as_chunks::<POSTING>();
        out.extend(postings.iter().map(Posting::read));
        Ok(())
    }

    /// Returns what the rows say of a document.
    ///
    /// # Errors
    ///
    /// What the system says; a row that is damaged.
    pub fn row(&self, number: u32) -> Result<Row> {
        let mut bytes = [0; ROW];
        read_at(&self.rows, &mut bytes, u64::from(number) * ROW as u64)
            .map_err(|bad| Error::io(self.named("rows"), bad))?;
        Row::read(&bytes).ok_or_else(|| self.unreadable("rows", &format!("document {number}")))
    }

    /// Reads a document's entry into `buffer`.
    ///
    /// # Errors
    ///
    /// What the system says; an entry that is damaged.
    pub fn entry<'a>(&self, number: u32, row: &Row, buffer: &'a mut Vec<u8>) -> Result<Entry<'a>> {
        buffer.resize(row.length as usize, 0);
        read_at(&self.prints, buffer, row.offset)
            .map_err(|bad| Error::io(self.named("prints"), bad))?;
        let unreadable = || self.unreadable("prints", &format!("document {number}"));
        if crc32fast::hash(buffer) != row.crc {
            return Err(unreadable());
        }
        let entry = Fingerprints::entries(buffer).next();
        entry.ok_or_else(unreadable)
    }

    fn named(&self, ending: &str) -> PathBuf {
        self.place.with_extension(ending)
    }

    fn unreadable(&self, ending: &str, what: &str) -> Error {
        Error::damaged(
            format!("{} {what}", self.named(ending).display()),
            format!("is not what was written (CRC-32); {DAMAGED}"),
        )
    }

    /// Returns a cursor before the first posting.
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor {
            segment: self,
            block: u64::MAX,
            held: Vec::new(),
        }
    }
}

/// Reads a small file of a segment, which must be what was written.
fn whole(folder: &IndexFolder, meta: &SegmentMeta, ending: &str, mark: Mark) -> Result<Vec<u8>> {
    let path = folder.file(meta.number, ending);
    let bytes = fs::read(&path).map_err(|bad| Error::io(&path, bad))?;
    if bytes.len() as u64 != mark.bytes || crc32fast::hash(&bytes) != mark.crc {
        return Err(Error::damaged(
            path.display().to_string(),
            format!("is not what was written (CRC-32); {DAMAGED}"),
        ));
    }
    Ok(bytes)
}

fn words(bytes: &[u8]) -> Vec<u64> {
    let (words, _) = bytes.as_chunks::<8>();
    let words = words.iter().map(|bytes| u64::from_le_bytes(*bytes));
    words.collect()
}

/// Looks shingles up that come in ascending order: no block is read twice.
pub struct Cursor<'a> {
    segment: &'a Segment,
    /// The number of the block that is held.
    block: u64,
    held: Vec<Posting>,
}

impl Cursor<'_> {
    /// Returns from where to where the postings of a shingle lie.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn find(&mut self, shingle: u64) -> Result<(u64, u64)> {
        // The first posting of the shingle lies in the last block that begins before it, or
        // begins the next; the first behind it likewise.
        let start = self.bound(|at| at < shingle)?;
        if self.segment.fences.is_empty() || !self.is_at(start, shingle) {
            return Ok((start, start));
        }
        Ok((start, self.bound(|at| at <= shingle)?))
    }

    /// Reads postings by their numbers, from the block that is held where they lie in it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn read(&self, from: u64, length: u64, out: &mut Vec<Posting>) -> Result<()> {
        let start = from.wrapping_sub(self.block.wrapping_mul(BLOCK as u64)) as usize;
        let held = start
            .checked_add(length as usize)
            .and_then(|end| self.held.get(start..end));
        match held {
            Some(held) => {
                out.clear();
                out.extend_from_slice(held);
                Ok(())
            }
            None => self.segment.read_postings(from, length, out),
        }
    }

    fn is_at(&self, at: u64, shingle: u64) -> bool {
        let block = BLOCK as u64;
        if at / block == self.block {
            let posting = self.held.get((at % block) as usize);
            return posting.is_some_and(|posting| posting.shingle == shingle);
        }
        let fence = self.segment.fences.get((at / block) as usize);
        at.is_multiple_of(block) && fence.is_some_and(|fence| fence.first == shingle)
    }

    fn bound(&mut self, before: impl Fn(u64) -> bool) -> Result<u64> {
        let blocks = self
            .segment
            .fences
            .partition_point(|fence| before(fence.first)) as u64;
        let Some(block) = blocks.checked_sub(1) else {
            return Ok(0);
        };
        if block != self.block {
            let from = block * BLOCK as u64;
            self.segment
                .read_postings(from, BLOCK as u64, &mut self.held)?;
            self.block = block;
        }
        let inside = self.held.partition_point(|posting| before(posting.shingle));
        Ok(block * BLOCK as u64 + inside as u64)
    }
}
