//! Soft hyphens (U+00AD) go: they mark where a word may break, and print nothing.

use super::Mend;
use crate::document::Edits;

/// Returns one edit a run of soft hyphens.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    super::spaces::replace(text, |c| c == '\u{ad}', |_| "", Mend::SoftHyphens)
}
