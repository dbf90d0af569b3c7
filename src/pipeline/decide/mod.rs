//! Which records are duplicates of which: the fourth desk over all fingerprints.
//!
//! Screening is parallel; the verdicts are given in rank order. Where the order
//! of reading is the rank, one pass over the fingerprints does both. Else the
//! contenders are laid aside first and put in order; so are those that are put off until there is
//! room for more. Who is contained in a longer document is decided among those that stay
//! ([`contained`]).

pub(super) mod clusters;
pub(super) mod contained;
pub(super) mod mark;
pub(super) mod rank;

use crate::document::DocId;
use crate::duplicates::{
    Contender, Counter, Digest, Sameness, Screened, Screener, ShingleSource, Survivors, Threshold,
    Thresholds, Verdict,
};
use crate::error::{Error, Result};
use crate::formats::{Compression, Input};
use crate::pipeline::in_order::{Buffers, in_order};
use crate::pipeline::index::Place;
use crate::pipeline::progress::{Progress, Stage};
use crate::settings::{DuplicateSettings, Keep};
use crate::store::appended::Appended;
use crate::store::fingerprints::{Entry, Fingerprints};
use crate::store::ledger::DuplicateKind;
use crate::store::spill::{Spill, SpilledBlocks};
use rank::Rank;

/// Bytes of fingerprints that are screened at a time.
pub(in crate::pipeline) const PIECE: u64 = 1 << 20;

/// Records that are screened at a time when they are read one by one.
pub(in crate::pipeline) const CHUNK: usize = 256;

/// Bytes of a record for each slot of the table of counts: about as many as give one shingle.
const BYTES_A_SLOT: u64 = 7;

/// How much packed text is packed by, about.
const PACKED_BY: u64 = 4;

/// One record that is a duplicate. Records are numbered from 0 in the order of reading, rejected
/// ones left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// The duplicate.
    pub record: u32,
    /// The document that stays for it.
    pub survivor: Survivor,
    /// Their similarity, measured.
    pub similarity: f64,
    /// How it was told.
    pub kind: DuplicateKind,
}

/// A document that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survivor {
    /// A record of the run.
    Record(u32),
    /// A document of an earlier batch.
    Earlier(Place),
}

/// Returns the table that counts shingles of `inputs`, in at most a quarter of `memory`.
///
/// Its size is a guess from the inputs' sizes and changes no decision.
pub fn shingle_counts(memory: u64, inputs: &[Input]) -> Counter {
    let bytes: Option<u64> = inputs
        .iter()
        .map(|input| {
            let packed = input.path.as_deref().map(Compression::of_name)?;
            let by = if packed == Compression::None {
                1
            } else {
                PACKED_BY
            };
            Some(input.bytes? * by)
        })
        .sum();
    let slots = bytes.map_or(u64::MAX, |bytes| bytes / BYTES_A_SLOT);
    Counter::new(slots, usize::try_from(memory / 4).unwrap_or(usize::MAX))
}

/// Counts the shingles of a record; `buffer` is room for them.
pub(in crate::pipeline) fn count_shingles(
    counts: &Counter,
    entry: &Entry<'_>,
    buffer: &mut Vec<u64>,
) {
    buffer.clear();
    entry.leading(buffer);
    if Counter::samples(&entry.label.digest) {
        entry.others(buffer);
    }
    counts.add(buffer);
}

/// Returns the counts of the shingles of records whose text has so many bytes in all.
///
/// # Errors
///
/// Fingerprints that cannot be read back.
pub fn counts_of(prints: &Fingerprints, bytes: u64, memory: u64) -> Result<Counter> {
    let memory = usize::try_from(memory / 4).unwrap_or(usize::MAX);
    let counts = Counter::new(bytes / BYTES_A_SLOT, memory);
    let mut buffer = Vec::new();
    let mut shingles = Vec::new();
    for range in prints.ranges(PIECE) {
        prints.read(range, &mut buffer)?;
        for entry in Fingerprints::entries(&buffer) {
            count_shingles(&counts, &entry, &mut shingles);
        }
    }
    Ok(counts)
}

