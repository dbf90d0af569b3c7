//! What is done to one block of records, on any thread.
//!
//! A block becomes [`Worked`]: lines for the cleaned output, rows for the
//! ledger, fingerprints for the fourth desk, and what there is to count. It
//! depends on the block and the settings alone.

use super::cuts::Cuts;
use super::made_lines::MadeLines;
use crate::boilerplate::site::{SiteModel, site_of};
use crate::document::{DocId, Document};
use crate::duplicates::{Counter, Fingerprint, FingerprintReader, Thresholds};
use crate::error::Result;
use crate::formats::blocks::{Rejected, read_record, records};
use crate::formats::plain::{self, Envelope, Plain};
use crate::formats::{Block, Fields, Payload, Position, Record, Sample};
use crate::pipeline::clean::cleaner::{Cleaned, Cleaner};
use crate::pipeline::decide::rank::{self, Rank};
use crate::pipeline::proof::{self, Proof};
use crate::report::{DocumentTally, SparedSeen, chars_gone};
use crate::settings::Settings;
use crate::store::Rows;
use crate::store::fingerprints::{Label, write_entry};
use crate::store::ledger::{
    Each, FileRow, NormalisedEdit, NormalisedRow, RejectedRow, RemovedRow, SparedRow, six_digits,
    write_row,
};
use crate::text::language;
use crate::text::script::script;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Works on blocks; shared by all threads.
pub struct Worker<'c> {
    cleaner: Cleaner,
    counts: Option<&'c Counter>,
    fields: Fields,
    settings: Settings,
    max_record: usize,
    ledger: bool,
    labels: bool,
    /// Where a block's rows are laid aside that are too much for memory.
    aside: Arc<PathBuf>,
}

/// A record that was read, cleaned and written into [`Worked::lines`].
pub struct WorkedRecord {
    /// Its ordinal.
    pub doc: DocId,
    /// Its id, or `#` and its number from 1.
    pub id: String,
    /// Its site, or nothing.
    pub site: String,
    /// Where its line ends in [`Worked::lines`], line feed included.
    pub end: usize,
    /// Whether nothing of its text is left.
    pub empty: bool,
    /// What ranks it among its duplicates.
    pub rank: Rank,
    /// The length of its entry in [`Worked::fingerprints`].
    pub fingerprint: usize,
}

/// What is counted of a block.
#[derive(Default)]
pub struct Counts {
    /// Bytes of text read.
    pub bytes_before: u64,
    /// Bytes of text after cleaning.
    pub bytes_after: u64,
    /// Records whose text was changed.
    pub changed: u64,
    /// Records that a desk took something out of.
    pub cut: u64,
    /// What was taken out.
    pub cuts: Cuts,
    /// How many edits there are of each mend.
    pub mends: BTreeMap<&'static str, u64>,
    /// Records that were rejected.
    pub rejects: Vec<Reject>,
    /// Documents that were left alone.
    pub spared: Vec<SparedSeen>,
    /// What the documents are like.
    pub documents: DocumentTally,
}

/// A record that was rejected.
pub struct Reject {
    /// Its number in the block, from 0.
    pub number: usize,
    /// The line it stands in, from 1.
    pub line: u64,
    /// What was found, what was expected.
    pub reason: String,
}

/// What a block has become.
pub struct Worked {
    /// The records that could be read.
    pub records: Vec<WorkedRecord>,
    /// Their cleaned lines, one after the other.
    pub lines: Vec<u8>,
    /// Whether they are what the block began with.
    pub as_read: bool,
    /// Rows of `removed.jsonl`.
    pub removed: Rows,
    /// Rows of `normalised.jsonl`.
    pub normalised: Rows,
    /// Rows of `rejected.jsonl`.
    pub rejected: Vec<u8>,
    /// Rows of `spared.jsonl`.
    pub spared: Vec<u8>,
    /// Fingerprints, if duplicates are looked for.
    pub fingerprints: Vec<u8>,
    /// The digests of all its records, read or rejected, in order.
    pub proofs: Vec<Proof>,
    /// What is counted.
    pub counts: Counts,
    /// Where the next block begins.
    pub end: Position,
    /// The input's name.
    pub source: Arc<str>,
    /// A sample of the input.
    pub sample: Option<Sample>,
    /// The bytes of the block.
    pub input_bytes: u64,
    /// How many packed bytes of all inputs had been read when the block was cut.
    pub packed: u64,
}

