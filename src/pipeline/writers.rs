//! Where a run's lines go: the cleaned records, and the ledger beside them.

use super::plan::{Destination, Plan};
use crate::error::{Error, Result};
use crate::formats::Compression;
use crate::formats::compression::Packer;
use crate::report::{REPORT_HTML, REPORT_JSON, Report, html};
use crate::store::{FileEntry, Folder, Manifest, Replacement, Sink};
use std::io::Write;
use std::path::PathBuf;

/// The files of the ledger, by what goes into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    /// What the desks took out.
    Removed,
    /// What was mended.
    Normalised,
    /// Duplicates and their survivors.
    Duplicates,
    /// Records that are not in the cleaned output.
    Dropped,
    /// Records that could not be read.
    Rejected,
    /// Documents that the brake has left alone.
    Spared,
}

impl Book {
    /// Every book.
    pub const ALL: [Self; 6] = [
        Self::Removed,
        Self::Normalised,
        Self::Duplicates,
        Self::Dropped,
        Self::Rejected,
        Self::Spared,
    ];

    /// Returns the file's name without what packing adds.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Removed => "removed.jsonl",
            Self::Normalised => "normalised.jsonl",
            Self::Duplicates => "duplicates.jsonl",
            Self::Dropped => "dropped.jsonl",
            Self::Rejected => "rejected.jsonl",
            Self::Spared => "spared.jsonl",
        }
    }
}

/// An output that packs what it gets.
struct Packed(Packer<Sink>, PathBuf);

impl Packed {
    fn new(sink: Sink, compression: Compression) -> Self {
        let place = sink.place().to_path_buf();
        Self(Packer::new(sink, compression), place)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0
            .write_all(bytes)
            .map_err(|bad| Error::io(&self.1, bad))
    }

    fn close(self, lines: u64, bytes: u64) -> Result<FileEntry> {
        let mut sink = self.0.finish().map_err(|bad| Error::io(&self.1, bad))?;
        sink.count(lines, bytes);
        sink.close()
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
    compression: Compression,
    shard_bytes: u64,
}

impl Writers {
    /// Opens every output.
    ///
    /// # Errors
    ///
    /// An output that is in the way or cannot be written.
    pub fn open(plan: &Plan) -> Result<Self> {
        let dir = match &plan.output {
            _ if plan.dry_run => None,
            Destination::Folder(dir) => Some(dir),
            _ => plan.audit.as_ref(),
        };
        // What is in the way of the file is told before the folder is made.
        let file = match &plan.output {
            Destination::File(path) if !plan.dry_run => Some(Replacement::open(path, plan.force)?),
            _ => None,
        };
        let folder = dir.map(|dir| Folder::create(dir, plan.force)).transpose()?;
        let mut books = Vec::new();
        if let Some(folder) = &folder {
            for book in Book::ALL {
                let name = format!("{}{}", book.file(), plan.compression.ending());
                let out = Packed::new(folder.sink(&name)?, plan.compression);
                books.push(OpenBook {
                    name,
                    out,
                    lines: 0,
                    bytes: 0,
                });
            }
        }
        let mut writers = Self {
            folder,
            cleaned: CleanedOut {
                out: None,
                shard: 0,
                name: String::new(),
                lines: 0,
                bytes: 0,
            },
            books,
            destination: plan.output.clone(),
            dry: plan.dry_run,
            compression: plan.compression,
            shard_bytes: plan.shard_bytes,
        };
        match file {
            _ if plan.dry_run => {}
            Some(file) => {
                let compression = Compression::of_name(file.path());
                writers.cleaned.out = Some(Packed::new(Sink::replacing(file), compression));
            }
            None => writers.open_cleaned()?,
        }
        Ok(writers)
    }

    fn open_cleaned(&mut self) -> Result<()> {
        let cleaned = &mut self.cleaned;
        cleaned.lines = 0;
        cleaned.bytes = 0;
        let (sink, compression) = match (&self.destination, &self.folder) {
            (Destination::Stdout, _) => (Sink::stdout(), Compression::None),
            (Destination::Folder(_), Some(folder)) => {
                cleaned.name = format!(
                    "cleaned-{:05}.jsonl{}",
                    cleaned.shard,
                    self.compression.ending()
                );
                (folder.sink(&cleaned.name)?, self.compression)
            }
            (Destination::Folder(path) | Destination::File(path), _) => {
                return Err(Error::output(path, "the output was not opened"));
            }
        };
        cleaned.out = Some(Packed::new(sink, compression));
        Ok(())
    }

    /// Returns a place for files that live as long as the run.
    pub fn scratch(&self, plan: &Plan) -> PathBuf {
        plan.temp_dir.clone().unwrap_or_else(|| {
            self.folder
                .as_ref()
                .map_or_else(std::env::temp_dir, |folder| folder.partial().to_path_buf())
        })
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

    fn close_cleaned(&mut self) -> Result<()> {
        let cleaned = &mut self.cleaned;
        let Some(out) = cleaned.out.take() else {
            return Ok(());
        };
        let entry = out.close(cleaned.lines, cleaned.bytes)?;
        if let (Destination::Folder(_), Some(folder)) = (&self.destination, &mut self.folder) {
            folder.add(std::mem::take(&mut cleaned.name), entry);
        }
        Ok(())
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

    /// Gives every output its final name.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(mut self, report: &Report, manifest: Manifest) -> Result<()> {
        self.close_cleaned()?;
        if let Some(mut folder) = self.folder.take() {
            for book in self.books.drain(..) {
                let entry = book.out.close(book.lines, book.bytes)?;
                folder.add(book.name, entry);
            }
            let mut json = serde_json::to_vec_pretty(report)
                .map_err(|bad| Error::damaged(REPORT_JSON, bad.to_string()))?;
            json.push(b'\n');
            folder.write(REPORT_JSON, &json)?;
            folder.write(REPORT_HTML, html(report).as_bytes())?;
            folder.commit(manifest)?;
        }
        Ok(())
    }

    /// Takes away what a failed run left.
    pub fn discard(self) {
        if let Some(folder) = self.folder {
            folder.discard();
        }
    }
}
