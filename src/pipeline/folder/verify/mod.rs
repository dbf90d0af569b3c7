//! An output folder against its manifest and the laws.
//!
//! 1. Files: every one that the manifest names is there with its digest, lines and bytes, and no
//!    other is. The books read row by row, in order, and the report counts what they hold.
//! 2. Law 1: records are merged with the ledger as `restore` does it; the chain of their digests
//!    is the manifest's, so what comes back is what was read. Where the inputs are at hand they
//!    are read again, and the first record that differs is named. What the report says of texts,
//!    documents and sites is counted again from what was restored.
//! 3. Law 4: every duplicate's survivor stays, and the similarity is measured again. Then the
//!    whole decision is made again from the cleaned texts, and must come out the same, so no two
//!    records that stay are duplicates.
//!
//! 4. The index, where the run was checked against one: its files are what was written, it is
//!    opened as it was before the run's batch, and what repeats it is looked for again. Where it is
//!    not at hand, that is said.
//! 5. The page is made again, where nothing else is wrong.
//!
//! What none of this can tell stands in `docs/outputs.md`.
//!
//! Nothing that is found ends the work but what leaves nothing to go on with.

mod decisions;
mod files;
mod recount;
mod texts;

use super::reading_back::manifest;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::progress::Progress;
use crate::store::manifest::Manifest;
use std::io::{self};
use std::path::{Path, PathBuf};

/// How many findings of one kind are told.
const TOLD: usize = 20;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, with a line where there is one.
    pub place: String,
    /// What was found, and what was expected.
    pub problem: String,
}

/// What became of comparing with the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The inputs hold exactly what `restore` gives back.
    Same,
    /// They could not be compared: what is missing.
    NotHere(String),
    /// They are no longer what was read: how.
    Changed(String),
    /// They are what was read, but the folder gives back something else: where that begins.
    Other(String),
    /// They were not compared: the folder does not read beyond this record, from 1.
    Stopped(u64),
}

/// What became of looking into the index that the run was checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexCheck {
    /// The run was checked against none.
    None,
    /// Every record was looked up again in what the index held before the run.
    Again,
    /// It could not be: why, and how many rows were believed that name a survivor in it.
    NotHere(String, u64),
}

/// What was checked, and what was found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What is wrong, in the order of the checks.
    pub findings: Vec<Finding>,
    /// How many more findings there are than are told.
    pub untold: u64,
    /// Files whose digests were compared.
    pub files: u64,
    /// Records that were restored.
    pub records: u64,
    /// Duplicates whose similarity was measured again.
    pub duplicates: u64,
    /// Whether the inputs hold what `restore` gives back.
    pub inputs: Inputs,
    /// Whether records were looked up in the index again.
    pub index: IndexCheck,
}

/// What is to be checked.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The output folder of a run, or its audit folder.
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder.
    pub cleaned: Option<PathBuf>,
    /// The index, where it is no longer where the manifest says.
    pub index: Option<PathBuf>,
    /// Where fingerprints are laid aside; where nothing is said, in the folder, or in the system's
    /// place where the folder may not be written.
    pub temp_dir: Option<PathBuf>,
}

impl Verification {
    /// Returns what is checked of a folder where nothing else is said.
    pub const fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            cleaned: None,
            index: None,
            temp_dir: None,
        }
    }
}

/// Checks the output folder of a run.
///
/// Memory holds some 20 bytes a record, where duplicates were looked for 50 (and what ranks them, where
/// that is a text), and what the decision holds.
///
/// # Errors
///
/// A folder that is no run; a system that refuses. What is wrong with the run is no error.
pub fn verify(what: &Verification, progress: &dyn Progress) -> Result<Verified> {
    let manifest = manifest(&what.folder)?;
    let mut check = Check {
        folder: &what.folder,
        cleaned: what.cleaned.as_deref(),
        index: what.index.as_deref(),
        temp_dir: what.temp_dir.as_deref(),
        checked: IndexCheck::None,
        manifest: &manifest,
        findings: Vec::new(),
        untold: 0,
        told: 0,
        progress,
    };
    check.files()?;
    let report = check.report();
    let tally = check.books();
    check.counts(report.as_ref(), tally);
    let mut restored = check.restore()?;
    let mut seen = std::mem::take(&mut restored.seen);
    let inputs = check.inputs(&restored)?;
    let duplicates = check.duplicates(&restored, &mut seen)?;
    check.recounted(report.as_ref(), &restored, seen);
    check.page(report.as_ref())?;
    Ok(Verified {
        files: manifest.names().count() as u64,
        records: restored.proofs.len() as u64,
        duplicates,
        inputs,
        index: check.checked,
        findings: check.findings,
        untold: check.untold,
    })
}

struct Check<'a> {
    folder: &'a Path,
    cleaned: Option<&'a Path>,
    index: Option<&'a Path>,
    temp_dir: Option<&'a Path>,
    checked: IndexCheck,
    manifest: &'a Manifest,
    findings: Vec<Finding>,
    untold: u64,
    /// Findings of the check that is going on.
    told: usize,
    progress: &'a dyn Progress,
}

impl Check<'_> {
    fn find(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        self.told += 1;
        if self.told > TOLD {
            self.untold += 1;
            return;
        }
        self.findings.push(Finding {
            place: place.into(),
            problem: problem.into(),
        });
    }

    /// Takes note of what is wrong with the run; gives back what is wrong with the system.
    fn take(&mut self, bad: Error) -> Result<()> {
        match bad.kind() {
            ErrorKind::Damaged { place, problem } | ErrorKind::Input { place, problem } => {
                self.find(place.clone(), problem.clone());
            }
            ErrorKind::Io { place, source }
                if matches!(
                    source.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::InvalidData
                        | io::ErrorKind::InvalidInput
                        | io::ErrorKind::UnexpectedEof
                ) =>
            {
                self.find(place.clone(), source.to_string());
            }
            _ => return Err(bad),
        }
        Ok(())
    }

    fn place(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}
