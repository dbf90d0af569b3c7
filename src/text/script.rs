//! In which script a text is written, told by a sample of it.

use super::boundary;
use super::letters::is_alphabetic;
use regex_syntax::hir::{Class, HirKind};
use std::sync::LazyLock;

/// The scripts that are told apart, as Unicode names them.
const SCRIPTS: [&str; 28] = [
    "Latin",
    "Greek",
    "Cyrillic",
    "Arabic",
    "Hebrew",
    "Han",
    "Hiragana",
    "Katakana",
    "Hangul",
    "Devanagari",
    "Bengali",
    "Gurmukhi",
    "Gujarati",
    "Oriya",
    "Tamil",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Sinhala",
    "Thai",
    "Lao",
    "Khmer",
    "Myanmar",
    "Tibetan",
    "Georgian",
    "Armenian",
    "Ethiopic",
    "Mongolian",
];

/// What is said of a text that has letters of other scripts for the most part.
pub const OTHER: &str = "other scripts";
/// What is said of a text whose sample has no letter.
pub const NONE: &str = "no letters";

const LATIN: usize = 0;
const HAN: usize = 5;
const KANA: [usize; 2] = [6, 7];

/// Bytes of each sample; there is one at the start, in the middle and near the end.
const SAMPLE: usize = 96;

/// Code points, first to last, and the place of their script; ascending.
static RANGES: LazyLock<Vec<(u32, u32, usize)>> = LazyLock::new(|| {
    let mut all: Vec<(u32, u32, usize)> = SCRIPTS
        .iter()
        .enumerate()
        .flat_map(|(place, name)| {
            ranges(&format!(r"[\p{{{name}}}&&\p{{L}}]"))
                .into_iter()
                .map(move |(first, last)| (first, last, place))
        })
        .collect();
    all.sort_unstable();
    all
});

fn ranges(pattern: &str) -> Vec<(u32, u32)> {
    let class = regex_syntax::parse(pattern).map(regex_syntax::hir::Hir::into_kind);
    match class {
        Ok(HirKind::Class(Class::Unicode(class))) => class
            .ranges()
            .iter()
            .map(|range| (u32::from(range.start()), u32::from(range.end())))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the script that most letters of a sample of `text` are of: its Unicode name,
/// [`OTHER`] or [`NONE`]. Text with kana is Japanese: Han and kana together count as `Japanese`.
///
/// It looks at three times 96 bytes at most, so a text in two scripts is told by where it is
/// looked at.
pub fn script(text: &str) -> &'static str {
    let mut counts = [0u32; SCRIPTS.len()];
    let mut others = 0u32;
    if text.len() <= 3 * SAMPLE {
        count(text, &mut counts, &mut others);
    } else {
        for start in [0, text.len() / 2, text.len() - text.len() / 8 - SAMPLE] {
            let from = boundary(text, start);
            let to = boundary(text, start + SAMPLE);
            count(
                text.get(from..to).unwrap_or_default(),
                &mut counts,
                &mut others,
            );
        }
    }
    let kana: u32 = KANA.iter().map(|place| counts[*place]).sum();
    if kana > 0 && kana + counts[HAN] > counts[LATIN] {
        return "Japanese";
    }
    let mut best = (others, OTHER);
    for (count, name) in counts.into_iter().zip(SCRIPTS) {
        if count > best.0 {
            best = (count, name);
        }
    }
    if best.0 == 0 { NONE } else { best.1 }
}

fn count(sample: &str, counts: &mut [u32; SCRIPTS.len()], others: &mut u32) {
    if sample.is_ascii() {
        let letters = sample.bytes().filter(u8::is_ascii_alphabetic).count();
        counts[LATIN] += letters as u32;
        return;
    }
    // The letters of a word lie side by side in few ranges.
    let mut held = (1, 0, 0);
    for part in sample.chars() {
        let code = u32::from(part);
        if code < 0x80 {
            counts[LATIN] += u32::from(part.is_ascii_alphabetic());
            continue;
        }
        let within = |(first, last, _): (u32, u32, usize)| first <= code && code <= last;
        if !within(held) {
            match range_of(code) {
                Some(range) => held = range,
                None => {
                    *others += u32::from(is_alphabetic(part));
                    continue;
                }
            }
        }
        counts[held.2] += 1;
    }
}

fn range_of(code: u32) -> Option<(u32, u32, usize)> {
    let next = RANGES.partition_point(|(first, _, _)| *first <= code);
    let range = *RANGES.get(next.checked_sub(1)?)?;
    (code <= range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told() {
        for (text, expected) in [
            ("The ferry returns on Monday.", "Latin"),
            ("Trajekti kthehet të hënën", "Latin"),
            ("Паром возвращается в понедельник", "Cyrillic"),
            ("Το πλοίο επιστρέφει", "Greek"),
            ("العبارة تعود يوم الاثنين", "Arabic"),
            ("渡轮星期一恢复", "Han"),
            ("フェリーは月曜日に戻る", "Japanese"),
            ("페리는 월요일에 돌아온다", "Hangul"),
            ("เรือข้ามฟากกลับมา", "Thai"),
            ("12 345 — 67", NONE),
            ("", NONE),
            ("ᚠᛇᚻ᛫ᛒᛦᚦ", OTHER),
        ] {
            assert_eq!(script(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_sampled_on_character_boundaries() {
        let text = "Паром. ".repeat(400);
        for cut in 0..9 {
            let at = boundary(&text, cut);
            assert_eq!(script(&text[at..]), "Cyrillic");
        }
    }
}
