//! What other settings would have kept or dropped, told from the folder of a run alone.
//!
//! Thresholds: the cleaned texts lie in the folder, of what stayed and of what was dropped. They
//! are fingerprinted once more, and the whole decision is made for each threshold; so the figures
//! are those of a run with it, not estimates. Levels: originals are restored and cleaned at each
//! level, all of them or, of a great many, a sample by the hash of their ordinals; a site model that
//! the run learned from its input is learned again from all of them.
//!
//! Memory is that of a run's decision; fingerprints lie on disk. Nothing depends on threads.

mod levels;
mod sites;
mod thresholds;

use super::reading_back::manifest;
use crate::error::{Error, Result};
use crate::pipeline::progress::Progress;
use crate::report::{Change, WordDiff, counted};
use crate::settings::{DuplicateMode, Level};
use serde::Serialize;
use std::path::PathBuf;

/// What is to be tried.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// The output folder of a run, or its audit folder.
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder.
    pub cleaned: Option<PathBuf>,
    /// Thresholds, above 0 and at most 1.
    pub thresholds: Vec<f64>,
    /// How many documents are cleaned again at most.
    pub documents: u64,
    /// Where fingerprints are laid aside; where nothing is said, in the folder, or in the system's
    /// place where the folder may not be written.
    pub temp_dir: Option<PathBuf>,
    /// About how much memory a decision may use, in bytes.
    pub memory: u64,
}

impl Tuning {
    /// The thresholds that are tried where none are named.
    pub const THRESHOLDS: [f64; 8] = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    /// How many documents are cleaned again where no number is named.
    pub const DOCUMENTS: u64 = 50_000;

    /// Returns what is tried of a folder where nothing else is said.
    pub fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            cleaned: None,
            thresholds: Self::THRESHOLDS.to_vec(),
            documents: Self::DOCUMENTS,
            temp_dir: None,
            memory: 2 << 30,
        }
    }
}

/// What other settings would have done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tuned {
    /// Records that were read and could be.
    pub documents: u64,
    /// The run's threshold.
    pub threshold: f64,
    /// What the run did with duplicates.
    pub mode: DuplicateMode,
    /// What each threshold would have dropped, ascending.
    pub thresholds: Vec<AtThreshold>,
    /// The near-duplicates of the run that are least alike, the least first.
    pub above: Vec<Margin>,
    /// Those that the next lower threshold would drop and are most alike, the most first.
    pub below: Vec<Margin>,
    /// The run's level.
    pub level: Level,
    /// What each level takes out, the shyest first; empty where that could not be tried.
    pub levels: Vec<AtLevel>,
    /// Documents that were cleaned again.
    pub cleaned: u64,
    /// What a reader should know of these figures.
    pub notes: Vec<String>,
}

/// What one threshold would have dropped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtThreshold {
    /// The threshold.
    pub threshold: f64,
    /// Documents that would be dropped as duplicates.
    pub duplicates: u64,
    /// How many of them the run's threshold keeps.
    pub newly_dropped: u64,
    /// How many documents it keeps that the run's threshold drops.
    pub newly_kept: u64,
}

/// A pair near the threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Margin {
    /// Their similarity, to six digits.
    pub similarity: f64,
    /// The duplicate's ordinal.
    pub doc: u64,
    /// The duplicate's id.
    pub id: String,
    /// The survivor's ordinal.
    pub survivor_doc: u64,
    /// The survivor's id.
    pub survivor: String,
    /// Where they differ: pieces of text around each change, `same`, `survivor` or `duplicate`
    /// alone; empty where they do not, and none where the texts are not at hand.
    pub differences: Option<Vec<Vec<MarginPiece>>>,
}

/// A piece of two texts that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarginPiece {
    /// On which side it stands: `same`, `survivor`, `duplicate`.
    pub side: &'static str,
    /// The text.
    pub text: String,
}

/// What one level takes out of the documents that were tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtLevel {
    /// The level.
    pub level: Level,
    /// Lines, or parts of one, that go.
    pub lines: u64,
    /// Characters that go.
    pub chars: u64,
    /// Characters of all documents that were tried.
    pub of_chars: u64,
    /// Documents that lose something.
    pub cut: u64,
    /// Documents of which nothing is left.
    pub empty: u64,
    /// Documents that the brake leaves alone.
    pub spared: u64,
    /// Lines that go here and stay, whole, at the level before.
    pub lines_beyond: u64,
    /// Some of them, picked by hash.
    pub beyond: Vec<Beyond>,
}

/// A line that goes at a level and stays at the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// Its text, or the start of it.
    pub text: String,
    /// The rule that takes it.
    pub rule: String,
    /// What the rule saw.
    pub evidence: String,
    /// The ordinal of the first document with it.
    pub doc: u64,
    /// That document's id.
    pub id: String,
}

/// Tries other thresholds and levels on the documents of a run.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, a threshold that cannot be, a disk
/// that refuses, that it was asked to stop.
pub fn tune(tuning: &Tuning, progress: &dyn Progress) -> Result<Tuned> {
    let manifest = manifest(&tuning.folder)?;
    for threshold in &tuning.thresholds {
        if !(*threshold > 0.0 && *threshold <= 1.0) {
            return Err(Error::setting(
                "--threshold",
                format!("{threshold} found; expected a number above 0 and at most 1"),
            ));
        }
    }
    let settings = &manifest.settings;
    let mut notes = Vec::new();
    let own = sites::learned(tuning, &manifest, progress)?;
    let trial = levels::Trial::new(&manifest, own, tuning.documents, &mut notes);
    let (read, levels) = thresholds::read(tuning, &manifest, &trial, progress)?;
    let found = thresholds::decide_each(tuning, &manifest, &read, progress)?;
    if settings.duplicates.mode == DuplicateMode::Off {
        notes.push(format!(
            "the run did not look for duplicates; thresholds are set against {}",
            settings.duplicates.threshold
        ));
    }
    if read.repeated() > 0 {
        notes.push(format!(
            "{} of earlier batches; the index is not asked again, so what it took goes at every threshold and nothing else does for its sake",
            counted(read.repeated(), "record repeats a document", "records repeat documents")
        ));
    }
    notes.push("levels are tried with the run's other settings; what they leave is not searched for duplicates again".to_owned());
    Ok(Tuned {
        documents: read.documents(),
        threshold: settings.duplicates.threshold,
        mode: settings.duplicates.mode,
        thresholds: found.thresholds,
        above: found.above,
        below: found.below,
        level: settings.boilerplate.level,
        cleaned: levels.documents,
        levels: levels.finish(),
        notes,
    })
}

fn pieces(diff: WordDiff) -> Vec<Vec<MarginPiece>> {
    let piece = |piece: crate::report::Piece| MarginPiece {
        side: match piece.change {
            Change::Same => "same",
            Change::Gone => "survivor",
            Change::New => "duplicate",
        },
        text: piece.text,
    };
    let hunks = diff.hunks.into_iter();
    hunks
        .map(|hunk| hunk.into_iter().map(piece).collect())
        .collect()
}
