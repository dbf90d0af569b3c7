//! The texts that a report shows, taken from the folder of a run.
//!
//! The report names the documents: some dozens, however many were read. Their lines are found by
//! counting line feeds, so that the way to them costs little more than reading the files. Memory
//! holds one document at a time, and the beginnings of those that are compared.

use super::reading_back::name_of;
use super::undo::{Ledger, List};
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::compression::unpack;
use crate::formats::{Fields, Record};
use crate::report::{
    Examples, LedgerEdit, LineDiff, Report, WordDiff, WordLimits, line_diff, word_diff,
};
use crate::store::Manifest;
use crate::store::ledger::{Book, DroppedRow, NormalisedRow, RemovedRow};
use crate::text::boundary;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Bytes of a text that are compared with another.
const COMPARED: usize = 64 << 10;

/// Returns the texts that `report` asks for; the files of `manifest` lie in `folder`.
///
/// # Errors
///
/// Files that cannot be read, or do not fit each other.
pub fn examples(folder: &Path, manifest: &Manifest, report: &Report) -> Result<Examples> {
    let tally = &report.tally;
    let cuts: BTreeSet<DocId> = tally.documents.most_cut.iter().map(|cut| cut.doc).collect();
    let clusters = &tally.clusters;
    let mut wanted = cuts.clone();
    for cluster in &clusters.largest {
        wanted.insert(cluster.survivor_doc);
        wanted.extend(cluster.least_alike.iter().map(|alike| alike.doc));
    }
    for pair in &clusters.closest {
        wanted.extend([pair.survivor_doc, pair.duplicate.doc]);
    }
    let mut gathering = Gathering::new(folder, None, manifest);
    if let Some(last) = wanted.last().copied() {
        gathering.ledgers(&cuts)?;
        let places = gathering.dropped(&wanted, last)?;
        gathering.kept(&places)?;
    }
    let texts = &gathering.texts;
    let compared = |survivor: DocId, duplicate: DocId| -> Option<WordDiff> {
        let (one, two) = (texts.get(&survivor)?, texts.get(&duplicate)?);
        let mut diff = word_diff(&one.0, &two.0, &WordLimits::BRIEF);
        diff.beginnings |= one.1 || two.1;
        Some(diff)
    };
    let cleaned = manifest
        .files
        .keys()
        .any(|name| name.starts_with("cleaned-"));
    Ok(Examples {
        largest: clusters
            .largest
            .iter()
            .map(|cluster| {
                let alike = cluster.least_alike.iter();
                alike
                    .map(|alike| compared(cluster.survivor_doc, alike.doc))
                    .collect()
            })
            .collect(),
        closest: clusters
            .closest
            .iter()
            .map(|pair| compared(pair.survivor_doc, pair.duplicate.doc))
            .collect(),
        most_cut: tally
            .documents
            .most_cut
            .iter()
            .map(|cut| gathering.cuts.remove(&cut.doc))
            .collect(),
        cleaned_elsewhere: !cleaned,
    })
}

/// Returns the beginnings of the cleaned texts of `wanted`, and whether there is more of each.
///
/// # Errors
///
/// Files that cannot be read, or do not fit each other.
pub fn beginnings(
    folder: &Path,
    cleaned: Option<&Path>,
    manifest: &Manifest,
    wanted: &BTreeSet<DocId>,
) -> Result<BTreeMap<DocId, (String, bool)>> {
    let mut gathering = Gathering::new(folder, cleaned, manifest);
    if let Some(last) = wanted.last().copied() {
        let places = gathering.dropped(wanted, last)?;
        gathering.kept(&places)?;
    }
    Ok(gathering.texts)
}

struct Gathering<'a> {
    folder: &'a Path,
    cleaned: Option<&'a Path>,
    manifest: &'a Manifest,
    fields: Fields,
    /// What the ledger says of the documents that are shown line by line.
    ledgers: BTreeMap<DocId, Ledger>,
    cuts: BTreeMap<DocId, LineDiff>,
    /// The beginnings of texts, and whether there is more.
    texts: BTreeMap<DocId, (String, bool)>,
}

