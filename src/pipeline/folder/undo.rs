//! What the ledger says of one record, packed: a text full of entities has a million edits.

use crate::document::{DocId, Edits, Kind, Span, Tag, revert};
use crate::formats::plain::Envelope;
use crate::store::ledger::{NormalisedEdit, NormalisedRow, RemovedRow};
use rustc_hash::FxHashMap;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::fmt;

/// One edit as the ledger has it.
#[derive(Clone, Copy)]
pub struct Undo<'l> {
    pub span: Span,
    /// What stood there.
    pub text: &'l str,
    /// What stands there now.
    pub replacement: &'l str,
    /// The rule, or what was mended.
    pub why: &'l str,
    /// What sort of furniture it is, where a desk took it out.
    pub removed: Option<Kind>,
}

/// All that the ledger says of one record.
#[derive(Default)]
pub struct Ledger {
    cuts: List,
    mends: List,
    /// How its rows call the record; they must agree.
    pub ids: Vec<String>,
    pub surrogates: Vec<(usize, u16)>,
    pub envelope: Option<Envelope>,
}

impl Ledger {
    /// Takes a row of what was removed.
    pub fn removed(&mut self, row: &RemovedRow<'_>) {
        self.named(&row.id);
        let undo = Undo {
            span: row.span,
            text: &row.text,
            replacement: &row.replacement,
            why: &row.rule,
            removed: Some(row.kind),
        };
        self.cuts.push(&undo);
    }

    /// Takes the row of what was mended.
    pub fn normalised(&mut self, row: NormalisedRow<'_, List>) {
        self.named(&row.id);
        self.mends = row.edits;
        self.surrogates = row.surrogates;
        self.envelope = row.file.map(|file| Envelope {
            charset: file.charset,
            bom: file.bom,
            raw: file.raw_base64,
        });
    }

    fn named(&mut self, id: &str) {
        if self.ids.last().is_none_or(|last| last != id) {
            self.ids.push(id.to_owned());
        }
    }

    /// Returns whether there is nothing to undo.
    pub fn is_empty(&self) -> bool {
        !self.changes() && self.surrogates.is_empty() && self.envelope.is_none()
    }

    /// Returns whether an edit was made.
    pub fn changes(&self) -> bool {
        [&self.cuts, &self.mends]
            .iter()
            .any(|list| !list.is_empty())
    }

    /// Iterates the edits in the order of the text.
    pub fn edits(&self) -> impl Iterator<Item = Undo<'_>> {
        let mut cuts = self.cuts.iter().peekable();
        let mut mends = self.mends.iter().peekable();
        std::iter::from_fn(move || match (cuts.peek(), mends.peek()) {
            (Some(cut), Some(mend)) if mend.span < cut.span => mends.next(),
            (Some(_), _) => cuts.next(),
            _ => mends.next(),
        })
    }

    /// Returns the original of `cleaned`, or what to say of record `doc` where the edits do not fit.
    pub fn original(&self, doc: DocId, cleaned: &str) -> Result<String, String> {
        self.undo(cleaned).ok_or_else(|| {
            format!(
                "the text of record {} is not what the ledger says it became; one of them was changed",
                doc.0 + 1
            )
        })
    }

    /// Returns the original of `cleaned`, or `None` where the edits do not fit it.
    fn undo(&self, cleaned: &str) -> Option<String> {
        if self.cuts.wrong || self.mends.wrong {
            return None;
        }
        let edits = self.edits();
        revert(
            cleaned,
            edits.map(|edit| (edit.span, edit.replacement, edit.text)),
        )
    }
}

/// The number of a name in a [`List`].
#[derive(Clone, Copy)]
struct Name(u32);

impl Tag for Name {
    fn number(self) -> u32 {
        self.0
    }

    fn of(number: u32) -> Self {
        Self(number)
    }
}

/// Edits of one text as rows have them, ascending.
#[derive(Default)]
pub struct List {
    edits: Edits<Name>,
    /// What stood at their spans, one after the other.
    texts: String,
    names: Vec<(String, Option<Kind>)>,
    /// The numbers of names that are in use.
    known: FxHashMap<(String, Option<Kind>), u32>,
    /// Whether a row did not fit behind the others, or its text not into its span.
    wrong: bool,
}

