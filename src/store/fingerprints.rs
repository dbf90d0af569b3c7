//! Fingerprints of documents on disk: digest, id and shingles.
//!
//! Memory holds eight bytes a document, the place of its entry; everything else
//! is read back when it is asked for. An entry is, little-endian: ordinal
//! (8 bytes), digest (32), length of the id (4), number of leading shingles (4),
//! number of the others (4), the id, the shingles (8 each), the leading ones first.

use super::spill::read_at;
use crate::document::DocId;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

const HEAD: usize = 52;

/// Appends one entry to `out`, its shingles dealt out into the leading ones and the others.
pub fn write_entry(
    doc: DocId,
    digest: &[u8; 32],
    id: &str,
    [leading, others]: [&[u64]; 2],
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(&doc.0.to_le_bytes());
    out.extend_from_slice(digest);
    out.extend_from_slice(&(id.len() as u32).to_le_bytes());
    out.extend_from_slice(&(leading.len() as u32).to_le_bytes());
    out.extend_from_slice(&(others.len() as u32).to_le_bytes());
    out.extend_from_slice(id.as_bytes());
    for some in [leading, others].into_iter().flat_map(|all| all.chunks(64)) {
        let mut bytes = [[0; 8]; 64];
        for (place, shingle) in bytes.iter_mut().zip(some) {
            *place = shingle.to_le_bytes();
        }
        let bytes = bytes.as_flattened();
        out.extend_from_slice(&bytes[..8 * some.len()]);
    }
}

/// Fingerprints that are being written.
pub struct FingerprintWriter {
    place: PathBuf,
    file: BufWriter<File>,
    offsets: Vec<u64>,
    end: u64,
}

impl FingerprintWriter {
    /// Opens a file in `dir` that goes away with the run.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn create(dir: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(dir).map_err(|bad| Error::io(dir, bad))?;
        Ok(Self {
            place: dir.join("fingerprints"),
            file: BufWriter::with_capacity(1 << 18, file),
            offsets: Vec::new(),
            end: 0,
        })
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
        self.file
            .write_all(entries)
            .map_err(|bad| Error::io(&self.place, bad))?;
        for length in lengths {
            self.offsets.push(self.end);
            self.end += length as u64;
        }
        Ok(())
    }

    /// Ends writing.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(mut self) -> Result<Fingerprints> {
        self.offsets.push(self.end);
        let file = self
            .file
            .into_inner()
            .map_err(|bad| Error::io(&self.place, bad.into_error()))?;
        Ok(Fingerprints {
            place: self.place,
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
    /// The record's ordinal.
    pub doc: DocId,
    /// The digest of its folded text.
    pub digest: [u8; 32],
    /// The record's id.
    pub id: &'a str,
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
    out.extend(words.iter().map(|bytes| u64::from_le_bytes(*bytes)));
}

impl Fingerprints {
    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cuts all entries into ranges of about `bytes` each.
    pub fn ranges(&self, bytes: u64) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut start = 0;
        while start < self.len() {
            let until = self.offsets[start] + bytes;
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
        buf.clear();
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
        split(buf).map(|(entry, _)| entry).ok_or_else(|| {
            Error::damaged(
                format!("{} entry {number}", self.place.display()),
                "does not read as it was written",
            )
        })
    }
}

fn split(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let head = bytes.get(..HEAD)?;
    let number = |range: Range<usize>| -> Option<usize> {
        Some(u32::from_le_bytes(head.get(range)?.try_into().ok()?) as usize)
    };
    let id_end = HEAD + number(40..44)?;
    let leading_end = id_end + 8 * number(44..48)?;
    let end = leading_end + 8 * number(48..52)?;
    let entry = Entry {
        doc: DocId(u64::from_le_bytes(head.get(..8)?.try_into().ok()?)),
        digest: head.get(8..40)?.try_into().ok()?,
        id: std::str::from_utf8(bytes.get(HEAD..id_end)?).ok()?,
        leading: bytes.get(id_end..leading_end)?,
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
        let mut writer = FingerprintWriter::create(dir.path()).unwrap();
        for number in 0..10u64 {
            let mut bytes = Vec::new();
            let shingles: Vec<u64> = (0..number).map(|n| n * 1_000_003).collect();
            let (leading, others) = shingles.split_at(number as usize / 3);
            write_entry(
                DocId(number * 2),
                &[number as u8; 32],
                &format!("id{number}"),
                [leading, others],
                &mut bytes,
            );
            writer.append(&bytes, [bytes.len()]).unwrap();
        }
        let prints = writer.finish().unwrap();
        assert_eq!(prints.len(), 10);
        let mut buf = Vec::new();
        let entry = prints.entry(7, &mut buf).unwrap();
        assert_eq!(
            (entry.doc, entry.id, entry.digest[0]),
            (DocId(14), "id7", 7)
        );
        let mut shingles = Vec::new();
        entry.leading(&mut shingles);
        assert_eq!((shingles.len(), entry.shingles()), (2, 7));
        entry.others(&mut shingles);
        assert_eq!(shingles.last(), Some(&6_000_018));
        assert!(prints.entry(10, &mut buf).is_err());
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