impl<'a> Gathering<'a> {
    fn new(folder: &'a Path, cleaned: Option<&'a Path>, manifest: &'a Manifest) -> Self {
        Self {
            folder,
            cleaned,
            manifest,
            fields: Fields::new(&manifest.settings.input, None),
            ledgers: BTreeMap::new(),
            cuts: BTreeMap::new(),
            texts: BTreeMap::new(),
        }
    }

    /// Gives the rows of a book to `each` until it has enough.
    fn rows(
        &self,
        book: Book,
        mut each: impl FnMut(DocId, &[u8]) -> serde_json::Result<ControlFlow<()>>,
    ) -> Result<()> {
        let name = name_of(book, self.manifest).unwrap_or(book.file());
        let mut skim = Skim::open(vec![self.folder.join(name)]);
        while let Some(row) = skim.line()? {
            let done = key(row).and_then(|doc| each(doc, row));
            match done {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => break,
                Err(bad) => return Err(skim.bad(&bad.to_string())),
            }
        }
        Ok(())
    }

    fn ledgers(&mut self, cuts: &BTreeSet<DocId>) -> Result<()> {
        let Some(last) = cuts.last().copied() else {
            return Ok(());
        };
        let mut ledgers: BTreeMap<DocId, Ledger> = BTreeMap::new();
        self.rows(Book::Removed, |doc, row| {
            if doc > last {
                return Ok(ControlFlow::Break(()));
            }
            if cuts.contains(&doc) {
                let row: RemovedRow<'_> = serde_json::from_slice(row)?;
                ledgers.entry(doc).or_default().removed(&row);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        // A row may be ten times as long as its text, and is read piece by piece.
        let name = name_of(Book::Normalised, self.manifest).unwrap_or(Book::Normalised.file());
        let mut skim = Skim::open(vec![self.folder.join(name)]);
        while let Some(doc) = skim.next_key()? {
            if doc > last {
                break;
            }
            if cuts.contains(&doc) {
                let row = skim.row::<NormalisedRow<'_, List>>()?;
                ledgers.entry(doc).or_default().normalised(row);
            } else {
                skim.skip_to(skim.passed + 1)?;
            }
        }
        self.ledgers = ledgers;
        Ok(())
    }

    /// Takes the wanted records that were dropped; returns the others with their places among the
    /// cleaned records.
    fn dropped(&mut self, wanted: &BTreeSet<DocId>, last: DocId) -> Result<Vec<(DocId, u64)>> {
        let mut found: Vec<(DocId, String)> = Vec::new();
        let mut elsewhere = Vec::new();
        for book in [Book::Dropped, Book::Rejected] {
            let mut before = Before::of(wanted);
            self.rows(book, |doc, row| {
                if doc > last {
                    return Ok(ControlFlow::Break(()));
                }
                before.row(doc);
                if book == Book::Dropped && wanted.contains(&doc) {
                    let row: DroppedRow<'_> = serde_json::from_slice(row)?;
                    found.push((doc, row.record.get().to_owned()));
                }
                Ok(ControlFlow::Continue(()))
            })?;
            elsewhere.push(before.finish());
        }
        for (doc, line) in &found {
            self.take(*doc, line.as_bytes())?;
        }
        let all = wanted.iter().zip(elsewhere[0].iter().zip(&elsewhere[1]));
        Ok(all
            .filter(|(doc, _)| !found.iter().any(|(other, _)| other == *doc))
            .map(|(doc, (dropped, rejected))| (*doc, doc.0.saturating_sub(dropped + rejected)))
            .collect())
    }

    /// Takes records from among the cleaned.
    fn kept(&mut self, places: &[(DocId, u64)]) -> Result<()> {
        let names = self.manifest.files.keys();
        let files: Vec<PathBuf> = match self.cleaned {
            Some(path) => vec![path.to_path_buf()],
            None => names
                .filter(|name| name.starts_with("cleaned-"))
                .map(|name| self.folder.join(name))
                .collect(),
        };
        if files.is_empty() {
            return Ok(());
        }
        let mut skim = Skim::open(files);
        for (doc, place) in places {
            skim.skip_to(*place)?;
            let Some(line) = skim.line()?.map(<[u8]>::to_vec) else {
                return Err(skim.bad(&format!(
                    "ends before record {}; the cleaned records and the ledger are not of one run",
                    doc.0 + 1
                )));
            };
            self.take(*doc, &line)?;
        }
        Ok(())
    }

    /// Takes one record as it was cleaned.
    fn take(&mut self, doc: DocId, line: &[u8]) -> Result<()> {
        let bad = |what: &str| {
            Error::damaged(
                self.folder.display().to_string(),
                format!("record {}: {what}", doc.0 + 1),
            )
        };
        let record = Record::parse(line, &self.fields).map_err(|found| bad(&found))?;
        if let Some(ledger) = self.ledgers.remove(&doc) {
            let original = ledger
                .original(doc, &record.text)
                .map_err(|found| bad(&found))?;
            let edits = ledger.edits().map(|edit| LedgerEdit {
                span: edit.span,
                replacement: edit.replacement,
                why: edit.why,
                removed: edit.removed.is_some(),
            });
            self.cuts.insert(doc, line_diff(&original, edits));
        }
        let end = boundary(&record.text, COMPARED);
        let start = record.text.get(..end).unwrap_or_default().to_owned();
        self.texts.insert(doc, (start, end < record.text.len()));
        Ok(())
    }
}

/// Returns of which document a row is.
fn key(row: &[u8]) -> serde_json::Result<DocId> {
    #[derive(serde::Deserialize)]
    struct Key {
        doc: DocId,
    }
    // Every row of ours begins like this; the rest of it need not be read.
    if let Some(doc) = own_key(row) {
        return Ok(doc);
    }
    serde_json::from_slice::<Key>(row).map(|key| key.doc)
}

/// Returns of which document a row of ours is that begins like this.
fn own_key(row: &[u8]) -> Option<DocId> {
    let rest = row.strip_prefix(b"{\"doc\":")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = rest.get(..digits).filter(|_| digits < rest.len())?;
    std::str::from_utf8(number).ok()?.parse().ok().map(DocId)
}

/// The bytes up to a line feed, which is taken too.
struct OneLine<'a, R>(&'a mut R);

impl<R: BufRead> Read for OneLine<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(place) = into.first_mut() else {
            return Ok(0);
        };
        match self.0.fill_buf()?.first().copied() {
            None => Ok(0),
            Some(b'\n') => {
                self.0.consume(1);
                Ok(0)
            }
            Some(byte) => {
                *place = byte;
                self.0.consume(1);
                Ok(1)
            }
        }
    }
}

