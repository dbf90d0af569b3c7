//! Which kept documents have a shingle among their rarest.

use rustc_hash::FxHashMap;

/// A kept document in the list of a shingle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting {
    /// The document, in the order of keeping.
    pub(super) kept: u32,
    /// How many shingles it has.
    pub(super) size: u32,
    /// How many of them come after this one in the order of rarity.
    pub(super) rest: u32,
}

/// Where a shingle's list lies in `postings`; it has room for the next power of two.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    start: u32,
    length: u32,
}

/// Shingles and their lists.
///
/// Every list lies in one piece, however long. One that is full moves into a
/// piece of twice the room, and the old piece is given to the next list that
/// wants one of that size.
#[derive(Debug, Default)]
pub(super) struct Index {
    lists: FxHashMap<u64, List>,
    postings: Vec<Posting>,
    /// Starts of pieces that nobody uses, by the logarithm of their size.
    free: Vec<Vec<u32>>,
}

impl Index {
    /// Returns where the list of `shingle` lies, if it has one.
    pub(super) fn list(&self, shingle: u64) -> Option<List> {
        self.lists.get(&shingle).copied()
    }

    /// Returns the documents of a list, in the order of keeping.
    pub(super) fn postings(&self, list: List) -> &[Posting] {
        let start = list.start as usize;
        &self.postings[start..start + list.length as usize]
    }

    /// Appends a document to the list of `shingle`.
    pub(super) fn push(&mut self, shingle: u64, posting: Posting) {
        let list = self.lists.entry(shingle).or_default();
        let length = list.length as usize;
        if length == 0 || length.is_power_of_two() {
            // Room for 1, 2, 4, …: full at every power of two.
            let class = if length == 0 {
                0
            } else {
                length.ilog2() as usize + 1
            };
            if self.free.len() <= class {
                self.free.resize(class + 1, Vec::new());
            }
            let start = self.free[class]
                .pop()
                .map_or(self.postings.len(), |start| start as usize);
            let old = list.start as usize;
            if start == self.postings.len() {
                self.postings
                    .resize(start + (1 << class), Posting::default());
            }
            if length > 0 {
                self.postings.copy_within(old..old + length, start);
                self.free[class - 1].push(list.start);
            }
            list.start = start as u32;
        }
        self.postings[list.start as usize + length] = posting;
        list.length += 1;
    }

    /// Returns about how many bytes it would take, at the peak, to push so many more.
    ///
    /// A table that grows stands twice for a moment: as it was, and twice as large.
    pub(super) fn bytes_with(&self, more: usize) -> usize {
        let at_peak = |length: usize, capacity: usize| {
            if length + more > capacity {
                capacity.max(more) * 3
            } else {
                capacity
            }
        };
        let free: usize = self.free.iter().map(Vec::capacity).sum();
        let lists = at_peak(self.lists.len(), self.lists.capacity());
        let postings = at_peak(self.postings.len(), self.postings.capacity());
        free * size_of::<u32>()
            + postings * size_of::<Posting>()
            + lists * (size_of::<(u64, List)>() + 1) * 8 / 7
    }

    /// Returns whether one more document with so many shingles may not fit the numbers.
    pub(super) fn is_full(&self, more: usize) -> bool {
        // Each push adds at most twice the longest list, all lists together are no longer
        // than the postings.
        self.postings.len().saturating_mul(3).saturating_add(more) >= u32::MAX as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn lists_are_what_was_pushed(shingles in prop::collection::vec(0u64..12, 0..400)) {
            let (mut index, mut expected) = (Index::default(), BTreeMap::<u64, Vec<u32>>::new());
            for (shingle, kept) in shingles.into_iter().zip(0..) {
                index.push(shingle, Posting { kept, size: 1, rest: 0 });
                expected.entry(shingle).or_default().push(kept);
            }
            for shingle in 0..13 {
                let found: Vec<u32> = index.list(shingle).map_or(&[][..], |list| index.postings(list)).iter().map(|posting| posting.kept).collect();
                prop_assert_eq!(found, expected.remove(&shingle).unwrap_or_default());
            }
        }
    }
}
