//! Which documents of a batch repeat one of an earlier batch.
//!
//! The first shingles of each, in the order of a segment, are looked up in the segment's postings,
//! those of many documents together and sorted, so that no block is read twice. What the lists
//! give is narrowed down by size and place, then by traits, and measured.

use super::{Place, Reader};
use crate::duplicates::{Lookup, Sorter, Threshold, Traits};
use crate::error::{Error, Result};
use crate::pipeline::decide::{Decision, Survivor};
use crate::pipeline::progress::Progress;
use crate::store::fingerprints::Fingerprints;
use crate::store::index::Posting;
use crate::store::ledger::DuplicateKind;
use rayon::prelude::*;

/// Bytes of fingerprints that are asked for together, at most.
const ASKED: u64 = 64 << 20;

/// A list longer than this is read again for every document that wants it.
const LONG: u64 = 256;

/// The share of the memory that lists may take that are read once for all documents; what they
/// leave is read again for each document too.
const LISTS: u64 = 16;

/// Postings of a long list that are read at once.
const CHUNK: u64 = if cfg!(test) { 3 } else { 4096 };

/// A number in a posting that is this or more.
const MORE: u16 = u16::MAX;

/// What is looked for, and where.
pub(super) struct Search<'a> {
    pub readers: &'a [Reader],
    /// Documents of this batch and later ones are not seen.
    pub before: u32,
    pub threshold: Threshold,
    pub memory: u64,
    pub progress: &'a dyn Progress,
}

/// A document that is asked for.
struct Asked {
    record: u32,
    digest: [u8; 32],
    set: Vec<u64>,
    traits: Traits,
}

/// A document's place among those asked for, the number of the earlier one that it repeats, and
/// how.
type Answer = (u32, u32, f64, DuplicateKind);

/// One of its first shingles.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Probe {
    shingle: u64,
    asked: u32,
    place: u32,
}

/// A list of postings for one of a document's first shingles.
#[derive(Clone, Copy)]
struct Reach {
    asked: u32,
    place: u32,
    from: u64,
    length: u64,
    /// Whether it was read already, and `from` tells where that lies.
    read: bool,
}

