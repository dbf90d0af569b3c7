//! A file that is written beside its place and takes it when it is whole; the locks by which two
//! runs do not write one output.

use super::sink::digest_of;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is written beside its place and takes it when it is whole.
///
/// The half-made file is locked, so that no other run writes it too.
#[derive(Debug)]
pub struct Replacement {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
    kept: bool,
}

impl Replacement {
    /// Opens the file that will stand at `path`.
    ///
    /// # Errors
    ///
    /// Something that stands there, unless `force` is set; another run that
    /// writes there; what the system says.
    pub fn open(path: &Path, force: bool) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::output(
                path,
                "a folder stands there; expected a file",
            ));
        }
        // A device or a pipe is written into; it cannot be replaced.
        let special = fs::metadata(path).is_ok_and(|meta| !meta.is_file());
        if path.exists() && !special && !force {
            return Err(Error::output(
                path,
                "the file exists; --force replaces it, or name another with -o",
            ));
        }
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
            let found = match parent.exists() {
                true => "is no folder",
                false => "is not there",
            };
            let parent = parent.display();
            return Err(Error::output(
                path,
                format!("the folder {parent} {found}; make it, or name another place with -o"),
            ));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let partial = if special {
            path.to_path_buf()
        } else {
            path.with_file_name(format!(".{name}.copydesk-partial"))
        };
        let file = if special {
            open_or_create(&partial)?
        } else {
            let file = locked(&partial, || another_run(path));
            let file = file.map_err(|bad| named(bad, path))?;
            file.set_len(0).map_err(|bad| Error::io(&partial, bad))?;
            file
        };
        Ok(Self {
            path: path.to_path_buf(),
            partial,
            file: BufWriter::with_capacity(1 << 18, file),
            kept: special,
        })
    }

    /// Returns where the file will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends `parts`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn put(&mut self, parts: &[&[u8]]) -> Result<()> {
        parts
            .iter()
            .try_for_each(|part| self.file.write_all(part))
            .map_err(|bad| Error::io(&self.path, bad))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(mut self) -> Result<()> {
        self.sync()?;
        self.give()
    }

    /// Brings everything to disk, under the half-made name.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn sync(&mut self) -> Result<()> {
        let synced = self.file.flush().and_then(|()| match self.kept {
            true => Ok(()),
            false => self.file.get_ref().sync_all(),
        });
        synced.map_err(|bad| Error::io(&self.path, bad))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn give(&mut self) -> Result<()> {
        if !self.kept {
            rename(&self.partial, &self.path)?;
            self.kept = true;
        }
        Ok(())
    }

    /// Leaves the file under its half-made name: whoever reads the journal gives it its own.
    pub(super) const fn keep(&mut self) {
        self.kept = true;
    }

    /// Returns what a journal says of the name that is missing, if one is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn missing(&self, sha256: &str) -> Result<Option<Missing>> {
        if self.kept {
            return Ok(None);
        }
        let absolute = |path: &Path| std::path::absolute(path).map_err(|bad| Error::io(path, bad));
        sync_folder(self.path.parent().unwrap_or(Path::new(".")))?;
        Ok(Some(Missing {
            from: absolute(&self.partial)?,
            to: absolute(&self.path)?,
            sha256: sha256.to_owned(),
        }))
    }
}

/// Returns what the system said of a half-made file as said of the one that was asked for.
fn named(bad: Error, path: &Path) -> Error {
    let code = match bad.kind() {
        ErrorKind::Io { source, .. } => source.raw_os_error(),
        _ => None,
    };
    match code {
        Some(code) => Error::io(path, io::Error::from_raw_os_error(code)),
        None => bad,
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|bad| Error::io(to, bad))?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
}

