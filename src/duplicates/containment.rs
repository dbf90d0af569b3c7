//! Who is contained: the longest documents first, and each takes the shorter ones that it holds.
//!
//! A document A is contained in B, no shorter, where `|A ∩ B| ≥ c·|A|`. At most `|A| − ⌈c·|A|⌉` of
//! its shingles are then missing from B, so of the first `|A| − ⌈c·|A|⌉ + 1` in any order at least
//! one is in B: the same prefix as that of the near join, with the share *c* in place of the
//! similarity (`Threshold::prefix`). B's side has no prefix. So the prefixes of the shorter ones
//! are what lies in the index ([`Rarest`]), and the longer ones look all their shingles up in it:
//! an index of all shingles would be ten times as large. What lies in it is half as long again as
//! the prefix must be: since B still lacks no more than `|A| − ⌈c·|A|⌉` of it, it must hold all the
//! others, which nearly everything that is not contained fails, and is never fetched.
//!
//! Longest first, a document is decided before it is looked at as a container. One that is gone
//! takes nothing with it and costs nothing, so a thousand excerpts of one text cost a thousand
//! comparisons with it.

use super::buckets::Buckets;
use super::sets::Lookup;
use super::survivors::{Sameness, ShingleSource};
use super::threshold::Thresholds;
use crate::document::DocId;

/// A shingle that is among the rarest of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The shingle.
    pub shingle: u64,
    /// The document's place in the order of decision.
    pub place: u32,
}

/// Which documents have a shingle among their rarest: sorted, then only read, by all threads.
///
/// It takes 20 to 24 bytes a shingle of a document.
#[derive(Debug, Default)]
pub struct Rarest {
    held: Vec<Held>,
    buckets: Buckets,
}

impl Rarest {
    /// Bytes that a shingle of a document takes at most.
    pub const BYTES: usize = size_of::<Held>() + 2 * size_of::<u32>();

    /// Returns what is held where; there must be fewer than 2³² of them.
    pub fn new(mut held: Vec<Held>) -> Self {
        held.sort_unstable();
        Self {
            buckets: Buckets::of(held.iter().map(|one| one.shingle)),
            held,
        }
    }

    /// Returns the documents that have `shingle` among their rarest, by their places.
    #[inline]
    pub fn holders(&self, shingle: u64) -> &[Held] {
        let held = self.held.get(self.buckets.range(shingle));
        let held = held.unwrap_or_default();
        if held.is_empty() {
            return held;
        }
        let from = held.partition_point(|one| one.shingle < shingle);
        let to = held.partition_point(|one| one.shingle <= shingle);
        held.get(from..to).unwrap_or_default()
    }
}

/// A document that may be contained in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The document.
    pub doc: DocId,
    /// How many distinct shingles it has.
    pub size: u32,
    /// How many of its rarest shingles a document must have to contain it.
    pub need: u32,
}

/// A document that was found in a longer one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The document.
    pub doc: DocId,
    /// The share of its shingles that the longer one has; of near-duplicates their Jaccard
    /// similarity.
    pub similarity: f64,
    /// [`Sameness::Contained`], or [`Sameness::Near`] where they are that similar.
    pub kind: Sameness,
}

/// Decides who is contained: documents are offered as containers, the longest first.
#[derive(Debug)]
pub struct LongestFirst<'a> {
    thresholds: Thresholds,
    /// By place, the longest first.
    listed: &'a [Listed],
    rarest: &'a Rarest,
    /// By place, whether it was found in another.
    gone: Vec<bool>,
    /// By place, how many of its rarest shingles were met.
    met: Vec<u32>,
    candidates: Vec<u32>,
    fetched: Vec<u64>,
    lookup: Lookup,
}

impl<'a> LongestFirst<'a> {
    /// Returns a decision that begins, on the documents of `listed`, of which those in `gone` are
    /// decided already; `rarest` holds their rarest shingles by their places.
    pub fn new(
        thresholds: Thresholds,
        listed: &'a [Listed],
        rarest: &'a Rarest,
        gone: Vec<bool>,
    ) -> Self {
        Self {
            thresholds,
            listed,
            rarest,
            met: vec![0; listed.len()],
            gone,
            candidates: Vec::new(),
            fetched: Vec::new(),
            lookup: Lookup::default(),
        }
    }

    /// Returns whether the document at a place was found in another.
    pub fn is_gone(&self, place: u32) -> bool {
        self.gone.get(place as usize) == Some(&true)
    }

    /// Returns by place which documents were found in others.
    pub fn into_gone(self) -> Vec<bool> {
        self.gone
    }

