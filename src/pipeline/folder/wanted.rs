//! Which records of a run are asked for, by their ids or their numbers.

use super::reading_back::{Books, manifest};
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::Record;
use crate::store::ledger::RejectedRow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The records that are asked for.
///
/// A record goes by its id; without one, by `#` and its number from 1; a rejected one by that or by
/// `FILE:LINE`, as `rejected.jsonl` has it. `#N` is record N whatever its id, unless it is the id of
/// some record: an id may be too long, or too odd, to be typed.
#[derive(Debug, Default)]
pub struct Wanted {
    ids: BTreeSet<String>,
    /// By ordinal, what asks for a record by its number.
    numbers: BTreeMap<u64, String>,
    unseen: BTreeSet<String>,
    rejected: u64,
}

impl Wanted {
    /// Returns what `ids` ask for in the run that `folder` and, where they are named, the `cleaned`
    /// records hold. Reads these through only where one of `ids` might be a number.
    ///
    /// # Errors
    ///
    /// A folder that is no run, files that do not fit each other.
    pub fn of(folder: &Path, cleaned: Option<&Path>, ids: &[String]) -> Result<Self> {
        let mut wanted = Self {
            ids: ids.iter().cloned().collect(),
            unseen: ids.iter().cloned().collect(),
            ..Self::default()
        };
        for id in &wanted.ids {
            if let Some(doc) = numbered(id) {
                wanted.numbers.insert(doc, id.clone());
            }
        }
        if wanted.numbers.is_empty() {
            return Ok(wanted);
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
            if let Some(id) = record.id.as_deref()
                && let Some(number) = numbered(id)
                && wanted.numbers.get(&number).is_some_and(|asked| asked == id)
            {
                wanted.numbers.remove(&number);
            }
        }
        Ok(wanted)
    }

    /// Returns whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns whether a record that goes by `id` is asked for.
    pub fn takes(&self, doc: DocId, id: &str) -> bool {
        self.ids.contains(id) || self.numbers.contains_key(&doc.0)
    }

    /// Returns whether a record is asked for, and notes that it is there.
    pub fn meets(&mut self, doc: DocId, id: &str) -> bool {
        let number = self.numbers.get(&doc.0).map(String::as_str);
        let found = [Some(id), number].into_iter().flatten();
        found.for_each(|id| {
            self.unseen.remove(id);
        });
        self.takes(doc, id)
    }

    /// The same of a rejected record, which goes by where it came from or by its number.
    pub fn meets_rejected(&mut self, doc: DocId, origin: &str) -> bool {
        self.rejected += 1;
        let by_number = self.meets(doc, &called(None, doc));
        self.meets(doc, origin) || by_number
    }

    /// Complains of what no record is called.
    ///
    /// # Errors
    ///
    /// Something that was asked for was not met.
    pub fn all_met(&self, folder: &Path) -> Result<()> {
        if self.unseen.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = self.unseen.iter().map(|id| format!("{id:?}")).collect();
        let rejected = match self.rejected {
            0 => "",
            _ => ", and one that was rejected is FILE:LINE too, as rejected.jsonl has it",
        };
        Err(Error::input(
            folder.display().to_string(),
            format!(
                "no record has the id {}; by its number a record is #1, #2, …{rejected}",
                ids.join(", ")
            ),
        ))
    }
}

/// Returns what a record goes by: its id, or without one its number from 1.
pub fn called(id: Option<&str>, doc: DocId) -> String {
    id.map_or_else(|| format!("#{}", doc.0 + 1), str::to_owned)
}

/// Returns the ordinal of the record that is asked for by its number from 1, as `#12` does.
fn numbered(id: &str) -> Option<u64> {
    let number: u64 = id.strip_prefix('#')?.parse().ok()?;
    // `#012` is no number of ours.
    let doc = number.checked_sub(1)?;
    (called(None, DocId(doc)) == id).then_some(doc)
}

#[cfg(test)]
mod tests {
    use super::*;

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
