//! A table of contents: headings that the page itself prints again further down.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::shape::Ending;
use crate::document::Kind;
use crate::settings::Level;
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    code: "B13",
    name: "contents-list",
    findings: &["contents-list"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "Under a label such as \"Contents\", three or more lines in a row that all stand again \
          further down, in the same order and with text under them, are the list of the page's own headings. The headings stay where their \
          text is, so nothing is lost; a refrain comes back in one piece and is none.",
    removes: &[Removes {
        page: "How to keep bees\nTable of Contents\nThe first year\nThe winter\nThe honey\nThe first year\nBuy one hive and one book, and read the book before you open the hive.\nThe winter\nFeed them in autumn, close the door against mice, and leave them alone.\nThe honey\nTake half of what there is, in July, and be thankful for the other half.",
        gone: &[
            "Table of Contents",
            "The first year",
            "The winter",
            "The honey",
        ],
    }],
    keeps: &[
        "Row me home\nOver the lake\nOver the reeds\nOver the stones we threw\nMother is waiting with bread on the table, and the lamp is in the window.\nOver the lake\nOver the reeds\nOver the stones we threw",
        "What I learned in a year of bees\nThe winter\nThe honey\nThe neighbours\nThe winter\nFeed them in autumn, close the door against mice, and leave them alone.\nThe honey\nTake half of what there is, in July, and be thankful for the other half.\nThe neighbours\nGive them a jar of it before they ask, and another at New Year.",
        "Three towns\nAmt\nBrel\nCort\nThe three towns lie on one river, a day's walk from each other and from the sea.",
    ],
    check,
};

/// Labels that stand over such a list.
const LABELS: [&str; 8] = [
    "table of contents",
    "contents",
    "on this page",
    "in this article",
    "in this article:",
    "jump to",
    "jump to:",
    "table of content",
];

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let lines = &reading.lines;
    // The cheap test first: pages without such a label are nearly all.
    let labelled = |at: usize| {
        at != reading.headline
            && LABELS
                .iter()
                .any(|label| lines[at].text.eq_ignore_ascii_case(label))
    };
    if lines.len() < 6 || reading.wrapped || !(0..lines.len()).any(labelled) {
        return;
    }
    // Where each text stands last: nearly all stand once.
    let mut last: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, seen) in lines.iter().enumerate() {
        if !seen.taken && seen.shape.width <= 120 {
            last.insert(seen.text, at);
        }
    }
    let again = |at: usize| -> Option<usize> {
        let seen = &lines[at];
        let later = *last.get(seen.text)?;
        (!seen.taken && at != reading.headline && later > at && seen.shape.ending != Ending::Stop)
            .then_some(later)
    };
    // How many sentences stand before each line.
    let mut stops: Vec<u32> = Vec::with_capacity(lines.len() + 1);
    let mut passed = 0;
    stops.push(passed);
    for seen in lines {
        passed += u32::from(seen.shape.ending == Ending::Stop);
        stops.push(passed);
    }
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        let mut copies = Vec::new();
        while at < lines.len() {
            let Some(later) = again(at) else { break };
            if copies.last().is_some_and(|before| *before >= later) {
                break;
            }
            copies.push(later);
            at += 1;
        }
        // Each copy has text under it: a sentence before the next one.
        let under = copies
            .windows(2)
            .filter(|pair| stops[pair[0] + 1] < stops[pair[1]])
            .count();
        if copies.len() >= 3 && copies[0] >= at && under * 3 >= (copies.len() - 1) * 2 {
            // Without the label it may be the author's own list of what comes.
            let label = (start.saturating_sub(3)..start)
                .rev()
                .find(|&at| labelled(at));
            if let Some(label) = label {
                marks.take(
                    label,
                    "contents-list",
                    Kind::Other,
                    "the label of a list of headings".to_owned(),
                );
                for line in start..at {
                    let evidence = format!(
                        "one of {} headings under “{}” that stand again further down",
                        copies.len(),
                        lines[label].text
                    );
                    marks.take(line, "contents-list", Kind::Other, evidence);
                }
            }
        }
        at = at.max(start + 1);
    }
}
