//! The row that the trees are asked with: every feature of a line, in the order of training.

use super::facts::{Fact, class, ending};
use super::{FEATURES, NEAR, Sheet, WIDE, word_hashes};
use crate::boilerplate::phrase::Fit;
use crate::text::boundary;
use crate::text::letters::{is_alphabetic, is_numeric};

impl Sheet<'_, '_> {
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
        let text = &text[..boundary(text, reach)];
        let (mut letters, mut capitals, mut digits, mut marks, mut links) = (0, 0, 0, 0, 0);
        let mut commas = 0;
        for character in text.chars() {
            if is_alphabetic(character) {
                letters += 1;
                capitals += i32::from(character.is_uppercase());
            } else if is_numeric(character) {
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
            if word.len() <= LONGEST_STOP && STOP.binary_search(&word).is_ok() {
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

fn share(part: impl Into<i64>, whole: impl Into<i64>) -> f32 {
    let (part, whole) = (part.into(), whole.into());
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// The longest of [`STOP`], in bytes.
const LONGEST_STOP: usize = 5;

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
    fn the_small_words_are_sorted() {
        assert!(STOP.is_sorted());
        assert_eq!(STOP.iter().map(|word| word.len()).max(), Some(LONGEST_STOP));
    }
}
