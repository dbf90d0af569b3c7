//! When two documents are duplicates, and which of them stays.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

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
///
/// In files it is one of the words, or `{ field = "NAME" }`, or `"field:NAME"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "Written")]
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

impl Keep {
    /// Returns the rank of one of the words, or of `field:NAME`.
    fn of_word(named: &str) -> Option<Self> {
        Some(match named {
            "first" => Self::First,
            "longest" => Self::Longest,
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            _ => Self::Field(named.strip_prefix("field:")?.to_owned()),
        })
    }
}

impl FromStr for Keep {
    type Err = String;

    /// Reads a rank as it stands in files and is typed; a field is `field:NAME`.
    fn from_str(named: &str) -> Result<Self, String> {
        Self::of_word(named).ok_or_else(|| {
            let hint = super::nearest(named, &WORDS);
            let hint = hint.map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near}?"));
            format!(
                "there is no rank {named:?}{hint} Expected first, longest, earliest, latest, or field:NAME such as field:score"
            )
        })
    }
}

/// The ranks that are no fields.
const WORDS: [&str; 4] = ["first", "longest", "earliest", "latest"];

/// A [`Keep`] as it stands in files.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "no rank; expected \"first\", \"longest\", \"earliest\", \"latest\" or \"field:NAME\""
)]
enum Written {
    Name(String),
    Field { field: String },
}

impl TryFrom<Written> for Keep {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Name(name) => name.parse(),
            Written::Field { field } => Ok(Self::Field(field)),
        }
    }
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
