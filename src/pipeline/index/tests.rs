//! Batches through an index are as one run.

use super::*;
use crate::duplicates::{Counter, Fingerprint, FingerprintReader, Threshold};
use crate::pipeline::decide::decide;
use crate::pipeline::progress::Silent;
use crate::store::Appended;
use crate::store::fingerprints::{FingerprintWriter, Label, write_entry};
use crate::store::ledger::DuplicateKind;
use proptest::prelude::*;
use std::ops::Range;

/// Memory with which everything is done in several passes, or in one.
fn memory() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0u64), Just(4 << 10), Just(1 << 30)]
}

/// Fingerprints on disk, as those of one run, and the counts of their shingles.
pub(super) fn laid_aside(prints: &[Fingerprint], first: usize) -> (Fingerprints, Counter) {
    let out = Appended::unnamed(&std::env::temp_dir(), "prints").unwrap();
    let mut writer = FingerprintWriter::new(out, |_| Ok(())).unwrap();
    let counter = Counter::new(1 << 16, 1 << 16);
    for (doc, print) in (0u64..).zip(prints) {
        counter.add(print.counted());
        let mut entry = Vec::new();
        let label = Label {
            doc: DocId(doc),
            digest: print.digest,
            id: &format!("d{}", first + doc as usize),
            ..Label::default()
        };
        write_entry(&label, print.parts(), &mut entry);
        writer.append(&entry, [entry.len()]).unwrap();
    }
    (writer.finish().unwrap(), counter)
}

/// A duplicate and its survivor, numbered over all batches.
pub(super) type Told = (usize, usize, f64, DuplicateKind);

pub(super) struct Batches<'a> {
    pub(super) dir: &'a Path,
    pub(super) settings: DuplicateSettings,
    pub(super) memory: u64,
}

impl Batches<'_> {
    /// Gives the documents in `range` as a batch; `starts` tells where every batch begins.
    pub(super) fn give(
        &self,
        prints: &[Fingerprint],
        range: Range<usize>,
        starts: &[usize],
    ) -> Vec<Told> {
        let (laid, counter) = laid_aside(&prints[range.clone()], range.start);
        let earlier = Index::open(self.dir, true, &self.settings)
            .unwrap()
            .before(&laid)
            .unwrap();
        let repeated = earlier.repeated(&laid, self.memory, &Silent).unwrap();
        let decisions = decide(
            &laid,
            &counter,
            &[],
            self.memory,
            &self.settings,
            repeated,
            &Silent,
        )
        .unwrap();
        let told = decisions.iter().map(|decision| {
            let survivor = match decision.survivor {
                Survivor::Record(record) => range.start + record as usize,
                Survivor::Earlier(place) => {
                    let label = earlier.label(place).unwrap();
                    let survivor = starts[label.batch as usize - 1] + label.doc.0 as usize;
                    assert_eq!(label.id, format!("d{survivor}"));
                    survivor
                }
            };
            let record = range.start + decision.record as usize;
            (record, survivor, decision.similarity, decision.kind)
        });
        let told = told.collect();
        earlier
            .stage(
                self.dir,
                &laid,
                &decisions,
                Vec::new(),
                self.memory,
                &Silent,
            )
            .unwrap()
            .commit()
            .unwrap();
        told
    }
}

