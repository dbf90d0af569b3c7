//! What nearly happened to each line: how near it came to going, and at which level it would.

use crate::text::level_name;
use copydesk::boilerplate::{Heard, Stays};
use copydesk::document::{Document, Why};
use copydesk::pipeline::{Cause, Cleaned, CleanedLine, Cleaner, Fate};
use copydesk::settings::Level;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A document with all that is told of it.
pub struct Told<'t> {
    pub cleaned: &'t Cleaned<'t>,
    pub lines: &'t [CleanedLine<'t>],
    /// One for each line.
    pub others: &'t [Other],
}

/// What nearly happened to a line.
#[derive(Default)]
pub struct Other {
    /// What was said of it, though it stays.
    heard: Option<Heard>,
    /// The next bolder level at which it goes, and why.
    goes_at: Option<(Level, Why)>,
    /// The next shyer level at which it stays.
    stays_at: Option<Level>,
}

/// Every level that does something, from the shyest on.
pub const LEVELS: [Level; 3] = [Level::Safe, Level::Standard, Level::Aggressive];

/// Returns what nearly happened to each line; `levels` are cleaners that differ from the one asked
/// for in their level alone.
pub fn others(
    document: &Document<'_>,
    lines: &[CleanedLine<'_>],
    heard: Vec<Heard>,
    own: Level,
    levels: &[(Level, Cleaner)],
) -> Vec<Other> {
    let elsewhere: Vec<(Level, BTreeMap<usize, Option<Why>>)> = levels
        .iter()
        .map(|(level, cleaner)| {
            let cleaned = cleaner.clean(document);
            let lines = cleaned.lines();
            let fates = lines.iter().map(|line| (line.span.start, removed(line)));
            (*level, fates.collect())
        })
        .collect();
    let mut heard = heard.into_iter().peekable();
    lines
        .iter()
        .map(|line| {
            let mut other = Other::default();
            if line.before.trim().is_empty() {
                return other;
            }
            while heard
                .next_if(|one| one.span.start < line.span.start)
                .is_some()
            {}
            let here = heard.next_if(|one| one.span.start <= line.span.end);
            let at = |level: &Level, fates: &BTreeMap<usize, Option<Why>>| {
                Some((*level, fates.get(&line.span.start)?.clone()))
            };
            if line.fate == Fate::Removed {
                let shyer = elsewhere.iter().rev().filter(|(level, _)| *level < own);
                other.stays_at = shyer
                    .filter_map(|(level, fates)| at(level, fates))
                    .find(|(_, why)| why.is_none())
                    .map(|(level, _)| level);
            } else {
                other.heard = here;
                let bolder = elsewhere.iter().filter(|(level, _)| *level > own);
                other.goes_at = bolder
                    .filter_map(|(level, fates)| at(level, fates))
                    .find_map(|(level, why)| Some((level, why?)));
            }
            other
        })
        .collect()
}

/// Returns why a line goes, if it goes whole.
fn removed(line: &CleanedLine<'_>) -> Option<Why> {
    if line.fate != Fate::Removed {
        return None;
    }
    line.changes.iter().find_map(|change| match change.cause {
        Cause::Removed(why) => Some(why.clone()),
        _ => None,
    })
}

impl Other {
    /// Returns it in words, if there is something to say.
    pub fn words(&self, line: &CleanedLine<'_>) -> Option<String> {
        if line.fate == Fate::Removed {
            return Some(format!("would stay at {}", level_name(self.stays_at?)));
        }
        let heard = self.heard.as_ref().map(Heard::words);
        let goes = self.goes_at.as_ref().map(|(level, why)| {
            // What a model saw stands behind its score, and takes a line.
            let saw = match why.score {
                Some(_) => why
                    .evidence
                    .split(": ")
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                None => format!("{}: {}", why.rule, why.evidence),
            };
            format!("would go at {}: {saw}", level_name(*level))
        });
        let said: Vec<String> = heard.into_iter().chain(goes).collect();
        (!said.is_empty()).then(|| format!("stays: {}", said.join("; ")))
    }

    /// Adds it to a line's JSON.
    pub fn add_to(&self, row: &mut Value) {
        if let Some(heard) = &self.heard {
            let model = heard.model.as_ref().map(|opinion| {
                let stays = match &opinion.stays {
                    Stays::Under => "under",
                    Stays::Unknown => "unknown",
                    Stays::Together => "together",
                    Stays::Kind => "kind",
                    Stays::Saved(_) => "saved",
                };
                json!({"score": opinion.score, "bar": opinion.bar, "stays": stays})
            });
            row["heard"] = json!({"phrase": heard.phrase, "model": model});
        }
        if let Some((level, why)) = &self.goes_at {
            row["goes_at"] =
                json!({"level": level_name(*level), "rule": why.rule, "evidence": why.evidence});
        }
        if let Some(level) = self.stays_at {
            row["stays_at"] = json!(level_name(level));
        }
    }
}
