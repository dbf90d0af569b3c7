//! Counts that a run takes along, block by block, in input order.

use super::clusters::ClusterTally;
use super::documents::DocumentTally;
use super::sites::SitesTally;
use crate::document::{DocId, Kind, Span};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many different removed lines are counted. Lines that first come up
/// later than this are not among the commonest.
const LINES_COUNTED: usize = 200_000;

/// How many of the commonest removed lines the report shows.
const LINES_SHOWN: usize = 50;

/// The longest part of a removed line that the report shows, in characters.
const LINE_SHOWN: usize = 160;

/// How many different reasons for rejection are told apart.
const REASONS: usize = 50;

/// How many rejected and spared records are named: of each reason, and in all.
const NAMED: usize = 3;
const SPARED_NAMED: usize = 10;

/// The longest reason that is told, in characters.
const REASON_SHOWN: usize = 300;

/// Steps of the similarity histogram: twentieths from 0 to 1.
const STEPS: usize = 21;

/// Steps of the finer one: hundredths.
const FINE_STEPS: usize = 101;

/// What became of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// Records read.
    pub read: u64,
    /// Records in the cleaned output.
    pub written: u64,
    /// Records that were dropped as duplicates.
    pub duplicates: u64,
    /// Records of which nothing was left.
    pub dropped: u64,
    /// Records that could not be read.
    pub rejected: u64,
}

impl Accounting {
    /// Returns whether nothing is lost: read = written + duplicates + dropped + rejected.
    pub const fn closes(&self) -> bool {
        self.read == self.written + self.duplicates + self.dropped + self.rejected
    }
}

/// The size of all texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextTally {
    /// Bytes of text read.
    pub bytes_before: u64,
    /// Bytes of text after cleaning, duplicates among them.
    pub bytes_after: u64,
    /// Records whose text was changed.
    pub records_changed: u64,
    /// Records whose text had something taken out by a desk.
    pub records_cut: u64,
}

/// What one rule took out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTally {
    /// The kind of furniture of which it took most characters; of equals the first in
    /// [`Kind::ALL`]. Before [`Tally::finish`] it is the one that it took first.
    pub kind: Kind,
    /// Spans taken out.
    pub spans: u64,
    /// Bytes taken out.
    pub bytes: u64,
    /// Characters taken out.
    #[serde(default)]
    pub chars: u64,
    /// Lines, or parts of one, that the spans cover.
    #[serde(default)]
    pub lines: u64,
    /// The same by kind of furniture: a rule may take several. They add up to the numbers above.
    #[serde(default)]
    pub kinds: BTreeMap<Kind, KindTally>,
}

/// What was taken out of one kind of furniture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindTally {
    /// Spans taken out.
    pub spans: u64,
    /// Bytes taken out.
    pub bytes: u64,
    /// Characters taken out.
    pub chars: u64,
    /// Lines, or parts of one, that the spans cover.
    pub lines: u64,
}

impl KindTally {
    /// Adds what another one counted.
    pub const fn add(&mut self, other: &Self) {
        self.spans += other.spans;
        self.bytes += other.bytes;
        self.chars += other.chars;
        self.lines += other.lines;
    }
}

impl RuleTally {
    /// Returns a tally of nothing, of a rule that took this kind first.
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            spans: 0,
            bytes: 0,
            chars: 0,
            lines: 0,
            kinds: BTreeMap::new(),
        }
    }

    /// Counts what it took.
    fn add(&mut self, gone: &Gone<'_>) {
        self.spans += gone.spans;
        self.bytes += gone.bytes;
        self.chars += gone.chars;
        self.lines += gone.lines;
        self.kinds.entry(gone.kind).or_default().add(&KindTally {
            spans: gone.spans,
            bytes: gone.bytes,
            chars: gone.chars,
            lines: gone.lines,
        });
    }

    /// Settles which kind it is named by.
    fn finish(&mut self) {
        // Of equals the last would be found.
        let most = self.kinds.iter().rev().max_by_key(|(_, took)| took.chars);
        if let Some((kind, _)) = most {
            self.kind = *kind;
        }
    }
}

/// A line that was taken out often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonLine {
    /// Its text, or the start of it.
    pub text: String,
    /// The rule that took it out first.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// The ids of the first documents, three at most.
    pub examples: Vec<String>,
    /// Where it stands in each of them: the document's ordinal, and the line's first byte in the
    /// original text.
    #[serde(default)]
    pub places: Vec<(DocId, usize)>,
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectSeen {
    /// Its ordinal.
    pub doc: DocId,
    /// What was found and expected, or the start of it.
    pub reason: String,
}

