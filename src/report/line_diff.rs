//! A document before and after, line by line, from its original and the ledger's edits.

use super::examples::{Change, DiffLine, LineDiff, Piece, shortened};
use crate::document::Span;

/// The longest line that is shown, in characters.
const LINE: usize = 260;
/// Changed lines that are shown.
const LINES: usize = 24;

/// One edit of the original, as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEdit {
    /// What it replaces in the original.
    pub span: Span,
    /// What stands there now.
    pub replacement: String,
    /// The rule, or what was mended.
    pub why: String,
    /// Whether a desk took it out.
    pub removed: bool,
}

/// Returns the lines of `original` with what became of them; `edits` are in the order of the text.
pub fn line_diff(original: &str, edits: &[LedgerEdit]) -> LineDiff {
    let mut out = LineDiff::default();
    let mut kept: Vec<(u64, &str)> = Vec::new();
    let mut shown = 0;
    let mut start = 0;
    let mut next = 0;
    for (number, line) in (1u64..).zip(original.split('\n')) {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        while edits
            .get(next)
            .is_some_and(|edit| edit.span.end < span.start)
        {
            next += 1;
        }
        let touching: Vec<&LedgerEdit> = edits[next.min(edits.len())..]
            .iter()
            .take_while(|edit| edit.span.start <= span.end)
            .filter(|edit| touches(edit, span))
            .collect();
        if line.trim().is_empty() {
            continue;
        }
        if touching.is_empty() {
            kept.push((number, line));
            continue;
        }
        if shown == LINES {
            out.more += 1;
            continue;
        }
        shown += 1;
        context(&mut kept, !out.lines.is_empty(), true, &mut out.lines);
        out.lines.push(changed(number, line, span, &touching));
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
fn touches(edit: &LedgerEdit, line: Span) -> bool {
    let inside = edit.span.start < line.end && line.start < edit.span.end;
    let inserted =
        edit.span.is_empty() && line.start <= edit.span.start && edit.span.end <= line.end;
    (inside || inserted) && (edit.removed || edit.why != "gap")
}

fn changed(number: u64, line: &str, span: Span, edits: &[&LedgerEdit]) -> DiffLine {
    let visible = |text: &str| !text.trim().is_empty();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |change, text: &str| {
        if !text.is_empty() {
            pieces.push(Piece {
                change,
                text: shortened(text, LINE),
            });
        }
    };
    let mut at = span.start;
    let mut why: Vec<String> = Vec::new();
    for edit in edits {
        let from = edit.span.start.clamp(at, span.end);
        let to = edit.span.end.clamp(from, span.end);
        push(Change::Same, piece(line, span, at, from));
        push(Change::Gone, piece(line, span, from, to));
        push(Change::New, &edit.replacement);
        at = to;
        if !why.contains(&edit.why) {
            why.push(edit.why.clone());
        }
    }
    push(Change::Same, piece(line, span, at, span.end));
    let stays = pieces
        .iter()
        .any(|piece| piece.change != Change::Gone && visible(&piece.text));
    match why.first() {
        Some(rule) if !stays => DiffLine::Removed {
            number,
            text: shortened(line.trim(), LINE),
            rule: edits
                .iter()
                .find(|edit| edit.removed)
                .map_or_else(|| rule.clone(), |edit| edit.why.clone()),
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

    fn edit(original: &str, what: &str, replacement: &str, why: &str, removed: bool) -> LedgerEdit {
        let start = original.find(what).unwrap();
        LedgerEdit {
            span: Span::new(start, start + what.len()),
            replacement: replacement.to_owned(),
            why: why.to_owned(),
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
        let diff = line_diff(original, &edits);
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
        let edits: Vec<LedgerEdit> = (0..100)
            .map(|at| LedgerEdit {
                span: Span::new(at * 2, at * 2 + 1),
                replacement: String::new(),
                why: "rule".to_owned(),
                removed: true,
            })
            .collect();
        let diff = line_diff(&original, &edits);
        assert_eq!((diff.lines.len(), diff.more), (LINES, 100 - LINES as u64));
    }
}
