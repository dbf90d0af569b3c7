//! What sort of character one is, by a table: the standard library searches for it.
//!
//! The answers are the standard library's own, so nothing depends on which of the two is asked.

use std::sync::LazyLock;

const ALPHABETIC: u8 = 1;
const NUMERIC: u8 = 2;

/// Characters below this one are in the table: the basic plane.
const PLANE: usize = 0x1_0000;

static TABLE: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let plane = (0..PLANE as u32).map(char::from_u32);
    plane.map(|character| character.map_or(0, slowly)).collect()
});

fn slowly(character: char) -> u8 {
    let alphabetic = u8::from(character.is_alphabetic()) * ALPHABETIC;
    alphabetic | (u8::from(character.is_numeric()) * NUMERIC)
}

#[inline]
fn sort(character: char) -> u8 {
    let known = TABLE.get(character as usize);
    known.map_or_else(|| slowly(character), |sort| *sort)
}

/// Returns what [`char::is_alphabetic`] returns.
#[inline]
pub(crate) fn is_alphabetic(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphabetic()
    } else {
        sort(character) & ALPHABETIC != 0
    }
}

/// Returns what [`char::is_numeric`] returns.
#[inline]
pub(crate) fn is_numeric(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_digit()
    } else {
        sort(character) & NUMERIC != 0
    }
}

/// Returns what [`char::is_alphanumeric`] returns.
#[inline]
pub(crate) fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphanumeric()
    } else {
        sort(character) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        for character in '\0'..=char::MAX {
            let own = [is_alphabetic, is_numeric, is_alphanumeric].map(|is| is(character));
            let theirs = [
                character.is_alphabetic(),
                character.is_numeric(),
                character.is_alphanumeric(),
            ];
            assert_eq!(own, theirs, "{character:?}");
        }
    }
}
