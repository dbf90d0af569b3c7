//! Which phrase of the table a line is, quickly.
//!
//! Phrases without placeholders lie in a hash map, keyed by the folded line.
//! Phrases that begin with words are filed under their first bytes, those that
//! end with words under their last, and those that may stand anywhere are found
//! by one pass over the line. Length gates
//! come first, so that a long paragraph costs next to nothing.

use super::phrase::{Entry, Fit, Piece, REACH, Risk, Row, fits, pieces};
use crate::text::fold::fold_into;
use crate::text::hash;
use rustc_hash::FxHashMap;

/// The longest line, in characters, in which a phrase is sought that is not the whole line.
pub(super) const LONGEST: usize = 300;

/// A line of more bytes is no phrase known by its end.
const TAIL: usize = 256;
/// Bytes of the beginning of a literal that may stand anywhere, by which it is sought.
const GRAM: usize = 6;

/// A phrase found on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'m> {
    /// The row of the table.
    pub(super) row: Row<'m>,
    /// The share of the folded line that the phrase's own words cover.
    pub(super) cover: f32,
    /// Whether the phrase has placeholders.
    pub(super) open: bool,
}

/// A phrase without placeholders: where it lies in the words, and its row.
#[derive(Clone, Copy)]
struct Exact {
    start: u32,
    length: u32,
    row: u32,
}

/// The compiled table.
pub(super) struct Matcher {
    rows: Vec<Entry>,
    exact: FxHashMap<u64, Exact>,
    /// The hashes of exact phrases.
    exact_hashes: Filter,
    /// The folded exact phrases, one after the other.
    words: String,
    /// Bytes of the longest exact phrase.
    longest_exact: usize,
    /// Bytes of the longest line that a phrase known by its end may be.
    longest_tail: usize,
    patterns: Vec<Pattern>,
    lead: Index,
    tail: Index,
    inner: Grams,
}

/// A phrase with placeholders, or one that need not be the whole line.
struct Pattern {
    row: u32,
    fit: Fit,
    risk: Risk,
    pieces: Vec<Piece>,
    /// Bytes of its own words.
    words: usize,
}

/// Literals that stand at an end of a line, by the hash of their outermost bytes there.
struct Index {
    end: End,
    literals: FxHashMap<u64, Vec<Filed>>,
    hashes: Filter,
}

/// An end of a line.
#[derive(Clone, Copy)]
enum End {
    Lead,
    Tail,
}

/// A literal and the patterns it stands for.
type Filed = (Vec<u8>, Vec<u32>);

/// How many outermost bytes of a literal it is filed under: as many of these as it has.
const STEMS: [usize; 5] = [16, 8, 4, 2, 1];

impl Matcher {
    /// Compiles `rows`; those that say nothing ("{…}/{…}") are left out.
    pub(super) fn new(rows: impl IntoIterator<Item = Entry>) -> Self {
        let rows: Vec<Entry> = rows.into_iter().collect();
        let mut exact: FxHashMap<u64, Exact> = FxHashMap::default();
        exact.reserve(rows.len());
        let mut words = String::with_capacity(rows.len() * 32);
        let mut key = String::new();
        let mut patterns = Vec::new();
        let [mut lead, mut tail, mut inner] = [const { Literals::new() }; 3];
        for (at, row) in (0u32..).zip(&rows) {
            if row.fit == Fit::Line && !row.phrase.contains('{') {
                fold_into(&row.phrase, &mut key);
                // One phrase in two languages or kinds is as risky as the riskier.
                match exact.entry(hash::word(key.as_bytes())) {
                    std::collections::hash_map::Entry::Vacant(slot) => {
                        slot.insert(Exact {
                            start: words.len() as u32,
                            length: key.len() as u32,
                            row: at,
                        });
                        words.push_str(&key);
                    }
                    std::collections::hash_map::Entry::Occupied(mut slot) => {
                        let held = &rows[slot.get().row as usize];
                        let english = row.language == "en" && held.language != "en";
                        if row.risk > held.risk || row.risk == held.risk && english {
                            slot.get_mut().row = at;
                        }
                    }
                }
                continue;
            }
            let Some((pattern, place)) = Pattern::new(at, &row.phrase, row.fit, row.risk) else {
                continue;
            };
            let index = patterns.len() as u32;
            match place {
                Place::Lead(words) => lead.add(words.as_bytes().to_vec(), index),
                Place::Tail(words) => tail.add(words.as_bytes().to_vec(), index),
                Place::Inner(words) => inner.add(words.as_bytes().to_vec(), index),
            }
            patterns.push(pattern);
        }
        let longest_tail = tail.literals.iter().map(Vec::len).max().unwrap_or(0) + 4 * REACH;
        let longest_exact = exact
            .values()
            .map(|exact| exact.length as usize)
            .max()
            .unwrap_or(0);
        Self {
            rows,
            exact_hashes: Filter::new(exact.keys().copied()),
            exact,
            words,
            longest_exact,
            longest_tail: longest_tail.min(TAIL),
            patterns,
            lead: lead.build(End::Lead),
            tail: tail.build(End::Tail),
            inner: Grams::new(inner),
        }
    }

