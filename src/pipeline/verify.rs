//! An output folder against its manifest and the laws.
//!
//! 1. Files: every one that the manifest names is there with its digest, lines and bytes, and no
//!    other is. The books read row by row, in order, and the report counts what they hold.
//! 2. Law 1: records are merged with the ledger as `restore` does it; the chain of their digests
//!    is the manifest's, so what comes back is what was read. Where the inputs are at hand they
//!    are read again, and the first record that differs is named.
//! 3. Law 4: every duplicate's survivor stays, and the similarity is measured again. Then the
//!    whole decision is made again from the cleaned texts, and must come out the same, so no two
//!    records that stay are duplicates.
//!
//! 4. The index, where the run was checked against one: it is opened as it was before the run's
//!    batch, and what repeats it is looked for again. Where it is not at hand, that is said.
//!
//! Nothing that is found ends the work but what leaves nothing to go on with.

use super::decide::{Decision, Survivor, counts_of, decide};
use super::index::{Earlier, Index, Place};
use super::progress::{Progress, Stage};
use super::proof::{self, Chain, Proof};
use super::rank::{self, Rank};
use super::reading_back::{Books, manifest, name_of};
use super::replay;
use super::writers::Book;
use crate::document::DocId;
use crate::duplicates::{FingerprintReader, Sorter, Thresholds};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::blocks::{Cut, Payload, is_blank, split_lines};
use crate::formats::compression::unpack;
use crate::formats::{BlockReader, Fields, Format, Input, Record};
use crate::report::{REPORT_HTML, REPORT_JSON, Report, Tally};
use crate::settings::DuplicateMode;
use crate::store::Appended;
use crate::store::fingerprints::{FingerprintWriter, Fingerprints, Label, write_entry};
use crate::store::index::INDEX;
use crate::store::ledger::{DropReason, DuplicateKind, DuplicateRow, RejectedRow, six_digits};
use crate::store::manifest::{MANIFEST, Manifest};
use crate::store::outputs::digest_of;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// How many findings of one kind are told.
const TOLD: usize = 20;

/// Memory for the decision that is made again.
const MEMORY: u64 = 2 << 30;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, with a line where there is one.
    pub place: String,
    /// What was found, and what was expected.
    pub problem: String,
}

/// What became of comparing with the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The inputs hold exactly what `restore` gives back.
    Same,
    /// They could not be compared: what is missing.
    NotHere(String),
    /// They are no longer what was read: how.
    Changed(String),
}

/// What became of looking into the index that the run was checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexCheck {
    /// The run was checked against none.
    None,
    /// Every record was looked up again in what the index held before the run.
    Again,
    /// It could not be: why, and how many rows were believed that name a survivor in it.
    NotHere(String, u64),
}

/// What was checked, and what was found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What is wrong, in the order of the checks.
    pub findings: Vec<Finding>,
    /// How many more findings there are than are told.
    pub untold: u64,
    /// Files whose digests were compared.
    pub files: u64,
    /// Records that were restored.
    pub records: u64,
    /// Duplicates whose similarity was measured again.
    pub duplicates: u64,
    /// Whether the inputs hold what `restore` gives back.
    pub inputs: Inputs,
    /// Whether records were looked up in the index again.
    pub index: IndexCheck,
}

/// Checks the output folder of a run; `cleaned` names the cleaned records where they are not in it,
/// `index` the index where it is no longer where the manifest says.
///
/// Memory holds some 30 bytes a record, and what the decision holds.
///
/// # Errors
///
/// A folder that is no run; a system that refuses. What is wrong with the run is no error.
pub fn verify(
    folder: &Path,
    cleaned: Option<&Path>,
    index: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Verified> {
    let manifest = manifest(folder)?;
    let mut check = Check {
        folder,
        cleaned,
        index,
        checked: IndexCheck::None,
        manifest: &manifest,
        findings: Vec::new(),
        untold: 0,
        told: 0,
        progress,
    };
    check.files()?;
    let report = check.report();
    let tally = check.books();
    check.counts(report.as_ref(), tally);
    let restored = check.restore()?;
    let inputs = check.inputs(&restored)?;
    let duplicates = check.duplicates(&restored)?;
    Ok(Verified {
        files: manifest.files.len() as u64,
        records: restored.proofs.len() as u64,
        duplicates,
        inputs,
        index: check.checked,
        findings: check.findings,
        untold: check.untold,
    })
}

struct Check<'a> {
    folder: &'a Path,
    cleaned: Option<&'a Path>,
    index: Option<&'a Path>,
    checked: IndexCheck,
    manifest: &'a Manifest,
    findings: Vec<Finding>,
    untold: u64,
    /// Findings of the check that is going on.
    told: usize,
    progress: &'a dyn Progress,
}

