//! How much the boilerplate desk takes out.

use super::UserRules;
use crate::document::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
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

/// Where the site model comes from: `off`, `auto`, or the name of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum SiteModelSource {
    /// There is none.
    #[default]
    Off,
    /// A first pass over the same input learns it.
    Auto,
    /// It was learned before.
    File {
        /// Where it lies.
        path: PathBuf,
        /// The SHA-256 of its unpacked bytes, once it has been read; one that is set must match.
        sha256: Option<String>,
    },
}

impl SiteModelSource {
    /// Returns what a flag's value means.
    pub fn of_name(name: &str) -> Self {
        match name {
            "off" => Self::Off,
            "auto" => Self::Auto,
            path => Self::File {
                path: path.into(),
                sha256: None,
            },
        }
    }
}

/// A [`SiteModelSource`] as it stands in files.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "no site model; expected \"off\", \"auto\", or the name of a file"
)]
enum Written {
    Name(String),
    File {
        file: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
    },
}

impl From<Written> for SiteModelSource {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => Self::of_name(&name),
            Written::File { file, sha256 } => Self::File {
                path: file.into(),
                sha256,
            },
        }
    }
}

impl From<SiteModelSource> for Written {
    fn from(source: SiteModelSource) -> Self {
        match source {
            SiteModelSource::Off => Self::Name("off".into()),
            SiteModelSource::Auto => Self::Name("auto".into()),
            SiteModelSource::File { path, sha256 } => Self::File {
                file: path.to_string_lossy().into_owned(),
                sha256,
            },
        }
    }
}

/// Which line model is asked: none, the shipped one, or one that `copydesk train` made.
///
/// In files it is `false`, `true`, or the file's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenModel", into = "WrittenModel")]
pub enum LineModelSource {
    /// None.
    Off,
    /// The one that ships with the program.
    #[default]
    Shipped,
    /// One that was trained by the user.
    File {
        /// Where it lies.
        path: PathBuf,
        /// The SHA-256 of its bytes, once it has been read; one that is set must match.
        sha256: Option<String>,
        /// Its bytes, once it has been read.
        bytes: Option<Arc<[u8]>>,
    },
}

impl LineModelSource {
    /// Returns the source that a file is.
    pub fn of_file(path: impl Into<PathBuf>) -> Self {
        Self::File {
            path: path.into(),
            sha256: None,
            bytes: None,
        }
    }
}

/// A [`LineModelSource`] as it stands in files.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "no line model; expected true, false, or the name of a file"
)]
enum WrittenModel {
    Asked(bool),
    Name(String),
    File {
        file: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
    },
}

impl From<WrittenModel> for LineModelSource {
    fn from(written: WrittenModel) -> Self {
        match written {
            WrittenModel::Asked(false) => Self::Off,
            WrittenModel::Asked(true) => Self::Shipped,
            WrittenModel::Name(name) => Self::of_file(name),
            WrittenModel::File { file, sha256 } => Self::File {
                path: file.into(),
                sha256,
                bytes: None,
            },
        }
    }
}

impl From<LineModelSource> for WrittenModel {
    fn from(source: LineModelSource) -> Self {
        match source {
            LineModelSource::Off => Self::Asked(false),
            LineModelSource::Shipped => Self::Asked(true),
            LineModelSource::File { path, sha256, .. } => Self::File {
                file: path.to_string_lossy().into_owned(),
                sha256,
            },
        }
    }
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
    /// Where what recurs across a site is known from.
    pub site_model: SiteModelSource,
    /// Whether agencies' names at the end of paragraphs and in datelines go.
    pub agency_tags: bool,
    /// Which line model is asked, at `standard` and `aggressive`.
    pub line_model: LineModelSource,
}

impl Default for BoilerplateSettings {
    fn default() -> Self {
        Self {
            level: Level::default(),
            keep_kinds: BTreeSet::from([Kind::BylineNamed]),
            rules_file: None,
            rules_sha256: None,
            rules: None,
            site_model: SiteModelSource::Off,
            agency_tags: false,
            line_model: LineModelSource::Shipped,
        }
    }
}