    /// Returns the surest phrase that the folded line is, starts with or contains.
    pub(super) fn find(&self, folded: &str) -> Option<Hit<'_>> {
        if folded.len() <= self.longest_exact
            && let Some(row) = self.exact(folded)
        {
            return Some(Hit {
                row,
                cover: 1.0,
                open: false,
            });
        }
        let mut best: Option<(&Pattern, Hit)> = None;
        let mut offer = |index: u32| {
            let pattern = &self.patterns[index as usize];
            let better = best.as_ref().is_none_or(|(held, _)| {
                (pattern.fit, held.words, pattern.risk) < (held.fit, pattern.words, held.risk)
            });
            if better && pattern.is(folded) {
                let row = Row {
                    risk: pattern.risk,
                    fit: pattern.fit,
                    ..self.rows[pattern.row as usize].row()
                };
                let hit = Hit {
                    row,
                    cover: pattern.words as f32 / folded.len().max(1) as f32,
                    open: pattern.pieces.len() > 1,
                };
                best = Some((pattern, hit));
            }
        };
        self.lead.walk(folded.as_bytes(), &mut offer);
        self.inner.walk(folded.as_bytes(), &mut offer);
        if folded.len() <= self.longest_tail {
            self.tail.walk(folded.as_bytes(), &mut offer);
        }
        best.map(|(_, hit)| hit)
    }

    /// Returns the row of the whole line `folded`, if it is a phrase without placeholders.
    pub(super) fn exact(&self, folded: &str) -> Option<Row<'_>> {
        let hash = hash::word(folded.as_bytes());
        if !self.exact_hashes.may_have(hash) {
            return None;
        }
        let exact = self.exact.get(&hash)?;
        let start = exact.start as usize;
        (self.words.get(start..start + exact.length as usize) == Some(folded))
            .then(|| self.rows.get(exact.row as usize).map(Entry::row))
            .flatten()
    }

    /// Returns whether a phrase says enough to be found inside lines.
    pub(super) fn can_find(phrase: &str, fit: Fit) -> bool {
        Pattern::new(0, phrase, fit, Risk::Low).is_some_and(|(_, place)| match place {
            Place::Lead(_) | Place::Tail(_) => true,
            Place::Inner(words) => words.len() >= GRAM,
        })
    }

    /// Iterates the rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(Entry::row)
    }

    /// Returns the number of phrases compiled.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Under which literal a pattern is found.
enum Place {
    Lead(Box<str>),
    Tail(Box<str>),
    Inner(Box<str>),
}

