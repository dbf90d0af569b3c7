//! `explain`: what would be done to a document and why, as a diff; or what a run has done.

mod other;
mod page;
mod row;
mod run;

use crate::args::{Common, Explain, FormatArg};
use crate::text;
use crate::{config, summary};
use anyhow::Result;
use copydesk::document::{DocId, Document};
use copydesk::error::Error;
use copydesk::formats::blocks::{Cut, read_record, records};
use copydesk::formats::plain::{self, Plain};
use copydesk::formats::{BlockReader, Fields, Payload, locations};
use copydesk::pipeline::{Cleaner, Silent, site_model};
use copydesk::settings::Level;
use other::{LEVELS, Told};
use page::RED;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

/// How many records are shown where none is named.
const FIRST: u64 = 10;
/// Bytes that are read at a time: few records are shown.
const BLOCK: usize = 64 << 10;
/// Explains the chosen records and returns the exit code.
pub fn explain(job: &Explain, common: &Common) -> Result<u8> {
    if let Some(folder) = &job.run {
        return run::explain(folder, job);
    }
    let config::Chosen {
        mut settings,
        resources,
    } = config::of_cleaning(&job.laid, &job.reading, &job.cleaning, common)?;
    let found = locations::find(&job.inputs, job.format.map(FormatArg::format))?;
    for said in found.doubts.iter().filter(|_| !common.quiet) {
        summary::warn(&text::harmless(said));
    }
    let inputs = found.inputs;
    let cut = Cut {
        block: BLOCK,
        max_record: resources.max_record.as_usize(),
    };
    let pool = crate::pool(resources.threads)?;
    // Learning reads everything: in whole blocks, not in small ones.
    let learning = Cut {
        max_record: cut.max_record,
        ..Cut::default()
    };
    let sites = pool.install(|| site_model(&mut settings, &inputs, learning, &Silent))?;
    let cleaner = |level| {
        let mut settings = settings.clone();
        settings.boilerplate.level = level;
        let cleaner = Cleaner::new(&settings);
        match &sites {
            Some(sites) => cleaner.with_site_model(Arc::clone(sites)),
            None => cleaner,
        }
    };
    let own = settings.boilerplate.level;
    let others = LEVELS.into_iter().filter(|level| *level != own);
    let mut desk = Desk {
        job,
        max_record: cut.max_record,
        cleaner: cleaner(own),
        own,
        levels: others.map(|level| (level, cleaner(level))).collect(),
        fields: Fields::new(&settings.input, None),
        records: job.record.iter().copied().collect(),
        unseen: job.id.iter().map(String::as_str).collect(),
        out: anstream::AutoStream::auto(io::stdout()),
        shown: 0,
        next: 0,
        rejected: 0,
        first_rejected: None,
    };
    let mut reader = BlockReader::new(inputs, cut);
    let mut more = true;
    while more && let Some(block) = reader.next_block()? {
        desk.next = block.first_doc.0;
        more = match &block.payload {
            Payload::Lines(data) => desk.lines(&block.source, block.first_line, data)?,
            Payload::Text(bytes) => desk.file(&block.source, bytes)?,
            Payload::Refused { reason, .. } => {
                desk.refused(&block.source, block.first_line, reason)?
            }
        };
    }
    desk.out.flush().map_err(written)?;
    if !more && desk.chooses_first() && !common.quiet {
        anstream::eprintln!("the first {FIRST} records; --record N and --id ID show others");
    }
    desk.missing()?;
    Ok(0)
}

/// Shows records as they come.
struct Desk<'j> {
    job: &'j Explain,
    cleaner: Cleaner,
    /// The level asked for, and cleaners of the others.
    own: Level,
    levels: Vec<(Level, Cleaner)>,
    fields: Fields,
    /// The longest record that is taken, in bytes.
    max_record: usize,
    records: BTreeSet<u64>,
    /// Ids that are wanted and were not seen yet.
    unseen: BTreeSet<&'j str>,
    out: anstream::AutoStream<io::Stdout>,
    shown: u64,
    /// The ordinal of the next record.
    next: u64,
    /// How many records could not be read, and where and why the first.
    rejected: u64,
    first_rejected: Option<String>,
}

