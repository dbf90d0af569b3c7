//! The first pass: read, clean, and lay aside; or, where nothing is to be decided, write.
//!
//! Everything that it leaves in memory is made again from what it leaves on disk, so that it can
//! be gone on with ([`super::resume`]).

use super::clock::Clock;
use super::own_folder::{LINES, PRINTS};
use super::plan::Plan;
use super::resume::{self, Aside, Finished, Segment};
use super::second_pass::drop_row;
use super::waiting::{Waiting, WaitingLines};
use super::work::{Worked, Worker};
use super::writers::Writers;
use crate::document::DocId;
use crate::duplicates::Counter;
use crate::error::{Error, Result};
use crate::formats::{Block, BlockReader, NO_JSON, Position, Sample};
use crate::pipeline::clean::brake::Brake;
use crate::pipeline::decide::count_shingles;
use crate::pipeline::decide::rank::Rank;
use crate::pipeline::folder::replay;
use crate::pipeline::in_order::{batch_bytes, in_order_by_weight};
use crate::pipeline::progress::{Progress, Rejected, Stage};
use crate::pipeline::proof::Chain;
use crate::report::{Accounting, Tally, Whose, counted};
use crate::settings::{BrakeSettings, DuplicateMode, Keep, MostRejects};
use crate::store::fingerprints::{FingerprintWriter, Fingerprints};
use crate::store::ledger::{Book, DropReason};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::Ordering;

/// The part of the memory that records in a batch may weigh: each takes some twenty times its size
/// while it is cleaned, and two more batches are held.
const PART: u64 = 48;

/// The first pass, as far as it has come. Records are numbered from 0 in the order of reading,
/// rejected ones left out.
pub struct FirstPass {
    /// What is counted.
    pub tally: Tally,
    /// The digest of everything that was read.
    pub chain: Chain,
    /// The number of the first record of every block.
    pub firsts: Vec<u32>,
    /// Records of which nothing is left, ascending.
    pub empty: Vec<u32>,
    /// Ranks of all records; none where the order of reading ranks them.
    pub ranks: Vec<Rank>,
    /// What is read of each site.
    pub brake: Brake,
    /// How long the stages take.
    pub clock: Clock,
    records: u32,
    /// Whether ranks are wanted.
    ranked: bool,
    /// Cleaned lines, where they wait for a decision.
    lines: Option<Waiting>,
    /// Fingerprints, where something is decided; else labels alone, to go on from.
    prints: Option<FingerprintWriter>,
    reader: BlockReader,
    at: Position,
    sample: Option<Sample>,
    /// Whether the run can be gone on with.
    logged: bool,
    /// Bytes of input since the last segment.
    since: u64,
    /// The ordinal of the first record that is in no finished segment.
    finished: u64,
}

