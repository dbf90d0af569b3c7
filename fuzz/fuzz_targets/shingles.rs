//! Shingles of any text on the fast and the slow path, and verdicts against comparing all with all.

#![no_main]

use copydesk::document::DocId;
use copydesk::duplicates::{
    Counter, Fingerprint, FingerprintReader, Limits, Shelf, Threshold, Verdict, decide,
};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fn set(print: &Fingerprint) -> BTreeSet<u64> {
    print.shingles.iter().copied().collect()
}

/// Whether each document is kept, by comparing it with every one kept before it.
fn slowly(prints: &[Fingerprint], threshold: Threshold) -> Vec<bool> {
    let sets: Vec<_> = prints.iter().map(set).collect();
    let mut kept: Vec<usize> = Vec::new();
    let alike = |a: usize, b: usize| {
        let shared = sets[a].intersection(&sets[b]).count();
        !sets[a].is_empty() && threshold.is_reached(shared, sets[a].len(), sets[b].len())
    };
    (0..prints.len())
        .map(|doc| {
            let stays = !kept.iter().any(|&other| alike(doc, other));
            kept.extend(stays.then_some(doc));
            stays
        })
        .collect()
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let threshold = Threshold::new(f64::from(first % 10 + 1) / 10.0);
    let mut reader = FingerprintReader::new(threshold);
    // Documents are parted by NUL.
    let texts: Vec<_> = rest.split(|&byte| byte == 0).map(String::from_utf8_lossy).collect();
    let prints: Vec<_> = texts.iter().map(|text| reader.read(text)).collect();
    for (text, print) in texts.iter().zip(&prints) {
        assert_eq!(print, &FingerprintReader::new(threshold).read(text), "old buffers show");
        assert!(print.parts()[0].iter().all(|shingle| threshold.leads(*shingle)));
        // A word of another script in front sends the text down the slow path and adds shingles
        // of its own; every one of five words that the text had is still there.
        let slow = set(&reader.read(&format!("й {text}")));
        if print.shingles.len() > 1 {
            assert!(set(print).is_subset(&slow), "{text:?}");
        }
    }
    let counter = Counter::new(u64::MAX, 1 << 10);
    let mut shelf = Shelf::new();
    let mut documents = Vec::new();
    for (print, id) in prints.iter().zip(0..) {
        counter.add(print.counted());
        shelf.put(DocId(id), &print.shingles);
        documents.push((DocId(id), print.digest));
    }
    let limits = Limits { threshold, memory: 1 << 14 };
    let Ok(verdicts) = decide(&documents, &mut shelf, &counter, limits);
    let kept: Vec<bool> = verdicts.iter().map(|verdict| *verdict == Verdict::Kept).collect();
    assert_eq!(kept, slowly(&prints, threshold));
});