impl List {
    fn push(&mut self, edit: &Undo<'_>) {
        let name = self.name(edit.why, edit.removed);
        let fits = edit.span.end.checked_sub(edit.span.start) == Some(edit.text.len());
        if !fits || !self.edits.push(edit.span, edit.replacement, name) {
            self.wrong = true;
            return;
        }
        self.texts.push_str(edit.text);
    }

    fn name(&mut self, name: &str, kind: Option<Kind>) -> Name {
        // Nearly always it is one of the first.
        let same = |known: &(String, Option<Kind>)| known.1 == kind && known.0 == name;
        if let Some(at) = self.names.iter().take(16).position(same) {
            return Name(at as u32);
        }
        let next = self.names.len() as u32;
        let number = *self.known.entry((name.to_owned(), kind)).or_insert(next);
        if number == next {
            self.names.push((name.to_owned(), kind));
        }
        Name(number)
    }

    fn is_empty(&self) -> bool {
        self.edits.is_empty() && !self.wrong
    }

    /// Iterates the edits.
    pub fn iter(&self) -> impl Iterator<Item = Undo<'_>> {
        let mut texts = self.texts.as_str();
        self.edits.iter().filter_map(move |edit| {
            let (text, rest) = texts.split_at_checked(edit.span.len())?;
            texts = rest;
            let (why, removed) = self.names.get(edit.tag.0 as usize)?;
            Some(Undo {
                span: edit.span,
                text,
                replacement: edit.replacement,
                why,
                removed: *removed,
            })
        })
    }
}

/// Reads the edits of a row one by one.
impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Edits;

        impl<'de> Visitor<'de> for Edits {
            type Value = List;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list of edits")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<List, A::Error> {
                let mut list = List::default();
                while let Some(row) = rows.next_element::<NormalisedEdit<'de>>()? {
                    list.push(&Undo {
                        span: row.span,
                        text: &row.text,
                        replacement: &row.replacement,
                        why: &row.mend,
                        removed: None,
                    });
                }
                Ok(list)
            }
        }

        from.deserialize_seq(Edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(edits: &str) -> String {
        format!("{{\"doc\":0,\"id\":\"a\",\"edits\":[{edits}]}}")
    }

    fn check(edits: &str, cleaned: &str, original: Option<&str>) {
        let row = row(edits);
        let mut ledger = Ledger::default();
        ledger.normalised(serde_json::from_str(&row).unwrap());
        ledger.removed(
            &serde_json::from_str(
                r#"{"doc":0,"id":"a","rule":"share-bar","kind":"share","span":[3,8],"text":"Share","evidence":""}"#,
            )
            .unwrap(),
        );
        assert_eq!(ledger.undo(cleaned).as_deref(), original, "{edits}");
        let mut read = serde_json::Deserializer::from_reader(row.as_bytes());
        let again = NormalisedRow::<'_, List>::deserialize(&mut read).unwrap();
        let texts = |list: &List| -> String { list.iter().map(|edit| edit.text).collect() };
        assert_eq!(texts(&again.edits), texts(&ledger.mends));
    }

    #[test]
    fn rows_of_both_books_are_undone_in_the_order_of_the_text() {
        let first = r#"{"span":[0,2],"text":"\r\n","replacement":"\n","mend":"line-breaks"}"#;
        let last = r#"{"span":[9,14],"text":"&amp;","replacement":"&","mend":"entities"}"#;
        let both = format!("{first},{last}");
        check(&both, "\nab&", Some("\r\naShareb&amp;"));
        check(&both, "\nab", None);
        // Rows that something has changed.
        check(&format!("{last},{first}"), "\nab&", None);
        check(&both.replace("[9,14]", "[9,13]"), "\nab&", None);
        check(&both.replace("[9,14]", "[14,9]"), "\nab&", None);
        check(&both.replace("[9,14]", "[4,9]"), "\nab&", None);
    }
}
