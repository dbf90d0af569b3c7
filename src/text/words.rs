//! What a word is, and the one pass that reads them.
//!
//! A word is a match of `[S]|[\w--[S]]+` in the lower-cased text, where `S`
//! are the scripts written without spaces (Han, Hiragana, Katakana, Thai, Lao,
//! Khmer, Myanmar): a maximal run of word characters, or a single character of
//! those scripts.
//!
//! [`WordReader`] folds a text (lower case, every run of white space one space,
//! none at the ends) and hashes its words in the same pass. Text is taken in
//! blocks of 64 bytes. What is ASCII of a block is classified byte by byte into
//! bit masks, in loops that compile to vector code, and the words are read off
//! the edges of a mask; everything else goes character by character through
//! a table of classes.

use super::classes::{ALONE, CASED, Classes, SPACE, WORD};
use super::hash;
use super::masks::{BLOCK, high_bits};

/// The one letter whose lower case depends on its neighbours.
const CAPITAL_SIGMA: u32 = 0x3a3;

/// So many ASCII bytes in a row lead from single characters back to blocks.
const ASCII_RUN: usize = 16;

/// Iterates the words of `text` as it stands, without lower-casing it.
///
/// ```
/// use copydesk::text::words::words;
///
/// let found: Vec<&str> = words("It's 5 o'clock: 时间!").collect();
/// assert_eq!(found, ["It", "s", "5", "o", "clock", "时", "间"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let classes = Classes::get();
    let mut rest = text;
    std::iter::from_fn(move || {
        let class = |character: char| classes.of(character.into());
        let start = rest.find(|character| class(character) & (WORD | ALONE) != 0)?;
        rest = rest.get(start..)?;
        let first = rest.chars().next()?;
        let length = if class(first) & ALONE != 0 {
            first.len_utf8()
        } else {
            rest.find(|character| class(character) & WORD == 0)
                .unwrap_or(rest.len())
        };
        let word = rest.get(..length)?;
        rest = rest.get(length..)?;
        Some(word)
    })
}

/// A text folded and its words hashed; its buffers serve for one text after another.
///
/// It holds up to one and a half times the longest text it has read, and eight
/// bytes a word.
#[derive(Debug, Default)]
pub struct WordReader {
    /// The folded text, then room that is never looked at.
    folded: Vec<u8>,
    /// Length of the folded text.
    length: usize,
    /// Start of the word that is being read.
    open: Option<usize>,
    hashes: Vec<u64>,
}

impl WordReader {
    /// Returns a reader with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Folds `text` and hashes its words.
    pub fn read(&mut self, text: &str) {
        if !self.fold(text) {
            // A capital sigma among so many letters that its word's end is not in sight.
            self.fold(&text.to_lowercase());
        }
    }

    /// Returns the last text, lower-cased, its runs of white space one space each, trimmed.
    pub fn folded(&self) -> &[u8] {
        &self.folded[..self.length]
    }

    /// Returns the hashes of the last text's words, in order.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// Does the work of [`Self::read`], unless [`lower_sigma`] gives up.
    fn fold(&mut self, text: &str) -> bool {
        let bytes = text.as_bytes();
        // Lower case is at most one and a half times as long (U+0130 and U+023A: 2 bytes, then 3).
        let room = bytes.len() + bytes.len() / 2 + BLOCK + hash::PADDING;
        if self.folded.len() < room {
            self.folded.resize(room, 0);
        }
        self.hashes.clear();
        self.length = 0;
        self.open = None;
        let mut at = 0;
        // Whether the folded text ends in a space, or has not begun.
        let mut spaced = true;
        while at < bytes.len() {
            let block = Block::at(&bytes[at..]);
            let doubled = block.space & (block.space << 1 | u64::from(spaced));
            let taken = block.ascii.min(doubled.trailing_zeros() as usize);
            if taken > 0 {
                self.push_block(&block, taken);
                spaced = block.space >> (taken - 1) & 1 != 0;
                at += taken;
            }
            if taken < block.ascii {
                let run = bytes[at..]
                    .iter()
                    .take_while(|byte| is_space(**byte))
                    .count();
                at += run;
            } else if block.ascii < BLOCK {
                let Some(next) = self.push_characters(text, at, &mut spaced) else {
                    return false;
                };
                at = next;
            }
        }
        self.close();
        if spaced {
            self.length = self.length.saturating_sub(1);
        }
        true
    }

