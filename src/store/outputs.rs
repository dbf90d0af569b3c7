//! The folder a run writes.
//!
//! Everything is written into `.copydesk-partial` inside it and renamed into
//! place when the run is whole; the manifest is renamed last. A run that fails
//! leaves nothing under a final name. The journal lies there too: what is
//! finished, and at last that every file is whole and only names are missing.

use super::appended::cut_at;
use super::journal::{self, JOURNAL, Journal};
use super::manifest::{FileEntry, MANIFEST, Manifest};
use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
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

/// How far an output in a folder is on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkMark {
    /// Bytes on disk.
    pub bytes: u64,
    /// The SHA-256 of them, in hexadecimal.
    pub sha256: String,
}

/// One output: counts its lines and knows the digest of its bytes.
pub struct Sink {
    place: PathBuf,
    target: Target,
    hash: Sha256,
    written: u64,
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
        self.written += buf.len() as u64;
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

    /// Returns a sink into a file that is gone on with from a mark; what lies behind it is cut
    /// off. Answers with nothing where the file is not what was marked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn resume(path: impl Into<PathBuf>, mark: &SinkMark) -> Result<Option<Self>> {
        let place = path.into();
        let mut hash = Sha256::new();
        let Some(file) = cut_at(&place, mark.bytes, |piece| hash.update(piece))? else {
            return Ok(None);
        };
        if hex(&hash.clone().finalize()) != mark.sha256 {
            return Ok(None);
        }
        let target = Target::File(BufWriter::with_capacity(1 << 18, file));
        let mut sink = Self::new(place, target);
        sink.hash = hash;
        sink.written = mark.bytes;
        Ok(Some(sink))
    }

    /// Brings everything to disk and returns how far that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<SinkMark> {
        let flushed = self.flush().and_then(|()| match &self.target {
            Target::File(file) => file.get_ref().sync_data(),
            Target::Replacement(_) | Target::Stdout(_) => Ok(()),
        });
        flushed.map_err(|bad| Error::io(&self.place, bad))?;
        Ok(SinkMark {
            bytes: self.written,
            sha256: hex(&self.hash.clone().finalize()),
        })
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
            written: 0,
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

    /// Writes the last bytes to disk and returns what was written. A file that takes a place
    /// takes it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn close(self) -> Result<FileEntry> {
        let (entry, out) = self.finish()?;
        out.map_or(Ok(()), Replacement::commit)?;
        Ok(entry)
    }

    /// Writes the last bytes to disk and returns what was written, and the file that has yet to
    /// take its place, where it is one.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(mut self) -> Result<(FileEntry, Option<Replacement>)> {
        let flushed = self.flush();
        flushed.map_err(|bad| Error::io(&self.place, bad))?;
        let out = match self.target {
            Target::File(file) => {
                let synced = file.get_ref().sync_all();
                synced.map_err(|bad| Error::io(&self.place, bad))?;
                None
            }
            Target::Replacement(mut out) => {
                out.sync()?;
                Some(out)
            }
            Target::Stdout(_) => None,
        };
        self.entry.sha256 = hex(&self.hash.finalize());
        Ok((self.entry, out))
    }
}

