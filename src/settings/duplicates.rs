//! When two documents are duplicates, and which of them stays.

use serde::{Deserialize, Serialize};

/// What is done with duplicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DuplicateMode {
    /// They are left out of the cleaned output.
    #[default]
    Drop,
    /// They stay, with a field that says what would be dropped and why.
    Mark,
    /// They are not looked for.
    Off,
}

/// Which of several similar documents stays: the one that ranks first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The one read first.
    #[default]
    First,
    /// The one with the longest cleaned text.
    Longest,
    /// The one with the earliest date field; records without one rank last.
    Earliest,
    /// The one with the latest date field; records without one rank last.
    Latest,
    /// The one with the greatest value in this field; records without one rank last.
    Field(String),
}

/// Settings of the duplicates desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DuplicateSettings {
    /// What is done with duplicates.
    pub mode: DuplicateMode,
    /// Least Jaccard similarity of two documents' shingle sets, above 0 and at most 1.
    pub threshold: f64,
    /// Which document stays.
    pub keep: Keep,
    /// The share of a document's shingles, above 0 and at most 1, from which on it goes when they
    /// stand in a longer document that stays; nothing where that is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub containment: Option<f64>,
}

impl Default for DuplicateSettings {
    fn default() -> Self {
        Self {
            mode: DuplicateMode::default(),
            threshold: 0.8,
            keep: Keep::default(),
            containment: None,
        }
    }
}
