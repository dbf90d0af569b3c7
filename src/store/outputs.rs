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

/// Where a sink's bytes go.
enum Target {
    File(BufWriter<File>),
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
            Target::Stdout(out) => out.write_all(buf)?,
        }
        self.hash.update(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::File(file) => file.flush(),
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
        let synced = self.flush().and_then(|()| match &self.target {
            Target::File(file) => file.get_ref().sync_all(),
            Target::Stdout(_) => Ok(()),
        });
        synced.map_err(|bad| Error::io(&self.place, bad))?;
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

/// A folder of outputs in the making.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    partial: PathBuf,
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
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(|bad| Error::io(&partial, bad))?;
        }
        fs::create_dir_all(&partial).map_err(|bad| Error::io(&partial, bad))?;
        Ok(Self {
            dir: dir.to_path_buf(),
            partial,
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
