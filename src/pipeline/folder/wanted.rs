//! Which records are asked for, by their ids or their numbers.

use super::reading_back::{Books, manifest};
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::Record;
use crate::store::ledger::RejectedRow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The records that are asked for, of a run or of an input.
///
/// A record goes by its id; without one, by `#` and its number from 1; a rejected one by that or by
/// `FILE:LINE`, as `rejected.jsonl` has it. `#N` is record N whatever its id, unless it is the id of
/// some record: an id may be too long, or too odd, to be typed.
#[derive(Debug, Default)]
pub struct Wanted {
    ids: BTreeSet<String>,
    /// By ordinal, who is called as `ids` ask for a record by its number.
    numbers: BTreeMap<u64, Called>,
    /// Ordinals that are asked for as such.
    records: BTreeSet<u64>,
    /// How many records are wanted from the first on.
    first: u64,
    unseen: BTreeSet<String>,
    /// How many records have been met, wanted or not.
    met: u64,
    rejected: u64,
}

/// Who has `#N` for an id, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Called {
    /// No record: it is record N.
    Nobody,
    /// Record N.
    Itself,
    /// Another record, and not record N.
    Another,
}

impl Wanted {
    /// Returns what `ids` and `records`, which count from 1, ask for.
    pub fn named(ids: &[String], records: &[u64]) -> Self {
        let numbers = ids.iter().filter_map(|id| numbered(id));
        Self {
            ids: ids.iter().cloned().collect(),
            numbers: numbers.map(|doc| (doc, Called::Nobody)).collect(),
            records: records
                .iter()
                .filter_map(|one| one.checked_sub(1))
                .collect(),
            unseen: ids.iter().cloned().collect(),
            ..Self::default()
        }
    }

    /// Returns what asks for the first records, whatever they are called.
    pub fn first(most: u64) -> Self {
        Self {
            first: most,
            ..Self::default()
        }
    }

    /// Finds out who has a number for an id in the run that `folder` and, where they are named,
    /// the `cleaned` records hold. Reads these through only where an id might be a number.
    ///
    /// # Errors
    ///
    /// A folder that is no run, files that do not fit each other.
    pub fn in_run(mut self, folder: &Path, cleaned: Option<&Path>) -> Result<Self> {
        if self.numbers.is_empty() {
            return Ok(self);
        }
        let manifest = manifest(folder)?;
        let mut books = Books::open(folder, cleaned, &manifest)?;
        for doc in (0..manifest.records).map(DocId) {
            if books.rejected.of::<RejectedRow<'_>>(doc)?.is_some() {
                books.rejected.step()?;
                continue;
            }
            let (line, _) = books.line(doc)?;
            let record =
                Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.bad(&bad))?;
            self.hears(doc, record.id.as_deref());
        }
        Ok(self)
    }

    /// Notes the id that a record has of its own.
    pub fn hears(&mut self, doc: DocId, id: Option<&str>) {
        let called = id
            .and_then(numbered)
            .and_then(|number| Some((number, self.numbers.get_mut(&number)?)));
        match called {
            Some((number, called)) if number == doc.0 => *called = Called::Itself,
            Some((_, called)) if *called == Called::Nobody => *called = Called::Another,
            _ => {}
        }
    }

    /// Returns whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.records.is_empty() && self.first == 0
    }

    /// Returns whether a record that goes by `id` is asked for, as far as is known.
    pub fn takes(&self, doc: DocId, id: &str) -> bool {
        self.places(doc) || self.counts(doc) || self.names(doc, id)
    }

    /// Returns whether that may change: whether a record is asked for by its number alone, which may
    /// yet turn out to be the id of a later one.
    pub fn doubts(&self, doc: DocId, id: &str) -> bool {
        self.numbers.get(&doc.0) == Some(&Called::Nobody)
            && !self.places(doc)
            && !self.names(doc, id)
    }

    /// Returns whether no record from `doc` on can be asked for.
    pub fn ends_before(&self, doc: DocId) -> bool {
        // Ids need not be unique: every record is looked at.
        self.ids.is_empty()
            && self.first <= doc.0
            && self.records.last().is_none_or(|last| *last < doc.0)
    }

    fn places(&self, doc: DocId) -> bool {
        doc.0 < self.first || self.records.contains(&doc.0)
    }

    fn counts(&self, doc: DocId) -> bool {
        let called = self.numbers.get(&doc.0);
        called.is_some_and(|called| *called != Called::Another)
    }

    /// What a record without an id goes by is none.
    fn names(&self, doc: DocId, id: &str) -> bool {
        self.ids.contains(id) && doc.called() != id
    }

    /// Returns whether a record is asked for, and notes that it is there.
    pub fn meets(&mut self, doc: DocId, id: &str) -> bool {
        self.met = self.met.max(doc.0 + 1);
        if self.names(doc, id) {
            self.unseen.remove(id);
        }
        if self.counts(doc) {
            self.unseen.remove(&doc.called());
        }
        self.takes(doc, id)
    }

    /// The same of a rejected record, which goes by where it came from or by its number.
    pub fn meets_rejected(&mut self, doc: DocId, origin: &str) -> bool {
        self.rejected += 1;
        self.meets(doc, origin)
    }

    /// Returns what is to be said of what was asked for and not met.
    pub fn missing(&self) -> Option<String> {
        if let Some(last) = self.records.last().filter(|last| **last >= self.met) {
            let (number, held) = (last + 1, self.met);
            return Some(format!(
                "there is no record {number}; the input holds {held}"
            ));
        }
        if self.unseen.is_empty() {
            return None;
        }
        let ids: Vec<String> = self.unseen.iter().map(|id| format!("{id:?}")).collect();
        let rejected = match self.rejected {
            0 => "",
            _ => ", and one that was rejected is FILE:LINE too",
        };
        Some(format!(
            "no record has the id {}; by its number a record is #1, #2, …{rejected}",
            ids.join(", ")
        ))
    }

    /// Complains of what was asked for and not met in a run.
    ///
    /// # Errors
    ///
    /// There is such.
    pub fn all_met(&self, folder: &Path) -> Result<()> {
        match self.missing() {
            None => Ok(()),
            Some(said) => Err(Error::input(folder.display().to_string(), said)),
        }
    }
}

