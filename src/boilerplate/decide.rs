//! One decision over the page: every rule marks what it would take, in the
//! order of the catalogue, and the first to mark a line names it.

use super::evidence::{Reading, Seen};
use super::heard::Keeper;
use super::rules;
use super::user::User;
use crate::document::{Finding, Kind, Span, Why};
use crate::settings::{BoilerplateSettings, Level};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Runs the rules over the page and returns what they found, in the order of the text.
pub(super) fn decide<'s>(reading: &Reading<'s>, settings: &'s BoilerplateSettings) -> Vec<Finding> {
    let mut marks = Marks {
        settings,
        user: reading.user,
        kept: kept(reading, settings),
        lines: vec![None; reading.lines.len()],
        reasons: FxHashMap::default(),
        cuts: Cuts::default(),
    };
    for rule in rules::ALL {
        let off = [rule.name, rule.code]
            .iter()
            .any(|name| reading.user.is_some_and(|user| user.is_off(name)));
        let asked = rule.option.is_none() || settings.agency_tags;
        if settings.level >= rule.level && asked && !off {
            (rule.check)(reading, &mut marks);
        }
    }
    let mut findings: Vec<Finding> = reading
        .lines
        .iter()
        .zip(marks.lines)
        .filter_map(|(seen, why)| {
            Some(Finding {
                span: seen.span,
                why: why?,
            })
        })
        .collect();
    // A cut inside a line that goes whole is part of it.
    let mut cuts: Vec<Finding> = marks.cuts.0.into_values().collect();
    cuts.retain(|cut| {
        let next = findings.partition_point(|whole| whole.span.start <= cut.span.start);
        let whole = next.checked_sub(1).and_then(|before| findings.get(before));
        whole.is_none_or(|whole| cut.span.end > whole.span.end)
    });
    findings.append(&mut cuts);
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// Returns the lines that the user keeps, in their order: number and place.
fn kept(reading: &Reading<'_>, settings: &BoilerplateSettings) -> Vec<(usize, Span)> {
    let lines = reading.lines.iter().enumerate();
    lines
        .filter(|(_, seen)| keeper(seen, reading.user, settings).is_some())
        .map(|(at, seen)| (at, seen.span))
        .collect()
}

/// Returns what of the user's keeps a line, whatever rule would take it: a phrase, or that it is
/// one itself of a kind, or of a rule, that is let stand.
///
/// Authors' names are let stand by themselves, and go with a list of other stories.
pub(super) fn keeper(
    seen: &Seen<'_>,
    user: Option<&User>,
    settings: &BoilerplateSettings,
) -> Option<Keeper> {
    if seen.kept {
        return Some(Keeper::Phrase);
    }
    let phrase = seen.phrase.as_ref()?;
    let kind = phrase.kind != Kind::BylineNamed && settings.keep_kinds.contains(&phrase.kind);
    let off = || user.is_some_and(|user| user.is_off(phrase.name()));
    if kind {
        Some(Keeper::Kind)
    } else {
        off().then_some(Keeper::Rule)
    }
}

/// What the rules have marked so far.
pub(super) struct Marks<'s> {
    settings: &'s BoilerplateSettings,
    user: Option<&'s User>,
    /// The lines that stay whatever a rule says.
    kept: Vec<(usize, Span)>,
    lines: Vec<Option<Arc<Why>>>,
    /// Reasons by their hash: those of many lines are the same.
    reasons: FxHashMap<u64, Arc<Why>>,
    cuts: Cuts,
}

impl Marks<'_> {
    /// Returns the level the desk works at.
    pub(super) fn level(&self) -> Level {
        self.settings.level
    }

    /// Returns whether the settings keep this kind.
    pub(super) fn keeps(&self, kind: Kind) -> bool {
        self.settings.keep_kinds.contains(&kind)
    }

    /// Returns whether the user has switched off the findings of that name.
    fn is_off(&self, rule: &str) -> bool {
        self.user.is_some_and(|user| user.is_off(rule))
    }

    /// Returns whether `line` is marked.
    pub(super) fn has(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(Option::is_some)
    }

    /// Marks a whole line, unless it is marked already or its kind is kept.
    pub(super) fn take(&mut self, line: usize, rule: &'static str, kind: Kind, evidence: String) {
        let stays = self.kept.binary_search_by_key(&line, |(kept, _)| *kept);
        if self.keeps(kind) || self.is_off(rule) || stays.is_ok() {
            return;
        }
        if let Some(slot @ None) = self.lines.get_mut(line) {
            let why = Why {
                rule: rule.into(),
                kind,
                evidence,
                score: None,
            };
            *slot = Some(match self.reasons.entry(why.key()) {
                Entry::Vacant(place) => Arc::clone(place.insert(Arc::new(why))),
                Entry::Occupied(held) if **held.get() == why => Arc::clone(held.get()),
                Entry::Occupied(_) => Arc::new(why),
            });
        }
    }

    /// Marks a span inside a line, unless its kind is kept or an earlier cut has part of it.
    pub(super) fn cut(&mut self, span: Span, rule: &'static str, kind: Kind, evidence: String) {
        let next = self.kept.partition_point(|(_, kept)| kept.start < span.end);
        let kept = next.checked_sub(1).and_then(|last| self.kept.get(last));
        let in_kept = kept.is_some_and(|(_, kept)| span.start < kept.end);
        if self.keeps(kind) || self.is_off(rule) || in_kept {
            return;
        }
        self.cuts.push(Finding {
            span,
            why: Arc::new(Why {
                rule: rule.into(),
                kind,
                evidence,
                score: None,
            }),
        });
    }
}

/// Spans inside lines that go, by where they begin; no two have a byte in common.
#[derive(Default)]
struct Cuts(BTreeMap<usize, Finding>);

impl Cuts {
    /// Adds a cut unless an earlier one has part of it, or it is empty.
    fn push(&mut self, cut: Finding) {
        let last = self.0.range(..cut.span.end).next_back();
        let free = last.is_none_or(|(_, last)| last.span.end <= cut.span.start);
        if free && !cut.span.is_empty() {
            self.0.insert(cut.span.start, cut);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn of_cuts_that_overlap_the_first_stays(
            spans in prop::collection::vec((0usize..60, 1usize..8), 0..40)
        ) {
            let mut cuts = Cuts::default();
            let mut expected: Vec<Span> = Vec::new();
            for (start, length) in spans {
                let span = Span::new(start, start + length);
                cuts.push(Finding {
                    span,
                    why: Arc::new(Why {
                        rule: "test".into(),
                        kind: Kind::Other,
                        evidence: String::new(),
                        score: None,
                    }),
                });
                if expected.iter().all(|one| one.end <= span.start || span.end <= one.start) {
                    expected.push(span);
                }
            }
            expected.sort();
            let got: Vec<Span> = cuts.0.into_values().map(|cut| cut.span).collect();
            prop_assert_eq!(got, expected);
        }
    }
}