/// What serves for one record after another of a block.
struct Tools<'b> {
    reader: FingerprintReader,
    print: Fingerprint,
    lines: MadeLines<'b>,
}

/// Where a record came from, and what the ledger says of it.
struct Origin<'a> {
    doc: DocId,
    id: Cow<'a, str>,
    site: String,
    surrogates: Vec<(usize, u16)>,
    envelope: Option<Envelope>,
}

impl<'c> Worker<'c> {
    /// Returns a worker by `settings`; `ledger` tells whether rows are wanted. What is too much for
    /// memory is laid aside in `aside`.
    pub fn new(settings: &Settings, max_record: usize, ledger: bool, aside: &Path) -> Self {
        let rank = rank::field(&settings.duplicates.keep, &settings.input);
        Self {
            cleaner: Cleaner::new(settings),
            counts: None,
            fields: Fields::new(&settings.input, rank),
            settings: settings.clone(),
            max_record,
            ledger,
            labels: false,
            aside: Arc::new(aside.to_path_buf()),
        }
    }

    /// Lets the cleaner know what recurs on each site.
    pub fn knowing(mut self, sites: Option<Arc<SiteModel>>) -> Self {
        if let Some(sites) = sites {
            self.cleaner = self.cleaner.with_site_model(sites);
        }
        self
    }

    /// Lets every shingle be counted in `counts`.
    pub fn counting(mut self, counts: &'c Counter) -> Self {
        self.counts = Some(counts);
        self
    }

    /// Lets every record have a label, even if no shingle is counted.
    pub fn labelling(mut self, labels: bool) -> Self {
        self.labels = labels;
        self
    }

    /// Works on one block.
    ///
    /// # Errors
    ///
    /// What the system says of what had to be laid aside.
    pub fn work(&self, mut block: Block) -> Result<Worked> {
        let sample = block.sample();
        let mut out = Worked {
            end: block.end,
            source: Arc::clone(&block.source),
            sample,
            input_bytes: sample.map_or(0, |sample| sample.bytes),
            packed: block.packed,
            records: Vec::new(),
            lines: Vec::new(),
            as_read: false,
            removed: Rows::new(Arc::clone(&self.aside)),
            normalised: Rows::new(Arc::clone(&self.aside)),
            rejected: Vec::new(),
            spared: Vec::new(),
            fingerprints: Vec::new(),
            proofs: Vec::new(),
            counts: Counts::default(),
        };
        let made = self.work_on(&block, &mut out);
        out.as_read = made.is_err();
        out.lines = made.unwrap_or_else(|same| match &mut block.payload {
            Payload::Lines(data) => {
                data.truncate(same);
                std::mem::take(data)
            }
            _ => Vec::new(),
        });
        out.removed.check()?;
        out.normalised.check()?;
        Ok(out)
    }

    /// Does everything but to hand over the lines: they are these, or so many bytes of the block.
    fn work_on(&self, block: &Block, out: &mut Worked) -> std::result::Result<Vec<u8>, usize> {
        let read = match &block.payload {
            Payload::Lines(data) => data.as_slice(),
            _ => &[],
        };
        let threshold = Thresholds::of(&self.settings.duplicates).near;
        let mut tools = Tools {
            reader: FingerprintReader::new(threshold),
            print: Fingerprint::default(),
            lines: MadeLines::of(read),
        };
        let place = |doc, line| Place {
            doc,
            file: &block.source,
            line,
        };
        match &block.payload {
            Payload::Lines(data) => {
                if self.counts.is_some() {
                    out.fingerprints.reserve(data.len() * 5 / 4);
                }
                let mut doc = block.first_doc;
                for (line, raw) in records(block.first_line, data) {
                    match read_record(raw, &self.fields, self.max_record) {
                        Ok(record) => self.record(doc, record, &mut tools, out),
                        Err(bad) => reject(&place(doc, line), bad, out),
                    }
                    doc.0 += 1;
                }
            }
            Payload::Text(bytes) => self.file(block, bytes, &mut tools, out),
            Payload::Refused {
                reason,
                raw,
                cut,
                limit,
            } => {
                let here = place(block.first_doc, block.first_line);
                let bad = Rejected {
                    reason: reason.clone(),
                    raw,
                    limit: *limit,
                };
                reject_part(&here, bad, *cut, out);
            }
        }
        tools.lines.finish()
    }

