//! What a line is by itself, and sums over lines.

use super::super::text_score::Said;
use crate::boilerplate::shape::Ending;
use crate::text::letters::{is_alphabetic, is_numeric};

/// A line as the features see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    /// The line's number in the reading.
    pub(super) line: u32,
    pub(super) width: i32,
    pub(super) ending: Ending,
    /// 0 no phrase, 1 high risk, 2 medium, 3 low.
    pub(super) phrase: i32,
    /// Whether a rule takes it.
    pub(super) marked: bool,
    /// Whether a blank line stands before it.
    pub(super) apart: bool,
    /// Whether it reads like part of a body: long and ended, no phrase, no mark.
    pub(super) good: bool,
    /// The hash of its first letters and shape, to know lists by.
    pub(super) begins: u32,
    /// What it looks like, roughly: lines of one list share it.
    pub(super) looks: [u8; 4],
    /// Whether it carries a date.
    pub(super) dated: bool,
    /// How many lines of the page say the same, and whether one did before.
    pub(super) copies: u16,
    pub(super) again: bool,
}

/// How many of a line's words stand elsewhere, weighed by how rare they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Topic {
    /// The rarity of all its words.
    pub(super) all: i32,
    /// Of those that other good lines have.
    pub(super) body: i32,
    /// Of those that any other line has.
    pub(super) page: i32,
    /// Of those that the good line before has, and the one after.
    pub(super) last: i32,
    pub(super) next: i32,
    /// How many of its words are rare, and how many of these the body has.
    pub(super) rare: i32,
    pub(super) met: i32,
}

/// A word of at least this rarity is rare: one site in thirty uses it.
pub(super) const RARE: u8 = 56;

/// Sums over lines. Scores and rarities of a long page do not fit into 32 bits; counts of lines and
/// words do, a text being shorter than 4 GiB.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) width: i64,
    pub(super) good_width: i64,
    pub(super) said: i64,
    /// What the lines that are not good say: these are always asked.
    pub(super) doubted: i64,
    pub(super) context: i64,
    pub(super) topic: i64,
    pub(super) topic_body: i64,
    pub(super) good: i32,
    pub(super) phrase: i32,
    pub(super) marked: i32,
    pub(super) apart: i32,
    pub(super) short: i32,
    pub(super) open: i32,
    pub(super) known: i32,
    pub(super) words: i32,
    pub(super) dated: i32,
}

impl Sums {
    /// Returns these sums and what a line adds to them.
    pub(super) fn and(mut self, fact: &Fact, word: Said, context: i32, topic: &Topic) -> Self {
        let said = i64::from(word.score.clamp(-2_048, 2_048));
        let width = i64::from(fact.width);
        self.width += width.min(400);
        self.good_width += if fact.good { width } else { 0 };
        self.good += i32::from(fact.good);
        self.phrase += fact.phrase;
        self.marked += i32::from(fact.marked);
        self.apart += i32::from(fact.apart);
        self.short += i32::from(fact.width < 40);
        self.open += i32::from(fact.ending != Ending::Stop);
        self.said += said;
        self.doubted += if fact.good { 0 } else { said };
        self.known += i32::from(word.known);
        self.words += i32::from(word.words);
        self.context += i64::from(context.clamp(-2_048, 2_048));
        self.topic += i64::from(topic.all);
        self.topic_body += i64::from(topic.body);
        self.dated += i32::from(fact.dated);
        self
    }
}

/// Returns whether a line reads like part of a body.
pub(super) fn is_good(ending: Ending, width: i32, phrase: i32, marked: bool) -> bool {
    ending == Ending::Stop && width >= 80 && phrase < 3 && !marked
}

pub(super) fn ending(ending: Ending) -> f32 {
    match ending {
        Ending::Open => 0.0,
        Ending::Cut => 1.0,
        Ending::Stop => 2.0,
    }
}

/// Returns a number for what sort of character it is.
pub(super) fn class(character: char) -> f32 {
    match character {
        ':' | '：' => 1.0,
        '*' | '•' | '·' | '-' | '–' | '—' => 2.0,
        '"' | '“' | '”' | '\'' | '‘' | '’' | '«' | '»' => 3.0,
        ')' | '(' | ']' | '[' => 4.0,
        ',' | ';' => 5.0,
        '.' | '!' | '?' | '…' | '。' => 6.0,
        _ if character.is_uppercase() => 9.0,
        _ if character.is_lowercase() => 8.0,
        _ if is_alphabetic(character) => 10.0,
        _ if is_numeric(character) => 11.0,
        _ => 7.0,
    }
}

/// Returns what a line looks like, roughly: length, ending, first and last character.
pub(super) fn looks_of(text: &str, width: i32, ending_is: Ending) -> [u8; 4] {
    [
        width.min(400).unsigned_abs().isqrt() as u8 / 2,
        ending(ending_is) as u8,
        text.chars().next().map_or(0.0, class) as u8,
        text.chars().next_back().map_or(0.0, class) as u8,
    ]
}

/// Returns a number that lines of one list share: that of their first word.
pub(super) fn begins(text: &str) -> u32 {
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = &word.as_bytes()[..word.len().min(12)];
    word.iter().fold(word.len() as u32, |held, byte| {
        let byte = if byte.is_ascii_digit() { b'0' } else { *byte };
        held.wrapping_mul(0x01000193) ^ u32::from(byte)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_a_long_page_are_whole() {
        let fact = Fact {
            line: 0,
            width: 1_000,
            ending: Ending::Stop,
            phrase: 0,
            marked: false,
            apart: false,
            good: true,
            begins: 0,
            looks: [0; 4],
            dated: false,
            copies: 1,
            again: false,
        };
        let topic = Topic {
            all: 20_000,
            body: 20_000,
            ..Topic::default()
        };
        let word = Said {
            score: 3_000,
            ..Said::default()
        };
        let lines = 3_000_000;
        let sums = (0..lines).fold(Sums::default(), |sums, _| {
            sums.and(&fact, word, -3_000, &topic)
        });
        assert_eq!(sums.good_width, lines * 1_000);
        assert_eq!(sums.said, lines * 2_048);
        assert_eq!(sums.context, lines * -2_048);
        assert_eq!(sums.topic_body, sums.topic);
    }
}
