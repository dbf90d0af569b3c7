//! The folder a run writes.
//!
//! Everything is written into `.copydesk-partial` inside it and renamed into
//! place when the run is whole; the manifest is renamed last. A run that fails
//! leaves nothing under a final name.

use super::manifest::{FileEntry, MANIFEST, Manifest};
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where files lie until they are whole.
const PARTIAL: &str = ".copydesk-partial";

/// The file in [`PARTIAL`] that a run locks.
const LOCK: &str = "lock";

/// Where a sink's bytes go.
enum Target {
    File(BufWriter<File>),
    Replacement(Replacement),
    Stdout(io::Stdout),
}

/// One output: counts its lines and knows the digest of its bytes.
pub struct Sink {
    place: PathBuf,
    target: Target,
    hash: Sha256,
    entry: FileEntry,
}

impl Write for Sink {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::File(file) => file.write_all(buf)?,
            Target::Replacement(out) => out.file.write_all(buf)?,
            Target::Stdout(out) => out.write_all(buf)?,
        }
        self.hash.update(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::File(file) => file.flush(),
            Target::Replacement(out) => out.file.flush(),
            Target::Stdout(out) => out.flush(),
        }
    }
}

impl Sink {
    /// Returns a sink into a new file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn file(path: impl Into<PathBuf>) -> Result<Self> {
        let place = path.into();
        let file = File::create(&place).map_err(|bad| Error::io(&place, bad))?;
        Ok(Self::new(
            place,
            Target::File(BufWriter::with_capacity(1 << 18, file)),
        ))
    }

    /// Returns a sink into a file that takes its place when the sink is closed.
    pub fn replacing(out: Replacement) -> Self {
        Self::new(out.path.clone(), Target::Replacement(out))
    }

    /// Returns a sink into standard output.
    pub fn stdout() -> Self {
        Self::new(
            PathBuf::from("standard output"),
            Target::Stdout(io::stdout()),
        )
    }

    fn new(place: PathBuf, target: Target) -> Self {
        Self {
            place,
            target,
            hash: Sha256::new(),
            entry: FileEntry::default(),
        }
    }

    /// Returns the file, or what stands for it in messages.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Counts content that went in, before packing.
    pub fn count(&mut self, lines: u64, bytes: u64) {
        self.entry.lines += lines;
        self.entry.bytes += bytes;
    }

    /// Writes the last bytes to disk and returns what was written.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn close(mut self) -> Result<FileEntry> {
        let flushed = self.flush();
        flushed.map_err(|bad| Error::io(&self.place, bad))?;
        match self.target {
            Target::File(file) => {
                let synced = file.get_ref().sync_all();
                synced.map_err(|bad| Error::io(&self.place, bad))?;
            }
            Target::Replacement(out) => out.commit()?,
            Target::Stdout(_) => {}
        }
        self.entry.sha256 = hex(&self.hash.finalize());
        Ok(self.entry)
    }
}

/// Returns bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

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
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let partial = if special {
            path.to_path_buf()
        } else {
            path.with_file_name(format!(".{name}.copydesk-partial"))
        };
        let open = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&partial);
        let file = open.map_err(|bad| Error::io(&partial, bad))?;
        if !special {
            lock(&file, path)?;
            file.set_len(0).map_err(|bad| Error::io(&partial, bad))?;
        }
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
        let synced = self.file.flush().and_then(|()| match self.kept {
            true => Ok(()),
            false => self.file.get_ref().sync_all(),
        });
        synced.map_err(|bad| Error::io(&self.path, bad))?;
        if !self.kept {
            fs::rename(&self.partial, &self.path).map_err(|bad| Error::io(&self.path, bad))?;
            self.kept = true;
            sync_folder(self.path.parent().unwrap_or(Path::new(".")))?;
        }
        Ok(())
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

/// Takes the lock of a half-made output. A run that was killed leaves none.
fn lock(file: &File, output: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(fs::TryLockError::WouldBlock) => Err(Error::output(
            output,
            "another run is writing there; wait for it, or name another output with -o",
        )),
        Err(fs::TryLockError::Error(bad)) => Err(Error::io(output, bad)),
    }
}

/// A folder of outputs in the making.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    partial: PathBuf,
    /// Held as long as the run writes; a second run is refused.
    lock: File,
    /// Names of an older run's files, which `--force` lets go.
    stale: Vec<String>,
    files: BTreeMap<String, FileEntry>,
}

