//! Canonical composition, Unicode NFC (UAX #15): "e" and a combining acute are "é".
//!
//! The normalising is `icu_normalizer`'s. Ours is to say what changed: one edit
//! for each cluster (a starter and what combines with it), less what it has in
//! common with its normal form at either end.

use super::Mend;
use crate::document::{Edits, Span};
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::{
    CanonicalCombiningClassMapBorrowed, CanonicalDecompositionBorrowed, Decomposed,
};

/// The normaliser of the crate's compiled data.
const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();

/// Returns one edit a cluster that is not in its normal form.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut edits = Edits::new();
    let mut at = 0;
    while at < text.len() {
        // Behind the normal head stands a cluster that changes, from its boundary on.
        let (normal, rest) = NFC.split_normalized(&text[at..]);
        if rest.is_empty() {
            break;
        }
        at += normal.len();
        // Clusters are read one by one until one has changed: what stands before it may be long
        // and have no boundary, and is not looked through again.
        let mut changed = false;
        while !changed && at < text.len() {
            let rest = &text[at..];
            let cluster = &rest[..cluster_end(rest)];
            let composed = NFC.normalize(cluster);
            changed = composed != cluster;
            if changed {
                push_difference(&mut edits, at, cluster, &composed);
            }
            at += cluster.len();
        }
    }
    edits
}

/// Returns where the first cluster of `text` ends: before the next starter that
/// does not combine with what stands before it.
fn cluster_end(text: &str) -> usize {
    let mut starters = text.char_indices().skip(1).filter(|(_, c)| !is_mark(*c));
    let end = starters.find(|(at, c)| c.is_ascii() || !combines(text, *at, *c));
    end.map_or(text.len(), |(at, _)| at)
}

/// Returns whether `c`, a starter at `at`, becomes one with what stands before it.
///
/// All of that is normalised to find out, so a cluster may ask it of few characters: a starter
/// combines with the character before it alone, and four make one at most. Marks, of which there
/// is no end, are not asked.
fn combines(text: &str, at: usize, c: char) -> bool {
    #[cfg(test)]
    tests::READ.with(|read| read.set(read.get() + at));
    let end = at + c.len_utf8();
    let before = NFC.normalize(&text[..at]);
    let both = NFC.normalize(&text[..end]);
    both.strip_prefix(&*before) != Some(&*NFC.normalize(&text[at..end]))
}

/// Returns whether `c` combines with a starter before it whatever stands between: its combining
/// class is not 0, or, as with three vowel signs of Tibetan, that of what it decomposes to is not.
fn is_mark(c: char) -> bool {
    const CLASSES: CanonicalCombiningClassMapBorrowed<'static> =
        CanonicalCombiningClassMapBorrowed::new();
    const PARTS: CanonicalDecompositionBorrowed<'static> = CanonicalDecompositionBorrowed::new();
    if c.is_ascii() {
        return false;
    }
    CLASSES.get_u8(c) != 0
        || match PARTS.decompose(c) {
            Decomposed::Default => false,
            Decomposed::Singleton(first) | Decomposed::Expansion(first, _) => {
                CLASSES.get_u8(first) != 0
            }
        }
}

/// Appends the edit from `old`, which begins at `start`, to `new`, without what they share.
fn push_difference(edits: &mut Edits<Mend>, start: usize, old: &str, new: &str) {
    let shared = |pair: &(char, char)| pair.0 == pair.1;
    let bytes = |pair: (char, char)| pair.0.len_utf8();
    let head: usize = old
        .chars()
        .zip(new.chars())
        .take_while(shared)
        .map(bytes)
        .sum();
    let (old, new) = (&old[head..], &new[head..]);
    let back = old.chars().rev().zip(new.chars().rev());
    let tail: usize = back.take_while(shared).map(bytes).sum();
    let span = Span::new(start + head, start + head + old.len() - tail);
    edits.push(span, &new[..new.len() - tail], Mend::Nfc);
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_normalizer::DecomposingNormalizerBorrowed;
    use proptest::prelude::*;
    use std::cell::Cell;

    thread_local! {
        /// Bytes before the starters that were asked whether they combine.
        pub(super) static READ: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn what_decomposes_to_marks_is_a_mark() {
        const NFD: DecomposingNormalizerBorrowed<'static> =
            DecomposingNormalizerBorrowed::new_nfd();
        const CLASSES: CanonicalCombiningClassMapBorrowed<'static> =
            CanonicalCombiningClassMapBorrowed::new();
        let mut buffer = [0; 4];
        for c in char::MIN..=char::MAX {
            let whole = NFD.normalize(c.encode_utf8(&mut buffer));
            let first = whole.chars().next().unwrap();
            assert_eq!(is_mark(c), CLASSES.get_u8(first) != 0, "{c:?}");
        }
    }

    /// Characters whose clusters could be long: marks of several classes, marks that are made of
    /// two, starters that combine backwards, singletons, Hangul, and letters to end them.
    const PIECES: [&str; 18] = [
        "\u{f73}", "\u{f75}", "\u{f81}", "\u{f71}", "\u{344}", "\u{340}", "\u{301}", "\u{323}",
        "\u{1100}", "\u{1161}", "\u{11a8}", "\u{ac00}", "\u{cc6}", "\u{cc2}", "\u{cd5}", "\u{9be}",
        "e", "\u{f40}",
    ];

    proptest! {
        #[test]
        fn the_edits_make_the_normal_form_and_read_each_character_a_few_times(
            parts in prop::collection::vec((0..PIECES.len(), 1usize..40), 1..40)
        ) {
            let text: String = parts.iter().map(|(at, times)| PIECES[*at].repeat(*times)).collect();
            READ.with(|read| read.set(0));
            let edits = mend(&text);
            prop_assert_eq!(edits.apply(&text), NFC.normalize(&text));
            let read = READ.with(Cell::get);
            prop_assert!(read <= 4 * text.len(), "{} bytes read of {}", read, text.len());
        }
    }
}
