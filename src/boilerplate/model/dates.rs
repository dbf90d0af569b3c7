//! Whether a line carries a date: teasers and bylines do, sentences seldom.

use crate::text::letters::is_alphanumeric;

/// The first letters of the months' names in the languages that share them.
const MONTHS: [&str; 20] = [
    "jan", "feb", "fév", "mar", "mär", "apr", "avr", "may", "mai", "maj", "jun", "jui", "jul",
    "aug", "aoû", "sep", "oct", "okt", "nov", "dec",
];

/// Returns whether a short line says when: a year of ours, a month beside a number, numbers with
/// dots or strokes between, "3 hours ago", "5 min read".
pub(super) fn is_dated(line: &str) -> bool {
    let mut number_before = false;
    let mut month_before = false;
    let mut minutes_before = false;
    let mut numbers = 0;
    let mut rest = line;
    while let Some(start) = rest.find(is_alphanumeric) {
        // Between the numbers of a date stands one sign.
        let joined = start == 1 && rest.starts_with(['.', '/', '-']);
        let from = &rest[start..];
        let end = from
            .find(|c: char| !is_alphanumeric(c))
            .unwrap_or(from.len());
        let word = &from[..end];
        rest = &from[end..];
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            numbers = if joined && number_before {
                numbers + 1
            } else {
                1
            };
            let year = word.len() == 4 && (word.starts_with("20") || word.starts_with("199"));
            if year || month_before || numbers >= 3 {
                return true;
            }
            number_before = true;
            month_before = false;
            continue;
        }
        let month = may_be_month(word) && MONTHS.iter().any(|month| begins_with(word, month));
        if month && number_before || word.eq_ignore_ascii_case("ago") {
            return true;
        }
        if minutes_before && word.eq_ignore_ascii_case("read") {
            return true;
        }
        minutes_before = number_before && begins_with(word, "min");
        month_before = month;
        number_before = false;
    }
    false
}

/// Returns whether a word is short and has the first letter of a month.
fn may_be_month(word: &str) -> bool {
    let first = word.bytes().next().map(|byte| byte.to_ascii_lowercase());
    word.len() <= 10 && first.is_some_and(|first| b"jfmasond".contains(&first))
}

/// Returns whether `word` begins with the lower-case `start`, whatever its own case.
fn begins_with(word: &str, start: &str) -> bool {
    let mut letters = word.chars().flat_map(char::to_lowercase);
    start.chars().all(|one| letters.next() == Some(one))
}

#[cfg(test)]
mod tests {
    use super::is_dated;

    #[test]
    fn dates_are_told_from_numbers() {
        for (line, dated) in [
            ("12 March", true),
            ("MAR 3, 9:15", true),
            ("Updated 2024", true),
            ("3/11/24", true),
            ("11.3.24", true),
            ("3 hours ago", true),
            ("5 min read", true),
            ("4 mai", true),
            ("Marching bands", false),
            ("12 boats", false),
            ("3.5 stars of 5", false),
            ("Room 12/3", false),
            ("5 minutes from the harbour", false),
            ("", false),
        ] {
            assert_eq!(is_dated(line), dated, "{line}");
        }
    }
}