    fn record(&self, doc: DocId, mut record: Record<'_>, tools: &mut Tools<'_>, out: &mut Worked) {
        let document = Document {
            text: &record.text,
            title: record.title.as_deref(),
            url: record.url.as_deref(),
            site: record.site.as_deref(),
        };
        out.counts.documents.fields.record(record.has());
        let origin = Origin {
            doc,
            site: site_of(&document).unwrap_or_default(),
            id: record.id.take().unwrap_or_else(|| Cow::Owned(doc.called())),
            surrogates: std::mem::take(&mut record.surrogates),
            envelope: None,
        };
        out.proofs.push(proof::of_record(
            record.around(),
            &record.text,
            &origin.surrogates,
        ));
        let cleaned = self.cleaner.clean(&document);
        let changed = cleaned.is_changed() || !origin.surrogates.is_empty();
        if changed {
            record.write(Some(&cleaned.text), tools.lines.own());
        } else {
            tools.lines.keep(record.line().as_bytes());
        }
        self.finish(origin, &cleaned, record.rank, tools, out);
    }

    fn file(&self, block: &Block, bytes: &[u8], tools: &mut Tools<'_>, out: &mut Worked) {
        out.proofs.push(proof::of_file(&block.source, bytes));
        let plain = Plain::decode(bytes);
        let title = plain::headline(&plain.text);
        let cleaned = self.cleaner.clean(&Document {
            text: &plain.text,
            title: Some(title),
            ..Document::default()
        });
        let headline = plain::headline(&cleaned.text);
        plain::write_record(&block.source, headline, &cleaned.text, tools.lines.own());
        let origin = Origin {
            doc: block.first_doc,
            id: Cow::Borrowed(&*block.source),
            site: String::new(),
            surrogates: Vec::new(),
            envelope: Some(plain.envelope),
        };
        self.finish(origin, &cleaned, None, tools, out);
    }

    /// Writes everything about a record but its line, which stands already.
    fn finish(
        &self,
        origin: Origin<'_>,
        cleaned: &Cleaned<'_>,
        rank_value: Option<&str>,
        tools: &mut Tools<'_>,
        out: &mut Worked,
    ) {
        tools.lines.end();
        self.books(&origin, cleaned, out);
        let counts = &mut out.counts;
        counts.bytes_before += cleaned.original.len() as u64;
        counts.bytes_after += cleaned.text.len() as u64;
        counts.changed += u64::from(cleaned.is_changed() || !origin.surrogates.is_empty());
        describe(&origin, cleaned, &mut counts.documents);
        let empty = cleaned.is_empty();
        let mut fingerprint = 0;
        let mut rank = Rank::Missing;
        if let Some(counts) = self.counts {
            let Tools { reader, print, .. } = tools;
            reader.read_into(&cleaned.text, print);
            let before = out.fingerprints.len();
            counts.add(print.counted());
            rank = rank::rank(&self.settings.duplicates.keep, &cleaned.text, rank_value);
            let label = Label {
                doc: origin.doc,
                digest: print.digest,
                empty,
                id: &origin.id,
                site: &origin.site,
                rank: &rank.to_bytes(),
            };
            write_entry(&label, print.parts(), &mut out.fingerprints);
            fingerprint = out.fingerprints.len() - before;
        } else if self.labels {
            let before = out.fingerprints.len();
            let label = Label {
                doc: origin.doc,
                empty,
                id: &origin.id,
                site: &origin.site,
                ..Label::default()
            };
            write_entry(&label, [&[], &[]], &mut out.fingerprints);
            fingerprint = out.fingerprints.len() - before;
        }
        out.records.push(WorkedRecord {
            doc: origin.doc,
            id: origin.id.into_owned(),
            site: origin.site,
            end: tools.lines.len(),
            empty,
            rank,
            fingerprint,
        });
    }

