//! Our own files: the folder a run writes, its ledger and manifest, and the
//! spill that lives as long as the run.
//!
//! Outputs are written under a temporary name and renamed when whole; the
//! manifest comes last and names the digest of every file.

pub mod fingerprints;
pub mod ledger;
pub mod manifest;
pub mod outputs;
pub mod sites;
pub mod spill;

pub use manifest::{FileEntry, Manifest};
pub use outputs::{Folder, Replacement, Sink};
pub use spill::{Spill, SpilledBlocks};
