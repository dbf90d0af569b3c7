//! Which kept documents have a shingle among their rarest.

/// Lists of so many documents and more have a summary.
const LONG: u32 = 32;

/// Parts of an index, as a power of two. A table that grows stands twice for a moment, as it was
/// and larger: in parts, that is a little of the whole.
const PART_BITS: u32 = 6;

/// Shingles that are looked up together, so that their cache misses overlap.
const BATCH: usize = 64;

/// Slots of the smallest table.
const LEAST_SLOTS: usize = 16;

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

    /// Returns the summary of no posting.
    fn of_none() -> Self {
        Self {
            kept: 0,
            size: u16::MAX,
            rest: 0,
        }
    }

    /// Takes another into a summary: the least size and the greatest rest.
    fn take_in(&mut self, posting: Self) {
        self.size = self.size.min(posting.size);
        self.rest = self.rest.max(posting.rest);
    }

    /// Returns the least number of shingles the document may have.
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

/// A list that was looked up; it holds until something is pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// Which of the shingles that were looked up it belongs to.
    pub(super) at: u32,
    part: u32,
    extent: Extent,
    /// What stands first: the summary, or a document.
    head: Posting,
}

impl List {
    /// Returns the best that any document of the list has to offer, if it is long: the least size
    /// and the greatest rest.
    #[inline]
    pub(super) fn best(&self) -> Option<Posting> {
        (self.extent.length >= LONG).then_some(self.head)
    }
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
    /// Appends the lists of those of `shingles` that have one to `lists`.
    pub(super) fn look_up(&self, shingles: &[u64], lists: &mut Vec<List>) {
        for (batch, from) in shingles.chunks(BATCH).zip((0..).step_by(BATCH)) {
            let mut slots = [Slot::default(); BATCH];
            for (slot, shingle) in slots.iter_mut().zip(batch) {
                *slot = self.parts[part_of(*shingle)].home(*shingle);
            }
            let start = lists.len();
            for ((slot, shingle), at) in slots.iter().zip(batch).zip(from..) {
                let part = part_of(*shingle);
                let extent = if slot.shingle == *shingle || slot.extent.length == 0 {
                    slot.extent
                } else {
                    self.parts[part].extent(*shingle)
                };
                if extent.length > 0 {
                    lists.push(List {
                        at,
                        part: part as u32,
                        extent,
                        head: Posting::default(),
                    });
                }
            }
            for list in lists.iter_mut().skip(start) {
                let postings = &self.parts[list.part as usize].postings;
                list.head = postings[list.extent.start as usize];
            }
        }
    }

    /// Returns the documents of a list, in the order of keeping.
    #[inline]
    pub(super) fn postings(&self, list: &List) -> &[Posting] {
        let (start, end) = list.extent.bounds();
        &self.parts[list.part as usize].postings[start..end]
    }

    /// Appends a document to the list of `shingle`.
    pub(super) fn push(&mut self, shingle: u64, posting: Posting) {
        self.bytes += self.parts[part_of(shingle)].push(shingle, posting);
    }

    /// Returns about how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.parts.len() * size_of::<Part>()
    }

    /// Returns about how many bytes it would take, at the peak, to push a posting for each of
    /// these.
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

/// Where a shingle's list lies in its part: in a piece with room for the next power of two, behind
/// the summary if it is long.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    start: u32,
    length: u32,
}

impl Extent {
    fn is_long(self) -> bool {
        self.length >= LONG
    }

    /// Returns how much of its piece is taken.
    fn taken(self) -> usize {
        self.length as usize + usize::from(self.is_long())
    }

    /// Returns the bounds of the list in the postings of the part.
    #[inline]
    fn bounds(self) -> (usize, usize) {
        let start = self.start as usize + usize::from(self.is_long());
        (start, start + self.length as usize)
    }
}

/// A shingle and its list; an empty list is a free slot.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    shingle: u64,
    extent: Extent,
}

/// The lists of some shingles.
///
/// Shingles are hashes, so their own bits tell where in `slots` they belong; those that find their
/// place taken stand in the next that is free. Every list lies in one piece of `postings`, however
/// long. One that is full moves into a piece of twice the room, and the old piece is given to the
/// next list that wants one of that size.
#[derive(Debug, Default)]
struct Part {
    slots: Vec<Slot>,
    lists: usize,
    postings: Vec<Posting>,
    /// Starts of pieces that nobody uses, by the logarithm of their size.
    free: Vec<Vec<u32>>,
}

impl Part {
    /// Returns the place among so many slots, a power of two, that a shingle belongs to.
    #[inline]
    fn place(shingle: u64, slots: usize) -> usize {
        // The bits behind those that tell the part; of one slot there is no bit to take.
        let bits = slots.trailing_zeros();
        ((shingle << PART_BITS) >> 1 >> (u64::BITS - 1 - bits)) as usize
    }

    /// Returns the slot that a shingle belongs to, whoever stands there.
    #[inline]
    fn home(&self, shingle: u64) -> Slot {
        let place = Self::place(shingle, self.slots.len().max(1));
        self.slots.get(place).copied().unwrap_or_default()
    }

    /// Returns the place of the slot of a shingle, or of the free one where it would stand; there
    /// must be a free one.
    fn find(slots: &[Slot], shingle: u64) -> usize {
        let mut place = Self::place(shingle, slots.len());
        while slots[place].extent.length > 0 && slots[place].shingle != shingle {
            place = (place + 1) % slots.len();
        }
        place
    }

    fn extent(&self, shingle: u64) -> Extent {
        self.slots[Self::find(&self.slots, shingle)].extent
    }

