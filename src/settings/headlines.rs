//! How near a line must come to the headline to be its repeat.

use serde::{Deserialize, Serialize};

/// Settings of the headlines desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HeadlineSettings {
    /// Whether the desk works at all.
    pub enabled: bool,
    /// Least likeness of two folded lines, 0 to 1, to be the same headline.
    pub similarity: f64,
}

impl Default for HeadlineSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            similarity: 0.9,
        }
    }
}
