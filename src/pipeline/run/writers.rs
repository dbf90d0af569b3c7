//! Where a run's lines go: the cleaned records, and the ledger beside them.

use super::marks::{Marks, OpenMark, changed};
use super::plan::{Destination, Plan};
use crate::error::{Error, Result};
use crate::formats::Compression;
use crate::formats::compression::Packer;
use crate::pipeline::folder::page::page;
use crate::report::{REPORT_HTML, REPORT_JSON, Report, untimed};
use crate::store::appended::{Unsynced, sync_together};
use crate::store::ledger::Book;
use crate::store::manifest::CleanedEntry;
use crate::store::{FileEntry, Folder, Journal, Manifest, Replacement, Sink};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// An output that packs what it gets.
struct Packed(Packer<Sink>, PathBuf);

impl Packed {
    fn new(sink: Sink, compression: Compression) -> Self {
        let place = sink.place().to_path_buf();
        Self(Packer::new(sink, compression), place)
    }

    fn resume(sink: Sink, compression: Compression, pending: Vec<u8>) -> Self {
        let place = sink.place().to_path_buf();
        Self(Packer::resume(sink, compression, pending), place)
    }

    fn mark(&mut self, lines: u64, bytes: u64) -> Result<OpenMark> {
        let (sink, pending) = self.0.parts();
        Ok(OpenMark {
            pending: BASE64_STANDARD.encode(pending),
            sink: sink.mark()?,
            lines,
            bytes,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0
            .write_all(bytes)
            .map_err(|bad| Error::io(&self.1, bad))
    }

    /// Returns the file where not all of it may be on disk; what waits to be packed is not in it.
    fn unsynced(&mut self) -> Result<Option<Unsynced>> {
        self.0.parts().0.unsynced()
    }

    /// Ends the output; answers with the file that has yet to take its place, where it is one.
    fn close(mut self, lines: u64, bytes: u64) -> Result<(FileEntry, Option<Replacement>)> {
        if bytes == 0 {
            let packed = self.0.pack_nothing();
            packed.map_err(|bad| Error::io(&self.1, bad))?;
        }
        let mut sink = self.0.finish().map_err(|bad| Error::io(&self.1, bad))?;
        sink.count(lines, bytes);
        sink.finish()
    }
}

/// One book that is being written.
struct OpenBook {
    name: String,
    out: Packed,
    lines: u64,
    bytes: u64,
}

/// The cleaned records.
struct CleanedOut {
    out: Option<Packed>,
    /// The number of the shard, in a folder.
    shard: usize,
    name: String,
    lines: u64,
    bytes: u64,
}

/// All outputs of a run.
pub struct Writers {
    folder: Option<Folder>,
    cleaned: CleanedOut,
    books: Vec<OpenBook>,
    destination: Destination,
    /// Whether nothing is written.
    dry: bool,
    /// Whether there is something to go on from.
    marked: bool,
    compression: Compression,
    shard_bytes: u64,
}

impl Writers {
    /// Returns the folder that gets the ledger, if one does.
    pub fn folder(plan: &Plan) -> Option<&Path> {
        match &plan.output {
            _ if plan.dry_run => None,
            Destination::Folder(dir) => Some(dir),
            _ => plan.audit.as_deref(),
        }
    }

    /// Opens the file of cleaned records, if it is one. What is in its way is told before a
    /// folder is made.
    ///
    /// # Errors
    ///
    /// A file that is in the way or cannot be written.
    pub fn file(plan: &Plan) -> Result<Option<Replacement>> {
        match &plan.output {
            Destination::File(path) if !plan.dry_run => {
                Replacement::open(path, plan.force).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Opens every output.
    ///
    /// # Errors
    ///
    /// An output that cannot be written.
    pub fn open(plan: &Plan, folder: Option<Folder>, file: Option<Replacement>) -> Result<Self> {
        let mut writers = Self::new(plan, folder);
        if let Some(folder) = &writers.folder {
            for book in Book::ALL {
                let name = format!("{}{}", book.file(), plan.compression.ending());
                let out = Packed::new(folder.sink(&name)?, plan.compression);
                writers.books.push(OpenBook {
                    name,
                    out,
                    lines: 0,
                    bytes: 0,
                });
            }
        }
        writers.begin_cleaned(file)?;
        Ok(writers)
    }

    /// Opens every output where it was marked; [`Marks::hold`] tells before whether it is there.
    ///
    /// # Errors
    ///
    /// An output that cannot be written, or is not what was marked.
    pub fn resume(
        plan: &Plan,
        mut folder: Folder,
        file: Option<Replacement>,
        marks: &Marks,
    ) -> Result<Self> {
        for (name, entry) in &marks.closed {
            folder.add(name.clone(), entry.clone());
        }
        let mut writers = Self::new(plan, None);
        writers.marked = true;
        let open = |name: &str| -> Result<Option<(Packed, &OpenMark)>> {
            let Some(mark) = marks.open.get(name) else {
                return Ok(None);
            };
            let path = folder.partial().join(name);
            let sink = Sink::resume(&path, &mark.sink)?.ok_or_else(|| changed(&path))?;
            let pending = BASE64_STANDARD
                .decode(&mark.pending)
                .map_err(|_| changed(&path))?;
            Ok(Some((
                Packed::resume(sink, plan.compression, pending),
                mark,
            )))
        };
        for book in Book::ALL {
            let name = format!("{}{}", book.file(), plan.compression.ending());
            let (out, mark) = open(&name)?.ok_or_else(|| changed(&folder.partial().join(&name)))?;
            writers.books.push(OpenBook {
                name,
                out,
                lines: mark.lines,
                bytes: mark.bytes,
            });
        }
        let cleaned = &mut writers.cleaned;
        cleaned.shard = marks.shard;
        cleaned.name = cleaned_name(marks.shard, plan.compression);
        if let Some((out, mark)) = open(&cleaned.name)? {
            cleaned.out = Some(out);
            cleaned.lines = mark.lines;
            cleaned.bytes = mark.bytes;
        }
        writers.folder = Some(folder);
        if writers.cleaned.out.is_none() {
            writers.begin_cleaned(file)?;
        }
        Ok(writers)
    }

    fn new(plan: &Plan, folder: Option<Folder>) -> Self {
        Self {
            folder,
            cleaned: CleanedOut {
                out: None,
                shard: 0,
                name: String::new(),
                lines: 0,
                bytes: 0,
            },
            books: Vec::new(),
            destination: plan.output.clone(),
            dry: plan.dry_run,
            marked: false,
            compression: plan.compression,
            shard_bytes: plan.shard_bytes,
        }
    }

    fn begin_cleaned(&mut self, file: Option<Replacement>) -> Result<()> {
        match file {
            _ if self.dry => Ok(()),
            Some(file) => {
                let compression = Compression::of_name(file.path());
                self.cleaned.out = Some(Packed::new(Sink::replacing(file), compression));
                Ok(())
            }
            None => self.open_cleaned(),
        }
    }

    /// Brings all outputs to disk as far as they are, and `others` with them.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn sync(&mut self, mut others: Vec<Unsynced>) -> Result<()> {
        for book in &mut self.books {
            others.extend(book.out.unsynced()?);
        }
        if let Some(out) = &mut self.cleaned.out {
            others.extend(out.unsynced()?);
        }
        sync_together(&others)
    }

    /// Brings everything in the folder to disk and returns how far that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<Marks> {
        let mut open = BTreeMap::new();
        for book in &mut self.books {
            let mark = book.out.mark(book.lines, book.bytes)?;
            open.insert(book.name.clone(), mark);
        }
        let cleaned = &mut self.cleaned;
        if let (Some(out), Destination::Folder(_)) = (&mut cleaned.out, &self.destination) {
            let mark = out.mark(cleaned.lines, cleaned.bytes)?;
            open.insert(cleaned.name.clone(), mark);
        }
        self.marked = true;
        Ok(Marks {
            open,
            closed: self
                .folder
                .as_ref()
                .map_or_else(BTreeMap::new, |folder| folder.closed().clone()),
            shard: cleaned.shard,
        })
    }

    /// Returns the journal of what is finished, where there is a folder.
    pub fn journal(&mut self) -> Option<&mut Journal> {
        self.folder.as_mut().map(Folder::journal)
    }

    /// Returns the folder that files of this run lie in until they are whole.
    pub fn partial(&self) -> Option<&Path> {
        self.folder.as_ref().map(Folder::partial)
    }

    fn open_cleaned(&mut self) -> Result<()> {
        let cleaned = &mut self.cleaned;
        cleaned.lines = 0;
        cleaned.bytes = 0;
        let (sink, compression) = match (&self.destination, &self.folder) {
            (Destination::Stdout, _) => (Sink::stdout(), Compression::None),
            (Destination::Folder(_), Some(folder)) => {
                cleaned.name = cleaned_name(cleaned.shard, self.compression);
                (folder.sink(&cleaned.name)?, self.compression)
            }
            (Destination::Folder(path) | Destination::File(path), _) => {
                return Err(Error::output(path, "the output was not opened"));
            }
        };
        cleaned.out = Some(Packed::new(sink, compression));
        Ok(())
    }

    /// Returns whether the ledger is kept.
    pub fn keeps_books(&self) -> bool {
        self.folder.is_some()
    }

    /// Writes whole lines of cleaned records.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn cleaned(&mut self, mut lines: &[u8]) -> Result<()> {
        if self.dry {
            return Ok(());
        }
        let sharded = matches!(self.destination, Destination::Folder(_));
        while !lines.is_empty() {
            if sharded && self.cleaned.bytes >= self.shard_bytes {
                self.close_cleaned()?;
                self.cleaned.shard += 1;
                self.open_cleaned()?;
            }
            // A shard ends with the line that fills it, wherever blocks end.
            let room = self.shard_bytes.saturating_sub(self.cleaned.bytes);
            let mut end = lines.len();
            if sharded && room < lines.len() as u64 {
                let room = (room as usize).saturating_sub(1);
                end = memchr::memchr(b'\n', &lines[room..]).map_or(end, |at| room + at + 1);
            }
            let (now, rest) = lines.split_at(end);
            if let Some(out) = &mut self.cleaned.out {
                out.write(now)?;
            }
            self.cleaned.bytes += now.len() as u64;
            self.cleaned.lines += memchr::memchr_iter(b'\n', now).count() as u64;
            lines = rest;
        }
        Ok(())
    }

    /// Ends the file of cleaned records; answers with one that has yet to take its place, and what
    /// is in it.
    fn close_cleaned(&mut self) -> Result<Option<(Replacement, FileEntry)>> {
        let cleaned = &mut self.cleaned;
        let Some(out) = cleaned.out.take() else {
            return Ok(None);
        };
        let (entry, file) = out.close(cleaned.lines, cleaned.bytes)?;
        let file = file.map(|file| (file, entry.clone()));
        if let (Destination::Folder(_), Some(folder)) = (&self.destination, &mut self.folder) {
            folder.add(std::mem::take(&mut cleaned.name), entry);
        }
        Ok(file)
    }

    /// Writes whole rows into a book, where the ledger is kept.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn rows(&mut self, book: Book, rows: &[u8]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if let Some(open) = self.books.get_mut(book as usize) {
            open.out.write(rows)?;
            open.bytes += rows.len() as u64;
            open.lines += memchr::memchr_iter(b'\n', rows).count() as u64;
        }
        Ok(())
    }

