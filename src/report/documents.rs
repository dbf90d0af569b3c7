//! What documents are like before and after cleaning: how long, in which script, where they were
//! cut, and which were cut most.
//!
//! Everything here is a sum or the greatest few, so it does not matter in which parts it was
//! counted; and it is small, so a run that is gone on with takes it from its journal.

use crate::document::{DocId, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parts of a document that removals are placed in.
pub const PARTS: usize = 20;

/// How many of the documents cut most are named.
const CUT_MOST: usize = 12;

/// A document of fewer characters is not among those cut most: half of a caption is nothing.
const LEAST_CUT: u64 = 400;

/// What documents are like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentTally {
    /// Characters of text read.
    pub chars_before: u64,
    /// Characters of text after cleaning, duplicates among them.
    pub chars_after: u64,
    /// Documents by the power of two that their characters reach: at `n` those of 2ⁿ⁻¹ to
    /// 2ⁿ − 1 characters, at 0 empty ones.
    pub lengths_before: Vec<u64>,
    /// The same after cleaning, duplicates among them.
    pub lengths_after: Vec<u64>,
    /// Documents by the language of their cleaned text (ISO 639-3, or `und`): the first 200, and one in
    /// 1,024 of the others.
    pub languages: BTreeMap<String, u64>,
    /// Documents by the script of their cleaned text.
    pub scripts: BTreeMap<String, u64>,
    /// Characters taken out by kind, in twentieths of the document from its start; a span
    /// belongs where its middle is.
    pub positions: BTreeMap<Kind, Vec<u64>>,
    /// The documents that lost the greatest share of their characters, of 400 characters at least.
    pub most_cut: Vec<MostCut>,
    /// In how many records the fields were that settings name.
    pub fields: FieldTally,
}

/// How many records of JSON have a field that settings name, of those that could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldTally {
    /// Records of JSON that could be read.
    pub records: u64,
    /// Those with an id.
    pub id: u64,
    /// Those with a headline.
    pub title: u64,
    /// Those with an address.
    pub url: u64,
    /// Those with a site in the field that is named for it.
    pub site: u64,
    /// Those with the field that ranks duplicates.
    pub rank: u64,
}

impl FieldTally {
    /// Counts a record by whether it has an id, a headline, an address, a site and a rank.
    pub fn record(&mut self, [id, title, url, site, rank]: [bool; 5]) {
        self.records += 1;
        self.id += u64::from(id);
        self.title += u64::from(title);
        self.url += u64::from(url);
        self.site += u64::from(site);
        self.rank += u64::from(rank);
    }

    /// Adds what was counted elsewhere.
    fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.id += other.id;
        self.title += other.title;
        self.url += other.url;
        self.site += other.site;
        self.rank += other.rank;
    }
}

/// A document that lost much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MostCut {
    /// The document's ordinal.
    pub doc: DocId,
    /// Its id.
    pub id: String,
    /// Its characters as it was read.
    pub chars_before: u64,
    /// Its characters after cleaning.
    pub chars_after: u64,
}

impl MostCut {
    /// Returns the share of its characters that is gone, in millionths.
    fn share(&self) -> u64 {
        let gone = self.chars_before.saturating_sub(self.chars_after);
        gone.saturating_mul(1_000_000) / self.chars_before.max(1)
    }
}

impl DocumentTally {
    /// Counts one document of so many characters before and after, in that script, and in that
    /// language if it was looked at.
    pub fn document(&mut self, before: u64, after: u64, script: &str, language: Option<&str>) {
        self.chars_before += before;
        self.chars_after += after;
        add(&mut self.lengths_before, bits(before), 1);
        add(&mut self.lengths_after, bits(after), 1);
        one_more(&mut self.scripts, script);
        if let Some(language) = language {
            one_more(&mut self.languages, language);
        }
    }

