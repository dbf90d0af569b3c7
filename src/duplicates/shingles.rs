//! A document's fingerprint: the digest of its folded text and the hashes of its word 5-grams.

use crate::text::hash::{self, SHINGLE};
use crate::text::words::WordReader;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a text, lower-cased, every run of white space one space, trimmed.
pub type Digest = [u8; 32];

/// All that the search for duplicates needs of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// The same for documents that differ in case and white space alone.
    pub digest: Digest,
    /// The hash of every five words in a row, in the order of the text, repeats and all.
    ///
    /// Of fewer than five words there is one of all of them, of no word none.
    pub shingles: Vec<u64>,
}

/// Reads texts into fingerprints, one after another, with the same buffers.
///
/// It holds some three times the longest text it has read.
#[derive(Debug, Default)]
pub struct FingerprintReader {
    words: WordReader,
}

impl FingerprintReader {
    /// Returns a reader with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the fingerprint of `text`.
    pub fn read(&mut self, text: &str) -> Fingerprint {
        let mut shingles = Vec::new();
        let digest = self.read_into(text, &mut shingles);
        Fingerprint { digest, shingles }
    }

    /// Appends the shingles of `text` to `shingles` and returns its digest.
    pub fn read_into(&mut self, text: &str, shingles: &mut Vec<u64>) -> Digest {
        self.words.read(text);
        let words = self.words.hashes();
        match words.len() {
            0 => {}
            1..SHINGLE => shingles.push(hash::shingle(words)),
            _ => shingles.extend(
                words
                    .windows(SHINGLE)
                    .map(|words| words.first_chunk().map_or(0, hash::shingle_of_five)),
            ),
        }
        Sha256::digest(self.words.folded()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn read(text: &str) -> Fingerprint {
        FingerprintReader::new().read(text)
    }

    #[test]
    fn there_are_as_many_shingles_as_runs_of_five_words() {
        for (text, count) in [
            ("", 0),
            ("… — !", 0),
            ("one", 1),
            ("one two three four", 1),
            ("one two three four five", 1),
            ("one two three four five six", 2),
            ("一二三四五六", 2),
        ] {
            assert_eq!(read(text).shingles.len(), count, "{text}");
        }
    }

    #[test]
    fn a_short_text_shares_no_shingle_with_a_longer_one() {
        let texts = ["a", "a b", "a b c", "a b c d", "a b c d e", "b a", "a a"];
        let shingles: BTreeSet<u64> = texts.iter().flat_map(|text| read(text).shingles).collect();
        assert_eq!(shingles.len(), texts.len());
    }

    #[test]
    fn case_and_space_change_nothing() {
        let (one, two) = (
            read(" The Quick\n\nBROWN fox "),
            read("the quick brown\u{a0}Fox"),
        );
        assert_eq!(one, two);
        assert_ne!(one.digest, read("the quick brown, fox").digest);
        assert_eq!(one.shingles, read("the quick brown, fox").shingles);
    }

    #[test]
    fn the_digest_is_that_of_the_folded_text() {
        assert_eq!(
            read("  Α  ΣΑΣ ").digest,
            <[u8; 32]>::from(Sha256::digest("α σας"))
        );
    }
}
