//! Clusters: a survivor and the documents that repeat it.

use crate::document::DocId;
use serde::{Deserialize, Serialize};

/// How many of the largest clusters are named.
pub const LARGEST: usize = 8;
/// How many duplicates of each of them are named.
pub const OF_EACH: usize = 2;
/// How many of the pairs nearest to the threshold are named.
pub const CLOSEST: usize = 6;

/// The clusters of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterTally {
    /// Survivors that one document or more repeats.
    pub count: u64,
    /// Clusters by the power of two that their documents reach, the survivor among them: at `n`
    /// those of 2ⁿ to 2ⁿ⁺¹ − 1.
    pub sizes: Vec<u64>,
    /// The largest.
    pub largest: Vec<Cluster>,
    /// The near-duplicates that are least like their survivor.
    pub closest: Vec<Pair>,
}

/// A survivor and what repeats it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// The survivor's ordinal.
    pub survivor_doc: DocId,
    /// The survivor's id.
    pub survivor: String,
    /// Documents in it, the survivor among them.
    pub documents: u64,
    /// The duplicates least like the survivor.
    pub least_alike: Vec<Alike>,
}

/// A duplicate of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// Its ordinal.
    pub doc: DocId,
    /// Its id.
    pub id: String,
    /// Its similarity to the survivor.
    pub similarity: f64,
}

/// A duplicate and its survivor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The duplicate.
    #[serde(flatten)]
    pub duplicate: Alike,
    /// The survivor's ordinal.
    pub survivor_doc: DocId,
    /// The survivor's id.
    pub survivor: String,
}

impl ClusterTally {
    /// Counts a cluster of so many documents.
    pub fn cluster(&mut self, documents: u64) {
        self.count += 1;
        let at = documents.max(1).ilog2() as usize;
        if self.sizes.len() <= at {
            self.sizes.resize(at + 1, 0);
        }
        self.sizes[at] += 1;
    }
}