/// What a record is, in one byte a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Rejected,
    Kept,
    Dropped(DropReason),
}

/// What restoring gave.
struct Restored {
    fates: Vec<Fate>,
    /// The first bytes of every record's digest.
    proofs: Vec<u64>,
    chain: Chain,
    ranks: Vec<Rank>,
    /// The ordinals of records that were read, ascending.
    read: Vec<DocId>,
    /// Fingerprints of the cleaned texts, where duplicates were looked for.
    prints: Option<Fingerprints>,
    bytes: u64,
    /// Whether all was restored.
    whole: bool,
}

impl Check<'_> {
    fn find(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        self.told += 1;
        if self.told > TOLD {
            self.untold += 1;
            return;
        }
        self.findings.push(Finding {
            place: place.into(),
            problem: problem.into(),
        });
    }

    /// Takes note of what is wrong with the run; gives back what is wrong with the system.
    fn take(&mut self, bad: Error) -> Result<()> {
        match bad.kind() {
            ErrorKind::Damaged { place, problem } | ErrorKind::Input { place, problem } => {
                self.find(place.clone(), problem.clone());
            }
            ErrorKind::Io { place, source }
                if matches!(
                    source.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::InvalidData
                        | io::ErrorKind::InvalidInput
                        | io::ErrorKind::UnexpectedEof
                ) =>
            {
                self.find(place.clone(), source.to_string());
            }
            _ => return Err(bad),
        }
        Ok(())
    }

    fn place(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Every file is there as it was written, and no other.
    fn files(&mut self) -> Result<()> {
        self.told = 0;
        let manifest = self.manifest;
        let place = self.place(MANIFEST);
        let path = self.folder.join(MANIFEST);
        let found = fs::read(&path).map_err(|bad| Error::io(&path, bad))?;
        let written = serde_json::to_vec_pretty(manifest).unwrap_or_default();
        if found.strip_suffix(b"\n") != Some(&written) {
            let same = found.iter().zip(&written).take_while(|(a, b)| a == b);
            self.find(
                place.as_str(),
                format!(
                    "found other bytes from byte {} on than a run writes; the manifest was edited",
                    same.count()
                ),
            );
        }
        for book in Book::ALL {
            if name_of(book, manifest).is_none() {
                self.find(
                    place.as_str(),
                    format!("names no {}; expected one", book.file()),
                );
            }
        }
        for name in [REPORT_JSON, REPORT_HTML] {
            if !manifest.files.contains_key(name) {
                self.find(place.as_str(), format!("names no {name}; expected one"));
            }
        }
        for (name, entry) in &manifest.files {
            let path = self.folder.join(name);
            let place = self.place(name);
            match measured(&path) {
                Err(bad) if bad.kind() == io::ErrorKind::NotFound => {
                    self.find(place, "found no such file; the manifest names it");
                }
                Err(bad) => self.find(place, format!("cannot be read: {bad}")),
                Ok((sha256, lines, bytes)) => {
                    for (what, found, expected) in [
                        ("SHA-256", sha256, entry.sha256.clone()),
                        ("lines", lines.to_string(), entry.lines.to_string()),
                        ("bytes", bytes.to_string(), entry.bytes.to_string()),
                    ] {
                        if found != expected {
                            self.find(
                                place.as_str(),
                                format!("{what} {found} found; the manifest says {expected}"),
                            );
                        }
                    }
                }
            }
        }
        let entries = fs::read_dir(self.folder).map_err(|bad| Error::io(self.folder, bad))?;
        let names: BTreeSet<String> = entries
            .filter_map(std::result::Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        for name in names {
            if name != MANIFEST && !manifest.files.contains_key(&name) {
                let place = self.place(&name);
                self.find(place, "found a file that the manifest does not name; expected only what the run wrote");
            }
        }
        Ok(())
    }

    /// Returns the report, which must say what the manifest says.
    fn report(&mut self) -> Option<Report> {
        self.told = 0;
        let place = self.place(REPORT_JSON);
        let text = fs::read_to_string(self.folder.join(REPORT_JSON)).ok()?;
        let report: Report = match serde_json::from_str(&text) {
            Ok(report) => report,
            Err(bad) => {
                self.find(place, bad.to_string());
                return None;
            }
        };
        let manifest = self.manifest;
        for (what, same) in [
            ("schema", report.schema == manifest.schema),
            ("version", report.copydesk == manifest.copydesk),
            ("command", report.command == manifest.command),
            ("settings", report.settings == manifest.settings),
        ] {
            if !same {
                self.find(
                    place.as_str(),
                    format!("{what} found that differ from the manifest's; expected the same"),
                );
            }
        }
        Some(report)
    }

    /// Reads every book row by row; returns what they hold, counted.
    fn books(&mut self) -> Option<Tally> {
        let mut tally = Tally::default();
        let mut whole = true;
        for book in Book::ALL {
            self.told = 0;
            let Some(name) = name_of(book, self.manifest) else {
                whole = false;
                continue;
            };
            let path = self.folder.join(name);
            whole &= self.book(book, &path, &mut tally);
        }
        tally.finish();
        whole.then_some(tally)
    }

    fn book(&mut self, book: Book, path: &Path, tally: &mut Tally) -> bool {
        /// What all rows have.
        #[derive(serde::Deserialize)]
        struct Key {
            doc: DocId,
        }
        let opened = File::open(path).and_then(|file| unpack(Box::new(file)));
        // That it is missing was told.
        let Ok(file) = opened else {
            return false;
        };
        let records = self.manifest.records;
        let mut whole = true;
        let mut last: Option<DocId> = None;
        for (number, line) in (1u64..).zip(BufReader::new(file).lines()) {
            let place = || format!("{}:{number}", path.display());
            let line = match line {
                Ok(line) => line,
                Err(bad) => {
                    self.find(place(), bad.to_string());
                    return false;
                }
            };
            if let Err(bad) = replay::count(book, &line, place, &mut |_| None, tally) {
                whole = false;
                let _ = self.take(bad);
                continue;
            }
            let Ok(Key { doc }) = serde_json::from_str(&line) else {
                whole = false;
                self.find(
                    place(),
                    "a row without the number of its record found; expected \"doc\"",
                );
                continue;
            };
            if doc.0 >= records {
                self.find(
                    place(),
                    format!(
                        "doc {} found; the manifest tells of {records} records, so expected less",
                        doc.0
                    ),
                );
            }
            // Of one record many spans may have been removed, and nothing else more than once.
            let behind = match last {
                Some(last) if book == Book::Removed => last > doc,
                Some(last) => last >= doc,
                None => false,
            };
            if behind {
                self.find(
                    place(),
                    format!(
                        "doc {} found behind doc {}; expected rows in the order of their records, and one a record",
                        doc.0,
                        last.unwrap_or_default().0
                    ),
                );
            }
            last = Some(doc);
        }
        whole
    }

    /// The report counts what the books hold, and nothing is lost.
    fn counts(&mut self, report: Option<&Report>, tally: Option<Tally>) {
        self.told = 0;
        let Some(report) = report else {
            return;
        };
        let place = self.place(REPORT_JSON);
        let accounting = &report.tally.accounting;
        if !accounting.closes() {
            self.find(
                place.as_str(),
                format!(
                    "read {} found; written {} + duplicates {} + dropped {} + rejected {} are {}",
                    accounting.read,
                    accounting.written,
                    accounting.duplicates,
                    accounting.dropped,
                    accounting.rejected,
                    accounting.written
                        + accounting.duplicates
                        + accounting.dropped
                        + accounting.rejected
                ),
            );
        }
        if accounting.read != self.manifest.records {
            self.find(
                place.as_str(),
                format!(
                    "read {} found; the manifest says {} records",
                    accounting.read, self.manifest.records
                ),
            );
        }
        if let Some(tally) = tally {
            let (told, held) = (&report.tally, &tally);
            for (what, same) in [
                ("rules", told.rules == held.rules),
                ("mends", told.mends == held.mends),
                ("duplicates", told.duplicates == held.duplicates),
                ("similarity", told.similarity == held.similarity),
                (
                    "similarity_hundredths",
                    told.similarity_hundredths == held.similarity_hundredths,
                ),
                ("spared", told.spared == held.spared),
                ("spared_seen", told.spared_seen == held.spared_seen),
                ("rejects", told.rejects == held.rejects),
                ("rejects_seen", told.rejects_seen == held.rejects_seen),
                ("common_lines", told.common_lines == held.common_lines),
            ] {
                if !same {
                    self.find(
                        place.as_str(),
                        format!("{what} found that the rows of the ledger do not add up to"),
                    );
                }
            }
            if accounting.rejected != held.accounting.rejected {
                self.find(
                    place.as_str(),
                    format!(
                        "rejected {} found; rejected.jsonl has {} rows",
                        accounting.rejected, held.accounting.rejected
                    ),
                );
            }
        }
    }

    /// Restores all records; the chain of their digests is the manifest's.
    fn restore(&mut self) -> Result<Restored> {
        self.told = 0;
        let mut out = Restored {
            fates: Vec::new(),
            proofs: Vec::new(),
            chain: Chain::default(),
            ranks: Vec::new(),
            read: Vec::new(),
            prints: None,
            bytes: 0,
            whole: false,
        };
        let dir = std::env::temp_dir();
        let mut prints = match self.manifest.settings.duplicates.mode {
            DuplicateMode::Off => None,
            _ => {
                let out = Appended::unnamed(&dir, "fingerprints")?;
                Some(FingerprintWriter::new(out, |_| Ok(()))?)
            }
        };
        self.progress
            .begin(Stage::Restore, Some(self.manifest.records));
        match self.merge(&mut out, prints.as_mut()) {
            Ok(()) => out.whole = true,
            Err(bad) => self.take(bad)?,
        }
        self.progress.end();
        out.prints = prints.map(FingerprintWriter::finish).transpose()?;
        if out.whole {
            let place = self.place(MANIFEST);
            let found = out.chain.hex();
            let expected = &self.manifest.originals_sha256;
            if found != *expected {
                let problem = format!(
                    "the records and the ledger restore to {found}; originals_sha256 says {expected}"
                );
                self.find(place, problem);
            }
        }
        Ok(out)
    }

    fn merge(
        &mut self,
        out: &mut Restored,
        mut prints: Option<&mut FingerprintWriter>,
    ) -> Result<()> {
        let settings = &self.manifest.settings;
        let keep = &settings.duplicates.keep;
        let mut books = Books::open(self.folder, self.cleaned, self.manifest)?;
        books.fields = Fields::new(&settings.input, rank::field(keep, &settings.input));
        let threshold = Thresholds::of(&settings.duplicates).near;
        let mut printer = FingerprintReader::new(threshold);
        let mut entry = Vec::new();
        for doc in (0..self.manifest.records).map(DocId) {
            if doc.0 & 0xfff == 0 {
                self.progress.advance(doc.0, doc.0);
            }
            if let Some(row) = books.rejected.of::<RejectedRow<'_>>(doc)? {
                let proof = proof::of_rejected(&row.bytes().unwrap_or_default());
                out.add(Fate::Rejected, &proof);
                books.rejected.step()?;
                continue;
            }
            let (line, dropped) = books.line(doc)?;
            let record =
                Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.bad(&bad))?;
            let ledger = books.ledger(doc)?;
            let text = ledger.undo(&record.text).ok_or_else(|| {
                books.bad(&format!(
                    "the text of record {} found is not what the ledger says it became; one of them was changed",
                    doc.0 + 1
                ))
            })?;
            let id = record
                .id
                .clone()
                .unwrap_or_else(|| format!("#{}", doc.0 + 1).into());
            let proof = match &ledger.envelope {
                None => proof::of_record(record.around(), &text, &ledger.surrogates),
                Some(envelope) => {
                    let bytes = envelope.wrap(&text).ok_or_else(|| {
                        books
                            .normalised
                            .bad("names a charset that cannot write the text")
                    })?;
                    proof::of_file(&id, &bytes)
                }
            };
            out.add(dropped.map_or(Fate::Kept, Fate::Dropped), &proof);
            out.read.push(doc);
            out.bytes += record.text.len() as u64;
            let empty = record.text.trim().is_empty();
            if empty != (dropped == Some(DropReason::Empty))
                && settings.duplicates.mode != DuplicateMode::Mark
            {
                let problem = format!(
                    "record {} found {}; expected to be dropped where nothing of it is left, and nowhere else",
                    doc.0 + 1,
                    if empty {
                        "empty, and not dropped for it"
                    } else {
                        "dropped as empty, with text in it"
                    },
                );
                self.find(self.place(Book::Dropped.file()), problem);
            }
            let Some(prints) = prints.as_deref_mut() else {
                continue;
            };
            let print = printer.read(&record.text);
            out.ranks.push(rank::rank(keep, &record.text, record.rank));
            entry.clear();
            let label = Label {
                doc,
                digest: print.digest,
                empty,
                id: &id,
                ..Label::default()
            };
            write_entry(&label, print.parts(), &mut entry);
            prints.append(&entry, [entry.len()])?;
        }
        books.finish()
    }

    /// Reads the inputs again, where they are at hand.
    fn inputs(&mut self, restored: &Restored) -> Result<Inputs> {
        self.told = 0;
        let mut inputs = Vec::new();
        for entry in &self.manifest.inputs {
            let path = PathBuf::from(&entry.name);
            let size = match fs::metadata(&path) {
                Ok(meta) if meta.is_file() => meta.len(),
                _ => return Ok(Inputs::NotHere(entry.name.clone())),
            };
            if Some(size) != entry.bytes {
                let was = entry.bytes.unwrap_or_default();
                return Ok(Inputs::Changed(format!(
                    "{}: {size} bytes found; {was} were there when it was read",
                    entry.name
                )));
            }
            inputs.push(Input {
                name: entry.name.clone(),
                path: Some(path),
                format: entry.format.as_deref().and_then(Format::from_name),
                bytes: Some(size),
            });
        }
        let cut = Cut {
            max_record: usize::try_from(self.manifest.max_record).unwrap_or(usize::MAX),
            ..Cut::default()
        };
        let fields = Fields::new(&self.manifest.settings.input, None);
        let mut reader = BlockReader::new(inputs, cut);
        let packed = reader.packed_bytes();
        let total: Option<u64> = self.manifest.inputs.iter().map(|entry| entry.bytes).sum();
        self.progress.begin(Stage::Compare, total);
        let mut chain = Chain::default();
        let mut doc = 0;
        let mut first: Option<String> = None;
        while let Some(block) = reader.next_block()? {
            let mut lines = 0;
            let mut one = |line: u64, proof: &Proof| {
                chain.add(proof);
                if first.is_none() && restored.proofs.get(doc) != Some(&start(proof)) {
                    first = Some(format!("{}:{line}", block.source));
                }
                doc += 1;
            };
            match &block.payload {
                Payload::Lines(data) => {
                    for raw in split_lines(data) {
                        lines += 1;
                        if is_blank(raw) {
                            continue;
                        }
                        let proof = match Record::parse(raw, &fields) {
                            Ok(record) if raw.len() <= cut.max_record => {
                                proof::of_record(record.around(), &record.text, &record.surrogates)
                            }
                            _ => proof::of_rejected(shown(raw, cut.max_record)),
                        };
                        one(block.first_line + lines - 1, &proof);
                    }
                }
                Payload::Text(bytes) => one(1, &proof::of_file(&block.source, bytes)),
                Payload::Refused { raw, .. } => one(block.first_line, &proof::of_rejected(raw)),
            }
            self.progress.advance(
                packed.load(std::sync::atomic::Ordering::Relaxed),
                doc as u64,
            );
        }
        self.progress.end();
        if chain.hex() == self.manifest.originals_sha256 {
            if let (Some(place), true) = (first, restored.whole) {
                self.find(
                    place,
                    "this record is not what the folder restores; expected the same text and the same bytes around it",
                );
            }
            return Ok(Inputs::Same);
        }
        Ok(Inputs::Changed(first.map_or_else(
            || "they hold more or fewer records than were read".to_owned(),
            |place| format!("{place} is not the record that was read"),
        )))
    }

    /// Every duplicate has a survivor that stays, as similar as is said, and none is missing.
    fn duplicates(&mut self, restored: &Restored) -> Result<u64> {
        self.told = 0;
        let Some(prints) = restored.prints.as_ref().filter(|_| restored.whole) else {
            return Ok(0);
        };
        let Some(name) = name_of(Book::Duplicates, self.manifest) else {
            return Ok(0);
        };
        let path = self.folder.join(name);
        let Ok(file) = File::open(&path).and_then(|file| unpack(Box::new(file))) else {
            return Ok(0);
        };
        let earlier = self.earlier(prints)?;
        let repeated = match &earlier {
            Some(earlier) => earlier.repeated(prints, MEMORY, self.progress)?,
            None => self.believed(&path, restored),
        };
        let decisions = self.decide_again(restored, prints, repeated)?;
        let mut expected = decisions.iter().peekable();
        let doc_of = |record: u32| {
            restored
                .read
                .get(record as usize)
                .copied()
                .unwrap_or_default()
        };
        let thresholds = Thresholds::of(&self.manifest.settings.duplicates);
        let mut measure = Measure::new(prints, thresholds);
        let mut checked = 0;
        for (number, line) in (1u64..).zip(BufReader::new(file).lines()) {
            let place = || format!("{}:{number}", path.display());
            // What does not read was told.
            let Ok(line) = line else { break };
            let Ok(row) = serde_json::from_str::<DuplicateRow<'_>>(&line) else {
                continue;
            };
            checked += u64::from(earlier.is_some() || row.survivor_batch.is_none());
            while let Some(missing) = expected.next_if(|next| doc_of(next.record) < row.doc) {
                self.missing(&path, missing, earlier.as_ref(), &doc_of)?;
            }
            let decided = expected.next_if(|next| doc_of(next.record) == row.doc);
            let problem = match row.survivor_batch {
                None => self.wrong(&row, decided, restored, &mut measure, &doc_of)?,
                Some(batch) => {
                    self.wrong_earlier(&row, batch, decided, restored, earlier.as_ref())?
                }
            };
            if let Some(problem) = problem {
                self.find(place(), problem);
            }
        }
        for missing in expected {
            self.missing(&path, missing, earlier.as_ref(), &doc_of)?;
        }
        Ok(checked)
    }

    /// Opens the index as it was before the batch, where the run was checked against one and it is
    /// at hand.
    fn earlier(&mut self, prints: &Fingerprints) -> Result<Option<Earlier>> {
        let Some(entry) = &self.manifest.index else {
            return Ok(None);
        };
        let dir = self.index.unwrap_or(Path::new(&entry.folder));
        let not_here = |why: String| IndexCheck::NotHere(why, 0);
        if !dir.join(INDEX).exists() {
            self.checked = not_here(format!("{} is not here", dir.display()));
            return Ok(None);
        }
        let settings = &self.manifest.settings.duplicates;
        let opened = Index::open(dir, false, settings).and_then(|index| index.before(prints));
        let earlier = match opened {
            Ok(earlier) => earlier,
            Err(bad) => {
                self.checked = not_here(bad.to_string());
                return Ok(None);
            }
        };
        let place = self.place(MANIFEST);
        if earlier.sha256() != entry.sha256 {
            self.find(
                place.as_str(),
                format!(
                    "index.sha256 {} found; the texts of the batch give {}",
                    entry.sha256,
                    earlier.sha256()
                ),
            );
        }
        if earlier.known_as().is_none() {
            let why = format!("{} does not hold this batch", dir.display());
            self.checked = not_here(why);
            return Ok(None);
        }
        if !earlier.agrees(entry) {
            self.find(
                place,
                format!(
                    "index.batch {}, documents {}, repeated {} and added {} found; the index {} says otherwise",
                    entry.batch,
                    entry.documents,
                    entry.repeated,
                    entry.added,
                    dir.display()
                ),
            );
        }
        self.checked = IndexCheck::Again;
        Ok(Some(earlier))
    }

    /// Returns what the rows say of survivors in an index that is not at hand.
    fn believed(&mut self, path: &Path, restored: &Restored) -> Vec<Decision> {
        let mut believed = Vec::new();
        let Ok(file) = File::open(path).and_then(|file| unpack(Box::new(file))) else {
            return believed;
        };
        for line in BufReader::new(file).lines() {
            let Ok(line) = line else { break };
            let Ok(row) = serde_json::from_str::<DuplicateRow<'_>>(&line) else {
                continue;
            };
            if row.survivor_batch.is_some()
                && let Ok(record) = restored.read.binary_search(&row.doc)
            {
                believed.push(Decision {
                    record: record as u32,
                    survivor: Survivor::Earlier(Place::default()),
                    similarity: row.similarity,
                    kind: row.kind,
                });
            }
        }
        believed.sort_by_key(|decision| decision.record);
        believed.dedup_by_key(|decision| decision.record);
        if let IndexCheck::NotHere(_, rows) = &mut self.checked {
            *rows = believed.len() as u64;
        }
        believed
    }

    fn decide_again(
        &self,
        restored: &Restored,
        prints: &Fingerprints,
        repeated: Vec<Decision>,
    ) -> Result<Vec<Decision>> {
        let counts = counts_of(prints, restored.bytes, MEMORY)?;
        decide(
            prints,
            &counts,
            &restored.ranks,
            MEMORY,
            &self.manifest.settings.duplicates,
            repeated,
            self.progress,
        )
    }

    fn missing(
        &mut self,
        path: &Path,
        decision: &Decision,
        earlier: Option<&Earlier>,
        doc_of: &impl Fn(u32) -> DocId,
    ) -> Result<()> {
        let survivor = match (decision.survivor, earlier) {
            (Survivor::Record(record), _) => format!("doc {}", doc_of(record).0),
            (Survivor::Earlier(place), Some(earlier)) => {
                let label = earlier.label(place)?;
                format!("doc {} of batch {}", label.doc.0, label.batch)
            }
            (Survivor::Earlier(_), None) => "one of an earlier batch".to_owned(),
        };
        self.find(
            path.display().to_string(),
            format!(
                "no row of doc {} found; it repeats {survivor} at {}, so expected one",
                doc_of(decision.record).0,
                six_digits(decision.similarity)
            ),
        );
        Ok(())
    }

    /// Returns what is wrong with a row whose survivor is of an earlier batch, if anything is.
    fn wrong_earlier(
        &self,
        row: &DuplicateRow<'_>,
        batch: u32,
        decided: Option<&Decision>,
        restored: &Restored,
        earlier: Option<&Earlier>,
    ) -> Result<Option<String>> {
        let marked = self.manifest.settings.duplicates.mode == DuplicateMode::Mark;
        let fate = restored.fates.get(row.doc.0 as usize).copied();
        if !marked && !matches!(fate, Some(Fate::Dropped(_))) {
            return Ok(Some(format!(
                "doc {} found as a duplicate; it is not in dropped.jsonl, so expected no row",
                row.doc.0
            )));
        }
        let this = self.manifest.index.as_ref().map(|index| index.batch);
        if this.is_none_or(|this| batch >= this || batch == 0) {
            return Ok(Some(format!(
                "survivor_batch {batch} found; expected one before that of the run ({})",
                this.map_or_else(|| "it has no index".to_owned(), |this| this.to_string())
            )));
        }
        let Some(earlier) = earlier else {
            return Ok(None);
        };
        let Some(Survivor::Earlier(place)) = decided.map(|decided| decided.survivor) else {
            return Ok(Some(format!(
                "a row of doc {} found that names batch {batch}; decided again, it repeats nothing of an earlier batch",
                row.doc.0
            )));
        };
        let label = earlier.label(place)?;
        let (similarity, kind) = decided.map_or((0.0, row.kind), |one| (one.similarity, one.kind));
        if (label.batch, label.doc, label.id.as_str()) != (batch, row.survivor_doc, &*row.survivor)
        {
            return Ok(Some(format!(
                "survivor {}, doc {} of batch {batch} found; decided again, expected {}, doc {} of batch {}",
                row.survivor, row.survivor_doc.0, label.id, label.doc.0, label.batch
            )));
        }
        if six_digits(similarity) != row.similarity || kind != row.kind {
            return Ok(Some(format!(
                "similarity {} ({}) found; measured again it is {} ({})",
                row.similarity,
                row.kind.as_str(),
                six_digits(similarity),
                kind.as_str()
            )));
        }
        Ok(None)
    }

    /// Returns what is wrong with a row, if anything is.
    fn wrong(
        &self,
        row: &DuplicateRow<'_>,
        decided: Option<&Decision>,
        restored: &Restored,
        measure: &mut Measure<'_>,
        doc_of: &impl Fn(u32) -> DocId,
    ) -> Result<Option<String>> {
        let fate = |doc: DocId| restored.fates.get(doc.0 as usize).copied();
        let marked = self.manifest.settings.duplicates.mode == DuplicateMode::Mark;
        let gone = Fate::Dropped(DropReason::Duplicate);
        if !marked && !matches!(fate(row.doc), Some(Fate::Dropped(_))) {
            return Ok(Some(format!(
                "doc {} found as a duplicate; it is not in dropped.jsonl, so expected no row",
                row.doc.0
            )));
        }
        if !marked && fate(row.survivor_doc) == Some(gone) {
            return Ok(Some(format!(
                "survivor_doc {} found, which was dropped itself; expected a record that stays",
                row.survivor_doc.0
            )));
        }
        let place = |doc: DocId| restored.read.binary_search(&doc).ok();
        let (Some(one), Some(two)) = (place(row.doc), place(row.survivor_doc)) else {
            return Ok(Some(format!(
                "doc {} and survivor_doc {} found; expected two records that were read",
                row.doc.0, row.survivor_doc.0
            )));
        };
        let (similarity, kind, ids) = measure.of(one, two)?;
        if ids != (row.id.to_string(), row.survivor.to_string()) {
            return Ok(Some(format!(
                "ids {} and {} found; expected {} and {}, as docs {} and {} are called",
                row.id, row.survivor, ids.0, ids.1, row.doc.0, row.survivor_doc.0
            )));
        }
        if six_digits(similarity) != row.similarity || kind != row.kind {
            return Ok(Some(format!(
                "similarity {} ({}) found; measured again it is {} ({})",
                row.similarity,
                row.kind.as_str(),
                six_digits(similarity),
                kind.as_str()
            )));
        }
        match decided {
            None => Ok(Some(format!(
                "a row of doc {} found; decided again, it repeats nothing that stays, so expected none",
                row.doc.0
            ))),
            Some(decided) => match decided.survivor {
                Survivor::Earlier(_) => Ok(Some(format!(
                    "survivor_doc {} found; decided again, expected a document of an earlier batch",
                    row.survivor_doc.0
                ))),
                Survivor::Record(record) if doc_of(record) != row.survivor_doc => {
                    Ok(Some(format!(
                        "survivor_doc {} found; decided again, expected {}",
                        row.survivor_doc.0,
                        doc_of(record).0
                    )))
                }
                Survivor::Record(_) => Ok(None),
            },
        }
    }
}

