//! Phrases of the user's own.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Origin, Risk};
use crate::document::Kind;
use crate::settings::{Level, Position, UserPhrase, UserRules};

/// The name of its findings, and of those that other rules make of the user's phrases.
pub(in crate::boilerplate) const NAME: &str = "user-phrase";

pub(super) static RULE: Rule = Rule {
    code: "U01",
    name: NAME,
    findings: &[NAME],
    since: "0.1.0",
    level: Level::Safe,
    option: None,
    why: "What a file of rules (--rules FILE) says goes, goes. A phrase of low risk falls wherever \
          its row's position lets it, one of medium or high risk only where a phrase of ours would. \
          The line that the title names as the headline stays.",
    removes: &[Removes {
        page: "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nGet the Courier in your pocket\nThe mayor, the miller and forty others were on board, and nobody asked what it cost.",
        gone: &["Get the Courier in your pocket"],
    }],
    keeps: &[
        "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nGet the Courier in your pocket, she said, and run.",
    ],
    check,
};

/// Returns the file of rules that the examples are tried with.
pub(in crate::boilerplate) fn example() -> UserRules {
    UserRules {
        phrases: vec![UserPhrase {
            line: 1,
            kind: Kind::Newsletter,
            language: "en".to_owned(),
            phrase: "Get the Courier in your pocket".to_owned(),
            fit: Fit::Line,
            risk: Risk::Low,
            position: Position::Any,
            removes: Vec::new(),
            keeps: Vec::new(),
        }],
        keeps: Vec::new(),
    }
}

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        let Some(phrase) = &seen.phrase else { continue };
        let row = phrase.hit.row;
        if row.origin != Origin::User || seen.taken || phrase.risk > Risk::Low {
            continue;
        }
        if at == reading.headline && (reading.titled || row.fit != Fit::Line) {
            continue;
        }
        marks.take(at, NAME, phrase.kind, phrase.words());
    }
}