    /// Tells `found` of the documents that are contained in one that stays or are as good as the
    /// same: its shingles are `set`, ascending, and it comes before the document at `after`.
    /// `hits` are those shingles that [`Rarest`] knows.
    ///
    /// # Errors
    ///
    /// What `source` says.
    pub fn take<S: ShingleSource>(
        &mut self,
        set: &[u64],
        hits: &[u64],
        after: u32,
        source: &mut S,
        mut found: impl FnMut(Found),
    ) -> Result<(), S::Error> {
        self.gather(hits, after);
        if self.candidates.is_empty() {
            return Ok(());
        }
        self.lookup.prepare(set);
        let Thresholds { near, containment } = self.thresholds;
        let share = containment.unwrap_or(near);
        let floor = near.least_share(share);
        for place in self.candidates.drain(..) {
            let Listed { doc, size, .. } = self.listed[place as usize];
            self.fetched.clear();
            source.shingles(doc, &mut self.fetched)?;
            let (size, least) = (size as usize, floor.least_shared_of(size as usize));
            let Some(shared) = self.lookup.shared(set, &self.fetched, least) else {
                continue;
            };
            let told = if near.is_reached(shared, size, set.len()) {
                let union = set.len() + size - shared;
                (shared as f64 / union as f64, Sameness::Near)
            } else if shared >= share.least_shared_of(size) {
                (shared as f64 / size as f64, Sameness::Contained)
            } else {
                continue;
            };
            self.gone[place as usize] = true;
            let (similarity, kind) = told;
            found(Found {
                doc,
                similarity,
                kind,
            });
        }
        Ok(())
    }

    /// Gathers the places from `after` on that share enough of their rarest shingles, ascending.
    fn gather(&mut self, hits: &[u64], after: u32) {
        for shingle in hits {
            let holders = self.rarest.holders(*shingle);
            let from = holders.partition_point(|held| held.place < after);
            for held in &holders[from..] {
                let place = held.place as usize;
                if !self.gone[place] {
                    if self.met[place] == 0 {
                        self.candidates.push(held.place);
                    }
                    self.met[place] += 1;
                }
            }
        }
        let (met, listed) = (&mut self.met, self.listed);
        self.candidates.retain(|place| {
            let met = std::mem::take(&mut met[*place as usize]);
            met >= listed[*place as usize].need
        });
        self.candidates.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FingerprintReader, Shelf, Sorter};
    use super::*;
    use crate::settings::DuplicateSettings;
    use proptest::prelude::*;

    /// A shelf that counts how many sets are fetched from it.
    struct Counted(Shelf, u32);

    impl ShingleSource for Counted {
        type Error = <Shelf as ShingleSource>::Error;

        fn shingles(&mut self, doc: DocId, out: &mut Vec<u64>) -> Result<(), Self::Error> {
            self.1 += 1;
            self.0.shingles(doc, out)
        }
    }

    /// Excerpts of one text that overlap, behind the whole of it: how many are measured?
    #[test]
    fn a_multitude_of_excerpts_is_measured_once_each() {
        let settings = DuplicateSettings {
            containment: Some(0.9),
            ..DuplicateSettings::default()
        };
        let thresholds = Thresholds::of(&settings);
        let mut reader = FingerprintReader::new(thresholds.near);
        let words = |words: std::ops::Range<u32>| -> String {
            words.map(|word| format!("w{word} ")).collect()
        };
        let mut sets = Vec::new();
        for range in std::iter::once(0..4000).chain((0..300).map(|at| at * 9..at * 9 + 300)) {
            let mut set = reader.read(&words(range)).shingles;
            Sorter::default().sort(&mut set);
            sets.push(set);
        }
        let (mut shelf, mut listed, mut held) = (Shelf::new(), Vec::new(), Vec::new());
        for (place, set) in (0u32..).zip(&sets) {
            let doc = DocId(u64::from(place));
            shelf.put(doc, set);
            let size = set.len() as u32;
            listed.push(Listed { doc, size, need: 2 });
            let prefix = set.iter().take(32);
            held.extend(prefix.map(|shingle| Held {
                shingle: *shingle,
                place,
            }));
        }
        let rarest = Rarest::new(held);
        let mut decision = LongestFirst::new(thresholds, &listed, &rarest, vec![false; sets.len()]);
        let (mut found, mut shelf) = (0, Counted(shelf, 0));
        for (place, set) in (0u32..).zip(&sets) {
            if !decision.is_gone(place) {
                let Ok(()) = decision.take(set, set, place + 1, &mut shelf, |_| found += 1);
            }
        }
        assert_eq!((found, shelf.1), (300, 300));
    }

    proptest! {
        #[test]
        fn holders_are_those_that_were_told(
            held in prop::collection::vec((prop_oneof![0u64..9, (0u64..9).prop_map(|n| n << 60), any::<u64>()], 0u32..50), 0..400),
        ) {
            let held: Vec<Held> = held.into_iter().map(|(shingle, place)| Held { shingle, place }).collect();
            let rarest = Rarest::new(held.clone());
            for shingle in held.iter().map(|one| one.shingle).chain([0, 5, 77, u64::MAX]) {
                let mut expected: Vec<Held> = held.iter().copied().filter(|one| one.shingle == shingle).collect();
                expected.sort_unstable();
                prop_assert_eq!(rarest.holders(shingle), expected);
            }
        }
    }
}
