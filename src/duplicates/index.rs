//! Which kept documents have a shingle among their rarest.

use rustc_hash::FxHashMap;

/// Lists of so many documents and more have a summary.
const LONG: u32 = 32;

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

/// The best that any document of a list can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Summary {
    /// The least size.
    pub(super) size: u32,
    /// The greatest rest.
    pub(super) rest: u32,
}

impl Summary {
    fn with(self, posting: &Posting) -> Self {
        Self {
            size: self.size.min(posting.size),
            rest: self.rest.max(posting.rest),
        }
    }
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
    /// Of long lists, the least size and the greatest rest.
    summaries: FxHashMap<u64, Summary>,
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

    /// Returns what the list of `shingle` has to offer at best, if it is long.
    pub(super) fn summary(&self, shingle: u64, list: List) -> Option<Summary> {
        (list.length >= LONG).then(|| self.summaries.get(&shingle).copied())?
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
        if list.length >= LONG {
            let list = *list;
            let worst = Summary {
                size: u32::MAX,
                rest: 0,
            };
            let summary = match self.summaries.get(&shingle) {
                Some(summary) => summary.with(&posting),
                None => self.postings(list).iter().fold(worst, Summary::with),
            };
            self.summaries.insert(shingle, summary);
        }
    }

    /// Returns about how many bytes it would take, at the peak, to push so many more.
    pub(super) fn bytes_with(&self, more: usize) -> usize {
        let free: usize = self.free.iter().map(Vec::capacity).sum();
        let lists = at_peak(self.lists.len(), self.lists.capacity(), more);
        let postings = at_peak(self.postings.len(), self.postings.capacity(), more);
        free * size_of::<u32>()
            + self.summaries.capacity() * (size_of::<(u64, Summary)>() + 1) * 8 / 7
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

/// Returns the room of a table at the peak, when so many more are put into it.
///
/// A table that grows stands twice for a moment: as it was, and twice as large.
pub(super) fn at_peak(length: usize, capacity: usize, more: usize) -> usize {
    if length + more > capacity {
        capacity.max(more) * 3
    } else {
        capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn lists_are_what_was_pushed(pushed in prop::collection::vec((0u64..12, 1u32..90), 0..900)) {
            let (mut index, mut expected) = (Index::default(), BTreeMap::<u64, Vec<Posting>>::new());
            for ((shingle, size), kept) in pushed.into_iter().zip(0..) {
                let posting = Posting { kept, size, rest: size / 2 };
                index.push(shingle, posting);
                expected.entry(shingle).or_default().push(posting);
            }
            for shingle in 0..13 {
                let expected = expected.remove(&shingle).unwrap_or_default();
                let Some(list) = index.list(shingle) else {
                    prop_assert!(expected.is_empty());
                    continue;
                };
                prop_assert_eq!(index.postings(list), &expected);
                let summary = expected.iter().map(|posting| posting.size).min().zip(
                    expected.iter().map(|posting| posting.rest).max(),
                );
                let summary = summary.map(|(size, rest)| Summary { size, rest });
                prop_assert_eq!(
                    index.summary(shingle, list),
                    summary.filter(|_| expected.len() >= LONG as usize)
                );
            }
        }
    }
}
