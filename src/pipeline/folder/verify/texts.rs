//! Every record restored, and compared with what was read.

use super::recount::{self, Seen};
use super::{Check, Inputs, TOLD};
use crate::document::DocId;
use crate::duplicates::{FingerprintReader, Thresholds};
use crate::error::{ErrorKind, Result};
use crate::formats::blocks::{Cut, Payload, read_record, records};
use crate::formats::{BlockReader, Fields, Format, Input, Record};
use crate::pipeline::decide::rank::{self, Rank};
use crate::pipeline::folder::reading_back::{Books, scratch};
use crate::pipeline::folder::undo::Ledger;
use crate::pipeline::progress::Stage;
use crate::pipeline::proof::{self, Chain, Proof};
use crate::report::Tally;
use crate::settings::DuplicateMode;
use crate::store::fingerprints::{FingerprintWriter, Fingerprints, Label, write_entry};
use crate::store::ledger::{Book, DropReason, RejectedRow};
use crate::store::manifest::MANIFEST;
use crate::text::hash;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What a record is, in one byte a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Rejected,
    Kept,
    Dropped(DropReason),
}

/// What restoring gave.
pub(super) struct Restored {
    pub fates: Vec<Fate>,
    /// The first bytes of every record's digest.
    pub proofs: Vec<u64>,
    pub chain: Chain,
    pub ranks: Vec<Rank>,
    /// The ordinals of records that were read, ascending.
    pub read: Vec<DocId>,
    /// Fingerprints of the cleaned texts, where duplicates were looked for.
    pub prints: Option<Fingerprints>,
    pub bytes: u64,
    /// What was counted of the records.
    pub seen: Tally,
    /// The rejected records, and the hash of where the ledger says that each stood.
    pub rejects: Vec<(DocId, u64)>,
    /// The hashes of the places of plain text files.
    pub files: FxHashSet<u64>,
    /// Whether all was restored.
    pub whole: bool,
}

