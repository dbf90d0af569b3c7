//! Who stands inside a longer document: decided among those that stay, the longest first.
//!
//! # The rule
//!
//! Near-duplicates are decided first, by rank. Then the survivors are taken by the number of
//! their distinct shingles, the greatest first (of equals the first in rank), and one goes where
//! enough of its shingles stand in one taken before that stays. The first such is its survivor.
//!
//! Who goes so may have been the survivor of near-duplicates. Those are decided again, together
//! with all that stay: the longest first as before, and one goes where it is as good as the same
//! as one taken before, or contained in it. Then those that have lost their survivor by that, and
//! so on. Nothing goes for a shorter document there, so every such round puts a document among
//! those that stay which is longer than the longest that leaves it: seen as a row of yes and no,
//! the longest first, those that stay only grow, and the rounds end. In practice one is enough;
//! after a few everything is decided in one, which leaves nobody without a survivor.
//!
//! In the end every document that goes names one that stays, with a measured value at or above
//! its threshold, and of those that stay no two are near-duplicates and none is contained in
//! another: the last round has compared all of them.
//!
//! # What it costs
//!
//! The prefixes of documents that may be contained lie in a sorted index, 24 bytes a shingle, in
//! the memory that the near join had; where that is not enough the documents are taken in several
//! parts, the longest first, and all that stays is read once a part. Beside it a round holds some
//! 20 bytes a document.

use super::rank::Rank;
use super::{CHUNK, Decision, PIECE, Screening, Source, Survivor, kind_of};
use crate::document::DocId;
use crate::duplicates::{
    Counter, Held, Listed, LongestFirst, Rarest, Sameness, Sorter, Threshold, Thresholds,
};
use crate::error::Result;
use crate::pipeline::in_order::in_order;
use crate::pipeline::progress::Progress;
use crate::store::fingerprints::{Entry, Fingerprints};
use crate::store::ledger::DuplicateKind;
use std::cmp::Ordering;
use std::ops::Range;

/// After so many rounds everything is decided in one.
const ROUNDS: usize = 8;

/// No place in the order of decision.
const NOWHERE: u32 = u32::MAX;

/// What is searched, and by what.
pub(in crate::pipeline) struct Search<'a> {
    pub prints: &'a Fingerprints,
    pub counts: &'a Counter,
    pub ranks: &'a [Rank],
    pub thresholds: Thresholds,
    pub memory: usize,
    pub progress: &'a dyn Progress,
}

/// A record by its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sized {
    size: u32,
    record: u32,
}

/// How many of a record's rarest shingles others may have, and how many of them one must have to
/// contain it.
#[derive(Clone, Copy, Debug)]
struct Prefix {
    length: u32,
    need: u32,
}

