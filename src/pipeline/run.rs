//! A run on this machine.
//!
//! Without a search for duplicates it is one pass: read, clean, write. With
//! one it is two, and a decision between them: the first pass lays cleaned
//! lines and fingerprints aside, the second writes what stays.

use super::brake::Brake;
use super::decide::{Decision, decide, shingle_counts};
use super::in_order::in_order;
use super::plan::Plan;
use super::progress::{Progress, Stage};
use super::proof::Chain;
use super::rank::Rank;
use super::sites;
use super::work::{Worked, Worker};
use super::writers::{Book, Writers};
use crate::boilerplate::site::SiteModel;
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::BlockReader;
use crate::formats::blocks::split_lines;
use crate::formats::record::write_marked;
use crate::report::{Report, Tally};
use crate::settings::{DuplicateMode, Keep};
use crate::store::fingerprints::{FingerprintWriter, Fingerprints};
use crate::store::ledger::{
    DropReason, DroppedRow, DuplicateKind, DuplicateRow, six_digits, write_row,
};
use crate::store::manifest::{InputEntry, SCHEMA};
use crate::store::{Manifest, Spill, SpilledBlocks};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Does what `plan` asks, on the threads of the current rayon pool.
///
/// Returns the report. Records that cannot be read are no error: they are
/// counted, and stand in `rejected.jsonl`.
///
/// # Errors
///
/// Settings that cannot be, inputs that cannot be opened, outputs that are in
/// the way, a disk that refuses. Nothing stands under a final name then.
pub fn run(plan: &Plan, progress: &dyn Progress) -> Result<Report> {
    plan.check()?;
    let mut plan = plan.clone();
    let named = sites::read_named(&mut plan)?;
    let plan = &plan;
    let mut writers = Writers::open(plan)?;
    let mut chain = Chain::default();
    let done = sites::learn_own(plan, progress).and_then(|learned| {
        let known = named.or(learned);
        match plan.settings.duplicates.mode {
            DuplicateMode::Off => clean(plan, known, &mut writers, &mut chain, progress),
            mode => clean_and_decide(plan, known, mode, &mut writers, &mut chain, progress),
        }
    });
    let mut tally = match done {
        Ok(tally) => tally,
        Err(bad) => {
            writers.discard();
            return Err(bad);
        }
    };
    tally.finish();
    let report = Report {
        schema: SCHEMA,
        copydesk: env!("CARGO_PKG_VERSION").to_owned(),
        command: plan.command.clone(),
        tally,
        settings: plan.settings.clone(),
    };
    let manifest = Manifest {
        schema: SCHEMA,
        copydesk: report.copydesk.clone(),
        command: report.command.clone(),
        settings: report.settings.clone(),
        inputs: plan
            .inputs
            .iter()
            .map(|input| InputEntry {
                name: input.name.clone(),
                bytes: input.bytes,
                format: input.format.map(|format| format.as_str().to_owned()),
            })
            .collect(),
        max_record: plan.cut.max_record as u64,
        records: report.tally.accounting.read,
        originals_sha256: chain.hex(),
        files: BTreeMap::new(),
    };
    writers.commit(&report, manifest)?;
    Ok(report)
}

/// The first pass over all input: `each` gets every worked block in order.
fn read_and_clean(
    plan: &Plan,
    worker: &Worker,
    progress: &dyn Progress,
    tally: &mut Tally,
    mut each: impl FnMut(Worked, &mut Tally) -> Result<()> + Send,
) -> Result<()> {
    let sizes: Option<u64> = plan.inputs.iter().map(|input| input.bytes).sum();
    let mut reader = BlockReader::new(plan.inputs.clone(), plan.cut);
    let packed = reader.packed_bytes();
    progress.begin(Stage::Clean, sizes);
    in_order(
        || reader.next_block(),
        |block| Ok(worker.work(&block)),
        |worked| {
            tally.accounting.read += (worked.records.len() + worked.counts.rejects.len()) as u64;
            count(&worked, tally);
            each(worked, tally)?;
            progress.advance(packed.load(Ordering::Relaxed), tally.accounting.read);
            Ok(())
        },
    )?;
    progress.end();
    Ok(())
}

fn count(worked: &Worked, tally: &mut Tally) {
    let counts = &worked.counts;
    tally.text.bytes_before += counts.bytes_before;
    tally.text.bytes_after += counts.bytes_after;
    tally.text.records_changed += counts.changed;
    tally.text.records_cut += counts.cut;
    for (record, removal, text) in &counts.removals {
        let id = worked.records.get(*record).map_or("", |record| &record.id);
        tally.removal(id, removal, text);
    }
    for mend in &counts.mends {
        tally.mend(mend);
    }
    for reason in &counts.rejects {
        tally.reject(reason);
    }
    for rule in &counts.spared {
        tally.spare(rule);
    }
}

