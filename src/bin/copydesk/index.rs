//! `index`: what `--index` keeps.

use crate::args::{Common, Index, IndexCompact, IndexInspect};
use crate::progress::Listener;
use crate::stop::Stop;
use crate::table::{Column, lay};
use crate::text;
use crate::{FAILED, summary};
use anyhow::Result;
use copydesk::error::Error;
use copydesk::pipeline::{Inspected, compact_index, inspect_index};
use copydesk::report::{counted, grouped};
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// Memory that merging may use.
const MEMORY: u64 = 2 << 30;

/// How many of the latest batches are shown.
const SHOWN: usize = 20;

/// Does the job and returns the exit code.
pub fn index(job: &Index, common: &Common) -> Result<u8> {
    match job {
        Index::Inspect(job) => inspect(job),
        Index::Compact(job) => compact(job, common),
    }
}

fn inspect(job: &IndexInspect) -> Result<u8> {
    let found = inspect_index(&job.folder)?;
    let mut told = match job.json {
        true => serde_json::to_string_pretty(&found)?,
        false => text::fitted(&told(&found)),
    };
    if job.json {
        told.push('\n');
    }
    let printed = io::stdout().write_all(told.as_bytes());
    printed.map_err(|bad| Error::io("standard output", bad))?;
    for file in &found.damaged {
        summary::warn(&text::harmless(&format!(
            "{file} is gone or not what was written (CRC-32); give the batches to a new index"
        )));
    }
    Ok(if found.damaged.is_empty() { 0 } else { FAILED })
}

/// Returns what people are told of an index.
fn told(found: &Inspected) -> String {
    let meta = &found.meta;
    let mut out = String::new();
    let documents = found.documents;
    let each = found.bytes as f64 / documents.max(1) as f64;
    let shingles: u64 = meta.segments.iter().map(|segment| segment.shingles).sum();
    let lines = [
        ("documents", grouped(documents)),
        ("batches", grouped(meta.batches.len() as u64)),
        ("segments", grouped(meta.segments.len() as u64)),
        (
            "size",
            format!(
                "{}, {each:.0} bytes a document of {:.0} shingles (runs of five words)",
                text::bytes(found.bytes),
                shingles as f64 / documents.max(1) as f64
            ),
        ),
        ("threshold", meta.threshold.to_string()),
        (
            "version",
            format!("schema {}, fingerprints {}", meta.schema, meta.fingerprints),
        ),
        (
            "files",
            match found.damaged.len() {
                0 => "all are what was written".to_owned(),
                some => counted(some as u64, "is damaged", "are damaged"),
            },
        ),
    ];
    for (name, value) in lines {
        let _ = writeln!(out, "{name:<10} {value}");
    }
    let skipped = meta.batches.len().saturating_sub(SHOWN);
    let columns = [
        Column::number("batch", 6),
        Column::number("records", 11),
        Column::number("repeat earlier ones", 20),
        Column::number("added", 11),
        Column::words(" inputs", 0),
    ];
    let batches = meta.batches.iter().skip(skipped).map(|batch| {
        vec![
            batch.number.to_string(),
            grouped(batch.records),
            grouped(batch.repeated),
            grouped(batch.added),
            format!(" {}", text::harmless(&batch.inputs.join(", "))),
        ]
    });
    let laid = lay(
        &columns,
        &batches.collect::<Vec<_>>(),
        text::Stream::Out.width(),
    );
    let earlier = (skipped > 0).then(|| format!("{skipped:>6} earlier; --json has all"));
    let lines = [String::new()].into_iter().chain(laid.head);
    for line in lines.chain(earlier).chain(laid.rows) {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(
        out,
        "\nrecords: those that could be read; added: those that stay and have words to compare"
    );
    out
}

fn compact(job: &IndexCompact, common: &Common) -> Result<u8> {
    let listener = Listener::new(common.quiet, Stop::default());
    let (before, after) = compact_index(
        &job.folder,
        job.memory.map_or(MEMORY, |memory| memory.0),
        &listener,
    )?;
    if !common.quiet {
        anstream::eprintln!("{} before, {} now", text::bytes(before), text::bytes(after));
    }
    Ok(0)
}
