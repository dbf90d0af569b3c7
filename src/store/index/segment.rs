//! A segment to read: its rows, entries and postings, each compared with what was written.

use super::wire::{BLOCK, FENCE, Fence, POSTING, Posting, ROW, Row};
use super::{DAMAGED, IndexFolder, SegmentMeta};
use crate::error::{Error, Result};
use crate::store::appended::Mark;
use crate::store::fingerprints::{Entry, Fingerprints};
use crate::store::spill::read_at;
use std::fs::{self, File};
use std::path::PathBuf;

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
