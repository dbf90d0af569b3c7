//! How much the boilerplate desk takes out.

use crate::document::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How bold the desk is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing goes.
    Off,
    /// Only what is sure wherever it stands.
    Safe,
    /// What an article's own sentence practically never is.
    #[default]
    Standard,
    /// For pages dumped whole.
    Aggressive,
}

/// Settings of the boilerplate desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoilerplateSettings {
    /// How bold the desk is.
    pub level: Level,
    /// Kinds that stay whatever the level.
    pub keep_kinds: BTreeSet<Kind>,
    /// Whether the line model is asked, at `standard` and `aggressive`.
    pub line_model: bool,
}

impl Default for BoilerplateSettings {
    fn default() -> Self {
        Self {
            level: Level::default(),
            keep_kinds: BTreeSet::from([Kind::BylineNamed]),
            line_model: true,
        }
    }
}
