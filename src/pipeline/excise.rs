//! Takes findings out of a text and closes the gaps they leave.
//!
//! A removed line leaves no hole: between two lines that stay, one of the gaps
//! that stood there stays, the one with the most line breaks (the first of
//! equals), so that paragraphs stay paragraphs. Nothing else moves.

use super::cause::Cause;
use crate::document::{Edits, Finding, Page, Span};

/// A stretch of text that goes or stays as a whole.
struct Piece {
    span: Span,
    /// The finding that takes it out, by index; `None` stays.
    finding: Option<usize>,
}

/// Returns the edits that take `findings` out of the page's text.
///
/// Findings must be ascending and disjoint; one that is not is passed over.
pub fn excise(page: &Page<'_>, findings: Vec<Finding>) -> Edits<Cause> {
    let text = page.text;
    let mut pieces = Vec::new();
    let mut at = 0;
    for (index, finding) in findings.iter().enumerate() {
        let span = finding.span;
        if span.start < at || span.is_empty() || text.get(span.start..span.end).is_none() {
            continue;
        }
        keep(text, Span::new(at, span.start), &mut pieces);
        // The white space at a finding's ends belongs to the gaps.
        let found = span.of(text);
        let lead = found.len() - found.trim_start().len();
        let core = Span::new(span.start + lead, span.start + lead + found.trim().len());
        if !core.is_empty() {
            pieces.push(Piece {
                span: core,
                finding: Some(index),
            });
        }
        at = span.end;
    }
    keep(text, Span::new(at, text.len()), &mut pieces);

    let mut whys: Vec<Option<crate::document::Why>> = findings
        .into_iter()
        .map(|finding| Some(finding.why))
        .collect();
    let mut edits = Edits::new();
    let mut from = 0;
    while from < pieces.len() {
        if pieces[from].finding.is_none() {
            from += 1;
            continue;
        }
        let mut to = from;
        while pieces
            .get(to + 1)
            .is_some_and(|piece| piece.finding.is_some())
        {
            to += 1;
        }
        let before = from.checked_sub(1).map_or(0, |kept| pieces[kept].span.end);
        let after = pieces
            .get(to + 1)
            .map_or(text.len(), |kept| kept.span.start);
        let mut gaps = vec![Span::new(before, pieces[from].span.start)];
        for pair in pieces[from..=to].windows(2) {
            gaps.push(Span::new(pair[0].span.end, pair[1].span.start));
        }
        gaps.push(Span::new(pieces[to].span.end, after));
        let stays = staying(text, &gaps, from > 0, to + 1 < pieces.len());
        for (index, gap) in gaps.iter().enumerate() {
            close(*gap, stays, index, &mut edits);
            if let Some(piece) = pieces.get(from + index).filter(|_| from + index <= to)
                && let Some(why) = piece
                    .finding
                    .and_then(|finding| whys.get_mut(finding)?.take())
            {
                edits.push(piece.span, "", Cause::Removed(Box::new(why)));
            }
        }
        from = to + 1;
    }
    edits
}

/// Adds what stays between two findings, white space trimmed, if there is anything.
fn keep(text: &str, span: Span, pieces: &mut Vec<Piece>) {
    let part = span.of(text);
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        let start = span.start + part.len() - part.trim_start().len();
        pieces.push(Piece {
            span: Span::new(start, start + trimmed.len()),
            finding: None,
        });
    }
}

/// Which gap stays, and which part of it.
type Staying = Option<(usize, Span)>;

fn staying(text: &str, gaps: &[Span], kept_before: bool, kept_after: bool) -> Staying {
    let last = gaps.len() - 1;
    match (kept_before, kept_after) {
        (true, true) => {
            let (mut best, mut most) = (0, 0);
            for (index, gap) in gaps.iter().enumerate() {
                let breaks = breaks(gap.of(text));
                if breaks > most {
                    (best, most) = (index, breaks);
                }
            }
            // A cut inside a line leaves no more than one space between its neighbours.
            if most == 0 {
                best = gaps.iter().position(|gap| !gap.is_empty()).unwrap_or(0);
            }
            Some((best, gaps[best]))
        }
        // The text starts where it started and ends with a line break if it did.
        (false, true) => Some((0, gaps[0])),
        (true, false) => {
            let gap = gaps[last];
            let feed = gap.of(text).find('\n')?;
            let start = gap.start + feed;
            Some((last, Span::new(start, start + 1)))
        }
        (false, false) => None,
    }
}

fn breaks(gap: &str) -> usize {
    gap.bytes().filter(|byte| *byte == b'\n').count()
}

fn close(gap: Span, stays: Staying, index: usize, edits: &mut Edits<Cause>) {
    let mut cut = |span: Span| {
        if !span.is_empty() {
            edits.push(span, "", Cause::Gap);
        }
    };
    match stays {
        Some((kept, part)) if kept == index => {
            cut(Span::new(gap.start, part.start));
            cut(Span::new(part.end, gap.end));
        }
        _ => cut(gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Kind, Why};

    fn check(text: &str, remove: &[&str], expected: &str) {
        let page = Page::new(text, None);
        let mut findings = Vec::new();
        let mut at = 0;
        for part in remove {
            let start = at + text[at..].find(part).unwrap();
            at = start + part.len();
            findings.push(Finding {
                span: Span::new(start, at),
                why: Why {
                    rule: "test".into(),
                    kind: Kind::Other,
                    evidence: String::new(),
                    score: None,
                },
            });
        }
        let edits = excise(&page, findings);
        assert_eq!(edits.apply(text), expected, "{text:?} without {remove:?}");
        let removed: Vec<&str> = edits
            .iter()
            .filter(|edit| matches!(edit.tag, Cause::Removed(_)))
            .map(|edit| edit.span.of(text))
            .collect();
        let wanted: Vec<&str> = remove.iter().map(|part| part.trim()).collect();
        assert_eq!(removed, wanted);
    }

    #[test]
    fn a_removed_line_leaves_the_widest_gap_that_stood_there() {
        check("a\n\nX\n\nb", &["X"], "a\n\nb");
        check("a\nX\n\nb", &["X"], "a\n\nb");
        check("a\n\nX\nb", &["X"], "a\n\nb");
        check("a\nX\nb", &["X"], "a\nb");
        check("a\n\nX\nY\n\nb\nZ\nc", &["X", "Y", "Z"], "a\n\nb\nc");
    }

    #[test]
    fn head_and_tail_close_up() {
        check("X\n\na", &["X"], "a");
        check("a\n\nX\n\nY", &["X", "Y"], "a");
        check("a\n\nX\n\nY\n\n", &["X", "Y"], "a\n");
        check("\n X \nY", &["X", "Y"], "");
        check("  X \n", &["X"], "");
    }

    #[test]
    fn a_cut_inside_a_line_keeps_the_rest_of_the_line() {
        check("end of it. [X]\nnext", &["[X]"], "end of it.\nnext");
        check("one [X] two", &["[X]"], "one two");
        check("one [X]", &[" [X]"], "one");
    }
}
