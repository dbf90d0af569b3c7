//! Fingerprints of documents on disk: what is decided by, and who it is about.
//!
//! Memory holds eight bytes a document, the place of its entry; everything else
//! is read back when it is asked for. An entry is, little-endian: ordinal
//! (8 bytes), digest (32), whether it is empty (4), lengths of id, site and rank
//! (4 each), numbers of leading and of other shingles (4 each), then id, site, rank,
//! shingles (8 each), the leading ones first.

use super::appended::{Appended, Mark, Unsynced};
use super::spill::read_at;
use crate::document::DocId;
use crate::error::{Error, Result};
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

const HEAD: usize = 64;

/// How much of a file that is gone on with is read at a time.
const READ_AGAIN: usize = 4 << 20;

/// How much of an entry is read to see whom it is about.
const LABEL: u64 = 512;

/// Whom an entry is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Label<'a> {
    /// The record's ordinal.
    pub doc: DocId,
    /// The digest of its folded text.
    pub digest: [u8; 32],
    /// Whether nothing of its text is left.
    pub empty: bool,
    /// The record's id.
    pub id: &'a str,
    /// Its site, or nothing.
    pub site: &'a str,
    /// What ranks it, in bytes that the pipeline knows to read.
    pub rank: &'a [u8],
}

/// Appends one entry to `out`, its shingles dealt out into the leading ones and the others.
pub fn write_entry(label: &Label<'_>, [leading, others]: [&[u64]; 2], out: &mut Vec<u8>) {
    out.extend_from_slice(&label.doc.0.to_le_bytes());
    out.extend_from_slice(&label.digest);
    for number in [
        usize::from(label.empty),
        label.id.len(),
        label.site.len(),
        label.rank.len(),
        leading.len(),
        others.len(),
    ] {
        out.extend_from_slice(&(number as u32).to_le_bytes());
    }
    out.extend_from_slice(label.id.as_bytes());
    out.extend_from_slice(label.site.as_bytes());
    out.extend_from_slice(label.rank);
    for some in [leading, others].into_iter().flat_map(|all| all.chunks(64)) {
        let mut bytes = [[0; 8]; 64];
        for (place, shingle) in bytes.iter_mut().zip(some) {
            *place = shingle.to_le_bytes();
        }
        let bytes = bytes.as_flattened();
        out.extend_from_slice(bytes.get(..8 * some.len()).unwrap_or_default());
    }
}

/// Fingerprints that are being written.
pub struct FingerprintWriter {
    out: Appended,
    offsets: Vec<u64>,
    end: u64,
}

impl FingerprintWriter {
    /// Returns a writer into a file that is new, or holds whole entries already; those are given
    /// to `each`.
    ///
    /// # Errors
    ///
    /// What the system says; entries that do not read.
    pub fn new(out: Appended, mut each: impl FnMut(&Entry<'_>) -> Result<()>) -> Result<Self> {
        let mut writer = Self {
            out,
            offsets: Vec::new(),
            end: 0,
        };
        let mut bytes = Vec::new();
        let mut want = READ_AGAIN;
        while writer.end < writer.out.bytes() {
            writer.out.read(writer.end, want, &mut bytes)?;
            let before = writer.end;
            for entry in Fingerprints::entries(&bytes) {
                writer.offsets.push(writer.end);
                writer.end += entry.length as u64;
                each(&entry)?;
            }
            if writer.end > before {
                want = READ_AGAIN;
            } else if bytes.len() < want {
                return Err(Error::damaged(
                    format!("{} byte {before}", writer.out.place().display()),
                    "an entry that does not read as it was written",
                ));
            } else {
                want *= 2;
            }
        }
        Ok(writer)
    }

    /// Appends entries that [`write_entry`] made, of these lengths in bytes.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn append(
        &mut self,
        entries: &[u8],
        lengths: impl IntoIterator<Item = usize>,
    ) -> Result<()> {
        self.out.append(entries)?;
        for length in lengths {
            self.offsets.push(self.end);
            self.end += length as u64;
        }
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
    pub fn finish(mut self) -> Result<Fingerprints> {
        self.offsets.push(self.end);
        let (place, file) = self.out.finish()?;
        Ok(Fingerprints {
            place,
            file,
            offsets: self.offsets,
        })
    }
}

/// Fingerprints to read; shared by all threads. Entries are numbered from 0 in
/// the order they were written.
#[derive(Debug)]
pub struct Fingerprints {
    place: PathBuf,
    file: File,
    offsets: Vec<u64>,
}

/// One entry, borrowed from what was read.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Whom it is about.
    pub label: Label<'a>,
    /// Its bytes.
    pub length: usize,
    leading: &'a [u8],
    others: &'a [u8],
}

