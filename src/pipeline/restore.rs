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
    /// What the bytes are.
    pub what: What,
    /// Its bytes; of a JSON record the line without its line feed.
    pub bytes: &'a [u8],
}

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A line of JSON.
    Record,
    /// A whole plain text file.
    File,
    /// Something that could not be read, as it was.
    Rejected,
    /// The beginning of something that could not be read; its rest is not in the ledger.
    RejectedBeginning,
}

/// Restores the records of a run, in the order they were read.
///
/// `folder` holds the ledger, and the cleaned records too, unless `cleaned`
/// names them. Gives every record to `each`; returns how many there were.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, what `each` gives.
pub fn restore(
    folder: &Path,
    cleaned: Option<&Path>,
    each: &mut dyn FnMut(&Restored<'_>) -> Result<()>,
) -> Result<u64> {
    let manifest = manifest(folder)?;
    let mut books = Books::open(folder, cleaned, &manifest)?;
    let mut bytes = Vec::new();
    for doc in (0..manifest.records).map(DocId) {
        if let Some(row) = books.rejected.of::<RejectedRow<'_>>(doc)? {
            let id = format!("{}:{}", row.file, row.line);
            let raw = row.bytes().unwrap_or_default();
            let what = if row.cut {
                What::RejectedBeginning
            } else {
                What::Rejected
            };
            let bytes = raw.trim_ascii();
            each(&Restored {
                doc,
                id: &id,
                what,
                bytes,
            })?;
            books.rejected.step()?;
            continue;
        }
        let line = books.line(doc)?;
        let record =
            Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.kept.bad(&bad))?;
        let ledger = Ledger::read(doc, &mut books.removed, &mut books.normalised)?;
        let text = ledger.undo(&record.text).ok_or_else(|| {
            books.kept.bad(&format!(
                "the text of record {} is not what the ledger says it became; one of them was changed",
                doc.0 + 1
            ))
        })?;
        bytes.clear();
        let mut what = What::Record;
        if let Some(envelope) = &ledger.envelope {
            what = What::File;
            bytes = envelope.wrap(&text).ok_or_else(|| {
                books
                    .normalised
                    .bad("names a charset that cannot write the text")
            })?;
        } else if ledger.is_empty() {
            record.write(None, &mut bytes);
        } else {
            record.write_original(&text, &ledger.surrogates, &mut bytes);
        }
        let id = record
            .id
            .clone()
            .unwrap_or_else(|| Cow::Owned(format!("#{}", doc.0 + 1)));
        each(&Restored {
            doc,
            id: &id,
            what,
            bytes: &bytes,
        })?;
    }
    Ok(manifest.records)
}

/// The files of a run, read side by side.
struct Books {
    kept: Lines,
    dropped: Lines,
    duplicates: Lines,
    rejected: Lines,
    removed: Lines,
    normalised: Lines,
    fields: Fields,
    /// Whether records that would be dropped stand among the cleaned, marked.
    marked: bool,
    records: u64,
}

impl Books {
    fn open(folder: &Path, cleaned: Option<&Path>, manifest: &Manifest) -> Result<Self> {
        let names = || manifest.files.keys();
        let cleaned_files = match cleaned {
            Some(path) => vec![path.to_path_buf()],
            None => names()
                .filter(|name| name.starts_with("cleaned-"))
                .map(|name| folder.join(name))
                .collect(),
        };
        if cleaned_files.is_empty() {
            return Err(Error::input(
                folder.display().to_string(),
                "the folder holds a ledger but no cleaned records; name them with --cleaned FILE",
            ));
        }
        let book = |book: Book| {
            let name = names().find(|name| name.starts_with(book.file()));
            let name = name.map_or(book.file(), String::as_str);
            Lines::open(vec![folder.join(name)], Rows::Keyed)
        };
        Ok(Self {
            kept: Lines::open(cleaned_files, Rows::Plain)?,
            dropped: book(Book::Dropped)?,
            duplicates: book(Book::Duplicates)?,
            rejected: book(Book::Rejected)?,
            removed: book(Book::Removed)?,
            normalised: book(Book::Normalised)?,
            fields: Fields::new(&manifest.settings.input, None),
            marked: manifest.settings.duplicates.mode == DuplicateMode::Mark,
            records: manifest.records,
        })
    }

