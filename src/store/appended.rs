//! A file that is only appended to: it can be gone on with from any mark.

use super::spill::read_at;
use crate::error::{Error, Result};
use crc32fast::Hasher as Crc;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How much is read at a time when a file is looked through.
const PIECE: usize = 1 << 20;

/// How far a file is on disk, and the CRC-32 of all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes.
    pub bytes: u64,
    /// Their CRC-32.
    pub crc: u32,
}

impl Mark {
    /// Returns whether the file at `path` is just what was marked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn holds(&self, path: &Path) -> io::Result<bool> {
        let mut file = File::open(path)?;
        let (mut bytes, mut crc) = (0, Crc::new());
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(bytes == self.bytes && crc.finalize() == self.crc),
                read => {
                    bytes += read as u64;
                    crc.update(piece.get(..read).unwrap_or_default());
                }
            }
        }
    }
}

/// A file of which not everything may be on disk.
#[derive(Debug)]
pub struct Unsynced {
    /// What stands for it in messages.
    pub place: PathBuf,
    /// The file.
    pub file: File,
}

/// Brings files to disk, all at once: together they take about as long as the slowest.
///
/// # Errors
///
/// What the system says of the first that fails.
pub fn sync_together(files: &[Unsynced]) -> Result<()> {
    let sync = |one: &Unsynced| {
        one.file
            .sync_data()
            .map_err(|bad| Error::io(&one.place, bad))
    };
    std::thread::scope(|scope| {
        let (first, others) = files
            .split_first()
            .map_or((None, files), |(first, others)| (Some(first), others));
        // Where there is no thread to be had, this one does it.
        let started: Vec<_> = others
            .iter()
            .map(|one| {
                let work = move || sync(one);
                let thread = std::thread::Builder::new().spawn_scoped(scope, work);
                (one, thread)
            })
            .collect();
        let mut synced = first.map_or(Ok(()), sync);
        for (one, thread) in started {
            let done = thread.ok().and_then(|thread| thread.join().ok());
            synced = synced.and(done.unwrap_or_else(|| sync(one)));
        }
        synced
    })
}

/// A file that is being appended to.
pub struct Appended {
    place: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
    crc: Crc,
}

impl Appended {
    /// Opens a file in `dir` that has no name and goes away with the process.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn unnamed(dir: &Path, what: &str) -> Result<Self> {
        let file = tempfile::tempfile_in(dir).map_err(|bad| Error::io(dir, bad))?;
        Ok(Self::new(dir.join(what), file))
    }

    /// Opens a new file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn create(path: &Path) -> Result<Self> {
        let open = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path);
        Ok(Self::new(
            path.to_path_buf(),
            open.map_err(|bad| Error::io(path, bad))?,
        ))
    }

    fn new(place: PathBuf, file: File) -> Self {
        Self {
            place,
            file: BufWriter::with_capacity(1 << 18, file),
            bytes: 0,
            crc: Crc::new(),
        }
    }

    /// Opens a file at a mark; what lies behind it is cut off. Answers with nothing where the
    /// file is not what was marked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn resume(path: &Path, mark: &Mark) -> Result<Option<Self>> {
        let mut crc = Crc::new();
        let Some(file) = cut_at(path, mark.bytes, |piece| crc.update(piece))? else {
            return Ok(None);
        };
        if crc.clone().finalize() != mark.crc {
            return Ok(None);
        }
        let mut resumed = Self::new(path.to_path_buf(), file);
        resumed.bytes = mark.bytes;
        resumed.crc = crc;
        Ok(Some(resumed))
    }

    /// Returns the file, or what stands for it in messages.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Returns how many bytes it has.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads at most `want` bytes from `from` on into `into`: fewer where the file ends. What was
    /// appended since the file was opened may not be there yet.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn read(&self, from: u64, want: usize, into: &mut Vec<u8>) -> Result<()> {
        let left = usize::try_from(self.bytes.saturating_sub(from)).unwrap_or(usize::MAX);
        into.clear();
        into.resize(want.min(left), 0);
        read_at(self.file.get_ref(), into, from).map_err(|bad| Error::io(&self.place, bad))
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|bad| Error::io(&self.place, bad))?;
        self.bytes += bytes.len() as u64;
        self.crc.update(bytes);
        Ok(())
    }

    /// Returns what of it has yet to be [brought to disk](sync_together).
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn unsynced(&mut self) -> Result<Unsynced> {
        let file = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().try_clone());
        Ok(Unsynced {
            file: file.map_err(|bad| Error::io(&self.place, bad))?,
            place: self.place.clone(),
        })
    }

    /// Brings everything to disk and returns how far that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<Mark> {
        let synced = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(|bad| Error::io(&self.place, bad))?;
        Ok(Mark {
            bytes: self.bytes,
            crc: self.crc.clone().finalize(),
        })
    }

    /// Ends appending and gives the file to be read.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(self) -> Result<(PathBuf, File)> {
        let file = self
            .file
            .into_inner()
            .map_err(|bad| Error::io(&self.place, bad.into_error()))?;
        Ok((self.place, file))
    }
}

/// Opens the file at `path`, gives its first bytes to `each` and cuts it off there. Answers with
/// nothing where there is no such file or it is shorter.
///
/// # Errors
///
/// What the system says.
pub fn cut_at(path: &Path, bytes: u64, mut each: impl FnMut(&[u8])) -> Result<Option<File>> {
    let io = |bad| Error::io(path, bad);
    let mut file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(bad) if bad.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(bad) => return Err(io(bad)),
    };
    let mut left = bytes;
    let mut buffer = vec![0; PIECE];
    while left > 0 {
        let want = left.min(PIECE as u64) as usize;
        let piece = buffer.get_mut(..want).unwrap_or_default();
        let read = file.read(piece).map_err(io)?;
        if read == 0 {
            return Ok(None);
        }
        each(buffer.get(..read).unwrap_or_default());
        left -= read as u64;
    }
    file.set_len(bytes).map_err(io)?;
    file.seek(SeekFrom::Start(bytes)).map_err(io)?;
    Ok(Some(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_on_from_its_mark_and_from_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines");
        let mut file = Appended::create(&path).unwrap();
        file.append(b"one two ").unwrap();
        let mark = file.mark().unwrap();
        file.append(b"lost").unwrap();
        drop(file);
        let mut file = Appended::resume(&path, &mark).unwrap().unwrap();
        file.append(b"three").unwrap();
        let whole = file.mark().unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"one two three");
        let off = |bytes, crc| Mark {
            bytes: whole.bytes + bytes,
            crc: whole.crc ^ crc,
        };
        assert!(Appended::resume(&path, &off(0, 1)).unwrap().is_none());
        assert!(Appended::resume(&path, &off(1, 0)).unwrap().is_none());
        assert!(
            Appended::resume(&dir.path().join("other"), &whole)
                .unwrap()
                .is_none()
        );
        assert!(Appended::resume(&path, &off(0, 0)).unwrap().is_some());
    }
}
