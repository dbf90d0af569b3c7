//! Each threshold on the cleaned texts.

use super::super::examples::beginnings;
use super::super::reading_back::{Books, Lines, Rows, cleaned_files, name_of, scratch};
use super::super::undo::Ledger;
use super::levels::{Counts, Trial};
use super::{AtThreshold, Margin, Tuning, pieces};
use crate::document::{DocId, Document};
use crate::duplicates::{FingerprintReader, Threshold};
use crate::error::{Error, Result};
use crate::formats::{Fields, Record, plain};
use crate::pipeline::decide::clusters::{Names, in_batch, least_alike};
use crate::pipeline::decide::rank::{self, Rank};
use crate::pipeline::decide::{Decision, Survivor, counts_of, decide};
use crate::pipeline::in_order::in_order;
use crate::pipeline::index::Place;
use crate::pipeline::progress::{Progress, Stage};
use crate::report::{WordLimits, word_diff};
use crate::store::Manifest;
use crate::store::fingerprints::{FingerprintWriter, Fingerprints, Label, write_entry};
use crate::store::ledger::{Book, DuplicateKind, DuplicateRow, RejectedRow, six_digits};
use std::collections::BTreeSet;

/// Records that a thread takes at a time, and about how many bytes of them.
const CHUNK: usize = 64;
const CHUNK_BYTES: usize = 1 << 19;

/// Pairs that are shown on either side of the threshold.
const SHOWN: usize = 3;

/// The documents of a run, read again. They are numbered from 0 in the order of reading, rejected
/// ones left out.
pub struct Read {
    prints: Fingerprints,
    ranks: Vec<Rank>,
    empty: Vec<bool>,
    bytes: u64,
    /// What the run has dropped for documents of earlier batches, ascending.
    repeated: Vec<Decision>,
}

impl Read {
    /// Returns how many repeat a document of an earlier batch.
    pub fn repeated(&self) -> u64 {
        self.repeated.len() as u64
    }

    /// Returns how many there are.
    pub fn documents(&self) -> u64 {
        self.prints.len() as u64
    }
}

/// One record as the folder has it.
pub struct Item {
    pub doc: DocId,
    pub line: String,
    pub ledger: Ledger,
}

/// What some records have become.
#[derive(Default)]
struct Chunk {
    entries: Vec<u8>,
    lengths: Vec<usize>,
    docs: Vec<DocId>,
    ranks: Vec<Rank>,
    empty: Vec<bool>,
    bytes: u64,
    last: DocId,
    counts: Counts,
}

/// Reads all documents of a run, and tries the levels on those that `trial` takes.
///
/// # Errors
///
/// Files that do not fit each other, a disk that refuses, that it was asked to stop.
pub fn read(
    tuning: &Tuning,
    manifest: &Manifest,
    trial: &Trial,
    progress: &dyn Progress,
) -> Result<(Read, Counts)> {
    let settings = &manifest.settings;
    let keep = &settings.duplicates.keep;
    let fields = Fields::new(&settings.input, rank::field(keep, &settings.input));
    let mut books = Books::open(&tuning.folder, tuning.cleaned.as_deref(), manifest)?;
    let thresholds = tuning.thresholds.iter().copied();
    // More shingles lead the order at a lower threshold; all of them do for a higher one.
    let least = thresholds.fold(settings.duplicates.threshold, f64::min);
    let out = scratch(tuning.temp_dir.as_deref(), &tuning.folder, "fingerprints")?;
    let mut prints = FingerprintWriter::new(out, |_| Ok(()))?;
    let (mut ranks, mut empty, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut docs_read = Vec::new();
    let mut counts = Counts::default();
    let work = Work {
        fields: &fields,
        least: Threshold::new(least),
        manifest,
        trial,
    };
    let mut docs = (0..manifest.records).map(DocId);
    progress.begin(Stage::Restore, Some(manifest.records));
    in_order(
        progress,
        || next(&mut books, &mut docs),
        |items| work.all(&items),
        |chunk| {
            prints.append(&chunk.entries, chunk.lengths)?;
            ranks.extend(chunk.ranks);
            empty.extend(chunk.empty);
            if manifest.index.is_some() {
                docs_read.extend(chunk.docs);
            }
            bytes += chunk.bytes;
            counts.add(chunk.counts);
            progress.advance(chunk.last.0, chunk.last.0);
            Ok(())
        },
    )?;
    books.finish()?;
    progress.end();
    let read = Read {
        prints: prints.finish()?,
        ranks,
        empty,
        bytes,
        repeated: repeated(tuning, manifest, &docs_read)?,
    };
    Ok((read, counts))
}

/// Returns what the run has dropped for documents of earlier batches. What other thresholds would
/// have found in the index is not asked again.
fn repeated(tuning: &Tuning, manifest: &Manifest, docs: &[DocId]) -> Result<Vec<Decision>> {
    let mut out = Vec::new();
    let Some(name) = name_of(Book::Duplicates, manifest).filter(|_| manifest.index.is_some())
    else {
        return Ok(out);
    };
    let mut rows = Lines::open(vec![tuning.folder.join(name)], Rows::Keyed)?;
    while let Some(row) = rows.current::<DuplicateRow<'_>>()? {
        if row.survivor_batch.is_some()
            && let Ok(record) = docs.binary_search(&row.doc)
        {
            out.push(Decision {
                record: record as u32,
                survivor: Survivor::Earlier(Place::default()),
                similarity: row.similarity,
                kind: row.kind,
            });
        }
        rows.step()?;
    }
    out.dedup_by_key(|one| one.record);
    Ok(out)
}