impl FirstPass {
    /// Returns a pass that begins.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn begin(plan: &Plan, aside: &Aside) -> Result<Self> {
        let decides = plan.settings.duplicates.mode != DuplicateMode::Off;
        let lines = match decides {
            true => Some(Waiting::new(plan.inputs.clone(), aside.file(LINES)?)),
            false => None,
        };
        let prints = match decides || aside.named {
            true => Some(FingerprintWriter::new(aside.file(PRINTS)?, |_| Ok(()))?),
            false => None,
        };
        let reader = BlockReader::new(plan.inputs.clone(), plan.cut);
        Ok(Self::new(plan, aside, lines, prints, reader))
    }

    fn new(
        plan: &Plan,
        aside: &Aside,
        lines: Option<Waiting>,
        prints: Option<FingerprintWriter>,
        reader: BlockReader,
    ) -> Self {
        Self {
            tally: Tally::default(),
            chain: Chain::default(),
            firsts: Vec::new(),
            empty: Vec::new(),
            ranks: Vec::new(),
            brake: Brake::default(),
            clock: Clock::new(),
            records: 0,
            ranked: plan.settings.duplicates.keep != Keep::First && lines.is_some(),
            lines,
            prints,
            reader,
            at: Position::default(),
            sample: None,
            logged: aside.named,
            since: 0,
            finished: 0,
        }
    }

    /// Returns the pass as it was when `finished` was; the ledger lies in `dir`. Answers with
    /// nothing where something is not as it was left.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn resume(
        plan: &Plan,
        aside: &Aside,
        finished: &Finished,
        dir: &Path,
        counts: Option<&Counter>,
    ) -> Result<Option<Self>> {
        let last = &finished.last;
        let sample = last.sample.as_ref();
        let inputs = plan.inputs.clone();
        let Some(reader) = BlockReader::resume(inputs, plan.cut, &last.at, sample)? else {
            return Ok(None);
        };
        let lines = match &last.lines {
            None => None,
            Some(mark) => match aside.resume(LINES, mark)? {
                None => return Ok(None),
                Some(out) => {
                    let (inputs, blocks) = (plan.inputs.clone(), finished.blocks.clone());
                    Some(Waiting::resumed(inputs, out, blocks))
                }
            },
        };
        let Some(prints) = aside.resume(PRINTS, &last.prints)? else {
            return Ok(None);
        };
        let mut pass = Self::new(plan, aside, lines, None, reader);
        let mut shingles = Vec::new();
        let mut sites = SitesByDocument::default();
        let prints = FingerprintWriter::new(prints, |entry| {
            let label = &entry.label;
            sites.add(label.doc, pass.tally.sites.document(label.site));
            let rank = Rank::from_bytes(label.rank).ok_or_else(|| {
                Error::damaged(
                    PRINTS,
                    format!("record {} has a rank that does not read", label.doc.0 + 1),
                )
            })?;
            if let Some(counts) = counts {
                count_shingles(counts, entry, &mut shingles);
            }
            pass.record(label.site, label.id, label.empty, || rank)
        })?;
        pass.prints = Some(prints);
        let mut first = 0;
        for block in &finished.blocks {
            pass.firsts.push(first);
            first += block.records;
        }
        for book in Book::ALL {
            let rows = last.outputs.rows(book, dir, plan.compression)?;
            for (number, row) in (1u64..).zip(BufReader::new(rows).lines()) {
                let place = || format!("{}:{number}", dir.join(book.file()).display());
                let row = row.map_err(|bad| Error::io(dir.join(book.file()), bad))?;
                let site = &mut |doc| sites.of(doc);
                replay::count(book, &row, place, site, &mut pass.tally)?;
            }
        }
        pass.tally.accounting = last.accounting;
        pass.tally.text = last.text;
        pass.tally.documents = last.documents.clone();
        pass.chain = Chain(last.chain);
        pass.clock = Clock::new().going_on(last.times);
        pass.at = last.at;
        pass.finished = last.at.doc;
        pass.sample = last.sample;
        Ok(Some(pass))
    }

    /// Reads and cleans all input that is left.
    ///
    /// # Errors
    ///
    /// What the system says; that the run was asked to stop.
    pub fn run(
        &mut self,
        plan: &Plan,
        worker: &Worker<'_>,
        writers: &mut Writers,
        progress: &dyn Progress,
    ) -> Result<()> {
        let sizes: Option<u64> = plan.inputs.iter().map(|input| input.bytes).sum();
        let empty = BlockReader::new(Vec::new(), plan.cut);
        let mut reader = std::mem::replace(&mut self.reader, empty);
        progress.begin(Stage::Clean, sizes);
        // A run that goes on does not begin at nothing.
        let begun = reader.packed_bytes().load(Ordering::Relaxed);
        progress.advance(begun, self.tally.accounting.read);
        // While one record of any length is worked on, no other great one is.
        let most = batch_bytes();
        let most = most.max(usize::try_from(plan.memory / PART).unwrap_or(most));
        in_order_by_weight(
            progress,
            (Block::bytes, most),
            || reader.next_block(),
            |block| worker.work(block),
            |worked| {
                if let Some(most) = plan.settings.brake.rejects {
                    self.stop_at(most, &worked)?;
                }
                tell_rejects(&worked, progress);
                self.take(&worked, writers)?;
                if self.logged && self.since >= plan.segment_bytes {
                    self.finish_segment(writers)?;
                }
                let read = self.tally.accounting.read;
                progress.advance(worked.packed, read);
                Ok(())
            },
        )?;
        self.check_rejects(&plan.settings.brake)?;
        // What is decided and written from here on can be done again from a last segment, where
        // that is worth it.
        if self.logged && self.lines.is_some() && self.since >= plan.segment_bytes / 4 {
            self.finish_segment(writers)?;
        }
        progress.end();
        Ok(())
    }

    /// Takes note of one record.
    fn record(
        &mut self,
        site: &str,
        id: &str,
        empty: bool,
        rank: impl FnOnce() -> Rank,
    ) -> Result<()> {
        self.brake.read(site);
        if empty {
            match self.lines {
                Some(_) => self.empty.push(self.records),
                None => self.brake.drop(site, id, DropReason::Empty),
            }
        }
        if self.ranked {
            self.ranks.push(rank());
        }
        self.records = self.records.checked_add(1).ok_or_else(|| {
            Error::input(
                "the input",
                "holds more than 4,294,967,295 records; run it in parts",
            )
        })?;
        Ok(())
    }

    fn take(&mut self, worked: &Worked, writers: &mut Writers) -> Result<()> {
        let first = self.tally.accounting.read;
        self.tally.accounting.read += worked.proofs.len() as u64;
        count(worked, first, &mut self.tally);
        worked.proofs.iter().for_each(|proof| self.chain.add(proof));
        write_books(worked, writers)?;
        match &mut self.lines {
            Some(lines) => lines.append(worked)?,
            None => self.write(worked, writers)?,
        }
        if let Some(prints) = &mut self.prints {
            let lengths = worked.records.iter().map(|record| record.fingerprint);
            prints.append(&worked.fingerprints, lengths)?;
        }
        self.firsts.push(self.records);
        for record in &worked.records {
            self.record(&record.site, &record.id, record.empty, || {
                record.rank.clone()
            })?;
        }
        self.at = worked.end;
        self.sample = worked.sample.or(self.sample);
        self.since += worked.input_bytes;
        Ok(())
    }

    /// Stops at the record that is one reject too many. Records are counted one by one, so it
    /// does not depend on how the input is cut.
    fn stop_at(&self, most: MostRejects, worked: &Worked) -> Result<()> {
        let before = &self.tally.accounting;
        for (number, reject) in (1..).zip(&worked.counts.rejects) {
            let rejected = before.rejected + number;
            let read = before.read + reject.number as u64 + 1;
            if most.is_exceeded(rejected, read, false) {
                let place = format!("{}:{}: {}", worked.source, reject.line, reject.reason);
                return Err(too_many(&place, most, rejected, read));
            }
        }
        Ok(())
    }

    /// Complains, when all is read, where too few records could be read to be meant.
    fn check_rejects(&self, limits: &BrakeSettings) -> Result<()> {
        let Accounting { read, rejected, .. } = self.tally.accounting;
        let place = "the input";
        if let Some(most) = limits.rejects
            && most.is_exceeded(rejected, read, true)
        {
            return Err(too_many(place, most, rejected, read));
        }
        let Some(first) = &self.tally.first_reject else {
            return Ok(());
        };
        let (place, reason) = (format!("{}:{}", first.file, first.line), &first.reason);
        if rejected == read {
            let sorts: Vec<&str> = self.tally.rejects.keys().map(String::as_str).collect();
            let text = match sorts.as_slice() {
                [NO_JSON] => "; text that is no JSON is read with --format text",
                _ => "",
            };
            return Err(Error::input(
                place,
                format!(
                    "{reason}; every record was rejected ({}), and this was the first{text}. Nothing was written",
                    sorts.join(", ")
                ),
            ));
        }
        if limits.rejects.is_none() && limits.most_are_rejected(rejected, read) {
            return Err(Error::brake(format!(
                "the brake stopped the run: {rejected} of {read} records were rejected, which is more than half, the first at {place}: {reason}. No output was written. --max-rejects 100% (or --no-brake) lets the run through"
            )));
        }
        Ok(())
    }

    /// Writes the records of a block, where nothing is to be decided.
    fn write(&mut self, worked: &Worked, writers: &mut Writers) -> Result<()> {
        let accounting = &mut self.tally.accounting;
        if worked.records.iter().all(|record| !record.empty) {
            accounting.written += worked.records.len() as u64;
            writers.cleaned(&worked.lines)?;
            return writers.flush();
        }
        let mut kept = Vec::with_capacity(worked.lines.len());
        let mut dropped = Vec::new();
        let mut start = 0;
        for record in &worked.records {
            let line = &worked.lines[start..record.end];
            start = record.end;
            if record.empty {
                accounting.dropped += 1;
                let reason = DropReason::Empty;
                drop_row(record.doc, &record.id, reason, line, &mut dropped);
            } else {
                accounting.written += 1;
                kept.extend_from_slice(line);
            }
        }
        writers.cleaned(&kept)?;
        writers.rows(Book::Dropped, &dropped)?;
        writers.flush()
    }

    /// Makes what was done so far last: a run that is killed goes on from here.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish_segment(&mut self, writers: &mut Writers) -> Result<()> {
        let Some(prints) = self
            .prints
            .as_mut()
            .filter(|_| self.logged && self.at.doc > 0)
        else {
            return Ok(());
        };
        let mut laid_aside = vec![prints.unsynced()?];
        if let Some(lines) = &mut self.lines {
            laid_aside.push(lines.unsynced()?);
        }
        // Together first, so that each by itself has little left to wait for.
        writers.sync(laid_aside)?;
        let lines = self.lines.as_mut().map(Waiting::mark).transpose()?;
        let (lines, blocks) = lines.unzip();
        let segment = Segment {
            at: self.at,
            sample: self.sample,
            blocks: blocks.unwrap_or_default(),
            lines,
            prints: prints.mark()?,
            outputs: writers.mark()?,
            text: self.tally.text,
            documents: self.tally.documents.clone(),
            accounting: self.tally.accounting,
            chain: self.chain.0,
            times: self.clock.times(),
        };
        self.since = 0;
        self.finished = self.at.doc;
        tracing::debug!(records = self.finished, "made to last");
        resume::finish(segment, writers)
    }

    /// Returns the ordinal of the record that a run would go on from.
    pub const fn finished(&self) -> u64 {
        self.finished
    }

    /// Returns whether every record is to have a label, from which to go on.
    pub const fn wants_labels(&self) -> bool {
        self.prints.is_some()
    }

    /// Ends the pass and gives what was laid aside, if something was for a decision.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn laid_aside(&mut self) -> Result<Option<(WaitingLines, Fingerprints)>> {
        match (self.lines.take(), self.prints.take()) {
            (Some(lines), Some(prints)) => Ok(Some((lines.finish()?, prints.finish()?))),
            _ => Ok(None),
        }
    }
}