impl Search<'_> {
    /// Decides among those that `decisions` leave, and again on those that lose their survivor.
    ///
    /// # Errors
    ///
    /// Fingerprints that cannot be read back.
    pub fn among_survivors(&self, decisions: &mut Vec<Decision>) -> Result<()> {
        let near = self.thresholds.near;
        let Some(containment) = self.thresholds.containment else {
            return Ok(());
        };
        let mut gone = self.gone(decisions);
        let mut taken: Vec<bool> = gone.iter().map(|gone| !gone).collect();
        for round in 0.. {
            // No two of those that stay at first are near-duplicates.
            let share = match round {
                0 => containment,
                _ => near.least_share(containment),
            };
            if round == ROUNDS {
                taken.fill(true);
            }
            let found = self.round(&taken, share)?;
            decisions.retain(|decision| !taken[decision.record as usize]);
            decisions.extend(found);
            gone = self.gone(decisions);
            for (taken, gone) in taken.iter_mut().zip(&gone) {
                *taken = !gone;
            }
            let mut whole = true;
            for decision in decisions.iter() {
                if let Survivor::Record(survivor) = decision.survivor
                    && gone[survivor as usize]
                {
                    taken[decision.record as usize] = true;
                    whole = false;
                }
            }
            if whole {
                break;
            }
        }
        Ok(())
    }

    fn gone(&self, decisions: &[Decision]) -> Vec<bool> {
        let mut gone = vec![false; self.prints.len()];
        for decision in decisions {
            gone[decision.record as usize] = true;
        }
        gone
    }

    /// Compares records: the longer first, then by rank.
    fn order(&self, one: &Sized, two: &Sized) -> Ordering {
        let rank = |of: &Sized| self.ranks.get(of.record as usize);
        two.size
            .cmp(&one.size)
            .then_with(|| rank(one).cmp(&rank(two)))
            .then(one.record.cmp(&two.record))
    }

    /// Decides on all records that are `taken`; what is in the index has a prefix by `share`.
    fn round(&self, taken: &[bool], share: Threshold) -> Result<Vec<Decision>> {
        let most = self.memory / Rarest::BYTES;
        let mut shorter: Vec<(Sized, Prefix)> = Vec::new();
        let mut held = Some(Vec::new());
        self.prefixes(taken, share, |one, length, prefix| {
            shorter.push((one, length));
            if let Some(held) = &mut held {
                held.extend(prefix.map(|shingle| Held {
                    shingle,
                    place: one.record,
                }));
            }
            if held.as_ref().is_some_and(|held| held.len() > most) {
                held = None;
            }
        })?;
        shorter.sort_unstable_by(|(one, _), (two, _)| self.order(one, two));
        let mut round = Round {
            search: self,
            taken,
            share,
            places: vec![NOWHERE; self.prints.len()],
            listed: Vec::with_capacity(shorter.len()),
            gone: vec![false; shorter.len()],
            decisions: Vec::new(),
        };
        for (place, (one, Prefix { need, .. })) in (0..).zip(&shorter) {
            round.places[one.record as usize] = place;
            round.listed.push(Listed {
                doc: DocId(u64::from(one.record)),
                size: one.size,
                need: *need,
            });
        }
        if let Some(mut held) = held {
            for one in &mut held {
                one.place = round.places[one.place as usize];
            }
            round.part(&Rarest::new(held))?;
            return Ok(round.decisions);
        }
        let mut start = 0;
        while start < shorter.len() {
            let mut room = most;
            let fits = shorter[start..].iter().take_while(|(_, prefix)| {
                let fits = room.checked_sub(prefix.length as usize);
                room = fits.unwrap_or_default();
                fits.is_some()
            });
            let end = start + fits.count().max(1);
            let rarest = round.rarest(start as u32..end as u32)?;
            round.part(&rarest)?;
            start = end;
        }
        Ok(round.decisions)
    }

    /// Gives every record that is `taken` and may be contained in another, with its prefix.
    fn prefixes(
        &self,
        taken: &[bool],
        share: Threshold,
        mut each: impl FnMut(Sized, Prefix, &mut dyn Iterator<Item = u64>) + Send,
    ) -> Result<()> {
        let screening = Screening {
            prints: self.prints,
            counts: self.counts,
            threshold: share.widened(),
        };
        let wanted = |record: u32| taken[record as usize];
        screening.all(&wanted, self.progress, |offered| {
            let (record, contender) = (offered.record, offered.contender);
            let size = contender.size();
            let length = contender.prefix().len() as u32;
            // Of the whole prefix, the shingles that stand nowhere else among it, this many may
            // be missing.
            let missing = size - share.least_shared_of(size);
            let need = (screening.threshold.prefix(size) - missing) as u32;
            if need <= length {
                let size = size as u32;
                let prefix = Prefix { length, need };
                let mut shingles = contender.prefix().iter().copied();
                each(Sized { size, record }, prefix, &mut shingles);
            }
            Ok(())
        })
    }
}

/// One look at all records that are taken.
struct Round<'a> {
    search: &'a Search<'a>,
    taken: &'a [bool],
    share: Threshold,
    /// By record, its place among those that may be contained.
    places: Vec<u32>,
    /// By place, the longest first.
    listed: Vec<Listed>,
    gone: Vec<bool>,
    decisions: Vec<Decision>,
}

/// A record that may hold others.
struct Longer {
    record: u32,
    set: Vec<u64>,
    hits: Vec<u64>,
    after: u32,
}

