//! The way back: cleaned records and their ledger give the originals again.
//!
//! Cleaned records, dropped ones and rejected ones are merged by ordinal, and
//! the ledger's edits are undone. Everything is read side by side in one pass,
//! so memory holds one record at a time.

use super::writers::Book;
use crate::document::{DocId, Edits, Span};
use crate::error::{Error, Result};
use crate::formats::compression::unpack;
use crate::formats::plain::Envelope;
use crate::formats::record::unmarked;
use crate::formats::{Fields, Record};
use crate::settings::DuplicateMode;
use crate::store::Manifest;
use crate::store::ledger::{DroppedRow, NormalisedRow, RejectedRow, RemovedRow};
use crate::store::manifest::{MANIFEST, SCHEMA};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// One record as it was.
#[derive(Debug)]
pub struct Restored<'a> {
    /// Its ordinal.
    pub doc: DocId,
    /// Its id; of a rejected record, the input and line it came from.
    pub id: &'a str,
    /// Whether it was a plain text file, so that `bytes` are the whole file.
    pub is_file: bool,
    /// Its bytes; of a JSON record the line without its line feed.
    pub bytes: &'a [u8],
}

/// Restores the records of a run, in the order they were read.
///
/// `folder` holds the ledger, and the cleaned records too, unless `cleaned`
/// names them. Gives every record to `each`, which answers whether to go on;
/// returns how many records it gave.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, what `each` gives.
pub fn restore(
    folder: &Path,
    cleaned: Option<&Path>,
    each: &mut dyn FnMut(&Restored<'_>) -> Result<bool>,
) -> Result<u64> {
    let manifest = manifest(folder)?;
    let fields = Fields::new(&manifest.settings.input, None);
    let marked = manifest.settings.duplicates.mode == DuplicateMode::Mark;
    let cleaned_files = match cleaned {
        Some(path) => vec![path.to_path_buf()],
        None => {
            let shards: Vec<PathBuf> = manifest
                .files
                .keys()
                .filter(|name| name.starts_with("cleaned-"))
                .map(|name| folder.join(name))
                .collect();
            if shards.is_empty() {
                return Err(Error::input(
                    folder.display().to_string(),
                    "the folder holds a ledger but no cleaned records; name them with --cleaned FILE",
                ));
            }
            shards
        }
    };
    let book = |book: Book| {
        let name = manifest
            .files
            .keys()
            .find(|name| name.starts_with(book.file()))
            .map_or_else(|| book.file().to_owned(), Clone::clone);
        Lines::open(vec![folder.join(name)])
    };
    let mut kept = Lines::open(cleaned_files)?;
    let mut dropped = book(Book::Dropped)?;
    let mut rejected = book(Book::Rejected)?;
    let mut removed = book(Book::Removed)?;
    let mut normalised = book(Book::Normalised)?;
    let mut given = 0;
    let mut line = String::new();
    let mut bytes = Vec::new();
    for doc in (0..manifest.records).map(DocId) {
        if let Some(row) = rejected.of(doc, |row: &RejectedRow<'_>| row.doc)? {
            let id = format!("{}:{}", row.file, row.line);
            let raw = row
                .bytes()
                .ok_or_else(|| rejected.bad("has no raw bytes"))?;
            given += 1;
            let restored = Restored {
                doc,
                id: &id,
                is_file: false,
                bytes: raw.trim_ascii(),
            };
            if !each(&restored)? {
                break;
            }
            rejected.step()?;
            continue;
        }
        line.clear();
        if let Some(row) = dropped.of(doc, |row: &DroppedRow<'_>| row.doc)? {
            line.push_str(row.record.get());
            dropped.step()?;
        } else if let Some(next) = kept.peek() {
            line.push_str(next);
            kept.step()?;
        } else {
            return Err(kept.bad(&format!(
                "ends before record {} of {}; the cleaned records and the ledger are not of one run",
                doc.0 + 1,
                manifest.records
            )));
        }
        if marked && let Some(plain) = unmarked(&line) {
            line = plain;
        }
        let record = Record::parse(line.as_bytes(), &fields).map_err(|bad| kept.bad(&bad))?;
        let ledger = Ledger::read(doc, &mut removed, &mut normalised)?;
        let text = ledger.undo(&record.text).ok_or_else(|| {
            kept.bad(&format!(
                "the text of record {} is not what the ledger says it became; one of them was changed",
                doc.0 + 1
            ))
        })?;
        bytes.clear();
        let is_file = ledger.envelope.is_some();
        match &ledger.envelope {
            Some(envelope) => {
                let file = envelope.wrap(&text);
                bytes = file
                    .ok_or_else(|| normalised.bad("names a charset that cannot write the text"))?;
            }
            None if ledger.is_empty() => record.write(None, &mut bytes),
            None => record.write_original(&text, &ledger.surrogates, &mut bytes),
        }
        let id = record
            .id
            .clone()
            .unwrap_or_else(|| Cow::Owned(format!("#{}", doc.0 + 1)));
        given += 1;
        let restored = Restored {
            doc,
            id: &id,
            is_file,
            bytes: &bytes,
        };
        if !each(&restored)? {
            break;
        }
    }
    Ok(given)
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|bad| Error::io(&path, bad))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
    if manifest.schema != SCHEMA {
        return Err(Error::damaged(
            path.display().to_string(),
            format!(
                "schema {} found, {SCHEMA} expected; use the copydesk that wrote it ({})",
                manifest.schema, manifest.copydesk
            ),
        ));
    }
    Ok(manifest)
}