impl Write for Replacement {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    /// What was not put in its place goes away.
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Opens the file at `path`, which is made where there is none, and takes its lock; `held` says
/// that somebody else has it. A run that was killed leaves none.
///
/// Between opening and locking, whoever had the lock may have given the file another name or
/// taken it away; then it is not the one at `path`, is left alone, and another is opened.
///
/// # Errors
///
/// A lock that somebody else has; what the system says.
pub fn locked(path: &Path, held: impl Fn() -> Error) -> Result<File> {
    loop {
        let file = open_or_create(path)?;
        match file.try_lock() {
            Ok(()) if stands_at(&file, path)? => return Ok(file),
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(held()),
            Err(fs::TryLockError::Error(bad)) => return Err(Error::io(path, bad)),
        }
    }
}

fn open_or_create(path: &Path) -> Result<File> {
    let open = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    open.map_err(|bad| Error::io(path, bad))
}

/// Returns whether an open file is the one that stands at `path`.
#[cfg(unix)]
fn stands_at(file: &File, path: &Path) -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let ours = file.metadata().map_err(|bad| Error::io(path, bad))?;
    match fs::metadata(path) {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(bad) if bad.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(bad) => Err(Error::io(path, bad)),
    }
}

/// Returns whether an open file is the one that stands at `path`: elsewhere a file that is open
/// is neither renamed nor taken away.
#[cfg(not(unix))]
fn stands_at(_: &File, _: &Path) -> Result<bool> {
    Ok(true)
}

/// Returns the error of an output that another run writes.
pub(super) fn another_run(output: &Path) -> Error {
    Error::output(
        output,
        "another run is writing there; wait for it, or name another output with -o",
    )
}

/// A file that is whole and has not got its name yet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Missing {
    /// Where it lies.
    pub from: PathBuf,
    /// Where it will stand.
    pub to: PathBuf,
    /// The digest of its bytes.
    pub sha256: String,
}

impl Missing {
    /// Gives the file its name, where it has not got it yet.
    ///
    /// # Errors
    ///
    /// A file that is at neither place what was written; what the system says.
    pub fn give(&self, partial: &Path) -> Result<()> {
        let holds = |path: &Path| digest_of(path).is_ok_and(|digest| digest == self.sha256);
        if holds(&self.from) {
            return rename(&self.from, &self.to);
        }
        if holds(&self.to) {
            return Ok(());
        }
        Err(Error::output(
            &self.to,
            format!(
                "a run that was whole was killed before this file got its name, and now neither it nor {} is what the run wrote; remove {} and run the same command again",
                self.from.display(),
                partial.display()
            ),
        ))
    }
}

/// Makes renames in `dir` last.
///
/// # Errors
///
/// What the system says.
pub fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        let dir = if dir.as_os_str().is_empty() {
            Path::new(".")
        } else {
            dir
        };
        File::open(dir)
            .and_then(|folder| folder.sync_all())
            .map_err(|bad| Error::io(dir, bad))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody else gives the file its name between our opening and locking it.
    #[cfg(unix)]
    #[test]
    fn a_file_that_was_renamed_is_not_the_one_that_stood_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.jsonl");
        let mut first = Replacement::open(&path, false).unwrap();
        first.put(&[b"whole"]).unwrap();
        let partial = first.partial.clone();
        let late = open_or_create(&partial).unwrap();
        assert!(stands_at(&late, &partial).unwrap());
        first.commit().unwrap();
        assert!(!stands_at(&late, &partial).unwrap());
        let _second = Replacement::open(&path, true).unwrap();
        assert!(!stands_at(&late, &partial).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    /// Two that write one file by turns as fast as they can: what stands there is always whole.
    #[test]
    fn a_finished_file_is_never_emptied() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.jsonl");
        let content = [b'x'; 100];
        let write = |rounds: usize| {
            for _ in 0..rounds {
                // The other may be at it.
                let Ok(mut out) = Replacement::open(&path, true) else {
                    continue;
                };
                out.put(&[&content]).unwrap();
                out.commit().unwrap();
            }
        };
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let writers = [scope.spawn(|| write(1000)), scope.spawn(|| write(1000))];
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    if let Ok(found) = fs::read(&path) {
                        assert_eq!(found.len(), content.len());
                    }
                }
            });
            let ended = writers.map(std::thread::ScopedJoinHandle::join);
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(ended.iter().all(Result::is_ok));
        });
    }
}
