//! Every duplicate measured again, and the whole decision made again.

use super::recount::count_duplicates;
use super::texts::{Fate, Restored};
use super::{Check, IndexCheck};
use crate::document::DocId;
use crate::duplicates::{Sorter, Thresholds};
use crate::error::{ErrorKind, Result};
use crate::formats::compression::unpack;
use crate::pipeline::decide::{Decision, Survivor, counts_of, decide};
use crate::pipeline::folder::reading_back::name_of;
use crate::pipeline::index::{Earlier, Index, Place};
use crate::report::Tally;
use crate::settings::DuplicateMode;
use crate::store::fingerprints::Fingerprints;
use crate::store::index::INDEX;
use crate::store::ledger::{Book, DropReason, DuplicateKind, DuplicateRow, six_digits};
use crate::store::manifest::MANIFEST;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Memory for the decision that is made again.
const MEMORY: u64 = 2 << 30;

impl Check<'_> {
    /// Every duplicate has a survivor that stays, as similar as is said, and none is missing.
    ///
    /// What was decided again is counted in `seen`.
    pub(super) fn duplicates(&mut self, restored: &Restored, seen: &mut Tally) -> Result<u64> {
        self.told = 0;
        let Some(prints) = restored.prints.as_ref().filter(|_| restored.whole) else {
            return Ok(0);
        };
        let Some(name) = name_of(Book::Duplicates, self.manifest) else {
            return Ok(0);
        };
        let path = self.folder.join(name);
        let Ok(file) = File::open(&path).and_then(|file| unpack(Box::new(file))) else {
            return Ok(0);
        };
        let earlier = self.earlier(prints)?;
        let repeated = match &earlier {
            Some(earlier) => earlier.repeated(prints, MEMORY, self.progress)?,
            None => self.believed(&path, restored),
        };
        let decisions = self.decide_again(restored, prints, repeated)?;
        count_duplicates(&decisions, prints, seen)?;
        let mut expected = decisions.iter().peekable();
        let doc_of = |record: u32| {
            restored
                .read
                .get(record as usize)
                .copied()
                .unwrap_or_default()
        };
        let thresholds = Thresholds::of(&self.manifest.settings.duplicates);
        let mut measure = Measure::new(prints, thresholds);
        let mut checked = 0;
        let mut told = Vec::new();
        for (number, line) in (1u64..).zip(BufReader::new(file).lines()) {
            let place = || format!("{}:{number}", path.display());
            // What does not read was told.
            let Ok(line) = line else { break };
            let Ok(row) = serde_json::from_str::<DuplicateRow<'_>>(&line) else {
                continue;
            };
            told.push(row.doc);
            checked += u64::from(earlier.is_some() || row.survivor_batch.is_none());
            while let Some(missing) = expected.next_if(|next| doc_of(next.record) < row.doc) {
                self.missing(&path, missing, earlier.as_ref(), &doc_of)?;
            }
            let decided = expected.next_if(|next| doc_of(next.record) == row.doc);
            let problem = match row.survivor_batch {
                None => self.wrong(&row, decided, restored, &mut measure, &doc_of)?,
                Some(batch) => {
                    self.wrong_earlier(&row, batch, decided, restored, earlier.as_ref())?
                }
            };
            let problem = problem.or_else(|| self.implausible(&row));
            if let Some(problem) = problem {
                self.find(place(), problem);
            }
        }
        for missing in expected {
            self.missing(&path, missing, earlier.as_ref(), &doc_of)?;
        }
        told.sort_unstable();
        self.untold(restored, &told);
        Ok(checked)
    }

    /// Whatever was dropped as a duplicate has a row that says of what.
    fn untold(&mut self, restored: &Restored, told: &[DocId]) {
        let gone = Fate::Dropped(DropReason::Duplicate);
        for (doc, fate) in (0..).map(DocId).zip(&restored.fates) {
            if *fate == gone && told.binary_search(&doc).is_err() {
                self.find(
                    self.place(Book::Dropped.file()),
                    format!(
                        "doc {} found, dropped as a duplicate; duplicates.jsonl has no row of it, so expected it among the cleaned",
                        doc.0
                    ),
                );
            }
        }
    }

    /// Returns what is wrong with a row by the settings alone, if anything is.
    fn implausible(&self, row: &DuplicateRow<'_>) -> Option<String> {
        let settings = &self.manifest.settings.duplicates;
        let least = match row.kind {
            DuplicateKind::Exact => Some(1.0),
            DuplicateKind::Near => Some(settings.threshold),
            DuplicateKind::Containment => settings.containment,
        };
        match least {
            Some(least) if row.similarity >= six_digits(least) => None,
            Some(least) => Some(format!(
                "similarity {} ({}) found; expected {least} or more",
                row.similarity,
                row.kind.as_str()
            )),
            None => Some(format!(
                "kind {} found, which the run did not look for (duplicates.containment)",
                row.kind.as_str()
            )),
        }
    }

    /// Opens the index as it was before the batch, where the run was checked against one and it is
    /// at hand.
    fn earlier(&mut self, prints: &Fingerprints) -> Result<Option<Earlier>> {
        let Some(entry) = &self.manifest.index else {
            return Ok(None);
        };
        let dir = self.index.unwrap_or(Path::new(&entry.folder));
        let not_here = |why: String| IndexCheck::NotHere(why, 0);
        if !dir.join(INDEX).exists() {
            self.checked = not_here(format!("{} is not here", dir.display()));
            return Ok(None);
        }
        let settings = &self.manifest.settings.duplicates;
        let index = match Index::open(dir, false, settings) {
            Ok(index) => index,
            Err(bad) => {
                self.checked = not_here(bad.to_string());
                if matches!(bad.kind(), ErrorKind::Damaged { .. }) {
                    self.take(bad)?;
                }
                return Ok(None);
            }
        };
        let damaged = index.damaged()?;
        if !damaged.is_empty() {
            self.checked = not_here(format!("{} is damaged", dir.display()));
            for path in damaged {
                self.find(
                    path.display().to_string(),
                    "is not what was written (CRC-32); the index is damaged, and its batches must be given again to a new one",
                );
            }
            return Ok(None);
        }
        let earlier = index.before(prints)?;
        let place = self.place(MANIFEST);
        if earlier.sha256() != entry.sha256 {
            self.find(
                place.as_str(),
                format!(
                    "index.sha256 {} found; the texts of the batch give {}",
                    entry.sha256,
                    earlier.sha256()
                ),
            );
        }
        if earlier.known_as().is_none() {
            let why = format!("{} does not hold this batch", dir.display());
            self.checked = not_here(why);
            return Ok(None);
        }
        if !earlier.agrees(entry) {
            self.find(
                place,
                format!(
                    "index.batch {}, documents {}, repeated {} and added {} found; the index {} says otherwise",
                    entry.batch,
                    entry.documents,
                    entry.repeated,
                    entry.added,
                    dir.display()
                ),
            );
        }
        self.checked = IndexCheck::Again;
        Ok(Some(earlier))
    }

    /// Returns what the rows say of survivors in an index that is not at hand.
    fn believed(&mut self, path: &Path, restored: &Restored) -> Vec<Decision> {
        let mut believed = Vec::new();
        let Ok(file) = File::open(path).and_then(|file| unpack(Box::new(file))) else {
            return believed;
        };
        for line in BufReader::new(file).lines() {
            let Ok(line) = line else { break };
            let Ok(row) = serde_json::from_str::<DuplicateRow<'_>>(&line) else {
                continue;
            };
            if row.survivor_batch.is_some()
                && let Ok(record) = restored.read.binary_search(&row.doc)
            {
                believed.push(Decision {
                    record: record as u32,
                    survivor: Survivor::Earlier(Place::default()),
                    similarity: row.similarity,
                    kind: row.kind,
                });
            }
        }
        believed.sort_by_key(|decision| decision.record);
        believed.dedup_by_key(|decision| decision.record);
        if let IndexCheck::NotHere(_, rows) = &mut self.checked {
            *rows = believed.len() as u64;
        }
        believed
    }

    fn decide_again(
        &self,
        restored: &Restored,
        prints: &Fingerprints,
        repeated: Vec<Decision>,
    ) -> Result<Vec<Decision>> {
        let counts = counts_of(prints, restored.bytes, MEMORY)?;
        decide(
            prints,
            &counts,
            &restored.ranks,
            MEMORY,
            &self.manifest.settings.duplicates,
            repeated,
            self.progress,
        )
    }

    fn missing(
        &mut self,
        path: &Path,
        decision: &Decision,
        earlier: Option<&Earlier>,
        doc_of: &impl Fn(u32) -> DocId,
    ) -> Result<()> {
        let survivor = match (decision.survivor, earlier) {
            (Survivor::Record(record), _) => format!("doc {}", doc_of(record).0),
            (Survivor::Earlier(place), Some(earlier)) => {
                let label = earlier.label(place)?;
                format!("doc {} of batch {}", label.doc.0, label.batch)
            }
            (Survivor::Earlier(_), None) => "one of an earlier batch".to_owned(),
        };
        self.find(
            path.display().to_string(),
            format!(
                "no row of doc {} found; it repeats {survivor} at {}, so expected one",
                doc_of(decision.record).0,
                six_digits(decision.similarity)
            ),
        );
        Ok(())
    }

    /// Returns what is wrong with a row whose survivor is of an earlier batch, if anything is.
    fn wrong_earlier(
        &self,
        row: &DuplicateRow<'_>,
        batch: u32,
        decided: Option<&Decision>,
        restored: &Restored,
        earlier: Option<&Earlier>,
    ) -> Result<Option<String>> {
        let marked = self.manifest.settings.duplicates.mode == DuplicateMode::Mark;
        let fate = restored.fates.get(row.doc.0 as usize).copied();
        if !marked && !matches!(fate, Some(Fate::Dropped(_))) {
            return Ok(Some(format!(
                "doc {} found as a duplicate; it is not in dropped.jsonl, so expected no row",
                row.doc.0
            )));
        }
        let this = self.manifest.index.as_ref().map(|index| index.batch);
        if this.is_none_or(|this| batch >= this || batch == 0) {
            return Ok(Some(format!(
                "survivor_batch {batch} found; expected one before that of the run ({})",
                this.map_or_else(|| "it has no index".to_owned(), |this| this.to_string())
            )));
        }
        let Some(earlier) = earlier else {
            return Ok(None);
        };
        let Some(Survivor::Earlier(place)) = decided.map(|decided| decided.survivor) else {
            return Ok(Some(format!(
                "a row of doc {} found that names batch {batch}; decided again, it repeats nothing of an earlier batch",
                row.doc.0
            )));
        };
        let label = earlier.label(place)?;
        let (similarity, kind) = decided.map_or((0.0, row.kind), |one| (one.similarity, one.kind));
        if (label.batch, label.doc, label.id.as_str()) != (batch, row.survivor_doc, &*row.survivor)
        {
            return Ok(Some(format!(
                "survivor {}, doc {} of batch {batch} found; decided again, expected {}, doc {} of batch {}",
                row.survivor, row.survivor_doc.0, label.id, label.doc.0, label.batch
            )));
        }
        Ok(mismeasured(row, similarity, kind))
    }

    /// Returns what is wrong with a row, if anything is.
    fn wrong(
        &self,
        row: &DuplicateRow<'_>,
        decided: Option<&Decision>,
        restored: &Restored,
        measure: &mut Measure<'_>,
        doc_of: &impl Fn(u32) -> DocId,
    ) -> Result<Option<String>> {
        let fate = |doc: DocId| restored.fates.get(doc.0 as usize).copied();
        let marked = self.manifest.settings.duplicates.mode == DuplicateMode::Mark;
        let gone = Fate::Dropped(DropReason::Duplicate);
        if !marked && !matches!(fate(row.doc), Some(Fate::Dropped(_))) {
            return Ok(Some(format!(
                "doc {} found as a duplicate; it is not in dropped.jsonl, so expected no row",
                row.doc.0
            )));
        }
        if !marked && fate(row.survivor_doc) == Some(gone) {
            return Ok(Some(format!(
                "survivor_doc {} found, which was dropped itself; expected a record that stays",
                row.survivor_doc.0
            )));
        }
        let place = |doc: DocId| restored.read.binary_search(&doc).ok();
        let (Some(one), Some(two)) = (place(row.doc), place(row.survivor_doc)) else {
            return Ok(Some(format!(
                "doc {} and survivor_doc {} found; expected two records that were read",
                row.doc.0, row.survivor_doc.0
            )));
        };
        let (similarity, kind, ids) = measure.of(one, two)?;
        if ids != (row.id.to_string(), row.survivor.to_string()) {
            return Ok(Some(format!(
                "ids {} and {} found; expected {} and {}, as docs {} and {} are called",
                row.id, row.survivor, ids.0, ids.1, row.doc.0, row.survivor_doc.0
            )));
        }
        if let Some(wrong) = mismeasured(row, similarity, kind) {
            return Ok(Some(wrong));
        }
        match decided {
            None => Ok(Some(format!(
                "a row of doc {} found; decided again, it repeats nothing that stays, so expected none",
                row.doc.0
            ))),
            Some(decided) => match decided.survivor {
                Survivor::Earlier(_) => Ok(Some(format!(
                    "survivor_doc {} found; decided again, expected a document of an earlier batch",
                    row.survivor_doc.0
                ))),
                Survivor::Record(record) if doc_of(record) != row.survivor_doc => {
                    Ok(Some(format!(
                        "survivor_doc {} found; decided again, expected {}",
                        row.survivor_doc.0,
                        doc_of(record).0
                    )))
                }
                Survivor::Record(_) => Ok(None),
            },
        }
    }
}

