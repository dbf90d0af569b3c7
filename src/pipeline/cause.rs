//! Why text was edited: what every edit of the ledger carries.

use crate::document::Why;
use crate::normalise::Mend;

/// Why a span of the original text was edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// The normalise desk mended it.
    Mended(Mend),
    /// A desk took it out. Most edits are mends, and need no room for this.
    Removed(Box<Why>),
    /// White space around what was taken out.
    Gap,
}