/// Counts how many rows stand before each of some documents.
struct Before<'a> {
    wanted: std::iter::Peekable<std::collections::btree_set::Iter<'a, DocId>>,
    rows: u64,
    counts: Vec<u64>,
}

impl<'a> Before<'a> {
    fn of(wanted: &'a BTreeSet<DocId>) -> Self {
        Self {
            wanted: wanted.iter().peekable(),
            rows: 0,
            counts: Vec::with_capacity(wanted.len()),
        }
    }

    fn row(&mut self, doc: DocId) {
        while self.wanted.next_if(|wanted| **wanted <= doc).is_some() {
            self.counts.push(self.rows);
        }
        self.rows += 1;
    }

    fn finish(mut self) -> Vec<u64> {
        self.counts.extend(self.wanted.map(|_| self.rows));
        self.counts
    }
}

/// Lines of one or more files, most of which are passed over.
struct Skim {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<BufReader<Box<dyn Read + Send>>>,
    place: PathBuf,
    /// Lines that were passed, in all files.
    passed: u64,
    line: Vec<u8>,
}

impl Skim {
    fn open(files: Vec<PathBuf>) -> Self {
        Self {
            place: files.first().cloned().unwrap_or_default(),
            files: files.into_iter(),
            open: None,
            passed: 0,
            line: Vec::new(),
        }
    }

