//! Where in an ascending list of shingles to look for one, told by its top bits.

use std::ops::Range;

/// Where the shingles of each value of the top bits start, and the end of the list.
///
/// Shingles are hashes, so about one is found in a bucket, and at most two buckets there are for
/// each: four to eight bytes a shingle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Buckets {
    starts: Vec<u32>,
    shift: u32,
}

impl Buckets {
    /// Returns the buckets of a list, ascending, of fewer than 2³² shingles.
    pub fn of(shingles: impl ExactSizeIterator<Item = u64>) -> Self {
        let count = shingles.len();
        let bits = count.max(2).next_power_of_two().ilog2();
        let shift = u64::BITS - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (at, shingle) in (0u32..).zip(shingles) {
            let bucket = (shingle >> shift) as usize;
            if starts.len() <= bucket {
                starts.resize(bucket + 1, at);
            }
        }
        starts.resize((1 << bits) + 1, count as u32);
        Self { starts, shift }
    }

    /// Returns the places of the list where `shingle` may stand.
    #[inline]
    pub fn range(&self, shingle: u64) -> Range<usize> {
        let bucket = (shingle >> self.shift) as usize;
        match self.starts.get(bucket..) {
            Some(&[start, end, ..]) => start as usize..end as usize,
            _ => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Buckets;

    #[test]
    fn every_shingle_stands_where_it_is_looked_for() {
        assert_eq!(Buckets::default().range(u64::MAX), 0..0);
        for count in [0u64, 1, 2, 3, 100, 1000] {
            let step = u64::MAX / count.max(1);
            let list: Vec<u64> = (0..count).map(|at| at * step).chain([u64::MAX]).collect();
            let buckets = Buckets::of(list.iter().copied());
            for shingle in &list {
                assert!(list[buckets.range(*shingle)].contains(shingle), "{count}");
            }
            assert!(!list[buckets.range(7)].contains(&7));
        }
    }
}
