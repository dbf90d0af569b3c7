//! What the trees are told about a line: its looks, its words, its place and
//! its neighbours.
//!
//! All sums over neighbours are sums of whole numbers, so a feature is the same
//! on every machine and does not depend on what else was asked.

mod facts;
mod row;

pub(crate) use row::Brief;

use super::dates::is_dated;
use super::text_score::Heard;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::Risk;
use crate::text::fold::fold;
use crate::text::letters::is_alphanumeric;
use facts::{Fact, RARE, Sums, Topic, begins, is_good, looks_of};
use rustc_hash::{FxHashMap, FxHashSet};

/// How many features a line has.
pub(crate) const FEATURES: usize = 110;
/// How far, in lines, a line's neighbours are listened to.
pub(crate) const WIDE: usize = 12;
/// How far its nearest neighbours are.
const NEAR: usize = 4;

/// A page's lines, those that other desks took left out.
pub(crate) struct Sheet<'r, 'p> {
    reading: &'r Reading<'p>,
    facts: Vec<Fact>,
    /// Sums over all lines before a line.
    sums: Vec<Sums>,
    /// The good lines before a line: the nearest one.
    last_good: Vec<Option<u32>>,
    next_good: Vec<Option<u32>>,
    /// Runs of lines that are not good: where each begins and ends.
    runs: Vec<(u32, u32)>,
    /// The title's words, and how many of them there are.
    title: (FxHashSet<u64>, usize),
    heard: Heard,
    /// By line: how much of its words the body has.
    topics: Vec<Topic>,
    /// How often lines of one look follow each other.
    pairs: FxHashMap<([u8; 4], [u8; 4]), u16>,
}

impl<'r, 'p> Sheet<'r, 'p> {
    /// Lays out the page's lines; `marked` says which a rule takes.
    pub(in crate::boilerplate) fn new(
        reading: &'r Reading<'p>,
        marked: impl Fn(usize) -> bool,
        title: Option<&str>,
    ) -> Self {
        let mut copies: FxHashMap<&str, u16> = FxHashMap::default();
        for seen in reading.lines.iter().filter(|seen| !seen.taken) {
            let count = copies.entry(seen.text).or_default();
            *count = count.saturating_add(1);
        }
        let mut before: FxHashMap<&str, ()> = FxHashMap::default();
        let mut facts = Vec::with_capacity(reading.lines.len());
        for (line, seen) in (0u32..).zip(&reading.lines) {
            if seen.taken {
                continue;
            }
            let marked = marked(line as usize);
            let width = seen.shape.width.min(1_000) as i32;
            let phrase = seen.phrase.map_or(0, |phrase| match phrase.risk {
                Risk::High => 1,
                Risk::Medium => 2,
                Risk::Low => 3,
            });
            let count = copies.get(seen.text).copied().unwrap_or(1);
            let again = count > 1 && before.insert(seen.text, ()).is_some();
            let dated = width < 90 && is_dated(seen.text);
            facts.push(Fact {
                looks: looks_of(seen.text, width, seen.shape.ending),
                dated,
                line,
                width,
                ending: seen.shape.ending,
                phrase,
                marked,
                apart: seen.apart,
                good: is_good(seen.shape.ending, width, phrase, marked),
                begins: begins(seen.text),
                copies: count,
                again,
            });
        }
        let count = facts.len();
        let mut sheet = Self {
            reading,
            facts,
            sums: Vec::new(),
            last_good: vec![None; count],
            next_good: vec![None; count],
            runs: vec![(0, 0); count],
            title: title.map_or_else(Default::default, |title| {
                let words = word_hashes(title);
                let count = words.len();
                (words.into_iter().collect(), count)
            }),
            heard: Heard::default(),
            topics: Vec::new(),
            pairs: FxHashMap::default(),
        };
        for pair in sheet.facts.windows(2) {
            let count = sheet
                .pairs
                .entry((pair[0].looks, pair[1].looks))
                .or_default();
            *count = count.saturating_add(1);
        }
        sheet.place();
        sheet
    }