fn write_books(worked: &Worked, writers: &mut Writers) -> Result<()> {
    writers.rows(Book::Removed, &worked.removed)?;
    writers.rows(Book::Normalised, &worked.normalised)?;
    writers.rows(Book::Rejected, &worked.rejected)?;
    writers.rows(Book::Spared, &worked.spared)
}

/// One pass: read, clean, write.
fn clean(
    plan: &Plan,
    sites: Option<Arc<SiteModel>>,
    writers: &mut Writers,
    chain: &mut Chain,
    progress: &dyn Progress,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut brake = Brake::default();
    let worker =
        Worker::new(&plan.settings, plan.cut.max_record, writers.keeps_books()).knowing(sites);
    read_and_clean(plan, &worker, progress, &mut tally, |worked, tally| {
        worked.proofs.iter().for_each(|proof| chain.add(proof));
        write_books(&worked, writers)?;
        for record in &worked.records {
            brake.read(&record.site);
        }
        if worked.records.iter().any(|record| record.empty) {
            let mut kept = Vec::with_capacity(worked.lines.len());
            let mut dropped = Vec::new();
            let mut start = 0;
            for record in &worked.records {
                let line = &worked.lines[start..record.end];
                start = record.end;
                if record.empty {
                    tally.accounting.dropped += 1;
                    brake.drop(&record.site, &record.id, DropReason::Empty);
                    drop_row(
                        record.doc,
                        &record.id,
                        DropReason::Empty,
                        line,
                        &mut dropped,
                    );
                } else {
                    tally.accounting.written += 1;
                    kept.extend_from_slice(line);
                }
            }
            writers.cleaned(&kept)?;
            writers.rows(Book::Dropped, &dropped)?;
        } else {
            tally.accounting.written += worked.records.len() as u64;
            writers.cleaned(&worked.lines)?;
        }
        writers.flush()
    })?;
    brake.check(&plan.settings.brake, &tally)?;
    Ok(tally)
}

/// Two passes with the decision between them.
fn clean_and_decide(
    plan: &Plan,
    sites: Option<Arc<SiteModel>>,
    mode: DuplicateMode,
    writers: &mut Writers,
    chain: &mut Chain,
    progress: &dyn Progress,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let scratch = writers.scratch(plan);
    let mut lines = Spill::create(&scratch)?;
    let mut prints = FingerprintWriter::create(&scratch)?;
    let counts = shingle_counts(plan.memory, &plan.inputs);
    let worker = Worker::new(&plan.settings, plan.cut.max_record, writers.keeps_books())
        .knowing(sites)
        .counting(&counts);
    let mut first_pass = FirstPass::default();
    let ranked = plan.settings.duplicates.keep != Keep::First;
    read_and_clean(plan, &worker, progress, &mut tally, |worked, _| {
        worked.proofs.iter().for_each(|proof| chain.add(proof));
        write_books(&worked, writers)?;
        lines.append(&worked.lines)?;
        prints.append(
            &worked.fingerprints,
            worked.records.iter().map(|record| record.fingerprint),
        )?;
        first_pass.take(worked, ranked)
    })?;
    let prints = prints.finish()?;
    let decisions = decide(
        &prints,
        &counts,
        &first_pass.ranks,
        plan.memory,
        &plan.settings.duplicates,
        progress,
    )?;
    drop(counts);
    if mode == DuplicateMode::Drop {
        let brake = &mut first_pass.brake;
        would_drop(&decisions, &first_pass.empty, &prints, brake)?;
        brake.check(&plan.settings.brake, &tally)?;
    }
    let second = SecondPass {
        lines: lines.finish()?,
        firsts: first_pass.firsts,
        empty: first_pass.empty,
        prints,
        decisions,
        mode,
        books: writers.keeps_books(),
    };
    second.write(writers, &mut tally, progress)?;
    Ok(tally)
}

/// What the first pass leaves in memory. Records are numbered from 0 in the
/// order of reading, rejected ones left out.
#[derive(Default)]
struct FirstPass {
    /// The number of the first record of every block.
    pub firsts: Vec<u32>,
    /// Records of which nothing is left, ascending.
    pub empty: Vec<u32>,
    /// Ranks of all records; none where the order of reading ranks them.
    pub ranks: Vec<Rank>,
    /// What is read of each site.
    pub brake: Brake,
    records: u32,
}

