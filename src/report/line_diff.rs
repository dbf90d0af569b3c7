//! A document before and after, line by line, from its original and the ledger's edits.

use super::examples::{Change, DiffLine, LineDiff, Piece, shortened};
use crate::document::Span;

/// The longest line that is shown, in characters.
const LINE: usize = 260;
/// Changed lines that are shown.
const LINES: usize = 24;
/// Pieces of changed lines that are held. A page has no room for so many bytes of a document, let
/// alone pieces.
const PIECES: usize = super::page::ROOM;

/// One edit of the original, as the ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEdit<'l> {
    /// What it replaces in the original.
    pub span: Span,
    /// What stands there now.
    pub replacement: &'l str,
    /// The rule, or what was mended.
    pub why: &'l str,
    /// Whether a desk took it out.
    pub removed: bool,
}

/// Returns the lines of `original` with what became of them; `edits` are in the order of the text.
pub fn line_diff<'l>(original: &str, edits: impl IntoIterator<Item = LedgerEdit<'l>>) -> LineDiff {
    let mut out = LineDiff::default();
    let mut kept: Vec<(u64, &str)> = Vec::new();
    let mut shown = 0;
    let mut room = PIECES + 1;
    let mut start = 0;
    let mut edits = edits.into_iter().peekable();
    // Those that reach beyond the line.
    let mut near: Vec<LedgerEdit<'_>> = Vec::new();
    for (number, line) in (1u64..).zip(original.split('\n')) {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        let mut changed: Option<Changed<'_>> = None;
        let mut touched = false;
        let before = std::mem::take(&mut near);
        let more = std::iter::from_fn(|| edits.next_if(|edit| edit.span.start <= span.end));
        for edit in before.into_iter().chain(more) {
            if edit.span.end > span.end {
                near.push(edit);
            }
            if !touches(&edit, span) {
                continue;
            }
            touched = true;
            if shown < LINES {
                let changed = changed.get_or_insert_with(|| Changed::of(line, span));
                changed.add(&edit, &mut room);
            }
        }
        if line.trim().is_empty() {
            continue;
        }
        if !touched {
            kept.push((number, line));
            continue;
        }
        let Some(changed) = changed else {
            out.more += 1;
            continue;
        };
        shown += 1;
        context(&mut kept, !out.lines.is_empty(), true, &mut out.lines);
        out.lines.push(changed.line(number, &mut room));
    }
    if out.more == 0 {
        context(&mut kept, true, false, &mut out.lines);
    }
    out
}

/// Tells of lines that stayed: the ones beside a change, and how many lie between.
fn context(kept: &mut Vec<(u64, &str)>, behind: bool, before: bool, out: &mut Vec<DiffLine>) {
    let line = |(number, text): &(u64, &str)| DiffLine::Kept {
        number: *number,
        text: shortened(text.trim(), LINE),
    };
    let head = usize::from(behind);
    let tail = usize::from(before);
    if kept.len() <= head + tail {
        out.extend(kept.iter().map(line));
    } else {
        out.extend(kept[..head].iter().map(line));
        out.push(DiffLine::Skipped((kept.len() - head - tail) as u64));
        out.extend(kept[kept.len() - tail..].iter().map(line));
    }
    kept.clear();
}

/// Returns whether an edit changes the visible text of a line: white space that was closed around
/// a removal does not.
fn touches(edit: &LedgerEdit<'_>, line: Span) -> bool {
    let inside = edit.span.start < line.end && line.start < edit.span.end;
    let inserted =
        edit.span.is_empty() && line.start <= edit.span.start && edit.span.end <= line.end;
    (inside || inserted) && (edit.removed || edit.why != "gap")
}

/// A line that edits change, as far as it is read.
struct Changed<'l> {
    line: &'l str,
    span: Span,
    /// Up to where.
    at: usize,
    pieces: Vec<Piece>,
    /// Whether something that is seen stays, or is new.
    stays: bool,
    why: Vec<String>,
    /// The first rule that took something out.
    rule: Option<String>,
}

impl<'l> Changed<'l> {
    fn of(line: &'l str, span: Span) -> Self {
        Self {
            line,
            span,
            at: span.start,
            pieces: Vec::new(),
            stays: false,
            why: Vec::new(),
            rule: None,
        }
    }

