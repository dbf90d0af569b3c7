//! Our own files: the folder a run writes, its ledger and manifest, the spill
//! that lives as long as the run, and the journal by which a run is gone on with.
//!
//! Outputs are written under a temporary name and renamed when whole; the
//! manifest comes last and names the digest of every file.

// What comes from without is met here: no place that a file or a user names is taken on trust.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

pub mod appended;
pub mod fingerprints;
pub mod folder;
pub mod index;
pub mod journal;
pub mod ledger;
pub mod manifest;
pub mod replacement;
pub mod rows;
pub mod sink;
pub mod sites;
pub mod spill;

pub use appended::{Appended, Mark};
pub use folder::{Folder, Opened, Settled};
pub use journal::Journal;
pub use manifest::{FileEntry, Manifest};
pub use replacement::Replacement;
pub use rows::Rows;
pub use sink::{Sink, SinkMark};
pub use spill::{Spill, SpilledBlocks};
