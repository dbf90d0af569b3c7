//! The file of a site model: JSONL, to be read by people and mended by hand.
//!
//! The first line says what the file is, its version and how many lines
//! follow. Every other line is one thing that recurs, sorted by site, form and
//! text.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The version of the file's form.
pub const VERSION: u32 = 1;

/// What the first line calls the file.
const NAME: &str = "site-model";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    copydesk: String,
    version: u32,
    lines: usize,
}

/// Something that recurs on a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRow {
    /// The site.
    pub site: String,
    /// What of the line recurs: `line`, `numbers`, `start` or `end`.
    pub form: String,
    /// What recurs, folded.
    pub text: String,
    /// Sampled documents that hold it.
    pub documents: u32,
    /// Sampled documents of the site.
    pub of: u32,
    /// Documents that hold it before the body.
    pub head: u32,
    /// Documents that hold it in the body.
    pub middle: u32,
    /// Documents that hold it after the body.
    pub tail: u32,
}

/// Returns the bytes of a file of these rows.
pub fn to_bytes(rows: &[SiteRow]) -> Vec<u8> {
    let head = Head {
        copydesk: NAME.to_owned(),
        version: VERSION,
        lines: rows.len(),
    };
    let mut out = Vec::new();
    // Writing numbers and strings into memory cannot fail.
    let _ = serde_json::to_writer(&mut out, &head);
    out.push(b'\n');
    for row in rows {
        let _ = serde_json::to_writer(&mut out, row);
        out.push(b'\n');
    }
    out
}

/// Reads the bytes of a file; `place` is its name in messages.
///
/// # Errors
///
/// A file that is none of ours, of another version, cut off or damaged.
pub fn from_bytes(place: &str, bytes: &[u8]) -> Result<Vec<SiteRow>> {
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        Error::damaged(
            place,
            format!(
                "invalid UTF-8 at byte {}; expected a site model as `copydesk learn` writes it",
                bad.valid_up_to()
            ),
        )
    })?;
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let head: Head = lines
        .next()
        .and_then(|(_, line)| serde_json::from_str(line).ok())
        .filter(|head: &Head| head.copydesk == NAME)
        .ok_or_else(|| {
            Error::damaged(
                place,
                "the first line does not say that this is a site model; expected a file that `copydesk learn` wrote",
            )
        })?;
    if head.version != VERSION {
        return Err(Error::damaged(
            place,
            format!(
                "the site model is of version {}, and this copydesk reads version {VERSION}; learn it again with `copydesk learn`",
                head.version
            ),
        ));
    }
    let mut rows: Vec<SiteRow> = Vec::with_capacity(head.lines.min(1 << 20));
    for (number, line) in lines {
        let at = || format!("{place}:{number}");
        let row: SiteRow =
            serde_json::from_str(line).map_err(|bad| Error::damaged(at(), bad.to_string()))?;
        let places = row.head.max(row.middle).max(row.tail);
        if row.documents > row.of || places > row.documents {
            return Err(Error::damaged(
                at(),
                format!(
                    "{} of {} documents, {places} of them in one place, cannot be",
                    row.documents, row.of
                ),
            ));
        }
        if rows
            .last()
            .is_some_and(|last| last.site == row.site && last.of != row.of)
        {
            return Err(Error::damaged(
                at(),
                format!(
                    "{} has another number of documents than on the line before",
                    row.site
                ),
            ));
        }
        rows.push(row);
    }
    if rows.len() != head.lines {
        return Err(Error::damaged(
            place,
            format!(
                "the first line tells of {} lines, found {}; a file that was changed by hand needs its number changed too",
                head.lines,
                rows.len()
            ),
        ));
    }
    Ok(rows)
}