/// One edit as the ledger has it.
struct Undo {
    span: Span,
    text: String,
    replacement: String,
}

/// All that the ledger says of one record.
#[derive(Default)]
struct Ledger {
    edits: Vec<Undo>,
    surrogates: Vec<(usize, u16)>,
    envelope: Option<Envelope>,
}

impl Ledger {
    fn read(doc: DocId, removed: &mut Lines, normalised: &mut Lines) -> Result<Self> {
        let mut out = Self::default();
        while let Some(row) = removed.of(doc, |row: &RemovedRow<'_>| row.doc)? {
            out.edits.push(Undo {
                span: row.span,
                text: row.text.into_owned(),
                replacement: row.replacement.into_owned(),
            });
            removed.step()?;
        }
        if let Some(row) = normalised.of(doc, |row: &NormalisedRow<'_>| row.doc)? {
            out.edits.extend(row.edits.into_iter().map(|edit| Undo {
                span: edit.span,
                text: edit.text.into_owned(),
                replacement: edit.replacement.into_owned(),
            }));
            out.surrogates = row.surrogates;
            out.envelope = row.file.map(|file| Envelope {
                charset: file.charset,
                bom: file.bom,
                raw: file.raw_base64,
            });
            normalised.step()?;
        }
        out.edits.sort_by_key(|edit| edit.span);
        Ok(out)
    }

    fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.surrogates.is_empty() && self.envelope.is_none()
    }

    /// Returns the original of `cleaned`, or `None` where the edits do not fit it.
    fn undo(&self, cleaned: &str) -> Option<String> {
        let mut edits = Edits::new();
        for undo in &self.edits {
            if undo.span.end.checked_sub(undo.span.start)? != undo.text.len()
                || !edits.push(undo.span, undo.replacement.clone(), ())
            {
                return None;
            }
        }
        edits.revert(cleaned, self.edits.iter().map(|undo| undo.text.as_str()))
    }
}

/// Lines of one or more files, one held at a time.
struct Lines {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<BufReader<Box<dyn Read + Send>>>,
    place: PathBuf,
    number: u64,
    line: Option<String>,
}

impl Lines {
    fn open(files: Vec<PathBuf>) -> Result<Self> {
        let mut lines = Self {
            place: files.first().cloned().unwrap_or_default(),
            files: files.into_iter(),
            open: None,
            number: 0,
            line: None,
        };
        lines.step()?;
        Ok(lines)
    }

    fn peek(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// Goes on to the next line.
    fn step(&mut self) -> Result<()> {
        let mut line = self.line.take().unwrap_or_default();
        loop {
            line.clear();
            let read = match &mut self.open {
                Some(open) => open.read_line(&mut line),
                None => Ok(0),
            };
            match read {
                Err(bad) => return Err(Error::io(&self.place, bad)),
                Ok(0) => {
                    let Some(path) = self.files.next() else {
                        return Ok(());
                    };
                    let file = File::open(&path)
                        .and_then(|file| unpack(Box::new(file)))
                        .map_err(|bad| Error::io(&path, bad))?;
                    self.open = Some(BufReader::with_capacity(1 << 18, file));
                    self.place = path;
                    self.number = 0;
                }
                Ok(_) => {
                    self.number += 1;
                    if line.ends_with('\n') {
                        line.pop();
                    }
                    self.line = Some(line);
                    return Ok(());
                }
            }
        }
    }

    /// Returns the current line as a row, if it is one of `doc`.
    fn of<'a, R: serde::Deserialize<'a>>(
        &'a self,
        doc: DocId,
        key: impl Fn(&R) -> DocId,
    ) -> Result<Option<R>> {
        let Some(line) = &self.line else {
            return Ok(None);
        };
        let row: R = serde_json::from_str(line).map_err(|bad| self.bad(&bad.to_string()))?;
        Ok((key(&row) == doc).then_some(row))
    }

    fn bad(&self, problem: &str) -> Error {
        Error::damaged(format!("{}:{}", self.place.display(), self.number), problem)
    }
}