/// Where the first rejected record stands. It hangs on how the corpus lies in files, so it is told
/// and not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstReject {
    /// The input's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What was found and expected, or the start of it.
    pub reason: String,
}

/// A document that the brake has left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparedSeen {
    /// Its ordinal.
    pub doc: DocId,
    /// Its id.
    pub id: String,
    /// The share of its text that would have gone.
    pub share: f64,
    /// The rule that would have taken most.
    pub rule: String,
}

/// Whose span was taken out.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The document's ordinal.
    pub doc: DocId,
    /// Its id.
    pub id: &'a str,
    /// The number of its site, as [`SitesTally::document`] gave it.
    pub site: Option<u32>,
}

/// A line that was taken out of a document, or several that are equal, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone<'a> {
    /// The rule that decided.
    pub rule: &'a str,
    /// The kind of furniture.
    pub kind: Kind,
    /// How many spans they are.
    pub spans: u64,
    /// Where the first begins in the original text.
    pub start: usize,
    /// Bytes taken out.
    pub bytes: u64,
    /// Characters taken out.
    pub chars: u64,
    /// Lines, or parts of one, that the spans cover.
    pub lines: u64,
    /// The text of each, or the start of it.
    pub text: &'a str,
}

impl<'a> Gone<'a> {
    /// Returns what was taken out of `span`, where `text` stood and `replacement` stands.
    pub fn new(rule: &'a str, kind: Kind, span: Span, replacement: &str, text: &'a str) -> Self {
        Self {
            rule,
            kind,
            spans: 1,
            start: span.start,
            bytes: span.len().saturating_sub(replacement.len()) as u64,
            chars: chars_gone(replacement, text),
            lines: memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64 + 1,
            text: start_of(text, LINE_SHOWN),
        }
    }
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// What became of the records.
    pub accounting: Accounting,
    /// The size of all texts.
    pub text: TextTally,
    /// What was taken out, by rule.
    pub rules: BTreeMap<String, RuleTally>,
    /// What was mended: edits by mend.
    pub mends: BTreeMap<String, u64>,
    /// Duplicates by kind, dropped or marked.
    pub duplicates: BTreeMap<String, u64>,
    /// Exact and near-duplicates by similarity, in twentieths from 0 to 1.
    pub similarity: Vec<u64>,
    /// Duplicates by similarity, in hundredths from 0 to 1.
    #[serde(default)]
    pub similarity_hundredths: Vec<u64>,
    /// Survivors with what repeats them.
    #[serde(default)]
    pub clusters: ClusterTally,
    /// Documents that the brake has left alone, by the rule that would have taken most.
    pub spared: BTreeMap<String, u64>,
    /// Rejected records by reason, numbers folded.
    pub rejects: BTreeMap<String, u64>,
    /// The first rejected records of each reason.
    #[serde(default)]
    pub rejects_seen: BTreeMap<String, Vec<RejectSeen>>,
    /// The first documents that the brake has left alone.
    #[serde(default)]
    pub spared_seen: Vec<SparedSeen>,
    /// The lines taken out most often.
    pub common_lines: Vec<CommonLine>,
    /// What documents are like.
    #[serde(default)]
    pub documents: DocumentTally,
    /// What was taken from each site.
    #[serde(default)]
    pub sites: SitesTally,
    /// The first rejected record, while the run lasts.
    #[serde(skip)]
    pub first_reject: Option<FirstReject>,
    #[serde(skip)]
    lines: FxHashMap<String, CommonLine>,
}

impl Tally {
    /// Counts what was taken out of one document.
    pub fn removal(&mut self, whose: Whose<'_>, gone: &Gone<'_>) {
        if let Some(site) = whose.site {
            self.sites.removal(site, gone.spans, gone.lines, gone.chars);
        }
        let rule = self.rules.entry(gone.rule.to_owned());
        rule.or_insert(RuleTally::of(gone.kind)).add(gone);
        if let Some(line) = self.lines.get_mut(gone.text) {
            line.count += gone.spans;
            if line.examples.len() < 3 && !line.examples.iter().any(|known| known == whose.id) {
                line.examples.push(whose.id.to_owned());
                line.places.push((whose.doc, gone.start));
            }
        } else if self.lines.len() < LINES_COUNTED {
            self.lines.insert(
                gone.text.to_owned(),
                CommonLine {
                    text: gone.text.to_owned(),
                    rule: gone.rule.to_owned(),
                    count: gone.spans,
                    examples: vec![whose.id.to_owned()],
                    places: vec![(whose.doc, gone.start)],
                },
            );
        }
    }

