//! How often shingles stand in the corpus: each leading one at most so often, of the others
//! which stand often.

use super::shingles::Digest;
use super::threshold::Threshold;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Shingles that are looked up together, so that their cache misses overlap.
const BATCH: usize = 64;

/// One document in so many counts all its shingles, not the leading ones alone.
const SAMPLE: u8 = 8;

/// From this count on a shingle stands often.
pub(super) const OFTEN: u8 = 128;

/// Slots of the smallest table, as a power of two.
const LEAST_BITS: u32 = 6;

/// Saturating counts of shingles, one byte a slot, shared by all threads.
///
/// Shingles that fall on the same slot are counted together, so a count is
/// never less than the truth (up to 255) and a count of 1 is exact: the shingle
/// stands once in the corpus, if it leads. That is all that correctness asks for; a small
/// table only makes more documents look at each other. Additions commute, so
/// the counts do not depend on the order in which threads came.
#[derive(Debug)]
pub struct Counter {
    slots: Box<[AtomicU8]>,
    shift: u32,
}

impl Counter {
    /// Returns a counter for about so many shingles that takes at most `budget` bytes.
    ///
    /// It takes the power of two at or above the number of shingles, one to two bytes each,
    /// where the budget allows. With as many slots as shingles over a third of those that stand once are
    /// alone on their slot, which at a threshold of 0.8 still settles nearly every document
    /// that repeats nothing (a fifth of its shingles is enough).
    pub fn new(shingles: u64, budget: usize) -> Self {
        let wanted = shingles
            .max(1)
            .checked_next_power_of_two()
            .map_or(63, u64::ilog2);
        let allowed = budget.max(1).ilog2();
        let bits = wanted.min(allowed).clamp(LEAST_BITS, usize::BITS - 2);
        Self {
            slots: (0..1usize << bits).map(|_| AtomicU8::new(0)).collect(),
            shift: u64::BITS - bits,
        }
    }

    /// Returns the bytes it takes.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.slots.len()
    }

    /// Counts every one of `shingles`.
    pub fn add(&self, shingles: &[u64]) {
        for batch in shingles.chunks(BATCH) {
            // Read first: a read does not wait for the one before it, a change does.
            let mut counts = [0; BATCH];
            for (count, shingle) in counts.iter_mut().zip(batch) {
                *count = self.slot(*shingle).load(Relaxed);
            }
            for (count, shingle) in counts.into_iter().zip(batch) {
                let slot = self.slot(*shingle);
                let mut seen = count;
                while seen < u8::MAX {
                    match slot.compare_exchange_weak(seen, seen + 1, Relaxed, Relaxed) {
                        Ok(_) => break,
                        Err(now) => seen = now,
                    }
                }
            }
        }
    }

    /// Returns whether a document is one of those that count all their shingles.
    ///
    /// They are one in eight, picked by digest.
    pub fn samples(digest: &Digest) -> bool {
        digest[0].is_multiple_of(SAMPLE)
    }

    /// Returns about how often a shingle stands in the corpus, whether it leads or not.
    ///
    /// Of a leading one it is the count; of another, what the sample tells of all.
    #[inline]
    pub(super) fn about(&self, shingle: u64, threshold: Threshold) -> u8 {
        let count = self.count(shingle);
        if threshold.leads(shingle) {
            count
        } else {
            count.saturating_mul(SAMPLE)
        }
    }

    /// Returns how often a shingle was counted; 255 is that or more.
    ///
    /// Of a leading one it stands in the corpus at most so often.
    #[inline]
    pub fn count(&self, shingle: u64) -> u8 {
        self.slot(shingle).load(Relaxed)
    }

    #[inline]
    fn slot(&self, shingle: u64) -> &AtomicU8 {
        &self.slots[(shingle >> self.shift) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_keeps_to_the_budget() {
        for (shingles, budget, bytes) in [
            (0, 0, 64),
            (1 << 10, 1 << 20, 1 << 10),
            ((1 << 10) + 1, 1 << 20, 1 << 11),
            (1 << 30, (1 << 20) - 1, 1 << 19),
            (u64::MAX, 1 << 8, 1 << 8),
        ] {
            assert_eq!(
                Counter::new(shingles, budget).bytes(),
                bytes,
                "{shingles} {budget}"
            );
        }
    }

    #[test]
    fn counts_add_up_and_stop_at_the_top() {
        let counter = Counter::new(1 << 10, 1 << 20);
        let (often, once) = (1 << 63, 1 << 62);
        counter.add(&[often; 200]);
        counter.add(&[often, once]);
        assert_eq!(
            [often, once, 0].map(|shingle| counter.count(shingle)),
            [201, 1, 0]
        );
        counter.add(&[often; 200]);
        assert_eq!(counter.count(often), 255);
    }

    #[test]
    fn no_addition_is_lost_between_threads() {
        let counter = Counter::new(0, 0);
        let shingles: Vec<u64> = (0..64).map(|slot| slot << 58).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| counter.add(&shingles)));
            }
        });
        assert!(
            shingles
                .iter()
                .all(|shingle| counter.count(*shingle) == 200)
        );
    }
}