    /// Returns the cleaned line of a record, kept or dropped, without a mark of ours.
    fn line(&mut self, doc: DocId) -> Result<String> {
        if let Some(row) = self.dropped.of::<DroppedRow<'_>>(doc)? {
            let line = row.record.get().to_owned();
            self.dropped.step()?;
            return Ok(line);
        }
        let Some(line) = self.kept.line.clone() else {
            return Err(self.kept.bad(&format!(
                "ends before record {} of {}; the cleaned records and the ledger are not of one run",
                doc.0 + 1,
                self.records
            )));
        };
        self.kept.step()?;
        if !self.marked {
            return Ok(line);
        }
        // Only what would be dropped was marked: duplicates, and texts of which nothing is left.
        let mut ours = self.duplicates.doc == Some(doc);
        if ours {
            self.duplicates.step()?;
        } else if let Ok(record) = Record::parse(line.as_bytes(), &self.fields) {
            ours = record.text.trim().is_empty();
        }
        Ok(unmarked(&line).filter(|_| ours).unwrap_or(line))
    }
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|bad| match bad.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Error::input(
            folder.display().to_string(),
            "there is no manifest.json, so it is no output folder of copydesk (of -o FILE, name its --audit folder)",
        ),
        _ => Error::io(&path, bad),
    })?;
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
        while let Some(row) = removed.of::<RemovedRow<'_>>(doc)? {
            out.edits.push(Undo {
                span: row.span,
                text: row.text.into_owned(),
                replacement: row.replacement.into_owned(),
            });
            removed.step()?;
        }
        if let Some(row) = normalised.of::<NormalisedRow<'_>>(doc)? {
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

/// Whether lines are rows of the ledger.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Every line says of which record it is.
    Keyed,
    /// They do not.
    Plain,
}

/// Lines of one or more files, one held at a time.
struct Lines {
    files: std::vec::IntoIter<PathBuf>,
    rows: Rows,
    open: Option<BufReader<Box<dyn Read + Send>>>,
    place: PathBuf,
    number: u64,
    line: Option<String>,
    /// The record that the line is of.
    doc: Option<DocId>,
}

impl Lines {
    fn open(files: Vec<PathBuf>, rows: Rows) -> Result<Self> {
        let mut lines = Self {
            place: files.first().cloned().unwrap_or_default(),
            files: files.into_iter(),
            rows,
            open: None,
            number: 0,
            line: None,
            doc: None,
        };
        lines.step()?;
        Ok(lines)
    }

    /// Goes on to the next line.
    fn step(&mut self) -> Result<()> {
        let mut line = self.line.take().unwrap_or_default();
        self.doc = None;
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
                    if self.rows == Rows::Keyed {
                        #[derive(serde::Deserialize)]
                        struct Key {
                            doc: DocId,
                        }
                        let key: Key = serde_json::from_str(&line)
                            .map_err(|bad| self.bad(&bad.to_string()))?;
                        self.doc = Some(key.doc);
                    }
                    self.line = Some(line);
                    return Ok(());
                }
            }
        }
    }

    /// Returns the current line as a row, if it is one of `doc`.
    fn of<'a, R: serde::Deserialize<'a>>(&'a self, doc: DocId) -> Result<Option<R>> {
        match &self.line {
            Some(line) if self.doc == Some(doc) => serde_json::from_str(line)
                .map(Some)
                .map_err(|bad| self.bad(&bad.to_string())),
            _ => Ok(None),
        }
    }

    fn bad(&self, problem: &str) -> Error {
        Error::damaged(format!("{}:{}", self.place.display(), self.number), problem)
    }
}
