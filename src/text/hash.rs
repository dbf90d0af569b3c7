//! The one stable hash: of words, and of runs of words.
//!
//! It is written out here in full because fingerprints outlive the process:
//! they lie in spill files and saved indexes, and must read the same on every
//! machine and in every later version. The vectors in the tests pin it.
//!
//! ```text
//! fold(a, b)   = low 64 bits of a·b  xor  high 64 bits of a·b
//! word(bytes)  : s = K0 xor (length · K2)
//!                for each 16-byte piece (the last one zero-padded, one at least):
//!                    s = fold(s xor first 8 bytes, K1 xor last 8 bytes)
//! shingle(w…)  = mix(w₀·P^(k−1) + w₁·P^(k−2) + … + w₍ₖ₋₁₎ + k·K2)
//! mix          = the finaliser of MurmurHash3, a bijection
//! ```
//!
//! All arithmetic is modulo 2^64, integers are read little-endian. `fold` is
//! the folded multiply of wyhash (Wang Yi, 2019); a polynomial makes a shingle
//! depend on the order of its words without copying any of them.

/// What a word's state starts from.
const K0: u64 = 0x243f_6a88_85a3_08d3;
/// What the second half of a piece is mixed with.
const K1: u64 = 0x9e37_79b9_7f4a_7c15;
/// What lengths are multiplied with.
const K2: u64 = 0xd1b5_4a32_d192_ed03;
/// The base of the shingle polynomial; odd, so that its powers lose nothing.
const P: u64 = 0xaef1_7502_108e_f2d9;
const P2: u64 = P.wrapping_mul(P);
const P3: u64 = P2.wrapping_mul(P);
const P4: u64 = P3.wrapping_mul(P);

/// Words in a shingle.
pub const SHINGLE: usize = 5;

/// Zero bytes that [`word_in`] needs to be readable behind a word.
pub(crate) const PADDING: usize = 16;

/// Which of a piece's 16 bytes are the word's, by their number.
const MASKS: [[u64; 2]; 17] = {
    let mut masks = [[0; 2]; 17];
    let mut length = 1;
    while length <= 16 {
        masks[length][0] = if length >= 8 {
            u64::MAX
        } else {
            (1 << (8 * length)) - 1
        };
        masks[length][1] = match length {
            0..=8 => 0,
            16 => u64::MAX,
            _ => (1 << (8 * (length - 8))) - 1,
        };
        length += 1;
    }
    masks
};

/// Returns the hash of a word's bytes.
pub fn word(bytes: &[u8]) -> u64 {
    let mut state = seed(bytes.len());
    let mut rest = bytes;
    loop {
        let mut piece = [0; 16];
        let length = rest.len().min(16);
        piece[..length].copy_from_slice(&rest[..length]);
        state = step(state, halves(&piece), [u64::MAX; 2]);
        rest = &rest[length..];
        if rest.is_empty() {
            return state;
        }
    }
}

/// Returns [`word`] of `buffer[start..end]`, reading whole pieces.
///
/// The buffer must reach [`PADDING`] bytes beyond `end`; what stands there does
/// not matter.
#[inline]
pub(crate) fn word_in(buffer: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    let mut state = seed(length);
    let mut at = start;
    let mut rest = length;
    while rest > 16 {
        state = step(state, piece_at(buffer, at), [u64::MAX; 2]);
        at += 16;
        rest -= 16;
    }
    step(state, piece_at(buffer, at), MASKS[rest & 31])
}

/// Returns the hash of a run of words from their hashes, in their order.
#[inline]
pub fn shingle(words: &[u64]) -> u64 {
    let sum = words
        .iter()
        .fold(0u64, |sum, word| sum.wrapping_mul(P).wrapping_add(*word));
    mix(sum.wrapping_add((words.len() as u64).wrapping_mul(K2)))
}