    fn place(&mut self) {
        let count = self.facts.len();
        let mut last = None;
        for at in 0..count {
            self.last_good[at] = last;
            if self.facts[at].good {
                last = Some(at as u32);
            }
        }
        let mut next = None;
        for at in (0..count).rev() {
            self.next_good[at] = next;
            if self.facts[at].good {
                next = Some(at as u32);
            }
        }
        for at in 0..count {
            let start = self.last_good[at].map_or(0, |good| good + 1);
            let end = self.next_good[at].unwrap_or(count as u32);
            self.runs[at] = (start.min(at as u32), end);
        }
    }

    /// Returns how many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    /// Returns the number of a line in the reading.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.facts[at].line as usize
    }

    /// Returns the line's text.
    pub(crate) fn text(&self, at: usize) -> &'p str {
        self.reading.lines[self.line(at)].text
    }

    /// Returns whether a rule takes the line.
    pub(crate) fn marked(&self, at: usize) -> bool {
        self.facts[at].marked
    }

    /// Takes what the words of every line said.
    pub(crate) fn hear(&mut self, heard: Heard) {
        self.topics = self.topics(&heard);
        let mut sums = Vec::with_capacity(self.facts.len() + 1);
        let mut held = Sums::default();
        sums.push(held);
        for (at, fact) in self.facts.iter().enumerate() {
            held = held.and(fact, heard.said[at], heard.context[at], &self.topics[at]);
            sums.push(held);
        }
        self.sums = sums;
        self.heard = heard;
    }

    /// Returns by line how many of its words stand elsewhere.
    fn topics(&self, heard: &Heard) -> Vec<Topic> {
        // By word: how many good lines have it, and how many lines.
        let mut lines_with: FxHashMap<u64, (u16, u16)> = FxHashMap::default();
        for (at, fact) in self.facts.iter().enumerate() {
            for &(word, _) in heard.words(at) {
                let (good, all) = lines_with.entry(word).or_default();
                *good = good.saturating_add(u16::from(fact.good));
                *all = all.saturating_add(1);
            }
        }
        let has = |line: Option<u32>, word: u64| {
            line.is_some_and(|line| {
                let words = heard.words(line as usize);
                words.binary_search_by_key(&word, |one| one.0).is_ok()
            })
        };
        self.facts
            .iter()
            .enumerate()
            .map(|(at, fact)| {
                let mut topic = Topic::default();
                for &(word, rarity) in heard.words(at) {
                    let (good, all) = lines_with.get(&word).copied().unwrap_or_default();
                    let weight = i32::from(rarity);
                    let body = good > u16::from(fact.good);
                    topic.all += weight;
                    topic.body += if body { weight } else { 0 };
                    topic.page += if all > 1 { weight } else { 0 };
                    if body {
                        topic.last += if has(self.last_good[at], word) {
                            weight
                        } else {
                            0
                        };
                        topic.next += if has(self.next_good[at], word) {
                            weight
                        } else {
                            0
                        };
                    }
                    topic.rare += i32::from(rarity >= RARE);
                    topic.met += i32::from(rarity >= RARE && body);
                }
                topic
            })
            .collect()
    }

    /// Returns what the words of a line say.
    pub(crate) fn said(&self, at: usize) -> i32 {
        self.heard.said[at].score
    }

    /// Returns what the words of a line and its nearest neighbours say on average.
    pub(crate) fn near_said(&self, at: usize) -> i32 {
        let (from, to) = (at.saturating_sub(NEAR), (at + NEAR + 1).min(self.len()));
        ((self.sums[to].said - self.sums[from].said) / (to - from) as i64) as i32
    }

    /// Returns the share of known words around a line, and how many words there are.
    pub(crate) fn known(&self, at: usize) -> (i32, i32) {
        let (from, to) = (at.saturating_sub(WIDE), (at + WIDE + 1).min(self.len()));
        let (one, other) = (self.sums[from], self.sums[to]);
        (other.known - one.known, other.words - one.words)
    }
}

/// Returns the hashes of a text's words, folded.
fn word_hashes(text: &str) -> Vec<u64> {
    fold(text)
        .split(|c: char| !is_alphanumeric(c))
        .filter(|word| word.len() > 1)
        .map(|word| crate::text::hash::word(word.as_bytes()))
        .collect()
}
