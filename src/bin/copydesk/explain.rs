//! `explain`: what would be done to a document and why, as a diff.

use crate::args::{Common, Explain, FormatArg};
use crate::{config, summary};
use anyhow::Result;
use copydesk::document::{DocId, Document};
use copydesk::error::Error;
use copydesk::formats::blocks::{Cut, is_blank, oversize, split_lines};
use copydesk::formats::plain::{self, Plain};
use copydesk::formats::{BlockReader, Fields, Payload, Record, locations};
use copydesk::pipeline::{
    Cause, Change, Cleaned, CleanedLine, Cleaner, Fate, Silent, Spared, site_model,
};
use copydesk::store::ledger::six_digits;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many records are shown where none is named.
const FIRST: u64 = 10;
/// Bytes that are read at a time: few records are shown.
const BLOCK: usize = 64 << 10;
/// How many changes of one line are told.
const TOLD: usize = 6;
/// Characters around a change that are shown with it.
const AROUND: usize = 12;
/// Characters of a change that are shown.
const SHOWN: usize = 60;

const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";

/// Explains the chosen records and returns the exit code.
pub fn explain(job: &Explain, common: &Common) -> Result<u8> {
    let config::Chosen {
        mut settings,
        resources,
    } = config::of_cleaning(&job.laid, &job.reading, &job.cleaning, common)?;
    let inputs = locations::expand(&job.inputs, job.format.map(FormatArg::format))?;
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
    let mut cleaner = Cleaner::new(&settings);
    if let Some(sites) = sites {
        cleaner = cleaner.with_site_model(sites);
    }
    let mut desk = Desk {
        job,
        max_record: cut.max_record,
        cleaner,
        fields: Fields::new(&settings.input, None),
        records: job.record.iter().copied().collect(),
        out: anstream::AutoStream::auto(io::stdout()),
        shown: 0,
        next: 0,
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
    fields: Fields,
    /// The longest record that is taken, in bytes.
    max_record: usize,
    records: BTreeSet<u64>,
    out: anstream::AutoStream<io::Stdout>,
    shown: u64,
    /// The ordinal of the next record.
    next: u64,
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
        for (line, raw) in (first_line..).zip(split_lines(data)) {
            if is_blank(raw) {
                continue;
            }
            if self.full() {
                return Ok(false);
            }
            let doc = self.next;
            self.next += 1;
            let read = if raw.len() > self.max_record {
                let what = format!("record of {} bytes", raw.len());
                Err(oversize(&what, self.max_record))
            } else {
                Record::parse(raw, &self.fields)
            };
            match read {
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
                Err(reason) => {
                    if self.wants(doc, None) {
                        self.reject(source, line, doc, &reason)?;
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
        if self.wants(doc, None) {
            self.reject(source, line, doc, reason)?;
        }
        Ok(true)
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
        if self.shown == 0 && !self.job.id.is_empty() {
            let said = format!("no record has the id {:?}", self.job.id.join(", "));
            return Err(Error::input(place, said).into());
        }
        Ok(())
    }

    fn show(&mut self, source: &str, doc: u64, id: &str, document: &Document<'_>) -> Result<()> {
        let cleaned = self.cleaner.clean(document);
        let lines = cleaned.lines();
        self.shown += 1;
        if self.job.json {
            let row = summary::harmless_json(&row(source, doc, id, &cleaned, &lines));
            return Ok(writeln!(self.out, "{row}").map_err(written)?);
        }
        let text = diff(source, doc, id, &cleaned, &lines);
        let gap = if self.shown > 1 { "\n" } else { "" };
        Ok(write!(self.out, "{gap}{text}").map_err(written)?)
    }

    fn reject(&mut self, source: &str, line: u64, doc: u64, reason: &str) -> Result<()> {
        self.shown += 1;
        if self.job.json {
            let row =
                json!({"doc": DocId(doc), "source": source, "line": line, "rejected": reason});
            let row = summary::harmless_json(&row);
            return Ok(writeln!(self.out, "{row}").map_err(written)?);
        }
        let gap = if self.shown > 1 { "\n" } else { "" };
        let said = summary::harmless(&format!(
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

/// How many lines met which fate.
#[derive(Default)]
struct Counts {
    kept: usize,
    mended: usize,
    removed: usize,
}

impl Counts {
    /// Counts the lines that are not blank.
    fn of(lines: &[CleanedLine<'_>]) -> Self {
        let mut counts = Self::default();
        for line in lines.iter().filter(|line| !line.before.trim().is_empty()) {
            match line.fate {
                Fate::Removed => counts.removed += 1,
                Fate::Mended => counts.mended += 1,
                _ => counts.kept += 1,
            }
        }
        counts
    }
}

/// Returns the document as a diff.
fn diff(
    source: &str,
    doc: u64,
    id: &str,
    cleaned: &Cleaned<'_>,
    lines: &[CleanedLine<'_>],
) -> String {
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let name = if id == source {
        visible(source)
    } else {
        format!("{}: record {}, {}", visible(source), doc + 1, visible(id))
    };
    let mut out = format!("{bold}{name}{plain}\n");
    if let Some(spared) = &cleaned.spared {
        out.push_str(&format!("{dim}{}{plain}\n", left_alone(spared)));
    }
    for line in lines {
        match line.fate {
            Fate::Kept if line.after.trim().is_empty() => out.push('\n'),
            Fate::Kept => out.push_str(&format!("  {}\n", visible(&line.after))),
            Fate::Closed => {}
            Fate::Mended => {
                out.push_str(&format!("{YELLOW}~ {}{plain}\n", visible(&line.after)));
            }
            Fate::Removed => out.push_str(&format!("{RED}- {}{plain}\n", visible(line.before))),
        }
        let whole = line.fate == Fate::Removed;
        let told = line.changes.iter().filter(|change| {
            !whole || matches!(change.cause, Cause::Removed(_)) && !change.before.trim().is_empty()
        });
        let mut told: Vec<String> = told.map(|change| reason(line, change, cleaned)).collect();
        told.dedup();
        for said in told.iter().take(TOLD) {
            out.push_str(&format!("    {dim}{said}{plain}\n"));
        }
        if told.len() > TOLD {
            out.push_str(&format!("    {dim}and {} more{plain}\n", told.len() - TOLD));
        }
    }
    let counts = Counts::of(lines);
    let bytes = |text: &str| summary::grouped(text.len() as u64);
    out.push_str(&format!(
        "{bold}= {} kept, {} mended, {} removed{plain} {dim}({} of {} bytes){plain}\n",
        counted(counts.kept, "line"),
        counts.mended,
        counts.removed,
        bytes(&cleaned.text),
        bytes(cleaned.original),
    ));
    out
}

fn counted(number: usize, thing: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{} {thing}{many}", summary::grouped(number as u64))
}

/// Returns why a change was made: the rule and what it saw, or the mend and what it made.
fn reason(line: &CleanedLine<'_>, change: &Change<'_>, cleaned: &Cleaned<'_>) -> String {
    match change.cause {
        Cause::Removed(why) => {
            let score = why
                .score
                .map_or_else(String::new, |score| format!(" (score {score:.2})"));
            let what = if line.fate == Fate::Removed {
                String::new()
            } else {
                format!(" took “{}”", visible(&cut(change.before, SHOWN)))
            };
            format!(
                "{}{what}: {}{score}",
                visible(&why.rule),
                visible(&why.evidence)
            )
        }
        Cause::Mended(mend) => {
            let text = cleaned.original;
            let left = &text[line.span.start..change.span.start.max(line.span.start)];
            let right = &text[change.span.end.min(line.span.end)..line.span.end];
            let left: String = last(left, AROUND);
            let right = cut_plain(right, AROUND);
            let (before, after) = (cut(change.before, SHOWN), cut(change.after, SHOWN));
            let around = |part: &str| format!("{}{part}{}", seen(&left), seen(&right));
            let (mut old, mut new) = (seen(&before), seen(&after));
            if old == new {
                (old, new) = (escaped(&before), escaped(&after));
            }
            format!("{}: “{}” → “{}”", mend.as_str(), around(&old), around(&new))
        }
        Cause::Gap => "white space".to_owned(),
    }
}

/// Returns a line so that nothing in it can steer a terminal, nor break the line.
fn visible(text: &str) -> String {
    summary::harmless(text).replace('\n', "\\n")
}

/// Returns text with everything made visible that a mend may change.
fn seen(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            ' ' => " ".to_owned(),
            '\u{ad}'
            | '\u{34f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2064}'
            | '\u{300}'..='\u{36f}' => part.escape_unicode().to_string(),
            _ if part.is_whitespace() => part.escape_default().to_string(),
            _ => visible(part.encode_utf8(&mut [0; 4])),
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|part| {
            if part.is_ascii() {
                part.to_string()
            } else {
                part.escape_unicode().to_string()
            }
        })
        .collect()
}

/// Returns the first `most` characters, with "…" where there are more.
fn cut(text: &str, most: usize) -> String {
    let mut out = cut_plain(text, most);
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn cut_plain(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn last(text: &str, most: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(most)).collect()
}

/// Returns the record as one JSON object.
fn row(
    source: &str,
    doc: u64,
    id: &str,
    cleaned: &Cleaned<'_>,
    lines: &[CleanedLine<'_>],
) -> Value {
    let told = lines.iter().map(|line| {
        let changes: Vec<Value> = line.changes.iter().map(change).collect();
        let mut row = json!({
            "line": line.number,
            "fate": line.fate.as_str(),
            "span": line.span,
            "text": line.before,
        });
        if line.fate == Fate::Mended {
            row["becomes"] = json!(line.after);
        }
        if !changes.is_empty() {
            row["changes"] = Value::Array(changes);
        }
        row
    });
    let counts = Counts::of(lines);
    let mut row = json!({
        "doc": DocId(doc),
        "id": id,
        "source": source,
        "kept": counts.kept,
        "mended": counts.mended,
        "removed": counts.removed,
        "bytes_before": cleaned.original.len(),
        "bytes_after": cleaned.text.len(),
        "lines": told.collect::<Vec<Value>>(),
    });
    if let Some(spared) = &cleaned.spared {
        row["spared"] = json!({"share": six_digits(spared.share), "rule": spared.rule});
    }
    row
}

fn left_alone(spared: &Spared) -> String {
    format!(
        "left as it was: {:.1} % of the text would go, most of it by {}, and the brake does not allow that ([brake] text = 1 in the settings shows what)",
        100.0 * spared.share,
        spared.rule
    )
}

fn change(change: &Change<'_>) -> Value {
    let mut row = json!({"span": change.span, "text": change.before, "replacement": change.after});
    match change.cause {
        Cause::Removed(why) => {
            row["rule"] = json!(why.rule);
            row["kind"] = json!(why.kind);
            row["evidence"] = json!(why.evidence);
            if let Some(score) = why.score {
                row["score"] = json!(score);
            }
        }
        Cause::Mended(mend) => row["mend"] = json!(mend.as_str()),
        Cause::Gap => row["mend"] = json!("gap"),
    }
    row
}
