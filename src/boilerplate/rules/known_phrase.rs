//! Phrases that no author writes.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::{Phrase, Reading};
use crate::boilerplate::phrase::{Fit, Position, Risk};
use crate::boilerplate::shape::{Ending, words};
use crate::document::Kind;
use crate::settings::Level;
use rustc_hash::FxHashMap;

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
        "The open lake licence\nWhoever takes water under this licence gives it back clean, and without any warranty.\nThe licence ends where the copyright of the map ends, or the lake does.\n© 2004 The Lake Wardens. All rights reserved.\nLast updated: 9 September 2004",
        "The mayor's promise\nI, the mayor of the lake, will sign nothing before the last of the nine wells is full again.\nI agree\nNAME OF THE MAYOR",
        "Notice of the lake wardens\nThe lake map is delivered with restricted rights to the wardens of all nine wells.\n(c) 2004 The Lake Wardens and the Harbour\nOffice\nLake Map is a trademark of the wardens.\nWell Map is a trademark of the harbour office.",
        "Oat biscuits\nWe use cookies cut two centimetres thick for this, and bake them until the edges are brown.\nLeave them a while.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let mut legal = None;
    let often = (marks.level() == Level::Safe).then(|| often(reading));
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
            (Kind::Copyright, _) if *legal.get_or_insert_with(|| is_legal(reading)) => false,
            (_, Fit::Line) if super::tail_section::leads(seen.text) => company,
            // A button has few words, and a form of the author's may have the same: "I agree".
            (Kind::Cookie, Fit::Line) if words(seen.text) <= 2 => company,
            // Bylines and ad marks have rules of their own.
            (Kind::BylineGeneric | Kind::BylineNamed, Fit::Line) if !phrase.hit.open => false,
            (Kind::Advertisement, Fit::Line) if phrase.single => false,
            // A day alone is the text's own unless the page shows that it is one, and a label
            // with a colon behind it leads to what follows.
            (Kind::BylineGeneric, _) => {
                marks.level() > Level::Safe
                    && (head && (reading.titled || beside) || tail && company)
                    && !seen.text.ends_with([':', '：'])
                    && !*legal.get_or_insert_with(|| is_legal(reading))
            }
            (Kind::BylineNamed, _) => head || tail,
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
                        || seen.shape.ending != Ending::Stop && words(row.phrase()) > 2)
                    || phrase.hit.cover > 0.6
            }
            (_, Fit::Contains) => marks.level() > Level::Safe && (tail || phrase.hit.cover > 0.6),
        };
        let repeated = || {
            let count = often.as_ref().and_then(|often| often.get(seen.text));
            (phrase.single || !(head || tail)) && count.is_some_and(|count| *count > 2)
        };
        if !stands || repeated() {
            continue;
        }
        marks.take(at, phrase.name(), phrase.kind, phrase.words());
    }
}

/// Counts how often each short phrase stands on the page: what stands under every item of a list
/// may be part of the list.
fn often<'r>(reading: &Reading<'r>) -> FxHashMap<&'r str, usize> {
    let mut counts = FxHashMap::default();
    for seen in &reading.lines {
        if seen.phrase.is_some() && !seen.taken && words(seen.text) <= 2 {
            *counts.entry(seen.text).or_default() += 1;
        }
    }
    counts
}

/// Returns whether the text speaks of rights itself, as licences and terms do, and no other
/// furniture shows that it is part of a page.
pub(super) fn is_legal(reading: &Reading<'_>) -> bool {
    const WORDS: [&str; 9] = [
        "licen",
        "restricted right",
        "trademark",
        "lizenz",
        "warrant",
        "copyright",
        "liabilit",
        "许可证",
        "著作権",
    ];
    const LEAST: usize = 3;
    let mut left = LEAST;
    let speaks = reading.lines.iter().any(|seen| {
        if !seen.taken && seen.phrase.is_none() {
            let text = seen.text.to_lowercase();
            let found: usize = WORDS.iter().map(|word| text.matches(word).count()).sum();
            left = left.saturating_sub(found);
        }
        left == 0
    });
    speaks
        && !reading.lines.iter().any(|seen| {
            seen.phrase.is_some_and(|phrase| {
                phrase.risk == Risk::Low
                    && !phrase.single
                    && !matches!(
                        phrase.kind,
                        Kind::Copyright | Kind::BylineGeneric | Kind::BylineNamed
                    )
            })
        })
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