impl Folder {
    /// Makes ready to write into `dir`.
    ///
    /// # Errors
    ///
    /// A folder that holds something, unless `force` is set and what it holds
    /// is an older run of ours; a folder that cannot be written.
    pub fn create(dir: &Path, force: bool) -> Result<Self> {
        let mut stale = Vec::new();
        match fs::read_dir(dir) {
            Ok(entries) => {
                let occupied = entries
                    .filter_map(std::result::Result::ok)
                    .any(|entry| entry.file_name() != PARTIAL);
                if occupied && !force {
                    return Err(Error::output(
                        dir,
                        "the folder is not empty; --force replaces an older run in it, or name another with -o",
                    ));
                }
                if occupied {
                    stale = Self::older_run(dir)?;
                }
            }
            Err(bad) if bad.kind() == io::ErrorKind::NotFound => {}
            Err(bad) if bad.kind() == io::ErrorKind::NotADirectory => {
                return Err(Error::output(
                    dir,
                    "a file stands there; expected a folder (outputs that end in .jsonl, .gz or .zst are files)",
                ));
            }
            Err(bad) => return Err(Error::io(dir, bad)),
        }
        let partial = dir.join(PARTIAL);
        fs::create_dir_all(&partial).map_err(|bad| Error::io(&partial, bad))?;
        let name = partial.join(LOCK);
        let open = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name);
        let held = open.map_err(|bad| Error::io(&name, bad))?;
        lock(&held, dir)?;
        // What a run that was killed has left goes.
        let left = fs::read_dir(&partial).map_err(|bad| Error::io(&partial, bad))?;
        for entry in left.filter_map(std::result::Result::ok) {
            if entry.file_name() != LOCK {
                fs::remove_file(entry.path()).map_err(|bad| Error::io(entry.path(), bad))?;
            }
        }
        Ok(Self {
            dir: dir.to_path_buf(),
            partial,
            lock: held,
            stale,
            files: BTreeMap::new(),
        })
    }

    fn older_run(dir: &Path) -> Result<Vec<String>> {
        let path = dir.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|_| {
            Error::output(
                dir,
                "the folder holds files but no manifest.json, so it is not a run of copydesk and --force leaves it alone; name another folder with -o",
            )
        })?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
        Ok(manifest.files.into_keys().collect())
    }

    /// Returns the folder that files of this run lie in until they are whole.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Opens an output of that name.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn sink(&self, name: &str) -> Result<Sink> {
        Sink::file(self.partial.join(name))
    }

    /// Takes note of an output that was closed.
    pub fn add(&mut self, name: String, entry: FileEntry) {
        self.files.insert(name, entry);
    }

    /// Writes a small output whole.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let mut sink = self.sink(name)?;
        let place = sink.place().to_path_buf();
        sink.write_all(content)
            .map_err(|bad| Error::io(place, bad))?;
        let lines = content.iter().filter(|byte| **byte == b'\n').count();
        sink.count(lines as u64, content.len() as u64);
        let entry = sink.close()?;
        self.add(name.to_owned(), entry);
        Ok(())
    }

    /// Gives every file its final name, the manifest last.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(self, mut manifest: Manifest) -> Result<()> {
        manifest.files = self.files;
        // While files are replaced, there is no manifest that would vouch for them.
        let last = self.dir.join(MANIFEST);
        if last.exists() {
            fs::remove_file(&last).map_err(|bad| Error::io(&last, bad))?;
        }
        for name in self.stale {
            let plain_name = Path::new(&name)
                .file_name()
                .is_some_and(|part| part == name.as_str());
            if plain_name && !manifest.files.contains_key(&name) {
                let path = self.dir.join(&name);
                match fs::remove_file(&path) {
                    Err(bad) if bad.kind() != io::ErrorKind::NotFound => {
                        return Err(Error::io(&path, bad));
                    }
                    _ => {}
                }
            }
        }
        let mut text = serde_json::to_vec_pretty(&manifest)
            .map_err(|bad| Error::damaged(MANIFEST, bad.to_string()))?;
        text.push(b'\n');
        let mut sink = Sink::file(self.partial.join(MANIFEST))?;
        sink.write_all(&text).map_err(|bad| Error::io(&last, bad))?;
        sink.close()?;
        for name in manifest.files.keys().map(String::as_str).chain([MANIFEST]) {
            let to = self.dir.join(name);
            fs::rename(self.partial.join(name), &to).map_err(|bad| Error::io(&to, bad))?;
        }
        fs::remove_dir_all(&self.partial).map_err(|bad| Error::io(&self.partial, bad))?;
        drop(self.lock);
        sync_folder(&self.dir)
    }

    /// Takes away what a failed run left.
    pub fn discard(self) {
        let _ = fs::remove_dir_all(&self.partial);
        // Only an empty folder goes.
        let _ = fs::remove_dir(&self.dir);
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
