//! Which kept documents have a shingle among their rarest.

use rustc_hash::FxHashMap;

/// Lists of so many documents and more have a summary.
const LONG: u32 = 32;

/// Parts of an index, as a power of two. A table that grows stands twice for a moment, as it was
/// and larger: in parts, that is a little of the whole.
const PART_BITS: u32 = 6;

/// A kept document in the list of a shingle.
///
/// Numbers that do not fit are held as the greatest that does, which then stands for it and all
/// above: bounds made from them are never too strict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting {
    /// The document, in the order of keeping.
    pub(super) kept: u32,
    size: u16,
    rest: u16,
}

impl Posting {
    /// Returns the posting of a document of so many shingles, of which `rest` come after this one
    /// in the order of rarity.
    pub(super) fn new(kept: u32, size: usize, rest: usize) -> Self {
        let held = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Self {
            kept,
            size: held(size),
            rest: held(rest),
        }
    }

    /// Returns the least number of shingles it may have.
    #[inline]
    pub(super) fn least_size(self) -> usize {
        usize::from(self.size)
    }

    /// Returns the greatest number of shingles it may have.
    #[inline]
    pub(super) fn greatest_size(self) -> usize {
        at_most(self.size)
    }

    /// Returns how many of them come after this one at most.
    #[inline]
    pub(super) fn rest(self) -> usize {
        at_most(self.rest)
    }
}

#[inline]
fn at_most(held: u16) -> usize {
    match held {
        u16::MAX => usize::MAX / 2,
        number => usize::from(number),
    }
}

/// Where a shingle's list lies in its part; it has room for the next power of two.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    start: u32,
    length: u32,
}

/// The best that any document of a list can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Summary {
    size: u16,
    rest: u16,
}

impl Summary {
    fn with(self, posting: &Posting) -> Self {
        Self {
            size: self.size.min(posting.size),
            rest: self.rest.max(posting.rest),
        }
    }

    /// Returns the least size of a document.
    pub(super) fn least_size(self) -> usize {
        usize::from(self.size)
    }

    /// Returns the greatest number of shingles that come after this one in any.
    pub(super) fn rest(self) -> usize {
        at_most(self.rest)
    }
}

/// A list that was looked up; it holds until something is pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    part: u32,
    extent: Extent,
}

/// Shingles and their lists.
#[derive(Debug)]
pub(super) struct Index {
    parts: Box<[Part]>,
    /// Bytes that all parts take.
    bytes: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            parts: (0..1 << PART_BITS).map(|_| Part::default()).collect(),
            bytes: 0,
        }
    }
}

impl Index {
    /// Returns where the list of `shingle` lies, if it has one.
    #[inline]
    pub(super) fn list(&self, shingle: u64) -> Option<List> {
        let part = part_of(shingle);
        let extent = *self.parts[part].lists.get(&shingle)?;
        Some(List {
            part: part as u32,
            extent,
        })
    }

    /// Returns the documents of a list, in the order of keeping.
    #[inline]
    pub(super) fn postings(&self, list: List) -> &[Posting] {
        let start = list.extent.start as usize;
        &self.parts[list.part as usize].postings[start..start + list.extent.length as usize]
    }

    /// Returns what the list of `shingle` has to offer at best, if it is long.
    pub(super) fn summary(&self, shingle: u64, list: List) -> Option<Summary> {
        let summaries = &self.parts[list.part as usize].summaries;
        (list.extent.length >= LONG).then(|| summaries.get(&shingle).copied())?
    }

    /// Appends a document to the list of `shingle`.
    pub(super) fn push(&mut self, shingle: u64, posting: Posting) {
        self.bytes += self.parts[part_of(shingle)].push(shingle, posting);
    }

    /// Returns about how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.parts.len() * size_of::<Part>()
    }

    /// Returns about how many bytes it would take, at the peak, to push these.
    pub(super) fn bytes_with(&self, shingles: &[u64]) -> usize {
        let mut counts = [0u32; 1 << PART_BITS];
        for shingle in shingles {
            counts[part_of(*shingle)] += 1;
        }
        let mut peak = 0;
        let mut bytes = self.bytes();
        for (part, count) in self.parts.iter().zip(counts) {
            if count > 0 {
                let more = part.growth(count as usize);
                bytes += more;
                peak = peak.max(more);
            }
        }
        bytes + peak
    }

    /// Returns whether one more document with so many shingles may not fit the numbers.
    pub(super) fn is_full(&self, more: usize) -> bool {
        // Each push adds at most twice the longest list, all lists of a part together are no
        // longer than its postings.
        let longest = self.parts.iter().map(|part| part.postings.len()).max();
        let longest = longest.unwrap_or_default();
        longest.saturating_mul(3).saturating_add(more) >= u32::MAX as usize
    }
}

