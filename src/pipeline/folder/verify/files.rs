//! The files of a run: there, whole, counted as the report says.

use super::Check;
use crate::document::{DocId, Kind, Span};
use crate::error::{Error, Result};
use crate::formats::compression::unpack;
use crate::headlines;
use crate::normalise::Mend;
use crate::pipeline::folder::reading_back::{cleaned_files, name_of};
use crate::pipeline::folder::replay;
use crate::report::{REPORT_HTML, REPORT_JSON, Report, Tally, counted, untimed};
use crate::settings::{DuplicateMode, Level};
use crate::store::FileEntry;
use crate::store::ledger::Book;
use crate::store::manifest::MANIFEST;
use crate::store::sink::digest_of;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

impl Check<'_> {
    /// Every file is there as it was written, and no other.
    pub(super) fn files(&mut self) -> Result<()> {
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
            if !manifest.names().any(|named| named == name) {
                self.find(place.as_str(), format!("names no {name}; expected one"));
            }
        }
        if manifest.inputs.is_empty() && manifest.records > 0 {
            let problem = format!(
                "no inputs found; {} read, so expected where from",
                counted(manifest.records, "record was", "records were")
            );
            self.find(place.as_str(), problem);
        }
        let plain = manifest.files.iter().map(|named| (named, false));
        let timed = manifest.reports.iter().map(|named| (named, true));
        for ((name, entry), timed) in plain.chain(timed) {
            let path = self.folder.join(name);
            let place = self.place(name);
            let found = if timed {
                measured_untimed(&path, name)
            } else {
                measured(&path)
            };
            match found {
                Err(bad) if bad.kind() == io::ErrorKind::NotFound => {
                    self.find(place, "found no such file; the manifest names it");
                }
                Err(bad) => self.find(place, format!("cannot be read: {bad}")),
                Ok(found) => self.hold_against(&place, found, entry),
            }
            if !timed && !is_ours(name) {
                let place = self.place(MANIFEST);
                self.find(
                    place,
                    format!("names {name:?}, which is no file that a run writes"),
                );
            }
        }
        // That it is not here is told when it is read.
        if let Some(named) = &manifest.cleaned
            && let Ok(paths) = cleaned_files(self.folder, self.cleaned, manifest)
            && let Some(path) = paths.first()
            && let Ok(found) = measured(path)
        {
            self.hold_against(&path.display().to_string(), found, &named.entry);
        }
        let entries = fs::read_dir(self.folder).map_err(|bad| Error::io(self.folder, bad))?;
        let names: BTreeSet<String> = entries
            .filter_map(std::result::Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        for name in names {
            if name != MANIFEST && manifest.names().all(|named| named != name) {
                let place = self.place(&name);
                self.find(place, "found a file that the manifest does not name; expected only what the run wrote");
            }
        }
        Ok(())
    }

    /// Compares what was found of a file with what the manifest says of it.
    fn hold_against(&mut self, place: &str, found: (String, u64, u64), entry: &FileEntry) {
        let (sha256, lines, bytes) = found;
        for (what, found, expected) in [
            ("SHA-256", sha256, entry.sha256.clone()),
            ("lines", lines.to_string(), entry.lines.to_string()),
            ("bytes", bytes.to_string(), entry.bytes.to_string()),
        ] {
            if found != expected {
                self.find(
                    place,
                    format!("{what} {found} found; the manifest says {expected}"),
                );
            }
        }
    }

    /// Returns the report, which must say what the manifest says.
    pub(super) fn report(&mut self) -> Option<Report> {
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
    pub(super) fn books(&mut self) -> Option<Tally> {
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
        /// What all rows have, and the place of what was removed.
        #[derive(serde::Deserialize)]
        struct Key {
            doc: DocId,
            span: Option<Span>,
        }
        let opened = File::open(path).and_then(|file| unpack(Box::new(file)));
        // That it is missing was told.
        let Ok(file) = opened else {
            return false;
        };
        let records = self.manifest.records;
        let mut whole = true;
        let mut last: Option<DocId> = None;
        let mut end = 0;
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
            let Ok(Key { doc, span }) = serde_json::from_str(&line) else {
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
                        "doc {} found; the manifest tells of {}, so expected less",
                        doc.0,
                        counted(records, "record", "records")
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
            let span = span.unwrap_or(Span::new(0, 0));
            if book == Book::Removed && last == Some(doc) && span.start < end {
                self.find(
                    place(),
                    format!(
                        "span [{},{}] found behind one that ends at {end}; expected the spans of a record in the order of its text",
                        span.start, span.end
                    ),
                );
            }
            (last, end) = (Some(doc), span.end);
        }
        whole
    }

    /// The report counts what the books hold, and nothing is lost.
    pub(super) fn counts(&mut self, report: Option<&Report>, tally: Option<Tally>) {
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
                    "read {} found; the manifest says {}",
                    accounting.read,
                    counted(self.manifest.records, "record", "records")
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
            let settings = &self.manifest.settings;
            let desks = [
                settings.headlines.enabled,
                settings.boilerplate.level != Level::Off,
            ];
            for (what, wrong) in [
                (
                    "duplicates.jsonl has rows, but duplicates.mode off",
                    settings.duplicates.mode == DuplicateMode::Off && !held.duplicates.is_empty(),
                ),
                (
                    "removed.jsonl has rows of rules, but boilerplate.level off",
                    !desks[1] && held.kinds().keys().any(|kind| *kind != Kind::Headline),
                ),
                (
                    "removed.jsonl has repeated headlines, but headlines.enabled false",
                    !desks[0] && held.rules.contains_key(headlines::examples::NAME),
                ),
                (
                    "removed.jsonl has rows, but headlines.enabled false and boilerplate.level off",
                    desks == [false; 2] && !held.rules.is_empty(),
                ),
            ] {
                if wrong {
                    self.find(
                        self.place(MANIFEST),
                        format!("settings: {what} found; they are not those of the run"),
                    );
                }
            }
            let off = |name: &&String| {
                Mend::from_name(name).is_some_and(|mend| !mend.is_on(&settings.normalise))
            };
            if let Some(name) = held.mends.keys().find(off) {
                self.find(
                    self.place(MANIFEST),
                    format!(
                        "settings: normalised.jsonl has rows of {name}, but it is switched off; they are not those of the run"
                    ),
                );
            }
            if accounting.rejected != held.accounting.rejected {
                self.find(
                    place.as_str(),
                    format!(
                        "rejected {} found; rejected.jsonl has {}",
                        accounting.rejected,
                        counted(held.accounting.rejected, "row", "rows")
                    ),
                );
            }
        }
    }
}

/// Returns the same of what a report is without its times.
fn measured_untimed(path: &Path, name: &str) -> io::Result<(String, u64, u64)> {
    let found = fs::read(path)?;
    let entry = FileEntry::of(&untimed(name, &found));
    Ok((entry.sha256, entry.lines, entry.bytes))
}

/// Returns whether a run gives a file of its ledger, or of cleaned records, that name.
fn is_ours(name: &str) -> bool {
    let bare = [".gz", ".zst"]
        .iter()
        .find_map(|packed| name.strip_suffix(packed));
    let bare = bare.unwrap_or(name);
    let shard = bare
        .strip_prefix("cleaned-")
        .and_then(|rest| rest.strip_suffix(".jsonl"));
    Book::ALL.iter().any(|book| book.file() == bare)
        || shard.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
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