impl Round<'_> {
    /// Returns the rarest shingles of the documents at these places.
    fn rarest(&self, places: Range<u32>) -> Result<Rarest> {
        let mut held = Vec::new();
        self.search
            .prefixes(self.taken, self.share, |one, _, prefix| {
                let place = self.places[one.record as usize];
                if places.contains(&place) {
                    held.extend(prefix.map(|shingle| Held { shingle, place }));
                }
            })?;
        Ok(Rarest::new(held))
    }

    /// Decides on the documents whose shingles are in `rarest`.
    fn part(&mut self, rarest: &Rarest) -> Result<()> {
        let mut longer = self.longer(rarest)?;
        longer.sort_unstable_by(|one, two| self.search.order(one, two));
        let gone = std::mem::take(&mut self.gone);
        let this = &*self;
        let search = this.search;
        let prints = search.prints;
        let mut decision = LongestFirst::new(search.thresholds, &this.listed, rarest, gone);
        let mut source = Source::of(prints);
        let mut told: Vec<Decision> = Vec::new();
        let mut chunks = longer.chunks(CHUNK);
        in_order(
            search.progress,
            || Ok(chunks.next()),
            |chunk| {
                let mut bytes = Vec::new();
                let mut out = Vec::with_capacity(chunk.len());
                for one in chunk {
                    let entry = prints.entry(one.record as usize, &mut bytes)?;
                    let set = set_of(&entry);
                    let after = this.after(one);
                    let hits = hits(rarest, &set, after);
                    out.push(Longer {
                        record: one.record,
                        set,
                        hits,
                        after,
                    });
                }
                Ok(out)
            },
            |chunk| {
                for one in chunk {
                    if decision.is_gone(this.places[one.record as usize]) {
                        continue;
                    }
                    decision.take(&one.set, &one.hits, one.after, &mut source, |found| {
                        told.push(Decision {
                            record: found.doc.0 as u32,
                            survivor: Survivor::Record(one.record),
                            similarity: found.similarity,
                            kind: kind_of(found.kind),
                        });
                    })?;
                }
                Ok(())
            },
        )?;
        self.gone = decision.into_gone();
        for decision in &mut told {
            if decision.kind == kind_of(Sameness::Near) && search.is_same_text(decision)? {
                decision.kind = DuplicateKind::Exact;
            }
        }
        self.decisions.append(&mut told);
        Ok(())
    }

    /// Returns the records that stay so far and share a rare shingle with one that comes later.
    fn longer(&self, rarest: &Rarest) -> Result<Vec<Sized>> {
        let Self { search, taken, .. } = self;
        let prints = search.prints;
        let mut ranges = prints.ranges(PIECE).into_iter();
        let mut longer = Vec::new();
        in_order(
            search.progress,
            || Ok(ranges.next()),
            |range| {
                let mut bytes = Vec::new();
                prints.read(range.clone(), &mut bytes)?;
                let mut out = Vec::new();
                let mut shingles = Vec::new();
                for (record, entry) in (range.start as u32..).zip(Fingerprints::entries(&bytes)) {
                    let place = self.places[record as usize];
                    let gone = self.gone.get(place as usize) == Some(&true);
                    if !taken[record as usize] || gone {
                        continue;
                    }
                    shingles.clear();
                    entry.leading(&mut shingles);
                    entry.others(&mut shingles);
                    let others = |shingle: &u64| match rarest.holders(*shingle) {
                        [one] => one.place != place,
                        others => !others.is_empty(),
                    };
                    if !shingles.iter().any(others) {
                        continue;
                    }
                    Sorter::default().sort(&mut shingles);
                    let size = shingles.len() as u32;
                    let one = Sized { size, record };
                    if !hits(rarest, &shingles, self.after(&one)).is_empty() {
                        out.push(one);
                    }
                }
                Ok(out)
            },
            |out| {
                longer.extend(out);
                Ok(())
            },
        )?;
        Ok(longer)
    }

    /// Returns the place from which on documents come after this one.
    fn after(&self, one: &Sized) -> u32 {
        let before = |listed: &Listed| {
            let (size, record) = (listed.size, listed.doc.0 as u32);
            self.search.order(&Sized { size, record }, one) != Ordering::Greater
        };
        match self.places[one.record as usize] {
            NOWHERE => self.listed.partition_point(before) as u32,
            place => place + 1,
        }
    }
}

impl Search<'_> {
    /// Returns whether the folded texts of a duplicate and its survivor are the same.
    fn is_same_text(&self, decision: &Decision) -> Result<bool> {
        let Survivor::Record(survivor) = decision.survivor else {
            return Ok(false);
        };
        if decision.similarity < 1.0 {
            return Ok(false);
        }
        let (mut one, mut two) = (Vec::new(), Vec::new());
        let one = self.prints.label(decision.record as usize, &mut one)?;
        let two = self.prints.label(survivor as usize, &mut two)?;
        Ok(one.digest == two.digest)
    }
}

/// Returns the shingles of an entry, ascending.
fn set_of(entry: &Entry<'_>) -> Vec<u64> {
    let mut set = Vec::with_capacity(entry.shingles());
    entry.leading(&mut set);
    entry.others(&mut set);
    Sorter::default().sort(&mut set);
    set
}

/// Returns those of a set that are among the rarest of a document at `after` or behind.
fn hits(rarest: &Rarest, set: &[u64], after: u32) -> Vec<u64> {
    let held = |shingle: &&u64| {
        let last = rarest.holders(**shingle).last();
        last.is_some_and(|last| last.place >= after)
    };
    set.iter().filter(held).copied().collect()
}

#[cfg(test)]
mod tests;