/// Returns the duplicates among all records, ascending.
///
/// `ranks` has the rank of every record; it may be empty where the order of reading ranks them.
/// `repeated` are those that repeat a document of an earlier batch, ascending: they are among what
/// is returned, and no record repeats them.
///
/// # Errors
///
/// Fingerprints that cannot be read back.
pub fn decide(
    prints: &Fingerprints,
    counts: &Counter,
    ranks: &[Rank],
    memory: u64,
    settings: &DuplicateSettings,
    repeated: Vec<Decision>,
    progress: &dyn Progress,
) -> Result<Vec<Decision>> {
    let thresholds = Thresholds::of(settings);
    let threshold = thresholds.near;
    let memory = usize::try_from(memory / 2).unwrap_or(usize::MAX);
    let mut desk = Desk {
        source: Source::of(prints),
        survivors: Survivors::new(threshold, memory),
        decisions: Vec::new(),
    };
    let screened = Screening {
        prints,
        counts,
        threshold,
    };
    progress.begin(Stage::Decide, Some(prints.len() as u64));
    let gone = |record: u32| repeated.binary_search_by_key(&record, |one| one.record);
    let all = &|record| repeated.is_empty() || gone(record).is_err();
    let mut aside = Aside::new(prints)?;
    let mut round: Vec<LaidAside> = Vec::new();
    if settings.keep == Keep::First {
        screened.all(all, progress, |offered| {
            if !desk.offer(&offered)? {
                round.push(aside.lay(&offered)?);
            }
            Ok(())
        })?;
    } else {
        screened.all(all, progress, |offered| {
            round.push(aside.lay(&offered)?);
            Ok(())
        })?;
        round.sort_by(|one, two| {
            let [by, than] = [one, two].map(|one| ranks.get(one.record as usize));
            by.cmp(&than).then(one.record.cmp(&two.record))
        });
    }
    let aside = aside.spill.finish()?;
    while !round.is_empty() {
        let mut put_off = Vec::new();
        desk.survivors.next_round();
        in_turn(&round, &aside, progress, |laid, offered| {
            if !desk.offer(&offered)? {
                put_off.push(laid);
            }
            Ok(())
        })?;
        round = put_off;
    }
    let mut decisions = desk.decisions;
    drop(desk.survivors);
    decisions.extend(repeated);
    if thresholds.containment.is_some() {
        let search = contained::Search {
            prints,
            counts,
            ranks,
            thresholds,
            memory,
            progress,
        };
        search.among_survivors(&mut decisions)?;
    }
    progress.end();
    decisions.sort_unstable_by_key(|decision| decision.record);
    Ok(decisions)
}

/// What is screened, against what.
pub(in crate::pipeline) struct Screening<'a> {
    pub prints: &'a Fingerprints,
    pub counts: &'a Counter,
    pub threshold: Threshold,
}

/// A record that may have duplicates.
pub(in crate::pipeline) struct Offered {
    pub record: u32,
    pub digest: Digest,
    pub contender: Contender,
}

/// A record that may have duplicates and has been laid aside, and where.
#[derive(Clone, Copy)]
struct LaidAside {
    record: u32,
    block: u32,
}

/// Records that may have duplicates, laid aside on disk: some 600 bytes each.
struct Aside {
    spill: Spill,
    laid: u32,
    block: Vec<u8>,
}

impl Aside {
    /// Returns one beside the fingerprints.
    fn new(prints: &Fingerprints) -> Result<Self> {
        Ok(Self {
            spill: Spill::new(Appended::unnamed(prints.folder(), "contenders")?),
            laid: 0,
            block: Vec::new(),
        })
    }

    /// Lays a record aside; its turn comes when [`in_turn`] is given what this returns.
    fn lay(&mut self, offered: &Offered) -> Result<LaidAside> {
        self.block.clear();
        self.block.extend_from_slice(&offered.digest);
        offered.contender.write(&mut self.block);
        self.spill.append(&self.block)?;
        let block = self.laid;
        self.laid += 1;
        let record = offered.record;
        Ok(LaidAside { record, block })
    }
}

/// Reads a record that was laid aside.
fn take_up(laid: LaidAside, aside: &SpilledBlocks) -> Result<Offered> {
    let bytes = aside.read(laid.block as usize)?;
    let read = bytes.split_first_chunk().and_then(|(digest, rest)| {
        Some(Offered {
            record: laid.record,
            digest: *digest,
            contender: Contender::read(rest)?,
        })
    });
    read.ok_or_else(|| {
        let place = format!("what was laid aside of record {}", laid.record);
        Error::damaged(place, "does not read as it was written")
    })
}

