//! What a user adds to the catalogue, compiled, and what it is to leave alone.
//!
//! The user's phrases lie in a matcher of their own, before the table's: a row
//! of the user's that is the whole line beats any of the table's, another one
//! beats it unless the table's is surer.

use super::matcher::{LONGEST, Matcher};
use super::phrase::{Entry, Origin};
use super::rules;
use crate::document::Kind;
use crate::settings::{Allowed, Fit, Position, Risk, UserPhrase, UserRules, nearest};
use crate::text::fold::fold;
use std::collections::BTreeSet;

/// The user's rules, compiled.
pub(super) struct User {
    phrases: Matcher,
    kept: Matcher,
    off: BTreeSet<String>,
}

impl User {
    /// Compiles `rules`.
    pub(super) fn new(user: &UserRules) -> Self {
        let phrases = user.phrases.iter().map(entry);
        let kept = user.keeps.iter().filter_map(|allow| match &allow.what {
            Allowed::Phrase(phrase, fit) => Some(Entry {
                kind: Kind::Other,
                language: "und".into(),
                phrase: phrase.clone().into(),
                fit: *fit,
                risk: Risk::Low,
                position: Position::Any,
                origin: Origin::User,
            }),
            Allowed::Rule(_) => None,
        });
        let off = user.keeps.iter().filter_map(|allow| match &allow.what {
            Allowed::Rule(name) => {
                let [code, model] = rules::LINE_MODEL;
                Some(if name == code { model } else { name }.to_owned())
            }
            Allowed::Phrase(..) => None,
        });
        Self {
            phrases: Matcher::new(phrases),
            kept: Matcher::new(kept),
            off: off.collect(),
        }
    }

    /// Returns the user's phrases.
    pub(super) fn phrases(&self) -> &Matcher {
        &self.phrases
    }

    /// Returns whether the line stays, whatever a rule says.
    pub(super) fn keeps(&self, line: &str) -> bool {
        self.kept.len() > 0 && self.kept.find(&fold(line)).is_some()
    }

    /// Returns whether a rule, or the findings of that name, are switched off.
    pub(super) fn is_off(&self, name: &str) -> bool {
        self.off.contains(name)
    }
}

/// Returns whether the row fits the line, wherever it stands.
pub(super) fn fits(row: &UserPhrase, line: &str) -> bool {
    Matcher::new([entry(row)]).find(&fold(line)).is_some()
}

fn entry(row: &UserPhrase) -> Entry {
    Entry {
        kind: row.kind,
        language: row.language.clone().into(),
        phrase: row.phrase.clone().into(),
        fit: row.fit,
        risk: row.risk,
        position: row.position,
        origin: Origin::User,
    }
}

/// Returns the first thing in `user` that cannot work: its line in the file, and what is wrong.
pub fn problem(user: &UserRules) -> Option<(usize, String)> {
    let rows = user.phrases.iter().map(|row| {
        let said = says_too_little(&row.phrase, row.fit)?;
        Some((row.line, said))
    });
    let keeps = user.keeps.iter().map(|allow| {
        let said = match &allow.what {
            Allowed::Phrase(phrase, fit) => says_too_little(phrase, *fit)?,
            Allowed::Rule(name) => {
                let known: Vec<&str> = rules::names().into_iter().collect();
                if known.contains(&name.as_str()) {
                    return None;
                }
                let hint = nearest(name, &known)
                    .map_or_else(String::new, |name| format!("did you mean {name:?}? "));
                format!("there is no rule {name:?}; {hint}`copydesk rules list` names them all")
            }
        };
        Some((allow.line, said))
    });
    let mut all: Vec<_> = rows.chain(keeps).flatten().collect();
    all.sort();
    all.into_iter().next()
}

/// Returns why a phrase can never be found, or would be found everywhere.
fn says_too_little(phrase: &str, fit: Fit) -> Option<String> {
    let folded = fold(phrase);
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    if bare(&folded) == 0 && !folded.contains(|c: char| !c.is_whitespace()) {
        return Some("the phrase is empty; expected the words of a line".to_owned());
    }
    if folded.contains('\n') || phrase.contains('\n') {
        return Some(
            "the phrase has a line break; a phrase lies in one line, two lines are two rows"
                .to_owned(),
        );
    }
    if folded.chars().count() > LONGEST {
        return Some(format!(
            "the phrase is longer than {LONGEST} characters; its beginning with match = \"prefix\" is enough"
        ));
    }
    for part in phrase.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !matches!(name, "…" | "..." | "n") || !part.contains('}') {
            return Some(format!(
                "{{{name} is no placeholder; expected {{…}} for a few words or {{n}} for a number"
            ));
        }
    }
    let alone = fit == Fit::Line && !phrase.contains('{');
    (!alone && !Matcher::can_find(phrase, fit)).then(|| {
        "the phrase says too little and would be found everywhere; expected three letters, of match = \
         \"contains\" six, or the whole line with match = \"line\""
            .to_owned()
    })
}
