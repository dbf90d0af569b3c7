//! Two texts compared word by word, by Myers' algorithm (the `similar` crate).

use super::examples::{Change, Piece, WordDiff, shortened};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words of each text that are compared.
const WORDS: usize = 2_500;
/// Words shown on either side of a change.
const AROUND: usize = 6;
/// Changed places that are shown.
const HUNKS: usize = 8;
/// The longest piece, in characters.
const PIECE: usize = 220;

/// Compares the first text, of the survivor, with the second, of the duplicate.
pub fn word_diff(first: &str, second: &str) -> WordDiff {
    let (one, one_cut) = words(first);
    let (two, two_cut) = words(second);
    // White space between words is no difference.
    let bare = |words: &[&str]| {
        words
            .iter()
            .map(|word| word.trim_end().to_owned())
            .collect()
    };
    let (bare_one, bare_two): (Vec<String>, Vec<String>) = (bare(&one), bare(&two));
    let ops = capture_diff_slices(Algorithm::Myers, &bare_one, &bare_two);
    let mut out = WordDiff {
        beginnings: one_cut || two_cut,
        ..WordDiff::default()
    };
    for group in similar::group_diff_ops(ops, AROUND) {
        if out.hunks.len() == HUNKS {
            out.more += 1;
            continue;
        }
        out.hunks.push(hunk(&group, &one, &two));
    }
    out
}

fn hunk(group: &[DiffOp], one: &[&str], two: &[&str]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |change, words: Option<&[&str]>| {
        let text = words.unwrap_or_default().concat();
        if !text.is_empty() {
            let text = shortened(&text, PIECE);
            pieces.push(Piece { change, text });
        }
    };
    for op in group {
        let old = one.get(op.old_range());
        let new = two.get(op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            push(Change::Same, old);
        } else {
            push(Change::Gone, old);
            push(Change::New, new);
        }
    }
    pieces
}

/// Returns the first words of a text, each with the white space behind it, and whether there are
/// more. Characters of scripts written without spaces are words by themselves.
fn words(text: &str) -> (Vec<&str>, bool) {
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
            if out.len() == WORDS {
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
        let diff = word_diff(first, second);
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
        ] {
            assert_eq!(told(first, second), expected, "{first} / {second}");
        }
    }

    #[test]
    fn a_long_text_is_compared_by_its_beginning() {
        let long = "word ".repeat(WORDS + 10);
        let diff = word_diff(&long, &long);
        assert!(diff.beginnings && diff.hunks.is_empty());
    }
}
