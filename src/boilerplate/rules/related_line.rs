//! "Also read: …": a teaser inside the body, on one line.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::Fit;
use crate::boilerplate::shape::Ending;
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B05",
    name: "related-line",
    findings: &["related-line"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "A label with a colon or a bar (\"Also read:\") and the title of another story, without a \
          final stop, is a teaser wherever it stands. A sentence with the same words goes on and \
          ends in a stop.",
    removes: &[
        Removes {
            page: "Bridge opens after repairs\nThe bridge over the Kali was opened again on Thursday, the works office said.\nAlso Read: Town runs short of water\nTraffic crossed it in both directions by the evening, drivers told us.",
            gone: &["Also Read: Town runs short of water"],
        },
        Removes {
            page: "Мост открыт\nМост через реку снова открыт в четверг, сообщили в управлении дорог области.\nЧитайте также: Город остался без воды\nВечером движение шло уже в обе стороны, рассказали водители автобусов.",
            gone: &["Читайте также: Город остался без воды"],
        },
    ],
    keeps: &[
        "What the label says\nRead more: that was all the teacher ever wrote under an essay, and we did.\nSee also: a phrase of encyclopaedias that he used in speech.",
        "Related: a short history of a word\nIt came from law, as so many do, and kept its wig for two hundred years.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        if seen.taken
            || phrase.kind != Kind::Related
            || phrase.hit.row.fit != Fit::Prefix
            || super::tail_section::leads(seen.text) && seen.text.contains("://")
            || at == reading.headline
            || reading.opens(at)
        {
            continue;
        }
        let ends = seen.shape.ending == Ending::Stop && !seen.text.ends_with(['?', '؟', '？']);
        let label = phrase
            .hit
            .row
            .phrase()
            .split('{')
            .next()
            .unwrap_or_default()
            .trim_end();
        let marked = label.ends_with([':', '|', '：', '-', '–', '—', '>', '»']);
        if ends || reading.wrapped || !marked || seen.shape.width > 160 {
            continue;
        }
        marks.take(
            at,
            "related-line",
            Kind::Related,
            format!("{}, one line without a final stop", phrase.words()),
        );
    }
}
