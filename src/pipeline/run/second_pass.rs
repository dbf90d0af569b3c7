//! The second pass: the decisions are carried out on the lines that wait for them.

use super::waiting::WaitingLines;
use super::writers::Writers;
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::blocks::split_lines;
use crate::pipeline::decide::clusters::clusters;
use crate::pipeline::decide::mark::Mark;
use crate::pipeline::decide::{Decision, Survivor};
use crate::pipeline::in_order::{batch_bytes, in_order_by_weight};
use crate::pipeline::index::Earlier;
use crate::pipeline::progress::{Progress, Stage};
use crate::report::Tally;
use crate::settings::DuplicateMode;
use crate::store::fingerprints::Fingerprints;
use crate::store::ledger::{
    Book, DropReason, DroppedHead, DuplicateKind, DuplicateRow, six_digits, write_row,
};
use std::borrow::Cow;

/// What the second pass works from. Records are numbered from 0 in the order of reading, rejected
/// ones left out.
pub struct SecondPass<'a> {
    /// The cleaned lines, by block.
    pub lines: WaitingLines,
    /// The number of the first record of every block.
    pub firsts: Vec<u32>,
    /// Records of which nothing is left, ascending.
    pub empty: Vec<u32>,
    /// Who the records are.
    pub prints: &'a Fingerprints,
    /// Which are duplicates, ascending.
    pub decisions: &'a [Decision],
    /// The index before this batch, if there is one.
    pub earlier: Option<&'a Earlier>,
    /// What is done with duplicates.
    pub mode: DuplicateMode,
    /// Whether the ledger is kept.
    pub books: bool,
}

/// What is counted of a duplicate.
struct Told {
    kind: DuplicateKind,
    similarity: f64,
    site: String,
    survivor_site: String,
}

/// A document that stays, of this batch or an earlier one.
struct Kept {
    id: String,
    doc: DocId,
    /// Its batch, where that is an earlier one.
    batch: Option<u32>,
    /// Its site; of an earlier batch it is not known.
    site: String,
}

/// What one block gives to the outputs.
#[derive(Default)]
struct Applied {
    cleaned: Vec<u8>,
    duplicates: Vec<u8>,
    dropped: Vec<u8>,
    written: u64,
    dropped_duplicates: u64,
    dropped_empty: u64,
    told: Vec<Told>,
}

impl SecondPass<'_> {
    /// Writes what stays, and what does not into the ledger.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(
        &self,
        writers: &mut Writers,
        tally: &mut Tally,
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.begin(Stage::Write, Some(self.prints.len() as u64));
        let mut numbers = 0..self.lines.len();
        let mut done = 0;
        in_order_by_weight(
            progress,
            (|number: &usize| self.lines.bytes(*number), batch_bytes()),
            || Ok(numbers.next()),
            |number| self.apply(number),
            |applied| {
                writers.cleaned(&applied.cleaned)?;
                writers.rows(Book::Duplicates, &applied.duplicates)?;
                writers.rows(Book::Dropped, &applied.dropped)?;
                tally.accounting.written += applied.written;
                tally.accounting.duplicates += applied.dropped_duplicates;
                tally.accounting.dropped += applied.dropped_empty;
                for told in &applied.told {
                    tally.duplicate(told.kind.as_str(), told.similarity);
                    tally.sites.repeats(&told.site, &told.survivor_site);
                }
                done += applied.written + applied.dropped_duplicates + applied.dropped_empty;
                progress.advance(done, done);
                Ok(())
            },
        )?;
        tally.clusters = clusters(self.decisions, self.prints)?;
        progress.end();
        writers.flush()
    }

    /// Returns who a survivor is.
    fn survivor(&self, survivor: Survivor) -> Result<Kept> {
        match survivor {
            Survivor::Record(record) => {
                let mut buffer = Vec::new();
                let label = self.prints.label(record as usize, &mut buffer)?;
                Ok(Kept {
                    id: label.id.to_owned(),
                    doc: label.doc,
                    batch: None,
                    site: label.site.to_owned(),
                })
            }
            Survivor::Earlier(place) => {
                let earlier = self.earlier.ok_or_else(|| {
                    Error::damaged("the index", "was closed before everything was written")
                })?;
                let label = earlier.label(place)?;
                Ok(Kept {
                    id: label.id,
                    doc: label.doc,
                    batch: Some(label.batch),
                    site: String::new(),
                })
            }
        }
    }

    /// Carries the decisions out on one block.
    fn apply(&self, number: usize) -> Result<Applied> {
        let block = self.lines.read(number)?;
        let first = self.firsts.get(number).copied().unwrap_or_default();
        let mut out = Applied::default();
        let mut buffer = Vec::new();
        let mut at = self
            .decisions
            .partition_point(|decision| decision.record < first);
        let mut empty = self.empty.partition_point(|record| *record < first);
        let next = self.firsts.get(number + 1).copied().unwrap_or(u32::MAX);
        let touched = self
            .decisions
            .get(at)
            .is_some_and(|decision| decision.record < next)
            || self.empty.get(empty).is_some_and(|record| *record < next);
        if !touched {
            // Most blocks of most corpora: everything stays as it lies.
            out.written = memchr::memchr_iter(b'\n', &block).count() as u64;
            out.cleaned = block;
            return Ok(out);
        }
        for (record, line) in (first..).zip(split_lines(&block)) {
            let decision = self
                .decisions
                .get(at)
                .filter(|decision| decision.record == record);
            let is_empty = self.empty.get(empty) == Some(&record);
            empty += usize::from(is_empty);
            at += usize::from(decision.is_some());
            if decision.is_none() && !is_empty {
                out.written += 1;
                out.cleaned.extend_from_slice(line);
                out.cleaned.push(b'\n');
                continue;
            }
            let entry = self.prints.label(record as usize, &mut buffer)?;
            let row = match decision {
                None => None,
                Some(decision) => {
                    let survivor = self.survivor(decision.survivor)?;
                    let row = DuplicateRow {
                        doc: entry.doc,
                        id: Cow::Borrowed(entry.id),
                        survivor: Cow::Owned(survivor.id),
                        survivor_doc: survivor.doc,
                        survivor_batch: survivor.batch,
                        similarity: six_digits(decision.similarity),
                        kind: decision.kind,
                    };
                    write_row(&row, &mut out.duplicates);
                    out.told.push(Told {
                        kind: row.kind,
                        similarity: row.similarity,
                        site: entry.site.to_owned(),
                        survivor_site: survivor.site,
                    });
                    Some(row)
                }
            };
            if self.mode == DuplicateMode::Mark {
                out.written += 1;
                Mark::of(row.as_ref()).add_to(line, &mut out.cleaned);
                out.cleaned.push(b'\n');
                continue;
            }
            let reason = if is_empty {
                out.dropped_empty += 1;
                DropReason::Empty
            } else {
                out.dropped_duplicates += 1;
                DropReason::Duplicate
            };
            if self.books {
                drop_row(entry.doc, entry.id, reason, line, &mut out.dropped);
            }
        }
        Ok(out)
    }
}

/// Appends the row of a record that is dropped.
pub fn drop_row(doc: DocId, id: &str, reason: DropReason, line: &[u8], out: &mut Vec<u8>) {
    let id = Cow::Borrowed(id);
    DroppedHead { doc, id, reason }.write(line, out);
}
