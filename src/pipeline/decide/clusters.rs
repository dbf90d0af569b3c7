//! Clusters as the decisions have them: how many, how large, and the few that a report names.

use super::{Decision, Survivor};
use crate::error::Result;
use crate::report::{Alike, CLOSEST, Cluster, ClusterTally, LARGEST, OF_EACH, Pair};
use crate::store::fingerprints::Fingerprints;
use crate::store::ledger::{DuplicateKind, six_digits};

/// Counts the clusters of `decisions`; `prints` know who the records are.
///
/// What repeats a document of an earlier batch is in none: its survivor is not here to be shown.
///
/// Memory holds four bytes a duplicate and a few names.
///
/// # Errors
///
/// Fingerprints that cannot be read back.
pub fn clusters(decisions: &[Decision], prints: &Fingerprints) -> Result<ClusterTally> {
    let mut tally = ClusterTally::default();
    let mut survivors: Vec<u32> = decisions.iter().filter_map(in_batch).collect();
    survivors.sort_unstable();
    let mut largest: Vec<(u64, u32)> = Vec::new();
    for cluster in survivors.chunk_by(|one, other| one == other) {
        let documents = cluster.len() as u64 + 1;
        tally.cluster(documents);
        if let Some(survivor) = cluster.first() {
            // Those that stand in the way of none are many, and come in order.
            let place = largest.partition_point(|(other, _)| *other >= documents);
            if place < LARGEST {
                largest.insert(place, (documents, *survivor));
                largest.truncate(LARGEST);
            }
        }
    }
    let mut names = Names::new(prints);
    for (documents, survivor) in &largest {
        let members = decisions
            .iter()
            .filter(|one| in_batch(one) == Some(*survivor));
        let (survivor_doc, survivor) = names.of(*survivor)?;
        tally.largest.push(Cluster {
            survivor_doc,
            survivor,
            documents: *documents,
            least_alike: least_alike(members, OF_EACH)
                .into_iter()
                .map(|one| names.alike(one))
                .collect::<Result<_>>()?,
        });
    }
    let near = decisions
        .iter()
        .filter(|one| one.kind == DuplicateKind::Near);
    for one in least_alike(near.filter(|one| in_batch(one).is_some()), CLOSEST) {
        let Some(survivor) = in_batch(one) else {
            continue;
        };
        let (survivor_doc, survivor) = names.of(survivor)?;
        tally.closest.push(Pair {
            duplicate: names.alike(one)?,
            survivor_doc,
            survivor,
        });
    }
    Ok(tally)
}

/// Returns the survivor's record, unless it is one of an earlier batch.
pub(in crate::pipeline) fn in_batch(one: &Decision) -> Option<u32> {
    match one.survivor {
        Survivor::Record(record) => Some(record),
        Survivor::Earlier(_) => None,
    }
}

/// Returns the least similar, the first of equal ones.
pub(in crate::pipeline) fn least_alike<'a>(
    members: impl Iterator<Item = &'a Decision>,
    most: usize,
) -> Vec<&'a Decision> {
    let mut least: Vec<&Decision> = Vec::with_capacity(most + 1);
    for one in members {
        let place = least.partition_point(|other| other.similarity <= one.similarity);
        if place < most {
            least.insert(place, one);
            least.truncate(most);
        }
    }
    least
}

/// Who the records are.
pub(in crate::pipeline) struct Names<'a> {
    prints: &'a Fingerprints,
    buffer: Vec<u8>,
}

impl<'a> Names<'a> {
    pub fn new(prints: &'a Fingerprints) -> Self {
        Self {
            prints,
            buffer: Vec::new(),
        }
    }

    pub fn of(&mut self, record: u32) -> Result<(crate::document::DocId, String)> {
        let label = self.prints.label(record as usize, &mut self.buffer)?;
        Ok((label.doc, label.id.to_owned()))
    }

    fn alike(&mut self, one: &Decision) -> Result<Alike> {
        let (doc, id) = self.of(one.record)?;
        Ok(Alike {
            doc,
            id,
            similarity: six_digits(one.similarity),
        })
    }
}
