//! Bytes classified 64 at a time, into bit masks: in loops that compile to vector code.

/// Bytes that are classified at once.
pub(crate) const BLOCK: usize = 64;

/// Returns a mask of the bytes that are 0x80; all others must be 0.
#[inline]
pub(crate) fn high_bits(bytes: &[u8; BLOCK]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    let mut mask = 0;
    for (at, eight) in eights.iter().enumerate() {
        // The product carries bit 8k + 7 to bit 56 + k, for every k.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0002_0408_1020_4081) >> 56;
        mask |= bits << (8 * at);
    }
    mask
}

/// Finds the bytes of a text that are of some class, block by block.
pub(crate) struct Finder<'t, C> {
    bytes: &'t [u8],
    class: C,
    /// The block that was looked at last, and its mask.
    block: std::ops::Range<usize>,
    mask: u64,
}

impl<'t, C: Fn(u8) -> bool> Finder<'t, C> {
    /// Returns a finder of the bytes that `class` tells.
    pub(crate) fn new(bytes: &'t [u8], class: C) -> Self {
        Self {
            bytes,
            class,
            block: 0..0,
            mask: 0,
        }
    }

    /// Returns the place of the first such byte from `at` on; `at` must never go back.
    #[inline]
    pub(crate) fn next_from(&mut self, at: usize) -> Option<usize> {
        let mut at = at;
        loop {
            if at >= self.block.end {
                let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
                self.block = at..at + rest.len().min(BLOCK);
                self.mask = match rest.first_chunk() {
                    Some(block) => self.mask_of(block),
                    None => {
                        let mut block = [0; BLOCK];
                        block[..rest.len()].copy_from_slice(rest);
                        self.mask_of(&block) & ((1 << rest.len()) - 1)
                    }
                };
            }
            let ahead = self.mask >> (at - self.block.start);
            if ahead != 0 {
                return Some(at + ahead.trailing_zeros() as usize);
            }
            at = self.block.end;
        }
    }

    #[inline]
    fn mask_of(&self, block: &[u8; BLOCK]) -> u64 {
        let mut found = [0; BLOCK];
        for (found, byte) in found.iter_mut().zip(block) {
            *found = if (self.class)(*byte) { 0x80 } else { 0 };
        }
        high_bits(&found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_byte_of_the_class_is_found(bytes in prop::collection::vec(any::<u8>(), 0..300), step in 1usize..70) {
            let class = |byte: u8| byte.is_multiple_of(29);
            let mut finder = Finder::new(&bytes, class);
            let mut at = 0;
            while let Some(found) = finder.next_from(at) {
                prop_assert_eq!(bytes[at..].iter().position(|byte| class(*byte)), Some(found - at));
                at = found + step;
            }
            prop_assert!(!bytes.iter().skip(at).any(|byte| class(*byte)));
        }
    }
}
