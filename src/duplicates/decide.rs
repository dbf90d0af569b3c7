//! The whole decision in one call, one thread; what the pipeline does in blocks, to read.

use super::counter::Counter;
use super::screen::{Screened, Screener};
use super::shingles::Digest;
use super::survivors::{ShingleSource, Survivors, Verdict};
use super::threshold::Threshold;
use crate::document::DocId;
use rustc_hash::FxHashMap;
use std::convert::Infallible;

/// What [`decide`] is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// From which similarity on documents are duplicates.
    pub threshold: Threshold,
    /// About how many bytes the index of kept documents may take.
    pub memory: usize,
}

/// Returns the verdict on every document, in the order given, which is that of their rank.
///
/// `counter` must have counted the leading shingles of all of them. Documents without a word are kept.
pub fn decide<S: ShingleSource>(
    documents: &[(DocId, Digest)],
    source: &mut S,
    counter: &Counter,
    limits: Limits,
) -> Result<Vec<Verdict>, S::Error> {
    let mut verdicts = vec![Verdict::Kept; documents.len()];
    let mut survivors = Survivors::new(limits.threshold, limits.memory);
    let mut screener = Screener::new();
    let mut shingles = Vec::new();
    let mut leading = Vec::new();
    let mut round: Vec<usize> = (0..documents.len()).collect();
    while !round.is_empty() {
        let mut put_off = Vec::new();
        for at in round {
            let (doc, digest) = &documents[at];
            if let Some(verdict) = survivors.exact(digest) {
                verdicts[at] = verdict;
                continue;
            }
            shingles.clear();
            source.shingles(*doc, &mut shingles)?;
            leading.clear();
            let leads = |shingle: &&u64| limits.threshold.leads(**shingle);
            leading.extend(shingles.iter().filter(leads));
            let others = |into: &mut Vec<u64>| {
                into.extend(shingles.iter().filter(|shingle| !leads(shingle)));
            };
            let all = shingles.len();
            if let Screened::Contender(contender) =
                screener.screen(&leading, all, others, counter, limits.threshold)
            {
                match survivors.offer(*doc, digest, &contender, source)? {
                    Some(verdict) => verdicts[at] = verdict,
                    None => put_off.push(at),
                }
            }
        }
        survivors.next_round();
        round = put_off;
    }
    Ok(verdicts)
}

/// Shingles of documents, held in memory.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    shingles: Vec<u64>,
    places: FxHashMap<DocId, (usize, usize)>,
}

impl Shelf {
    /// Returns an empty shelf.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the shingles of a document there.
    pub fn put(&mut self, doc: DocId, shingles: &[u64]) {
        let start = self.shingles.len();
        self.shingles.extend_from_slice(shingles);
        self.places.insert(doc, (start, self.shingles.len()));
    }

    /// Returns the shingles of a document, none where it is not there.
    pub fn get(&self, doc: DocId) -> &[u64] {
        let place = self.places.get(&doc);
        place
            .and_then(|(start, end)| self.shingles.get(*start..*end))
            .unwrap_or_default()
    }
}

impl ShingleSource for Shelf {
    type Error = Infallible;

    fn shingles(&mut self, doc: DocId, into: &mut Vec<u64>) -> Result<(), Infallible> {
        into.extend_from_slice(self.get(doc));
        Ok(())
    }
}
