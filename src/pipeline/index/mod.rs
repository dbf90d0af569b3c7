//! The saved index: what was kept of earlier batches, which a new one is checked against.
//!
//! # The law
//!
//! A corpus that is given in batches, one after the other, to the same index leaves the documents
//! that one run with `--keep first` would leave, and each duplicate names the same survivor. For
//! in that run a document goes for the first document before it that stays and is similar enough.
//! All of earlier batches come before all of this one: so first every document of the batch is
//! looked up among those, and who is found there is gone and takes nothing with it; then the
//! others are decided among themselves as in any run.
//!
//! # The same batch again
//!
//! A batch is known by the digest of its texts and ids. One that the index holds already is
//! checked against what was there before it, and nothing is added: the same command gives the same
//! bytes, however often. So nothing hangs on the instant at which a run is killed. The index is
//! changed last but for the names of the outputs, and until then it is as it was.
//!
//! # What it costs
//!
//! A document asks for its first shingles in the order of a segment ([`Order`]), as many as it
//! takes that one of them is among the first of every duplicate. Segments are merged as a binary
//! counter adds up: each is half as large again as all that come behind it, so there are about as
//! many as the logarithm of the number of batches, and a document is written again as often.

mod build;
mod search;
mod upkeep;

pub use upkeep::{Inspected, compact, inspect};

use crate::document::DocId;
use crate::duplicates::{FINGERPRINTS, Order, Sorter, Threshold};
use crate::error::{Error, Result};
use crate::pipeline::decide::{Decision, Survivor};
use crate::pipeline::progress::Progress;
use crate::settings::{DuplicateMode, DuplicateSettings, Keep};
use crate::store::fingerprints::{Entry, Fingerprints};
use crate::store::index::{Batch, INDEX_SCHEMA, IndexFolder, IndexMeta, Segment, SegmentMeta};
use crate::store::manifest::IndexEntry;
use crate::store::sink::hex;
use build::{SegmentWriter, batch_of, readers};
use search::Search;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A segment, and the order of its shingles.
#[derive(Debug)]
pub(super) struct Reader {
    segment: Segment,
    order: Order,
}

/// A document of an earlier batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its segment, in the order of the index.
    segment: u32,
    /// Its number there.
    number: u32,
}

/// Who a document of an earlier batch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierLabel {
    /// Its batch, from 1.
    pub batch: u32,
    /// Its ordinal there.
    pub doc: DocId,
    /// Its id.
    pub id: String,
}

/// Checks that an index can be kept by these settings.
///
/// # Errors
///
/// Settings under which batches would not add up to one run.
pub fn check(settings: &DuplicateSettings) -> Result<()> {
    let problem = match settings {
        _ if settings.mode == DuplicateMode::Off => {
            "duplicates are not looked for; leave --duplicates off out"
        }
        _ if settings.keep != Keep::First => {
            "what is in the index stays, so of duplicates the first stays; leave --keep out, or say --keep first"
        }
        _ if settings.containment.is_some() => {
            "a longer document of a later batch could not take the place of one that was kept before; leave --containment out, or look for it in a run of its own"
        }
        _ => return Ok(()),
    };
    Err(Error::setting("--index", problem))
}

/// An index that nobody else works with.
#[derive(Debug)]
pub struct Index {
    /// Nothing where there is no index yet, and none is to be made.
    folder: Option<IndexFolder>,
    meta: IndexMeta,
    /// Whether batches are added to it.
    writes: bool,
}

/// Opens the folder of an index; what is wrong with a file in its place is said by name.
fn open_folder(dir: &Path, writes: bool) -> Result<IndexFolder> {
    if dir.is_file() {
        return Err(Error::input(
            dir.display().to_string(),
            "a file found; an index is a folder, which run --index DIR makes where there is none",
        ));
    }
    IndexFolder::open(dir, writes)
}

impl Index {
    /// Opens the index in `dir` for a run by `settings`; where it `writes`, one is made where there
    /// is none, else nothing is changed.
    ///
    /// # Errors
    ///
    /// An index of other settings or of another version; another run that works with it.
    pub fn open(dir: &Path, writes: bool, settings: &DuplicateSettings) -> Result<Self> {
        check(settings)?;
        let fresh = IndexMeta {
            schema: INDEX_SCHEMA,
            fingerprints: FINGERPRINTS,
            threshold: settings.threshold,
            batches: Vec::new(),
            segments: Vec::new(),
        };
        if !writes && !dir.exists() {
            let folder = None;
            return Ok(Self {
                folder,
                meta: fresh,
                writes,
            });
        }
        let folder = open_folder(dir, writes)?;
        // What a first run that was killed has left is empty, and by no settings.
        let meta = folder.meta.clone();
        let meta = meta.filter(|meta| !meta.batches.is_empty());
        let meta = meta.unwrap_or(fresh);
        if meta.fingerprints != FINGERPRINTS {
            return Err(other_fingerprints(dir, &meta));
        }
        if meta.threshold != settings.threshold {
            return Err(Error::setting(
                "--threshold",
                format!(
                    "{} found, but the index {} was made at {}; give that threshold, or another index",
                    settings.threshold,
                    dir.display(),
                    meta.threshold
                ),
            ));
        }
        if writes {
            folder.tidy();
        }
        Ok(Self {
            folder: Some(folder),
            meta,
            writes,
        })
    }