/// Returns [`shingle`] of five words: the same sum with its products apart.
#[inline]
pub(crate) fn shingle_of_five(words: &[u64; SHINGLE]) -> u64 {
    let [a, b, c, d, e] = *words;
    let high = a.wrapping_mul(P4).wrapping_add(b.wrapping_mul(P3));
    let low = c.wrapping_mul(P2).wrapping_add(d.wrapping_mul(P));
    mix(high
        .wrapping_add(low)
        .wrapping_add(e)
        .wrapping_add(K2.wrapping_mul(SHINGLE as u64)))
}

#[inline]
fn seed(length: usize) -> u64 {
    K0 ^ (length as u64).wrapping_mul(K2)
}

#[inline]
fn step(state: u64, [first, last]: [u64; 2], [low, high]: [u64; 2]) -> u64 {
    fold(state ^ (first & low), K1 ^ (last & high))
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline]
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

#[inline]
fn piece_at(buffer: &[u8], at: usize) -> [u64; 2] {
    buffer
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or([0; 2], halves)
}

#[inline]
fn halves(piece: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*piece);
    [both as u64, (both >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_vectors_are_pinned() {
        let vectors: [(&str, u64); 5] = [
            ("", 0xe184_8576_4ba0_3644),
            ("a", 0x61b6_d8f9_7bdc_019f),
            ("desk", 0x3c18_fa2e_6329_35ab),
            ("сообщение", 0x3aa4_5fd0_80f0_dfe5),
            (
                "pneumonoultramicroscopicsilicovolcanoconiosis",
                0x9cb1_0c6c_5906_432d,
            ),
        ];
        for (text, pinned) in vectors {
            assert_eq!(
                word(text.as_bytes()),
                pinned,
                "{text}: {:#x}",
                word(text.as_bytes())
            );
        }
        let words = [1, 2, 3, 4, 5].map(|n: u8| word(&[n]));
        assert_eq!(
            shingle(&words),
            0x32eb_95a0_0df4_d8cd,
            "{:#x}",
            shingle(&words)
        );
        assert_eq!(
            shingle(&words[..2]),
            0xa7f9_ca37_d4e2_dcf4,
            "{:#x}",
            shingle(&words[..2])
        );
    }

    #[test]
    fn a_word_hashes_the_same_wherever_it_stands() {
        let text: Vec<u8> = (0..120u8).map(|n| n.wrapping_mul(37) ^ 0x5a).collect();
        for start in 0..40 {
            for end in start..text.len() - PADDING {
                assert_eq!(word_in(&text, start, end), word(&text[start..end]));
            }
        }
    }

    #[test]
    fn five_words_hash_the_same_either_way() {
        for n in 0..100u64 {
            let words = [n, n * n, !n, n << 40, 7].map(|n| word(&n.to_le_bytes()));
            assert_eq!(shingle_of_five(&words), shingle(&words));
        }
    }

    #[test]
    fn order_number_and_length_all_count() {
        let words: Vec<u64> = ["", "\0", "\0\0", "a", "b", "a\0"]
            .map(|w| word(w.as_bytes()))
            .into();
        let mut seen = BTreeSet::new();
        for &a in &words {
            assert!(seen.insert(shingle(&[a])));
            for &b in &words {
                assert!(seen.insert(shingle(&[a, b])));
                for &c in &words {
                    assert!(seen.insert(shingle(&[a, b, c])));
                }
            }
        }
    }

    #[test]
    fn every_bit_of_a_shingle_is_fair() {
        let words: Vec<u64> = (0..20_000)
            .map(|n: u32| word(format!("w{n}").as_bytes()))
            .collect();
        let mut ones = [0u32; 64];
        for five in words.windows(SHINGLE) {
            let hash = shingle(five);
            for (bit, count) in ones.iter_mut().enumerate() {
                *count += (hash >> bit & 1) as u32;
            }
        }
        for count in ones {
            assert!((9_400..10_600).contains(&count), "{count}");
        }
    }
}