    fn books(&self, origin: &Origin<'_>, cleaned: &Cleaned<'_>, out: &mut Worked) {
        let mut cut = false;
        for (edit, why) in cleaned.cuts() {
            cut = true;
            let text = cleaned.original_of(edit.span);
            if self.ledger {
                let row = RemovedRow {
                    doc: origin.doc,
                    id: Cow::Borrowed(&origin.id),
                    rule: Cow::Borrowed(&why.rule),
                    kind: why.kind,
                    span: edit.span,
                    text: Cow::Borrowed(text),
                    evidence: Cow::Borrowed(&why.evidence),
                    score: why.score,
                    replacement: Cow::Borrowed(edit.replacement),
                };
                write_row(&row, &mut out.removed);
            }
            out.counts.cuts.add(out.records.len(), &edit, why, text);
        }
        out.counts.cut += u64::from(cut);
        if let Some(spared) = &cleaned.spared {
            let row = SparedRow {
                doc: origin.doc,
                id: Cow::Borrowed(&origin.id),
                share: six_digits(spared.share),
                rule: Cow::Borrowed(&spared.rule),
            };
            write_row(&row, &mut out.spared);
            out.counts.spared.push(SparedSeen {
                doc: origin.doc,
                id: origin.id.to_string(),
                share: row.share,
                rule: spared.rule.to_string(),
            });
        }
        let mut mended = false;
        for (_, mend) in cleaned.mended() {
            mended = true;
            *out.counts.mends.entry(mend).or_default() += 1;
        }
        let told = mended || !origin.surrogates.is_empty() || origin.envelope.is_some();
        if self.ledger && told {
            let row = NormalisedRow {
                doc: origin.doc,
                id: Cow::Borrowed(&origin.id),
                edits: Each(|| {
                    cleaned.mended().map(|(edit, mend)| NormalisedEdit {
                        span: edit.span,
                        text: Cow::Borrowed(cleaned.original_of(edit.span)),
                        replacement: Cow::Borrowed(edit.replacement),
                        mend: Cow::Borrowed(mend),
                    })
                }),
                surrogates: origin.surrogates.clone(),
                file: origin.envelope.as_ref().map(|envelope| FileRow {
                    charset: envelope.charset.clone(),
                    bom: envelope.bom,
                    raw_base64: envelope.raw.clone(),
                }),
            };
            write_row(&row, &mut out.normalised);
        }
    }
}

/// Counts what a document is like, and where it was cut.
fn describe(origin: &Origin<'_>, cleaned: &Cleaned<'_>, documents: &mut DocumentTally) {
    let whole = cleaned.original.len();
    let before = cleaned.original.chars().count() as u64;
    let mut after = before;
    if cleaned.is_changed() {
        after = cleaned.text.chars().count() as u64;
        for (edit, why) in cleaned.cuts() {
            let chars = chars_gone(edit.replacement, cleaned.original_of(edit.span));
            let middle = edit.span.start.midpoint(edit.span.end);
            documents.removal(why.kind, chars, middle, whole);
        }
        documents.cut(origin.doc, &origin.id, before, after);
    }
    let language = language::sampled(origin.doc.0, &cleaned.text);
    documents.document(before, after, script(&cleaned.text), language);
}

/// Where a rejected record stands.
struct Place<'a> {
    doc: DocId,
    file: &'a str,
    line: u64,
}

/// Notes a record that was rejected, which is whole unless it is too long.
fn reject(place: &Place<'_>, bad: Rejected<'_>, out: &mut Worked) {
    let cut = bad.limit.is_some();
    reject_part(place, bad, cut, out);
}

/// Notes a rejected record; `cut` tells whether its bytes are only the beginning.
fn reject_part(place: &Place<'_>, bad: Rejected<'_>, cut: bool, out: &mut Worked) {
    let Rejected { reason, raw, limit } = bad;
    let mut row = RejectedRow::new(place.doc, place.file, place.line, &reason, raw, cut);
    row.max_record = limit.map(|limit| limit as u64);
    write_row(&row, &mut out.rejected);
    out.counts.rejects.push(Reject {
        number: out.proofs.len(),
        line: place.line,
        reason,
    });
    out.proofs.push(proof::of_rejected(raw));
}