/// The numbers of sites by document, while rows are counted that do not name them.
#[derive(Default)]
struct SitesByDocument {
    /// Documents in order, each with its site's number.
    documents: Vec<(u64, Option<u32>)>,
}

impl SitesByDocument {
    fn add(&mut self, doc: DocId, site: Option<u32>) {
        if site.is_some() {
            self.documents.push((doc.0, site));
        }
    }

    fn of(&self, doc: DocId) -> Option<u32> {
        let place = self.documents.binary_search_by_key(&doc.0, |(doc, _)| *doc);
        self.documents.get(place.ok()?)?.1
    }
}

/// Tells the listener of every record of a block that was rejected.
fn tell_rejects(worked: &Worked, progress: &dyn Progress) {
    for reject in &worked.counts.rejects {
        let doc = worked.end.doc - worked.proofs.len() as u64 + reject.number as u64;
        progress.rejected(&Rejected {
            doc: DocId(doc),
            source: &worked.source,
            line: reject.line,
            reason: &reject.reason,
        });
    }
}

fn too_many(place: &str, most: MostRejects, rejected: u64, read: u64) -> Error {
    Error::brake(format!(
        "{place}: {rejected} of {} rejected; --max-rejects allows {most}. No output was written",
        counted(read, "record was", "records were")
    ))
}

