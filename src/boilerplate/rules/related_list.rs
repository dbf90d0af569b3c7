//! "Related Stories" and the titles under it.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B06",
    name: "related-list",
    findings: &["related-list"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "Under a sure label (\"Related Stories\") stand titles of other stories: lines of a few \
          words without a final stop. The list ends where a sentence begins; a short line just \
          before a sentence may be a subhead of the story and stays.",
    removes: &[Removes {
        page: "Clinic opens by the lake\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nRelated Stories\nNurses end their strike after a pay deal\nCounty to hire forty midwives this year",
        gone: &[
            "Related Stories",
            "Nurses end their strike after a pay deal",
            "County to hire forty midwives this year",
        ],
    }],
    keeps: &[
        "The court put four questions\nWho owned the field in 1956\nWho sold it to the mill\nWho signed the deed\nIt answered only the last of them, and that in two lines of a footnote.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let lines = &reading.lines;
    for (at, seen) in lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        let label = phrase.kind == Kind::Related
            && phrase.hit.row.fit == Fit::Line
            && phrase.risk == Risk::Low
            && !phrase.single;
        if !label || !marks.has(at) || super::tail_section::leads(seen.text) {
            continue;
        }
        let title = |line: usize| {
            let seen = &lines[line];
            !seen.taken
                && seen.phrase.is_none()
                && (seen.shape.ending != Ending::Stop || seen.text.ends_with('?'))
                && seen.shape.width <= 150
                && words(seen.text) >= 3
                && line != reading.headline
        };
        let mut end = at + 1;
        while end < lines.len() && title(end) && end - at <= 12 {
            end += 1;
        }
        let tail = reading.zones.tail(at);
        if !tail {
            // A subhead may follow the list's last title.
            if end < lines.len() && lines[end].sentence() && lines[end - 1].shape.width < 60 {
                end -= 1;
            }
            if end < at + 3 || (at + 1..end).any(|line| words(lines[line].text) < 4) {
                continue;
            }
        }
        // A table of contents names what the page itself says further down.
        if (at + 1..end).any(|line| reading.stands_from(end, lines[line].text)) {
            continue;
        }
        for line in at + 1..end {
            marks.take(
                line,
                "related-list",
                Kind::Related,
                format!("title under “{}”", seen.text),
            );
        }
    }
}