    /// Counts mended spans.
    pub fn mend(&mut self, name: &str, spans: u64) {
        if let Some(count) = self.mends.get_mut(name) {
            *count += spans;
        } else {
            self.mends.insert(name.to_owned(), spans);
        }
    }

    /// Counts one duplicate.
    pub fn duplicate(&mut self, kind: &str, similarity: f64) {
        *self.duplicates.entry(kind.to_owned()).or_default() += 1;
        self.similarity.resize(STEPS, 0);
        self.similarity_hundredths.resize(FINE_STEPS, 0);
        if kind == "containment" {
            // What it tells is a share of one text, not a similarity of two.
            return;
        }
        for counts in [&mut self.similarity, &mut self.similarity_hundredths] {
            let step = (similarity * (counts.len() - 1) as f64 + 1e-9) as usize;
            if let Some(count) = counts.get_mut(step) {
                *count += 1;
            }
        }
    }

    /// Counts one document that the brake has left alone.
    pub fn spare(&mut self, doc: DocId, id: &str, share: f64, rule: &str) {
        *self.spared.entry(rule.to_owned()).or_default() += 1;
        if self.spared_seen.len() < SPARED_NAMED {
            self.spared_seen.push(SparedSeen {
                doc,
                id: id.to_owned(),
                share,
                rule: rule.to_owned(),
            });
        }
    }

    /// Counts one rejected record.
    pub fn reject(&mut self, doc: DocId, file: &str, line: u64, reason: &str) {
        self.accounting.rejected += 1;
        self.first_reject.get_or_insert_with(|| FirstReject {
            file: file.to_owned(),
            line,
            reason: start_of(reason, REASON_SHOWN).to_owned(),
        });
        // What a reason begins with is what sort it is: "broken JSON: …".
        let mut folded = reason.split(": ").next().unwrap_or(reason).to_owned();
        if self.rejects.len() >= REASONS && !self.rejects.contains_key(&folded) {
            folded = "other reasons".into();
        }
        let seen = self.rejects_seen.entry(folded.clone()).or_default();
        if seen.len() < NAMED {
            let reason = start_of(reason, REASON_SHOWN).to_owned();
            seen.push(RejectSeen { doc, reason });
        }
        *self.rejects.entry(folded).or_default() += 1;
    }

    /// Returns what was taken out by kind of furniture, whichever rule took it.
    pub fn kinds(&self) -> BTreeMap<Kind, KindTally> {
        let mut kinds: BTreeMap<Kind, KindTally> = BTreeMap::new();
        for (kind, took) in self.rules.values().flat_map(|rule| &rule.kinds) {
            kinds.entry(*kind).or_default().add(took);
        }
        kinds
    }

    /// Settles the commonest lines, and the kind of each rule, when all is counted.
    pub fn finish(&mut self) {
        self.rules.values_mut().for_each(RuleTally::finish);
        let mut lines: Vec<CommonLine> = std::mem::take(&mut self.lines).into_values().collect();
        lines.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        lines.truncate(LINES_SHOWN);
        self.common_lines = lines;
        self.sites.finish();
    }
}

/// Returns how many characters went where `replacement` stands for `text`.
pub fn chars_gone(replacement: &str, text: &str) -> u64 {
    let count = |text: &str| text.chars().count() as u64;
    count(text).saturating_sub(count(replacement))
}

fn start_of(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_by_their_sort() {
        let mut tally = Tally::default();
        tally.reject(
            DocId(0),
            "in",
            1,
            "broken JSON: expected value at line 1 column 17",
        );
        tally.reject(DocId(1), "in", 2, "broken JSON: EOF while parsing");
        assert_eq!(tally.rejects["broken JSON"], 2);
    }

    #[test]
    fn a_similarity_falls_into_its_twentieth() {
        let mut tally = Tally::default();
        for similarity in [0.8, 0.8499, 0.85, 1.0] {
            tally.duplicate("near", similarity);
        }
        assert_eq!(tally.similarity[16..], [2, 1, 0, 0, 1]);
    }
}
