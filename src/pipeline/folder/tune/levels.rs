//! Each level on the restored originals.

use super::{AtLevel, Beyond};
use crate::boilerplate::site::SiteModel;
use crate::document::{DocId, Document, Removal, Span};
use crate::pipeline::clean::cleaner::Cleaner;
use crate::pipeline::clean::line_model::read_line_model;
use crate::pipeline::clean::rulebook::read_rules;
use crate::pipeline::clean::site_model::read_named;
use crate::report::{chars_gone, shortened};
use crate::settings::{Level, Settings};
use crate::store::Manifest;
use crate::text::hash;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The levels that are tried.
const LEVELS: [Level; 3] = [Level::Safe, Level::Standard, Level::Aggressive];

/// How many lines are shown that only a level takes.
const SHOWN: usize = 8;

/// The longest line that is shown, in characters.
const LINE: usize = 160;

/// What is tried, and on which documents.
pub struct Trial {
    cleaners: Vec<Cleaner>,
    /// One document in so many is tried.
    step: u64,
}

impl Trial {
    /// Returns a trial on `most` documents, about; `own` is the site model that the run learned from
    /// its input, and `notes` get what a reader should know of it.
    pub fn new(
        manifest: &Manifest,
        own: Option<Arc<SiteModel>>,
        most: u64,
        notes: &mut Vec<String>,
    ) -> Self {
        let step = manifest.records.div_ceil(most.max(1)).max(1);
        let cleaners = cleaners(&manifest.settings, own, notes);
        if step > 1 && !cleaners.is_empty() {
            notes.push(format!(
                "levels are tried on one document in {step}, picked by the hash of its number; --documents asks for more"
            ));
        }
        Self { cleaners, step }
    }

    /// Returns whether a document is tried.
    pub fn takes(&self, doc: DocId) -> bool {
        !self.cleaners.is_empty() && hash::word(&doc.0.to_le_bytes()).is_multiple_of(self.step)
    }

    /// Tries all levels on one document.
    pub fn one(&self, doc: DocId, id: &str, document: &Document<'_>, counts: &mut Counts) {
        counts.documents += 1;
        let mut before: Vec<Removal> = Vec::new();
        for (place, cleaner) in self.cleaners.iter().enumerate() {
            let cleaned = cleaner.clean(document);
            let removals: Vec<Removal> = cleaned.removals().collect();
            let level = counts.level(place);
            level.of_chars += document.text.chars().count() as u64;
            level.cut += u64::from(!removals.is_empty());
            level.empty += u64::from(cleaned.is_empty());
            level.spared += u64::from(cleaned.spared.is_some());
            for removal in &removals {
                let text = cleaned.original_of(removal.span);
                let lines = lines(text);
                level.lines += lines;
                level.chars += chars_gone(&removal.replacement, text);
                if place > 0 && !before.iter().any(|other| overlap(other.span, removal.span)) {
                    level.lines_beyond += lines;
                    level.beyond(doc, id, removal, text);
                }
            }
            before = removals;
        }
    }
}

/// Returns a cleaner a level, or none and why.
fn cleaners(
    settings: &Settings,
    own: Option<Arc<SiteModel>>,
    notes: &mut Vec<String>,
) -> Vec<Cleaner> {
    let mut settings = settings.clone();
    let named = read_rules(&mut settings.boilerplate)
        .and_then(|()| read_line_model(&mut settings.boilerplate))
        .and_then(|()| read_named(&mut settings));
    let sites = match named {
        Ok(sites) => sites.or(own),
        Err(bad) => {
            notes.push(format!(
                "levels were not tried, since what the run used is not as it was: {bad}"
            ));
            return Vec::new();
        }
    };
    LEVELS
        .iter()
        .map(|level| {
            settings.boilerplate.level = *level;
            let cleaner = Cleaner::new(&settings);
            match &sites {
                Some(sites) => cleaner.with_site_model(sites.clone()),
                None => cleaner,
            }
        })
        .collect()
}

fn lines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64 + 1
}

fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}

/// What was counted of some documents.
#[derive(Default)]
pub struct Counts {
    /// Documents that were tried.
    pub documents: u64,
    levels: Vec<Counted>,
}

/// What was counted of one level.
#[derive(Default)]
struct Counted {
    lines: u64,
    chars: u64,
    of_chars: u64,
    cut: u64,
    empty: u64,
    spared: u64,
    lines_beyond: u64,
    /// The lines with the least hashes; of equal lines the first.
    beyond: BTreeMap<u64, Beyond>,
}

impl Counts {
    fn level(&mut self, place: usize) -> &mut Counted {
        if self.levels.len() <= place {
            self.levels.resize_with(place + 1, Counted::default);
        }
        &mut self.levels[place]
    }

    /// Adds what was counted of later documents.
    pub fn add(&mut self, other: Self) {
        self.documents += other.documents;
        for (place, theirs) in other.levels.into_iter().enumerate() {
            let mine = self.level(place);
            mine.lines += theirs.lines;
            mine.chars += theirs.chars;
            mine.of_chars += theirs.of_chars;
            mine.cut += theirs.cut;
            mine.empty += theirs.empty;
            mine.spared += theirs.spared;
            mine.lines_beyond += theirs.lines_beyond;
            for (key, line) in theirs.beyond {
                mine.beyond.entry(key).or_insert(line);
            }
            mine.shrink();
        }
    }

    /// Returns what each level takes out.
    pub fn finish(self) -> Vec<AtLevel> {
        let levels = LEVELS.iter().zip(self.levels);
        levels
            .map(|(level, counted)| AtLevel {
                level: *level,
                lines: counted.lines,
                chars: counted.chars,
                of_chars: counted.of_chars,
                cut: counted.cut,
                empty: counted.empty,
                spared: counted.spared,
                lines_beyond: counted.lines_beyond,
                beyond: counted.beyond.into_values().collect(),
            })
            .collect()
    }
}

impl Counted {
    fn beyond(&mut self, doc: DocId, id: &str, removal: &Removal, text: &str) {
        let key = hash::word(text.as_bytes());
        let enough = self.beyond.len() >= SHOWN;
        if enough
            && self
                .beyond
                .last_key_value()
                .is_some_and(|(last, _)| *last < key)
        {
            return;
        }
        self.beyond.entry(key).or_insert_with(|| Beyond {
            text: shortened(text, LINE),
            rule: removal.why.rule.to_string(),
            evidence: removal.why.evidence.clone(),
            doc: doc.0,
            id: id.to_owned(),
        });
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.beyond.len() > SHOWN {
            self.beyond.pop_last();
        }
    }
}