impl Check<'_> {
    /// Restores all records; the chain of their digests is the manifest's.
    pub(super) fn restore(&mut self) -> Result<Restored> {
        self.told = 0;
        let mut out = Restored {
            fates: Vec::new(),
            proofs: Vec::new(),
            chain: Chain::default(),
            ranks: Vec::new(),
            read: Vec::new(),
            prints: None,
            bytes: 0,
            seen: Tally::default(),
            rejects: Vec::new(),
            files: FxHashSet::default(),
            whole: false,
        };
        let mut prints = match self.manifest.settings.duplicates.mode {
            DuplicateMode::Off => None,
            _ => {
                let out = scratch(self.temp_dir, self.folder, "fingerprints")?;
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
        let inputs = self.manifest.inputs.iter();
        let inputs: BTreeSet<&str> = inputs.map(|input| input.name.as_str()).collect();
        for doc in (0..self.manifest.records).map(DocId) {
            if doc.0 & 0xfff == 0 {
                self.progress.advance(doc.0, doc.0);
            }
            if let Some(row) = books.rejected.of::<RejectedRow<'_>>(doc)? {
                let proof = proof::of_rejected(&row.bytes().unwrap_or_default());
                out.add(Fate::Rejected, &proof);
                out.rejects.push((doc, place_hash(&row.file, row.line)));
                if !inputs.contains(&*row.file) {
                    let problem = format!(
                        "file {:?} found of record {}; the manifest names no such input",
                        row.file,
                        doc.0 + 1
                    );
                    self.find(self.place(Book::Rejected.file()), problem);
                }
                let most = self.manifest.max_record;
                if row.max_record.is_some_and(|allowed| allowed != most) {
                    let problem = format!(
                        "max_record {most} found; record {} was rejected for another, says its row",
                        doc.0 + 1
                    );
                    self.find(self.place(MANIFEST), problem);
                }
                books.rejected.step()?;
                continue;
            }
            let (line, dropped) = books.line(doc)?;
            let record =
                Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.bad(&bad))?;
            let ledger = books.ledger(doc)?;
            let text = ledger
                .original(doc, &record.text)
                .map_err(|bad| books.bad(&bad))?;
            let id = record.id.clone().unwrap_or_else(|| doc.called().into());
            self.named(&books, &ledger, doc, &id);
            let (before, behind) = record.around();
            let least = (before.len() + text.len() + behind.len()) as u64;
            if ledger.envelope.is_none() && least > self.manifest.max_record {
                let problem = format!(
                    "max_record {} found; record {} is longer and was not rejected",
                    self.manifest.max_record,
                    doc.0 + 1
                );
                self.find(self.place(MANIFEST), problem);
            }
            let proof = match &ledger.envelope {
                None => proof::of_record(record.around(), &text, &ledger.surrogates),
                Some(envelope) => {
                    let bytes = envelope.wrap(&text).ok_or_else(|| {
                        books
                            .normalised
                            .bad("names a charset that cannot write the text")
                    })?;
                    if !inputs.contains(&*id) {
                        let problem = format!(
                            "a text file {id:?} found that is no input; the manifest names others"
                        );
                        self.find(self.place(MANIFEST), problem);
                    }
                    out.files.insert(place_hash(&id, 1));
                    proof::of_file(&id, &bytes)
                }
            };
            let site = recount::site(&record, &text, &ledger);
            let seen = Seen {
                doc,
                id: &id,
                site: &site,
                original: &text,
                cleaned: &record.text,
                ledger: &ledger,
            };
            recount::count(&seen, &mut out.seen);
            if ledger.envelope.is_none() {
                out.seen.documents.fields.record(record.has());
            }
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
                site: &site,
                ..Label::default()
            };
            write_entry(&label, print.parts(), &mut entry);
            prints.append(&entry, [entry.len()])?;
        }
        books.finish()
    }

    /// A record is called the same in every row, and marked as it must be.
    fn named(&mut self, books: &Books, ledger: &Ledger, doc: DocId, id: &str) {
        let ids = ledger.ids.iter().chain(&books.dropped_as);
        if let Some(other) = ids.into_iter().find(|other| *other != id) {
            let problem = format!(
                "id {other:?} found in a row of doc {}; expected {id:?}, as the record is called",
                doc.0
            );
            self.find(self.folder.display().to_string(), problem);
        }
        if books.mismarked {
            let bad = books.bad(&format!(
                "doc {} found without the mark that its fate gives; expected what duplicates.jsonl says",
                doc.0
            ));
            if let ErrorKind::Damaged { place, problem } = bad.kind() {
                self.find(place.clone(), problem.clone());
            }
        }
    }

    /// Reads the inputs again, where they are at hand.
    pub(super) fn inputs(&mut self, restored: &Restored) -> Result<Inputs> {
        self.told = 0;
        if !restored.whole {
            return Ok(Inputs::Stopped(restored.fates.len() as u64 + 1));
        }
        let mut inputs = Vec::new();
        let (mut resized, mut shrunk) = (None, false);
        for entry in &self.manifest.inputs {
            if let Some(word) = &entry.format
                && Format::from_name(word).is_none()
            {
                self.find(
                    self.place(MANIFEST),
                    format!(
                        "inputs: format {word:?} found of {}; expected jsonl or text",
                        entry.name
                    ),
                );
            }
            let path = PathBuf::from(&entry.name);
            let size = match fs::metadata(&path) {
                Ok(meta) if meta.is_file() => meta.len(),
                _ => return Ok(Inputs::NotHere(entry.name.clone())),
            };
            let was = entry.bytes.unwrap_or_default();
            if Some(size) != entry.bytes && !shrunk {
                shrunk = size < was;
                resized = Some(format!(
                    "{}: {size} bytes found; {was} were there when it was read",
                    entry.name
                ));
            }
            inputs.push(Input {
                name: entry.name.clone(),
                path: Some(path),
                format: entry.format.as_deref().and_then(Format::from_name),
                bytes: Some(size),
            });
        }
        let compared = self.compare(inputs.clone(), restored);
        let compared = match compared {
            Ok(Inputs::Changed(_)) => self.compare_as_read(inputs, restored, compared),
            compared => compared,
        };
        let Some(resized) = resized else {
            return compared;
        };
        if !matches!(compared, Ok(Inputs::Same | Inputs::Other(_))) {
            return Ok(Inputs::Changed(resized));
        }
        // It holds what was read, to the last byte of every record: what was written to it while it
        // was read was read too.
        if !shrunk {
            return compared;
        }
        self.find(
            self.place(MANIFEST),
            format!("inputs: {resized}, says the manifest; but it is what was read"),
        );
        compared
    }

    /// Compares inputs that are not what was read once more, each read as its records say that it
    /// was: where that is the same, what the manifest says of the format is false.
    fn compare_as_read(
        &mut self,
        mut inputs: Vec<Input>,
        restored: &Restored,
        compared: Result<Inputs>,
    ) -> Result<Inputs> {
        let rejects: FxHashSet<u64> = restored.rejects.iter().map(|(_, place)| *place).collect();
        let mut wrong = Vec::new();
        for (input, entry) in inputs.iter_mut().zip(&self.manifest.inputs) {
            let Some(found) = &entry.format else { continue };
            let place = place_hash(&entry.name, 1);
            let is_file = restored.files.contains(&place);
            let read = match is_file {
                true => Format::Text,
                // A file that was rejected whole tells nothing.
                false if rejects.contains(&place) => continue,
                false => Format::Jsonl,
            };
            if input.format != Some(read) {
                input.format = Some(read);
                wrong.push(format!(
                    "inputs: format {found:?} found of {}; it was read as {:?}, and is what was read",
                    entry.name,
                    read.as_str()
                ));
            }
        }
        if wrong.is_empty() {
            return compared;
        }
        let again = self.compare(inputs, restored)?;
        if !matches!(again, Inputs::Same | Inputs::Other(_)) {
            return compared;
        }
        for problem in wrong {
            self.find(self.place(MANIFEST), problem);
        }
        Ok(again)
    }

    fn compare(&mut self, inputs: Vec<Input>, restored: &Restored) -> Result<Inputs> {
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
        let mut rejects = restored.rejects.iter().peekable();
        let mut misplaced = Vec::new();
        while let Some(block) = reader.next_block()? {
            let mut one = |line: u64, proof: &Proof| {
                chain.add(proof);
                if first.is_none() && restored.proofs.get(doc) != Some(&start(proof)) {
                    first = Some(format!("{}:{line}", block.source));
                }
                if let Some((_, place)) = rejects.next_if(|(other, _)| other.0 == doc as u64)
                    && *place != place_hash(&block.source, line)
                    && misplaced.len() < TOLD
                {
                    misplaced.push(format!(
                        "another place found of record {}; it stands at {}:{line}",
                        doc + 1,
                        block.source
                    ));
                }
                doc += 1;
            };
            match &block.payload {
                Payload::Lines(data) => {
                    for (line, raw) in records(block.first_line, data) {
                        let proof = match read_record(raw, &fields, cut.max_record) {
                            Ok(record) => {
                                proof::of_record(record.around(), &record.text, &record.surrogates)
                            }
                            Err(bad) => proof::of_rejected(bad.raw),
                        };
                        one(line, &proof);
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
            let Some(place) = first else {
                for problem in misplaced {
                    self.find(self.place(Book::Rejected.file()), problem);
                }
                return Ok(Inputs::Same);
            };
            self.find(
                place.as_str(),
                "this record is not what the folder restores; expected the same text and the same bytes around it",
            );
            return Ok(Inputs::Other(place));
        }
        Ok(Inputs::Changed(first.map_or_else(
            || "they hold more or fewer records than were read".to_owned(),
            |place| format!("{place} is not the record that was read"),
        )))
    }
}

/// Returns a hash of where a record stands.
fn place_hash(file: &str, line: u64) -> u64 {
    hash::word(format!("{file}:{line}").as_bytes())
}

impl Restored {
    fn add(&mut self, fate: Fate, proof: &Proof) {
        self.fates.push(fate);
        self.proofs.push(start(proof));
        self.chain.add(proof);
    }
}

/// Returns the first bytes of a digest.
fn start(proof: &Proof) -> u64 {
    proof
        .first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
