//! The threshold as whole numbers: what counts as similar, and what follows from it.

use crate::settings::DuplicateSettings;

/// A threshold is held in parts of this many.
const WHOLE: u64 = 1_000_000_000;

/// The least similarity of duplicates, in billionths, rounded down.
///
/// Two sets of sizes *a* and *b* with *o* shared are duplicates iff
/// `o / (a + b − o) ≥ t`, asked as `o · 10⁹ ≥ parts · (a + b − o)`. Every bound
/// below is derived from that one inequality in integers, so no filter can
/// lose a pair that the inequality accepts, however a fraction rounds. That
/// 0.7 of seven in ten is accepted is the point of rounding down; it accepts
/// at most 10⁻⁹ more than was asked for. Sets have fewer than 2³² members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    parts: u64,
    eighths: u64,
}

impl Threshold {
    /// Returns the threshold of a similarity; what is not above 0 and at most 1 is moved there.
    pub fn new(similarity: f64) -> Self {
        // The cast rounds down, takes what is negative or no number to 0.
        let parts = ((similarity * WHOLE as f64) as u64).clamp(1, WHOLE);
        // Two and a half prefixes, in whole eighths: fewer are cheaper to count and to look up,
        // but settle fewer documents. Measured at 0.8 with three to eight eighths.
        let eighths = ((WHOLE - parts) * 20).div_ceil(WHOLE).clamp(1, 8);
        Self { parts, eighths }
    }

    /// Returns the threshold for the share of a set's own members that stand in another, which is
    /// asked by [`Self::least_shared_of`] and [`Self::prefix`]; `self` leads the order.
    fn of_share(self, share: f64) -> Self {
        Self {
            eighths: self.eighths,
            ..Self::new(share)
        }
    }

    /// Returns the least share of the smaller set that two duplicates have in common, and the
    /// lesser of that and `other`; the order is that of `self`.
    ///
    /// With *a* ≤ *b*: `o ≥ t·(a + b)/(1 + t) ≥ 2t/(1 + t) · a`.
    pub fn least_share(self, other: Self) -> Self {
        let share = 2 * self.parts * WHOLE / (WHOLE + self.parts);
        Self {
            parts: share.min(other.parts),
            eighths: self.eighths,
        }
    }

    /// Returns a lesser threshold, whose prefixes are half as long again and a little more: of
    /// the shingles of such a prefix a duplicate lacks no more than of the shorter one.
    pub fn widened(self) -> Self {
        let more = ((WHOLE - self.parts) / 2).max(WHOLE / 50);
        Self {
            parts: self.parts.saturating_sub(more).max(1),
            eighths: self.eighths,
        }
    }

    /// Returns whether a shingle is one of those that lead the common order.
    ///
    /// About two and a half times as many lead as a prefix is long, so that a prefix nearly
    /// always lies among them: of the others nobody needs to know how often they stand anywhere.
    #[inline]
    pub fn leads(self, shingle: u64) -> bool {
        shingle % 8 < self.eighths
    }

    /// Returns about how many of so many shingles lead.
    pub fn leading(self, shingles: u64) -> u64 {
        shingles / 8 * self.eighths
    }

    /// Returns whether two sets of these sizes with so many shared members are duplicates.
    #[inline]
    pub fn is_reached(self, shared: usize, a: usize, b: usize) -> bool {
        // o/(a+b−o) ≥ t  ⇔  o·(1+t) ≥ t·(a+b)
        shared as u64 * (WHOLE + self.parts) >= self.parts * (a as u64 + b as u64)
    }

    /// Returns the fewest shared members that make two sets of these sizes duplicates.
    #[inline]
    pub fn least_shared(self, a: usize, b: usize) -> usize {
        (self.parts * (a as u64 + b as u64)).div_ceil(WHOLE + self.parts) as usize
    }

    /// Returns the fewest members that a set of this size shares with any duplicate.
    ///
    /// A union holds the set itself: `o ≥ t · union ≥ t · size`.
    #[inline]
    pub fn least_shared_of(self, size: usize) -> usize {
        (self.parts * size as u64).div_ceil(WHOLE) as usize
    }

    /// Returns the least and the greatest size that a duplicate of a set of this size has.
    #[inline]
    pub fn sizes(self, size: usize) -> (usize, usize) {
        (
            self.least_shared_of(size),
            (WHOLE * size as u64 / self.parts) as usize,
        )
    }

    /// Returns how many members, the first in any order common to all sets, are enough.
    ///
    /// Of `size` members at most `size − least_shared_of(size)` are missing from a duplicate, so
    /// one of any that many and one is shared. It never shrinks as `size` grows.
    #[inline]
    pub fn prefix(self, size: usize) -> usize {
        size - self.least_shared_of(size) + 1
    }
}

/// The thresholds of a search, with one common order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// For the similarity of two documents.
    pub near: Threshold,
    /// For the share of a document's shingles that stand in a longer one, where that is asked.
    pub containment: Option<Threshold>,
}

impl Thresholds {
    /// Returns the thresholds that the settings name.
    pub fn of(settings: &DuplicateSettings) -> Self {
        let mut near = Threshold::new(settings.threshold);
        if let Some(share) = settings.containment {
            // Enough shingles lead for the longer of both prefixes.
            near.eighths = near.eighths.max(Threshold::new(share).eighths);
        }
        Self {
            near,
            containment: settings.containment.map(|share| near.of_share(share)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_reached_by_what_equals_it() {
        for denominator in 1..200usize {
            for numerator in 1..=denominator {
                let similarity = numerator as f64 / denominator as f64;
                let threshold = Threshold::new(similarity);
                // `shared` of a union of `denominator`: the sizes add up to both.
                let sum = numerator + denominator;
                assert!(threshold.is_reached(numerator, sum - sum / 2, sum / 2));
                assert!(!threshold.is_reached(numerator - 1, sum - sum / 2, sum / 2));
            }
        }
    }

    #[test]
    fn every_bound_follows_from_the_inequality() {
        for similarity in [
            1e-9,
            0.01,
            0.3,
            0.5,
            2.0 / 3.0,
            0.7,
            0.8,
            0.85,
            0.9,
            0.999,
            1.0,
        ] {
            let threshold = Threshold::new(similarity);
            for a in 1..40usize {
                assert!(threshold.prefix(a) <= threshold.prefix(a + 1));
                for b in 1..40usize {
                    for shared in 0..=a.min(b) {
                        let reached = threshold.is_reached(shared, a, b);
                        assert_eq!(reached, shared >= threshold.least_shared(a, b));
                        if reached {
                            let (least, greatest) = threshold.sizes(a);
                            assert!((least..=greatest).contains(&b));
                            assert!(shared >= threshold.least_shared_of(a));
                            let share = threshold.least_share(Threshold::new(1.0));
                            assert!(shared >= share.least_shared_of(a.min(b)));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_is_moved_to_what_can() {
        assert_eq!(Threshold::new(7.0), Threshold::new(1.0));
        assert_eq!(Threshold::new(-1.0), Threshold::new(1e-9));
        assert_eq!(Threshold::new(f64::NAN), Threshold::new(0.0));
    }
}