    /// Opens the next file; returns whether there is one.
    fn next_file(&mut self) -> Result<bool> {
        let Some(path) = self.files.next() else {
            return Ok(false);
        };
        let file = File::open(&path)
            .and_then(|file| unpack(Box::new(file)))
            .map_err(|bad| Error::io(&path, bad))?;
        self.open = Some(BufReader::with_capacity(1 << 18, file));
        self.place = path;
        Ok(true)
    }

    /// Passes over lines until `number` of them lie behind.
    fn skip_to(&mut self, number: u64) -> Result<()> {
        while self.passed < number {
            let Some(open) = &mut self.open else {
                if self.next_file()? {
                    continue;
                }
                return Ok(());
            };
            let buffer = open.fill_buf().map_err(|bad| Error::io(&self.place, bad))?;
            if buffer.is_empty() {
                self.open = None;
                continue;
            }
            let missing = number - self.passed;
            let mut used = buffer.len();
            let mut found = 0;
            for at in memchr::memchr_iter(b'\n', buffer) {
                found += 1;
                if found == missing {
                    used = at + 1;
                    break;
                }
            }
            self.passed += found;
            open.consume(used);
        }
        Ok(())
    }

    /// Returns of which document the next line is, which stays to be read.
    fn next_key(&mut self) -> Result<Option<DocId>> {
        loop {
            let Some(open) = &mut self.open else {
                if self.next_file()? {
                    continue;
                }
                return Ok(None);
            };
            let buffer = open.fill_buf().map_err(|bad| Error::io(&self.place, bad))?;
            if buffer.is_empty() {
                self.open = None;
                continue;
            }
            if let Some(doc) = own_key(buffer) {
                return Ok(Some(doc));
            }
            // The key is cut by the buffer's end, or the row is not as ours are.
            let mut line = std::mem::take(&mut self.line);
            line.clear();
            let read = open.read_until(b'\n', &mut line);
            read.map_err(|bad| Error::io(&self.place, bad))?;
            let doc = key(&line).map_err(|bad| self.bad(&bad.to_string()))?;
            if let Some(rest) = self.open.take() {
                let again = Cursor::new(line).chain(rest);
                self.open = Some(BufReader::with_capacity(1 << 18, Box::new(again)));
            }
            return Ok(Some(doc));
        }
    }

    /// Reads the next line as a row, without holding all of it.
    fn row<'r, R: Deserialize<'r>>(&mut self) -> Result<R> {
        let row = match &mut self.open {
            Some(open) => {
                let mut line = serde_json::Deserializer::from_reader(OneLine(open));
                R::deserialize(&mut line).and_then(|row| line.end().map(|()| row))
            }
            None => serde_json::from_str(""),
        };
        self.passed += 1;
        row.map_err(|bad| self.bad(&bad.to_string()))
    }

    /// Returns the next line without its line feed.
    fn line(&mut self) -> Result<Option<&[u8]>> {
        loop {
            let Some(open) = &mut self.open else {
                if self.next_file()? {
                    continue;
                }
                return Ok(None);
            };
            self.line.clear();
            let read = open.read_until(b'\n', &mut self.line);
            if read.map_err(|bad| Error::io(&self.place, bad))? == 0 {
                self.open = None;
                continue;
            }
            self.passed += 1;
            if self.line.ends_with(b"\n") {
                self.line.pop();
            }
            return Ok(Some(&self.line));
        }
    }

    fn bad(&self, problem: &str) -> Error {
        Error::damaged(format!("{}:{}", self.place.display(), self.passed), problem)
    }
}
