//! The look at one document alone: can it have a duplicate at all?

use super::counter::Counter;
use super::sets::Sorter;
use super::threshold::Threshold;

/// Shingles that are looked up between two looks at the sum.
const BATCH: usize = 64;

/// What the counts say about one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screened {
    /// It has no word, so it is compared by nothing but its digest, if at all.
    Wordless,
    /// No other document can reach the threshold with it: it is kept.
    Unique,
    /// It may have duplicates: [`Survivors`](super::Survivors) must say.
    Contender(Contender),
}

/// A document's shingles as [`Survivors`](super::Survivors) compares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contender {
    /// How many distinct shingles it has.
    pub(super) size: usize,
    /// Those of them that others may have too, ascending.
    pub(super) common: Box<[u64]>,
    /// Those of its rarest shingles that others may have too, the rarest first.
    pub(super) prefix: Box<[Ranked]>,
}

impl Contender {
    #[doc(hidden)]
    pub fn prefix_len(&self) -> usize {
        self.prefix.len()
    }

    /// Returns how many distinct shingles the document has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns those of its shingles that others may have too, ascending.
    ///
    /// It is all that [`ShingleSource`](super::ShingleSource) is asked for.
    pub fn common(&self) -> &[u64] {
        &self.common
    }
}

/// A shingle and its place among a document's shingles in the order of rarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    pub(super) shingle: u64,
    pub(super) place: u32,
}

/// Screens documents, one after another, with the same buffers; one to a thread.
#[derive(Debug, Default)]
pub struct Screener {
    sorter: Sorter,
    common: Vec<u64>,
    keys: Vec<u64>,
}

impl Screener {
    /// Returns a screener with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at a document's shingles, in any order; the counter must hold the whole corpus.
    ///
    /// The answer does not depend on any other document but through the counts.
    pub fn screen(
        &mut self,
        shingles: &[u64],
        counter: &Counter,
        threshold: Threshold,
    ) -> Screened {
        if shingles.is_empty() {
            return Screened::Wordless;
        }
        // With repeats counted there are at least as many shingles as distinct ones, and a
        // greater number asks for no fewer single ones: the answer errs to the safe side.
        let enough = threshold.prefix(shingles.len());
        let mut single = 0;
        self.common.clear();
        for batch in shingles.chunks(BATCH) {
            let mut common = [0; BATCH];
            let mut length = 0;
            for shingle in batch {
                common[length % BATCH] = *shingle;
                length += usize::from(counter.count(*shingle) != 1);
            }
            single += batch.len() - length;
            if single >= enough {
                return Screened::Unique;
            }
            self.common.extend_from_slice(&common[..length]);
        }
        self.sorter.sort(&mut self.common);
        let size = single + self.common.len();
        let prefix_length = threshold.prefix(size);
        if single >= prefix_length {
            return Screened::Unique;
        }
        // The single ones lead the order and are in no other document: they take their
        // places and need no look. Of the others, by count and then hash, the first fill up.
        self.keys.clear();
        self.keys.extend(
            self.common
                .iter()
                .zip(0u64..)
                .map(|(shingle, at)| u64::from(counter.count(*shingle)) << 32 | at),
        );
        let wanted = prefix_length - single;
        if wanted < self.keys.len() {
            self.keys.select_nth_unstable(wanted);
            self.keys.truncate(wanted);
        }
        self.keys.sort_unstable();
        let prefix = self
            .keys
            .iter()
            .zip(single as u32..)
            .filter_map(|(key, place)| {
                let at = (key & u64::from(u32::MAX)) as usize;
                self.common.get(at).map(|shingle| Ranked {
                    shingle: *shingle,
                    place,
                })
            });
        Screened::Contender(Contender {
            size,
            common: self.common.as_slice().into(),
            prefix: prefix.collect(),
        })
    }
}
