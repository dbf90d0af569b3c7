//! How much the boilerplate desk takes out.

use super::UserRules;
use crate::document::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// The file of the user's own rules, as it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_file: Option<String>,
    /// The SHA-256 of that file's bytes, in hexadecimal; one that is given must fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_sha256: Option<String>,
    /// What the file says, once it has been read.
    #[serde(skip)]
    pub rules: Option<Arc<UserRules>>,
}

impl Default for BoilerplateSettings {
    fn default() -> Self {
        Self {
            level: Level::default(),
            keep_kinds: BTreeSet::from([Kind::BylineNamed]),
            rules_file: None,
            rules_sha256: None,
            rules: None,
        }
    }
}
