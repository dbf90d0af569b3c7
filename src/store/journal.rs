//! The journal of a run: what is finished, so that a killed run can be gone on with.
//!
//! A line an entry: the CRC-32 of its JSON in hexadecimal, a blank, the JSON. A line counts once
//! it is on disk whole; what a kill has left of one is cut off.

use crate::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of the journal in the folder of what is half-made.
pub const JOURNAL: &str = "journal";

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    place: PathBuf,
    file: File,
}

impl Journal {
    /// Opens the journal in `dir` with the entries that stand in it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open<T: DeserializeOwned>(dir: &Path) -> Result<(Self, Vec<T>)> {
        let (entries, whole) = read(dir)?;
        let place = dir.join(JOURNAL);
        let open = File::options()
            .append(true)
            .create(true)
            .open(&place)
            .and_then(|file| file.set_len(whole).map(|()| file));
        let file = open.map_err(|bad| Error::io(&place, bad))?;
        Ok((Self { place, file }, entries))
    }

    /// Appends an entry; it is on disk then.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn append(&mut self, entry: &impl Serialize) -> Result<()> {
        let json = serde_json::to_string(entry)
            .map_err(|bad| Error::damaged(self.place.display().to_string(), bad.to_string()))?;
        let line = format!("{:08x} {json}\n", crc(json.as_bytes()));
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        written.map_err(|bad| Error::io(&self.place, bad))
    }
}

/// Returns the entries that stand whole in the journal of `dir`, and the bytes that they take.
///
/// # Errors
///
/// What the system says.
pub fn read<T: DeserializeOwned>(dir: &Path) -> Result<(Vec<T>, u64)> {
    let place = dir.join(JOURNAL);
    let bytes = match fs::read(&place) {
        Ok(bytes) => bytes,
        Err(bad) if bad.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(bad) => return Err(Error::io(&place, bad)),
    };
    let mut entries = Vec::new();
    let mut whole = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(entry) = entry(line) else {
            break;
        };
        entries.push(entry);
        whole += line.len() as u64;
    }
    Ok((entries, whole))
}

fn entry<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = line.split_at_checked(9)?;
    let sum = std::str::from_utf8(sum).ok()?.trim_end();
    (u32::from_str_radix(sum, 16).ok()? == crc(json)).then_some(())?;
    serde_json::from_slice(json).ok()
}

fn crc(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kill_has_left_of_an_entry_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, entries) = Journal::open::<u32>(dir.path()).unwrap();
        assert!(entries.is_empty());
        for entry in [1, 22, 333] {
            journal.append(&entry).unwrap();
        }
        drop(journal);
        let path = dir.path().join(JOURNAL);
        let whole = fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let (mut journal, entries) = Journal::open::<u32>(dir.path()).unwrap();
            let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(entries, [1, 22, 333][..lines], "{cut}");
            journal.append(&4444).unwrap();
            drop(journal);
            assert_eq!(read::<u32>(dir.path()).unwrap().0.last(), Some(&4444));
        }
        let mut flipped = whole.clone();
        flipped[10] ^= 1;
        fs::write(&path, flipped).unwrap();
        assert!(read::<u32>(dir.path()).unwrap().0.is_empty());
    }
}
