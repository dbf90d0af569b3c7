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
use copydesk::formats::{BlockReader, Fields, NO_JSON, Payload, locations};
use copydesk::pipeline::{Cleaner, Silent, Wanted, site_model};
use copydesk::settings::Level;
use other::{LEVELS, Told};
use page::RED;
use serde_json::json;
use std::io::{self, Write};
use std::sync::Arc;

/// How many records are shown where none is named.
const FIRST: u64 = 10;
/// Bytes that are read at a time: few records are shown.
const BLOCK: usize = 64 << 10;

/// Explains the chosen records and returns the exit code.
pub fn explain(job: &Explain, common: &Common) -> Result<u8> {
    if let Some(folder) = &job.run {
        return run::explain(folder, job, common);
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
        wanted: wanted(job, FIRST),
        held: Vec::new(),
        out: anstream::AutoStream::auto(io::stdout()),
        shown: 0,
        next: 0,
        rejected: 0,
        no_json: 0,
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
    desk.give_held()?;
    desk.out.flush().map_err(written)?;
    if !more && chooses_first(job) && !common.quiet {
        say_first();
    }
    desk.missing()?;
    Ok(0)
}

/// Returns whether nobody has named a record.
fn chooses_first(job: &Explain) -> bool {
    job.id.is_empty() && job.record.is_empty()
}

/// Returns which records are asked for: the first `most` where nobody has named one.
fn wanted(job: &Explain, most: u64) -> Wanted {
    match chooses_first(job) {
        true => Wanted::first(most),
        false => Wanted::named(&job.id, &job.record),
    }
}

/// Says that there are more records than are shown.
fn say_first() {
    anstream::eprintln!("the first {FIRST} records; --record N and --id ID show others");
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
    wanted: Wanted,
    /// What waits to be shown, since its number or that of one before it may turn out to be the id
    /// of a later record: by ordinal, what it goes by, and its page.
    held: Vec<(DocId, String, String)>,
    out: anstream::AutoStream<io::Stdout>,
    shown: u64,
    /// The ordinal of the next record.
    next: u64,
    /// How many records could not be read, how many of them since they are no JSON, and where and
    /// why the first.
    rejected: u64,
    no_json: u64,
    first_rejected: Option<String>,
}

impl Desk<'_> {
    /// Shows the wanted records of a block; answers whether there may be more.
    fn lines(&mut self, source: &str, first_line: u64, data: &[u8]) -> Result<bool> {
        for (line, raw) in records(first_line, data) {
            if self.full() {
                return Ok(false);
            }
            let doc = self.turn();
            match read_record(raw, &self.fields, self.max_record) {
                Ok(record) => {
                    let number = doc.called();
                    let id = record.id.as_deref().unwrap_or(&number);
                    self.wanted.hears(doc, record.id.as_deref());
                    if self.wanted.meets(doc, id) {
                        let document = Document {
                            text: &record.text,
                            title: record.title.as_deref(),
                            url: record.url.as_deref(),
                            site: record.site.as_deref(),
                        };
                        self.show(source, doc, id, &document)?;
                    }
                }
                Err(bad) => self.reject(source, line, doc, &bad.reason)?,
            }
        }
        Ok(true)
    }

    /// Shows a plain text file, if it is wanted.
    fn file(&mut self, source: &str, bytes: &[u8]) -> Result<bool> {
        if self.full() {
            return Ok(false);
        }
        let doc = self.turn();
        self.wanted.hears(doc, Some(source));
        if self.wanted.meets(doc, source) {
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
        let doc = self.turn();
        self.reject(source, line, doc, reason)?;
        Ok(true)
    }

    /// Returns the ordinal of the record whose turn it is.
    fn turn(&mut self) -> DocId {
        self.next += 1;
        DocId(self.next - 1)
    }

    /// Returns whether everything that was asked for has been shown.
    fn full(&self) -> bool {
        self.wanted.ends_before(DocId(self.next))
    }

    /// Complains about what was named and not found, and of an input that is none of JSON.
    fn missing(&self) -> Result<()> {
        let place = self.job.inputs.join(" ");
        let first = self.first_rejected.as_deref().unwrap_or_default();
        let all_rejected = self.rejected > 0 && self.rejected == self.next;
        if let Some(mut said) = self.wanted.missing() {
            if all_rejected {
                said.push_str(&format!(
                    "; every record was rejected, so none has an id; the first: {first}"
                ));
            }
            return Err(Error::input(place, said).into());
        }
        if all_rejected && self.no_json == self.rejected {
            let said = "every record that was read was rejected; text that is no JSON is read with --format text";
            return Err(Error::input(place, said).into());
        }
        Ok(())
    }

    fn show(&mut self, source: &str, doc: DocId, id: &str, document: &Document<'_>) -> Result<()> {
        let (cleaned, heard) = self.cleaner.clean_and_hear(document);
        let lines = cleaned.lines();
        let others = other::others(document, &lines, heard, self.own, &self.levels);
        let told = Told {
            cleaned: &cleaned,
            lines: &lines,
            others: &others,
        };
        let page = match self.job.json {
            true => text::harmless_json(&row::row(source, doc, id, &told)) + "\n",
            false => text::fitted(&page::diff(source, doc, id, &told)),
        };
        self.put(doc, id, page)
    }

    /// Counts a record that cannot be read, and shows it if it is wanted.
    fn reject(&mut self, source: &str, line: u64, doc: DocId, reason: &str) -> Result<()> {
        let origin = format!("{source}:{line}");
        self.rejected += 1;
        self.no_json += u64::from(reason.starts_with(NO_JSON));
        self.first_rejected
            .get_or_insert_with(|| format!("{origin}: {reason}"));
        if !self.wanted.meets_rejected(doc, &origin) {
            return Ok(());
        }
        let page = match self.job.json {
            true => {
                let row = json!({"doc": doc, "source": source, "line": line, "rejected": reason});
                text::harmless_json(&row) + "\n"
            }
            false => {
                let number = doc.0 + 1;
                let said = format!("{origin}: record {number}: rejected: {reason}");
                format!("{RED}{}{}\n", text::harmless(&said), summary::PLAIN)
            }
        };
        self.put(doc, &origin, page)
    }

    /// Shows a page in its turn.
    fn put(&mut self, doc: DocId, id: &str, page: String) -> Result<()> {
        if self.held.is_empty() && !self.wanted.doubts(doc, id) {
            return self.write(&page);
        }
        self.held.push((doc, id.to_owned(), page));
        Ok(())
    }

    /// Shows what was held back, but for records whose number is the id of others.
    fn give_held(&mut self) -> Result<()> {
        for (doc, id, page) in std::mem::take(&mut self.held) {
            if self.wanted.takes(doc, &id) {
                self.write(&page)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, page: &str) -> Result<()> {
        self.shown += 1;
        let gap = if self.shown > 1 && !self.job.json {
            "\n"
        } else {
            ""
        };
        Ok(write!(self.out, "{gap}{page}").map_err(written)?)
    }
}

/// Returns our error for what the output said.
fn written(bad: io::Error) -> Error {
    Error::io("standard output", bad)
}
