//! The way back: cleaned records and their ledger give the originals again.
//!
//! Cleaned records, dropped ones and rejected ones are merged by ordinal, and
//! the ledger's edits are undone. Everything is read side by side in one pass,
//! so memory holds one record at a time. The digest of all that was read, which
//! the manifest holds, tells at the end whether all of it came back.

use super::reading_back::{Books, manifest};
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::formats::Record;
use crate::pipeline::proof::{self, Chain};
use crate::store::ledger::RejectedRow;
use std::borrow::Cow;
use std::path::Path;

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
/// A folder that is no run, files that do not fit each other, what `each` gives; and, when all has
/// been given, that it is not what the run read.
pub fn restore(
    folder: &Path,
    cleaned: Option<&Path>,
    each: &mut dyn FnMut(&Restored<'_>) -> Result<()>,
) -> Result<u64> {
    let manifest = manifest(folder)?;
    let mut books = Books::open(folder, cleaned, &manifest)?;
    let mut bytes = Vec::new();
    let mut chain = Chain::default();
    for doc in (0..manifest.records).map(DocId) {
        if let Some(row) = books.rejected.of::<RejectedRow<'_>>(doc)? {
            let id = format!("{}:{}", row.file, row.line);
            let raw = row.bytes().unwrap_or_default();
            let what = if row.cut {
                What::RejectedBeginning
            } else {
                What::Rejected
            };
            chain.add(&proof::of_rejected(&raw));
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
        let (line, _) = books.line(doc)?;
        let record =
            Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.bad(&bad))?;
        let ledger = books.ledger(doc)?;
        let text = ledger
            .original(doc, &record.text)
            .map_err(|bad| books.bad(&bad))?;
        if ledger.envelope.is_none() {
            let around = record.around();
            chain.add(&proof::of_record(around, &text, &ledger.surrogates));
        }
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
            .unwrap_or_else(|| Cow::Owned(doc.called()));
        if what == What::File {
            chain.add(&proof::of_file(&id, &bytes));
        }
        each(&Restored {
            doc,
            id: &id,
            what,
            bytes: &bytes,
        })?;
    }
    books.finish()?;
    if chain.hex() != manifest.originals_sha256 {
        return Err(Error::damaged(
            folder.display().to_string(),
            "what it restores to is not what the run read, says originals_sha256 in manifest.json: the records or the ledger were changed; `copydesk verify` tells more",
        ));
    }
    Ok(manifest.records)
}
