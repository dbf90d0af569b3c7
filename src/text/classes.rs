//! What a character is to the words: a two-level table over all of Unicode.
//!
//! The classes come from the tables of `regex-syntax`, once, on first use, so
//! that a word here is a word of the regular expression by construction. Equal
//! pages of 256 characters are held once: some 150 pages, 40 KB.

use regex_syntax::hir::{Class, HirKind};
use std::sync::LazyLock;

/// The character continues a word (`\w`, but none of the scripts below).
pub(crate) const WORD: u8 = 1;
/// The character is a word by itself: its script sets no spaces between words.
pub(crate) const ALONE: u8 = 2;
/// The character is white space.
pub(crate) const SPACE: u8 = 4;
/// The character is not its own lower case.
pub(crate) const CASED: u8 = 8;

/// The scripts written without spaces, of which every character is a word.
const ALONE_PATTERN: &str = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]";

/// No character beyond this one has a lower case other than itself, or is white space.
const LAST_CASED: u32 = 0x1_ffff;

/// Characters below this one take at most two bytes.
const LOW: usize = 0x800;

/// The classes of every character.
pub(crate) struct Classes {
    /// Where the page of each 256 characters starts in `pages`.
    starts: Vec<u16>,
    pages: Vec<[u8; 256]>,
    /// The classes of the first characters again: those of one or two bytes.
    low: Box<[u8; LOW]>,
    /// The lower case of those of them that are [`CASED`], where it is one of them; or 0.
    lower: Box<[u16; LOW]>,
}

static CLASSES: LazyLock<Classes> = LazyLock::new(Classes::new);

impl Classes {
    /// Returns the table.
    pub(crate) fn get() -> &'static Self {
        &CLASSES
    }

    /// Returns the class of a code point: a sum of the bits above, or 0.
    #[inline]
    pub(crate) fn of(&self, code: u32) -> u8 {
        if let Some(class) = self.low.get(code as usize) {
            return *class;
        }
        let page = self
            .starts
            .get((code >> 8) as usize)
            .copied()
            .unwrap_or_default();
        self.pages
            .get(usize::from(page))
            .map_or(0, |page| page[(code & 0xff) as usize])
    }

    /// Returns the lower case of a [`CASED`] character of the commoner scripts.
    ///
    /// There is none for the capital sigma: its lower case depends on its neighbours.
    #[inline]
    pub(crate) fn lower(&self, code: u32) -> Option<u32> {
        let lower = *self.lower.get(code as usize)?;
        (lower != 0).then_some(u32::from(lower))
    }

    fn new() -> Self {
        let mut all = vec![[0u8; 256]; 0x1100];
        let mut set = |code: u32, bit: u8| all[(code >> 8) as usize][(code & 0xff) as usize] |= bit;
        for (first, last) in ranges(r"\w") {
            (first..=last).for_each(|code| set(code, WORD));
        }
        for code in 0..=LAST_CASED {
            let Some(character) = char::from_u32(code) else {
                continue;
            };
            if character.is_whitespace() {
                set(code, SPACE);
            }
            let mut lower = character.to_lowercase();
            if lower.next() != Some(character) || lower.next().is_some() {
                set(code, CASED);
            }
        }
        for (first, last) in ranges(ALONE_PATTERN) {
            for code in first..=last {
                let class = &mut all[(code >> 8) as usize][(code & 0xff) as usize];
                *class = *class & !WORD | ALONE;
            }
        }
        let mut pages: Vec<[u8; 256]> = Vec::new();
        let mut starts = Vec::with_capacity(all.len());
        for page in all {
            let found = pages.iter().rposition(|known| *known == page);
            let at = found.unwrap_or_else(|| {
                pages.push(page);
                pages.len() - 1
            });
            starts.push(at as u16);
        }
        let mut classes = Self {
            starts,
            pages,
            low: Box::new([0; LOW]),
            lower: Box::new([0; LOW]),
        };
        for code in 0..LOW {
            if let Some(page) = classes.pages.get(usize::from(classes.starts[code >> 8])) {
                classes.low[code] = page[code & 0xff];
            }
            let character = char::from_u32(code as u32).unwrap_or_default();
            let mut lower = character.to_lowercase().map(u32::from);
            if let (Some(first), None) = (lower.next(), lower.next())
                && (first as usize) < LOW
                && classes.low[code] & CASED != 0
                && character != 'Σ'
            {
                classes.lower[code] = first as u16;
            }
        }
        classes
    }
}

/// Returns the code point ranges of a pattern that is one character class.
fn ranges(pattern: &str) -> Vec<(u32, u32)> {
    // Both patterns are constants of this file, and a test reads every character of both.
    let Ok(hir) = regex_syntax::parse(pattern) else {
        return Vec::new();
    };
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn every_character_has_the_class_that_the_regular_expressions_give() {
        let word = Regex::new(r"^\w$").unwrap();
        let alone = Regex::new(ALONE_PATTERN).unwrap();
        let mut buffer = [0; 4];
        for character in '\0'..=char::MAX {
            let text: &str = character.encode_utf8(&mut buffer);
            let (alone, lower) = (alone.is_match(text), text.to_lowercase());
            let class = Classes::get().of(character.into());
            assert_eq!(class & ALONE != 0, alone, "{character:?}");
            assert_eq!(
                class & WORD != 0,
                word.is_match(text) && !alone,
                "{character:?}"
            );
            assert_eq!(
                class & SPACE != 0,
                character.is_whitespace(),
                "{character:?}"
            );
            if character != 'Σ' {
                assert_eq!(class & CASED != 0, lower != text, "{character:?}");
            }
            assert_eq!(lower.to_lowercase(), lower, "{character:?}");
        }
    }

    #[test]
    fn the_table_is_small() {
        assert!(
            Classes::get().pages.len() < 256,
            "{}",
            Classes::get().pages.len()
        );
    }
}