/// Returns the next records that were read, or none at the end.
///
/// # Errors
///
/// Files that do not fit each other, a disk that refuses.
pub fn next(
    books: &mut Books,
    docs: &mut impl Iterator<Item = DocId>,
) -> Result<Option<Vec<Item>>> {
    let mut items = Vec::new();
    let mut bytes = 0;
    while items.len() < CHUNK
        && bytes < CHUNK_BYTES
        && let Some(doc) = docs.next()
    {
        if books.rejected.of::<RejectedRow<'_>>(doc)?.is_some() {
            books.rejected.step()?;
            continue;
        }
        let (line, _) = books.line(doc)?;
        bytes += line.len();
        let ledger = books.ledger(doc)?;
        items.push(Item { doc, line, ledger });
    }
    Ok((!items.is_empty()).then_some(items))
}

/// What is done to each record.
struct Work<'a> {
    fields: &'a Fields,
    least: Threshold,
    manifest: &'a Manifest,
    trial: &'a Trial,
}

impl Work<'_> {
    fn all(&self, items: &[Item]) -> Result<Chunk> {
        let mut printer = FingerprintReader::new(self.least);
        let mut out = Chunk::default();
        for item in items {
            self.one(item, &mut printer, &mut out)?;
        }
        Ok(out)
    }

    fn one(&self, item: &Item, printer: &mut FingerprintReader, out: &mut Chunk) -> Result<()> {
        let Item { doc, line, ledger } = item;
        let bad = |what: &str| Error::damaged(format!("record {}", doc.0 + 1), what);
        let record = Record::parse(line.as_bytes(), self.fields).map_err(|found| bad(&found))?;
        let id = record.id.clone().unwrap_or_else(|| doc.called().into());
        let print = printer.read(&record.text);
        let empty = record.text.trim().is_empty();
        let label = Label {
            doc: *doc,
            digest: print.digest,
            empty,
            id: &id,
            ..Label::default()
        };
        let before = out.entries.len();
        write_entry(&label, print.parts(), &mut out.entries);
        out.lengths.push(out.entries.len() - before);
        let keep = &self.manifest.settings.duplicates.keep;
        out.ranks.push(rank::rank(keep, &record.text, record.rank));
        out.empty.push(empty);
        out.docs.push(*doc);
        out.bytes += record.text.len() as u64;
        out.last = *doc;
        if self.trial.takes(*doc) {
            let original = ledger
                .original(*doc, &record.text)
                .map_err(|found| bad(&found))?;
            // Of a file, the first line as it was is its headline.
            let title = match ledger.envelope {
                Some(_) => Some(plain::headline(&original)),
                None => record.title.as_deref(),
            };
            let document = Document {
                text: &original,
                title,
                url: record.url.as_deref(),
                site: record.site.as_deref(),
            };
            self.trial.one(*doc, &id, &document, &mut out.counts);
        }
        Ok(())
    }
}

/// What the thresholds would have done.
pub struct Found {
    pub thresholds: Vec<AtThreshold>,
    pub above: Vec<Margin>,
    pub below: Vec<Margin>,
}

