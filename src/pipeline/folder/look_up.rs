//! What a run has decided about documents, from its output folder alone.

use super::reading_back::{Books, Lines, Rows, manifest, name_of};
use super::undo::{Ledger, List, Undo};
use super::wanted::{Wanted, called};
use crate::document::{DocId, Kind, Span};
use crate::error::Result;
use crate::formats::Record;
use crate::pipeline::clean::brake::Spared;
use crate::store::ledger::{
    Book, DropReason, DuplicateKind, DuplicateRow, NormalisedRow, RejectedRow, RemovedRow,
    SparedRow,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many duplicates of a survivor are named; all are counted.
const NAMED: usize = 20;

/// What a run has decided about one document.
#[derive(Clone, Debug)]
pub struct LookedUp {
    /// Its ordinal, from 0.
    pub doc: DocId,
    /// Its id.
    pub id: String,
    /// Its text as the run cleaned it.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Set where the brake left the text as it was: it is only mended.
    pub spared: Option<Spared>,
    /// What was taken out of its text, in order.
    pub cuts: Vec<Cut>,
    /// How many places of its text were mended, white space around cuts aside.
    pub mends: u64,
    /// Documents that it stays for, the first of them.
    pub duplicates: Vec<Twin>,
    /// How many documents it stays for.
    pub duplicates_in_all: u64,
}

/// What a desk took out of a text, as the ledger has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The rule that decided.
    pub rule: String,
    /// What sort of furniture it is.
    pub kind: Kind,
    /// Where it stood in the original text.
    pub span: Span,
    /// What stood there.
    pub text: String,
    /// What the rule saw.
    pub evidence: String,
    /// How sure the rule was, where it measures that.
    pub score: Option<f32>,
    /// What stands there now.
    pub replacement: String,
    /// Whether whole lines went, and no part of one.
    pub whole: bool,
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

/// Looks up every document of a run that one of `ids` asks for, as [`Wanted`] has it, in the order
/// of reading.
///
/// `folder` holds the ledger, and the cleaned records too, unless `cleaned` names them. Reads
/// the folder from end to end; memory holds the texts that are wanted.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, an id that no document has.
pub fn look_up(folder: &Path, cleaned: Option<&Path>, ids: &[String]) -> Result<Vec<LookedUp>> {
    let manifest = manifest(folder)?;
    let mut wanted = Wanted::of(folder, cleaned, ids)?;
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
                found.push(LookedUp::new(
                    doc,
                    called(None, doc),
                    String::new(),
                    outcome,
                ));
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
            one.cuts(&mut books)?;
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
            text,
            outcome,
            spared: None,
            cuts: Vec::new(),
            mends: 0,
            duplicates: Vec::new(),
            duplicates_in_all: 0,
        }
    }

    /// Takes what the ledger says of the text.
    fn cuts(&mut self, books: &mut Books) -> Result<()> {
        let mut ledger = Ledger::default();
        while let Some(row) = books.removed.of::<RemovedRow<'_>>(self.doc)? {
            self.cuts.push(Cut {
                rule: row.rule.to_string(),
                kind: row.kind,
                span: row.span,
                text: row.text.to_string(),
                evidence: row.evidence.to_string(),
                score: row.score,
                replacement: row.replacement.to_string(),
                whole: false,
            });
            ledger.removed(&row);
            books.removed.step()?;
        }
        if let Some(row) = books.normalised.of::<NormalisedRow<'_, List>>(self.doc)? {
            let mends = row.edits.iter().filter(|edit| edit.why != "gap");
            self.mends = mends.count() as u64;
            ledger.normalised(row);
            books.normalised.step()?;
        }
        if let Some(original) = ledger.undo(&self.text) {
            let edits: Vec<Undo<'_>> = ledger.edits().collect();
            for cut in &mut self.cuts {
                cut.whole = is_whole(&original, &edits, cut.span);
            }
        }
        Ok(())
    }
}

