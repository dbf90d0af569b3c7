//! An order of shingles that can be kept: rare before common, the same for ever.
//!
//! The join inside one run orders shingles by how often the run has seen them. What is saved for
//! later runs needs an order that does not change when they bring more: each part of an index
//! has the order of the documents it was made from, written down. Any order is exact (the proof in
//! the parent asks nothing of it); this one keeps the lists short.

use super::buckets::Buckets;
use super::counter::Counter;
use super::threshold::Threshold;

/// Shingles counted fewer times than this are rare.
const RARE: u8 = 8;

/// How many common shingles are told apart at most; those that are counted less are rare then.
const COMMON: usize = 1 << 22;

/// Returns the class of a count: of rare ones 0, of others one more for every doubling.
fn class(count: u8) -> u8 {
    (count / RARE)
        .checked_ilog2()
        .map_or(0, |log| log as u8 + 1)
}

/// The classes of common shingles, to be looked up.
///
/// Rare shingles come first, by their hash; the common ones behind them by class, then hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    common: Vec<u64>,
    classes: Vec<u8>,
    buckets: Buckets,
}

impl Order {
    /// Returns the order of these common shingles, ascending, each with its class.
    pub fn new(common: Vec<u64>, classes: Vec<u8>) -> Self {
        Self {
            buckets: Buckets::of(common.iter().copied()),
            common,
            classes,
        }
    }

    /// Returns the common shingles, ascending, and their classes.
    pub fn parts(&self) -> (&[u64], &[u8]) {
        (&self.common, &self.classes)
    }

    fn class(&self, shingle: u64) -> u8 {
        let range = self.buckets.range(shingle);
        let start = range.start;
        let found = self.common[range].binary_search(&shingle);
        found.map_or(0, |at| self.classes[start + at])
    }

    /// Makes `prefix` the first shingles of `set`, which is ascending: as many as it takes that
    /// one of them is in every duplicate ([`Threshold::prefix`]).
    pub fn prefix(&self, set: &[u64], threshold: Threshold, prefix: &mut Vec<u64>) {
        prefix.clear();
        if set.is_empty() {
            return;
        }
        let wanted = threshold.prefix(set.len());
        // By hash the set is in order already, so most often no more is looked up than is wanted.
        let mut common = Vec::new();
        for shingle in set {
            match self.class(*shingle) {
                0 => prefix.push(*shingle),
                class => common.push((class, *shingle)),
            }
            if prefix.len() == wanted {
                return;
            }
        }
        common.sort_unstable();
        let short = wanted - prefix.len();
        prefix.extend(common.iter().take(short).map(|(_, shingle)| *shingle));
    }
}

/// Gathers which shingles are common.
#[derive(Debug)]
pub struct OrderMaker<'c> {
    counter: &'c Counter,
    least: u8,
    common: Vec<(u64, u8)>,
    /// From how many on repeats are taken out.
    full: usize,
}

impl<'c> OrderMaker<'c> {
    /// Returns one that knows no shingle yet; `counter` has counted all.
    pub fn new(counter: &'c Counter) -> Self {
        Self {
            counter,
            least: RARE,
            common: Vec::new(),
            full: COMMON,
        }
    }

    /// Looks at the shingles of a document.
    pub fn add(&mut self, set: &[u64]) {
        for shingle in set {
            let count = self.counter.count(*shingle);
            if count >= self.least {
                self.common.push((*shingle, class(count)));
            }
        }
        if self.common.len() >= self.full {
            self.settle();
        }
    }

    /// Takes out repeats, and the least common where there are too many.
    fn settle(&mut self) {
        self.common.sort_unstable();
        self.common.dedup();
        while self.common.len() > COMMON && self.least < u8::MAX / 2 {
            self.least *= 2;
            let least = class(self.least);
            self.common.retain(|(_, class)| *class >= least);
        }
        self.full = self.common.len() + COMMON;
    }

    /// Returns the order.
    pub fn finish(mut self) -> Order {
        self.settle();
        let (common, classes) = self.common.into_iter().unzip();
        Order::new(common, classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn counts_fall_into_classes() {
        let classes = [0, 1, 7, 8, 15, 16, 31, 32, 127, 128, 255].map(class);
        assert_eq!(classes, [0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5]);
    }

    proptest! {
        #[test]
        fn the_prefix_is_the_start_of_the_order(
            counts in prop::collection::btree_map(any::<u64>(), 0u8..40, 0..80),
            set in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
            similarity in 0.05f64..1.0,
        ) {
            let counter = Counter::new(1 << 20, 1 << 20);
            for (shingle, count) in &counts {
                counter.add(&vec![*shingle; usize::from(*count)]);
            }
            let all: Vec<u64> = counts.keys().copied().collect();
            let mut maker = OrderMaker::new(&counter);
            maker.add(&all);
            maker.add(&all);
            let order = maker.finish();
            prop_assert_eq!(Order::new(order.parts().0.to_vec(), order.parts().1.to_vec()), order.clone());
            let set: BTreeSet<u64> = match all.is_empty() {
                true => BTreeSet::new(),
                false => set.iter().map(|at| *at.get(&all)).collect(),
            };
            let set: Vec<u64> = set.into_iter().collect();
            let threshold = Threshold::new(similarity);
            let mut prefix = Vec::new();
            order.prefix(&set, threshold, &mut prefix);
            let mut ordered = set.clone();
            ordered.sort_by_key(|shingle| (class(counter.count(*shingle)), *shingle));
            let wanted = if set.is_empty() { 0 } else { threshold.prefix(set.len()) };
            prop_assert_eq!(&prefix[..], &ordered[..wanted]);
        }
    }
}