impl Restored {
    fn add(&mut self, fate: Fate, proof: &Proof) {
        self.fates.push(fate);
        self.proofs.push(start(proof));
        self.chain.add(proof);
    }
}

/// Measures similarities as they were first measured: sets of shingles, both whole.
struct Measure<'a> {
    prints: &'a Fingerprints,
    thresholds: Thresholds,
    sorter: Sorter,
    buffer: Vec<u8>,
}

impl<'a> Measure<'a> {
    fn new(prints: &'a Fingerprints, thresholds: Thresholds) -> Self {
        Self {
            prints,
            thresholds,
            sorter: Sorter::default(),
            buffer: Vec::new(),
        }
    }

    /// Returns the similarity of a record to its survivor, how it is told, and their ids.
    fn of(&mut self, one: usize, two: usize) -> Result<(f64, DuplicateKind, (String, String))> {
        let mut read = |number| -> Result<([u8; 32], String, Vec<u64>)> {
            let entry = self.prints.entry(number, &mut self.buffer)?;
            let mut set = Vec::new();
            entry.leading(&mut set);
            entry.others(&mut set);
            let (digest, id) = (entry.label.digest, entry.label.id.to_owned());
            self.sorter.sort(&mut set);
            Ok((digest, id, set))
        };
        let (digest_one, id_one, set_one) = read(one)?;
        let (digest_two, id_two, set_two) = read(two)?;
        let ids = (id_one, id_two);
        if digest_one == digest_two {
            return Ok((1.0, DuplicateKind::Exact, ids));
        }
        let two: BTreeSet<u64> = set_two.iter().copied().collect();
        let shared = set_one
            .iter()
            .filter(|shingle| two.contains(shingle))
            .count();
        let near = self.thresholds.near;
        if self.thresholds.containment.is_some()
            && !near.is_reached(shared, set_one.len(), set_two.len())
        {
            let share = shared as f64 / set_one.len().max(1) as f64;
            return Ok((share, DuplicateKind::Containment, ids));
        }
        let union = set_one.len() + set_two.len() - shared;
        Ok((
            shared as f64 / union.max(1) as f64,
            DuplicateKind::Near,
            ids,
        ))
    }
}

/// Returns the first bytes of a digest.
fn start(proof: &Proof) -> u64 {
    proof
        .first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Returns what the ledger would hold of a record that cannot be read.
fn shown(raw: &[u8], max_record: usize) -> &[u8] {
    let end = if raw.len() > max_record {
        crate::formats::blocks::OVERSIZE_HEAD.min(raw.len())
    } else {
        raw.len()
    };
    raw.get(..end).unwrap_or(raw)
}

/// Returns the digest of a file's bytes, and its unpacked lines and bytes.
fn measured(path: &Path) -> io::Result<(String, u64, u64)> {
    let digest = digest_of(path)?;
    let mut buffer = vec![0; 1 << 18];
    let mut unpacked = unpack(Box::new(File::open(path)?))?;
    let (mut lines, mut bytes) = (0, 0);
    // What is damaged inside has another digest, and that is told.
    while let Ok(read) = unpacked.read(&mut buffer)
        && read > 0
    {
        bytes += read as u64;
        lines += memchr::memchr_iter(b'\n', buffer.get(..read).unwrap_or_default()).count() as u64;
    }
    Ok((digest, lines, bytes))
}
