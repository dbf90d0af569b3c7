//! What a line's words say, and its neighbours': two logistic scores over words and word pairs.
//!
//! ```text
//! score(line)   = Σ weight(token) / √(number of known tokens)
//! context(line) = the same over the tokens of the line and of the three on
//!                 either side, each with the weight of its role: the line
//!                 itself, next or near, before or after
//! tokens        = words, pairs of neighbouring words, the first and the last
//!                 word as such, and the whole line where it is short
//! ```
//!
//! The first score asks what the line says; the second also knows what it
//! stands under: a title below "Related" is not a title below a paragraph.
//!
//! Words are folded, digits stand for "a number". Of a long paragraph only the
//! beginning and the end are read. The table is direct-mapped and every slot
//! carries a check of its token, so a token that was never seen in training
//! counts nothing instead of borrowing another's weight, and how many words
//! were known says how far the score can be trusted.

use crate::text::boundary;
use crate::text::fold::fold_into;
use crate::text::hash;
use crate::text::letters::{is_alphanumeric, is_numeric};

/// Slots of the table, a power of two.
pub(crate) const SLOTS: usize = 1 << 18;
/// A token's weight of 1.0 in table units.
pub(crate) const UNIT: f32 = 16.0;
/// Bytes of a paragraph's beginning, and of its end, that are read.
const REACH: usize = 160;
/// The longest line, in words, that is also a token as a whole.
const WHOLE: usize = 8;

/// What a token is besides its words.
const PAIR: u64 = 0x9e37_79b9_7f4a_7c15;
const FIRST: u64 = 0xd1b5_4a32_d192_ed03;
const LAST: u64 = 0xaef1_7502_108e_f2d9;
const LINE: u64 = 0x2437_54a3_9c8b_6d1f;

/// The words of a line, hashed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// Hashes of the folded words, in order.
    pub(crate) words: Vec<u64>,
    /// Where the words read from the end of a long line begin.
    seam: usize,
    folded: String,
}

impl Words {
    /// Reads `line` anew.
    pub(crate) fn read(&mut self, line: &str) {
        self.words.clear();
        if line.len() <= 2 * REACH + 16 {
            self.add(line);
            self.seam = 0;
            return;
        }
        self.add(&line[..boundary(line, REACH)]);
        self.words.pop();
        self.seam = self.words.len();
        let from = boundary(line, line.len() - REACH);
        let from = line[from..].find(' ').map_or(from, |space| from + space);
        self.add(&line[from..]);
    }

    fn add(&mut self, text: &str) {
        fold_into(text, &mut self.folded);
        let mut start = None;
        let mut number = false;
        for (at, character) in self.folded.char_indices() {
            let alone = is_alone(character);
            let digit = is_numeric(character);
            let part = !alone && (is_alphanumeric(character) || is_mark(character));
            if let Some(from) = start
                && (!part || digit != number)
            {
                self.words.push(if number {
                    FIRST ^ LAST
                } else {
                    hash::word(&self.folded.as_bytes()[from..at])
                });
                start = None;
            }
            if alone {
                self.words.push(u64::from(character).wrapping_mul(PAIR));
            } else if part && start.is_none() {
                start = Some(at);
                number = digit;
            }
        }
        if let Some(from) = start {
            self.words.push(if number {
                FIRST ^ LAST
            } else {
                hash::word(&self.folded.as_bytes()[from..])
            });
        }
    }

    /// Gives every token to `take`; `true` comes with single words.
    pub(crate) fn tokens(&self, mut take: impl FnMut(u64, bool)) {
        let words = &self.words;
        for (at, &word) in words.iter().enumerate() {
            take(word, true);
            if at > 0 && at != self.seam {
                take(pair(words[at - 1], word), false);
            }
        }
        if let (Some(&first), Some(&last)) = (words.first(), words.last()) {
            take(mix(first ^ FIRST), false);
            take(mix(last ^ LAST), false);
            if words.len() <= WHOLE {
                let whole = words
                    .iter()
                    .fold(LINE, |held, &word| mix(held.rotate_left(5) ^ word));
                take(whole, false);
            }
        }
    }
}