impl Search<'_> {
    /// Returns the records of `prints` that repeat an earlier document, ascending, each with the
    /// first such.
    ///
    /// # Errors
    ///
    /// Files that cannot be read back.
    pub fn all(&self, prints: &Fingerprints) -> Result<Vec<Decision>> {
        let mut decisions = Vec::new();
        if self.readers.is_empty() {
            return Ok(decisions);
        }
        let bytes = (self.memory / 32).clamp(1 << 16, ASKED);
        for range in prints.ranges(bytes) {
            let mut buffer = Vec::new();
            prints.read(range.clone(), &mut buffer)?;
            let entries: Vec<_> = (range.start as u32..)
                .zip(Fingerprints::entries(&buffer))
                .collect();
            let mut asked: Vec<Asked> = entries
                .par_iter()
                .filter(|(_, entry)| entry.shingles() > 0)
                .map_init(Sorter::default, |sorter, (record, entry)| {
                    let mut set = Vec::with_capacity(entry.shingles());
                    entry.leading(&mut set);
                    entry.others(&mut set);
                    sorter.sort(&mut set);
                    Asked {
                        record: *record,
                        digest: entry.label.digest,
                        traits: Traits::of(&set),
                        set,
                    }
                })
                .collect();
            drop(entries);
            for (segment, reader) in (0u32..).zip(self.readers) {
                if self.progress.stops() {
                    return Err(Error::stopped("stopped"));
                }
                let found = self.one(reader, &asked)?;
                for (at, number, similarity, kind) in &found {
                    let number = *number;
                    decisions.push(Decision {
                        record: asked[*at as usize].record,
                        survivor: Survivor::Earlier(Place { segment, number }),
                        similarity: *similarity,
                        kind: *kind,
                    });
                }
                let mut answered = found.iter().map(|(at, ..)| *at).peekable();
                let mut at = 0;
                asked.retain(|_| {
                    let gone = answered.next_if_eq(&at).is_some();
                    at += 1;
                    !gone
                });
            }
        }
        decisions.sort_unstable_by_key(|decision| decision.record);
        Ok(decisions)
    }

    /// Looks in one segment; answers by the place among `asked`, ascending.
    fn one(&self, reader: &Reader, asked: &[Asked]) -> Result<Vec<Answer>> {
        let mut probes: Vec<Probe> = (0u32..asked.len() as u32)
            .into_par_iter()
            .map_init(Vec::new, |prefix, at| {
                let set = &asked[at as usize].set;
                reader.order.prefix(set, self.threshold, prefix);
                let places = (0u32..).zip(&*prefix);
                let probe = |(place, shingle): (u32, &u64)| Probe {
                    shingle: *shingle,
                    asked: at,
                    place,
                };
                places.map(probe).collect::<Vec<Probe>>()
            })
            .flatten_iter()
            .collect();
        probes.par_sort_unstable();
        let mut lists = Vec::new();
        let most = self.memory / LISTS / size_of::<Posting>() as u64;
        let mut reaches = reach(reader, &probes, most, &mut lists)?;
        drop(probes);
        reaches.par_sort_unstable_by_key(|reach| (reach.asked, reach.place));
        let groups: Vec<&[Reach]> = reaches
            .chunk_by(|one, two| one.asked == two.asked)
            .collect();
        groups
            .into_par_iter()
            .map_init(Tools::default, |tools, group| {
                let at = group.first().map_or(0, |reach| reach.asked);
                let found = self.first(reader, &asked[at as usize], group, &lists, tools)?;
                Ok(found.map(|(number, similarity, kind)| (at, number, similarity, kind)))
            })
            .filter_map(Result::transpose)
            .collect()
    }

    /// Returns the first document that is similar enough.
    fn first(
        &self,
        reader: &Reader,
        asked: &Asked,
        reaches: &[Reach],
        lists: &[Posting],
        tools: &mut Tools,
    ) -> Result<Option<(u32, f64, DuplicateKind)>> {
        tools.gather(reader, asked, reaches, lists, self.threshold)?;
        let size = asked.set.len();
        let (least, greatest) = self.threshold.sizes(size);
        let mut prepared = false;
        for number in std::mem::take(&mut tools.candidates) {
            let row = reader.segment.row(number)?;
            if row.batch >= self.before {
                // Batches lie in their order.
                break;
            }
            let other = row.size as usize;
            if !(least..=greatest).contains(&other) {
                continue;
            }
            let wanted = self.threshold.least_shared(size, other);
            let traits = Traits::from_bytes(row.size, &row.traits);
            if asked.traits.most_shared(&traits) < wanted {
                continue;
            }
            let entry = reader.segment.entry(number, &row, &mut tools.buffer)?;
            tools.fetched.clear();
            entry.others(&mut tools.fetched);
            if !prepared {
                tools.lookup.prepare(&asked.set);
                prepared = true;
            }
            if let Some(shared) = tools.lookup.shared(&asked.set, &tools.fetched, wanted) {
                let similarity = shared as f64 / (size + other - shared) as f64;
                let kind = match entry.label.digest == asked.digest {
                    true => DuplicateKind::Exact,
                    false => DuplicateKind::Near,
                };
                return Ok(Some((number, similarity, kind)));
            }
        }
        Ok(None)
    }
}

/// Looks up sorted probes; short lists are put behind `lists`, of which there are `most` postings
/// at most.
fn reach(
    reader: &Reader,
    probes: &[Probe],
    most: u64,
    lists: &mut Vec<Posting>,
) -> Result<Vec<Reach>> {
    let mut cursor = reader.segment.cursor();
    let mut list = Vec::new();
    let mut reaches = Vec::new();
    for group in probes.chunk_by(|one, two| one.shingle == two.shingle) {
        let Some(first) = group.first() else {
            continue;
        };
        let (from, to) = cursor.find(first.shingle)?;
        if from == to {
            continue;
        }
        let length = to - from;
        let read = length <= LONG && lists.len() as u64 + length <= most;
        let mut start = from;
        if read {
            start = lists.len() as u64;
            cursor.read(from, length, &mut list)?;
            lists.extend_from_slice(&list);
        }
        reaches.extend(group.iter().map(|probe| Reach {
            asked: probe.asked,
            place: probe.place,
            from: start,
            length,
            read,
        }));
    }
    Ok(reaches)
}