/// Counts a block of which the first record is the ordinal `first`.
fn count(worked: &Worked, first: u64, tally: &mut Tally) {
    let counts = &worked.counts;
    tally.text.bytes_before += counts.bytes_before;
    tally.text.bytes_after += counts.bytes_after;
    tally.text.records_changed += counts.changed;
    tally.text.records_cut += counts.cut;
    tally.documents.add(&counts.documents);
    let mut cuts = counts.cuts.iter().peekable();
    for (number, record) in worked.records.iter().enumerate() {
        let whose = Whose {
            doc: record.doc,
            id: &record.id,
            site: tally.sites.document(&record.site),
        };
        while let Some((_, gone)) = cuts.next_if(|(record, _)| *record == number) {
            tally.removal(whose, &gone);
        }
    }
    for (mend, count) in &counts.mends {
        tally.mend(mend, *count);
    }
    for reject in &counts.rejects {
        let doc = DocId(first + reject.number as u64);
        tally.reject(doc, &worked.source, reject.line, &reject.reason);
    }
    for spared in &counts.spared {
        tally.spare(spared.doc, &spared.id, spared.share, &spared.rule);
    }
}

fn write_books(worked: &Worked, writers: &mut Writers) -> Result<()> {
    worked
        .removed
        .each(|rows| writers.rows(Book::Removed, rows))?;
    worked
        .normalised
        .each(|rows| writers.rows(Book::Normalised, rows))?;
    writers.rows(Book::Rejected, &worked.rejected)?;
    writers.rows(Book::Spared, &worked.spared)
}