/// Returns whether a cut takes all that is seen of its line: on both sides, up to where a line
/// ends, nothing stays but white space. `edits` are all of the text, in its order.
fn is_whole(original: &str, edits: &[Undo<'_>], cut: Span) -> bool {
    let mut at = edits.partition_point(|edit| edit.span < cut);
    while edits.get(at).is_some_and(|edit| edit.removed.is_none()) {
        at += 1;
    }
    let before = edits.iter().take(at).rev().map(Some).chain([None]);
    let mut end = cut.start;
    let left = before.map(|edit| {
        let start = edit.map_or(0, |edit| edit.span.end);
        let kept = Span::new(start, end).of(original);
        end = edit.map_or(0, |edit| edit.span.start);
        (kept, edit)
    });
    let behind = edits.iter().skip(at + 1).map(Some).chain([None]);
    let mut start = cut.end;
    let right = behind.map(|edit| {
        let end = edit.map_or(original.len(), |edit| edit.span.start);
        let kept = Span::new(start, end).of(original);
        start = edit.map_or(end, |edit| edit.span.end);
        (kept, edit)
    });
    is_bare(left, |kept| kept.rsplit(is_break).next())
        && is_bare(right, |kept| kept.split(is_break).next())
}

/// Returns whether nothing is seen up to where a line ends, in pieces of a text that lead away from
/// a place: what stays, and the edit behind it. `nearest` gives what lies before a line break.
fn is_bare<'t>(
    pieces: impl Iterator<Item = (&'t str, Option<&'t Undo<'t>>)>,
    nearest: impl Fn(&'t str) -> Option<&'t str>,
) -> bool {
    for (kept, edit) in pieces {
        let near = nearest(kept).unwrap_or_default();
        if !near.trim().is_empty() {
            return false;
        }
        let Some(edit) = edit.filter(|_| near.len() == kept.len()) else {
            return true;
        };
        if !edit.replacement.trim().is_empty() {
            return false;
        }
        if edit.replacement.contains('\n') || edit.text.contains(is_break) {
            return true;
        }
    }
    true
}

/// Returns whether a line may end at a character, before it was mended.
fn is_break(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kind;

    #[test]
    fn a_cut_is_whole_if_nothing_of_its_line_stays() {
        // Edits in brackets, `[x>y]` for a mend of x to y; the cut in braces.
        for (text, whole) in [
            ("{Share}", true),
            ("one\n{Share}\ntwo", true),
            ("one {Share}", false),
            ("{Share} two", false),
            ("  {Share}\t\ntwo", true),
            ("one\r{Share}\u{2028}two", true),
            ("one[\r\n>\n]{Share}[\r\n>\n]two", true),
            ("one[\n\n>]{Share}", true),
            ("one\n[&nbsp;> ]{Share}", true),
            ("one\n[\u{feff}>]{Share}\ntwo", true),
            ("one\n[&amp;>&]{Share}\ntwo", false),
            ("one\n[&nbsp;> ]more {Share}", false),
            ("one [\u{ad}>]{Share}", false),
        ] {
            let mut original = String::new();
            let mut parts = Vec::new();
            let mut cut = Span::new(0, 0);
            for piece in text.split_inclusive(['[', ']', '{', '}']) {
                let bare = piece.trim_end_matches(['[', ']', '{', '}']);
                let start = original.len();
                if piece.ends_with(']') {
                    let (old, new) = bare.split_once('>').unwrap();
                    original.push_str(old);
                    parts.push((Span::new(start, original.len()), old, new, None));
                } else {
                    original.push_str(bare);
                    if piece.ends_with('}') {
                        cut = Span::new(start, original.len());
                        parts.push((cut, bare, "", Some(Kind::Share)));
                    }
                }
            }
            let edit = |(span, text, replacement, removed)| Undo {
                span,
                text,
                replacement,
                why: "",
                removed,
            };
            let edits: Vec<Undo<'_>> = parts.into_iter().map(edit).collect();
            assert_eq!(is_whole(&original, &edits, cut), whole, "{text:?}");
        }
    }
}