    /// Takes the first `taken` bytes of a block, which end in no doubled space.
    #[inline]
    fn push_block(&mut self, block: &Block, taken: usize) {
        let base = self.length;
        self.folded[base..base + BLOCK].copy_from_slice(&block.lower);
        let valid = u64::MAX >> (BLOCK - taken);
        let word = block.word & valid;
        // A bit for each byte where a word starts or has just ended.
        let mut edges = (word ^ (word << 1 | u64::from(self.open.is_some()))) & valid;
        let mut next = || {
            let edge = edges.trailing_zeros() as usize;
            edges &= edges.wrapping_sub(1);
            base + edge
        };
        let end = base + BLOCK;
        if let Some(start) = self.open {
            let edge = next();
            if edge < end {
                self.hashes.push(hash::word_in(&self.folded, start, edge));
                self.open = None;
            }
        }
        if self.open.is_none() {
            loop {
                let start = next();
                if start >= end {
                    break;
                }
                let edge = next();
                if edge >= end {
                    self.open = Some(start);
                    break;
                }
                self.hashes.push(hash::word_in(&self.folded, start, edge));
            }
        }
        self.length = base + taken;
    }

    /// Takes characters from `at` on until a run of ASCII; answers where that begins.
    fn push_characters(&mut self, text: &str, at: usize, spaced: &mut bool) -> Option<usize> {
        let classes = Classes::get();
        let bytes = text.as_bytes();
        let mut at = at;
        while let Some((code, length)) = character_at(bytes, at) {
            if code < 0x80 && is_ascii_run(&bytes[at..]) {
                break;
            }
            let class = classes.of(code);
            if class & CASED == 0 {
                self.push_character(code, length, class, spaced);
            } else if let Some(lower) = classes.lower(code) {
                let length = if lower < 0x80 { 1 } else { 2 };
                self.push_character(lower, length, classes.of(lower), spaced);
            } else if code == CAPITAL_SIGMA {
                let lower = lower_sigma(text, at)?;
                self.push_character(lower, 2, WORD, spaced);
            } else {
                let character = char::from_u32(code).into_iter();
                for lower in character.flat_map(char::to_lowercase) {
                    let code = lower.into();
                    self.push_character(code, lower.len_utf8(), classes.of(code), spaced);
                }
            }
            at += length;
        }
        Some(at)
    }

    /// Appends one lower-case character.
    #[inline(always)]
    fn push_character(&mut self, code: u32, length: usize, class: u8, spaced: &mut bool) {
        let start = self.length;
        if class & WORD != 0 {
            self.put(code, length);
            self.open = self.open.or(Some(start));
            *spaced = false;
            return;
        }
        self.close();
        if class & SPACE != 0 {
            if !*spaced {
                self.put(0x20, 1);
                *spaced = true;
            }
            return;
        }
        self.put(code, length);
        *spaced = false;
        if class & ALONE != 0 {
            self.hashes
                .push(hash::word_in(&self.folded, start, start + length));
        }
    }

    #[inline(always)]
    fn put(&mut self, code: u32, length: usize) {
        let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
        let encoded = match length {
            1 => [code as u8, 0, 0, 0],
            2 => [0xc0 | (code >> 6) as u8, tail(0), 0, 0],
            3 => [0xe0 | (code >> 12) as u8, tail(6), tail(0), 0],
            _ => [0xf0 | (code >> 18) as u8, tail(12), tail(6), tail(0)],
        };
        if let Some(room) = self.folded.get_mut(self.length..self.length + 4) {
            room.copy_from_slice(&encoded);
        }
        self.length += length;
    }

    /// Ends the word that is being read, if one is.
    #[inline]
    fn close(&mut self) {
        if let Some(start) = self.open.take() {
            self.hashes
                .push(hash::word_in(&self.folded, start, self.length));
        }
    }
}

