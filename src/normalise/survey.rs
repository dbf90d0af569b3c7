//! The one scan that tells which mends a text can need.
//!
//! It reads bytes: 64 at a time to see which are not plain ASCII, and of those a
//! character at a time by its lead byte. It may say yes where a mend then finds nothing; it
//! must not say no where a mend would act. For NFC it is the quick check of UAX
//! #15, §9, coarsened to whole blocks: "no need" means that every character is a
//! starter with `NFC_Quick_Check=Yes`.

use super::Mend;
use crate::text::masks::Finder;

/// A set of mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs(u16);

impl Needs {
    /// The empty set.
    const NONE: Self = Self(0);

    /// Returns the set of one.
    pub(super) const fn of(mend: Mend) -> Self {
        Self(1 << mend as u16)
    }

    /// Returns the union.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether `mend` is in the set.
    pub(super) const fn has(self, mend: Mend) -> bool {
        self.0 & Self::of(mend).0 != 0
    }
}

const NONE: Needs = Needs::NONE;
const ENTITIES: Needs = Needs::of(Mend::Entities);
const MOJIBAKE: Needs = Needs::of(Mend::Mojibake);
const LINE_BREAKS: Needs = Needs::of(Mend::LineBreaks);
const CONTROLS: Needs = Needs::of(Mend::Controls);
const ZERO_WIDTH: Needs = Needs::of(Mend::ZeroWidth);
const SOFT_HYPHENS: Needs = Needs::of(Mend::SoftHyphens);
const SPACES: Needs = Needs::of(Mend::Spaces);
const NFC: Needs = Needs::of(Mend::Nfc);
const BLANK_LINES: Needs = Needs::of(Mend::BlankLines);

/// Returns the mends that `text` can need.
pub(super) fn survey(text: &str) -> Needs {
    let bytes = text.as_bytes();
    // Blank runs are for the mend itself to see: it asks little of clean text.
    let mut needs = BLANK_LINES;
    let mut odd = Finder::new(bytes, |byte| !is_plain_byte(byte));
    let mut at = 0;
    while let Some(here) = odd.next_from(at) {
        let window = window(bytes, here);
        let sure = skip(window);
        if sure > 0 {
            at = here + sure;
            continue;
        }
        let (found, len) = character(window);
        needs = needs.and(found);
        at = here + len;
    }
    needs
}

/// Returns whether a byte is printable ASCII but '&', a tab or a line feed.
#[inline(always)]
const fn is_plain_byte(byte: u8) -> bool {
    let control = (byte < 0x20) & (byte != b'\n') & (byte != b'\t');
    !(control | (byte >= 0x7f) | (byte == b'&'))
}

/// A character and what follows it: five bytes, zeros behind the end of the text.
type Window = [u8; 5];

#[inline(always)]
fn window(bytes: &[u8], at: usize) -> Window {
    let rest = &bytes[at..];
    match rest.first_chunk() {
        Some(window) => *window,
        None => {
            let mut window = [0; 5];
            window[..rest.len()].copy_from_slice(rest);
            window
        }
    }
}

/// The length of a character that needs nothing whatever follows, by its lead byte; else 0.
const SKIP: [u8; 256] = {
    let mut skip = [0; 256];
    let mut lead = 0;
    while lead < 256 {
        skip[lead] = match lead as u8 {
            byte if is_plain_byte(byte) => 1,
            0xc7..=0xcb | 0xd3..=0xd5 | 0xda => 2,
            0xe4..=0xe9 | 0xeb..=0xee => 3,
            _ => 0,
        };
        lead += 1;
    }
    skip
};

/// Returns the length of the first character where it plainly needs nothing: most
/// letters, and Cyrillic and Greek ones before ASCII or another such; else 0.
#[inline(always)]
fn skip(window: Window) -> usize {
    let [lead, one, next, three, _] = window;
    let sure = usize::from(SKIP[usize::from(lead)]);
    if sure > 0 {
        return sure;
    }
    // No short cuts between these: letters are too irregular to guess at.
    let ascii = next < 0x80;
    let cyrillic = (lead & 0xfe == 0xd0)
        & (ascii | ((next == 0xd0) & (three >= 0x90)) | ((next == 0xd1) & (three < 0x90)));
    let greek = (lead & 0xfe == 0xce)
        & (one != 0x87)
        & (ascii | ((next == 0xce) & (three >= 0x90)) | (next == 0xcf));
    if cyrillic | greek { 2 } else { 0 }
}

