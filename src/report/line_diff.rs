//! A document before and after, line by line, from its original and the ledger's edits.

use super::examples::{Change, DiffLine, LineDiff, Piece, shortened};
use crate::document::Span;
use std::collections::VecDeque;

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
    // Those that the last line did not end.
    let mut near: VecDeque<LedgerEdit<'_>> = VecDeque::new();
    for (number, line) in (1u64..).zip(original.split('\n')) {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        near.extend(std::iter::from_fn(|| {
            edits.next_if(|edit| edit.span.start <= span.end)
        }));
        while near.front().is_some_and(|edit| edit.span.end < span.start) {
            near.pop_front();
        }
        let mut touching = near.iter().filter(|edit| touches(edit, span)).peekable();
        if line.trim().is_empty() {
            continue;
        }
        if touching.peek().is_none() {
            kept.push((number, line));
            continue;
        }
        if shown == LINES {
            out.more += 1;
            continue;
        }
        shown += 1;
        context(&mut kept, !out.lines.is_empty(), true, &mut out.lines);
        out.lines
            .push(changed(number, line, span, touching, &mut room));
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

fn changed<'a, 'l: 'a>(
    number: u64,
    line: &str,
    span: Span,
    edits: impl Iterator<Item = &'a LedgerEdit<'l>>,
    room: &mut usize,
) -> DiffLine {
    let visible = |text: &str| !text.trim().is_empty();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut stays = false;
    let mut push = |change, text: &str| {
        // Of white space that is shortened the ellipsis is seen.
        stays |= change != Change::Gone && (visible(text) || text.chars().nth(LINE).is_some());
        if !text.is_empty() && *room > 0 {
            *room -= 1;
            pieces.push(Piece {
                change,
                text: shortened(text, LINE),
            });
        }
    };
    let mut at = span.start;
    let mut why: Vec<String> = Vec::new();
    let mut rule = None;
    for edit in edits {
        let from = edit.span.start.clamp(at, span.end);
        let to = edit.span.end.clamp(from, span.end);
        push(Change::Same, piece(line, span, at, from));
        push(Change::Gone, piece(line, span, from, to));
        push(Change::New, edit.replacement);
        at = to;
        if !why.iter().any(|known| known == edit.why) {
            why.push(edit.why.to_owned());
        }
        if edit.removed {
            rule.get_or_insert(edit.why);
        }
    }
    push(Change::Same, piece(line, span, at, span.end));
    match why.first() {
        Some(first) if !stays => DiffLine::Removed {
            number,
            text: shortened(line.trim(), LINE),
            rule: rule.unwrap_or(first).to_owned(),
        },
        _ => DiffLine::Changed {
            number,
            pieces,
            why,
        },
    }
}

fn piece(line: &str, span: Span, from: usize, to: usize) -> &str {
    line.get(from - span.start..to - span.start)
        .unwrap_or_default()
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