impl Entry<'_> {
    /// Returns how many shingles there are.
    pub fn shingles(&self) -> usize {
        (self.leading.len() + self.others.len()) / 8
    }

    /// Appends the leading shingles to `out`.
    pub fn leading(&self, out: &mut Vec<u64>) {
        take(self.leading, out);
    }

    /// Appends the other shingles to `out`.
    pub fn others(&self, out: &mut Vec<u64>) {
        take(self.others, out);
    }
}

fn take(bytes: &[u8], out: &mut Vec<u64>) {
    let (words, _) = bytes.as_chunks::<8>();
    let start = out.len();
    out.resize(start + words.len(), 0);
    let new = out.get_mut(start..).unwrap_or_default();
    for (place, bytes) in new.iter_mut().zip(words) {
        *place = u64::from_le_bytes(*bytes);
    }
}

impl Fingerprints {
    /// Returns the folder they lie in.
    pub fn folder(&self) -> &Path {
        self.place.parent().unwrap_or(Path::new("."))
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns how many bytes all entries take.
    pub fn bytes(&self) -> u64 {
        self.offsets.last().copied().unwrap_or_default()
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cuts all entries into ranges of about `bytes` each.
    pub fn ranges(&self, bytes: u64) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut start = 0;
        while let Some(offset) = self.offsets.get(start).filter(|_| start < self.len()) {
            let until = offset + bytes;
            let end = self.offsets.partition_point(|offset| *offset <= until);
            let end = (end - 1).clamp(start + 1, self.len());
            out.push(start..end);
            start = end;
        }
        out
    }

    /// Reads the bytes of a range of entries into `buf`, for [`Fingerprints::entries`].
    ///
    /// # Errors
    ///
    /// What the system says; a range that is not there.
    pub fn read(&self, range: Range<usize>, buf: &mut Vec<u8>) -> Result<()> {
        let place = || format!("{} entries {range:?}", self.place.display());
        let (Some(from), Some(to)) = (self.offsets.get(range.start), self.offsets.get(range.end))
        else {
            return Err(Error::damaged(place(), "there are no such entries"));
        };
        // What lies there already is written over.
        buf.resize((to - from) as usize, 0);
        read_at(&self.file, buf, *from).map_err(|bad| Error::io(place(), bad))
    }

    /// Iterates the entries in bytes that were read.
    pub fn entries(buf: &[u8]) -> impl Iterator<Item = Entry<'_>> {
        let mut rest = buf;
        std::iter::from_fn(move || {
            let (entry, after) = split(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// Reads one entry into `buf`.
    ///
    /// # Errors
    ///
    /// What the system says; an entry that is not there or does not read.
    pub fn entry<'a>(&self, number: usize, buf: &'a mut Vec<u8>) -> Result<Entry<'a>> {
        self.read(number..number + 1, buf)?;
        split(buf)
            .map(|(entry, _)| entry)
            .ok_or_else(|| self.unreadable(number))
    }

    /// Reads whom an entry is about into `buf`, its shingles left where they are.
    ///
    /// # Errors
    ///
    /// What the system says; an entry that is not there or does not read.
    pub fn label<'a>(&self, number: usize, buf: &'a mut Vec<u8>) -> Result<Label<'a>> {
        let bounds = (self.offsets.get(number), self.offsets.get(number + 1));
        let (Some(from), Some(to)) = bounds else {
            return Err(self.unreadable(number));
        };
        buf.clear();
        buf.resize((to - from).min(LABEL) as usize, 0);
        read_at(&self.file, buf, *from).map_err(|bad| Error::io(&self.place, bad))?;
        if label(buf).is_none() {
            self.read(number..number + 1, buf)?;
        }
        label(buf)
            .map(|(label, ..)| label)
            .ok_or_else(|| self.unreadable(number))
    }

    fn unreadable(&self, number: usize) -> Error {
        Error::damaged(
            format!("{} entry {number}", self.place.display()),
            "does not read as it was written",
        )
    }
}

