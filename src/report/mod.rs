//! What a run did, to read: `report.json` and `report.html`.
//!
//! A [`Tally`] counts while the run goes; a [`Report`] is the tally with what
//! the run was told. Neither holds a clock or a thread count, so equal input
//! gives equal bytes, but for the [`Times`] that the stages took.

mod clusters;
mod documents;
mod examples;
mod line_diff;
mod page;
mod sites;
mod tally;
mod times;
mod word_diff;

pub use clusters::{Alike, Cluster, ClusterTally, Pair};
pub use documents::{DocumentTally, FieldTally, MostCut};
pub use examples::{Change, DiffLine, Examples, LineDiff, Piece, WordDiff, shortened};
pub use page::{Origin, OriginFile, alike, counted, grouped, html, percent};
pub use sites::{SitePair, SiteTally, SitesTally};
pub use tally::{
    Accounting, CommonLine, FirstReject, Gone, KindTally, RejectSeen, RuleTally, SparedSeen, Tally,
    TextTally, Whose,
};
pub use times::{Times, seconds};
pub use word_diff::{WordLimits, word_diff};

pub(crate) use clusters::{CLOSEST, LARGEST, OF_EACH};
pub(crate) use line_diff::{LedgerEdit, line_diff};
pub(crate) use tally::chars_gone;
pub(crate) use times::untimed;

use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the machine-readable report.
pub const REPORT_JSON: &str = "report.json";

/// The name of the report to look at.
pub const REPORT_HTML: &str = "report.html";

/// What a run has to do with an index; the manifest has the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexReport {
    /// The index's folder as it was named.
    pub folder: String,
    /// The number of the run's batch, from 1.
    pub batch: u32,
    /// How many documents of earlier batches there were.
    pub documents: u64,
    /// How many records repeat one of them.
    pub repeated: u64,
    /// How many documents were added.
    pub added: u64,
    /// Whether an earlier run had added them, and this one nothing; known to that run alone, since
    /// the same batch leaves the same report.
    #[serde(skip)]
    pub known: bool,
}

/// Everything that is said of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The schema version, as in the manifest.
    pub schema: u32,
    /// The version of copydesk that ran.
    pub copydesk: String,
    /// `run`, `clean` or `dedup`.
    pub command: String,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
    /// What the run was told.
    pub settings: Settings,
    /// The index that the run was checked against, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
    /// Files that lay in folders that were named and were not read, by their ending.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub passed_over: BTreeMap<String, u64>,
    /// How long the stages took; the last field, so that it can be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
}
