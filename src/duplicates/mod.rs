//! The fourth desk: finds the documents that repeat others, and says which of them stays.
//!
//! # What a duplicate is
//!
//! The Jaccard similarity of two documents is that of their sets of word
//! 5-grams, `|A ∩ B| / |A ∪ B|`. Documents are taken in the order of their
//! rank; one is kept unless a kept one is similar enough, and the first such
//! in rank is its survivor. So every dropped document names a kept one whose
//! similarity to it was measured, and no two kept documents reach the
//! threshold. Both hold exactly: there is no sketch and no chance in it.
//!
//! # How it is found without comparing all with all
//!
//! ```text
//! every document   FingerprintReader   text → digest, shingles        any thread
//!                  Counter::add        how often is each leading one  any thread
//! every document   Screener::screen    Unique, or a Contender         any thread
//! contenders       Survivors::offer    Kept, or Duplicate of whom     in rank order
//! ```
//!
//! Let *n* be the number of a document's shingles and *t* the threshold. A
//! duplicate shares *o* shingles with it, and `o ≥ t·|union| ≥ t·n`.
//!
//! 1. *The prefix.* Put the shingles of every document into one order common to
//!    all. Of any `n − ⌈t·n⌉ + 1` shingles of a document at least one is in a
//!    given duplicate, since at most `n − ⌈t·n⌉` are not. Take the first that
//!    many, the prefix, of two duplicates A and B, and the first shingle s that
//!    they share in the order. Were s beyond A's prefix, all of A's prefix would
//!    be missing from B, which is one too many; so with B's. Hence the prefixes
//!    of duplicates share a shingle (Chaudhuri, Ganti, Kaushik, "A primitive
//!    operator for similarity joins", ICDE 2006; Bayardo, Ma, Srikant, "Scaling
//!    up all pairs similarity search", WWW 2007). The proof asks nothing of the
//!    order but that it is one; rarest first (count, then hash) keeps the lists
//!    of the index short.
//!    *Leaders.* To count every shingle of a corpus, and to look every count up
//!    again, is to miss the cache twice a shingle. So some shingles, told by a few
//!    bits of the hash alone, lead the order: they come first, by rarity, and all
//!    others behind them, by hash. Two and a half times as many lead as a prefix is
//!    long ([`Threshold::leads`]), so a prefix nearly always lies among them, and
//!    the others need no look.
//!    *Common phrases.* Where few leaders are rare (a short text, a page that is mostly
//!    template) the prefix reaches further, and what stands in a great many documents
//!    would make their lists as long as the corpus. So what stands often goes to the
//!    end of the order: leaders are known by their counts, the others by those of one
//!    document in eight ([`Counter::samples`]).
//! 2. *Unique documents.* Leading shingles that stand once in the corpus come first
//!    in that order and are shared with nobody. Where they fill the prefix there is
//!    no duplicate: the document is kept without being sorted or indexed, and its
//!    other shingles are not read again. With
//!    repeats counted, `m ≥ n` shingles, the prefix is no shorter, so asking for
//!    `m − ⌈t·m⌉ + 1` single ones is safe before the set is known. In most
//!    corpora this is most documents, and one linear pass settles them.
//! 3. *Counts* may be too high ([`Counter`] has no more slots than memory
//!    allows), never too low. A count of 1 is therefore true; and any counts at
//!    all make an order. No verdict depends on the size of the table.
//! 4. *Lists.* A contender looks up its prefix in the index of the kept ones'
//!    prefixes. Sizes must lie within `t·n` and `n/t`; a common shingle leaves at
//!    most the lesser of what comes after it on both sides, which with those met
//!    before must still be able to reach the threshold (Xiao, Wang, Lin, Yu,
//!    "Efficient similarity joins for near duplicate detection", WWW 2008). A long
//!    list carries the least size and the greatest remainder in it, and is passed
//!    over as a whole where not even those would do. Who is left is passed over
//!    where the parities of both sets (`Traits`) differ in too many
//!    places, and else measured, in rank order, until one is similar enough.
//!
//! [`Threshold`] holds *t* in whole numbers, so no pair is lost to rounding.
//! Dropped documents are not indexed: a cluster of a million near-copies costs
//! a million comparisons with its survivor. What stays quadratic, in the lists'
//! cheap steps alone, is a multitude of kept documents that share their rarest
//! shingles and lie just below the threshold of each other. A shingle is a 64-bit hash; two that
//! collide change a similarity by one shingle once in about 10¹⁹ pairs.

mod buckets;
mod containment;
mod counter;
mod decide;
mod index;
mod list;
mod order;
mod screen;
mod sets;
mod shingles;
mod survivors;
#[cfg(test)]
mod tests;
mod threshold;
mod traits;

pub use list::Deduplicator;
pub use shingles::{Fingerprint, FingerprintReader};
pub use survivors::Verdict;
pub use threshold::Threshold;

// The kernels as benches and fuzzers call them.
#[doc(hidden)]
pub use counter::Counter;
#[doc(hidden)]
pub use decide::{Limits, Shelf, decide};
#[doc(hidden)]
pub use screen::Screener;
#[doc(hidden)]
pub use shingles::Digest;

pub(crate) use containment::{Held, Listed, LongestFirst, Rarest};
pub(crate) use order::{Order, OrderMaker};
pub(crate) use screen::{Contender, Screened};
pub(crate) use sets::{Lookup, Sorter};
pub(crate) use shingles::FINGERPRINTS;
pub(crate) use survivors::{Sameness, ShingleSource, Survivors};
pub(crate) use threshold::Thresholds;
pub(crate) use traits::Traits;
