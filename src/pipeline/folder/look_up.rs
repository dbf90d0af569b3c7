//! What a run has decided about documents, from its output folder alone.

use super::reading_back::{Books, Lines, Rows, manifest, name_of};
use super::undo::{Ledger, List};
use super::wanted::{Wanted, called};
use crate::document::{DocId, Edits, Why};
use crate::error::Result;
use crate::formats::Record;
use crate::normalise::Mend;
use crate::pipeline::clean::brake::Spared;
use crate::pipeline::clean::cause::{GAP, Mark, Whys};
use crate::pipeline::clean::cleaner::Cleaned;
use crate::store::ledger::{
    Book, DropReason, DuplicateKind, DuplicateRow, NormalisedRow, RejectedRow, RemovedRow,
    SparedRow,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// How many duplicates of a survivor are named; all are counted.
const NAMED: usize = 20;

/// What a run has decided about one document.
#[derive(Clone, Debug)]
pub struct LookedUp {
    /// Its ordinal, from 0.
    pub doc: DocId,
    /// Its id.
    pub id: String,
    /// Its text as it was read; nothing where it was rejected.
    pub original: String,
    /// Its text as the run cleaned it.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Set where the brake left the text as it was: it is only mended.
    pub spared: Option<Spared>,
    /// What leads from the one text to the other, as the ledger has it.
    pub edits: Edits<Mark>,
    /// Why something was taken out.
    pub whys: Whys,
    /// Documents that it stays for, the first of them.
    pub duplicates: Vec<Twin>,
    /// How many documents it stays for.
    pub duplicates_in_all: u64,
}

/// What became of a document.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is among the cleaned records.
    Kept,
    /// It repeats another, which stays.
    Duplicate {
        /// The other, and how similar it is.
        survivor: Twin,
        /// The other's text, as the run cleaned it; nothing where it is of an earlier batch.
        text: String,
    },
    /// Nothing of its text was left.
    Empty,
    /// It could not be read.
    Rejected(String),
}

/// A document that is like another.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// Its ordinal, from 0, in its own batch.
    pub doc: DocId,
    /// Its batch in the index, where it is of an earlier one.
    pub batch: Option<u32>,
    /// Its id.
    pub id: String,
    /// What `duplicates.jsonl` tells: Jaccard similarity, or containment.
    pub similarity: f64,
    /// How they were told to be alike.
    pub kind: DuplicateKind,
}

/// What `duplicates.jsonl` says of the documents that are wanted.
#[derive(Default)]
struct Pairs {
    survivors: BTreeMap<DocId, Twin>,
    duplicates: BTreeMap<DocId, (Vec<Twin>, u64)>,
}

/// Looks up every document of a run that is wanted, in the order of reading.
///
/// `folder` holds the ledger, and the cleaned records too, unless `cleaned` names them. Reads
/// the folder from end to end; memory holds the texts that are wanted.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, a document that is named and is not
/// there.
pub fn look_up(folder: &Path, cleaned: Option<&Path>, wanted: Wanted) -> Result<Vec<LookedUp>> {
    let manifest = manifest(folder)?;
    let mut wanted = wanted.in_run(folder, cleaned)?;
    let file = |book: Book| folder.join(name_of(book, &manifest).unwrap_or(book.file()));
    let pairs = pairs(&file(Book::Duplicates), &wanted)?;
    let mut spared = spared(&file(Book::Spared), &wanted)?;
    let here = pairs.survivors.values().filter(|twin| twin.batch.is_none());
    let survivors: BTreeSet<DocId> = here.map(|twin| twin.doc).collect();
    let mut books = Books::open(folder, cleaned, &manifest)?;
    let mut texts: BTreeMap<DocId, String> = BTreeMap::new();
    let mut found = Vec::new();
    for doc in (0..manifest.records).map(DocId) {
        if let Some(row) = books.rejected.of::<RejectedRow<'_>>(doc)? {
            if wanted.meets_rejected(doc, &format!("{}:{}", row.file, row.line)) {
                let outcome = Outcome::Rejected(row.reason.to_string());
                found.push(LookedUp::new(doc, doc.called(), String::new(), outcome));
            }
            books.rejected.step()?;
            continue;
        }
        let (line, dropped) = books.line(doc)?;
        let record =
            Record::parse(line.as_bytes(), &books.fields).map_err(|bad| books.bad(&bad))?;
        if survivors.contains(&doc) {
            texts.insert(doc, record.text.to_string());
        }
        let id = called(record.id.as_deref(), doc);
        if wanted.meets(doc, &id) {
            let empty = matches!(dropped, Some(DropReason::Empty));
            let outcome = if empty { Outcome::Empty } else { Outcome::Kept };
            let text = record.text.to_string();
            let mut one = LookedUp::new(doc, id, text, outcome);
            one.take(&mut books)?;
            found.push(one);
        }
        books.ledger(doc)?;
    }
    for one in &mut found {
        one.spared = spared.remove(&one.doc);
        if let Some(survivor) = pairs.survivors.get(&one.doc)
            && !matches!(one.outcome, Outcome::Empty)
        {
            one.outcome = Outcome::Duplicate {
                survivor: survivor.clone(),
                text: match survivor.batch {
                    None => texts.get(&survivor.doc).cloned().unwrap_or_default(),
                    Some(_) => String::new(),
                },
            };
        }
        if let Some((duplicates, all)) = pairs.duplicates.get(&one.doc) {
            one.duplicates.clone_from(duplicates);
            one.duplicates_in_all = *all;
        }
    }
    wanted.all_met(folder)?;
    Ok(found)
}