    fn push(&mut self, change: Change, text: &str, room: &mut usize) {
        // Of white space that is shortened the ellipsis is seen.
        let visible = || !text.trim().is_empty() || text.chars().nth(LINE).is_some();
        self.stays |= change != Change::Gone && visible();
        if !text.is_empty() && *room > 0 {
            *room -= 1;
            self.pieces.push(Piece {
                change,
                text: shortened(text, LINE),
            });
        }
    }

    fn add(&mut self, edit: &LedgerEdit<'_>, room: &mut usize) {
        let from = edit.span.start.clamp(self.at, self.span.end);
        let to = edit.span.end.clamp(from, self.span.end);
        self.push(Change::Same, self.piece(self.at, from), room);
        self.push(Change::Gone, self.piece(from, to), room);
        self.push(Change::New, edit.replacement, room);
        self.at = to;
        if !self.why.iter().any(|known| known == edit.why) {
            self.why.push(edit.why.to_owned());
        }
        if edit.removed && self.rule.is_none() {
            self.rule = Some(edit.why.to_owned());
        }
    }

    fn piece(&self, from: usize, to: usize) -> &'l str {
        let start = self.span.start;
        self.line.get(from - start..to - start).unwrap_or_default()
    }

    /// Returns the line as it is shown.
    fn line(mut self, number: u64, room: &mut usize) -> DiffLine {
        self.push(Change::Same, self.piece(self.at, self.span.end), room);
        match self.why.first() {
            Some(first) if !self.stays => DiffLine::Removed {
                number,
                text: shortened(self.line.trim(), LINE),
                rule: self.rule.unwrap_or_else(|| first.clone()),
            },
            _ => DiffLine::Changed {
                number,
                pieces: self.pieces,
                why: self.why,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(diff: &LineDiff) -> Vec<String> {
        let line = |line: &DiffLine| match line {
            DiffLine::Skipped(count) => format!("… {count}"),
            DiffLine::Kept { number, text } => format!("{number} {text}"),
            DiffLine::Removed { number, text, rule } => format!("{number} - {text} ({rule})"),
            DiffLine::Changed {
                number,
                pieces,
                why,
            } => {
                let pieces: String = pieces
                    .iter()
                    .map(|piece| match piece.change {
                        Change::Same => piece.text.clone(),
                        Change::Gone => format!("[-{}-]", piece.text),
                        Change::New => format!("[+{}+]", piece.text),
                    })
                    .collect();
                format!("{number} ~ {pieces} ({})", why.join(", "))
            }
        };
        diff.lines.iter().map(line).collect()
    }

    fn edit<'l>(
        original: &str,
        what: &str,
        replacement: &'l str,
        why: &'l str,
        removed: bool,
    ) -> LedgerEdit<'l> {
        let start = original.find(what).unwrap();
        LedgerEdit {
            span: Span::new(start, start + what.len()),
            replacement,
            why,
            removed,
        }
    }

    #[test]
    fn lines_that_went_stand_among_those_that_stayed() {
        let original =
            "Headline\n\nOne.\nTwo.\nThree.\nShare this\n\nFour wonâ€™t. Also read: X\nEnd.";
        let edits = [
            edit(original, "Share this", "", "share-bar", true),
            edit(original, "\n\nFour", "\nFour", "gap", false),
            edit(original, "â€™", "’", "mojibake", false),
            edit(original, " Also read: X", "", "related-inline", true),
        ];
        let diff = line_diff(original, edits);
        assert_eq!(
            told(&diff),
            [
                "… 3",
                "5 Three.",
                "6 - Share this (share-bar)",
                "8 ~ Four won[-â€™-][+’+]t.[- Also read: X-] (mojibake, related-inline)",
                "9 End.",
            ]
        );
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let original = "x\n".repeat(100);
        let edits = (0..100).map(|at| LedgerEdit {
            span: Span::new(at * 2, at * 2 + 1),
            replacement: "",
            why: "rule",
            removed: true,
        });
        let diff = line_diff(&original, edits);
        assert_eq!((diff.lines.len(), diff.more), (LINES, 100 - LINES as u64));
    }
}
