//! The rule against one that compares all with all, and the laws.

use crate::document::DocId;
use crate::duplicates::{Counter, Fingerprint, FingerprintReader, Threshold, Thresholds};
use crate::pipeline::decide::rank::Rank;
use crate::pipeline::decide::{Decision, Survivor, decide};
use crate::pipeline::progress::Silent;
use crate::settings::{DuplicateSettings, Keep};
use crate::store::Appended;
use crate::store::fingerprints::{FingerprintWriter, Fingerprints, Label, write_entry};
use crate::store::ledger::DuplicateKind;
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Fingerprints on disk, and the counts of their shingles.
fn laid_aside(prints: &[Fingerprint], slots: usize) -> (Fingerprints, Counter) {
    let out = Appended::unnamed(&std::env::temp_dir(), "prints").unwrap();
    let mut writer = FingerprintWriter::new(out, |_| Ok(())).unwrap();
    let counter = Counter::new(u64::MAX, slots);
    for (doc, print) in (0..).map(DocId).zip(prints) {
        counter.add(print.counted());
        let mut entry = Vec::new();
        let digest = print.digest;
        let label = Label {
            doc,
            digest,
            ..Label::default()
        };
        write_entry(&label, print.parts(), &mut entry);
        writer.append(&entry, [entry.len()]).unwrap();
    }
    (writer.finish().unwrap(), counter)
}

/// The record that a duplicate names.
fn survivor(decision: &Decision) -> usize {
    match decision.survivor {
        Survivor::Record(record) => record as usize,
        Survivor::Earlier(_) => panic!("there is no earlier batch"),
    }
}

/// Documents as sets, and how two of them are the same.
struct Sets<'a> {
    prints: &'a [Fingerprint],
    sets: Vec<BTreeSet<u64>>,
    thresholds: Thresholds,
}

impl Sets<'_> {
    fn near(&self, one: usize, two: usize) -> Option<Decision> {
        let (a, b) = (&self.sets[one], &self.sets[two]);
        let shared = a.intersection(b).count();
        let reached = self.thresholds.near.is_reached(shared, a.len(), b.len());
        (reached && !a.is_empty()).then(|| Decision {
            record: one as u32,
            survivor: Survivor::Record(two as u32),
            similarity: shared as f64 / a.union(b).count() as f64,
            kind: match self.prints[one].digest == self.prints[two].digest {
                true => DuplicateKind::Exact,
                false => DuplicateKind::Near,
            },
        })
    }

    fn contained(&self, one: usize, two: usize, share: f64) -> Option<Decision> {
        let (a, b) = (&self.sets[one], &self.sets[two]);
        let shared = a.intersection(b).count();
        let least = Threshold::new(share).least_shared_of(a.len());
        (shared >= least && !a.is_empty() && a.len() <= b.len()).then(|| Decision {
            record: one as u32,
            survivor: Survivor::Record(two as u32),
            similarity: shared as f64 / a.len() as f64,
            kind: DuplicateKind::Containment,
        })
    }

    /// Decides on `order`: one goes where it is `related` to an earlier one that stays.
    fn greedily(
        order: &[usize],
        related: impl Fn(usize, usize) -> Option<Decision>,
    ) -> (Vec<usize>, Vec<Decision>) {
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for one in order {
            match kept.iter().find_map(|two| related(*one, *two)) {
                Some(decision) => gone.push(decision),
                None => kept.push(*one),
            }
        }
        (kept, gone)
    }

    /// Decides as the rule is told, every pair compared; also tells how many rounds it took.
    fn slowly(&self, ranks: &[Rank], share: f64) -> (Vec<Decision>, usize) {
        let mut order: Vec<usize> = (0..self.sets.len()).collect();
        order.sort_by_key(|doc| (&ranks[*doc], *doc));
        let (mut taken, mut gone) = Self::greedily(&order, |one, two| self.near(one, two));
        for round in 1.. {
            taken.sort_by_key(|doc| (Reverse(self.sets[*doc].len()), &ranks[*doc], *doc));
            let (kept, found) = Self::greedily(&taken, |one, two| {
                self.near(one, two)
                    .or_else(|| self.contained(one, two, share))
            });
            gone.extend(found);
            let lost = |decision: &Decision| !kept.contains(&survivor(decision));
            let orphans: Vec<usize> = gone
                .iter()
                .filter(|decision| lost(decision))
                .map(|decision| decision.record as usize)
                .collect();
            gone.retain(|decision| !lost(decision));
            if orphans.is_empty() {
                gone.sort_by_key(|decision| decision.record);
                return (gone, round);
            }
            assert!(round < super::ROUNDS, "the rule has more rounds than this");
            taken = [kept, orphans].concat();
        }
        unreachable!()
    }
}

