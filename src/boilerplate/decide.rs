//! One decision over the page: every rule marks what it would take, in the
//! order of the catalogue, and the first to mark a line names it.

use super::evidence::Reading;
use super::rules;
use crate::document::{Finding, Kind, Span, Why};
use crate::settings::{BoilerplateSettings, Level};

/// Runs the rules over the page and returns what they found, in the order of the text.
pub(super) fn decide(reading: &Reading<'_>, settings: &BoilerplateSettings) -> Vec<Finding> {
    let mut marks = Marks {
        settings,
        lines: vec![None; reading.lines.len()],
        cuts: Vec::new(),
    };
    for rule in rules::ALL {
        if settings.level >= rule.level {
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
    marks.cuts.retain(|cut| {
        let next = findings.partition_point(|whole| whole.span.start <= cut.span.start);
        let whole = next.checked_sub(1).and_then(|before| findings.get(before));
        whole.is_none_or(|whole| cut.span.end > whole.span.end)
    });
    findings.append(&mut marks.cuts);
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// What the rules have marked so far.
pub(super) struct Marks<'s> {
    settings: &'s BoilerplateSettings,
    lines: Vec<Option<Why>>,
    cuts: Vec<Finding>,
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

    /// Returns whether `line` is marked.
    pub(super) fn has(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(Option::is_some)
    }

    /// Marks a whole line, unless it is marked already or its kind is kept.
    pub(super) fn take(&mut self, line: usize, rule: &'static str, kind: Kind, evidence: String) {
        if self.keeps(kind) {
            return;
        }
        if let Some(slot @ None) = self.lines.get_mut(line) {
            *slot = Some(Why {
                rule: rule.into(),
                kind,
                evidence,
                score: None,
            });
        }
    }

    /// Marks a span inside a line. Cuts come in the order of the text.
    pub(super) fn cut(&mut self, span: Span, rule: &'static str, kind: Kind, evidence: String) {
        if self.keeps(kind)
            || self
                .cuts
                .last()
                .is_some_and(|last| last.span.end > span.start)
        {
            return;
        }
        self.cuts.push(Finding {
            span,
            why: Why {
                rule: rule.into(),
                kind,
                evidence,
                score: None,
            },
        });
    }
}