#[inline]
fn part_of(shingle: u64) -> usize {
    (shingle >> (u64::BITS - PART_BITS)) as usize
}

/// The lists of some shingles.
///
/// Every list lies in one piece, however long. One that is full moves into a
/// piece of twice the room, and the old piece is given to the next list that
/// wants one of that size.
#[derive(Debug, Default)]
struct Part {
    lists: FxHashMap<u64, Extent>,
    postings: Vec<Posting>,
    /// Of long lists, the least size and the greatest rest.
    summaries: FxHashMap<u64, Summary>,
    /// Starts of pieces that nobody uses, by the logarithm of their size.
    free: Vec<Vec<u32>>,
}

impl Part {
    /// Appends a document to the list of `shingle`; answers by how many bytes the part grew.
    fn push(&mut self, shingle: u64, posting: Posting) -> usize {
        let before = self.tables();
        let mut pieces = 0;
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
                let room = self.postings.capacity() - self.postings.len();
                if room < 1 << class {
                    // By half: what grows to twice its room leaves half of it free.
                    let more = (self.postings.capacity() / 2).max(1 << class);
                    self.postings.reserve_exact(more);
                }
                self.postings
                    .resize(start + (1 << class), Posting::default());
            }
            if length > 0 {
                self.postings.copy_within(old..old + length, start);
                let free = &mut self.free[class - 1];
                pieces = free.capacity();
                free.push(list.start);
                pieces = free.capacity() - pieces;
            }
            list.start = start as u32;
        }
        self.postings[list.start as usize + length] = posting;
        list.length += 1;
        if list.length >= LONG {
            let (start, end) = (list.start as usize, (list.start + list.length) as usize);
            let worst = Summary {
                size: u16::MAX,
                rest: 0,
            };
            let summary = match self.summaries.get(&shingle) {
                Some(summary) => summary.with(&posting),
                None => self.postings[start..end].iter().fold(worst, Summary::with),
            };
            self.summaries.insert(shingle, summary);
        }
        self.tables() - before + pieces * size_of::<u32>()
    }

    fn tables(&self) -> usize {
        self.summaries.capacity() * (size_of::<(u64, Summary)>() + 1) * 8 / 7
            + self.postings.capacity() * size_of::<Posting>()
            + self.lists.capacity() * (size_of::<(u64, Extent)>() + 1) * 8 / 7
    }

    /// Returns about how many bytes more so many pushes take, at most.
    fn growth(&self, pushes: usize) -> usize {
        // Most lists are short and take pieces of one or two.
        let postings = grows(self.postings.len(), self.postings.capacity(), 2 * pushes);
        let lists = grows(self.lists.len(), self.lists.capacity(), pushes);
        postings * size_of::<Posting>() + lists * (size_of::<(u64, Extent)>() + 1) * 8 / 7
    }
}

/// Returns by how much a table grows, at most, when so many more are put into it.
fn grows(length: usize, capacity: usize, more: usize) -> usize {
    if length + more > capacity {
        capacity.max(2 * more)
    } else {
        0
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
        fn lists_are_what_was_pushed(pushed in prop::collection::vec((0u64..12, 1usize..90), 0..900)) {
            let (mut index, mut expected) = (Index::default(), BTreeMap::<u64, Vec<Posting>>::new());
            for ((shingle, size), kept) in pushed.into_iter().zip(0..) {
                // Some in one part, some elsewhere.
                let shingle = if shingle % 2 == 0 { shingle } else { shingle << 59 };
                let posting = Posting::new(kept, size, size / 2);
                index.push(shingle, posting);
                expected.entry(shingle).or_default().push(posting);
            }
            prop_assert_eq!(
                index.bytes(),
                index.parts.iter().map(|part| {
                    let free: usize = part.free.iter().map(Vec::capacity).sum();
                    part.tables() + free * size_of::<u32>() + size_of::<Part>()
                }).sum::<usize>()
            );
            for shingle in (0..13).map(|shingle| if shingle % 2 == 0 { shingle } else { shingle << 59 }) {
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
