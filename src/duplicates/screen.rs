//! The look at one document alone: can it have a duplicate at all?

use super::counter::{Counter, OFTEN};
use super::sets::Sorter;
use super::threshold::Threshold;
use super::traits::Traits;

/// Shingles that are looked up between two looks at the sum.
const BATCH: usize = 64;

/// What the counts say about one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screened {
    /// It has no word, so it is compared by nothing but its digest, if at all.
    Wordless,
    /// No other document can reach the threshold with it: it is kept.
    Unique,
    /// It may have duplicates: [`Survivors`](super::Survivors) must say.
    Contender(Contender),
}

/// A document's shingles as [`Survivors`](super::Survivors) compares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contender {
    /// How many distinct shingles it has.
    pub(super) size: usize,
    /// Those of them that others may have too, ascending; none where they are to be fetched.
    pub(super) common: Box<[u64]>,
    /// The traits of `common`.
    pub(super) traits: Traits,
    /// Those of its first shingles in the order that others may have too: they follow one
    /// another there.
    pub(super) prefix: Box<[u64]>,
    /// The place of the first of them among all of the document's, in that order.
    pub(super) place: usize,
}

impl Contender {
    /// Returns how many distinct shingles the document has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns those of its first shingles in the order that others may have too.
    pub fn prefix(&self) -> &[u64] {
        &self.prefix
    }

    /// Returns how many shingles come after this one of the prefix in the order.
    #[inline]
    pub(super) fn rest(&self, at: usize) -> usize {
        self.size.saturating_sub(self.place + at + 1)
    }

    /// Appends it to `out`, little-endian, without its common shingles: size, place, traits,
    /// prefix.
    pub fn write(&self, out: &mut Vec<u8>) {
        for number in [self.size, self.place, self.traits.size()] {
            out.extend_from_slice(&(number as u32).to_le_bytes());
        }
        out.extend_from_slice(&self.traits.to_bytes());
        out.extend(self.prefix.iter().flat_map(|shingle| shingle.to_le_bytes()));
    }

    /// Reads what [`Self::write`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.split_first_chunk::<12>()?;
        let (traits, rest) = rest.split_first_chunk()?;
        let mut numbers = numbers
            .as_chunks::<4>()
            .0
            .iter()
            .copied()
            .map(u32::from_le_bytes);
        let (size, place) = (numbers.next()? as usize, numbers.next()? as usize);
        let traits = Traits::from_bytes(numbers.next()?, traits);
        let (prefix, rest) = rest.as_chunks::<8>();
        rest.is_empty().then(|| Self {
            size,
            common: Box::default(),
            traits,
            prefix: prefix.iter().copied().map(u64::from_le_bytes).collect(),
            place,
        })
    }
}

/// Screens documents, one after another, with the same buffers; one to a thread.
#[derive(Debug, Default)]
pub struct Screener {
    sorter: Sorter,
    common: Vec<u64>,
    leading: Vec<u64>,
    counts: Vec<u8>,
}

impl Screener {
    /// Returns a screener with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at a document of so many `shingles`, of which `leading` are those that
    /// [lead](Threshold::leads), in any order; `others` appends the rest, and is asked only
    /// where the leading ones do not settle it. The counter must hold the leading shingles of
    /// the whole corpus.
    ///
    /// The answer does not depend on any other document but through the counts.
    pub fn screen(
        &mut self,
        leading: &[u64],
        shingles: usize,
        others: impl FnOnce(&mut Vec<u64>),
        counter: &Counter,
        threshold: Threshold,
    ) -> Screened {
        if shingles == 0 {
            return Screened::Wordless;
        }
        // With repeats counted there are at least as many shingles as distinct ones, and a
        // greater number asks for no fewer single ones: the answer errs to the safe side.
        let enough = threshold.prefix(shingles);
        let mut single = 0;
        self.common.clear();
        for batch in leading.chunks(BATCH) {
            // Counts first: no look-up waits for another, so their cache misses overlap.
            let mut counts = [0; BATCH];
            for (count, shingle) in counts.iter_mut().zip(batch) {
                *count = counter.count(*shingle);
            }
            let mut common = [0; BATCH];
            let mut length = 0;
            for (count, shingle) in counts.iter().zip(batch) {
                common[length % BATCH] = *shingle;
                length += usize::from(*count != 1);
            }
            single += batch.len() - length;
            if single >= enough {
                return Screened::Unique;
            }
            self.common.extend_from_slice(&common[..length]);
        }
        others(&mut self.common);
        self.sorter.sort(&mut self.common);
        let size = single + self.common.len();
        let prefix_length = threshold.prefix(size);
        if single >= prefix_length {
            return Screened::Unique;
        }
        let prefix = self.first(counter, threshold, prefix_length - single);
        Screened::Contender(Contender {
            size,
            common: self.common.as_slice().into(),
            traits: Traits::of(&self.common),
            prefix,
            place: single,
        })
    }

    /// Returns the first `wanted` common shingles of the order: the leading ones that do not
    /// stand often, by count, then hash; the others that do not, by hash; and behind them those
    /// that do, by count, then hash.
    ///
    /// The single ones lead the order and are in no other document: they have taken their
    /// places and need no look.
    fn first(&mut self, counter: &Counter, threshold: Threshold, wanted: usize) -> Box<[u64]> {
        let mut tally = [0u32; 256];
        self.leading.clear();
        self.counts.clear();
        for shingle in &self.common {
            if threshold.leads(*shingle) {
                let count = counter.count(*shingle);
                if count < OFTEN {
                    tally[usize::from(count)] += 1;
                    self.leading.push(*shingle);
                    self.counts.push(count);
                }
            }
        }
        // From here on the tally tells where the shingles of each count start.
        let mut start = 0;
        let mut last = u8::MAX;
        for (count, tally) in (0..=u8::MAX).zip(&mut tally) {
            let end = start + *tally;
            *tally = start;
            start = end;
            if end as usize >= wanted {
                last = count;
                break;
            }
        }
        let mut first = vec![0; wanted.min(self.leading.len())];
        for (shingle, count) in self.leading.iter().zip(&self.counts) {
            if *count <= last {
                let at = &mut tally[usize::from(*count)];
                if let Some(place) = first.get_mut(*at as usize) {
                    *place = *shingle;
                }
                *at += 1;
            }
        }
        let often = |shingle: &u64| counter.about(*shingle, threshold) >= OFTEN;
        for shingle in &self.common {
            if first.len() == wanted {
                return first.into();
            }
            if !threshold.leads(*shingle) && !often(shingle) {
                first.push(*shingle);
            }
        }
        self.leading.clear();
        self.leading
            .extend(self.common.iter().filter(|shingle| often(shingle)));
        self.leading
            .sort_by_key(|shingle| (counter.about(*shingle, threshold), *shingle));
        first.extend(self.leading.iter().take(wanted - first.len()));
        first.into()
    }
}
