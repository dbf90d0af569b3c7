//! Canonical composition, Unicode NFC (UAX #15): "e" and a combining acute are "é".
//!
//! The normalising is `icu_normalizer`'s. Ours is to say what changed: one edit
//! for each cluster (a starter and what combines with it), less what it has in
//! common with its normal form at either end.

use super::Mend;
use crate::document::{Edits, Span};
use icu_normalizer::{ComposingNormalizerBorrowed, properties::CanonicalCombiningClassMapBorrowed};

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
        let start = at + normal.len();
        let cluster = &rest[..cluster_end(rest)];
        let composed = NFC.normalize(cluster);
        if composed != cluster {
            push_difference(&mut edits, start, cluster, &composed);
        }
        at = start + cluster.len();
    }
    edits
}

/// Returns where the first cluster of `text` ends: before the next starter that
/// does not combine with what stands before it.
fn cluster_end(text: &str) -> usize {
    const CLASSES: CanonicalCombiningClassMapBorrowed<'static> =
        CanonicalCombiningClassMapBorrowed::new();
    for (at, c) in text.char_indices().skip(1) {
        if CLASSES.get_u8(c) != 0 {
            continue;
        }
        if c.is_ascii() {
            return at;
        }
        let before = NFC.normalize(&text[..at]);
        let alone = &text[at..at + c.len_utf8()];
        let both = NFC.normalize(&text[..at + c.len_utf8()]);
        if both.strip_prefix(&*before) == Some(&*NFC.normalize(alone)) {
            return at;
        }
    }
    text.len()
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
    edits.push(span, new[..new.len() - tail].to_owned(), Mend::Nfc);
}
