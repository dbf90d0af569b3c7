//! Who is kept: documents come in the order of their rank and meet those kept before them.

use super::index::{Index, List, Posting};
use super::screen::Contender;
use super::sets::{Lookup, Sorter};
use super::shingles::Digest;
use super::threshold::Threshold;
use super::traits::Traits;
use crate::document::DocId;
use rustc_hash::FxHashMap;

/// How two documents are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// Their folded texts are the same.
    Exact,
    /// Their shingles are, to the similarity that is told.
    Near,
    /// Those of the one are among those of the other, to the share that is told.
    Contained,
}

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It stays.
    Kept,
    /// It repeats a document that stays.
    Duplicate {
        /// The first in rank of the kept documents that are similar enough.
        survivor: DocId,
        /// Jaccard similarity of the two documents' shingles, measured.
        similarity: f64,
        /// Whether their texts are the same or only similar.
        kind: Sameness,
    },
}

/// Where the shingles of a document are fetched from: memory, or a file they were spilled to.
pub trait ShingleSource {
    /// What can go wrong there; [`Infallible`](std::convert::Infallible) in memory.
    type Error;

    /// Appends the shingles of `doc` to `into`.
    ///
    /// All of them in any order will do, and so will those that others may have too.
    fn shingles(&mut self, doc: DocId, into: &mut Vec<u64>) -> Result<(), Self::Error>;
}

/// Marks a kept document that cannot reach the threshold with the one that is compared.
const RULED_OUT: u8 = u8::MAX;

/// Marks one that has met the one that is compared so often, or more often.
const MANY: u8 = RULED_OUT - 1;

/// The documents kept so far that may have duplicates.
///
/// In memory for each: its id, its size, its traits and 128 bits of its digest (120 to
/// 240 bytes with the room that tables leave), and for each of its rarest shingles
/// that others may have, a posting (8 bytes) and a list (16 bytes, shared by
/// all that have it), both with as much again left free at worst. Its set is
/// not held: it is fetched again when a document must be measured against it,
/// which is rare but for true duplicates.
///
/// That much is bounded by `memory`. When it is used up nothing more is kept:
/// documents are still compared with those kept so far, but one that is no
/// duplicate of them is put off ([`Self::offer`] answers `None`) to the next
/// round, for which everything kept is forgotten ([`Self::next_round`]). Since
/// all that a round keeps ranks before all that it puts off, every document
/// meets the same kept documents in the same order as in a single round.
#[derive(Debug)]
pub struct Survivors {
    threshold: Threshold,
    memory: usize,
    full: bool,
    /// Ids, sizes and traits.
    kept: Vec<(DocId, u32, Traits)>,
    digests: FxHashMap<[u8; 16], DocId>,
    index: Index,
    /// For each kept document, how many of the prefix are shared with the one compared.
    met: Vec<u8>,
    /// The lists of the prefix.
    lists: Vec<List>,
    candidates: Vec<u32>,
    /// The shingles of the one compared, where they had to be fetched.
    own: Vec<u64>,
    sorter: Sorter,
    fetched: Vec<u64>,
    lookup: Lookup,
}

impl Survivors {
    /// Returns an empty state that takes about `memory` bytes, and always one document.
    pub fn new(threshold: Threshold, memory: usize) -> Self {
        Self {
            threshold,
            memory,
            full: false,
            kept: Vec::new(),
            digests: FxHashMap::default(),
            index: Index::default(),
            met: Vec::new(),
            lists: Vec::new(),
            candidates: Vec::new(),
            own: Vec::new(),
            sorter: Sorter::default(),
            fetched: Vec::new(),
            lookup: Lookup::default(),
        }
    }

    /// Returns the verdict on a document whose text is that of a kept one.
    ///
    /// Cheaper than screening it, and the same answer: a kept document has no
    /// earlier one that is similar enough, and so neither has its copy.
    pub fn exact(&self, digest: &Digest) -> Option<Verdict> {
        let survivor = *self.digests.get(&key(digest))?;
        Some(Verdict::Duplicate {
            survivor,
            similarity: 1.0,
            kind: Sameness::Exact,
        })
    }

    /// Returns the verdict on the next document in rank, and keeps it where that is the verdict.
    ///
    /// `None` puts it off to the next round, with its rank.
    pub fn offer<S: ShingleSource>(
        &mut self,
        doc: DocId,
        digest: &Digest,
        contender: &Contender,
        source: &mut S,
    ) -> Result<Option<Verdict>, S::Error> {
        if let Some(verdict) = self.exact(digest) {
            return Ok(Some(verdict));
        }
        if let Some((survivor, similarity)) = self.find(doc, contender, source)? {
            let kind = Sameness::Near;
            return Ok(Some(Verdict::Duplicate {
                survivor,
                similarity,
                kind,
            }));
        }
        if self.is_full(&contender.prefix) {
            return Ok(None);
        }
        let kept = self.kept.len() as u32;
        let size = contender.size;
        self.keep(doc, digest, size as u32, contender.traits);
        for (at, shingle) in contender.prefix.iter().enumerate() {
            let posting = Posting::new(kept, size, contender.rest(at));
            self.index.push(*shingle, posting);
        }
        Ok(Some(Verdict::Kept))
    }

    /// Forgets what was kept, before the documents put off are offered again in rank order.
    pub fn next_round(&mut self) {
        *self = Self::new(self.threshold, self.memory);
    }