fn pair(one: u64, other: u64) -> u64 {
    mix(one.wrapping_mul(PAIR).wrapping_add(other))
}

/// The finaliser of MurmurHash3.
fn mix(mut value: u64) -> u64 {
    value ^= value >> 33;
    value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
    value ^= value >> 33;
    value = value.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ value >> 33
}

fn is_alone(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
}

/// What the words of a line came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The score, 256 to the unit: above 0 is furniture.
    pub(crate) score: i32,
    /// Single words that training knew.
    pub(crate) known: u16,
    /// Single words.
    pub(crate) words: u16,
}

/// Returns the score, 256 to the unit, of tokens whose weights sum up to `sum` table units.
pub(crate) fn score(sum: i32, tokens: u32) -> i32 {
    if tokens == 0 {
        return 0;
    }
    // The square root is exact everywhere, as the division is.
    (sum as f32 * (256.0 / UNIT) / (tokens as f32).sqrt()) as i32
}

/// A line's place as seen from the one that is judged: by which of the context's weights it counts.
pub(crate) const SELF: usize = 0;
/// How far the context reaches, in lines.
pub(crate) const CONTEXT: usize = 3;
/// How many weights of a token belong to the context.
pub(crate) const ROLES: usize = 5;
/// The role of the line that stands 1, 2, … lines before.
pub(crate) const BEFORE: [usize; CONTEXT] = [1, 2, 2];
/// The role of the line that stands 1, 2, … lines after.
pub(crate) const AFTER: [usize; CONTEXT] = [3, 4, 4];
/// The token that stands where the page has no line.
pub(crate) const EDGE: u64 = 0x6a09_e667_f3bc_c908;

/// What is known of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weights {
    /// What it says of its own line, table units.
    pub(crate) own: i8,
    /// What it says of the line in the middle, by its line's role; table units.
    pub(crate) context: [i8; ROLES],
    /// How rare it is: 16 times the natural logarithm of sites to sites that use it.
    pub(crate) rarity: u8,
}

/// The table of weights.
#[derive(Clone, Debug)]
pub(crate) struct TextScore {
    pub(super) checks: Vec<u16>,
    pub(super) weights: Vec<Weights>,
    /// How rare a word is that training did not know.
    pub(super) unknown: u8,
}

impl TextScore {
    /// Returns the table without a token; words it does not know are `unknown` rare.
    pub(crate) fn empty(unknown: u8) -> Self {
        Self {
            checks: vec![0; SLOTS],
            weights: vec![Weights::default(); SLOTS],
            unknown,
        }
    }

    /// Returns the slot and the check of a token; the check is never 0.
    pub(crate) fn place(token: u64) -> (usize, u16) {
        (token as usize & (SLOTS - 1), ((token >> 48) as u16).max(1))
    }

    /// Puts a token into its slot.
    pub(crate) fn set(&mut self, token: u64, weights: Weights) {
        let (slot, check) = Self::place(token);
        if let (Some(held), Some(place)) = (self.checks.get_mut(slot), self.weights.get_mut(slot)) {
            *held = check;
            *place = weights;
        }
    }

    /// Returns a token's weights, if it is known.
    fn weights(&self, token: u64) -> Option<&Weights> {
        let (slot, check) = Self::place(token);
        if *self.checks.get(slot)? == check {
            self.weights.get(slot)
        } else {
            None
        }
    }

