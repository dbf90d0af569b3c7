//! The manifest: what a run wrote, and from what.

use super::sink::hex;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The name of the manifest in its folder.
pub const MANIFEST: &str = "manifest.json";

/// The version of every schema in the folder; it grows when a field changes its meaning.
pub const SCHEMA: u32 = 1;

/// What a run wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The schema version of all files, [`SCHEMA`].
    pub schema: u32,
    /// The version of copydesk that wrote them.
    pub copydesk: String,
    /// `run`, `clean` or `dedup`.
    pub command: String,
    /// What the run was told.
    pub settings: Settings,
    /// What was read, in this order.
    pub inputs: Vec<InputEntry>,
    /// The longest record that was taken, in bytes.
    pub max_record: u64,
    /// How many records were read; the ordinals in the ledger lie below it.
    pub records: u64,
    /// The digest of everything that was read, and that `restore` gives back, in hexadecimal:
    /// a chain of SHA-256 over all records (see `src/pipeline/proof.rs`).
    pub originals_sha256: String,
    /// The index that the run was checked against, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexEntry>,
    /// The file of the cleaned records, where it is not in the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleaned: Option<CleanedEntry>,
    /// Every other file of the folder by name, but those that hold times.
    pub files: BTreeMap<String, FileEntry>,
    /// The files that hold times, each as it is without them: so equal runs have equal manifests.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reports: BTreeMap<String, FileEntry>,
}

impl Manifest {
    /// Returns the names of all files of the folder but its own.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .chain(self.reports.keys())
            .map(String::as_str)
    }
}

/// What a run has to do with an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The index's folder as it was named.
    pub folder: String,
    /// The number of the run's batch, from 1.
    pub batch: u32,
    /// The digest of the batch by which the index knows it, in hexadecimal.
    pub sha256: String,
    /// How many documents of earlier batches there were.
    pub documents: u64,
    /// How many records repeat one of them.
    pub repeated: u64,
    /// How many documents were added.
    pub added: u64,
}

/// One input, as it was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputEntry {
    /// Its name; `-` is standard input.
    pub name: String,
    /// Its size on disk in bytes, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// What its records were taken for: `jsonl`, `text`, or nothing where the first byte told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

/// The file of the cleaned records, beside the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanedEntry {
    /// Its name, as it was given.
    pub name: String,
    /// What is in it.
    #[serde(flatten)]
    pub entry: FileEntry,
}

/// One file of the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its lines, before packing.
    pub lines: u64,
    /// Its bytes, before packing.
    pub bytes: u64,
    /// The SHA-256 of its bytes as they lie on disk, in hexadecimal.
    pub sha256: String,
}

impl FileEntry {
    /// Returns the entry of a file that is not packed.
    pub fn of(content: &[u8]) -> Self {
        Self {
            lines: memchr::memchr_iter(b'\n', content).count() as u64,
            bytes: content.len() as u64,
            sha256: hex(&Sha256::digest(content)),
        }
    }
}