/// Iterates the places where a run of mojibake may start.
pub(super) fn mojibake_starts(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut odd = Finder::new(bytes, |byte| !is_plain_byte(byte));
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(start) = odd.next_from(at) {
            let window = window(bytes, start);
            let sure = skip(window);
            if sure > 0 {
                at = start + sure;
                continue;
            }
            at = start
                + match window[0] {
                    0..0x80 => 1,
                    0x80..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    _ => 4,
                };
            if may_start(window) {
                return Some(start);
            }
        }
        None
    })
}

/// Iterates the characters of `text` that are not plain, with their places: all
/// but printable ASCII, tabs and line feeds.
pub(super) fn odd_characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut odd = Finder::new(text.as_bytes(), |byte| !is_plain_byte(byte));
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = odd.next_from(at)?;
        let c = text[start..].chars().next()?;
        at = start + c.len_utf8();
        Some((start, c))
    })
}

/// Returns what the first character of `window` can need, and its length in bytes.
#[inline(always)]
fn character(window: Window) -> (Needs, usize) {
    let [lead, one, two, three, _] = window;
    match lead {
        b'&' => (ENTITIES, 1),
        b'\n' | b'\t' => (NONE, 1),
        b'\r' | 0x0b | 0x0c => (LINE_BREAKS, 1),
        0..0x20 | 0x7f => (CONTROLS, 1),
        ..0x80 => (NONE, 1),
        // U+0085 is a line break or, among its like, a mangled ellipsis.
        0xc2 => match one {
            0x85 => (LINE_BREAKS.and(MOJIBAKE), 2),
            ..0xa0 => (CONTROLS.and(MOJIBAKE), 2),
            0xa0 => (SPACES, 2),
            0xad => (SOFT_HYPHENS, 2),
            _ => (maybe_mojibake(window), 2),
        },
        0xc3..=0xc5 | 0xd0 => (maybe_mojibake(window), 2),
        0xc6 => (maybe_mojibake(window), 2),
        0xc7..=0xcb => (NONE, 2),
        0xcc | 0xcd => (NFC, 2),
        0xce => {
            let needs = if one == 0x87 { NFC } else { NONE };
            (needs.and(maybe_mojibake(window)), 2)
        }
        0xcf | 0xd1 => (maybe_mojibake(window), 2),
        0xd3..=0xd5 => (NONE, 2),
        0xd2 => (
            if matches!(one, 0x83..=0x87) {
                NFC
            } else {
                NONE
            },
            2,
        ),
        0xd6 => (if one > 0x90 { NFC } else { NONE }, 2),
        0xd7 => (if one < 0x90 { NFC } else { NONE }, 2),
        0xd8 => (
            if matches!(one, 0x90..=0x9a) {
                NFC
            } else {
                NONE
            },
            2,
        ),
        0xd9 => (
            if matches!(one, 0x8b..=0x9f | 0xb0) {
                NFC
            } else {
                NONE
            },
            2,
        ),
        0xda => (NONE, 2),
        0xdb => (
            if matches!(one, 0x96..=0xad) {
                NFC
            } else {
                NONE
            },
            2,
        ),
        0xdc..=0xdf => (NFC, 2),
        0xe0 => (NFC, 3),
        0xe1 => match (one, two) {
            (0x9a, 0x80) => (SPACES, 3),
            // Latin Extended Additional: Vietnamese as it should be.
            (0xb8..=0xbb, _) => (NONE, 3),
            _ => (NFC, 3),
        },
        0xe2 => (general_punctuation(one, two).and(maybe_mojibake(window)), 3),
        0xe3 => match (one, two) {
            (0x80, 0x80) => (SPACES, 3),
            (0x80, 0xaa..=0xaf) | (0x82, 0x99 | 0x9a) => (NFC, 3),
            _ => (NONE, 3),
        },
        0xe4..=0xe9 | 0xeb..=0xee => (NONE, 3),
        0xea => (if one < 0xb0 { NFC } else { NONE }, 3),
        0xef => match (one, two) {
            (0xbb, 0xbf) => (ZERO_WIDTH, 3),
            (0xb7, 0x90..=0xaf) | (0xbf, 0xbe | 0xbf) => (CONTROLS, 3),
            (0xa4..=0xad | 0xb8, _) => (NFC, 3),
            _ => (NONE, 3),
        },
        lead => {
            let mut needs = NONE;
            if one & 0x0f == 0x0f && two == 0xbf && three >= 0xbe {
                needs = CONTROLS;
            }
            // Emoji, and ideographs but the compatibility ones.
            if !matches!((lead, one), (0xf0, 0x9f | 0xa0..=0xae | 0xb0..)) {
                needs = needs.and(NFC);
            }
            (needs, 4)
        }
    }
}