impl Pattern {
    fn new(at: u32, phrase: &str, mut fit: Fit, mut risk: Risk) -> Option<(Self, Place)> {
        let pieces = pieces(phrase);
        let letters: usize = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words
                    .chars()
                    .filter(|c| c.is_alphabetic())
                    .map(weight)
                    .sum(),
                _ => 0,
            })
            .sum();
        let numbered = pieces.contains(&Piece::Number);
        let sign = phrase.starts_with(['©']) || phrase.starts_with("(c)");
        if letters < 3 && !sign {
            return None;
        }
        let words = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.trim().len(),
                _ => 0,
            })
            .sum();
        if letters < 4 && !numbered && !sign {
            risk = risk.raised();
        }
        let place = match (pieces.first()?, pieces.last()?) {
            (Piece::Words(lead), _) if fit != Fit::Contains => Place::Lead(lead.trim_end().into()),
            (_, Piece::Words(tail)) if fit != Fit::Contains => {
                // A prefix that begins with a placeholder would be found anywhere: it is a line.
                fit = Fit::Line;
                Place::Tail(tail.clone())
            }
            _ => {
                let longest = pieces.iter().filter_map(|piece| match piece {
                    Piece::Words(words) => Some(words),
                    _ => None,
                });
                if fit == Fit::Prefix {
                    fit = Fit::Line;
                }
                Place::Inner(longest.max_by_key(|words| words.len())?.trim().into())
            }
        };
        Some((
            Self {
                row: at,
                fit,
                risk,
                pieces,
                words,
            },
            place,
        ))
    }

    fn is(&self, folded: &str) -> bool {
        match self.fit {
            Fit::Line => {
                // The cheap tests first: what stands for anything stands for little of it, and the
                // last words are the line's last.
                let open = self
                    .pieces
                    .iter()
                    .filter(|piece| !matches!(piece, Piece::Words(_)))
                    .count();
                let ends = match self.pieces.last() {
                    Some(Piece::Words(last)) => folded.ends_with(&**last),
                    _ => true,
                };
                ends && folded.len() <= self.words + (open + 1) * (4 * REACH)
                    && fits(&self.pieces, folded, Fit::Line)
            }
            Fit::Prefix => {
                fits(&self.pieces, folded, Fit::Prefix)
                    && match self.pieces.last() {
                        // "Next:" may be followed by anything, "Archives for" not by a letter.
                        Some(Piece::Words(words)) if self.pieces.len() == 1 => {
                            !words.ends_with(char::is_alphanumeric)
                                || !folded[words.len().min(folded.len())..]
                                    .starts_with(char::is_alphanumeric)
                        }
                        _ => true,
                    }
            }
            Fit::Contains => {
                let Some(Piece::Words(first)) = self
                    .pieces
                    .iter()
                    .find(|piece| matches!(piece, Piece::Words(_)))
                else {
                    return false;
                };
                self.pieces.len() == 1
                    || folded.match_indices(first.trim()).any(|(at, _)| {
                        let from = self
                            .pieces
                            .iter()
                            .position(|piece| matches!(piece, Piece::Words(_)));
                        fits(
                            &self.pieces[from.unwrap_or(0)..],
                            &folded[at..],
                            Fit::Prefix,
                        )
                    })
            }
        }
    }
}

/// A letter of a script written without spaces or vowels says more.
fn weight(letter: char) -> usize {
    match letter {
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 2,
        _ => 1,
    }
}

/// Literals on the way to an [`Index`].
struct Literals {
    places: Option<FxHashMap<Vec<u8>, usize>>,
    literals: Vec<Vec<u8>>,
    patterns: Vec<Vec<u32>>,
}

impl Literals {
    const fn new() -> Self {
        Self {
            places: None,
            literals: Vec::new(),
            patterns: Vec::new(),
        }
    }

    fn add(&mut self, literal: Vec<u8>, pattern: u32) {
        let places = self.places.get_or_insert_with(FxHashMap::default);
        let place = *places.entry(literal).or_insert_with_key(|literal| {
            self.literals.push(literal.clone());
            self.patterns.push(Vec::new());
            self.patterns.len() - 1
        });
        self.patterns[place].push(pattern);
    }

    fn build(self, end: End) -> Index {
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
    fn walk(&self, line: &[u8], offer: &mut impl FnMut(u32)) {
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
struct Filter(Vec<u64>);

impl Filter {
    /// The logarithm of the number of bits.
    const BITS: u32 = 18;

    fn new(hashes: impl Iterator<Item = u64>) -> Self {
        let mut bits = vec![0; 1 << (Self::BITS - 6)];
        for hash in hashes {
            let bit = hash >> (64 - Self::BITS);
            bits[(bit >> 6) as usize] |= 1 << (bit & 63);
        }
        Self(bits)
    }

    fn may_have(&self, hash: u64) -> bool {
        let bit = hash >> (64 - Self::BITS);
        self.0[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }
}

/// Literals that may stand anywhere, by their first [`GRAM`] bytes.
///
/// A bit map, small enough for the nearest cache, tells for nearly every place
/// of a line that no literal begins there.
struct Grams {
    bits: Box<[u64; 1 << 10]>,
    literals: FxHashMap<u64, Vec<Filed>>,
}

impl Grams {
    fn new(inner: Literals) -> Self {
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

    fn walk(&self, haystack: &[u8], offer: &mut impl FnMut(u32)) {
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
