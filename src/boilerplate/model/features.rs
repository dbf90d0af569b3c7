//! What the trees are told about a line: its looks, its words, its place and
//! its neighbours.
//!
//! All sums over neighbours are sums of whole numbers, so a feature is the same
//! on every machine and does not depend on what else was asked.

use super::dates::is_dated;
use super::text_score::{Heard, Said, floor};
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Risk};
use crate::boilerplate::shape::Ending;
use crate::text::fold::fold;
use rustc_hash::{FxHashMap, FxHashSet};

/// How many features a line has.
pub(crate) const FEATURES: usize = 110;
/// How far, in lines, a line's neighbours are listened to.
pub(crate) const WIDE: usize = 12;
/// How far its nearest neighbours are.
const NEAR: usize = 4;

/// A line as the features see it.
#[derive(Clone, Copy, Debug)]
struct Fact {
    /// The line's number in the reading.
    line: u32,
    width: i32,
    ending: Ending,
    /// 0 no phrase, 1 high risk, 2 medium, 3 low.
    phrase: i32,
    /// Whether a rule takes it.
    marked: bool,
    /// Whether a blank line stands before it.
    apart: bool,
    /// Whether it reads like part of a body: long and ended, no phrase, no mark.
    good: bool,
    /// The hash of its first letters and shape, to know lists by.
    begins: u32,
    /// What it looks like, roughly: lines of one list share it.
    looks: [u8; 4],
    /// Whether it carries a date.
    dated: bool,
    /// How many lines of the page say the same, and whether one did before.
    copies: u16,
    again: bool,
}

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

/// How many of a line's words stand elsewhere, weighed by how rare they are.
#[derive(Clone, Copy, Debug, Default)]
struct Topic {
    /// The rarity of all its words.
    all: i32,
    /// Of those that other good lines have.
    body: i32,
    /// Of those that any other line has.
    page: i32,
    /// Of those that the good line before has, and the one after.
    last: i32,
    next: i32,
    /// How many of its words are rare, and how many of these the body has.
    rare: i32,
    met: i32,
}

/// A word of at least this rarity is rare: one site in thirty uses it.
const RARE: u8 = 56;

/// Sums over lines. Scores and rarities of a long page do not fit into 32 bits; counts of lines and
/// words do, a text being shorter than 4 GiB.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    width: i64,
    good_width: i64,
    said: i64,
    /// What the lines that are not good say: these are always asked.
    doubted: i64,
    context: i64,
    topic: i64,
    topic_body: i64,
    good: i32,
    phrase: i32,
    marked: i32,
    apart: i32,
    short: i32,
    open: i32,
    known: i32,
    words: i32,
    dated: i32,
}

impl Sums {
    /// Returns these sums and what a line adds to them.
    fn and(mut self, fact: &Fact, word: Said, context: i32, topic: &Topic) -> Self {
        let said = i64::from(word.score.clamp(-2_048, 2_048));
        let width = i64::from(fact.width);
        self.width += width.min(400);
        self.good_width += if fact.good { width } else { 0 };
        self.good += i32::from(fact.good);
        self.phrase += fact.phrase;
        self.marked += i32::from(fact.marked);
        self.apart += i32::from(fact.apart);
        self.short += i32::from(fact.width < 40);
        self.open += i32::from(fact.ending != Ending::Stop);
        self.said += said;
        self.doubted += if fact.good { 0 } else { said };
        self.known += i32::from(word.known);
        self.words += i32::from(word.words);
        self.context += i64::from(context.clamp(-2_048, 2_048));
        self.topic += i64::from(topic.all);
        self.topic_body += i64::from(topic.body);
        self.dated += i32::from(fact.dated);
        self
    }
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

