//! "Photo: AFP": whose picture was there.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::Fit;
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B07",
    name: "caption-credit",
    findings: &["caption-credit"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "The credit of a picture that is no longer there: a label and a source, a few words without \
          a final stop. A caption that tells what the picture shows may be content and stays.",
    removes: &[Removes {
        page: "Flood reaches the old town\nPhoto: AFP\nThe river rose over the quay on Tuesday night and reached the market by morning.",
        gone: &["Photo: AFP"],
    }],
    keeps: &[
        "Flood reaches the old town\nPhoto: a shopkeeper carries his scales through the water that came up to his knees.\nThe river rose over the quay on Tuesday night and reached the market by morning.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        if seen.taken
            || phrase.kind != Kind::CaptionCredit
            || at == reading.headline
            || reading.opens(at)
        {
            continue;
        }
        let apart = reading.zones.head(at) || reading.zones.tail(at);
        let longest = if apart { 8 } else { 5 };
        let closed = phrase
            .hit
            .row
            .phrase()
            .contains([':', '：', ',', '(', '[', '=', '©']);
        let fits = phrase.hit.row.fit != Fit::Contains
            && closed
            && (apart || !seen.text.contains(|c: char| c.is_numeric()))
            && seen.shape.ending == Ending::Open
            && words(seen.text) <= longest
            && seen.shape.width <= 80;
        if fits {
            marks.take(
                at,
                "caption-credit",
                Kind::CaptionCredit,
                format!("{}, a few words", phrase.words()),
            );
        }
    }
}
