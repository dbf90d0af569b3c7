//! What a line's words say: a logistic score over its words and word pairs.
//!
//! ```text
//! score(line) = Σ weight(token) / √(number of known tokens)
//! tokens      = words, pairs of neighbouring words, the first and the last
//!               word as such, and the whole line where it is short
//! ```
//!
//! Words are folded, digits stand for "a number". Of a long paragraph only the
//! beginning and the end are read. The table is direct-mapped and every slot
//! carries a check of its token, so a token that was never seen in training
//! counts nothing instead of borrowing another's weight, and how many words
//! were known says how far the score can be trusted.

use crate::text::fold::fold_into;
use crate::text::hash;

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
        self.add(&line[..floor(line, REACH)]);
        self.words.pop();
        self.seam = self.words.len();
        let from = floor(line, line.len() - REACH);
        let from = line[from..].find(' ').map_or(from, |space| from + space);
        self.add(&line[from..]);
    }

    fn add(&mut self, text: &str) {
        fold_into(text, &mut self.folded);
        let mut start = None;
        let mut number = false;
        for (at, character) in self.folded.char_indices() {
            let alone = is_alone(character);
            let digit = character.is_numeric();
            let part = !alone && (character.is_alphanumeric() || is_mark(character));
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

/// Returns the last character boundary at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
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

impl Said {
    /// Returns the score of tokens whose weights sum up to `sum` table units.
    pub(crate) fn of(sum: i32, tokens: u32, known: u16, words: u16) -> Self {
        let score = if tokens == 0 {
            0.0
        } else {
            // The square root is exact everywhere, as the division is.
            sum as f32 * (256.0 / UNIT) / (tokens as f32).sqrt()
        };
        Self {
            score: score as i32,
            known,
            words,
        }
    }
}

/// The table of weights.
#[derive(Clone, Debug)]
pub(crate) struct TextScore {
    pub(super) checks: Vec<u16>,
    pub(super) weights: Vec<i8>,
}

impl TextScore {
    /// Returns the table without a token.
    pub(crate) fn empty() -> Self {
        Self {
            checks: vec![0; SLOTS],
            weights: vec![0; SLOTS],
        }
    }

    /// Returns the slot and the check of a token; the check is never 0.
    pub(crate) fn place(token: u64) -> (usize, u16) {
        (token as usize & (SLOTS - 1), ((token >> 48) as u16).max(1))
    }

    /// Puts a token into its slot.
    pub(crate) fn set(&mut self, token: u64, weight: i8) {
        let (slot, check) = Self::place(token);
        if let (Some(held), Some(place)) = (self.checks.get_mut(slot), self.weights.get_mut(slot)) {
            *held = check;
            *place = weight;
        }
    }

    /// Returns a token's weight, if it is known.
    fn weight(&self, token: u64) -> Option<i8> {
        let (slot, check) = Self::place(token);
        if *self.checks.get(slot)? == check {
            self.weights.get(slot).copied()
        } else {
            None
        }
    }

    /// Returns what the words come to.
    pub(crate) fn of(&self, words: &Words) -> Said {
        let (mut sum, mut tokens, mut known, mut all) = (0i32, 0u32, 0u16, 0u16);
        words.tokens(|token, single| {
            let weight = self.weight(token);
            all = all.saturating_add(u16::from(single));
            if let Some(weight) = weight {
                sum += i32::from(weight);
                tokens += 1;
                known = known.saturating_add(u16::from(single));
            }
        });
        Said::of(sum, tokens, known, all)
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
        let mut table = TextScore::empty();
        let share = words("share");
        share.tokens(|token, _| table.set(token, 64));
        let said = table.of(&share);
        assert!(said.score > 0, "{said:?}");
        assert_eq!(said.known, 1);
        assert_eq!(table.of(&words("harbour")), Said::of(0, 0, 0, 1));
    }
}
