//! A set in 512 bits: enough to tell, for most pairs, that they share too little.

/// Bits of the map.
const BITS: usize = 512;

/// Of every place of a small map, whether an even or an odd number of the set's members fall on
/// it.
///
/// What two sets share falls on the same places and cancels out, so two maps differ in no more
/// places than there are members in just one of the sets. Hence `|A △ B| ≥ differing`, and with
/// `|A △ B| = |A| + |B| − 2·|A ∩ B|` an upper bound for what is shared: exact, never too low
/// (Sandes, Teodoro, Melo, "Bitmap filter: speeding up exact set similarity joins with bitwise
/// operations", Information Systems 2020). It says much about sets of up to a thousand members,
/// and nothing about very large ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// How many members the set has.
    size: u32,
    odd: [u64; BITS / 64],
}

impl Traits {
    /// Returns the traits of a set of hashes.
    pub fn of(set: &[u64]) -> Self {
        let mut odd = [0; BITS / 64];
        for member in set {
            // Bits that neither tell leaders nor sort.
            let place = (member >> 20) as usize % BITS;
            odd[place / 64] ^= 1 << (place % 64);
        }
        Self {
            size: set.len() as u32,
            odd,
        }
    }

    /// Returns how many members the set has.
    pub fn size(&self) -> usize {
        self.size as usize
    }

    /// Returns the map in bytes, as it is kept.
    pub fn to_bytes(self) -> [u8; BITS / 8] {
        let mut bytes = [0; BITS / 8];
        for (eight, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(&self.odd) {
            *eight = word.to_le_bytes();
        }
        bytes
    }

    /// Returns the traits of a set of so many members from what [`Traits::to_bytes`] gave.
    pub fn from_bytes(size: u32, bytes: &[u8; BITS / 8]) -> Self {
        let mut odd = [0; BITS / 64];
        for (word, eight) in odd.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*eight);
        }
        Self { size, odd }
    }

    /// Returns how many members the two sets share at most.
    pub fn most_shared(&self, other: &Self) -> usize {
        let pairs = self.odd.iter().zip(&other.odd);
        let differing: u32 = pairs.map(|(one, two)| (one ^ two).count_ones()).sum();
        let both = self.size as usize + other.size as usize;
        both.saturating_sub(differing as usize) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn traits(numbers: impl IntoIterator<Item = u64>) -> Traits {
        let spread = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Traits::of(&numbers.into_iter().map(spread).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn the_bound_is_never_too_low(
            a in prop::collection::btree_set(0u64..900, 0..500),
            b in prop::collection::btree_set(0u64..900, 0..500),
        ) {
            let shared = a.intersection(&b).count();
            let [a, b] = [a, b].map(traits);
            prop_assert!(a.most_shared(&b) >= shared);
            prop_assert_eq!(Traits::from_bytes(a.size, &a.to_bytes()), a);
        }
    }

    #[test]
    fn sets_that_share_little_are_told_apart() {
        assert_eq!(traits(0..300).most_shared(&traits(0..300)), 300);
        assert!(traits(0..300).most_shared(&traits(150..450)) < 240);
    }
}