/// Returns what a record goes by: its id, or without one its number from 1.
pub fn called(id: Option<&str>, doc: DocId) -> String {
    id.map_or_else(|| doc.called(), str::to_owned)
}

/// Returns the ordinal of the record that is asked for by its number from 1, as `#12` does.
fn numbered(id: &str) -> Option<u64> {
    let number: u64 = id.strip_prefix('#')?.parse().ok()?;
    // `#012` is no number of ours.
    let doc = number.checked_sub(1)?;
    (DocId(doc).called() == id).then_some(doc)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of `records`, by number, are taken for `asked`, and in doubt when they were met.
    fn taken(asked: &str, records: &[Option<&str>]) -> (Vec<u64>, Vec<u64>) {
        let mut wanted = Wanted::named(&[asked.to_owned()], &[]);
        let mut doubts = Vec::new();
        let docs = || (0..).map(DocId).zip(records);
        for (doc, id) in docs() {
            wanted.hears(doc, *id);
            let id = called(*id, doc);
            if wanted.meets(doc, &id) && wanted.doubts(doc, &id) {
                doubts.push(doc.0 + 1);
            }
        }
        assert_eq!(wanted.missing(), None, "{asked}");
        let taken = docs().filter(|(doc, id)| wanted.takes(*doc, &called(**id, *doc)));
        (taken.map(|(doc, _)| doc.0 + 1).collect(), doubts)
    }

    #[test]
    fn a_number_is_the_record_that_has_it_for_an_id_or_else_the_record_of_that_number() {
        let records = [
            None,
            Some("b"),
            Some("#1"),
            Some("#2"),
            Some("#5"),
            Some("#5"),
            Some("x"),
        ];
        for (asked, expected, doubts) in [
            ("#1", &[3][..], &[1][..]),
            ("#2", &[4], &[2]),
            ("#3", &[3], &[3]),
            ("#5", &[5, 6], &[]),
            ("#7", &[7], &[7]),
            ("x", &[7], &[]),
        ] {
            let (taken, doubted) = taken(asked, &records);
            assert_eq!((&*taken, &*doubted), (expected, doubts), "{asked}");
        }
    }

    #[test]
    fn what_may_still_come_is_known() {
        let ids = ["a".to_owned()];
        for (wanted, ends) in [
            (Wanted::named(&ids, &[2]), None),
            (Wanted::named(&[], &[2, 7]), Some(7)),
            (Wanted::first(3), Some(3)),
        ] {
            let end = (0..20).find(|doc| wanted.ends_before(DocId(*doc)));
            assert_eq!(end, ends, "{wanted:?}");
        }
    }

    #[test]
    fn a_number_is_told_from_an_id() {
        for (id, doc) in [
            ("#1", Some(0)),
            ("#12", Some(11)),
            ("#0", None),
            ("#012", None),
            ("#+1", None),
            ("#", None),
            ("12", None),
            ("# 12", None),
            ("#99999999999999999999", None),
        ] {
            assert_eq!(numbered(id), doc, "{id}");
        }
    }
}