/// Reads a label; returns it with its length and the numbers of leading and other shingles behind
/// it.
fn label(bytes: &[u8]) -> Option<(Label<'_>, usize, [usize; 2])> {
    let head = bytes.get(..HEAD)?;
    let number = |at: usize| -> Option<usize> {
        Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?) as usize)
    };
    let id_end = HEAD + number(44)?;
    let site_end = id_end + number(48)?;
    let end = site_end + number(52)?;
    let label = Label {
        doc: DocId(u64::from_le_bytes(head.get(..8)?.try_into().ok()?)),
        digest: head.get(8..40)?.try_into().ok()?,
        empty: number(40)? != 0,
        id: std::str::from_utf8(bytes.get(HEAD..id_end)?).ok()?,
        site: std::str::from_utf8(bytes.get(id_end..site_end)?).ok()?,
        rank: bytes.get(site_end..end)?,
    };
    Some((label, end, [number(56)?, number(60)?]))
}

fn split(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let (label, start, [leading, others]) = label(bytes)?;
    let leading_end = start + 8 * leading;
    let end = leading_end + 8 * others;
    let entry = Entry {
        label,
        length: end,
        leading: bytes.get(start..leading_end)?,
        others: bytes.get(leading_end..end)?,
    };
    Some((entry, bytes.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_one_by_one_and_in_ranges() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("prints");
        let mut writer =
            FingerprintWriter::new(Appended::create(&path).unwrap(), |_| Ok(())).unwrap();
        let mut mark = Mark::default();
        for number in 0..10u64 {
            let mut bytes = Vec::new();
            let shingles: Vec<u64> = (0..number).map(|n| n * 1_000_003).collect();
            let (leading, others) = shingles.split_at(number as usize / 3);
            let label = Label {
                doc: DocId(number * 2),
                digest: [number as u8; 32],
                empty: number == 3,
                id: &format!("id{number}"),
                site: &"long.example".repeat(number as usize * 20),
                rank: &[number as u8; 9],
            };
            write_entry(&label, [leading, others], &mut bytes);
            writer.append(&bytes, [bytes.len()]).unwrap();
            if number == 4 {
                mark = writer.mark().unwrap();
            }
        }
        // Killed after the fifth entry, and gone on with.
        writer.mark().unwrap();
        let rest = std::fs::read(&path).unwrap().split_off(mark.bytes as usize);
        let lengths: Vec<usize> = (5..10)
            .map(|number| HEAD + 3 + number * 240 + 9 + 8 * number)
            .collect();
        drop(writer);
        let out = Appended::resume(&path, &mark).unwrap().unwrap();
        let mut seen = Vec::new();
        let mut writer = FingerprintWriter::new(out, |entry| {
            seen.push(entry.label.doc.0);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [0, 2, 4, 6, 8]);
        writer.append(&rest, lengths).unwrap();
        let prints = writer.finish().unwrap();
        assert_eq!(prints.len(), 10);
        let mut buf = Vec::new();
        for number in 0..10 {
            let mut other = Vec::new();
            let entry = prints.entry(number, &mut buf).unwrap();
            let label = entry.label;
            assert_eq!(label, prints.label(number, &mut other).unwrap());
            assert_eq!(label.doc, DocId(number as u64 * 2));
            assert_eq!(label.id, format!("id{number}"));
            assert_eq!(label.site.len(), number * 240);
            assert_eq!(label.rank, [number as u8; 9]);
            assert_eq!(label.empty, number == 3);
        }
        let entry = prints.entry(7, &mut buf).unwrap();
        let mut shingles = Vec::new();
        entry.leading(&mut shingles);
        assert_eq!((shingles.len(), entry.shingles()), (2, 7));
        entry.others(&mut shingles);
        assert_eq!(shingles.last(), Some(&6_000_018));
        assert!(prints.entry(10, &mut buf).is_err());
        assert!(prints.label(10, &mut buf).is_err());
        for bytes in [1, 100, 1 << 20] {
            let ranges = prints.ranges(bytes);
            let mut seen = 0;
            for range in ranges {
                assert_eq!(range.start, seen);
                prints.read(range.clone(), &mut buf).unwrap();
                assert_eq!(Fingerprints::entries(&buf).count(), range.len());
                seen = range.end;
            }
            assert_eq!(seen, 10);
        }
    }
}
