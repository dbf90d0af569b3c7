//! "Updated: 4 March 2021, 10:15 AM" between headline and body.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::document::Kind;
use crate::settings::Level;
use crate::text::fold::fold;

pub(super) static RULE: Rule = Rule {
    code: "B10",
    name: "date-line",
    findings: &["date-line"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "A date or a time alone on a line between the headline and the body tells when the page was \
          put up, which the record tells better. Dates inside a body, as in a chronicle or a live \
          blog, stay.",
    removes: &[Removes {
        page: "Ferry returns to the lake\nOur Correspondent\nMarch 4, 2021 10:15 AM\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nIts captain is the grandson of the man who built it, and has his cap.",
        gone: &["Our Correspondent", "March 4, 2021 10:15 AM"],
    }],
    keeps: &[
        "09:14\nThe doors are open.\n09:30\nThe first speaker is on the stage.\n10:05\nThe vote is delayed by an hour.",
        "The years of the mill\n1804\nThe mill is built on the river by two brothers from the next valley.\n1851\nIt burns down and is built again in stone, as it stands today.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let Some((first, _)) = reading.zones.body else {
        return;
    };
    for (at, seen) in reading.lines.iter().enumerate().take(first) {
        if reading.wrapped
            || seen.taken
            || at <= reading.headline
            || marks.has(at)
            || seen.text.len() > 80
            || !is_date(&fold(seen.text))
        {
            continue;
        }
        // Without a title or other furniture it may be the date of the text itself.
        let furnished = [reading.before(at), reading.after(at)]
            .into_iter()
            .flatten()
            .filter(|&line| line != reading.headline)
            .filter_map(|line| reading.lines[line].phrase)
            .any(|phrase| phrase.kind != Kind::Copyright);
        if !reading.titled && !furnished {
            continue;
        }
        marks.take(
            at,
            "date-line",
            Kind::BylineGeneric,
            "a date alone on its line, before the body".to_owned(),
        );
    }
}

/// Words that a date may be made of.
const WORDS: [&str; 75] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "am",
    "pm",
    "a.m",
    "p.m",
    "at",
    "on",
    "et",
    "est",
    "edt",
    "gmt",
    "utc",
    "ist",
    "bst",
    "pt",
    "pst",
    "pdt",
    "pkt",
    "cet",
    "th",
    "st",
    "nd",
    "rd",
    "updated",
    "published",
    "posted",
    "last",
    "date",
    "uhr",
    "de",
    "stycznia",
    "января",
    "года",
    "年",
    "月",
];

/// Returns whether the folded line is a day with its year, and nothing else.
fn is_date(line: &str) -> bool {
    if line.contains(['/', '(']) && line.contains([';', '=', '<', '"']) || line.contains("//") {
        return false;
    }
    let mut year = false;
    let mut month = false;
    for word in line.split(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '|' | '/' | '-' | ':' | '(' | ')' | '•' | '·')
    }) {
        let word = word.trim_matches('.');
        if word.is_empty() {
            continue;
        }
        if let Ok(number) = word.parse::<u32>() {
            year |= (1990..2100).contains(&number);
            continue;
        }
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        let rest = &word[digits..];
        if digits > 0
            && (rest.starts_with('.')
                || matches!(rest, "am" | "pm" | "th" | "st" | "nd" | "rd" | "h"))
        {
            year |= word
                .rsplit('.')
                .next()
                .and_then(|part| part.parse().ok())
                .is_some_and(|part: u32| (1990..2100).contains(&part));
            continue;
        }
        let Some(place) = WORDS.iter().position(|known| *known == word) else {
            return false;
        };
        month |= place < 24;
    }
    // A bare year may be a heading; a day of the week or a month makes it a date.
    year && (month || line.matches(['/', '.', '-']).count() >= 2)
}
