//! The laws of the desk, against a search that compares all with all.

use super::*;
use crate::document::DocId;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A reader that deals out shingles as a search at 0.8 does.
fn reader() -> FingerprintReader {
    FingerprintReader::new(Threshold::new(0.8))
}

/// Verdicts by comparing every document with every one kept before it.
fn slowly(prints: &[Fingerprint], threshold: Threshold) -> Vec<Verdict> {
    let sets: Vec<BTreeSet<u64>> = prints
        .iter()
        .map(|print| print.shingles.iter().copied().collect())
        .collect();
    let mut kept: Vec<usize> = Vec::new();
    let mut verdicts = Vec::new();
    for (doc, print) in prints.iter().enumerate() {
        let found = kept.iter().find_map(|&other| {
            let shared = sets[doc].intersection(&sets[other]).count();
            let reached = threshold.is_reached(shared, sets[doc].len(), sets[other].len());
            let exact = prints[other].digest == print.digest;
            (reached && !sets[doc].is_empty()).then(|| Verdict::Duplicate {
                survivor: DocId(other as u64),
                similarity: shared as f64 / sets[doc].union(&sets[other]).count() as f64,
                kind: if exact {
                    Sameness::Exact
                } else {
                    Sameness::Near
                },
            })
        });
        if found.is_none() {
            kept.push(doc);
        }
        verdicts.push(found.unwrap_or(Verdict::Kept));
    }
    verdicts
}

fn swiftly(
    prints: &[Fingerprint],
    threshold: Threshold,
    slots: usize,
    memory: usize,
) -> Vec<Verdict> {
    let counter = Counter::new(u64::MAX, slots);
    let mut shelf = Shelf::new();
    let mut documents = Vec::new();
    for (print, id) in prints.iter().zip(0..) {
        counter.add(print.counted());
        shelf.put(DocId(id), &print.shingles);
        documents.push((DocId(id), print.digest));
    }
    let Ok(verdicts) = decide(
        &documents,
        &mut shelf,
        &counter,
        Limits { threshold, memory },
    );
    verdicts
}

/// Documents that are patched together from few sentences of few words, so that
/// every similarity occurs.
fn corpus() -> impl Strategy<Value = Vec<String>> {
    let sentence = prop::collection::vec("[a-d]|[A-C]{2}|[,;]|一", 0..12);
    let pool = prop::collection::vec(sentence.prop_map(|words| words.join(" ")), 1..6);
    let edit = (0usize..40, "[a-d]?");
    let picks = prop::collection::vec(
        (
            prop::collection::vec(any::<prop::sample::Index>(), 0..5),
            edit,
        ),
        0..28,
    );
    (pool, picks).prop_map(|(pool, picks)| {
        picks
            .into_iter()
            .map(|(sentences, (place, word))| {
                let text = sentences
                    .iter()
                    .map(|at| at.get(&pool).as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let mut words: Vec<&str> = text.split(' ').collect();
                if let Some(old) = words.get_mut(place) {
                    *old = &word;
                }
                words.join(" ")
            })
            .collect()
    })
}

fn threshold() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.5),
        Just(0.7),
        Just(0.8),
        Just(0.9),
        Just(1.0),
        Just(2.0 / 3.0),
        0.01f64..1.0,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_are_those_of_comparing_all_with_all(
        texts in corpus(),
        similarity in threshold(),
        slots in prop_oneof![Just(1usize << 6), Just(1 << 8), Just(1 << 16)],
        memory in prop_oneof![Just(0usize), Just(1 << 10), Just(4 << 10), Just(usize::MAX)],
    ) {
        let threshold = Threshold::new(similarity);
        let mut reader = FingerprintReader::new(threshold);
        let prints: Vec<Fingerprint> = texts.iter().map(|text| reader.read(text)).collect();
        let verdicts = swiftly(&prints, threshold, slots, memory);
        prop_assert_eq!(&verdicts, &slowly(&prints, threshold));
        for verdict in &verdicts {
            if let Verdict::Duplicate { survivor, similarity: measured, .. } = verdict {
                prop_assert_eq!(verdicts[survivor.0 as usize], Verdict::Kept);
                prop_assert!(*measured >= similarity - 1e-8);
            }
        }
    }

    #[test]
    fn long_documents_are_decided_the_same(
        starts in prop::collection::vec((0u64..300, 1u64..400, 0u64..400), 0..30),
        similarity in threshold(),
        slots in prop_oneof![Just(1usize << 6), Just(1 << 10), Just(1 << 16)],
        memory in prop_oneof![Just(0usize), Just(64 << 10), Just(usize::MAX)],
    ) {
        let threshold = Threshold::new(similarity);
        let mut reader = FingerprintReader::new(threshold);
        // Overlapping slices of one text, with one word changed: similarity of every degree.
        let prints: Vec<Fingerprint> = starts
            .iter()
            .map(|&(start, length, changed)| {
                let words = (start..start + length)
                    .map(|word| if word == changed { "x".into() } else { format!("w{word}") });
                reader.read(&words.collect::<Vec<_>>().join(" "))
            })
            .collect();
        prop_assert_eq!(swiftly(&prints, threshold, slots, memory), slowly(&prints, threshold));
    }
}

