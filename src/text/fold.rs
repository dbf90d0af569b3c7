//! Folding: one form for lines that differ only in dress.
//!
//! Two lines that a reader would call the same phrase fold to the same string,
//! whatever keyboard, platform or catalogue they came from. Folded are: case
//! (with the Turkish dotted and dotless i as one letter, final sigma, ß),
//! curly quotes and primes, the ellipsis, dashes, full-width ASCII, zero-width
//! characters and joiners, Arabic ي ى to ی and ك to ک, tatweel and vowel marks,
//! ё to е, the Greek tonos, composed and decomposed forms (NFC, so that the
//! nukta letters meet too), and runs of white space.
//!
//! Folding loses the places of characters: it is for comparing, never for
//! cutting.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::sync::LazyLock;

/// Returns `text` folded.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Writes `text` folded to `out`, which is emptied first.
///
/// Common letters take a quick way, runs of ASCII a quicker one.
pub fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if !fold_inert(text, out) {
        out.clear();
        fold_any(text, out);
    }
    if out.as_bytes().last() == Some(&b' ') {
        out.pop();
    }
}

/// Folds a text of nothing but [inert](is_inert) characters; answers whether it is one.
///
/// Such a text is composed, and stays so when it is folded.
fn fold_inert(text: &str, out: &mut String) -> bool {
    let letters = &*LETTERS;
    let mut space = true;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii() {
            let (run, after) = rest.split_at(ascii_run(rest.as_bytes()));
            fold_ascii(run, &mut space, out);
            rest = after;
            continue;
        }
        match letters.get(first as usize) {
            Some(&folded) if folded != '\0' => {
                space = false;
                out.push(folded);
            }
            _ if is_inert(first) => fold_char(first, &mut space, out),
            _ => return false,
        }
        rest = &rest[first.len_utf8()..];
    }
    true
}

/// Returns how many of the first bytes are ASCII.
fn ascii_run(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let blocks = blocks.iter().take_while(|block| block.is_ascii()).count();
    let rest = &bytes[32 * blocks..];
    let more = rest.iter().position(|byte| *byte >= 0x80);
    32 * blocks + more.unwrap_or(rest.len())
}

/// Folds an ASCII text; `space` tells, before and after, whether what stands before ends in one.
fn fold_ascii(text: &str, space: &mut bool, out: &mut String) {
    let bytes = text.as_bytes();
    let odd = bytes
        .iter()
        .fold(false, |odd, byte| odd | (*byte < b' ') | (*byte == b'`'));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let doubled = pairs.fold(false, |doubled, (one, next)| {
        doubled | ((*one == b' ') & (*next == b' '))
    });
    if odd | doubled {
        text.chars()
            .for_each(|character| fold_char(character, space, out));
        return;
    }
    let text = if *space {
        text.strip_prefix(' ').unwrap_or(text)
    } else {
        text
    };
    let start = out.len();
    out.push_str(text);
    if let Some(added) = out.get_mut(start..) {
        added.make_ascii_lowercase();
    }
    if !text.is_empty() {
        *space = text.as_bytes().last() == Some(&b' ');
    }
}

/// Folds any text: composes it (NFC) before and after the letters are mapped, which makes folding
/// twice the same as folding once.
fn fold_any(text: &str, out: &mut String) {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut space = true;
    for character in nfc.normalize(text).chars() {
        fold_char(character, &mut space, out);
    }
    if !nfc.is_normalized(out) {
        *out = nfc.normalize(out).into_owned();
    }
}

/// Returns whether a character is composed, combines with none before it, and folds to such: the
/// common letters and signs of most scripts.
const fn is_inert(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{2ff}'
            | '\u{370}'..='\u{373}'
            | '\u{386}'
            | '\u{388}'..='\u{3ff}'
            | '\u{400}'..='\u{482}'
            | '\u{48a}'..='\u{52f}'
            | '\u{5d0}'..='\u{5ea}'
            | '\u{621}'..='\u{63a}'
            | '\u{641}'..='\u{64a}'
            | '\u{660}'..='\u{669}'
            | '\u{671}'..='\u{6d3}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205e}'
            | '\u{20a0}'..='\u{20bf}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{25a0}'..='\u{27bf}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3094}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{30fc}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ffee}'
            | '\u{1f300}'..='\u{1faff}'
    )
}

/// What each inert character of at most two bytes folds to, where that is one letter or sign; or
/// NUL.
static LETTERS: LazyLock<Box<[char]>> = LazyLock::new(|| {
    let mut folded = String::new();
    let letter = |code: u32| {
        let character = char::from_u32(code).filter(|character| is_inert(*character))?;
        folded.clear();
        fold_char(character, &mut false, &mut folded);
        let mut letters = folded.chars().filter(|letter| *letter != ' ');
        letters.next().filter(|_| letters.next().is_none())
    };
    (0..0x800)
        .map(letter)
        .map(Option::unwrap_or_default)
        .collect()
});