/// Slices of one text with a word changed, and their ranks: every similarity, every containment.
fn corpus() -> impl Strategy<Value = Vec<(String, f64)>> {
    let slice = (0u64..120, 1u64..140, 0u64..300, 0u32..6);
    prop::collection::vec(slice, 0..30).prop_map(|slices| {
        let text = |(start, length, changed, rank): (u64, u64, u64, u32)| {
            let words = (start..start + length).map(|word| match word == changed {
                true => "x".to_owned(),
                false => format!("w{word}"),
            });
            (words.collect::<Vec<_>>().join(" "), f64::from(rank))
        };
        slices.into_iter().map(text).collect()
    })
}

fn decided(
    prints: &[Fingerprint],
    ranks: &[Rank],
    settings: &DuplicateSettings,
    slots: usize,
    memory: u64,
) -> Vec<Decision> {
    let (laid, counter) = laid_aside(prints, slots);
    decide(
        &laid,
        &counter,
        ranks,
        memory,
        settings,
        Vec::new(),
        &Silent,
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn the_rule_is_kept_and_so_are_the_laws(
        corpus in corpus(),
        threshold in prop_oneof![Just(0.5), Just(0.8), Just(0.9), Just(1.0)],
        share in prop_oneof![Just(0.3), Just(0.7), Just(0.9), Just(0.99), Just(1.0)],
        slots in prop_oneof![Just(1usize << 6), Just(1 << 16)],
        memory in prop_oneof![Just(0u64), Just(4 << 10), Just(1 << 30)],
    ) {
        let settings = DuplicateSettings {
            threshold,
            containment: Some(share),
            keep: Keep::Field("score".to_owned()),
            ..DuplicateSettings::default()
        };
        let thresholds = Thresholds::of(&settings);
        let mut reader = FingerprintReader::new(thresholds.near);
        let prints: Vec<Fingerprint> = corpus.iter().map(|(text, _)| reader.read(text)).collect();
        let ranks: Vec<Rank> = corpus.iter().map(|(_, rank)| Rank::Number(*rank)).collect();
        let sets = Sets {
            prints: &prints,
            sets: prints.iter().map(|print| print.shingles.iter().copied().collect()).collect(),
            thresholds,
        };
        let found = decided(&prints, &ranks, &settings, slots, memory);
        let (expected, _) = sets.slowly(&ranks, share);
        prop_assert_eq!(&found, &expected);
        // The laws, whatever the rule.
        let gone: BTreeSet<usize> = found.iter().map(|decision| decision.record as usize).collect();
        let kept: Vec<usize> = (0..prints.len()).filter(|doc| !gone.contains(doc)).collect();
        for decision in &found {
            let (one, two) = (decision.record as usize, survivor(decision));
            prop_assert!(!gone.contains(&two));
            let told = sets.near(one, two).or_else(|| sets.contained(one, two, share));
            prop_assert_eq!(told, Some(*decision));
        }
        for one in &kept {
            for two in kept.iter().filter(|two| *two != one) {
                prop_assert_eq!(sets.near(*one, *two), None);
                prop_assert_eq!(sets.contained(*one, *two, share), None);
            }
        }
    }
}

fn words(words: std::ops::Range<u32>) -> String {
    words.map(|word| format!("w{word} ")).collect()
}

#[test]
fn who_loses_its_survivor_is_decided_again() {
    // The short one is inside the long one; its near-duplicate ends in words of its own, which are
    // enough to stay by itself, and its copies go with it.
    let short = words(10..60);
    let near = format!("{}own words at the end here", words(10..60));
    let texts = [
        short.as_str(),
        &near,
        &near.to_uppercase(),
        &short.to_uppercase(),
        &words(0..200),
    ];
    let settings = DuplicateSettings {
        containment: Some(0.95),
        ..DuplicateSettings::default()
    };
    let mut reader = FingerprintReader::new(Thresholds::of(&settings).near);
    let prints = texts.map(|text| reader.read(text));
    let told: Vec<_> = decided(&prints, &[], &settings, 1 << 16, 1 << 30)
        .iter()
        .map(|decision| (decision.record, survivor(decision), decision.kind))
        .collect();
    // What was near to the short one has all of it, so it takes its place.
    assert_eq!(
        told,
        [
            (0, 4, DuplicateKind::Containment),
            (2, 1, DuplicateKind::Exact),
            (3, 4, DuplicateKind::Containment),
        ]
    );
}

#[test]
fn excerpts_of_one_text_go_for_the_whole_of_it() {
    // Many of them overlap, and those that are near-duplicates lose their survivor.
    let whole = words(0..4000);
    let mut texts: Vec<String> = (0..400).map(|at| words(at * 9..at * 9 + 300)).collect();
    texts.push(whole);
    let settings = DuplicateSettings {
        containment: Some(0.9),
        ..DuplicateSettings::default()
    };
    let mut reader = FingerprintReader::new(Thresholds::of(&settings).near);
    let prints: Vec<Fingerprint> = texts.iter().map(|text| reader.read(text)).collect();
    let found = decided(&prints, &[], &settings, 1 << 20, 1 << 30);
    assert_eq!(found.len(), 400);
    for decision in &found {
        assert_eq!(survivor(decision), 400);
        assert_eq!(decision.similarity, 1.0);
    }
}
