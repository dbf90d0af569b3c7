//! Which phrase of the table a line is, quickly.
//!
//! Phrases without placeholders lie in a hash map, keyed by the folded line.
//! Phrases that begin with words are filed under their first bytes, those that
//! end with words under their last, and those that may stand anywhere are found
//! by one pass over the line. Length gates
//! come first, so that a long paragraph costs next to nothing.

mod literals;
mod pattern;

use super::phrase::{Entry, Fit, REACH, Risk, Row};
use crate::text::fold::{fold, fold_into};
use crate::text::hash;
use literals::{End, Filter, GRAM, Grams, Index, Literals};
use pattern::{Pattern, Place};
use rustc_hash::FxHashMap;

/// The longest line, in characters, in which a phrase is sought that is not the whole line.
pub(super) const LONGEST: usize = 300;

/// A line of more bytes is no phrase known by its end.
const TAIL: usize = 256;

/// A phrase found on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'m> {
    /// The row of the table.
    pub(super) row: Row<'m>,
    /// The share of the folded line that the phrase's own words cover.
    pub(super) cover: f32,
    /// Whether the phrase has placeholders.
    pub(super) open: bool,
}

/// A phrase without placeholders: where it lies in the words, and its row.
#[derive(Clone, Copy)]
struct Exact {
    start: u32,
    length: u32,
    row: u32,
}

/// The compiled table.
pub(super) struct Matcher {
    rows: Vec<Entry>,
    exact: FxHashMap<u64, Exact>,
    /// The hashes of exact phrases.
    exact_hashes: Filter,
    /// The folded exact phrases, one after the other.
    words: String,
    /// Bytes of the longest exact phrase.
    longest_exact: usize,
    /// Bytes of the longest line that a phrase known by its end may be.
    longest_tail: usize,
    patterns: Vec<Pattern>,
    lead: Index,
    tail: Index,
    inner: Grams,
}

impl Matcher {
    /// Compiles `rows`; those that say nothing ("{…}/{…}") are left out.
    pub(super) fn new(rows: impl IntoIterator<Item = Entry>) -> Self {
        let rows: Vec<Entry> = rows.into_iter().collect();
        let mut exact: FxHashMap<u64, Exact> = FxHashMap::default();
        exact.reserve(rows.len());
        let mut words = String::with_capacity(rows.len() * 32);
        let mut key = String::new();
        let mut patterns = Vec::new();
        let [mut lead, mut tail, mut inner] = [const { Literals::new() }; 3];
        for (at, row) in (0u32..).zip(&rows) {
            if row.fit == Fit::Line && !row.phrase.contains('{') {
                fold_into(&row.phrase, &mut key);
                // One phrase in two languages or kinds is as risky as the riskier.
                match exact.entry(hash::word(key.as_bytes())) {
                    std::collections::hash_map::Entry::Vacant(slot) => {
                        slot.insert(Exact {
                            start: words.len() as u32,
                            length: key.len() as u32,
                            row: at,
                        });
                        words.push_str(&key);
                    }
                    std::collections::hash_map::Entry::Occupied(mut slot) => {
                        let held = &rows[slot.get().row as usize];
                        let english = row.language == "en" && held.language != "en";
                        if row.risk > held.risk || row.risk == held.risk && english {
                            slot.get_mut().row = at;
                        }
                    }
                }
                continue;
            }
            let Some((pattern, place)) = Pattern::new(at, &row.phrase, row.fit, row.risk) else {
                continue;
            };
            let index = patterns.len() as u32;
            match place {
                Place::Lead(words) => lead.add(words.as_bytes().to_vec(), index),
                Place::Tail(words) => tail.add(words.as_bytes().to_vec(), index),
                Place::Inner(words) => inner.add(words.as_bytes().to_vec(), index),
            }
            patterns.push(pattern);
        }
        let longest_tail = tail.longest() + 4 * REACH;
        let longest_exact = exact
            .values()
            .map(|exact| exact.length as usize)
            .max()
            .unwrap_or(0);
        Self {
            rows,
            exact_hashes: Filter::new(exact.keys().copied()),
            exact,
            words,
            longest_exact,
            longest_tail: longest_tail.min(TAIL),
            patterns,
            lead: lead.build(End::Lead),
            tail: tail.build(End::Tail),
            inner: Grams::new(inner),
        }
    }

    /// Returns the surest phrase that the folded line is, starts with or contains.
    pub(super) fn find(&self, folded: &str) -> Option<Hit<'_>> {
        if folded.len() <= self.longest_exact
            && let Some(row) = self.exact(folded)
        {
            return Some(Hit {
                row,
                cover: 1.0,
                open: false,
            });
        }
        let mut best: Option<(&Pattern, Hit)> = None;
        let mut offer = |index: u32| {
            let pattern = &self.patterns[index as usize];
            let better = best.as_ref().is_none_or(|(held, _)| {
                (pattern.fit, held.words, pattern.risk) < (held.fit, pattern.words, held.risk)
            });
            if better && pattern.is(folded) {
                let row = Row {
                    risk: pattern.risk,
                    fit: pattern.fit,
                    ..self.rows[pattern.row as usize].row()
                };
                let hit = Hit {
                    row,
                    cover: pattern.words as f32 / folded.len().max(1) as f32,
                    open: pattern.pieces.len() > 1,
                };
                best = Some((pattern, hit));
            }
        };
        self.lead.walk(folded.as_bytes(), &mut offer);
        self.inner.walk(folded.as_bytes(), &mut offer);
        if folded.len() <= self.longest_tail {
            self.tail.walk(folded.as_bytes(), &mut offer);
        }
        best.map(|(_, hit)| hit)
    }

    /// Returns the row of the whole line `folded`, if it is a phrase without placeholders.
    pub(super) fn exact(&self, folded: &str) -> Option<Row<'_>> {
        let hash = hash::word(folded.as_bytes());
        if !self.exact_hashes.may_have(hash) {
            return None;
        }
        let exact = self.exact.get(&hash)?;
        let start = exact.start as usize;
        (self.words.get(start..start + exact.length as usize) == Some(folded))
            .then(|| self.rows.get(exact.row as usize).map(Entry::row))
            .flatten()
    }

    /// Returns whether a phrase says enough to be found inside lines.
    pub(super) fn can_find(phrase: &str, fit: Fit) -> bool {
        Pattern::new(0, phrase, fit, Risk::Low).is_some_and(|(_, place)| match place {
            Place::Lead(_) | Place::Tail(_) => true,
            Place::Inner(words) => words.len() >= GRAM,
        })
    }

    /// Returns whether the folded line is the phrase of a row, or has it as the row asks.
    pub(super) fn is_on(row: &Row<'_>, folded: &str) -> bool {
        if row.fit == Fit::Line && !row.phrase().contains('{') {
            return fold(row.phrase()) == folded;
        }
        folded.chars().nth(LONGEST).is_none()
            && Pattern::new(0, row.phrase(), row.fit, row.risk).is_some_and(|(pattern, place)| {
                let seen = match &place {
                    Place::Inner(words) => folded.contains(&**words),
                    Place::Lead(_) | Place::Tail(_) => true,
                };
                seen && pattern.is(folded)
            })
    }

    /// Iterates the rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(Entry::row)
    }

    /// Returns the number of phrases compiled.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}
