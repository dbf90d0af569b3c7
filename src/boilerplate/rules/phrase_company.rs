//! Doubtful phrases, in the company that makes them sure.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B04",
    name: "phrase-company",
    findings: super::known_phrase::RULE.findings,
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "\"Name\", \"Comment\" and \"Print\" are words of anybody; in a row with a sure phrase they \
          are a form or a share bar. Phrases of medium risk also go where only furniture stands, \
          before the body or after it.",
    removes: &[
        Removes {
            page: "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nLeave a Reply Cancel reply\nComment\nName *\nEmail *\nWebsite",
            gone: &[
                "Leave a Reply Cancel reply",
                "Comment",
                "Name *",
                "Email *",
                "Website",
            ],
        },
        Removes {
            page: "Rice with lemon\nPrint\nShare\nJump to Recipe\n2 cups rice\nBoil the rice for twelve minutes and drain it well.\nStir the juice in and serve it while it is hot.",
            gone: &["Print", "Share", "Jump to Recipe"],
        },
        Removes {
            page: "Ferry returns to the lake\nBy Our Correspondent\nPublished: 12 March 2024\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nIt will cross nine times a day until the ice comes.\nShare this:",
            gone: &[
                "By Our Correspondent",
                "Published: 12 March 2024",
                "Share this:",
            ],
        },
    ],
    keeps: &[
        "Where to ask for help\nName\nEmail\nWebsite\nHarbour office\nharbour@lake.example\nlake.example\nWrite to the office before the end of the week, the captain says.",
        "Two notes on the leak\nRelated\nThe second leak was related to the first by a valve that both pipes share.\nComments\nComments were asked for until the fourth of March, and two hundred came.",
        "The vote by ward\nCandidate\nVotes\nShare\nA. Boateng\n11,204\n52%\nTurnout was lower than in any year since the war, the clerk said.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        if seen.taken || at == reading.headline || reading.opens(at) || marks.has(at) {
            continue;
        }
        if matches!(phrase.kind, Kind::CaptionCredit | Kind::Advertisement) {
            continue;
        }
        let row = phrase.hit.row;
        let byline = matches!(phrase.kind, Kind::BylineGeneric | Kind::BylineNamed);
        let (head, tail) = (reading.zones.head(at), reading.zones.tail(at));
        let ends = seen.shape.ending;
        let company = reading.beside(at) || tail && reading.tail_anchor(at);
        // A word, a list of key words and a pointer of the author's need company even there.
        let open = phrase.hit.open
            && !matches!(
                phrase.kind,
                Kind::Share | Kind::Newsletter | Kind::FollowUs | Kind::CommentForm | Kind::Related
            );
        let shy = phrase.single
            || open
            || phrase.kind == Kind::TagsCategories && row.fit != Fit::Line
            || phrase.kind == Kind::Cookie && words(seen.text) <= 2
            || super::tail_section::leads(seen.text);
        // Sure notices are for the rule of known phrases.
        if phrase.kind == Kind::Copyright
            && (!tail
                || reading.wrapped
                || phrase.risk == Risk::Low
                || super::known_phrase::is_legal(reading))
        {
            continue;
        }
        // A label that leads to what follows.
        if row.fit == Fit::Prefix && seen.text.ends_with([':', '：']) && phrase.hit.cover < 0.6 {
            continue;
        }
        let place = match phrase.risk {
            Risk::Low if byline => continue,
            Risk::Low | Risk::Medium
                if (head || tail)
                    && (row.fit == Fit::Line || ends == Ending::Open)
                    && (company || !shy)
                    && !reading.headword(at) =>
            {
                if head {
                    "before the body"
                } else {
                    "after the body"
                }
            }
            _ if byline => continue,
            Risk::Low | Risk::Medium
                if row.fit == Fit::Line && reading.anchor(at, 4, phrase.kind).is_some() =>
            {
                "in a row with a sure phrase"
            }
            Risk::High if row.fit == Fit::Line && reading.anchor(at, 4, phrase.kind).is_some() => {
                "in a row with a sure phrase"
            }
            Risk::High
                if row.fit == Fit::Line
                    && tail
                    && reading.zones.bar >= 40
                    && reading.in_row(at) =>
            {
                "after the body, in a row of phrases"
            }
            Risk::High
                if row.fit == Fit::Line
                    && tail
                    && reading.zones.bar >= 40
                    && reading.beside(at)
                    && reading.tail_anchor(at) =>
            {
                "after the body, beside other furniture"
            }
            _ => continue,
        };
        marks.take(
            at,
            phrase.name(),
            phrase.kind,
            format!("{}, {place}", phrase.words()),
        );
    }
}
