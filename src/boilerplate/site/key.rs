//! What of a folded line is compared across documents.

use std::borrow::Cow;

/// Most characters of a line that may be the start or end of others.
const LABEL: usize = 110;
/// Most bytes before a colon that make a label.
const BEFORE_COLON: usize = 60;

/// Returns the folded line with `{n}` for every run of digits.
pub(super) fn without_digits(folded: &str) -> Cow<'_, str> {
    if !folded.contains(char::is_numeric) {
        return Cow::Borrowed(folded);
    }
    let mut out = String::with_capacity(folded.len() + 8);
    let mut inside = false;
    for character in folded.chars() {
        if !character.is_numeric() {
            out.push(character);
        } else if !inside {
            out.push_str("{n}");
        }
        inside = character.is_numeric();
    }
    Cow::Owned(out)
}

/// Returns whether a line says anything that can be compared: it has letters.
pub(super) fn has_letters(folded: &str) -> bool {
    folded
        .chars()
        .filter(|c| c.is_alphabetic())
        .nth(1)
        .is_some()
}

/// Returns the beginnings of a line that may recur with another rest, the longest first: what
/// stands before a colon, its first three words, its first two.
pub(super) fn starts(key: &str) -> impl Iterator<Item = &str> {
    let short = is_label(key);
    let colon = key.find([':', '：']).and_then(|at| {
        let end = at + key.get(at..)?.chars().next()?.len_utf8();
        let label = key.get(..end)?;
        let rest = key.get(end..)?;
        (short
            && at <= BEFORE_COLON
            && rest.starts_with(' ')
            && label.contains(' ')
            && has_letters(label)
            && !rest.trim().is_empty())
        .then_some(label)
    });
    let words = |count: usize| {
        let mut spaces = key.match_indices(' ').map(|(at, _)| at);
        let at = spaces.nth(count - 1)?;
        let start = key.get(..at)?;
        (short && Some(start) != colon && lettered(start)).then_some(start)
    };
    [colon, words(3), words(2)].into_iter().flatten()
}

/// Returns the last two words of a line that may recur behind another beginning.
pub(super) fn end(key: &str) -> Option<&str> {
    let mut spaces = key.rmatch_indices(' ').map(|(at, _)| at);
    let at = spaces.nth(1)?;
    let end = key.get(at + 1..)?;
    (is_label(key) && lettered(end)).then_some(end)
}

/// Returns whether every word but one at most has a letter: "| 5" says nothing.
fn lettered(words: &str) -> bool {
    let bare = words
        .split(' ')
        .filter(|word| *word == "{n}" || !word.contains(char::is_alphabetic))
        .count();
    bare == 0
}

fn is_label(key: &str) -> bool {
    key.len() <= 3 * LABEL && key.chars().nth(LABEL).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_begin_and_end_as_others_do() {
        for (line, begins, ends) in [
            (
                "posted in: fish, boats",
                &["posted in:", "posted in: fish,", "posted in:"][..2],
                Some("fish, boats"),
            ),
            ("read more", &[][..], None),
            ("{n} min read", &[][..], Some("min read")),
            ("a b", &[][..], None),
            (
                "mill burns | lake post",
                &["mill burns"][..],
                Some("lake post"),
            ),
        ] {
            assert_eq!(starts(line).collect::<Vec<_>>(), begins, "{line}");
            assert_eq!(end(line), ends, "{line}");
        }
    }

    #[test]
    fn digits_are_one() {
        assert_eq!(without_digits("top 10 of 2,014"), "top {n} of {n},{n}");
    }
}