/// Buffers that serve for one document after another.
#[derive(Default)]
struct Tools {
    list: Vec<Posting>,
    /// Number of the document, place in the one that is asked for, size and place in it.
    met: Vec<(u32, u32, u16, u16)>,
    candidates: Vec<u32>,
    buffer: Vec<u8>,
    fetched: Vec<u64>,
    lookup: Lookup,
}

impl Tools {
    /// Gathers the documents that neither size nor place rules out, in their order.
    fn gather(
        &mut self,
        reader: &Reader,
        asked: &Asked,
        reaches: &[Reach],
        lists: &[Posting],
        threshold: Threshold,
    ) -> Result<()> {
        let size = asked.set.len();
        let (least, greatest) = threshold.sizes(size);
        let fits = |posting: &&Posting| {
            posting.size == MORE || (least..=greatest).contains(&usize::from(posting.size))
        };
        self.met.clear();
        for reach in reaches {
            let met =
                |posting: &Posting| (posting.number, reach.place, posting.size, posting.place);
            if reach.read {
                let from = reach.from as usize;
                let list = &lists[from..from + reach.length as usize];
                self.met.extend(list.iter().filter(fits).map(met));
                continue;
            }
            let end = reach.from + reach.length;
            for from in (reach.from..end).step_by(CHUNK as usize) {
                let length = CHUNK.min(end - from);
                reader.segment.read_postings(from, length, &mut self.list)?;
                self.met.extend(self.list.iter().filter(fits).map(met));
            }
        }
        self.met.sort_unstable();
        self.candidates.clear();
        for one in self.met.chunk_by(|one, two| one.0 == two.0) {
            // What both share beyond a common shingle comes after it in both.
            let reached = (1..).zip(one).all(|(met, (_, place, other, other_place))| {
                if *other == MORE {
                    return true;
                }
                let other = usize::from(*other);
                let rest = size - *place as usize - 1;
                let other_rest = other.saturating_sub(usize::from(*other_place) + 1);
                threshold.is_reached(met + rest.min(other_rest), size, other)
            });
            if let (true, Some((number, ..))) = (reached, one.first()) {
                self.candidates.push(*number);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::{Fingerprint, FingerprintReader};
    use crate::pipeline::index::Index;
    use crate::pipeline::index::tests::{Batches, laid_aside};
    use crate::settings::DuplicateSettings;

    #[test]
    fn lists_take_no_more_than_their_share_and_nothing_is_lost() {
        let mut reader = FingerprintReader::new(Threshold::new(0.8));
        let prints: Vec<Fingerprint> = (0..40)
            .map(|doc| {
                let own = (0..25).map(|word| format!(" d{doc}w{word}"));
                let own: String = own.collect();
                reader.read(&format!(
                    "the same ten words stand before all of these texts{own}"
                ))
            })
            .collect();
        let dir = tempfile::tempdir().unwrap();
        let batches = Batches {
            dir: dir.path(),
            settings: DuplicateSettings::default(),
            memory: 1 << 20,
        };
        batches.give(&prints, 0..40, &[0]);
        let (laid, _) = laid_aside(&prints[..1], 0);
        let earlier = Index::open(dir.path(), false, &batches.settings)
            .unwrap()
            .before(&laid)
            .unwrap();
        let [reader] = &earlier.readers[..] else {
            panic!("one batch makes one segment")
        };
        let mut shingles: Vec<u64> = prints
            .iter()
            .flat_map(|print| print.shingles.clone())
            .collect();
        shingles.sort_unstable();
        let probes: Vec<Probe> = shingles
            .into_iter()
            .map(|shingle| Probe {
                shingle,
                asked: 0,
                place: 0,
            })
            .collect();
        let mut whole = Vec::new();
        let all = reach(reader, &probes, u64::MAX, &mut whole).unwrap();
        for most in [0, 1, 10, 100] {
            let mut lists = Vec::new();
            let some = reach(reader, &probes, most, &mut lists).unwrap();
            assert!(lists.len() as u64 <= most && whole.len() > 100);
            let lengths = |reaches: &[Reach]| -> Vec<u64> {
                reaches.iter().map(|reach| reach.length).collect()
            };
            assert_eq!(lengths(&some), lengths(&all));
        }
    }
}
