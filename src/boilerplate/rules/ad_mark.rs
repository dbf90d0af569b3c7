//! "Advertisement" alone on a line.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::Fit;
use crate::boilerplate::shape::Ending;
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B02",
    name: "ad-mark",
    findings: &["ad-mark"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "The mark over an advertisement is the one label that is common inside bodies. It stands \
          alone between two paragraphs, often twice. Where the line before it is a label too, or \
          the lines around it alternate heading and sentence, it may be a glossary's headword and stays.",
    removes: &[
        Removes {
            page: "Kiosk tax splits town\nThe town will tax every kiosk that is wider than two metres from the first of May.\nAdvertisement\nOwners say that the tax is the end of the evening trade on the ring road.\nAdvertisement\nThe mayor promised to look at the figures again before the summer holidays.",
            gone: &["Advertisement", "Advertisement"],
        },
        Removes {
            page: "La tasa divide al pueblo\nEl pueblo cobrará una tasa por cada quiosco de más de dos metros desde mayo.\nPublicidad\nLos dueños dicen que es el fin del comercio de la tarde en la ronda.",
            gone: &["Publicidad"],
        },
    ],
    keeps: &[
        "Words of the trade\nAdvertisement\nA message that somebody pays for, with or without a price on it.\nSponsor\nSomebody who pays for a programme and does not make it.",
        "A short guide\nNotice\nAdvertisement\nPetition\nEach of the three must be pinned to the door of the town hall for two weeks.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let is_mark = |at: usize| {
        reading.lines[at].phrase.as_ref().is_some_and(|phrase| {
            phrase.kind == Kind::Advertisement && phrase.hit.row.fit == Fit::Line
        })
    };
    let all = (0..reading.lines.len()).filter(|&at| is_mark(at)).count();
    if all == 0 || reading.zones.body.is_none() {
        return;
    }
    for (at, seen) in reading.lines.iter().enumerate() {
        if seen.taken || !is_mark(at) || at == reading.headline || reading.opens(at) {
            continue;
        }
        let Some(phrase) = &seen.phrase else { continue };
        let (before, after) = (reading.before(at), reading.after(at));
        let place = if before.is_some_and(is_mark) || after.is_some_and(is_mark) {
            "beside another"
        } else if reading.headword(at) {
            continue;
        } else if before.is_some_and(|line| reading.lines[line].shape.ending != Ending::Open) {
            "after a paragraph"
        } else if before == Some(reading.headline) {
            "under the headline"
        } else if all > 1 {
            "one of several on the page"
        } else if reading.zones.tail(at)
            && before.is_some_and(|line| reading.lines[line].phrase.is_some())
        {
            "after the body, beside other furniture"
        } else {
            continue;
        };
        marks.take(
            at,
            "ad-mark",
            Kind::Advertisement,
            format!("{}, {place}", phrase.words()),
        );
    }
}
