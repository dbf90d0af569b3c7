//! The files of a run, read side by side, one record of each held at a time.

use super::undo::{Ledger, List};
use crate::document::DocId;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::compression::unpack;
use crate::formats::record::unmarked;
use crate::formats::{Fields, Record};
use crate::pipeline::decide::mark::Mark;
use crate::settings::DuplicateMode;
use crate::store::ledger::{Book, DropReason, DroppedRow, DuplicateRow, NormalisedRow, RemovedRow};
use crate::store::manifest::{MANIFEST, SCHEMA};
use crate::store::{Appended, Manifest};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Where a line was given from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Kept,
    Dropped,
}

/// The files of a run, read side by side.
pub(in crate::pipeline) struct Books {
    kept: Lines,
    dropped: Lines,
    duplicates: Lines,
    pub rejected: Lines,
    pub removed: Lines,
    pub normalised: Lines,
    pub fields: Fields,
    /// Whether records that would be dropped stand among the cleaned, marked.
    marked: bool,
    /// Where the line given last is from; it is still the current one there.
    given: Option<From>,
    /// Whether the line given last had another mark than what would be done with it.
    pub mismarked: bool,
    /// How `dropped.jsonl` calls the record given last.
    pub dropped_as: Option<String>,
    records: u64,
}

impl Books {
    pub fn open(folder: &Path, cleaned: Option<&Path>, manifest: &Manifest) -> Result<Self> {
        let cleaned_files = cleaned_files(folder, cleaned, manifest)?;
        let book = |book: Book| {
            let name = name_of(book, manifest).unwrap_or(book.file());
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
            given: None,
            mismarked: false,
            dropped_as: None,
            records: manifest.records,
        })
    }

    /// Returns the cleaned line of a record without a mark of ours, and why it is not among the
    /// cleaned records, if it is not.
    pub fn line(&mut self, doc: DocId) -> Result<(String, Option<DropReason>)> {
        self.go_on()?;
        (self.mismarked, self.dropped_as) = (false, None);
        if let Some(row) = self.dropped.of::<DroppedRow<'_>>(doc)? {
            self.given = Some(From::Dropped);
            self.dropped_as = Some(row.id.into_owned());
            return Ok((row.record.get().to_owned(), Some(row.reason)));
        }
        let Some(line) = self.kept.line.clone() else {
            return Err(self.kept.bad(&format!(
                "ends before record {} of {}; the cleaned records and the ledger are not of one run",
                doc.0 + 1,
                self.records
            )));
        };
        self.given = Some(From::Kept);
        if !self.marked {
            return Ok((line, None));
        }
        // Only what would be dropped was marked: duplicates, and texts of which nothing is left.
        let told = self.duplicates.doc == Some(doc);
        // A row that does not read is told by whoever reads it; the record comes back without it.
        let row = self.duplicates.of::<DuplicateRow<'_>>(doc);
        let row = row.ok().flatten();
        let mut ours = told;
        if !ours && let Ok(record) = Record::parse(line.as_bytes(), &self.fields) {
            ours = record.text.trim().is_empty();
        }
        if !ours {
            return Ok((line, None));
        }
        let bare = unmarked(&line);
        let mut marked = Vec::with_capacity(line.len());
        if let Some(bare) = &bare {
            Mark::of(row.as_ref()).add_to(bare.as_bytes(), &mut marked);
        }
        self.mismarked = marked != line.as_bytes();
        if told {
            self.duplicates.step()?;
        }
        Ok((bare.unwrap_or(line), None))
    }

    /// Leaves the line that was given last.
    fn go_on(&mut self) -> Result<()> {
        match self.given.take() {
            Some(From::Kept) => self.kept.step(),
            Some(From::Dropped) => self.dropped.step(),
            None => Ok(()),
        }
    }

    /// Returns what is wrong with the line that was given last.
    pub fn bad(&self, problem: &str) -> Error {
        match self.given {
            Some(From::Dropped) => self.dropped.bad(problem),
            _ => self.kept.bad(problem),
        }
    }

    /// Returns what the ledger says of a record.
    pub fn ledger(&mut self, doc: DocId) -> Result<Ledger> {
        let mut out = Ledger::default();
        while let Some(row) = self.removed.of::<RemovedRow<'_>>(doc)? {
            out.removed(&row);
            self.removed.step()?;
        }
        if let Some(row) = self.normalised.of::<NormalisedRow<'_, List>>(doc)? {
            out.normalised(row);
            self.normalised.step()?;
        }
        Ok(out)
    }

    /// Checks that nothing is left when all records have been read.
    pub fn finish(&mut self) -> Result<()> {
        self.go_on()?;
        let books = [
            &self.kept,
            &self.dropped,
            &self.rejected,
            &self.removed,
            &self.normalised,
        ];
        match books.into_iter().find(|book| book.line.is_some()) {
            None => Ok(()),
            Some(book) => Err(book.bad(&format!(
                "goes on behind the last of {} records; the cleaned records and the ledger are not of one run",
                self.records
            ))),
        }
    }
}