/// Gives each what was laid aside, in this order; it is read in parallel.
fn in_turn(
    round: &[LaidAside],
    aside: &SpilledBlocks,
    progress: &dyn Progress,
    mut each: impl FnMut(LaidAside, Offered) -> Result<()> + Send,
) -> Result<()> {
    let mut chunks = round.chunks(CHUNK);
    in_order(
        progress,
        || Ok(chunks.next()),
        |chunk| {
            let read = chunk.iter().map(|laid| Ok((*laid, take_up(*laid, aside)?)));
            read.collect::<Result<Vec<_>>>()
        },
        |read| {
            read.into_iter()
                .try_for_each(|(laid, offered)| each(laid, offered))
        },
    )
}

/// Buffers to look at one record after another.
#[derive(Default)]
struct Look {
    bytes: Vec<u8>,
    screener: Screener,
    leading: Vec<u64>,
}

impl Screening<'_> {
    /// Looks at one record alone.
    fn look(&self, entry: &Entry<'_>, screener: &mut Screener, leading: &mut Vec<u64>) -> Screened {
        leading.clear();
        entry.leading(leading);
        let others = |into: &mut Vec<u64>| entry.others(into);
        screener.screen(
            leading,
            entry.shingles(),
            others,
            self.counts,
            self.threshold,
        )
    }

    /// Screens all records that are `wanted` in parallel; `each` gets the contenders in the order
    /// of reading.
    pub fn all(
        &self,
        wanted: &(dyn Fn(u32) -> bool + Sync),
        progress: &dyn Progress,
        mut each: impl FnMut(Offered) -> Result<()> + Send,
    ) -> Result<()> {
        let mut ranges = self.prints.ranges(PIECE).into_iter();
        let buffers = Buffers::<Look>::default();
        in_order(
            progress,
            || Ok(ranges.next()),
            |range| {
                buffers.with(|look| {
                    let Look {
                        bytes,
                        screener,
                        leading,
                    } = look;
                    self.prints.read(range.clone(), bytes)?;
                    let mut out: Vec<Offered> = Vec::new();
                    for (record, entry) in (range.start as u32..).zip(Fingerprints::entries(bytes))
                    {
                        if wanted(record)
                            && let Screened::Contender(contender) =
                                self.look(&entry, screener, leading)
                        {
                            let digest = entry.label.digest;
                            out.push(Offered {
                                record,
                                digest,
                                contender,
                            });
                        }
                    }
                    Ok((range.end as u64, out))
                })
            },
            |(done, offered)| {
                offered.into_iter().try_for_each(&mut each)?;
                progress.advance(done, done);
                Ok(())
            },
        )
    }
}

/// The verdicts so far.
struct Desk<'a> {
    source: Source<'a>,
    survivors: Survivors,
    decisions: Vec<Decision>,
}

impl Desk<'_> {
    /// Decides on a record; answers whether it could, and not in a later round.
    fn offer(&mut self, offered: &Offered) -> Result<bool> {
        let Offered {
            record,
            digest,
            contender,
        } = offered;
        let doc = DocId(u64::from(*record));
        let verdict = self
            .survivors
            .offer(doc, digest, contender, &mut self.source)?;
        if let Some(Verdict::Duplicate {
            survivor,
            similarity,
            kind,
        }) = verdict
        {
            self.decisions.push(Decision {
                record: *record,
                survivor: Survivor::Record(survivor.0 as u32),
                similarity,
                kind: kind_of(kind),
            });
        }
        Ok(verdict.is_some())
    }
}

/// Returns what the ledger says of how a duplicate was told.
pub(in crate::pipeline) const fn kind_of(kind: Sameness) -> DuplicateKind {
    match kind {
        Sameness::Exact => DuplicateKind::Exact,
        Sameness::Near => DuplicateKind::Near,
        Sameness::Contained => DuplicateKind::Containment,
    }
}

/// Shingles from disk. The desk knows records by their numbers here.
pub(in crate::pipeline) struct Source<'a> {
    prints: &'a Fingerprints,
    buffer: Vec<u8>,
}

impl<'a> Source<'a> {
    /// Returns the shingles of these fingerprints.
    pub fn of(prints: &'a Fingerprints) -> Self {
        Self {
            prints,
            buffer: Vec::new(),
        }
    }
}

impl ShingleSource for Source<'_> {
    type Error = Error;

    fn shingles(&mut self, doc: DocId, into: &mut Vec<u64>) -> Result<()> {
        let entry = self.prints.entry(doc.0 as usize, &mut self.buffer)?;
        entry.leading(into);
        entry.others(into);
        Ok(())
    }
}