    /// Counts `chars` characters that were taken out around byte `middle` of `whole`.
    pub fn removal(&mut self, kind: Kind, chars: u64, middle: usize, whole: usize) {
        let part = middle * PARTS / whole.max(1);
        let parts = self.positions.entry(kind).or_insert_with(|| vec![0; PARTS]);
        add(parts, part.min(PARTS - 1), chars);
    }

    /// Takes note of a document that lost something.
    pub fn cut(&mut self, doc: DocId, id: &str, before: u64, after: u64) {
        let cut = MostCut {
            doc,
            id: String::new(),
            chars_before: before,
            chars_after: after,
        };
        let least = self
            .most_cut
            .last()
            .filter(|_| self.most_cut.len() == CUT_MOST);
        if before < LEAST_CUT || after >= before || least.is_some_and(|least| first(least, &cut)) {
            return;
        }
        self.keep(MostCut {
            id: id.to_owned(),
            ..cut
        });
    }

    fn keep(&mut self, cut: MostCut) {
        let place = self.most_cut.partition_point(|other| first(other, &cut));
        self.most_cut.insert(place, cut);
        self.most_cut.truncate(CUT_MOST);
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.fields.add(&other.fields);
        self.chars_before += other.chars_before;
        self.chars_after += other.chars_after;
        for (mine, theirs) in [
            (&mut self.lengths_before, &other.lengths_before),
            (&mut self.lengths_after, &other.lengths_after),
        ] {
            theirs
                .iter()
                .enumerate()
                .for_each(|(at, count)| add(mine, at, *count));
        }
        for (mine, theirs) in [
            (&mut self.scripts, &other.scripts),
            (&mut self.languages, &other.languages),
        ] {
            for (name, count) in theirs {
                *mine.entry(name.clone()).or_default() += count;
            }
        }
        for (kind, parts) in &other.positions {
            let mine = self
                .positions
                .entry(*kind)
                .or_insert_with(|| vec![0; PARTS]);
            parts
                .iter()
                .enumerate()
                .for_each(|(at, count)| add(mine, at, *count));
        }
        for cut in &other.most_cut {
            self.keep(cut.clone());
        }
    }
}

/// Returns whether `one` stands before `other`: it lost a greater share, then more, then came
/// first.
fn first(one: &MostCut, other: &MostCut) -> bool {
    let key = |cut: &MostCut| (cut.share(), cut.chars_before);
    (key(other), one.doc) < (key(one), other.doc)
}

fn bits(count: u64) -> usize {
    (u64::BITS - count.leading_zeros()) as usize
}

fn add(counts: &mut Vec<u64>, at: usize, more: u64) {
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += more;
}

fn one_more(counts: &mut BTreeMap<String, u64>, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count += 1;
    } else {
        counts.insert(name.to_owned(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_not_matter_in_which_parts_documents_are_counted() {
        let sizes: Vec<(u64, u64)> = (0..200u64).map(|n| (n * 37 % 4000, n * 11 % 700)).collect();
        let count = |range: std::ops::Range<usize>| {
            let mut tally = DocumentTally::default();
            for doc in range {
                let (before, gone) = sizes[doc];
                let after = before.saturating_sub(gone);
                tally.document(before, after, "Latin", Some("eng").filter(|_| before > 3));
                tally.removal(Kind::Share, gone, doc, 200);
                tally.cut(DocId(doc as u64), &format!("d{doc}"), before, after);
            }
            tally
        };
        let whole = count(0..200);
        for at in [0, 1, 77, 199] {
            let mut parts = count(0..at);
            parts.add(&count(at..200));
            assert_eq!(parts, whole);
        }
        assert_eq!(whole.most_cut.len(), CUT_MOST);
        assert_eq!(whole.lengths_before.iter().sum::<u64>(), 200);
    }

    #[test]
    fn lengths_go_by_powers_of_two() {
        for (count, place) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 2),
            (4, 3),
            (1023, 10),
            (1024, 11),
        ] {
            assert_eq!(bits(count), place, "{count}");
        }
    }
}
