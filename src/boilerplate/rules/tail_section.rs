//! Everything after a sure mark of the article's end.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::{Reading, Seen};
use crate::boilerplate::phrase::{Fit, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;
use crate::text::fold::fold;
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    code: "B11",
    name: "tail-section",
    findings: &["tail-section"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "After the body's last sentence and a sure phrase (a comment form, a list of related \
          stories, a share bar) come the page's lists and footers: lines without a final stop that \
          name other things. It goes on until a sentence stands there again.",
    removes: &[Removes {
        page: "Clinic opens by the lake\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nPeople came from both shores to look at the new rooms on Sunday afternoon.\nYou May Also Like\nWhy the ferry was late\nLeave a Reply Cancel reply\nStay Connected\nTop of the week\nA village and its three bakers",
        gone: &[
            "You May Also Like",
            "Why the ferry was late",
            "Leave a Reply Cancel reply",
            "Stay Connected",
            "Top of the week",
            "A village and its three bakers",
        ],
    }],
    keeps: &[
        "What to bring\nThe walk takes four hours, and there is no shop on the way, the guide writes.\nWater\nBread and cheese\nA warm coat",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let Some((_, last)) = reading.zones.body.filter(|_| !reading.wrapped) else {
        return;
    };
    let lines = &reading.lines;
    // Whatever is taken here stands by something that went before.
    if !(last + 1..lines.len()).any(|line| marks.has(line)) {
        return;
    }
    // How often each line stands in the page, and in what follows the body.
    let mut standing: FxHashMap<&str, usize> = FxHashMap::default();
    for seen in lines {
        *standing.entry(seen.text).or_default() += 1;
    }
    let mut anchor: Option<usize> = None;
    for (at, seen) in lines.iter().enumerate().skip(last + 1) {
        if seen.taken {
            continue;
        }
        if marks.has(at) {
            if opens_section(seen, &standing) || reading.zones.bar >= 40 && reading.in_row(at) {
                anchor = Some(at);
            }
            continue;
        }
        let Some(from) = anchor else { continue };
        if seen.shape.ending == Ending::Stop && words(seen.text) > 3
            || seen.shape.width > 160
            || reading.broken(at)
        {
            // A short sentence may be the page's, but it is not sure enough to go.
            if seen.shape.width >= 80 || seen.shape.width >= 45 && reading.broken(at) {
                anchor = None;
            }
            continue;
        }
        marks.take(
            at,
            "tail-section",
            Kind::Other,
            format!("after the body's end and “{}”", lines[from].text),
        );
    }
    // A short sentence with furniture on both sides is furniture.
    // A button under every item of a list says nothing about the items.
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for seen in &lines[last + 1..] {
        *counts.entry(seen.text).or_default() += 1;
    }
    let furniture = |marks: &Marks<'_>, line: usize| {
        marks.has(line) && counts.get(lines[line].text).is_none_or(|count| *count <= 2)
    };
    let near = |marks: &Marks<'_>, mut lines: std::ops::Range<usize>| {
        lines.any(|line| furniture(marks, line))
    };
    let sentences_stay = marks.level() < Level::Aggressive;
    let mut before = 0;
    for at in last + 1..lines.len() {
        let seen = &lines[at];
        let says = seen.shape.ending == Ending::Stop && words(seen.text) > 3;
        if seen.taken || says && sentences_stay {
            before += usize::from(furniture(marks, at));
            continue;
        }
        let between = before >= 3
            && !marks.has(at)
            && seen.shape.width < reading.zones.bar
            && !reading.broken(at)
            && near(marks, at.saturating_sub(2).max(last + 1)..at)
            && near(marks, at + 1..lines.len().min(at + 3));
        if between {
            marks.take(
                at,
                "tail-section",
                Kind::Other,
                "a short line after the body, between furniture".to_owned(),
            );
        }
        before += usize::from(furniture(marks, at));
    }
}

/// Returns whether the marked line is one that furniture begins with.
fn opens_section(seen: &Seen<'_>, standing: &FxHashMap<&str, usize>) -> bool {
    let Some(phrase) = &seen.phrase else {
        return false;
    };
    let row = phrase.hit.row;
    if phrase.risk > Risk::Low || row.fit != Fit::Line || phrase.hit.open && phrase.hit.cover < 0.6
    {
        return false;
    }
    let least = match phrase.kind {
        Kind::CommentForm
        | Kind::Newsletter
        | Kind::Share
        | Kind::Related
        | Kind::Cookie
        | Kind::Paywall => 2,
        Kind::FollowUs
        | Kind::Login
        | Kind::Pagination
        | Kind::Search
        | Kind::App
        | Kind::PrintEmail => 3,
        _ => return false,
    };
    // "Read more" under every item of the author's own list is no beginning of anything.
    words(seen.text) >= least
        && !leads(seen.text)
        && standing.get(seen.text).is_none_or(|count| *count <= 2)
}

/// Returns whether a label leads to what the author recommends.
pub(super) fn leads(text: &str) -> bool {
    let folded = fold(text);
    LEADS.iter().any(|lead| folded.starts_with(lead))
}

/// Labels that lead to what the author recommends.
const LEADS: [&str; 6] = [
    "read more",
    "see also",
    "in this",
    "learn more",
    "view more",
    "more information",
];