    /// Passes on what is written to whoever reads standard output.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn flush(&mut self) -> Result<()> {
        match &mut self.cleaned.out {
            Some(out) if self.destination == Destination::Stdout => {
                out.0.flush().map_err(|bad| Error::io(&out.1, bad))
            }
            _ => Ok(()),
        }
    }

    /// Gives every output its final name; `whole` is called once nothing but names is missing.
    ///
    /// # Errors
    ///
    /// What the system says; [`Writers::leave`] tells what is left then.
    pub fn commit(
        &mut self,
        report: &Report,
        mut manifest: Manifest,
        whole: impl FnOnce(),
    ) -> Result<()> {
        self.sync(Vec::new())?;
        let file = self.close_cleaned()?;
        let Some(folder) = &mut self.folder else {
            whole();
            return file.map_or(Ok(()), |(file, _)| file.commit());
        };
        for book in self.books.drain(..) {
            let (entry, _) = book.out.close(book.lines, book.bytes)?;
            folder.add(book.name, entry);
        }
        let mut json = serde_json::to_vec_pretty(report)
            .map_err(|bad| Error::damaged(REPORT_JSON, bad.to_string()))?;
        json.push(b'\n');
        folder.write_report(REPORT_JSON, &json, &untimed(REPORT_JSON, &json))?;
        manifest.files.clone_from(folder.closed());
        let file = file.map(|(file, entry)| {
            let sha256 = entry.sha256.clone();
            let name = file.path().display().to_string();
            manifest.cleaned = Some(CleanedEntry { name, entry });
            (file, sha256)
        });
        let page = page(folder.partial(), &manifest, report)?;
        let page = page.as_bytes();
        folder.write_report(REPORT_HTML, page, &untimed(REPORT_HTML, page))?;
        folder.commit(manifest, file, whole)
    }

    /// Leaves a run that failed: what it can go on from stays if it is `of_use`, else everything goes.
    pub fn leave(self, of_use: bool) -> Left {
        match self.folder {
            Some(folder) if folder.is_whole() => Left::Whole,
            _ if self.marked && of_use => Left::Finished,
            Some(folder) => {
                folder.discard();
                Left::Nothing
            }
            None => Left::Nothing,
        }
    }
}

/// What a run that failed has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing to go on from.
    Nothing,
    /// What was finished.
    Finished,
    /// Everything: only names are missing.
    Whole,
}

fn cleaned_name(shard: usize, compression: Compression) -> String {
    format!("cleaned-{shard:05}.jsonl{}", compression.ending())
}
