//! Everything after a sure mark of the article's end.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B11",
    name: "tail-section",
    findings: &["tail-section"],
    since: "0.1.0",
    level: Level::Standard,
    why: "After the body's last sentence and a sure phrase (a comment form, a list of related \
          stories, a share bar) come the page's lists and footers: lines without a final stop that \
          name other things. It goes on until a sentence stands there again.",
    removes: &[Removes {
        page: "Clinic opens by the lake\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nPeople came from both shores to look at the new rooms on Sunday afternoon.\nYou May Also Like\nWhy the ferry was late\nLeave a Reply Cancel reply\nStay Connected\nTop of the week\nA village and its three bakers",
        gone: &["You May Also Like", "Why the ferry was late", "Leave a Reply Cancel reply", "Stay Connected", "Top of the week", "A village and its three bakers"],
    }],
    keeps: &[
        "What to bring\nThe walk takes four hours, and there is no shop on the way, the guide writes.\nWater\nBread and cheese\nA warm coat",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let Some((_, last)) = reading.zones.body else { return };
    let lines = &reading.lines;
    let mut anchor: Option<usize> = None;
    for (at, seen) in lines.iter().enumerate().skip(last + 1) {
        if seen.taken {
            continue;
        }
        if marks.has(at) {
            let starts = seen.phrase.as_ref().is_some_and(|phrase| {
                phrase.risk == Risk::Low && !phrase.single && phrase.hit.row.fit != Fit::Contains
                    && !matches!(phrase.kind, Kind::BylineGeneric | Kind::BylineNamed | Kind::Advertisement | Kind::CaptionCredit)
            });
            if starts {
                anchor = Some(at);
            }
            continue;
        }
        let Some(from) = anchor else { continue };
        if seen.shape.ending == Ending::Stop && words(seen.text) > 3 {
            anchor = None;
            continue;
        }
        marks.take(at, "tail-section", Kind::Other, format!("after the body's end and “{}”", lines[from].text));
    }
}
