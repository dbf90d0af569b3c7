//! Sets of hashes: sorted, without repeats; how they are made and compared.

/// Fewer members than this are sorted by comparing.
const SMALL: usize = 48;

/// A bucket with more members than this is not the work of an even hash.
const CROWDED: u32 = 32;

/// Sorts hashes into sets, with buffers that serve for one after another.
///
/// Hashes are spread evenly, so they are dealt out by their top bits into about
/// as many buckets as there are hashes, which leaves little to sort.
#[derive(Debug, Default)]
pub struct Sorter {
    ends: Vec<u32>,
    dealt: Vec<u64>,
}

impl Sorter {
    /// Sorts `hashes` and takes out repeats; what is such a set already is left as it is.
    pub fn sort(&mut self, hashes: &mut Vec<u64>) {
        if hashes.is_sorted_by(|a, b| a < b) {
            return;
        }
        if hashes.len() < SMALL || !self.deal(hashes) {
            hashes.sort_unstable();
        }
        hashes.dedup();
    }

    /// Sorts by dealing; answers whether it did, which it does not where a bucket gets crowded.
    fn deal(&mut self, hashes: &mut [u64]) -> bool {
        let shift = u64::BITS - hashes.len().ilog2();
        let bucket = |hash: u64| (hash >> shift) as usize;
        self.ends.clear();
        self.ends.resize((1 << hashes.len().ilog2()) + 1, 0);
        for hash in hashes.iter() {
            self.ends[bucket(*hash) + 1] += 1;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            if *end > CROWDED {
                return false;
            }
            sum += *end;
            *end = sum;
        }
        self.dealt.clear();
        self.dealt.extend_from_slice(hashes);
        for hash in &self.dealt {
            let at = &mut self.ends[bucket(*hash)];
            hashes[*at as usize] = *hash;
            *at += 1;
        }
        for at in 1..hashes.len() {
            let hash = hashes[at];
            let mut to = at;
            while to > 0 && hashes[to - 1] > hash {
                hashes[to] = hashes[to - 1];
                to -= 1;
            }
            hashes[to] = hash;
        }
        true
    }
}

/// Counts what a set shares with others, which need be neither sorted nor free of repeats.
///
/// As in sorting, hashes are spread evenly: the top bits of a member tell where in the set it
/// would stand, give or take a place or two.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Where the members of each value of the top bits start, and the end.
    starts: Vec<u32>,
    shift: u32,
    /// A bit for each member that has been met.
    met: Vec<u64>,
}

impl Lookup {
    /// Makes ready for a set, ascending.
    pub fn prepare(&mut self, set: &[u64]) {
        let bits = set.len().max(2).ilog2();
        self.shift = u64::BITS - bits;
        self.starts.clear();
        for (at, member) in (0u32..).zip(set) {
            let bucket = (member >> self.shift) as usize;
            // Ascending: once for each bucket, the empty ones before it too.
            if self.starts.len() <= bucket {
                self.starts.resize(bucket + 1, at);
            }
        }
        self.starts.resize((1 << bits) + 1, set.len() as u32);
    }

    /// Returns how many members the set that it was made ready for shares with the set of
    /// `others`, or `None` once it cannot be `least` any more.
    pub fn shared(&mut self, set: &[u64], others: &[u64], least: usize) -> Option<usize> {
        self.met.clear();
        self.met.resize(set.len().div_ceil(64), 0);
        let mut spare = others.len().checked_sub(least)?;
        let mut shared = 0;
        for hash in others {
            let Some(at) = self.place(set, *hash) else {
                spare = spare.checked_sub(1)?;
                continue;
            };
            let (word, bit) = (at / 64, 1 << (at % 64));
            shared += usize::from(self.met[word] & bit == 0);
            self.met[word] |= bit;
        }
        (shared >= least).then_some(shared)
    }

    #[inline]
    fn place(&self, set: &[u64], hash: u64) -> Option<usize> {
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (
            self.starts[bucket] as usize,
            self.starts[bucket + 1] as usize,
        );
        let members = &set[start..end];
        let found = if members.len() > CROWDED as usize {
            members.binary_search(&hash).ok()
        } else {
            members.iter().position(|member| *member == hash)
        };
        found.map(|at| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn sorting_gives_the_set(
            mut hashes in prop_oneof![
                prop::collection::vec(any::<u64>(), 0..400),
                prop::collection::vec(0u64..90, 0..400),
                prop::collection::vec((0u64..90).prop_map(|n| n << 56 | n), 0..400),
            ],
        ) {
            let expected: BTreeSet<u64> = hashes.iter().copied().collect();
            Sorter::default().sort(&mut hashes);
            prop_assert_eq!(hashes, expected.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn shared_members_are_counted_or_given_up_rightly(
            a in prop::collection::btree_set(0u64..60, 0..60),
            b in prop::collection::vec(0u64..60, 0..90),
            spread in prop_oneof![Just(1), Just(0x9e37_79b9_7f4a_7c15u64)],
            least in 0usize..40,
        ) {
            let a: BTreeSet<u64> = a.into_iter().map(|n| n.wrapping_mul(spread)).collect();
            let b: Vec<u64> = b.into_iter().map(|n| n.wrapping_mul(spread)).collect();
            let expected = b.iter().collect::<BTreeSet<_>>().into_iter().filter(|n| a.contains(n)).count();
            let a: Vec<u64> = a.into_iter().collect();
            let mut lookup = Lookup::default();
            lookup.prepare(&[7, 1 << 63]);
            lookup.prepare(&a);
            prop_assert_eq!(lookup.shared(&a, &b, least), (expected >= least).then_some(expected));
        }
    }
}
