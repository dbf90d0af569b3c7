//! Counts that are told by the ledger: every row is counted as the run counted it.

use super::undo::List;
use crate::document::DocId;
use crate::error::{Error, Result};
use crate::report::{Gone, Tally, Whose};
use crate::store::ledger::{Book, DuplicateRow, NormalisedRow, RejectedRow, RemovedRow, SparedRow};

/// Counts one row of `book`, that stands at `place`; `site` knows the site of a document by its
/// number.
///
/// Rows of `dropped.jsonl` are counted by the accounting alone.
///
/// # Errors
///
/// A row that does not read as one.
pub fn count(
    book: Book,
    row: &str,
    place: impl Fn() -> String,
    site: &mut dyn FnMut(DocId) -> Option<u32>,
    tally: &mut Tally,
) -> Result<()> {
    let bad = |bad: serde_json::Error| Error::damaged(place(), bad.to_string());
    match book {
        Book::Removed => {
            let row: RemovedRow<'_> = serde_json::from_str(row).map_err(bad)?;
            if row.span.start > row.span.end {
                let (start, end) = row.span.into();
                return Err(Error::damaged(
                    place(),
                    format!("span [{start},{end}] found; expected one that ends behind its start"),
                ));
            }
            let gone = Gone::new(&row.rule, row.kind, row.span, &row.replacement, &row.text);
            let whose = Whose {
                doc: row.doc,
                id: &row.id,
                site: site(row.doc),
            };
            tally.removal(whose, &gone);
        }
        Book::Normalised => {
            let row: NormalisedRow<'_, List> = serde_json::from_str(row).map_err(bad)?;
            for edit in row.edits.iter() {
                tally.mend(edit.why, 1);
            }
        }
        Book::Duplicates => {
            let row: DuplicateRow<'_> = serde_json::from_str(row).map_err(bad)?;
            tally.duplicate(row.kind.as_str(), row.similarity);
        }
        Book::Rejected => {
            let row: RejectedRow<'_> = serde_json::from_str(row).map_err(bad)?;
            tally.reject(row.doc, &row.file, row.line, &row.reason);
        }
        Book::Spared => {
            let row: SparedRow<'_> = serde_json::from_str(row).map_err(bad)?;
            tally.spare(row.doc, &row.id, row.share, &row.rule);
        }
        Book::Dropped => {}
    }
    Ok(())
}
