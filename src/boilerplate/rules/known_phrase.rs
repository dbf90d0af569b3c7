//! Phrases that no author writes.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::{Phrase, Reading};
use crate::boilerplate::phrase::{Fit, Position, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B03",
    name: "known-phrase",
    findings: &[
        "ad-mark",
        "app-prompt",
        "browser-message",
        "caption-credit",
        "comment-form",
        "cookie-notice",
        "copyright-notice",
        "follow-us",
        "interface-label",
        "login-prompt",
        "named-byline",
        "newsletter-prompt",
        "page-numbers",
        "paywall-prompt",
        "print-button",
        "publication-label",
        "related-label",
        "search-box",
        "share-bar",
        "skip-link",
        "tag-line",
    ],
    since: "0.1.0",
    level: Level::Safe,
    option: None,
    why: "Publishing systems print these phrases word for word (\"Your email address will not be \
          published\"), and no author writes them alone on a line. One word alone still needs the \
          page's head or tail, or furniture beside it.",
    removes: &[
        Removes {
            page: "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nLeave a Reply\nYour email address will not be published. Required fields are marked *",
            gone: &[
                "Leave a Reply",
                "Your email address will not be published. Required fields are marked *",
            ],
        },
        Removes {
            page: "Skip to main content\nFerry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nShare this:\nClick to share on Facebook (Opens in new window)",
            gone: &[
                "Skip to main content",
                "Share this:",
                "Click to share on Facebook (Opens in new window)",
            ],
        },
        Removes {
            page: "Die Fähre fährt wieder\nDie alte Fähre überquerte am Sonntag nach neun Jahren in der Werft wieder den See.\nSchreibe einen Kommentar Antworten abbrechen",
            gone: &["Schreibe einen Kommentar Antworten abbrechen"],
        },
    ],
    keeps: &[
        "How a blog greets you\nAfter the last paragraph the theme prints the words \"Leave a Reply\" and a form with three fields.\nThe notice reads: \"Your email address will not be published.\"",
        "Oat biscuits\nWe use cookies cut two centimetres thick for this, and bake them until the edges are brown.\nLeave them a while.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        if seen.taken || phrase.risk > Risk::Low || at == reading.headline && !interface(phrase) {
            continue;
        }
        if reading.opens(at) && (!interface(phrase) || phrase.single) {
            continue;
        }
        let row = phrase.hit.row;
        let (head, tail) = (reading.zones.head(at), reading.zones.tail(at));
        let beside = reading.beside(at);
        let company = beside || tail && reading.tail_anchor(at);
        let stands = match (phrase.kind, row.fit) {
            // Legal texts are made of these words.
            (Kind::Copyright, _) if !tail || reading.wrapped || reading.said_after(at) => false,
            (Kind::Related, Fit::Line) if super::tail_section::leads(seen.text) => company,
            // Bylines and ad marks have rules of their own.
            (Kind::BylineGeneric | Kind::BylineNamed, Fit::Line) if !phrase.hit.open => false,
            (Kind::Advertisement, Fit::Line) if phrase.single => false,
            (Kind::BylineGeneric | Kind::BylineNamed, _) => head || tail,
            (_, Fit::Line) if phrase.single => company,
            (_, Fit::Line) if marks.level() == Level::Safe => {
                words(seen.text) > 2
                    || row.position == Position::Any
                    || tail
                    || head && row.position == Position::Head
            }
            (_, Fit::Line) => {
                words(seen.text) > 2 || head || tail || beside || phrase.kind == Kind::Related
            }
            (_, Fit::Prefix) => {
                marks.level() > Level::Safe
                    && (head
                        || tail
                        || beside
                        || phrase.hit.cover > 0.5
                        || seen.shape.ending != Ending::Stop && words(row.phrase) > 2)
                    || phrase.hit.cover > 0.6
            }
            (_, Fit::Contains) => marks.level() > Level::Safe && (tail || phrase.hit.cover > 0.6),
        };
        if !stands {
            continue;
        }
        marks.take(at, phrase.name(), phrase.kind, phrase.words());
    }
}

/// Returns whether the phrase is of a kind that may open a page.
fn interface(phrase: &Phrase<'_>) -> bool {
    matches!(
        phrase.kind,
        Kind::SkipNav
            | Kind::Cookie
            | Kind::ErrorJs
            | Kind::Share
            | Kind::Search
            | Kind::Login
            | Kind::Advertisement
            | Kind::Newsletter
    ) && phrase.hit.row.fit == Fit::Line
        && !phrase.single
}