fn fold_char(character: char, space: &mut bool, out: &mut String) {
    if character.is_ascii_alphanumeric() {
        *space = false;
        out.push(character.to_ascii_lowercase());
        return;
    }
    if character.is_whitespace() {
        if !*space {
            out.push(' ');
        }
        *space = true;
        return;
    }
    let folded = match character {
        // Zero-width characters, joiners, direction marks, soft hyphen, tatweel, Arabic
        // vowel marks, the dot that lower-casing İ leaves, and the variation selectors.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{640}'
        | '\u{64b}'..='\u{652}'
        | '\u{307}'
        | '\u{fe00}'..='\u{fe0f}' => return,
        '`' | '｀' | '´' | '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | 'ʹ' | 'ʻ' => '\'',
        '“' | '”' | '„' | '‟' | '″' => '"',
        '‐'..='―' | '−' => '-',
        '…' => {
            *space = false;
            out.push_str("...");
            return;
        }
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'ё' | 'Ё' => 'е',
        'İ' | 'ı' => 'i',
        'ς' => 'σ',
        'ά' | 'Ά' => 'α',
        'έ' | 'Έ' => 'ε',
        'ή' | 'Ή' => 'η',
        'ί' | 'Ί' => 'ι',
        'ό' | 'Ό' => 'ο',
        'ύ' | 'Ύ' => 'υ',
        'ώ' | 'Ώ' => 'ω',
        'ß' | 'ẞ' => {
            *space = false;
            out.push_str("ss");
            return;
        }
        // Full-width ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(character as u32 - 0xff01 + 0x21).unwrap_or(character)
        }
        other => other,
    };
    *space = false;
    if folded.is_ascii() {
        out.push(folded.to_ascii_lowercase());
        return;
    }
    // Scripts between Hebrew and Georgian, and those of East Asia, have no case.
    if matches!(folded, '\u{590}'..='\u{109f}' | '\u{2e80}'..='\u{a63f}' | '\u{ac00}'..='\u{d7ff}')
    {
        out.push(folded);
        return;
    }
    for lower in folded.to_lowercase() {
        match lower {
            '\u{307}' => {}
            'ς' => out.push('σ'),
            lower => out.push(lower),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_that_differ_only_in_dress_fold_to_one() {
        for (one, other) in [
            ("Share  This:", "share this："),
            ("Don’t miss", "DON'T MISS"),
            ("“Read” more…", "\"read\" more..."),
            ("İLGİLİ HABERLER", "ilgili haberler"),
            ("YORUM YAPIN", "yorum yapın"),
            ("ΣΧΌΛΙΑ", "σχόλια"),
            ("ΣΧΟΛΙΑ", "σχόλια"),
            ("Ещё новости", "еще новости"),
            ("मजेदार पढ़ें", "मजेदार पढ\u{93c}ें"),
            ("ড\u{9bc}", "\u{9dc}"),
            ("نمی‌خواهم", "نمیخواهم"),
            ("علي", "علی"),
            ("كتاب", "کتاب"),
            ("Straße", "STRASSE"),
            ("— AFP", "- afp"),
            ("cafe\u{301}", "CAFÉ"),
            ("a\u{a0}b", "a b"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} / {other}");
        }
    }

    #[test]
    fn lines_that_say_different_things_stay_apart() {
        for (one, other) in [("Day 1", "Day 2"), ("2-1", "2-2"), ("а", "a")] {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn inert_characters_fold_to_what_neither_composes_nor_combines() {
        use unicode_normalization::char::canonical_combining_class;
        use unicode_normalization::{IsNormalized, is_nfc_quick};
        for character in ('\0'..=char::MAX).filter(|character| is_inert(*character)) {
            let folded = fold(character.encode_utf8(&mut [0; 4]));
            for character in folded.chars().chain([character]) {
                let quick = is_nfc_quick(std::iter::once(character));
                assert_eq!(quick, IsNormalized::Yes, "{character:?}");
                assert_eq!(canonical_combining_class(character), 0, "{character:?}");
            }
        }
    }

    /// Returns `text` folded without the quick ways.
    fn slowly(text: &str) -> String {
        let mut out = String::new();
        fold_any(text, &mut out);
        out.truncate(out.strip_suffix(' ').unwrap_or(&out).len());
        out
    }

    #[test]
    fn every_character_folds_the_quick_way_as_the_slow_one_and_once() {
        for character in '\0'..=char::MAX {
            let text = format!("a{character} {character}B{character}");
            let folded = fold(&text);
            assert_eq!(folded, slowly(&text), "{character:?}");
            assert_eq!(fold(&folded), folded, "{character:?}");
        }
    }

    #[test]
    fn real_lines_fold_the_quick_way_as_the_slow_one() {
        for text in super::super::tests::texts(4) {
            for line in text.lines() {
                assert_eq!(fold(line), slowly(line));
            }
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_folds_as_the_slow_one(
            text in "([A-Za-z0-9`' \t-]{0,9}|[а-яА-ЯёЁ ]{0,5}|[α-ωΑ-Ωςά ]{0,4}|[àéîßİıỳ]{0,3}|[“”’…—\u{ad}\u{200d}\u{a0}]{0,2}|[一-九ぁ-ん]{0,3}|\\PC{0,2}|[\u{300}-\u{308}]?){0,9}",
        ) {
            prop_assert_eq!(fold(&text), slowly(&text));
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