    /// Returns its files that are not what was written; all are read.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn damaged(&self) -> Result<Vec<PathBuf>> {
        match &self.folder {
            Some(folder) => folder.damaged(&self.meta),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the index as it was, or is, before the batch of these records.
    ///
    /// # Errors
    ///
    /// Files that cannot be read back.
    pub fn before(self, prints: &Fingerprints) -> Result<Earlier> {
        let sha256 = digest(prints)?;
        let mut batches = self.meta.batches.iter();
        let known = batches.find(|batch| batch.sha256 == sha256).cloned();
        let number = match &known {
            Some(known) => known.number,
            None => self.meta.batches.len() as u32 + 1,
        };
        let readers = match &self.folder {
            Some(folder) => readers(folder, &self.meta.segments)?,
            None => Vec::new(),
        };
        Ok(Earlier {
            index: self,
            number,
            known,
            sha256,
            readers,
        })
    }
}

fn other_fingerprints(dir: &Path, meta: &IndexMeta) -> Error {
    Error::input(
        dir.display().to_string(),
        format!(
            "fingerprints of version {} found, {FINGERPRINTS} expected: words were told apart by other rules; use the copydesk that made the index ({}), or make a new one",
            meta.fingerprints,
            meta.batches
                .last()
                .map_or("unknown", |batch| &batch.copydesk)
        ),
    )
}

/// Returns the digest of what a batch is compared by, and of its ids.
fn digest(prints: &Fingerprints) -> Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = Vec::new();
    for range in prints.ranges(1 << 20) {
        prints.read(range, &mut buffer)?;
        for entry in Fingerprints::entries(&buffer) {
            hash.update(entry.label.digest);
            hash.update((entry.label.id.len() as u64).to_le_bytes());
            hash.update(entry.label.id);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The index as it is before a batch.
#[derive(Debug)]
pub struct Earlier {
    index: Index,
    /// The batch's number.
    number: u32,
    /// The batch, where the index holds it already.
    known: Option<Batch>,
    sha256: String,
    readers: Vec<Reader>,
}

impl Earlier {
    /// Returns the digest of the batch.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Returns the number of the batch, where the index holds it already.
    pub fn known_as(&self) -> Option<u32> {
        self.known.as_ref().map(|known| known.number)
    }

    /// Returns whether a manifest says of the batch what the index does.
    pub fn agrees(&self, entry: &IndexEntry) -> bool {
        let before = self.index.meta.batches.iter();
        let before = before.filter(|batch| batch.number < self.number);
        let documents: u64 = before.map(|batch| batch.added).sum();
        self.known.as_ref().is_some_and(|known| {
            (known.number, documents, known.repeated, known.added)
                == (entry.batch, entry.documents, entry.repeated, entry.added)
        })
    }

    /// Returns the records that repeat a document of an earlier batch, ascending.
    ///
    /// # Errors
    ///
    /// Files that cannot be read back.
    pub fn repeated(
        &self,
        prints: &Fingerprints,
        memory: u64,
        progress: &dyn Progress,
    ) -> Result<Vec<Decision>> {
        let search = Search {
            readers: &self.readers,
            before: self.number,
            threshold: Threshold::new(self.index.meta.threshold),
            memory,
            progress,
        };
        search.all(prints)
    }

    /// Returns who a document of an earlier batch is.
    ///
    /// # Errors
    ///
    /// A document that does not read.
    pub fn label(&self, place: Place) -> Result<EarlierLabel> {
        let reader = self.readers.get(place.segment as usize);
        let segment = &reader.ok_or_else(|| self.damaged())?.segment;
        let row = segment.row(place.number)?;
        let mut buffer = Vec::new();
        let entry = segment.entry(place.number, &row, &mut buffer)?;
        let batch = batch_of(&entry).ok_or_else(|| self.damaged())?;
        Ok(EarlierLabel {
            batch,
            doc: entry.label.doc,
            id: entry.label.id.to_owned(),
        })
    }

    fn damaged(&self) -> Error {
        let folder = self.index.folder.as_ref().map(IndexFolder::dir);
        let place = folder.unwrap_or(Path::new("the index"));
        Error::damaged(
            place.display().to_string(),
            "names a document that is not there; the index is damaged",
        )
    }

    /// Writes the documents that stay into a segment, which is not part of the index before
    /// [`Staged::commit`].
    ///
    /// # Errors
    ///
    /// What the system says; that the run was asked to stop.
    pub fn stage(
        self,
        name: &Path,
        prints: &Fingerprints,
        decisions: &[Decision],
        inputs: Vec<String>,
        memory: u64,
        progress: &dyn Progress,
    ) -> Result<Staged> {
        let before = self.index.meta.batches.iter();
        let before = before.filter(|batch| batch.number < self.number);
        let earlier = |decision: &&Decision| matches!(decision.survivor, Survivor::Earlier(_));
        let mut entry = IndexEntry {
            folder: name.display().to_string(),
            batch: self.number,
            sha256: self.sha256.clone(),
            documents: before.map(|batch| batch.added).sum(),
            repeated: decisions.iter().filter(earlier).count() as u64,
            added: 0,
        };
        let Index {
            folder,
            mut meta,
            writes,
        } = self.index;
        if let Some(known) = self.known {
            entry.added = known.added;
            return Ok(Staged {
                folder: None,
                meta,
                entry,
                known: true,
            });
        }
        let Some(mut folder) = folder.filter(|_| writes) else {
            added(prints, decisions, |_, _| {
                entry.added += 1;
                Ok(())
            })?;
            return Ok(Staged {
                folder: None,
                meta,
                entry,
                known: false,
            });
        };
        drop(self.readers);
        if folder.meta.is_none() {
            // An index that has segments always has its list: without it, they would be lost.
            folder.commit(meta.clone())?;
        }
        let kept = merged(&meta.segments, prints.len() as u64 - decisions.len() as u64);
        let older: Vec<SegmentMeta> = meta.segments.drain(kept..).collect();
        let mut shingles = older.iter().map(|segment| segment.shingles).sum::<u64>();
        shingles += prints.bytes() / 8;
        let number = older.iter().chain(&meta.segments).map(|one| one.number);
        let number = number.max().unwrap_or_default() + 1;
        let threshold = Threshold::new(meta.threshold);
        let mut writer =
            SegmentWriter::new(&folder, number, threshold, shingles, memory, progress)?;
        for segment in &older {
            writer.add_all(segment)?;
        }
        added(prints, decisions, |entry, set| {
            writer.add(&entry.label, self.number, set)
        })?;
        let segment = writer.finish()?;
        entry.added = segment.documents - older.iter().map(|one| one.documents).sum::<u64>();
        if segment.documents > 0 {
            meta.segments.push(segment);
        }
        meta.batches.push(Batch {
            number: self.number,
            copydesk: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: self.sha256,
            inputs,
            records: prints.len() as u64,
            repeated: entry.repeated,
            added: entry.added,
        });
        let folder = Some(folder);
        Ok(Staged {
            folder,
            meta,
            entry,
            known: false,
        })
    }
}

/// Returns how many of the segments stay as they are when one of so many documents comes behind
/// them: those behind that are merged with it.
fn merged(segments: &[SegmentMeta], documents: u64) -> usize {
    let (mut kept, mut sum) = (segments.len(), documents);
    while let Some(last) = kept.checked_sub(1).and_then(|at| segments.get(at))
        && last.documents <= sum + sum / 2
    {
        sum += last.documents;
        kept -= 1;
    }
    kept
}

/// Gives the records of a batch that are added: they stay and have words.
fn added(
    prints: &Fingerprints,
    decisions: &[Decision],
    mut each: impl FnMut(&Entry<'_>, &[u64]) -> Result<()>,
) -> Result<()> {
    let mut gone = decisions.iter().map(|one| one.record).peekable();
    let (mut buffer, mut set) = (Vec::new(), Vec::new());
    let mut sorter = Sorter::default();
    for range in prints.ranges(1 << 20) {
        prints.read(range.clone(), &mut buffer)?;
        for (record, entry) in (range.start as u32..).zip(Fingerprints::entries(&buffer)) {
            let gone = gone.next_if_eq(&record).is_some();
            if gone || entry.shingles() == 0 {
                continue;
            }
            set.clear();
            entry.leading(&mut set);
            entry.others(&mut set);
            sorter.sort(&mut set);
            each(&entry, &set)?;
        }
    }
    Ok(())
}

/// A batch that is ready to be part of the index.
#[derive(Debug)]
pub struct Staged {
    folder: Option<IndexFolder>,
    meta: IndexMeta,
    /// What the manifest of the run says of it.
    pub entry: IndexEntry,
    /// Whether the index holds the batch already, and gets nothing.
    pub known: bool,
}

impl Staged {
    /// Makes the batch part of the index.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn commit(self) -> Result<()> {
        match self.folder {
            Some(mut folder) => folder.commit(self.meta),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