/// Returns the SHA-256 of a file's bytes, in hexadecimal.
///
/// # Errors
///
/// What the system says.
pub fn digest_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut file = File::open(path)?;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
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
        let file = if special {
            open_or_create(&partial)?
        } else {
            let file = locked(&partial, || another_run(path))?;
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
    fn sync(&mut self) -> Result<()> {
        let synced = self.file.flush().and_then(|()| match self.kept {
            true => Ok(()),
            false => self.file.get_ref().sync_all(),
        });
        synced.map_err(|bad| Error::io(&self.path, bad))
    }

    /// Gives the file its name.
    fn give(&mut self) -> Result<()> {
        if !self.kept {
            rename(&self.partial, &self.path)?;
            self.kept = true;
        }
        Ok(())
    }

    /// Returns what a journal says of the name that is missing, if one is.
    fn missing(&self, sha256: &str) -> Result<Option<Missing>> {
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

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|bad| Error::io(to, bad))?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
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

fn another_run(output: &Path) -> Error {
    Error::output(
        output,
        "another run is writing there; wait for it, or name another output with -o",
    )
}

/// What the journal says when every file is whole and is getting its final name.
#[derive(Debug, Serialize, Deserialize)]
struct Commit {
    /// Names of an older run's files that go.
    commit: Vec<String>,
    /// A file beyond the folder that gets its name too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Missing>,
}

/// A file that is whole and has not got its name yet.
#[derive(Debug, Serialize, Deserialize)]
struct Missing {
    /// Where it lies.
    from: PathBuf,
    /// Where it will stand.
    to: PathBuf,
    sha256: String,
}

impl Missing {
    /// Gives the file its name, where it has not got it yet.
    ///
    /// # Errors
    ///
    /// A file that is at neither place what was written; what the system says.
    fn give(&self, partial: &Path) -> Result<()> {
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

/// A folder of outputs in the making.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    partial: PathBuf,
    /// Held as long as the run writes; a second run is refused.
    _lock: File,
    journal: Journal,
    /// Names of an older run's files, which `--force` lets go.
    stale: Vec<String>,
    files: BTreeMap<String, FileEntry>,
    /// Whether everything is whole, and the journal says so.
    whole: bool,
}

/// A run that was killed while its files got their names, and now has all of them.
#[derive(Debug)]
pub struct Settled<T> {
    /// What stands in its journal before that.
    pub entries: Vec<T>,
    /// The file beyond the folder that was written too, with its whole path.
    pub file: Option<PathBuf>,
}

/// A folder that was opened.
#[derive(Debug)]
pub struct Opened<T> {
    /// The folder; its half-made files are as they were left.
    pub folder: Folder,
    /// What stands in its journal.
    pub entries: Vec<T>,
}

impl Folder {
    /// Brings a run to its end that was killed while its files got their names in `dir`; answers
    /// with what is known of it, or with nothing where there is none.
    ///
    /// # Errors
    ///
    /// Another run that writes there; files that are gone; what the system says.
    pub fn settle<T: DeserializeOwned>(dir: &Path) -> Result<Option<Settled<T>>> {
        let partial = dir.join(PARTIAL);
        if !partial.is_dir() {
            return Ok(None);
        }
        let _held = Self::hold(dir, &partial)?;
        let Some(commit) = committing(&partial)? else {
            return Ok(None);
        };
        let (entries, _) = journal::read(&partial)?;
        if let Some(file) = &commit.file {
            file.give(&partial)?;
        }
        roll_forward(dir, &partial, &commit.commit)?;
        Ok(Some(Settled {
            entries,
            file: commit.file.map(|file| file.to),
        }))
    }

    /// Opens the folder for a run, and reads what a run that was stopped has left there; one that
    /// was killed among the names of its files is brought to its end first ([`Folder::settle`]).
    ///
    /// # Errors
    ///
    /// A folder that holds something, unless `force` is set and what it holds
    /// is an older run of ours; a folder that cannot be written.
    pub fn open<T: DeserializeOwned>(dir: &Path, force: bool) -> Result<Opened<T>> {
        Self::settle::<serde::de::IgnoredAny>(dir)?;
        let partial = dir.join(PARTIAL);
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
        fs::create_dir_all(&partial).map_err(|bad| Error::io(&partial, bad))?;
        let lock = Self::hold(dir, &partial)?;
        let (journal, entries) = Journal::open(&partial)?;
        let folder = Self {
            dir: dir.to_path_buf(),
            partial,
            _lock: lock,
            journal,
            stale,
            files: BTreeMap::new(),
            whole: false,
        };
        Ok(Opened { folder, entries })
    }

    /// Takes the folder's lock.
    fn hold(dir: &Path, partial: &Path) -> Result<File> {
        locked(&partial.join(LOCK), || another_run(dir))
    }

    fn older_run(dir: &Path) -> Result<Vec<String>> {
        let path = dir.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|_| {
            Error::output(
                dir,
                "the folder holds files but no manifest.json, so it is not a run of copydesk and --force leaves it alone; name another folder with -o",
            )
        })?;
        /// All that is needed of a manifest, of whatever version.
        #[derive(Deserialize)]
        struct Older {
            files: BTreeMap<String, serde::de::IgnoredAny>,
        }
        let manifest: Older = serde_json::from_str(&text)
            .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
        Ok(manifest.files.into_keys().collect())
    }

    /// Lets go of everything that a run has left half-made, but for the files named.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn clear(&mut self, but: &[&str]) -> Result<()> {
        let left = fs::read_dir(&self.partial).map_err(|bad| Error::io(&self.partial, bad))?;
        for entry in left.filter_map(std::result::Result::ok) {
            let name = entry.file_name();
            let stays = name == LOCK || but.iter().any(|kept| name == *kept);
            if !stays {
                fs::remove_file(entry.path()).map_err(|bad| Error::io(entry.path(), bad))?;
            }
        }
        if !but.contains(&JOURNAL) {
            self.journal = Journal::open::<serde::de::IgnoredAny>(&self.partial)?.0;
        }
        Ok(())
    }

    /// Returns the folder that files of this run lie in until they are whole.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Returns the folder that the files will stand in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the journal of what is finished.
    pub const fn journal(&mut self) -> &mut Journal {
        &mut self.journal
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

    /// Returns the outputs that were closed.
    pub const fn closed(&self) -> &BTreeMap<String, FileEntry> {
        &self.files
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

    /// Gives every file its final name, the manifest last; `file` is one beyond the folder that is
    /// whole too, with the digest of its bytes.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(
        &mut self,
        mut manifest: Manifest,
        file: Option<(Replacement, String)>,
    ) -> Result<()> {
        manifest.files = std::mem::take(&mut self.files);
        let mut text = serde_json::to_vec_pretty(&manifest)
            .map_err(|bad| Error::damaged(MANIFEST, bad.to_string()))?;
        text.push(b'\n');
        let mut sink = Sink::file(self.partial.join(MANIFEST))?;
        sink.write_all(&text)
            .map_err(|bad| Error::io(self.dir.join(MANIFEST), bad))?;
        sink.close()?;
        sync_folder(&self.partial)?;
        let (mut file, sha256) = file.unzip();
        let missing = match (&file, &sha256) {
            (Some(file), Some(sha256)) => file.missing(sha256)?,
            _ => None,
        };
        let commit = Commit {
            commit: std::mem::take(&mut self.stale),
            file: missing,
        };
        // From here on the run is done, whoever gives the files their names.
        let said = self.journal.append(&commit);
        self.whole = said.is_ok() || committing(&self.partial)?.is_some();
        let given = said.and_then(|()| {
            file.as_mut().map_or(Ok(()), Replacement::give)?;
            roll_forward(&self.dir, &self.partial, &commit.commit)
        });
        if let Some(file) = &mut file {
            file.kept |= self.whole;
        }
        given
    }

    /// Returns whether everything is whole, and the journal says so: then at most names are missing.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Takes away what a failed run left.
    pub fn discard(self) {
        let _ = fs::remove_dir_all(&self.partial);
        // Only an empty folder goes.
        let _ = fs::remove_dir(&self.dir);
    }
}

/// Returns what the journal says of a run that was killed while its files got their names.
fn committing(partial: &Path) -> Result<Option<Commit>> {
    let (entries, _) = journal::read::<serde_json::Value>(partial)?;
    let last = entries.into_iter().next_back();
    Ok(last.and_then(|last| serde_json::from_value(last).ok()))
}

/// Gives every file of a run that is whole its final name; what has it already keeps it.
fn roll_forward(dir: &Path, partial: &Path, stale: &[String]) -> Result<()> {
    let last = dir.join(MANIFEST);
    let half = partial.join(MANIFEST);
    if half.exists() {
        let text = fs::read_to_string(&half).map_err(|bad| Error::io(&half, bad))?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|bad| Error::damaged(half.display().to_string(), bad.to_string()))?;
        // While files are replaced, there is no manifest that would vouch for them.
        if last.exists() {
            fs::remove_file(&last).map_err(|bad| Error::io(&last, bad))?;
        }
        for name in stale {
            let plain_name = Path::new(name)
                .file_name()
                .is_some_and(|part| part == name.as_str());
            if plain_name && !manifest.files.contains_key(name) {
                let path = dir.join(name);
                match fs::remove_file(&path) {
                    Err(bad) if bad.kind() != io::ErrorKind::NotFound => {
                        return Err(Error::io(&path, bad));
                    }
                    _ => {}
                }
            }
        }
        for name in manifest.files.keys().map(String::as_str).chain([MANIFEST]) {
            let (from, to) = (partial.join(name), dir.join(name));
            match fs::rename(&from, &to) {
                Err(bad) if bad.kind() == io::ErrorKind::NotFound && to.exists() => {}
                Err(bad) => return Err(Error::io(&to, bad)),
                Ok(()) => {}
            }
        }
        sync_folder(dir)?;
    }
    // The journal goes last: as long as it is there, it is known that the run is done.
    let left = fs::read_dir(partial).map_err(|bad| Error::io(partial, bad))?;
    for entry in left.filter_map(std::result::Result::ok) {
        if entry.file_name() != JOURNAL && entry.file_name() != LOCK {
            fs::remove_file(entry.path()).map_err(|bad| Error::io(entry.path(), bad))?;
        }
    }
    fs::remove_dir_all(partial).map_err(|bad| Error::io(partial, bad))?;
    sync_folder(dir)
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
            let writers = [scope.spawn(|| write(3000)), scope.spawn(|| write(3000))];
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

    #[test]
    fn a_run_that_was_killed_among_its_names_is_brought_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let path = dir.path().join("out.jsonl");
        let partial = out.join(PARTIAL);
        let missing = |text: &str| Missing {
            from: dir.path().join("half"),
            to: path.clone(),
            sha256: hex(&Sha256::digest(text)),
        };
        // By what lies under the half-made and the final name, whether it goes on.
        for (half, whole, goes) in [
            (Some("all"), None, true),
            (None, Some("all"), true),
            (Some("all"), Some("other"), true),
            (Some(""), Some("all"), true),
            (Some("other"), None, false),
            (None, Some("other"), false),
            (None, None, false),
        ] {
            fs::create_dir_all(&partial).unwrap();
            let (mut journal, _) = Journal::open::<String>(&partial).unwrap();
            journal.append(&"begun").unwrap();
            let commit = Vec::new();
            let file = Some(missing("all"));
            journal.append(&Commit { commit, file }).unwrap();
            for (place, text) in [(dir.path().join("half"), half), (path.clone(), whole)] {
                let _ = fs::remove_file(&place);
                if let Some(text) = text {
                    fs::write(place, text).unwrap();
                }
            }
            let settled = Folder::settle::<String>(&out);
            let case = format!("{half:?} {whole:?}");
            assert_eq!(settled.is_ok(), goes, "{case}");
            assert_eq!(partial.exists(), !goes, "{case}");
            if let Ok(settled) = settled {
                let settled = settled.unwrap();
                assert_eq!(settled.entries, ["begun"]);
                assert_eq!(settled.file.as_deref(), Some(path.as_path()));
                assert_eq!(fs::read(&path).unwrap(), b"all", "{case}");
                assert!(Folder::settle::<String>(&out).unwrap().is_none());
            } else {
                fs::remove_dir_all(&partial).unwrap();
            }
        }
    }
}