/// Returns the lower case of the capital sigma at `at`: at the end of a word it is another.
///
/// The standard library alone knows what an end is. It looks at the neighbours, and never
/// across white space; where that is far away, the answer is `None`.
fn lower_sigma(text: &str, at: usize) -> Option<u32> {
    const FAR: usize = 200;
    let (before, after) = text.split_at_checked(at)?;
    let is_gap = |byte: &u8| byte.is_ascii_whitespace();
    let start = before
        .bytes()
        .rev()
        .take(FAR)
        .position(|byte| is_gap(&byte));
    let start = start.map(|back| at - back).or((at < FAR).then_some(0))?;
    let end = after.bytes().take(FAR).position(|byte| is_gap(&byte));
    let end = end
        .map(|ahead| at + ahead)
        .or((after.len() < FAR).then_some(text.len()))?;
    // Whichever a sigma becomes, it is as long.
    let place = text.get(start..at)?.to_lowercase().len();
    let lower = text.get(start..end)?.to_lowercase();
    lower.get(place..)?.chars().next().map(u32::from)
}

/// The ASCII bytes at the front of up to 64: lower-cased, white space as spaces, with masks.
struct Block {
    lower: [u8; BLOCK],
    /// How many bytes are ASCII, from the first on.
    ascii: usize,
    /// Bytes of words. Bits from `ascii` on mean nothing, here and in `space`.
    word: u64,
    /// Bytes of white space.
    space: u64,
}

impl Block {
    #[inline]
    fn at(bytes: &[u8]) -> Self {
        match bytes.first_chunk() {
            Some(block) => Self::of(block, BLOCK),
            None => {
                let mut block = [0; BLOCK];
                block[..bytes.len()].copy_from_slice(bytes);
                Self::of(&block, bytes.len())
            }
        }
    }

    #[inline]
    fn of(bytes: &[u8; BLOCK], length: usize) -> Self {
        let mut lower = [0; BLOCK];
        let mut word = [0; BLOCK];
        let mut space = [0; BLOCK];
        let mut high = 0;
        for at in 0..BLOCK {
            let byte = bytes[at];
            high |= byte;
            let gap = if is_space(byte) { 0x80 } else { 0 };
            let case = if byte.wrapping_sub(b'A') < 26 {
                0x20
            } else {
                0
            };
            let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            let digit = byte.wrapping_sub(b'0') < 10;
            lower[at] = if gap != 0 { b' ' } else { byte | case };
            space[at] = gap;
            word[at] = if letter | digit | (byte == b'_') {
                0x80
            } else {
                0
            };
        }
        let ascii = if high < 0x80 {
            length
        } else {
            length.min(bytes.iter().position(|byte| *byte >= 0x80).unwrap_or(BLOCK))
        };
        Self {
            lower,
            ascii,
            word: high_bits(&word),
            space: high_bits(&space),
        }
    }
}

#[inline]
fn is_space(byte: u8) -> bool {
    byte == b' ' || byte.wrapping_sub(9) < 5
}

#[inline]
fn is_ascii_run(bytes: &[u8]) -> bool {
    bytes
        .first_chunk::<ASCII_RUN>()
        .is_some_and(|run| u128::from_le_bytes(*run) & (u128::MAX / 0xff * 0x80) == 0)
}

