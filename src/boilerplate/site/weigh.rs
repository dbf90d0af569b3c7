//! From the sampled documents of one site to what recurs on it.
//!
//! Two documents are copies if the sentences they share weigh two thirds of
//! all their sentences or more (Jaccard, by characters, 400 a sentence at
//! most); copies count once. A line recurs that stands in three documents and
//! in a twentieth of all. Where it stands is seen against the first and last
//! long sentence that does not recur itself.

use super::key::{end, has_letters, starts, without_digits};
use super::sketch::SketchLine;
use super::{Form, Site, Sketch, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest documents that hold a line.
pub const DOCUMENTS: usize = 3;
/// Fewest documents that hold a start or an end, with as many different rests.
const TEMPLATES: usize = 4;
/// One of so many documents must hold a line.
const ONE_OF: usize = 20;

/// Returns what recurs on a site, or `None` where nothing does.
pub(super) fn weigh(name: String, documents: &[Sketch]) -> Option<Site> {
    let documents = without_copies(documents);
    let count = documents.len();
    if count < DOCUMENTS {
        return None;
    }
    let least = DOCUMENTS.max(count.div_ceil(ONE_OF));

    let mut lines: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    let mut numbers: BTreeMap<String, Tally<'_>> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        for line in &document.lines {
            let text = document.text(line);
            if line.titles || !has_letters(text) {
                continue;
            }
            lines.entry(text).or_default().add(number, text);
            if text.contains(char::is_numeric) {
                let key = without_digits(text).into_owned();
                numbers.entry(key).or_default().add(number, text);
            }
        }
    }
    lines.retain(|_, tally| tally.documents.len() >= least);
    numbers.retain(|_, tally| tally.documents.len() >= least && tally.texts.len() >= 2);

    let recurs = |text: &str| {
        lines.contains_key(text)
            || text.contains(char::is_numeric) && numbers.contains_key(&*without_digits(text))
    };
    let mut templates: BTreeMap<(Form, String), Tally<'_>> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        for line in &document.lines {
            let text = document.text(line);
            if line.titles || line.stops || text.is_empty() || recurs(text) {
                continue;
            }
            let key = without_digits(text);
            for start in starts(&key) {
                let tally = templates
                    .entry((Form::Start, start.to_owned()))
                    .or_default();
                tally.add(number, text);
            }
            if let Some(end) = end(&key) {
                let tally = templates.entry((Form::End, end.to_owned())).or_default();
                tally.add(number, text);
            }
        }
    }
    let least = TEMPLATES.max(count.div_ceil(ONE_OF));
    templates.retain(|_, tally| tally.documents.len() >= least && tally.texts.len() >= TEMPLATES);

    let mut found: BTreeMap<(Form, String), Standing> = BTreeMap::new();
    for document in &documents {
        let places = Places::of(document, &recurs);
        let mut here: BTreeMap<(Form, String), [bool; 3]> = BTreeMap::new();
        for (at, line) in document.lines.iter().enumerate() {
            let text = document.text(line);
            if line.titles || text.is_empty() {
                continue;
            }
            let mut note = |form: Form, text: &str| {
                let seen = here.entry((form, text.to_owned())).or_default();
                if let Some(place) = places
                    .of_line(at, line)
                    .and_then(|place| seen.get_mut(place))
                {
                    *place = true;
                }
            };
            if lines.contains_key(text) {
                note(Form::Line, text);
            }
            let key = without_digits(text);
            if numbers.contains_key(&*key) {
                note(Form::Numbers, &key);
            }
            if line.stops || recurs(text) {
                continue;
            }
            for start in starts(&key) {
                if templates.contains_key(&(Form::Start, start.to_owned())) {
                    note(Form::Start, start);
                }
            }
            if let Some(end) = end(&key)
                && templates.contains_key(&(Form::End, end.to_owned()))
            {
                note(Form::End, end);
            }
        }
        for (what, [head, middle, tail]) in here {
            let standing = found.entry(what).or_default();
            standing.documents += 1;
            standing.head += u32::from(head);
            standing.middle += u32::from(middle);
            standing.tail += u32::from(tail);
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut site = Site::new(name, u32::try_from(count).unwrap_or(u32::MAX));
    for ((form, text), standing) in found {
        site.add(form, text, standing);
    }
    Some(site)
}

/// Which documents hold something, and in what words.
#[derive(Default)]
struct Tally<'t> {
    documents: BTreeSet<usize>,
    /// Some of the different lines it stood in.
    texts: BTreeSet<&'t str>,
}

impl<'t> Tally<'t> {
    fn add(&mut self, document: usize, text: &'t str) {
        self.documents.insert(document);
        if self.texts.len() < TEMPLATES {
            self.texts.insert(text);
        }
    }
}

/// Where a document's body lies, by what does not recur.
struct Places {
    /// From the first to the last long sentence.
    body: Option<(usize, usize)>,
    /// From the first to the last sentence.
    sentences: Option<(usize, usize)>,
}

impl Places {
    fn of(document: &Sketch, recurs: &impl Fn(&str) -> bool) -> Self {
        let reach = |bar: u16| {
            let long = |line: &SketchLine| {
                line.stops && line.width >= bar && !line.titles && !recurs(document.text(line))
            };
            let first = document.lines.iter().position(long)?;
            let last = document.lines.iter().rposition(long)?;
            Some((first, last))
        };
        let sentences = reach(40);
        Self {
            body: reach(80).or(sentences),
            sentences,
        }
    }

    /// Returns 0 for a line before the body, 1 in it, 2 after it. A sentence is in the body if
    /// any sentence stands on either side of it.
    fn of_line(&self, at: usize, line: &SketchLine) -> Option<usize> {
        let (first, last) = if line.stops {
            self.sentences?
        } else {
            self.body?
        };
        Some(if at < first {
            0
        } else if at > last {
            2
        } else {
            1
        })
    }
}

/// Returns the documents, the first of every set of copies.
fn without_copies(documents: &[Sketch]) -> Vec<&Sketch> {
    let mut kept: Vec<(&Sketch, BTreeMap<u64, u32>)> = Vec::new();
    for document in documents {
        let sentences = sentences(document);
        if !kept.iter().any(|(_, other)| alike(&sentences, other)) {
            kept.push((document, sentences));
        }
    }
    kept.into_iter().map(|(document, _)| document).collect()
}

/// Returns a document's sentences and their weights; of one without sentences all its lines.
fn sentences(document: &Sketch) -> BTreeMap<u64, u32> {
    let weighed = |wanted: &dyn Fn(&SketchLine) -> bool| -> BTreeMap<u64, u32> {
        document
            .lines
            .iter()
            .filter(|line| wanted(line))
            .map(|line| (line.hash, u32::from(line.width.clamp(1, 400))))
            .collect()
    };
    let sentences = weighed(&|line| line.stops && line.width >= 40);
    if sentences.is_empty() {
        weighed(&|_| true)
    } else {
        sentences
    }
}

fn alike(one: &BTreeMap<u64, u32>, other: &BTreeMap<u64, u32>) -> bool {
    let weight = |lines: &BTreeMap<u64, u32>| lines.values().sum::<u32>();
    let shared: u32 = one
        .iter()
        .filter(|(line, _)| other.contains_key(line))
        .map(|(_, weight)| weight)
        .sum();
    let all = weight(one) + weight(other) - shared;
    shared > 0 && shared * 3 >= all * 2
}
