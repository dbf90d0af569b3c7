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

/// Returns how many members two sets share, or `None` once it cannot be `least` any more.
pub fn shared(a: &[u64], b: &[u64], least: usize) -> Option<usize> {
    let spare_a = a.len().checked_sub(least)?;
    let spare_b = b.len().checked_sub(least)?;
    let (mut at_a, mut at_b, mut both) = (0, 0, 0);
    while at_a < a.len() && at_b < b.len() {
        let (x, y) = (a[at_a], b[at_b]);
        both += usize::from(x == y);
        at_a += usize::from(x <= y);
        at_b += usize::from(y <= x);
        if at_a - both > spare_a || at_b - both > spare_b {
            return None;
        }
    }
    (both >= least).then_some(both)
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
            a in prop::collection::btree_set(0u64..60, 0..40),
            b in prop::collection::btree_set(0u64..60, 0..40),
            least in 0usize..40,
        ) {
            let expected = a.intersection(&b).count();
            let [a, b] = [a, b].map(|set| set.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(shared(&a, &b, least), (expected >= least).then_some(expected));
        }
    }
}
