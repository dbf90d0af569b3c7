//! Two texts compared word by word, by Myers' algorithm (the `similar` crate).

use super::examples::{Change, Piece, WordDiff, shortened};
use crate::text::words::WordReader;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// How much of two texts is compared and shown.
///
/// What texts that have nothing in common cost grows with the square of `words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordLimits {
    /// Words of each text that are compared.
    pub words: usize,
    /// Words shown on either side of a change.
    pub around: usize,
    /// Changed places that are shown.
    pub hunks: usize,
    /// The longest piece, in characters; of longer ones the middle is left out.
    pub piece: usize,
}

impl WordLimits {
    /// For a page or a table with many pairs.
    pub const BRIEF: Self = Self {
        words: 2_500,
        around: 6,
        hunks: 8,
        piece: 220,
    };
    /// For one pair alone: every change in texts that are not very long.
    pub const FULL: Self = Self {
        words: 10_000,
        around: 8,
        hunks: usize::MAX,
        piece: usize::MAX,
    };
}

/// Compares the first text, of the survivor, with the second, of the duplicate.
///
/// Words are folded as the search for duplicates folds them: neither capital letters nor white
/// space are a difference. Words that are the same are given as the duplicate has them.
///
/// The same texts and limits give the same answer on every machine.
pub fn word_diff(first: &str, second: &str, limits: &WordLimits) -> WordDiff {
    let (one, one_cut) = words(first, limits.words);
    let (two, two_cut) = words(second, limits.words);
    let mut reader = WordReader::new();
    let (folded_one, folded_two) = (folded(&one, &mut reader), folded(&two, &mut reader));
    let ops = capture_diff_slices(Algorithm::Myers, &folded_one, &folded_two);
    let other_letters = |op: &DiffOp| {
        let old = one.get(op.old_range()).unwrap_or_default().iter();
        let new = two.get(op.new_range()).unwrap_or_default().iter();
        matches!(op, DiffOp::Equal { .. })
            && old
                .zip(new)
                .any(|(old, new)| old.trim_end() != new.trim_end())
    };
    let mut out = WordDiff {
        beginnings: one_cut || two_cut,
        capitals: ops.iter().any(other_letters),
        ..WordDiff::default()
    };
    for group in similar::group_diff_ops(ops, limits.around) {
        if out.hunks.len() == limits.hunks {
            out.more += 1;
            out.to_the_end = false;
            continue;
        }
        if let (Some(first), true) = (group.first(), out.hunks.is_empty()) {
            out.from_the_start = first.old_range().start == 0 && first.new_range().start == 0;
        }
        out.to_the_end = group.last().is_some_and(|last| {
            last.old_range().end == one.len() && last.new_range().end == two.len()
        });
        out.hunks.push(hunk(&group, &one, &two, limits.piece));
    }
    out
}

fn hunk(group: &[DiffOp], one: &[&str], two: &[&str], most: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |change, words: Option<&[&str]>| {
        let text = words.unwrap_or_default().concat();
        if !text.is_empty() {
            let text = shortened(&text, most);
            pieces.push(Piece { change, text });
        }
    };
    for op in group {
        let old = one.get(op.old_range());
        let new = two.get(op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            push(Change::Same, new);
        } else {
            push(Change::Gone, old);
            push(Change::New, new);
        }
    }
    pieces
}

fn folded(words: &[&str], reader: &mut WordReader) -> Vec<Vec<u8>> {
    let fold = |word: &&str| {
        reader.read(word);
        reader.folded().to_vec()
    };
    words.iter().map(fold).collect()
}

/// Returns the first words of a text, `most` of them, each with the white space behind it, and
/// whether there are more. Characters of scripts written without spaces are words by themselves.
fn words(text: &str, most: usize) -> (Vec<&str>, bool) {
    let mut out = Vec::new();
    let mut start = 0;
    let mut parts = text.char_indices().peekable();
    while let Some((at, part)) = parts.next() {
        let end = at + part.len_utf8();
        let next = parts.peek().map(|(_, next)| *next);
        let ends = next.is_none_or(|next| {
            (part.is_whitespace() && !next.is_whitespace())
                || (!next.is_whitespace() && (alone(part) || alone(next)))
        });
        if ends {
            if out.len() == most {
                return (out, true);
            }
            out.push(&text[start..end]);
            start = end;
        }
    }
    (out, false)
}

fn alone(part: char) -> bool {
    matches!(part,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(first: &str, second: &str) -> String {
        let diff = word_diff(first, second, &WordLimits::BRIEF);
        let marked = |piece: &Piece| match piece.change {
            Change::Same => piece.text.clone(),
            Change::Gone => format!("[-{}-]", piece.text),
            Change::New => format!("[+{}+]", piece.text),
        };
        diff.hunks.iter().flatten().map(marked).collect()
    }

    #[test]
    fn words_that_differ_are_told() {
        for (first, second, expected) in [
            ("The ferry returns.", "The ferry returns.", ""),
            ("The ferry returns.", "The\nferry  returns.\n", ""),
            (
                "The ferry returns.",
                "The old ferry returns.",
                "The [+old +]ferry returns.",
            ),
            (
                "The ferry returns.",
                "The ferry left.",
                "The ferry [-returns.-][+left.+]",
            ),
            (
                "渡轮星期一恢复",
                "渡轮星期二恢复",
                "渡轮星期[-一-][+二+]恢复",
            ),
            ("", "new", "[+new+]"),
            ("The ferry returns.", "THE FERRY RETURNS.", ""),
            (
                "The ferry returned on Sunday.",
                "THE FERRY RETURNED ON MONDAY.",
                "THE FERRY RETURNED ON [-Sunday.-][+MONDAY.+]",
            ),
            ("ὁ λόγος ἦν", "Ὁ ΛΌΓΟΣ ἮΝ", ""),
        ] {
            assert_eq!(told(first, second), expected, "{first} / {second}");
        }
    }

    #[test]
    fn words_in_other_letters_are_the_same_and_that_is_known() {
        for (first, second, capitals) in [
            ("The ferry", "The\n\nferry ", false),
            ("The ferry", "The FERRY", true),
            ("The ferry", "The boat", false),
            ("The old ferry", "THE boat", true),
        ] {
            let diff = word_diff(first, second, &WordLimits::BRIEF);
            assert_eq!(diff.capitals, capitals, "{first} / {second}");
        }
    }

    #[test]
    fn a_long_text_is_compared_by_its_beginning() {
        for limits in [WordLimits::BRIEF, WordLimits::FULL] {
            let long = "word ".repeat(limits.words + 10);
            let diff = word_diff(&long, &long, &limits);
            assert!(diff.beginnings && diff.hunks.is_empty());
        }
    }

    #[test]
    fn texts_with_nothing_in_common_are_compared_to_the_limit_on_every_machine() {
        let text = |letter: &str| -> String {
            let words = (0..4_000).map(|word| format!("{letter}{word} "));
            words.collect()
        };
        let (one, two) = (text("a"), text("b"));
        let diff = word_diff(&one, &two, &WordLimits::FULL);
        assert!(diff.from_the_start && diff.to_the_end && !diff.beginnings);
        let [hunk] = &diff.hunks[..] else {
            panic!("{} hunks", diff.hunks.len())
        };
        let told: Vec<(Change, &str)> = hunk
            .iter()
            .map(|piece| (piece.change, &*piece.text))
            .collect();
        assert_eq!(told, [(Change::Gone, &*one), (Change::New, &*two)]);
    }
}
