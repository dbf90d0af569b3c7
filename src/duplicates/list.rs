//! Duplicates in a list that is held in memory.

use super::{
    Counter, Digest, Fingerprint, FingerprintReader, Limits, Shelf, Threshold, Verdict, decide,
};
use crate::document::DocId;
use crate::settings::DuplicateSettings;

/// Finds the duplicates in a list of texts.
///
/// Texts are taken as they stand: clean them first. Of those that are similar the first one stays,
/// so put the list in the order in which you want them kept.
///
/// ```
/// use copydesk::settings::DuplicateSettings;
/// use copydesk::{Deduplicator, Verdict};
///
/// let settings = DuplicateSettings {
///     threshold: 0.5,
///     ..DuplicateSettings::default()
/// };
/// let verdicts = Deduplicator::new(&settings).decide([
///     "the ferry to the island returns on Monday after a month",
///     "the ferry to the island returns on Monday after a month in the yard",
///     "the price of flour has not changed since the autumn",
/// ]);
/// assert_eq!(verdicts[0], Verdict::Kept);
/// assert!(matches!(&verdicts[1], Verdict::Duplicate { survivor, .. } if survivor.0 == 0));
/// assert_eq!(verdicts[2], Verdict::Kept);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deduplicator {
    threshold: Threshold,
}

impl Deduplicator {
    /// Returns one that works by the threshold of `settings`.
    pub fn new(settings: &DuplicateSettings) -> Self {
        Self {
            threshold: Threshold::new(settings.threshold),
        }
    }

    /// Returns a verdict for each text, in their order; a survivor is named by its place, from 0.
    ///
    /// Memory holds about 8 bytes a word of all texts.
    pub fn decide<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Verdict> {
        let mut reader = FingerprintReader::new(self.threshold);
        let prints: Vec<Fingerprint> = texts.into_iter().map(|text| reader.read(text)).collect();
        let shingles: usize = prints.iter().map(|print| print.shingles.len()).sum();
        let counter = Counter::new(shingles as u64, usize::MAX);
        let mut shelf = Shelf::new();
        let mut documents: Vec<(DocId, Digest)> = Vec::with_capacity(prints.len());
        for (print, doc) in prints.iter().zip((0..).map(DocId)) {
            counter.add(print.parts()[0]);
            shelf.put(doc, &print.shingles);
            documents.push((doc, print.digest));
        }
        let limits = Limits {
            threshold: self.threshold,
            memory: usize::MAX,
        };
        let Ok(verdicts) = decide(&documents, &mut shelf, &counter, limits);
        verdicts
    }
}