/// Slices of one text with a word changed, some in other case.
fn corpus() -> impl Strategy<Value = Vec<String>> {
    let slice = (0u64..40, 0u64..90, 0u64..300, any::<bool>());
    prop::collection::vec(slice, 0..40).prop_map(|slices| {
        let text = |(start, length, changed, capitals): (u64, u64, u64, bool)| {
            let words = (start..start + length).map(|word| match word == changed {
                true => "x".to_owned(),
                false => format!("w{word}"),
            });
            let text = words.collect::<Vec<_>>().join(" ");
            match capitals {
                true => text.to_uppercase(),
                false => text,
            }
        };
        slices.into_iter().map(text).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn batches_leave_what_one_run_leaves(
        texts in corpus(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        threshold in prop_oneof![Just(0.3), Just(0.7), Just(0.8), Just(0.9), Just(1.0)],
        compacts in any::<u8>(),
        memory in memory(),
    ) {
        let settings = DuplicateSettings { threshold, ..DuplicateSettings::default() };
        let mut reader = FingerprintReader::new(Threshold::new(threshold));
        let prints: Vec<Fingerprint> = texts.iter().map(|text| reader.read(text)).collect();
        let (laid, counter) = laid_aside(&prints, 0);
        let one = decide(&laid, &counter, &[], 1 << 30, &settings, Vec::new(), &Silent).unwrap();
        let expected: Vec<Told> = one
            .iter()
            .map(|decision| {
                let Survivor::Record(survivor) = decision.survivor else { unreachable!() };
                (decision.record as usize, survivor as usize, decision.similarity, decision.kind)
            })
            .collect();

        let dir = tempfile::tempdir().unwrap();
        let batches = Batches { dir: dir.path(), settings, memory };
        let mut starts: Vec<usize> = cuts.iter().map(|cut| cut.index(prints.len() + 1)).collect();
        starts.push(0);
        starts.sort_unstable();
        let ends: Vec<usize> = starts[1..].iter().copied().chain([prints.len()]).collect();
        // A batch with the same texts and ids as another is the same batch: no two are empty.
        let ranges: Vec<Range<usize>> = starts.iter().zip(ends).map(|(from, to)| *from..to).filter(|range| !range.is_empty()).collect();
        let starts: Vec<usize> = ranges.iter().map(|range| range.start).collect();
        let mut found = Vec::new();
        for (number, range) in ranges.iter().enumerate() {
            found.extend(batches.give(&prints, range.clone(), &starts));
            if compacts >> number & 1 == 1 {
                compact(dir.path(), memory, &Silent).unwrap();
            }
        }
        prop_assert_eq!(&found, &expected);
        if ranges.is_empty() {
            return Ok(());
        }
        let before = inspect(dir.path()).unwrap();
        prop_assert!(before.damaged.is_empty());
        prop_assert_eq!(before.meta.batches.len(), ranges.len());
        let wordless = prints.iter().filter(|print| print.shingles.is_empty()).count();
        prop_assert_eq!(before.documents as usize, prints.len() - expected.len() - wordless);
        // All of them once more: the same answers, and nothing is added.
        let mut again = Vec::new();
        for range in ranges {
            again.extend(batches.give(&prints, range, &starts));
        }
        prop_assert_eq!(&again, &expected);
        prop_assert_eq!(inspect(dir.path()).unwrap(), before);
    }
}

fn segment(documents: u64) -> SegmentMeta {
    SegmentMeta {
        number: 0,
        documents,
        shingles: 0,
        prints: Default::default(),
        rows: Default::default(),
        postings: Default::default(),
        fences: Default::default(),
        order: Default::default(),
    }
}

#[test]
fn segments_are_merged_as_a_binary_counter_adds_up() {
    let mut segments: Vec<SegmentMeta> = Vec::new();
    let mut seen = Vec::new();
    for _ in 0..10 {
        let kept = merged(&segments, 100);
        let merged: u64 = segments.drain(kept..).map(|one| one.documents).sum();
        segments.push(segment(merged + 100));
        seen.push(
            segments
                .iter()
                .map(|one| one.documents / 100)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(seen[2..5], [vec![2, 1], vec![4], vec![4, 1]]);
    assert_eq!(seen[9], [8, 2]);
    // Batches that get smaller and smaller are merged too.
    let mut segments: Vec<u64> = Vec::new();
    for documents in (100..1000).rev() {
        let metas: Vec<SegmentMeta> = segments
            .iter()
            .map(|documents| segment(*documents))
            .collect();
        let kept = merged(&metas, documents);
        let sum = segments.drain(kept..).sum::<u64>();
        segments.push(sum + documents);
        assert!(segments.len() < 16, "{segments:?}");
    }
}

#[test]
fn a_common_shingle_in_many_documents_hides_nothing() {
    // Every document begins with the same ten words, and each is given twice, in other batches.
    let texts: Vec<String> = (0..900)
        .map(|doc| {
            let own = (0..25).map(|word| format!(" d{doc}w{word}"));
            format!(
                "the same ten words stand before all of these texts{}",
                own.collect::<String>()
            )
        })
        .collect();
    let settings = DuplicateSettings::default();
    let mut reader = FingerprintReader::new(Threshold::new(0.8));
    let mut prints: Vec<Fingerprint> = texts.iter().map(|text| reader.read(text)).collect();
    prints.extend_from_within(..);
    let dir = tempfile::tempdir().unwrap();
    let batches = Batches {
        dir: dir.path(),
        settings,
        memory: 1 << 20,
    };
    let starts: Vec<usize> = (0..6).map(|batch| batch * 300).collect();
    let mut found = Vec::new();
    for start in &starts {
        found.extend(batches.give(&prints, *start..start + 300, &starts));
    }
    let expected: Vec<Told> = (900..1800)
        .map(|doc| (doc, doc - 900, 1.0, DuplicateKind::Exact))
        .collect();
    assert_eq!(found, expected);
}
