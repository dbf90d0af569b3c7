//! Literals filed so that a line meets few of them: by its ends, or by any of its bytes.

use rustc_hash::FxHashMap;

/// Bytes of the beginning of a literal that may stand anywhere, by which it is sought.
pub(super) const GRAM: usize = 6;

/// Literals that stand at an end of a line, by the hash of their outermost bytes there.
pub(super) struct Index {
    end: End,
    literals: FxHashMap<u64, Vec<Filed>>,
    hashes: Filter,
}

/// An end of a line.
#[derive(Clone, Copy)]
pub(super) enum End {
    Lead,
    Tail,
}

/// A literal and the patterns it stands for.
type Filed = (Vec<u8>, Vec<u32>);

/// How many outermost bytes of a literal it is filed under: as many of these as it has.
const STEMS: [usize; 5] = [16, 8, 4, 2, 1];

/// Literals on the way to an [`Index`].
pub(super) struct Literals {
    places: Option<FxHashMap<Vec<u8>, usize>>,
    literals: Vec<Vec<u8>>,
    patterns: Vec<Vec<u32>>,
}

impl Literals {
    pub(super) const fn new() -> Self {
        Self {
            places: None,
            literals: Vec::new(),
            patterns: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, literal: Vec<u8>, pattern: u32) {
        let places = self.places.get_or_insert_with(FxHashMap::default);
        let place = *places.entry(literal).or_insert_with_key(|literal| {
            self.literals.push(literal.clone());
            self.patterns.push(Vec::new());
            self.patterns.len() - 1
        });
        self.patterns[place].push(pattern);
    }

    /// Returns the length of the longest, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.literals.iter().map(Vec::len).max().unwrap_or(0)
    }

    pub(super) fn build(self, end: End) -> Index {
        let mut literals: FxHashMap<u64, Vec<Filed>> = FxHashMap::default();
        for (literal, patterns) in self.literals.into_iter().zip(self.patterns) {
            let Some(length) = STEMS.into_iter().find(|length| *length <= literal.len()) else {
                continue;
            };
            let stem = stem_hash(end.outermost(&literal), length);
            let filed = literals.entry(stem).or_default();
            filed.push((literal, patterns));
        }
        let hashes = Filter::new(literals.keys().copied());
        Index {
            end,
            literals,
            hashes,
        }
    }
}

impl End {
    /// Returns the sixteen outermost bytes of a line at this end as a number, the outermost lowest;
    /// zeros behind those of a shorter line.
    fn outermost(self, line: &[u8]) -> u128 {
        let mut bytes = [0; 16];
        let length = line.len().min(16);
        match self {
            Self::Lead => {
                bytes[..length].copy_from_slice(&line[..length]);
                u128::from_le_bytes(bytes)
            }
            Self::Tail => {
                bytes[16 - length..].copy_from_slice(&line[line.len() - length..]);
                u128::from_be_bytes(bytes)
            }
        }
    }

    /// Returns whether `literal` stands at this end of the line.
    fn has(self, line: &[u8], literal: &[u8]) -> bool {
        match self {
            Self::Lead => line.starts_with(literal),
            Self::Tail => line.ends_with(literal),
        }
    }
}

/// Returns a hash of the `length` lowest bytes: of all stems of a line from the one number.
fn stem_hash(outermost: u128, length: usize) -> u64 {
    let stem = outermost & (u128::MAX >> (128 - 8 * length));
    let low = (stem as u64 ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let high = ((stem >> 64) as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
    let mixed = (low ^ high.rotate_left(32)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ mixed.rotate_left(29)
}

impl Index {
    pub(super) fn walk(&self, line: &[u8], offer: &mut impl FnMut(u32)) {
        let outermost = self.end.outermost(line);
        for length in STEMS.into_iter().filter(|length| *length <= line.len()) {
            let hash = stem_hash(outermost, length);
            if !self.hashes.may_have(hash) {
                continue;
            }
            for (literal, patterns) in self.literals.get(&hash).into_iter().flatten() {
                if self.end.has(line, literal) {
                    patterns.iter().for_each(|&pattern| offer(pattern));
                }
            }
        }
    }
}

/// A bit map of hashes: what is not in it is in no table, and most lines are in none. It is small
/// enough for a near cache, where the tables are not.
pub(super) struct Filter(Vec<u64>);

impl Filter {
    /// The logarithm of the number of bits.
    const BITS: u32 = 18;

    pub(super) fn new(hashes: impl Iterator<Item = u64>) -> Self {
        let mut bits = vec![0; 1 << (Self::BITS - 6)];
        for hash in hashes {
            let bit = hash >> (64 - Self::BITS);
            bits[(bit >> 6) as usize] |= 1 << (bit & 63);
        }
        Self(bits)
    }

    pub(super) fn may_have(&self, hash: u64) -> bool {
        let bit = hash >> (64 - Self::BITS);
        self.0[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }
}

/// Literals that may stand anywhere, by their first [`GRAM`] bytes.
///
/// A bit map, small enough for the nearest cache, tells for nearly every place
/// of a line that no literal begins there.
pub(super) struct Grams {
    bits: Box<[u64; 1 << 10]>,
    literals: FxHashMap<u64, Vec<Filed>>,
}

impl Grams {
    pub(super) fn new(inner: Literals) -> Self {
        let mut grams = Self {
            bits: Box::new([0; 1 << 10]),
            literals: FxHashMap::default(),
        };
        for (literal, patterns) in inner.literals.into_iter().zip(inner.patterns) {
            // Shorter ones would be found everywhere; the tables have none.
            let Some(gram) = gram(&literal) else { continue };
            let slot = Self::slot(gram);
            grams.bits[slot >> 6] |= 1 << (slot & 63);
            grams
                .literals
                .entry(gram)
                .or_default()
                .push((literal, patterns));
        }
        grams
    }

    fn slot(gram: u64) -> usize {
        (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize
    }

    pub(super) fn walk(&self, haystack: &[u8], offer: &mut impl FnMut(u32)) {
        // Eight bytes are one load, so long as there are eight.
        let eights = haystack.windows(8).filter_map(<[u8]>::first_chunk::<8>);
        for (at, eight) in eights.enumerate() {
            let gram = u64::from_le_bytes(*eight) << 16 >> 16;
            if self.may_begin(gram) {
                self.look(gram, &haystack[at..], offer);
            }
        }
        for at in haystack.len().saturating_sub(7)..haystack.len() {
            match gram(&haystack[at..]) {
                Some(gram) if self.may_begin(gram) => self.look(gram, &haystack[at..], offer),
                _ => {}
            }
        }
    }

    #[inline(always)]
    fn may_begin(&self, gram: u64) -> bool {
        let slot = Self::slot(gram);
        self.bits[slot >> 6] >> (slot & 63) & 1 != 0
    }

    #[inline(never)]
    fn look(&self, gram: u64, rest: &[u8], offer: &mut impl FnMut(u32)) {
        for (literal, patterns) in self.literals.get(&gram).into_iter().flatten() {
            if rest.starts_with(literal) {
                patterns.iter().for_each(|&pattern| offer(pattern));
            }
        }
    }
}

/// Returns the first [`GRAM`] bytes as a number.
fn gram(bytes: &[u8]) -> Option<u64> {
    let first = bytes.get(..GRAM)?;
    Some(
        first
            .iter()
            .rev()
            .fold(0, |gram, byte| gram << 8 | u64::from(*byte)),
    )
}