/// Returns what is wrong with the similarity and the kind that a row tells, if anything is.
fn mismeasured(row: &DuplicateRow<'_>, similarity: f64, kind: DuplicateKind) -> Option<String> {
    let told = six_digits(similarity) == row.similarity && kind == row.kind;
    (!told).then(|| {
        format!(
            "similarity {} ({}) found; measured again it is {} ({})",
            row.similarity,
            row.kind.as_str(),
            six_digits(similarity),
            kind.as_str()
        )
    })
}

/// Measures similarities as they were first measured: sets of shingles, both whole.
struct Measure<'a> {
    prints: &'a Fingerprints,
    thresholds: Thresholds,
    sorter: Sorter,
    buffer: Vec<u8>,
}

impl<'a> Measure<'a> {
    fn new(prints: &'a Fingerprints, thresholds: Thresholds) -> Self {
        Self {
            prints,
            thresholds,
            sorter: Sorter::default(),
            buffer: Vec::new(),
        }
    }

    /// Returns the similarity of a record to its survivor, how it is told, and their ids.
    fn of(&mut self, one: usize, two: usize) -> Result<(f64, DuplicateKind, (String, String))> {
        let mut read = |number| -> Result<([u8; 32], String, Vec<u64>)> {
            let entry = self.prints.entry(number, &mut self.buffer)?;
            let mut set = Vec::new();
            entry.leading(&mut set);
            entry.others(&mut set);
            let (digest, id) = (entry.label.digest, entry.label.id.to_owned());
            self.sorter.sort(&mut set);
            Ok((digest, id, set))
        };
        let (digest_one, id_one, set_one) = read(one)?;
        let (digest_two, id_two, set_two) = read(two)?;
        let ids = (id_one, id_two);
        if digest_one == digest_two {
            return Ok((1.0, DuplicateKind::Exact, ids));
        }
        let two: BTreeSet<u64> = set_two.iter().copied().collect();
        let shared = set_one
            .iter()
            .filter(|shingle| two.contains(shingle))
            .count();
        let near = self.thresholds.near;
        if self.thresholds.containment.is_some()
            && !near.is_reached(shared, set_one.len(), set_two.len())
        {
            let share = shared as f64 / set_one.len().max(1) as f64;
            return Ok((share, DuplicateKind::Containment, ids));
        }
        let union = set_one.len() + set_two.len() - shared;
        Ok((
            shared as f64 / union.max(1) as f64,
            DuplicateKind::Near,
            ids,
        ))
    }
}
