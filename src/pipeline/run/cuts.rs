//! What was taken out of the documents of a block, for the counts.
//!
//! Equal lines of one document are one row with their number, since a page of furniture may have a
//! million of them.

use crate::document::{Edit, Why};
use crate::report::Gone;
use crate::text::hash;
use rustc_hash::FxHashMap;

/// Rows in the order in which their first line stood.
#[derive(Debug, Default)]
pub struct Cuts {
    rows: Vec<Row>,
    /// The reasons, each once, without evidence.
    rules: Vec<Why>,
    /// What is shown of the lines, one after the other.
    texts: String,
    /// The rows of the last record by the hash of rule and text; of two with one hash only the
    /// first is found again.
    known: FxHashMap<u64, usize>,
}

#[derive(Debug)]
struct Row {
    /// The number of the record in the block.
    record: usize,
    rule: usize,
    /// Where its text ends in `texts`; the last one's end is its beginning.
    end: usize,
    gone: Numbers,
}

/// [`Gone`] but for what is text.
#[derive(Debug)]
struct Numbers {
    spans: u64,
    start: usize,
    bytes: u64,
    chars: u64,
    lines: u64,
}

impl Cuts {
    /// Takes note of what an edit took out of a record, of which `text` stood there.
    pub fn add<T>(&mut self, record: usize, edit: &Edit<'_, T>, why: &Why, text: &str) {
        let gone = Gone::new(&why.rule, why.kind, edit.span, edit.replacement, text);
        if self.rows.last().is_none_or(|last| last.record != record) {
            self.known.clear();
        }
        let rule = self.rule(why);
        let key = hash::word(gone.text.as_bytes()) ^ rule as u64;
        let next = self.rows.len();
        let known = *self.known.entry(key).or_insert(next);
        let from = known.checked_sub(1).and_then(|last| self.rows.get(last));
        let from = from.map_or(0, |row| row.end);
        if let Some(row) = self.rows.get_mut(known)
            && row.rule == rule
            && self.texts.get(from..row.end) == Some(gone.text)
        {
            row.gone.spans += 1;
            row.gone.bytes += gone.bytes;
            row.gone.chars += gone.chars;
            row.gone.lines += gone.lines;
            return;
        }
        self.texts.push_str(gone.text);
        self.rows.push(Row {
            record,
            rule,
            end: self.texts.len(),
            gone: Numbers {
                spans: gone.spans,
                start: gone.start,
                bytes: gone.bytes,
                chars: gone.chars,
                lines: gone.lines,
            },
        });
    }

    fn rule(&mut self, why: &Why) -> usize {
        let same = |known: &Why| known.kind == why.kind && known.rule == why.rule;
        self.rules.iter().position(same).unwrap_or_else(|| {
            self.rules.push(Why {
                evidence: String::new(),
                score: None,
                ..why.clone()
            });
            self.rules.len() - 1
        })
    }

    /// Iterates what was taken out, with the number of its record in the block.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Gone<'_>)> {
        let mut from = 0;
        self.rows.iter().filter_map(move |row| {
            let text = self.texts.get(from..row.end)?;
            from = row.end;
            let why = self.rules.get(row.rule)?;
            let gone = Gone {
                rule: &why.rule,
                kind: why.kind,
                spans: row.gone.spans,
                start: row.gone.start,
                bytes: row.gone.bytes,
                chars: row.gone.chars,
                lines: row.gone.lines,
                text,
            };
            Some((row.record, gone))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Kind, Span};

    #[test]
    fn equal_lines_of_one_record_are_one_row() {
        let why = |rule: &'static str| Why {
            rule: rule.into(),
            kind: Kind::Share,
            evidence: "seen".into(),
            score: Some(0.5),
        };
        let mut cuts = Cuts::default();
        let lines = [
            (0, "a", "Share"),
            (0, "b", "Share"),
            (0, "a", "Print\nit"),
            (0, "a", "Share"),
            (1, "a", "Share"),
        ];
        for (at, (record, rule, text)) in lines.into_iter().enumerate() {
            let edit = Edit {
                span: Span::new(10 * at, 10 * at + text.len()),
                replacement: "",
                tag: (),
            };
            cuts.add(record, &edit, &why(rule), text);
        }
        let got: Vec<_> = cuts
            .iter()
            .map(|(record, gone)| (record, gone.rule, gone.text, gone.spans, gone.start))
            .collect();
        let expected = [
            (0, "a", "Share", 2, 0),
            (0, "b", "Share", 1, 10),
            (0, "a", "Print\nit", 1, 20),
            (1, "a", "Share", 1, 40),
        ];
        assert_eq!(got, expected);
        let sums = cuts
            .iter()
            .fold((0, 0, 0), |(bytes, chars, lines), (_, gone)| {
                (bytes + gone.bytes, chars + gone.chars, lines + gone.lines)
            });
        assert_eq!(sums, (28, 28, 6));
    }
}