/// Returns what a character of U+2000..U+2FFF can need, from its last two bytes.
fn general_punctuation(one: u8, two: u8) -> Needs {
    match (one, two) {
        (0x80, 0x80 | 0x81) => SPACES.and(NFC),
        (0x80, ..=0x8a | 0xaf) | (0x81, 0x9f) => SPACES,
        (0x80, ..=0x8f | 0xaa..=0xae) | (0x81, 0xa0 | 0xa6..=0xa9) => ZERO_WIDTH,
        (0x80, 0xa8 | 0xa9) => LINE_BREAKS,
        (0x83, 0x90..) | (0x84, 0xa6 | 0xaa | 0xab) | (0x8c, 0xa9 | 0xaa) | (0xab, 0x9c) => NFC,
        (0xb3 | 0xb5 | 0xb7, _) => NFC,
        _ => NONE,
    }
}

#[inline(always)]
fn maybe_mojibake(window: Window) -> Needs {
    if may_start(window) { MOJIBAKE } else { NONE }
}

/// Returns whether the first character could begin a run of mojibake: it is one
/// that a UTF-8 lead byte gives in some charset, and what follows could be the
/// next byte.
#[inline(always)]
fn may_start(window: Window) -> bool {
    let [lead, one, next, three, four] = window;
    match lead {
        0xc2 => matches!(one, 0x80..=0x9f) || (one == 0xac && next >= 0x80),
        0xc3 => {
            // What should be a no-break space behind it may be another, or the end.
            next >= 0x80
                || (matches!(one, 0x82 | 0x83 | 0x90) && next == b' ')
                || (one == 0x82 && matches!(next, 0 | b'\n' | b'\r'))
        }
        0xc4 | 0xc5 => next >= 0x80,
        0xc6 => one == 0x92 && next >= 0x80,
        // В, Г, Д, Е, Р and С; Β, Γ, Δ, Ε, Ξ and Ο: UTF-8's commonest lead bytes in
        // windows-1251 and -1253, unless a letter or ASCII follows.
        0xd0 if matches!(one, 0x92..=0x95 | 0xa0 | 0xa1) => match next {
            0xd0 => three < 0x90,
            0xd1 => three >= 0x90,
            next => next >= 0x80,
        },
        0xce if matches!(one, 0x92..=0x95 | 0x9e | 0x9f) => match next {
            0xce => matches!(three, 0x84..=0x8f),
            0xcf => false,
            next => next >= 0x80,
        },
        // "вЂ" and "β€" are how these show U+2000 and what follows.
        0xd0 if one == 0xb2 && next == 0xd0 => three == 0x82,
        0xce..=0xd1 => is_odd_sign(next, three, four),
        0xe2 => match (one, next) {
            (0x80, 0x9a | 0x9e) => (three, four) == (0xc3, 0x84),
            (0x80, 0x93 | 0x94) => matches!(three, 0xc3 | 0xce),
            (0x88, 0x9a) | (0x89, 0x88) => three >= 0x80,
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether these bytes begin a sign that does not stand behind a letter: one
/// of Latin-1, low quotes, daggers, currency; but no space, hyphen, dot, dash or
/// closing quote.
fn is_odd_sign(one: u8, two: u8, three: u8) -> bool {
    match (one, two) {
        (0xc2, 0xa0 | 0xab | 0xad | 0xb7 | 0xbb) => false,
        (0xc2, _) => true,
        (0xe2, 0x80) => matches!(three, 0x95 | 0x9a | 0x9e | 0xa0 | 0xa1 | 0xb0 | 0xb9),
        (0xe2, 0x82 | 0x84) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::{IsNormalized, char::canonical_combining_class, is_nfc_quick};

    #[test]
    fn no_need_of_nfc_is_only_said_of_starters_that_pass_the_quick_check() {
        for c in '\0'..=char::MAX {
            let safe = is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
                && canonical_combining_class(c) == 0;
            let needs = survey(c.encode_utf8(&mut [0; 4]));
            assert!(safe || needs.has(Mend::Nfc), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_a_mend_does_to_one_character_is_surveyed() {
        for c in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let text = &*c.encode_utf8(&mut buffer);
            let needs = survey(text);
            for mend in Mend::ALL {
                let acts = !mend.make(text).is_empty();
                assert!(
                    !acts || needs.has(mend),
                    "U+{:04X} {}",
                    c as u32,
                    mend.as_str()
                );
            }
        }
    }
}