#[test]
fn a_copy_of_a_dropped_document_names_the_kept_one() {
    let words: Vec<String> = (0..60).map(|word| format!("w{word}")).collect();
    let first = words.join(" ");
    let near = words[..55].join(" ");
    let texts = [&first, &near, &near.to_uppercase(), &first.to_uppercase()];
    let prints: Vec<Fingerprint> = texts.iter().map(|text| reader().read(text)).collect();
    let verdicts = swiftly(&prints, Threshold::new(0.8), 1 << 16, usize::MAX);
    let duplicate = |similarity, kind| Verdict::Duplicate {
        survivor: DocId(0),
        similarity,
        kind,
    };
    let near = duplicate(51.0 / 56.0, Sameness::Near);
    assert_eq!(
        verdicts,
        [Verdict::Kept, near, near, duplicate(1.0, Sameness::Exact)]
    );
}

#[test]
fn documents_without_a_word_are_kept_unless_the_caller_wants_otherwise() {
    let print = reader().read("— … —");
    assert_eq!(
        swiftly(
            &[print.clone(), print.clone()],
            Threshold::new(0.8),
            1 << 6,
            usize::MAX
        ),
        [Verdict::Kept; 2]
    );
}

#[test]
fn what_is_kept_keeps_to_the_memory() {
    let threshold = Threshold::new(0.8);
    // Two of each, that share a third: contenders, and all of them kept.
    let prints: Vec<Fingerprint> = (0..600u32)
        .map(|doc| {
            let common = (0..40).map(|word| format!("c{}x{word}", doc / 2));
            let own = (0..80).map(|word| format!("o{doc}x{}", word % 3));
            let words: Vec<String> = common.chain(own).collect();
            reader().read(&words.join(" "))
        })
        .collect();
    let counter = Counter::new(1 << 16, 1 << 20);
    let mut shelf = Shelf::new();
    for (print, id) in prints.iter().zip(0..) {
        counter.add(print.counted());
        shelf.put(DocId(id), &print.shingles);
    }
    let mut screener = Screener::new();
    for memory in [1 << 14, 1 << 16, 1 << 17] {
        let mut survivors = Survivors::new(threshold, memory);
        let mut put_off = 0;
        for (print, id) in prints.iter().zip(0..) {
            let [leading, others] = print.parts();
            let all = print.shingles.len();
            let others = |into: &mut Vec<u64>| into.extend_from_slice(others);
            let screened = screener.screen(leading, all, others, &counter, threshold);
            let Screened::Contender(contender) = screened else {
                panic!("{screened:?}")
            };
            let Ok(verdict) = survivors.offer(DocId(id), &print.digest, &contender, &mut shelf);
            assert!(
                survivors.bytes() <= memory,
                "{} of {memory}",
                survivors.bytes()
            );
            assert!(verdict.is_none() || put_off == 0);
            put_off += usize::from(verdict.is_none());
        }
        assert!((1..599).contains(&put_off), "{put_off}");
    }
}

#[test]
fn many_kept_variants_of_one_text_are_decided_the_same() {
    // All share all but five shingles with each other; some repeat an earlier one's change.
    let texts: Vec<String> = (0..150usize)
        .map(|doc| {
            let length = 60 + doc % 3;
            let mut words: Vec<String> = (0..length).map(|word| format!("w{word}")).collect();
            words[doc * 7 % 60] = format!("v{}", doc % 110);
            words.join(" ")
        })
        .collect();
    for similarity in [0.75, 0.8, 0.84, 0.86, 0.9, 0.93, 0.96, 0.98, 1.0] {
        let threshold = Threshold::new(similarity);
        let mut reader = FingerprintReader::new(threshold);
        let prints: Vec<Fingerprint> = texts.iter().map(|text| reader.read(text)).collect();
        for slots in [1 << 6, 1 << 16] {
            let verdicts = swiftly(&prints, threshold, slots, usize::MAX);
            assert_eq!(verdicts, slowly(&prints, threshold), "{similarity}");
        }
    }
}

#[test]
fn what_stands_everywhere_is_looked_up_last() {
    // Half of each text is its own and half is everybody's.
    let texts = (0..3000).map(|number| {
        format!("ferry {number} left at {number} sharp, and the lake of the old mill lay still")
    });
    let threshold = Threshold::new(0.8);
    let prints: Vec<Fingerprint> = texts.map(|text| reader().read(&text)).collect();
    let counter = Counter::new(1 << 20, 1 << 20);
    for print in &prints {
        counter.add(print.counted());
    }
    let mut screener = Screener::new();
    for print in &prints {
        let [leading, others] = print.parts();
        let all = print.shingles.len();
        let others = |into: &mut Vec<u64>| into.extend(others);
        if let Screened::Contender(contender) =
            screener.screen(leading, all, others, &counter, threshold)
        {
            for shingle in contender.prefix() {
                let holders = prints
                    .iter()
                    .filter(|other| other.shingles.contains(shingle));
                assert!(holders.take(3).count() < 3, "a list of the whole corpus");
            }
        }
    }
}