    /// Returns the features of a line; [`hear`](Self::hear) comes first.
    pub(crate) fn row(&self, at: usize) -> [f32; FEATURES] {
        let said = &self.heard.said;
        let mut row = Row::new();
        let fact = &self.facts[at];
        let seen = &self.reading.lines[fact.line as usize];
        let count = self.len();
        let word = |at: Option<usize>| {
            at.and_then(|at| said.get(at))
                .map_or(0.0, |said| said.score as f32)
        };
        // What the line says and looks like.
        row.add(word(Some(at)));
        row.add(fact.width as f32);
        self.looks(seen.text, &mut row);
        row.add(ending(fact.ending));
        let (own, both) = self.overlap(seen.text);
        row.add(own);
        row.add(both);
        row.add(fact.phrase as f32);
        row.add(seen.phrase.map_or(0.0, |phrase| phrase.hit.cover));
        row.add(seen.phrase.map_or(0.0, |phrase| match phrase.hit.row.fit {
            Fit::Line => 3.0,
            Fit::Prefix => 2.0,
            Fit::Contains => 1.0,
        }));
        row.add(f32::from(u8::from(fact.marked)));
        row.add(f32::from(u8::from(fact.apart)));
        row.add(
            self.facts
                .get(at + 1)
                .map_or(1.0, |next| f32::from(u8::from(next.apart))),
        );
        row.add(f32::from(fact.copies));
        row.add(f32::from(u8::from(fact.again)));
        row.add(f32::from(said.get(at).map_or(0, |said| said.known)));
        // Where it stands.
        row.add(at as f32);
        row.add((count - 1 - at) as f32);
        row.add(at as f32 / count as f32);
        row.add(count as f32);
        let (all, passed) = (self.sums[count], self.sums[at]);
        row.add(share(passed.good_width, all.good_width));
        row.add(passed.good_width as f32);
        row.add((all.good_width - passed.good_width) as f32);
        row.add(all.good_width as f32);
        row.add(all.good as f32);
        row.add(share(all.good_width, all.width.max(all.good_width)));
        row.add(share(all.doubted, count as i64 - i64::from(all.good)));
        row.add(share(all.phrase, count as i32));
        row.add(share(all.short, count as i32));
        row.add(share(all.apart, count as i32));
        let (last, next) = (self.last_good[at], self.next_good[at]);
        row.add(last.map_or(-1.0, |good| (at as u32 - good) as f32));
        row.add(next.map_or(-1.0, |good| (good - at as u32) as f32));
        row.add(last.map_or(-1.0, |good| {
            (self.sums[at].width - self.sums[good as usize + 1].width) as f32
        }));
        row.add(next.map_or(-1.0, |good| {
            (self.sums[good as usize].width - self.sums[at + 1].width) as f32
        }));
        let (start, end) = self.runs[at];
        row.add((end - start) as f32);
        row.add(last.map_or(0.0, |good| self.facts[good as usize].width as f32));
        row.add(next.map_or(0.0, |good| self.facts[good as usize].width as f32));
        let run = (self.sums[start as usize], self.sums[end as usize]);
        row.add(share(run.1.doubted - run.0.doubted, (end - start) as i32));
        row.add(share(run.1.phrase - run.0.phrase, (end - start) as i32));
        row.add(share(run.1.marked - run.0.marked, (end - start) as i32));
        row.add(share(run.1.width - run.0.width, (end - start) as i32));
        // Its neighbours, one by one.
        for step in 1..=3 {
            for other in [
                at.checked_sub(step),
                (at + step < count).then_some(at + step),
            ] {
                row.add(word(other));
                row.add(other.map_or(-1.0, |other| self.facts[other].width as f32));
            }
        }
        for other in [at.checked_sub(1), (at + 1 < count).then_some(at + 1)] {
            row.add(other.map_or(-1.0, |other| ending(self.facts[other].ending)));
        }
        // And together.
        for reach in [NEAR, WIDE] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(count));
            let (low, high) = (self.sums[from], self.sums[to]);
            let mid = (self.sums[at], self.sums[at + 1]);
            let lines = (to - from) as i32;
            row.add(share(high.said - low.said, lines));
            row.add(share(mid.0.said - low.said, (at - from) as i32));
            row.add(share(high.said - mid.1.said, (to - at - 1) as i32));
            row.add(share(high.width - low.width, lines));
            row.add(share(high.good_width - low.good_width, lines));
            row.add((mid.0.phrase - low.phrase) as f32);
            row.add((high.phrase - mid.1.phrase) as f32);
            row.add((high.marked - low.marked) as f32);
            row.add(share(high.apart - low.apart, lines));
            row.add(share(high.open - low.open, lines));
        }
        let (from, to) = (at.saturating_sub(NEAR), (at + NEAR + 1).min(count));
        let alike = |same: &dyn Fn(&Fact) -> bool| {
            self.facts[from..to]
                .iter()
                .filter(|other| same(other))
                .count() as f32
                - 1.0
        };
        row.add(alike(&|other| other.begins == fact.begins));
        row.add(alike(&|other| {
            (other.width - fact.width).abs() <= 2 + fact.width / 8
        }));
        row.add(match self.reading.headline.cmp(&(fact.line as usize)) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => -1.0,
        });
        let (known, words) = self.known(at);
        row.add(share(known, words));
        self.company(at, &mut row);
        self.topic(at, &mut row);
        debug_assert_eq!(row.1, FEATURES);
        row.0
    }

    /// Tells what the line stands among: the context's words, dates, lines that look alike.
    fn company(&self, at: usize, row: &mut Row) {
        let count = self.len();
        let fact = &self.facts[at];
        row.add(self.heard.context[at] as f32);
        for reach in [2, 6] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(count));
            let (low, high) = (self.sums[from].context, self.sums[to].context);
            let mid = (self.sums[at].context, self.sums[at + 1].context);
            row.add(share(high - low, (to - from) as i32));
            row.add(share(mid.0 - low, (at - from) as i32));
            row.add(share(high - mid.1, (to - at - 1) as i32));
        }
        let (from, to) = (at.saturating_sub(NEAR), (at + NEAR + 1).min(count));
        row.add(f32::from(u8::from(fact.dated)));
        row.add((self.sums[to].dated - self.sums[from].dated) as f32);
        let pairs = |one: Option<usize>| {
            let pair = one.and_then(|one| self.facts.get(one..one + 2));
            let pair = pair.and_then(|pair| self.pairs.get(&(pair[0].looks, pair[1].looks)));
            pair.map_or(0.0, |count| f32::from(*count))
        };
        row.add(pairs(at.checked_sub(1)));
        row.add(pairs(Some(at)));
    }

    /// Tells how much of what the line speaks of the body speaks of too.
    fn topic(&self, at: usize, row: &mut Row) {
        let topic = &self.topics[at];
        row.add(share(topic.body, topic.all));
        row.add(share(topic.page, topic.all));
        row.add(topic.met as f32);
        row.add(share(topic.met, topic.rare));
        row.add(topic.rare as f32);
        for reach in [NEAR, WIDE] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(self.len()));
            let (low, high) = (self.sums[from], self.sums[to]);
            row.add(share(
                high.topic_body - low.topic_body,
                high.topic - low.topic,
            ));
        }
        row.add(topic.last as f32);
        row.add(topic.next as f32);
        let all = self.sums[self.len()];
        row.add(share(all.topic_body, all.topic));
    }

    /// Returns the little that the second forest asks about the line itself.
    pub(crate) fn brief(&self, at: usize) -> Brief {
        let fact = &self.facts[at];
        let (all, passed) = (self.sums[self.len()], self.sums[at]);
        let (start, end) = self.runs[at];
        let run = (self.sums[start as usize], self.sums[end as usize]);
        [
            fact.width as f32,
            ending(fact.ending),
            share(passed.good_width, all.good_width),
            f32::from(u8::from(fact.marked)),
            self.heard.context[at] as f32,
            share(self.topics[at].body, self.topics[at].all),
            share(run.1.context - run.0.context, (end - start) as i32),
            share(all.good_width, all.width.max(all.good_width)),
        ]
    }

    /// Tells what a line looks like from its characters.
    fn looks(&self, text: &str, row: &mut Row) {
        let reach = text.len().min(400);
        let text = &text[..floor(text, reach)];
        let (mut letters, mut capitals, mut digits, mut marks, mut links) = (0, 0, 0, 0, 0);
        let mut commas = 0;
        for character in text.chars() {
            if character.is_alphabetic() {
                letters += 1;
                capitals += i32::from(character.is_uppercase());
            } else if character.is_numeric() {
                digits += 1;
            } else if !character.is_whitespace() {
                marks += 1;
                commas += i32::from(matches!(character, ',' | '،' | '、'));
                links += i32::from(matches!(
                    character,
                    '|' | '›'
                        | '»'
                        | '→'
                        | '#'
                        | '@'
                        | '/'
                        | '«'
                        | '·'
                        | '•'
                        | '+'
                        | '_'
                        | '&'
                        | '©'
                ));
            }
        }
        let chars = letters + digits + marks;
        let (mut words, mut capitalised, mut small, mut longest) = (0, 0, 0, 0);
        for word in text.split_whitespace() {
            words += 1;
            longest = longest.max(word.len() as i32);
            if word.starts_with(|c: char| c.is_uppercase()) {
                capitalised += 1;
            }
            if STOP.binary_search(&word).is_ok() {
                small += 1;
            }
        }
        row.add(words as f32);
        row.add(share(capitals, letters));
        row.add(share(capitalised, words));
        row.add(share(digits, chars));
        row.add(share(marks, chars));
        row.add(links as f32);
        row.add(commas as f32);
        row.add(share(small, words));
        row.add(share(chars, words));
        row.add(longest as f32);
        row.add(text.chars().next().map_or(0.0, class));
        row.add(text.chars().next_back().map_or(0.0, class));
    }

    /// Returns the share of the line's words that the title has, and of the title's that it has.
    fn overlap(&self, text: &str) -> (f32, f32) {
        let (title, words) = &self.title;
        if title.is_empty() || text.len() > 400 {
            return (0.0, 0.0);
        }
        let own = word_hashes(text);
        let both = own.iter().filter(|word| title.contains(word)).count() as i64;
        (share(both, own.len() as i64), share(both, *words as i64))
    }
}