/// Returns the code point at `at` and its length in bytes; `bytes` must be UTF-8.
#[inline]
fn character_at(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.get(at)?);
    let tail = |ahead: usize| u32::from(bytes.get(at + ahead).copied().unwrap_or_default() & 0x3f);
    Some(match first {
        0..0x80 => (first, 1),
        0x80..0xe0 => ((first & 0x1f) << 6 | tail(1), 2),
        0xe0..0xf0 => ((first & 0x0f) << 12 | tail(1) << 6 | tail(2), 3),
        _ => (
            (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3),
            4,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    /// The definition, slowly.
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        let scripts = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]";
        Regex::new(&format!(r"{scripts}|[\w--{scripts}]+")).unwrap()
    });

    fn check(text: &str) {
        let mut reader = WordReader::new();
        // What an earlier text left in the buffers must not show.
        reader.read(&"x".repeat(text.len() + 7));
        reader.read(text);
        let lower = text.to_lowercase();
        let expected: Vec<&str> = REFERENCE
            .find_iter(&lower)
            .map(|found| found.as_str())
            .collect();
        let hashes: Vec<u64> = expected
            .iter()
            .map(|word| hash::word(word.as_bytes()))
            .collect();
        assert_eq!(reader.hashes(), hashes, "{text:?}");
        let folded = lower.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(str::from_utf8(reader.folded()), Ok(&*folded), "{text:?}");
        let found: Vec<&str> = words(&lower).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    const TEXTS: &[&str] = &[
        "",
        " ",
        "a",
        "The quick brown fox, the_lazy dog; 42 times!",
        "  led by\u{a0}\tspaces  and \r\n\r\n trailed by them \u{3000}\n",
        "Ünïcödé — “quotes”, naïve café",
        "ΟΔΥΣΣΕΥΣ ΚΑΙ ΣΟΦΟΣ. ΑΣ̈ Σ ΑΣΑ",
        "İstanbul ȺBC Ⱦ ẞ Ǆ ᾈ",
        "Привет, мир! Это проверка длинных словосочетаний.",
        "أهلاً وسهلاً بِكُم في ١٢٣",
        "这是一个test测试ABC，日本語のテキストと한국어 단어",
        "ภาษาไทย ລາວ ខ្មែរ မြန်မာ",
        "a\u{200d}b a\u{200c}b a\u{200b}b a\u{ad}b soft",
        "\u{1d400}\u{1d401} 𠀀𠀁 😀 👩‍👩‍👧 ⁀ ‿ _",
        "ー゛゜々〆〇 ﾊﾝｶｸ",
        "1\u{85}2\u{2028}3\u{1680}4\u{1c}5",
    ];

    #[test]
    fn words_are_those_of_the_regular_expression() {
        TEXTS.iter().for_each(|text| check(text));
    }

    #[test]
    fn words_do_not_depend_on_where_blocks_end() {
        for text in TEXTS {
            for lead in 40..70 {
                check(&format!("{}{text}", "x".repeat(lead)));
                check(&format!("{}{text} {text}{text}", "Ab ".repeat(lead / 3)));
                check(&format!("{text}{}{text}", " ".repeat(lead)));
            }
        }
    }

    #[test]
    fn long_words_are_words() {
        for length in [15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000] {
            check(&"A".repeat(length));
            check(&format!("{} {}", "Ж".repeat(length), "b".repeat(length)));
        }
    }

    #[test]
    fn every_character_is_read_as_the_regular_expression_reads_it() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|c| *c != 'Σ').collect();
        for chunk in all.chunks(997) {
            check(&chunk.iter().collect::<String>());
            check(
                &chunk
                    .iter()
                    .flat_map(|c| ['q', *c, 'W', ' '])
                    .collect::<String>(),
            );
        }
    }

    #[test]
    fn a_capital_sigma_ends_a_word_near_and_far() {
        for length in [0, 1, 50, 98, 99, 100, 101, 150, 199, 200, 201, 300] {
            for filler in ["Α", ".", "\u{301}", "x"] {
                let filler = filler.repeat(length);
                check(&format!("Α{filler}Σ{filler}Α ΣΑΣ Σ"));
                check(&format!("x Α{filler}Σ{filler} Α"));
                check(&format!("x {filler}Σ{filler}"));
            }
        }
    }

    #[test]
    fn real_texts_are_read_as_the_regular_expression_reads_them() {
        super::super::tests::texts(40).for_each(|text| check(&text));
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_regular_expression_reads_it(text in any::<String>()) {
            check(&text);
        }

        #[test]
        fn mixed_scripts_are_read_as_the_regular_expression_reads_them(
            text in "([A-Za-z0-9_ .,\n]{0,20}|[а-яА-Я ]{0,9}|[α-ωΑ-Ωςά ]{0,6}|[一-九ぁ-んァ-ン]{0,4}|[ก-ฮះ-៑က-ဪ]{0,3}|[́̈‌‍  ]{0,2}|[“”—’]){0,30}",
        ) {
            check(&text);
        }
    }
}