    /// Listens to a page's lines, from the first to the last.
    pub(crate) fn hear<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Heard {
        let mut heard = Heard::default();
        let mut parts: Vec<([i32; ROLES], u32)> = Vec::new();
        let mut words = Words::default();
        for line in lines {
            words.read(line);
            let mut part = ([0; ROLES], 0);
            let (mut sum, mut known, mut all) = (0i32, 0u16, 0u16);
            words.tokens(|token, single| {
                let weights = self.weights(token);
                all = all.saturating_add(u16::from(single));
                if single {
                    let rarity = weights.map_or(self.unknown, |weights| weights.rarity);
                    heard.words.push((token, rarity));
                }
                if let Some(weights) = weights {
                    known = known.saturating_add(u16::from(single));
                    sum += i32::from(weights.own);
                    part.1 += 1;
                    for (sum, weight) in part.0.iter_mut().zip(weights.context) {
                        *sum += i32::from(weight);
                    }
                }
            });
            heard.said.push(Said {
                score: score(sum, part.1),
                known,
                words: all,
            });
            parts.push(part);
            heard.close_line();
        }
        let edge = self
            .weights(EDGE)
            .map_or(([0; ROLES], 0), |edge| (edge.context.map(i32::from), 1));
        heard.context = (0..parts.len())
            .map(|at| {
                let (mut sum, mut tokens) = (parts[at].0[SELF], parts[at].1);
                for step in 1..=CONTEXT {
                    for (other, role) in [
                        (at.checked_sub(step), BEFORE[step - 1]),
                        (Some(at + step), AFTER[step - 1]),
                    ] {
                        let part = other.and_then(|other| parts.get(other)).unwrap_or(&edge);
                        sum += part.0[role];
                        tokens += part.1;
                    }
                }
                score(sum, tokens)
            })
            .collect();
        heard
    }
}

/// What the words of a page's lines say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    /// By line: what its own words say.
    pub(crate) said: Vec<Said>,
    /// By line: the score, 256 to the unit, of its words and its neighbours'.
    pub(crate) context: Vec<i32>,
    /// The distinct words of every line, sorted, with their rarity.
    words: Vec<(u64, u8)>,
    /// Where the words of every line end.
    ends: Vec<usize>,
}

impl Heard {
    /// Makes the words since the last line's end those of a line.
    fn close_line(&mut self) {
        let from = self.ends.last().copied().unwrap_or(0);
        self.words[from..].sort_unstable();
        let mut kept = from;
        for at in from..self.words.len() {
            if at == from || self.words[at] != self.words[kept - 1] {
                self.words[kept] = self.words[at];
                kept += 1;
            }
        }
        self.words.truncate(kept);
        self.ends.push(kept);
    }

    /// Returns the distinct words of a line, sorted, with their rarity.
    pub(crate) fn words(&self, line: usize) -> &[(u64, u8)] {
        let from = line.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[from..self.ends[line]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Words {
        let mut words = Words::default();
        words.read(line);
        words
    }

    #[test]
    fn lines_that_differ_only_in_dress_and_numbers_have_the_same_words() {
        for (one, other) in [
            ("12 Comments", "7 comments"),
            ("Share  this:", "SHARE THIS"),
            ("Don’t miss", "don't miss"),
        ] {
            assert_eq!(words(one).words, words(other).words, "{one} / {other}");
        }
        assert_ne!(words("one two").words, words("two one").words);
    }

    #[test]
    fn of_a_long_paragraph_the_beginning_and_the_end_are_read() {
        let long = format!("Begin here {} and end there", "middle ".repeat(200));
        let read = words(&long).words;
        assert!(read.len() < 60, "{}", read.len());
        assert_eq!(read[..2], words("begin here").words);
        assert_eq!(read[read.len() - 2..], words("end there").words);
    }

    #[test]
    fn an_unknown_token_counts_nothing() {
        let mut table = TextScore::empty(100);
        let weights = Weights {
            own: 64,
            ..Weights::default()
        };
        words("share").tokens(|token, _| table.set(token, weights));
        let heard = table.hear(["share", "harbour"].into_iter());
        let (share, harbour) = (heard.said[0], heard.said[1]);
        assert!(share.score > 0, "{share:?}");
        assert_eq!((share.known, share.words), (1, 1));
        assert_eq!((harbour.score, harbour.known, harbour.words), (0, 0, 1));
        assert_eq!(heard.words(1)[0].1, 100);
    }

    #[test]
    fn a_line_is_known_by_its_neighbours_too() {
        let mut table = TextScore::empty(100);
        let weights = Weights {
            context: [0, 32, 0, 0, 0],
            ..Weights::default()
        };
        words("Related").tokens(|token, _| table.set(token, weights));
        let heard = table.hear(["A bridge", "Related", "A boat", "A road"].into_iter());
        assert_eq!(heard.context[0], 0);
        assert!(heard.context[2] > 0, "{:?}", heard.context);
        assert_eq!(heard.context[3], 0);
    }
}
