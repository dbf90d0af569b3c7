//! What stands in a record that `--duplicates mark` lets stay.

use crate::formats::record::write_marked;
use crate::store::ledger::{DropReason, DuplicateKind, DuplicateRow};
use serde::Serialize;

/// What `--duplicates mark` adds to a record that would be dropped.
#[derive(Serialize)]
pub(in crate::pipeline) struct Mark<'a> {
    would_drop: DropReason,
    #[serde(skip_serializing_if = "Option::is_none")]
    survivor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    survivor_batch: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<DuplicateKind>,
}

impl<'a> Mark<'a> {
    /// Returns the mark of a record by its row of `duplicates.jsonl`; one without is empty.
    pub fn of(row: Option<&'a DuplicateRow<'_>>) -> Self {
        Self {
            would_drop: match row {
                Some(_) => DropReason::Duplicate,
                None => DropReason::Empty,
            },
            survivor: row.map(|row| &*row.survivor),
            survivor_batch: row.and_then(|row| row.survivor_batch),
            similarity: row.map(|row| row.similarity),
            kind: row.map(|row| row.kind),
        }
    }

    /// Appends `line` to `out` with the mark in it.
    pub fn add_to(&self, line: &[u8], out: &mut Vec<u8>) {
        let mark = serde_json::to_string(self).unwrap_or_default();
        write_marked(line, &mark, out);
    }
}