/// What the second forest is told about a line itself.
pub(crate) type Brief = [f32; 8];

/// A row being filled.
struct Row([f32; FEATURES], usize);

impl Row {
    fn new() -> Self {
        Self([0.0; FEATURES], 0)
    }

    fn add(&mut self, value: f32) {
        if let Some(slot) = self.0.get_mut(self.1) {
            *slot = value;
        }
        self.1 += 1;
    }
}

/// Returns whether a line reads like part of a body.
fn is_good(ending: Ending, width: i32, phrase: i32, marked: bool) -> bool {
    ending == Ending::Stop && width >= 80 && phrase < 3 && !marked
}

fn share(part: impl Into<i64>, whole: impl Into<i64>) -> f32 {
    let (part, whole) = (part.into(), whole.into());
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

fn ending(ending: Ending) -> f32 {
    match ending {
        Ending::Open => 0.0,
        Ending::Cut => 1.0,
        Ending::Stop => 2.0,
    }
}

/// Returns a number for what sort of character it is.
fn class(character: char) -> f32 {
    match character {
        ':' | '：' => 1.0,
        '*' | '•' | '·' | '-' | '–' | '—' => 2.0,
        '"' | '“' | '”' | '\'' | '‘' | '’' | '«' | '»' => 3.0,
        ')' | '(' | ']' | '[' => 4.0,
        ',' | ';' => 5.0,
        '.' | '!' | '?' | '…' | '。' => 6.0,
        _ if character.is_uppercase() => 9.0,
        _ if character.is_lowercase() => 8.0,
        _ if character.is_alphabetic() => 10.0,
        _ if character.is_numeric() => 11.0,
        _ => 7.0,
    }
}

/// Returns what a line looks like, roughly: length, ending, first and last character.
fn looks_of(text: &str, width: i32, ending_is: Ending) -> [u8; 4] {
    [
        width.min(400).unsigned_abs().isqrt() as u8 / 2,
        ending(ending_is) as u8,
        text.chars().next().map_or(0.0, class) as u8,
        text.chars().next_back().map_or(0.0, class) as u8,
    ]
}

/// Returns a number that lines of one list share: that of their first word.
fn begins(text: &str) -> u32 {
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = &word.as_bytes()[..word.len().min(12)];
    word.iter().fold(word.len() as u32, |held, byte| {
        let byte = if byte.is_ascii_digit() { b'0' } else { *byte };
        held.wrapping_mul(0x01000193) ^ u32::from(byte)
    })
}

/// Returns the hashes of a text's words, folded.
fn word_hashes(text: &str) -> Vec<u64> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1)
        .map(|word| crate::text::hash::word(word.as_bytes()))
        .collect()
}