    /// Returns about how many bytes the kept documents take.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.documents(0) + self.index.bytes()
    }

    /// Returns about how many bytes the kept documents take beside the index, at the peak of
    /// keeping so many more.
    fn documents(&self, more: usize) -> usize {
        let kept = at_peak(self.kept.len(), self.kept.capacity(), more);
        let met = at_peak(self.met.len(), self.met.capacity(), more);
        let digests = at_peak(self.digests.len(), self.digests.capacity(), more);
        kept * size_of::<(DocId, u32, Traits)>()
            + met * size_of::<u8>()
            + digests * (size_of::<([u8; 16], DocId)>() + 1) * 8 / 7
    }

    /// Returns the first kept document that is similar enough, and how similar it is.
    fn find<S: ShingleSource>(
        &mut self,
        doc: DocId,
        contender: &Contender,
        source: &mut S,
    ) -> Result<Option<(DocId, f64)>, S::Error> {
        self.gather(contender);
        let mut prepared = false;
        for candidate in &self.candidates {
            let Some((other, size, traits)) = self.kept.get(*candidate as usize) else {
                continue;
            };
            let least = self.threshold.least_shared(contender.size, *size as usize);
            if contender.traits.most_shared(traits) < least {
                continue;
            }
            self.fetched.clear();
            source.shingles(*other, &mut self.fetched)?;
            if !prepared {
                self.own.clear();
                if contender.common.is_empty() {
                    source.shingles(doc, &mut self.own)?;
                    self.sorter.sort(&mut self.own);
                } else {
                    self.own.extend_from_slice(&contender.common);
                }
                self.lookup.prepare(&self.own);
                prepared = true;
            }
            let sizes = contender.size + *size as usize;
            let lookup = &mut self.lookup;
            if let Some(shared) = lookup.shared(&self.own, &self.fetched, least) {
                return Ok(Some((*other, shared as f64 / (sizes - shared) as f64)));
            }
        }
        Ok(None)
    }

    /// Gathers the kept documents that no bound rules out, in the order of keeping.
    fn gather(&mut self, contender: &Contender) {
        let size = contender.size;
        let (least, greatest) = self.threshold.sizes(size);
        self.candidates.clear();
        self.lists.clear();
        self.index.look_up(&contender.prefix, &mut self.lists);
        let mut some_met = [0u64; 8];
        for list in &self.lists {
            let rest = contender.rest(list.at as usize);
            // A list whose best cannot reach the threshold is passed over as a whole, unless
            // one of its documents may have been met before.
            if self.candidates.is_empty()
                && let Some(best) = list.best()
                && let bound = 1 + rest.min(best.rest())
                && !self
                    .threshold
                    .is_reached(bound, size, least.max(best.least_size()))
            {
                continue;
            }
            for posting in self.index.postings(list) {
                let other = posting.least_size();
                if posting.greatest_size() < least || other > greatest {
                    continue;
                }
                // Both sets have the same order: what they share beyond this shingle comes
                // after it in both. The bound never rises from one common shingle to the
                // next, so what was ruled out before it was counted stays so.
                let more = 1 + rest.min(posting.rest());
                let (word, bit) = (posting.kept as usize / 64 % 8, 1 << (posting.kept % 64));
                let is_reached = self.threshold.is_reached(more, size, other);
                // Most are neither: then there is no need to look whether they were met.
                if !is_reached && some_met[word] & bit == 0 {
                    continue;
                }
                let met = &mut self.met[posting.kept as usize];
                if *met >= MANY {
                    continue;
                }
                let bound = usize::from(*met) + more;
                if is_reached || self.threshold.is_reached(bound, size, other) {
                    if *met == 0 {
                        self.candidates.push(posting.kept);
                        some_met[word] |= bit;
                    }
                    *met += 1;
                } else if *met != 0 {
                    *met = RULED_OUT;
                }
            }
        }
        let met = &mut self.met;
        self.candidates.retain(|candidate| {
            let met = std::mem::take(&mut met[*candidate as usize]);
            met != RULED_OUT
        });
        self.candidates.sort_unstable();
    }

    fn keep(&mut self, doc: DocId, digest: &Digest, size: u32, traits: Traits) {
        self.kept.push((doc, size, traits));
        self.met.push(0);
        self.digests.insert(key(digest), doc);
    }

    /// Returns whether a document with such a prefix, and all after it, are not kept in this
    /// round; once so, always so.
    fn is_full(&mut self, prefix: &[u64]) -> bool {
        self.full |= !self.kept.is_empty()
            && (self.documents(1) + self.index.bytes_with(prefix) > self.memory
                || self.kept.len() >= u32::MAX as usize
                || self.index.is_full(prefix.len()));
        self.full
    }
}

/// Returns the room of a table at the peak, when so many more are put into it.
///
/// A table that grows stands twice for a moment: as it was, and twice as large.
fn at_peak(length: usize, capacity: usize, more: usize) -> usize {
    if length + more > capacity {
        capacity.max(more) * 3
    } else {
        capacity
    }
}

/// Returns the half of a digest that tells texts apart in memory: chance does not find a
/// collision of 128 bits, nor does malice before 2^64 tries.
fn key(digest: &Digest) -> [u8; 16] {
    digest.first_chunk().copied().unwrap_or_default()
}
