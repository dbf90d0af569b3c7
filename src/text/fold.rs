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

/// Returns `text` folded.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Writes `text` folded to `out`, which is emptied first.
///
/// Pure ASCII takes a quick way; the rest is composed (NFC) before and after
/// the letters are mapped, which makes folding twice the same as folding once.
pub fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text.trim_ascii());
        out.make_ascii_lowercase();
        let odd = out
            .bytes()
            .fold(false, |odd, byte| odd | (byte < b' ') | (byte == b'`'));
        if odd || memchr::memmem::find(out.as_bytes(), b"  ").is_some() {
            let plain = std::mem::take(out);
            for word in plain
                .split_ascii_whitespace()
                .flat_map(|word| word.split('\u{b}'))
            {
                if word.is_empty() {
                    continue;
                }
                if !out.is_empty() {
                    out.push(' ');
                }
                out.extend(word.chars().map(|c| if c == '`' { '\'' } else { c }));
            }
        }
    } else {
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let mut space = true;
        for character in nfc.normalize(text).chars() {
            fold_char(character, &mut space, out);
        }
        if !nfc.is_normalized(out) {
            *out = nfc.normalize(out).into_owned();
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
}

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
        '`' | '´' | '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | 'ʹ' | 'ʻ' => '\'',
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

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