impl FirstPass {
    fn take(&mut self, worked: Worked, ranked: bool) -> Result<()> {
        self.firsts.push(self.records);
        for record in worked.records {
            self.brake.read(&record.site);
            if record.empty {
                self.empty.push(self.records);
            }
            if ranked {
                self.ranks.push(record.rank);
            }
            self.records = self.records.checked_add(1).ok_or_else(|| {
                Error::input(
                    "the input",
                    "holds more than 4,294,967,295 records; run it in parts",
                )
            })?;
        }
        Ok(())
    }
}

/// Tells the brake what would be dropped.
fn would_drop(
    decisions: &[Decision],
    empty: &[u32],
    prints: &Fingerprints,
    brake: &mut Brake,
) -> Result<()> {
    let mut buffer = Vec::new();
    let mut empty = empty.iter().copied().peekable();
    let mut decided = decisions.iter().map(|decision| decision.record).peekable();
    loop {
        let (record, reason) = match (empty.peek(), decided.peek()) {
            (None, None) => return Ok(()),
            // What is empty and repeats another is told as empty.
            (Some(one), Some(other)) if one == other => {
                decided.next();
                continue;
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                (empty.next(), DropReason::Empty)
            }
            _ => (decided.next(), DropReason::Duplicate),
        };
        if let Some(record) = record {
            let label = prints.label(record as usize, &mut buffer)?;
            brake.drop(label.site, label.id, reason);
        }
    }
}

/// What the second pass works from.
struct SecondPass {
    lines: SpilledBlocks,
    firsts: Vec<u32>,
    empty: Vec<u32>,
    prints: Fingerprints,
    decisions: Vec<Decision>,
    mode: DuplicateMode,
    books: bool,
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
    told: Vec<(DuplicateKind, f64)>,
}

impl SecondPass {
    fn write(
        &self,
        writers: &mut Writers,
        tally: &mut Tally,
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.begin(Stage::Write, Some(self.prints.len() as u64));
        let mut numbers = 0..self.lines.len();
        let mut done = 0;
        in_order(
            || Ok(numbers.next()),
            |number| self.apply(number),
            |applied| {
                writers.cleaned(&applied.cleaned)?;
                writers.rows(Book::Duplicates, &applied.duplicates)?;
                writers.rows(Book::Dropped, &applied.dropped)?;
                tally.accounting.written += applied.written;
                tally.accounting.duplicates += applied.dropped_duplicates;
                tally.accounting.dropped += applied.dropped_empty;
                for (kind, similarity) in &applied.told {
                    tally.duplicate(kind.as_str(), *similarity);
                }
                done += applied.written + applied.dropped_duplicates + applied.dropped_empty;
                progress.advance(done, done);
                Ok(())
            },
        )?;
        progress.end();
        writers.flush()
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
            let mut survivor_buffer = Vec::new();
            let row = match decision {
                None => None,
                Some(decision) => {
                    let survivor = self
                        .prints
                        .label(decision.survivor as usize, &mut survivor_buffer)?;
                    let row = DuplicateRow {
                        doc: entry.doc,
                        id: Cow::Borrowed(entry.id),
                        survivor: Cow::Borrowed(survivor.id),
                        survivor_doc: survivor.doc,
                        similarity: six_digits(decision.similarity),
                        kind: decision.kind,
                    };
                    write_row(&row, &mut out.duplicates);
                    out.told.push((row.kind, row.similarity));
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

/// What `--duplicates mark` adds to a record that would be dropped.
#[derive(Serialize)]
struct Mark<'a> {
    would_drop: DropReason,
    #[serde(skip_serializing_if = "Option::is_none")]
    survivor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<DuplicateKind>,
}

impl<'a> Mark<'a> {
    fn of(row: Option<&'a DuplicateRow<'_>>) -> Self {
        Self {
            would_drop: match row {
                Some(_) => DropReason::Duplicate,
                None => DropReason::Empty,
            },
            survivor: row.map(|row| &*row.survivor),
            similarity: row.map(|row| row.similarity),
            kind: row.map(|row| row.kind),
        }
    }

    fn add_to(&self, line: &[u8], out: &mut Vec<u8>) {
        let mark = serde_json::to_string(self).unwrap_or_default();
        write_marked(line, &mark, out);
    }
}

fn drop_row(doc: DocId, id: &str, reason: DropReason, line: &[u8], out: &mut Vec<u8>) {
    // The line was read as JSON before, so it is JSON.
    if let Ok(record) = serde_json::from_slice::<&RawValue>(line) {
        let id = Cow::Borrowed(id);
        write_row(
            &DroppedRow {
                doc,
                id,
                reason,
                record,
            },
            out,
        );
    }
}