impl Desk<'_> {
    /// Returns whether nobody has named a record.
    fn chooses_first(&self) -> bool {
        self.job.id.is_empty() && self.records.is_empty()
    }

    /// Returns whether a later record may still be wanted.
    fn goes_on(&self) -> bool {
        // Ids need not be unique: every record is looked at.
        !self.job.id.is_empty() || self.records.last().is_some_and(|last| self.next < *last)
    }

    /// Returns whether the record is wanted by its number or, where it has one, its id.
    fn wants(&self, doc: u64, id: Option<&str>) -> bool {
        self.chooses_first()
            || self.records.contains(&(doc + 1))
            || id.is_some_and(|id| self.job.id.iter().any(|wanted| wanted == id))
    }

    /// Shows the wanted records of a block; answers whether there may be more.
    fn lines(&mut self, source: &str, first_line: u64, data: &[u8]) -> Result<bool> {
        for (line, raw) in records(first_line, data) {
            if self.full() {
                return Ok(false);
            }
            let doc = self.next;
            self.next += 1;
            match read_record(raw, &self.fields, self.max_record) {
                Ok(record) => {
                    let number = format!("#{}", doc + 1);
                    let id = record.id.as_deref().unwrap_or(&number);
                    if self.wants(doc, Some(id)) {
                        let document = Document {
                            text: &record.text,
                            title: record.title.as_deref(),
                            url: record.url.as_deref(),
                            site: record.site.as_deref(),
                        };
                        self.show(source, doc, id, &document)?;
                    }
                }
                Err(bad) => {
                    self.note_rejected(source, line, &bad.reason);
                    if self.wants(doc, None) {
                        self.reject(source, line, doc, &bad.reason)?;
                    }
                }
            }
        }
        Ok(true)
    }

    /// Shows a plain text file, if it is wanted.
    fn file(&mut self, source: &str, bytes: &[u8]) -> Result<bool> {
        if self.full() {
            return Ok(false);
        }
        let doc = self.next;
        self.next += 1;
        if self.wants(doc, Some(source)) {
            let plain = Plain::decode(bytes);
            let document = Document {
                text: &plain.text,
                title: Some(plain::headline(&plain.text)),
                ..Document::default()
            };
            self.show(source, doc, source, &document)?;
        }
        Ok(true)
    }

    fn refused(&mut self, source: &str, line: u64, reason: &str) -> Result<bool> {
        if self.full() {
            return Ok(false);
        }
        let doc = self.next;
        self.next += 1;
        self.note_rejected(source, line, reason);
        if self.wants(doc, None) {
            self.reject(source, line, doc, reason)?;
        }
        Ok(true)
    }

    fn note_rejected(&mut self, source: &str, line: u64, reason: &str) {
        self.rejected += 1;
        self.first_rejected
            .get_or_insert_with(|| format!("{source}:{line}: {reason}"));
    }

    /// Returns whether everything that was asked for has been shown.
    fn full(&self) -> bool {
        if self.chooses_first() {
            self.shown >= FIRST
        } else {
            !self.goes_on()
        }
    }

    /// Complains about what was named and not found.
    fn missing(&self) -> Result<()> {
        let place = self.job.inputs.join(" ");
        if let Some(last) = self.records.last().filter(|last| **last > self.next) {
            let said = format!("there is no record {last}; the input holds {}", self.next);
            return Err(Error::input(place, said).into());
        }
        if !self.unseen.is_empty() {
            let ids: Vec<String> = self.unseen.iter().map(|id| format!("{id:?}")).collect();
            let mut said = format!("no record has the id {}", ids.join(", "));
            if let Some(first) = self
                .first_rejected
                .as_ref()
                .filter(|_| self.rejected == self.next)
            {
                said.push_str(&format!(
                    "; every record was rejected, so none has an id; the first: {first}"
                ));
            }
            return Err(Error::input(place, said).into());
        }
        Ok(())
    }

    fn show(&mut self, source: &str, doc: u64, id: &str, document: &Document<'_>) -> Result<()> {
        self.unseen.remove(id);
        let (cleaned, heard) = self.cleaner.clean_and_hear(document);
        let lines = cleaned.lines();
        let others = other::others(document, &lines, heard, self.own, &self.levels);
        let told = Told {
            cleaned: &cleaned,
            lines: &lines,
            others: &others,
        };
        self.shown += 1;
        if self.job.json {
            let row = text::harmless_json(&row::row(source, doc, id, &told));
            return Ok(writeln!(self.out, "{row}").map_err(written)?);
        }
        let text = text::fitted(&page::diff(source, doc, id, &told));
        let gap = if self.shown > 1 { "\n" } else { "" };
        Ok(write!(self.out, "{gap}{text}").map_err(written)?)
    }

    fn reject(&mut self, source: &str, line: u64, doc: u64, reason: &str) -> Result<()> {
        self.shown += 1;
        if self.job.json {
            let row =
                json!({"doc": DocId(doc), "source": source, "line": line, "rejected": reason});
            let row = text::harmless_json(&row);
            return Ok(writeln!(self.out, "{row}").map_err(written)?);
        }
        let gap = if self.shown > 1 { "\n" } else { "" };
        let said = text::harmless(&format!(
            "{source}:{line}: record {}: rejected: {reason}",
            doc + 1
        ));
        Ok(writeln!(self.out, "{gap}{RED}{said}{}", summary::PLAIN).map_err(written)?)
    }
}

/// Returns our error for what the output said.
fn written(bad: io::Error) -> Error {
    Error::io("standard output", bad)
}
