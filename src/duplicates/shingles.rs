//! A document's fingerprint: the digest of its folded text and the hashes of its word 5-grams.

use super::counter::Counter;
use super::threshold::Threshold;
use crate::text::hash::{self, SHINGLE};
use crate::text::words::WordReader;
use sha2::{Digest as _, Sha256};

/// The version of what is read from a text: it grows when some text gets another digest or other
/// shingles, by other rules for words or another hash.
pub const FINGERPRINTS: u32 = 1;

/// SHA-256 of a text, lower-cased, every run of white space one space, trimmed.
pub type Digest = [u8; 32];

/// All that the search for duplicates needs of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// The same for documents that differ in case and white space alone.
    pub digest: Digest,
    /// The hash of every five words in a row, repeats and all; those that lead come first.
    ///
    /// Of fewer than five words there is one of all of them, of no word none.
    pub shingles: Vec<u64>,
    /// How many of them [lead](Threshold::leads).
    pub leading: usize,
}

impl Fingerprint {
    /// Returns the shingles that a [`Counter`] counts.
    pub fn counted(&self) -> &[u64] {
        let all = Counter::samples(&self.digest);
        let count = if all {
            self.shingles.len()
        } else {
            self.leading
        };
        self.shingles.get(..count).unwrap_or_default()
    }

    /// Returns the shingles that lead, and the others.
    pub fn parts(&self) -> [&[u64]; 2] {
        self.shingles.split_at(self.leading).into()
    }
}

/// Reads texts into fingerprints, one after another, with the same buffers.
///
/// It holds some three times the longest text it has read.
#[derive(Debug)]
pub struct FingerprintReader {
    words: WordReader,
    threshold: Threshold,
}

impl FingerprintReader {
    /// Returns a reader with empty buffers, for a search by `threshold`.
    pub fn new(threshold: Threshold) -> Self {
        Self {
            words: WordReader::new(),
            threshold,
        }
    }

    /// Returns the fingerprint of `text`.
    pub fn read(&mut self, text: &str) -> Fingerprint {
        let mut print = Fingerprint::default();
        self.read_into(text, &mut print);
        print
    }

    /// Makes `print` the fingerprint of `text`.
    pub fn read_into(&mut self, text: &str, print: &mut Fingerprint) {
        self.words.read(text);
        let words = self.words.hashes();
        let shingles = &mut print.shingles;
        if words.len() < SHINGLE {
            shingles.clear();
            shingles.extend((!words.is_empty()).then(|| hash::shingle(words)));
            let leads = |shingle: &&u64| self.threshold.leads(**shingle);
            print.leading = shingles.iter().filter(leads).count();
        } else {
            let each = words
                .windows(SHINGLE)
                .map(|words| words.first_chunk().map_or(0, hash::shingle_of_five));
            shingles.resize(each.len(), 0);
            print.leading = deal(each, self.threshold, shingles);
        }
        print.digest = Sha256::digest(self.words.folded()).into();
    }
}

/// Fills `out` with `shingles`, those that lead from the front on and the others from the back;
/// answers how many lead.
#[inline]
fn deal(shingles: impl Iterator<Item = u64>, threshold: Threshold, out: &mut [u64]) -> usize {
    let (mut front, mut back) = (0, out.len());
    for shingle in shingles {
        // Both places are free, and which it is to be is past guessing: it is put into both.
        let leads = threshold.leads(shingle);
        if let Some(place) = out.get_mut(front) {
            *place = shingle;
        }
        if let Some(place) = out.get_mut(back - 1) {
            *place = shingle;
        }
        front += usize::from(leads);
        back -= usize::from(!leads);
    }
    front
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn read(text: &str) -> Fingerprint {
        FingerprintReader::new(Threshold::new(0.8)).read(text)
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
    fn shingles_are_dealt_out_by_whether_they_lead() {
        let text: String = (0..500).map(|word| format!("w{word} ")).collect();
        let words: Vec<u64> = (0..500)
            .map(|word| hash::word(format!("w{word}").as_bytes()))
            .collect();
        let all: BTreeSet<u64> = words.windows(SHINGLE).map(hash::shingle).collect();
        for similarity in [0.3, 0.8, 0.9, 1.0] {
            let threshold = Threshold::new(similarity);
            let print = FingerprintReader::new(threshold).read(&text);
            let [leading, rest] = print.parts();
            assert!(leading.iter().all(|shingle| threshold.leads(*shingle)));
            assert!(!rest.iter().any(|shingle| threshold.leads(*shingle)));
            assert_eq!(print.shingles.len(), 496);
            assert_eq!(print.shingles.iter().copied().collect::<BTreeSet<_>>(), all);
        }
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
