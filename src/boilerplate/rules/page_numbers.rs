//! "1 2 3 Next": the pages of a split article.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::document::Kind;
use crate::settings::Level;
use crate::text::fold::fold;

pub(super) static RULE: Rule = Rule {
    code: "B08",
    name: "page-numbers",
    findings: &["page-numbers"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "Page numbers in a row, with or without the words for next and last page, stand under an \
          article that was split. Scores and tables stand elsewhere and do not count up by one.",
    removes: &[Removes {
        page: "Market closes flat\nThe index ended the day two points down after a quiet afternoon.\nFew shares changed hands, and none of them in the last hour.\n1 2 3 Next",
        gone: &["1 2 3 Next"],
    }],
    keeps: &[
        "Results\nRovers 2-1 United\nCity 0-0 Athletic\nPage 3-3 Albion\nNext: Rovers v City, Saturday",
        "Draw of the week\nThe numbers were drawn on Saturday night in front of a small crowd.\n4 8 15 16 23 42",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        if seen.taken || marks.has(at) || !reading.zones.tail(at) || seen.text.len() > 120 {
            continue;
        }
        if !seen.text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        if let Some(evidence) = counts_up(reading, seen.text) {
            marks.take(at, "page-numbers", Kind::Pagination, evidence);
        }
    }
}

/// Returns what speaks for page numbers: they count up by one, and what else is there says "next".
fn counts_up(reading: &Reading<'_>, text: &str) -> Option<String> {
    let folded = fold(text);
    let mut numbers: Vec<u32> = Vec::new();
    let mut rest = String::new();
    for word in folded.split_whitespace() {
        if let Ok(number) = word.parse() {
            numbers.push(number);
        } else if word.contains(char::is_alphanumeric) {
            if !rest.is_empty() {
                rest.push(' ');
            }
            rest.push_str(word);
        }
    }
    let steps = numbers
        .windows(2)
        .filter(|pair| pair[0].checked_add(1) == Some(pair[1]))
        .count();
    if numbers.len() < 2 || numbers[0] > 2 || steps + 2 < numbers.len() || steps == 0 {
        return None;
    }
    let label = if rest.is_empty() {
        if numbers.len() < 3 || numbers[0] != 1 {
            return None;
        }
        String::new()
    } else {
        let row = reading
            .matcher
            .exact(rest.trim_matches(|c: char| !c.is_alphanumeric()))?;
        if row.kind != Kind::Pagination {
            return None;
        }
        format!(" and “{}”", row.phrase())
    };
    Some(format!(
        "{} page numbers in a row{label}, after the body",
        numbers.len()
    ))
}
