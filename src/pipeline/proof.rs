//! One digest for everything that was read: what `restore` must give back.
//!
//! Of a JSON record it covers the value of the text and the bytes of everything else, of a plain
//! text file its name and bytes, of a rejected record what the ledger holds of it. Each record
//! has a digest of its own, made by any thread; they are chained in the order of reading:
//!
//! ```text
//! chain(0) = 32 zero bytes        chain(n + 1) = SHA-256(chain(n), record(n))
//! ```

use crate::store::sink::hex;
use sha2::{Digest as _, Sha256};

/// The digest of one record.
pub type Proof = [u8; 32];

/// Returns the digest of a JSON record: what stands before its text, the text's value with its
/// lone surrogates, and what stands behind it.
pub fn of_record(around: (&str, &str), text: &str, surrogates: &[(usize, u16)]) -> Proof {
    let mut hash = Sha256::new();
    for part in [around.0, text, around.1] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    for (at, unit) in surrogates {
        hash.update((*at as u64).to_le_bytes());
        hash.update(unit.to_le_bytes());
    }
    hash.finalize().into()
}

/// Returns the digest of a plain text file.
pub fn of_file(name: &str, bytes: &[u8]) -> Proof {
    let mut hash = Sha256::new();
    hash.update(b"file");
    hash.update((name.len() as u64).to_le_bytes());
    hash.update(name);
    hash.update(bytes);
    hash.finalize().into()
}

/// Returns the digest of what the ledger holds of a rejected record.
pub fn of_rejected(bytes: &[u8]) -> Proof {
    Sha256::new()
        .chain_update(b"rejected")
        .chain_update(bytes)
        .finalize()
        .into()
}

/// The digests of all records so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain(pub Proof);

impl Chain {
    /// Appends a record.
    pub fn add(&mut self, proof: &Proof) {
        let both = Sha256::new().chain_update(self.0).chain_update(proof);
        self.0 = both.finalize().into();
    }

    /// Returns the digest in hexadecimal.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}