fn pairs(file: &Path, wanted: &Wanted) -> Result<Pairs> {
    let mut out = Pairs::default();
    let mut rows = Lines::open(vec![file.to_path_buf()], Rows::Keyed)?;
    while let Some(row) = rows.current::<DuplicateRow<'_>>()? {
        let twin = |doc, batch, id: &str| Twin {
            doc,
            batch,
            id: id.to_owned(),
            similarity: row.similarity,
            kind: row.kind,
        };
        if wanted.takes(row.doc, &row.id) {
            let survivor = twin(row.survivor_doc, row.survivor_batch, &row.survivor);
            out.survivors.insert(row.doc, survivor);
        }
        if row.survivor_batch.is_none() && wanted.takes(row.survivor_doc, &row.survivor) {
            let (named, all) = out.duplicates.entry(row.survivor_doc).or_default();
            *all += 1;
            if named.len() < NAMED {
                named.push(twin(row.doc, None, &row.id));
            }
        }
        rows.step()?;
    }
    Ok(out)
}

/// Reads which of the documents that are wanted the brake left as they were.
fn spared(file: &Path, wanted: &Wanted) -> Result<BTreeMap<DocId, Spared>> {
    let mut out = BTreeMap::new();
    let mut rows = Lines::open(vec![file.to_path_buf()], Rows::Keyed)?;
    while let Some(row) = rows.current::<SparedRow<'_>>()? {
        if wanted.takes(row.doc, &row.id) {
            let rule = row.rule.into_owned().into();
            let share = row.share;
            out.insert(row.doc, Spared { share, rule });
        }
        rows.step()?;
    }
    Ok(out)
}

impl LookedUp {
    fn new(doc: DocId, id: String, text: String, outcome: Outcome) -> Self {
        Self {
            doc,
            id,
            original: String::new(),
            text,
            outcome,
            spared: None,
            edits: Edits::new(),
            whys: Whys::default(),
            duplicates: Vec::new(),
            duplicates_in_all: 0,
        }
    }

    /// Returns what the run made of the text, as a [`Cleaner`](crate::pipeline::Cleaner) would.
    pub fn cleaned(&self) -> Cleaned<'_> {
        Cleaned {
            original: &self.original,
            text: Cow::Borrowed(&self.text),
            edits: self.edits.clone(),
            whys: self.whys.clone(),
            spared: self.spared.clone(),
        }
    }

    /// Takes what the ledger says of the text.
    fn take(&mut self, books: &mut Books) -> Result<()> {
        let mut ledger = Ledger::default();
        let mut reasons = Vec::new();
        while let Some(row) = books.removed.of::<RemovedRow<'_>>(self.doc)? {
            ledger.removed(&row);
            reasons.push(Arc::new(Why {
                rule: row.rule.into_owned().into(),
                kind: row.kind,
                evidence: row.evidence.into_owned(),
                score: row.score,
            }));
            books.removed.step()?;
        }
        if let Some(row) = books.normalised.of::<NormalisedRow<'_, List>>(self.doc)? {
            ledger.normalised(row);
            books.normalised.step()?;
        }
        let original = ledger.original(self.doc, &self.text);
        self.original = original.map_err(|bad| books.bad(&bad))?;
        let mut reasons = reasons.into_iter();
        for edit in ledger.edits() {
            let mark = match edit.removed {
                Some(_) => reasons.next().map(|why| self.whys.mark(why)),
                None if edit.why == GAP => Some(Mark::Gap),
                None => Mend::from_name(edit.why).map(Mark::Mended),
            };
            let known = mark.is_some_and(|mark| self.edits.push(edit.span, edit.replacement, mark));
            if !known {
                let problem = format!("{:?} found; expected the name of a mend", edit.why);
                return Err(books.bad(&problem));
            }
        }
        Ok(())
    }
}