/// Small words that sentences are held together by and labels do without, sorted.
const STOP: [&str; 97] = [
    "a", "about", "after", "al", "all", "an", "and", "are", "as", "at", "auf", "be", "been", "but",
    "by", "can", "che", "da", "das", "de", "del", "dem", "den", "der", "des", "di", "die", "do",
    "du", "ein", "eine", "el", "en", "es", "est", "et", "for", "from", "had", "has", "have", "he",
    "her", "his", "i", "il", "in", "is", "ist", "it", "its", "la", "las", "le", "les", "los",
    "mit", "more", "na", "nicht", "not", "o", "of", "on", "or", "os", "par", "para", "per", "por",
    "pour", "que", "qui", "se", "she", "sich", "than", "that", "the", "their", "they", "this",
    "to", "um", "un", "una", "und", "une", "von", "was", "we", "were", "which", "who", "will",
    "with", "zu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_a_long_page_are_whole() {
        let fact = Fact {
            line: 0,
            width: 1_000,
            ending: Ending::Stop,
            phrase: 0,
            marked: false,
            apart: false,
            good: true,
            begins: 0,
            looks: [0; 4],
            dated: false,
            copies: 1,
            again: false,
        };
        let topic = Topic {
            all: 20_000,
            body: 20_000,
            ..Topic::default()
        };
        let word = Said {
            score: 3_000,
            ..Said::default()
        };
        let lines = 3_000_000;
        let sums = (0..lines).fold(Sums::default(), |sums, _| {
            sums.and(&fact, word, -3_000, &topic)
        });
        assert_eq!(sums.good_width, lines * 1_000);
        assert_eq!(sums.said, lines * 2_048);
        assert_eq!(sums.context, lines * -2_048);
        assert_eq!(share(sums.topic_body, sums.topic), 1.0);
    }

    #[test]
    fn the_small_words_are_sorted() {
        assert!(STOP.is_sorted());
    }
}