/// Returns the files of cleaned records: `cleaned` where it is named, else those in the folder, else
/// the one that the manifest names, as it does or beside the folder.
///
/// # Errors
///
/// None of them is there.
pub(in crate::pipeline) fn cleaned_files(
    folder: &Path,
    cleaned: Option<&Path>,
    manifest: &Manifest,
) -> Result<Vec<PathBuf>> {
    if let Some(path) = cleaned {
        return Ok(vec![path.to_path_buf()]);
    }
    let names = manifest.files.keys();
    let inside = names.filter(|name| name.starts_with("cleaned-"));
    let inside: Vec<PathBuf> = inside.map(|name| folder.join(name)).collect();
    if !inside.is_empty() {
        return Ok(inside);
    }
    let place = folder.display().to_string();
    let Some(named) = &manifest.cleaned else {
        return Err(Error::input(
            place,
            "the folder holds a ledger but no cleaned records, which went to standard output; name a file of them with --cleaned FILE",
        ));
    };
    let path = PathBuf::from(&named.name);
    let parent = folder.parent().unwrap_or(Path::new(""));
    let beside = path.file_name().map(|name| parent.join(name));
    let found = [Some(path), beside].into_iter().flatten();
    match found.into_iter().find(|path| path.is_file()) {
        Some(path) => Ok(vec![path]),
        None => Err(Error::input(
            place,
            format!(
                "the cleaned records were written to {}, which is not here; say where they are with --cleaned FILE",
                named.name
            ),
        )),
    }
}

/// Returns the file of the run that is this book, if the manifest names one.
pub(in crate::pipeline) fn name_of(book: Book, manifest: &Manifest) -> Option<&str> {
    let mut names = manifest.files.keys();
    names
        .find(|name| {
            name.strip_prefix(book.file())
                .is_some_and(|rest| matches!(rest, "" | ".gz" | ".zst"))
        })
        .map(String::as_str)
}

pub(in crate::pipeline) fn manifest(folder: &Path) -> Result<Manifest> {
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

/// Whether lines are rows of the ledger.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Rows {
    /// Every line says of which record it is.
    Keyed,
    /// They do not.
    Plain,
}

/// Lines of one or more files, one held at a time.
pub(in crate::pipeline) struct Lines {
    files: std::vec::IntoIter<PathBuf>,
    rows: Rows,
    open: Option<BufReader<Box<dyn Read + Send>>>,
    place: PathBuf,
    number: u64,
    line: Option<String>,
    /// The record that the line is of.
    doc: Option<DocId>,
    /// The record that the last line was of.
    last: Option<DocId>,
}

impl Lines {
    pub fn open(files: Vec<PathBuf>, rows: Rows) -> Result<Self> {
        let mut lines = Self {
            place: files.first().cloned().unwrap_or_default(),
            files: files.into_iter(),
            rows,
            open: None,
            number: 0,
            line: None,
            doc: None,
            last: None,
        };
        lines.step()?;
        Ok(lines)
    }

    /// Goes on to the next line.
    pub fn step(&mut self) -> Result<()> {
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
                        if self.last.is_some_and(|last| last > key.doc) {
                            return Err(self.bad(&format!(
                                "a row of record {} found behind one of record {}; expected rows in the order of their records",
                                key.doc.0 + 1,
                                self.last.unwrap_or_default().0 + 1
                            )));
                        }
                        self.doc = Some(key.doc);
                        self.last = self.doc;
                    }
                    self.line = Some(line);
                    return Ok(());
                }
            }
        }
    }

    /// Returns the current line as a row, if it is one of `doc`.
    pub fn of<'a, R: serde::Deserialize<'a>>(&'a self, doc: DocId) -> Result<Option<R>> {
        match &self.line {
            Some(line) if self.doc == Some(doc) => serde_json::from_str(line)
                .map(Some)
                .map_err(|bad| self.bad(&bad.to_string())),
            _ => Ok(None),
        }
    }

    /// Returns the current line as a row, whatever record it is of.
    pub fn current<'a, R: serde::Deserialize<'a>>(&'a self) -> Result<Option<R>> {
        match self.doc {
            Some(doc) => self.of(doc),
            None => Ok(None),
        }
    }

    /// Returns what is wrong with the current line.
    pub fn bad(&self, problem: &str) -> Error {
        Error::damaged(format!("{}:{}", self.place.display(), self.number), problem)
    }
}

/// Opens a file without a name for what is laid aside while `folder` is read: in `temp_dir` where
/// one is named, else in the folder, and where that may not be written, in the system's place.
///
/// # Errors
///
/// What the system says.
pub fn scratch(temp_dir: Option<&Path>, folder: &Path, what: &str) -> Result<Appended> {
    match Appended::unnamed(temp_dir.unwrap_or(folder), what) {
        Err(bad) if temp_dir.is_none() && may_not_be_written(&bad) => {
            Appended::unnamed(&std::env::temp_dir(), what)
        }
        done => done,
    }
}

fn may_not_be_written(bad: &Error) -> bool {
    matches!(bad.kind(), ErrorKind::Io { source, .. } if matches!(
        source.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    ))
}
