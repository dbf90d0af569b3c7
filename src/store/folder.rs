//! The folder a run writes.
//!
//! Everything is written into `.copydesk-partial` inside it and renamed into
//! place when the run is whole; the manifest is renamed last. A run that fails
//! leaves nothing under a final name. The journal lies there too: what is
//! finished, and at last that every file is whole and only names are missing,
//! that of a file beyond the folder too.

use super::journal::{self, JOURNAL, Journal};
use super::manifest::{FileEntry, MANIFEST, Manifest};
use super::replacement::{Missing, Replacement, another_run, locked, sync_folder};
use super::sink::Sink;
use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where files lie until they are whole.
const PARTIAL: &str = ".copydesk-partial";

/// The file in [`PARTIAL`] that a run locks.
const LOCK: &str = "lock";

/// What the journal says when every file is whole and is getting its final name.
#[derive(Debug, Serialize, Deserialize)]
struct Commit {
    /// Names of an older run's files that go.
    commit: Vec<String>,
    /// A file beyond the folder that gets its name too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Missing>,
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
    /// Files that hold times, as they are without them.
    reports: BTreeMap<String, FileEntry>,
    /// Whether everything is whole, and the journal says so.
    whole: bool,
    /// Whether there was no folder before this run.
    made: bool,
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
        let mut made = false;
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
            Err(bad) if bad.kind() == io::ErrorKind::NotFound => made = true,
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
            reports: BTreeMap::new(),
            whole: false,
            made,
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
            #[serde(default)]
            reports: BTreeMap<String, serde::de::IgnoredAny>,
        }
        let manifest: Older = serde_json::from_str(&text)
            .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
        let Older { files, reports } = manifest;
        Ok(files.into_keys().chain(reports.into_keys()).collect())
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

    /// Writes a small output whole that holds times; `untimed` is what it is without them.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write_report(&mut self, name: &str, content: &[u8], untimed: &[u8]) -> Result<()> {
        let mut sink = self.sink(name)?;
        let place = sink.place().to_path_buf();
        sink.write_all(content)
            .map_err(|bad| Error::io(place, bad))?;
        sink.close()?;
        self.reports.insert(name.to_owned(), FileEntry::of(untimed));
        Ok(())
    }

    /// Gives every file its final name, the manifest last; `file` is one beyond the folder that is
    /// whole too, with the digest of its bytes. Once nothing but names is missing, and before
    /// they are given, `whole` is called: what served the making can go.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(
        &mut self,
        mut manifest: Manifest,
        file: Option<(Replacement, String)>,
        whole: impl FnOnce(),
    ) -> Result<()> {
        manifest.files = std::mem::take(&mut self.files);
        manifest.reports = std::mem::take(&mut self.reports);
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
            whole();
            file.as_mut().map_or(Ok(()), Replacement::give)?;
            roll_forward(&self.dir, &self.partial, &commit.commit)
        });
        if let Some(file) = file.as_mut().filter(|_| self.whole) {
            file.keep();
        }
        given
    }

    /// Returns whether everything is whole, and the journal says so: then at most names are missing.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Takes away what a failed run left, and the folder if it was not there before.
    pub fn discard(self) {
        Self::take_away(&self.partial, self.made);
    }

    /// Returns whether there was no folder before this run.
    pub const fn is_made(&self) -> bool {
        self.made
    }

    /// Takes away the half-made files at `partial`, and the folder that they lie in if the run has
    /// `made` it and nothing else is in it.
    pub fn take_away(partial: &Path, made: bool) {
        let _ = fs::remove_dir_all(partial);
        if made {
            let _ = partial.parent().map(fs::remove_dir);
        }
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
            if plain_name && manifest.names().all(|kept| kept != name) {
                let path = dir.join(name);
                match fs::remove_file(&path) {
                    Err(bad) if bad.kind() != io::ErrorKind::NotFound => {
                        return Err(Error::io(&path, bad));
                    }
                    _ => {}
                }
            }
        }
        for name in manifest.names().chain([MANIFEST]) {
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

#[cfg(test)]
mod tests {
    use super::super::sink::hex;
    use super::*;
    use sha2::{Digest, Sha256};

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