/// Makes the decision for each threshold.
///
/// # Errors
///
/// Fingerprints or files that cannot be read back; that it was asked to stop.
pub fn decide_each(
    tuning: &Tuning,
    manifest: &Manifest,
    read: &Read,
    progress: &dyn Progress,
) -> Result<Found> {
    let counts = counts_of(&read.prints, read.bytes, tuning.memory)?;
    let at = |threshold: f64| -> Result<Vec<Decision>> {
        let mut settings = manifest.settings.duplicates.clone();
        settings.threshold = threshold;
        let (prints, memory) = (&read.prints, tuning.memory);
        decide(
            prints,
            &counts,
            &read.ranks,
            memory,
            &settings,
            read.repeated.clone(),
            progress,
        )
    };
    let present = manifest.settings.duplicates.threshold;
    let now = at(present)?;
    let mut all: Vec<f64> = tuning.thresholds.clone();
    all.push(present);
    all.sort_by(f64::total_cmp);
    all.dedup();
    let lower = all.iter().copied().rfind(|one| *one < present);
    let mut found = Found {
        thresholds: Vec::new(),
        above: Vec::new(),
        below: Vec::new(),
    };
    let mut margins: [Vec<Decision>; 2] = [Vec::new(), Vec::new()];
    let near = |one: &&Decision| one.kind == DuplicateKind::Near && in_batch(one).is_some();
    let gone: BTreeSet<u32> = now.iter().map(|one| one.record).collect();
    // What goes already, for a longer one or an earlier batch, is on neither side of the threshold.
    let stay = |one: &&Decision| {
        let survivor = in_batch(one);
        !gone.contains(&one.record) && survivor.is_some_and(|other| !gone.contains(&other))
    };
    margins[0] = least_alike(now.iter().filter(near), SHOWN)
        .into_iter()
        .copied()
        .collect();
    for threshold in all {
        let other = if threshold == present {
            None
        } else {
            Some(at(threshold)?)
        };
        let other = other.as_ref().unwrap_or(&now);
        found
            .thresholds
            .push(compared(threshold, other, &now, &read.empty));
        if Some(threshold) == lower {
            let below = other.iter().filter(near).filter(stay);
            margins[1] = most_alike(below.filter(|one| one.similarity < present));
        }
    }
    let texts = Texts::of(tuning, manifest, read, margins.iter().flatten())?;
    found.above = texts.margins(&margins[0])?;
    found.below = texts.margins(&margins[1])?;
    Ok(found)
}

/// Counts what differs from the run's decision. A document of which nothing is left is dropped for
/// that, and no duplicate.
fn compared(threshold: f64, other: &[Decision], now: &[Decision], empty: &[bool]) -> AtThreshold {
    let is_told = |one: &&Decision| !empty.get(one.record as usize).is_some_and(|empty| *empty);
    let dropped = |all: &[Decision]| -> BTreeSet<u32> {
        all.iter().filter(is_told).map(|one| one.record).collect()
    };
    let (other, now) = (dropped(other), dropped(now));
    AtThreshold {
        threshold,
        duplicates: other.len() as u64,
        newly_dropped: other.difference(&now).count() as u64,
        newly_kept: now.difference(&other).count() as u64,
    }
}

/// Returns the most similar, the first of equal ones.
fn most_alike<'a>(all: impl Iterator<Item = &'a Decision>) -> Vec<Decision> {
    let mut most: Vec<Decision> = Vec::with_capacity(SHOWN + 1);
    for one in all {
        let place = most.partition_point(|other| other.similarity >= one.similarity);
        if place < SHOWN {
            most.insert(place, *one);
            most.truncate(SHOWN);
        }
    }
    most
}

/// The texts of a few documents, and their names.
struct Texts<'a> {
    read: &'a Read,
    texts: std::collections::BTreeMap<DocId, (String, bool)>,
}

impl<'a> Texts<'a> {
    fn of<'d>(
        tuning: &Tuning,
        manifest: &Manifest,
        read: &'a Read,
        decisions: impl Iterator<Item = &'d Decision>,
    ) -> Result<Self> {
        let mut names = Names::new(&read.prints);
        let mut wanted = BTreeSet::new();
        for one in decisions {
            wanted.insert(names.of(one.record)?.0);
            if let Some(survivor) = in_batch(one) {
                wanted.insert(names.of(survivor)?.0);
            }
        }
        let mut cleaned = tuning.cleaned.clone();
        if cleaned.is_none() && manifest.cleaned.is_some() {
            let files = cleaned_files(&tuning.folder, None, manifest)?;
            cleaned = files.into_iter().next();
        }
        let texts = beginnings(&tuning.folder, cleaned.as_deref(), manifest, &wanted)?;
        Ok(Self { read, texts })
    }

    fn margins(&self, decisions: &[Decision]) -> Result<Vec<Margin>> {
        let mut names = Names::new(&self.read.prints);
        let mut out = Vec::new();
        for one in decisions {
            let (doc, id) = names.of(one.record)?;
            let Some(survivor) = in_batch(one) else {
                continue;
            };
            let (survivor_doc, survivor) = names.of(survivor)?;
            let texts = self.texts.get(&survivor_doc).zip(self.texts.get(&doc));
            out.push(Margin {
                similarity: six_digits(one.similarity),
                doc: doc.0,
                id,
                survivor_doc: survivor_doc.0,
                survivor,
                differences: texts
                    .map(|(one, two)| pieces(word_diff(&one.0, &two.0, &WordLimits::BRIEF))),
            });
        }
        Ok(out)
    }
}