    /// Appends a document to the list of `shingle`; answers by how many bytes the part grew.
    fn push(&mut self, shingle: u64, posting: Posting) -> usize {
        let mut grown = 0;
        if (self.lists + 1) * 4 > self.slots.len() * 3 {
            let count = (self.slots.len() * 2).max(LEAST_SLOTS);
            let mut slots = vec![Slot::default(); count];
            for slot in self.slots.iter().filter(|slot| slot.extent.length > 0) {
                let place = Self::find(&slots, slot.shingle);
                slots[place] = *slot;
            }
            grown += (count - self.slots.len()) * size_of::<Slot>();
            self.slots = slots;
        }
        let place = Self::find(&self.slots, shingle);
        let mut extent = self.slots[place].extent;
        self.lists += usize::from(extent.length == 0);
        let new_length = extent.length + 1;
        let starts_summary = new_length == LONG;
        if extent.length == 0 || extent.taken().is_power_of_two() || starts_summary {
            let class = (extent.taken() + 1 + usize::from(starts_summary))
                .next_power_of_two()
                .ilog2() as usize;
            let (start, more) = self.piece(class);
            grown += more;
            if extent.length > 0 {
                let (from, to) = extent.bounds();
                let into = start + usize::from(extent.is_long() || starts_summary);
                self.postings.copy_within(from..to, into);
                if starts_summary {
                    let mut summary = Posting::of_none();
                    for posting in &self.postings[into..into + (to - from)] {
                        summary.take_in(*posting);
                    }
                    self.postings[start] = summary;
                } else if extent.is_long() {
                    self.postings[start] = self.postings[extent.start as usize];
                }
                let old = extent.taken().next_power_of_two().ilog2() as usize;
                let free = &mut self.free[old];
                let room = free.capacity();
                free.push(extent.start);
                grown += (free.capacity() - room) * size_of::<u32>();
            }
            extent.start = start as u32;
        }
        extent.length = new_length;
        if extent.is_long() {
            self.postings[extent.start as usize].take_in(posting);
        }
        let (_, end) = extent.bounds();
        self.postings[end - 1] = posting;
        self.slots[place] = Slot { shingle, extent };
        grown
    }

    /// Returns the start of a free piece with room for two to the power of `class`, and by how
    /// many bytes the part grew for it.
    fn piece(&mut self, class: usize) -> (usize, usize) {
        if self.free.len() <= class {
            self.free.resize(class + 1, Vec::new());
        }
        if let Some(start) = self.free[class].pop() {
            return (start as usize, 0);
        }
        let (start, before) = (self.postings.len(), self.postings.capacity());
        if before - start < 1 << class {
            // By half: what grows to twice its room leaves half of it free.
            self.postings.reserve_exact((before / 2).max(1 << class));
        }
        self.postings
            .resize(start + (1 << class), Posting::default());
        let grown = self.postings.capacity() - before;
        (start, grown * size_of::<Posting>())
    }

    /// Returns about how many bytes more so many pushes take, at most.
    fn growth(&self, pushes: usize) -> usize {
        let slots = if (self.lists + pushes) * 4 > self.slots.len() * 3 {
            (self.slots.len() * 2).max(LEAST_SLOTS).max(pushes * 2)
        } else {
            0
        };
        // Most lists are short and take pieces of one or two.
        let more = 2 * pushes;
        let room = self.postings.capacity();
        let postings = if self.postings.len() + more > room {
            (room + room / 2).max(self.postings.len() + more)
        } else {
            0
        };
        slots * size_of::<Slot>() + postings * size_of::<Posting>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn lists_are_what_was_pushed(
            pushed in prop::collection::vec((0u64..40, 1usize..90), 0..900),
            few in 1u64..40,
        ) {
            // In one part and in many, in slots next to each other and far away.
            let spread = |number: u64| match number % 3 {
                0 => number,
                1 => number << 56,
                _ => u64::MAX - number,
            };
            let (mut index, mut expected) = (Index::default(), BTreeMap::<u64, Vec<Posting>>::new());
            for ((number, size), kept) in pushed.into_iter().zip(0..) {
                let posting = Posting::new(kept, size, size / 2);
                index.push(spread(number % few), posting);
                expected.entry(spread(number % few)).or_default().push(posting);
            }
            let bytes = |part: &Part| {
                part.slots.len() * size_of::<Slot>()
                    + part.postings.capacity() * size_of::<Posting>()
                    + part.free.iter().map(Vec::capacity).sum::<usize>() * size_of::<u32>()
            };
            prop_assert_eq!(index.bytes, index.parts.iter().map(bytes).sum::<usize>());
            let asked: Vec<u64> = (0..90).map(spread).collect();
            let mut lists = Vec::new();
            index.look_up(&asked, &mut lists);
            prop_assert_eq!(lists.len(), expected.len());
            for list in &lists {
                let expected = &expected[&asked[list.at as usize]];
                prop_assert_eq!(index.postings(list), expected);
                let best = (expected.len() >= LONG as usize).then(|| {
                    let size = expected.iter().map(|posting| posting.size).min();
                    let rest = expected.iter().map(|posting| posting.rest).max();
                    (size, rest)
                });
                let told = list.best().map(|best| (Some(best.size), Some(best.rest)));
                prop_assert_eq!(told, best);
            }
        }
    }

    #[test]
    fn numbers_that_do_not_fit_bound_what_they_stand_for() {
        for (size, rest) in [
            (1, 0),
            (65_534, 65_533),
            (65_535, 65_534),
            (1 << 30, 1 << 29),
        ] {
            let posting = Posting::new(7, size, rest);
            assert!((posting.least_size()..=posting.greatest_size()).contains(&size));
            assert!(posting.rest() >= rest);
            assert_eq!(posting.greatest_size() == size, size < 65_535);
        }
    }
}
