//! Takes findings out of a text and closes the gaps they leave.
//!
//! A removed line leaves no hole: between two lines that stay, one of the gaps
//! that stood there stays, the one with the most line breaks (the first of
//! equals), so that paragraphs stay paragraphs. Nothing else moves.

use super::cause::{Mark, Whys};
use crate::document::{Edits, Finding, Page, Span};

/// Returns the edits that take `findings` out of the page's text; their reasons go to `whys`.
///
/// Findings must be ascending and disjoint; one that is not is passed over.
pub fn excise(page: &Page<'_>, findings: Vec<Finding>, whys: &mut Whys) -> Edits<Mark> {
    let text = page.text;
    let mut edits = Edits::new();
    let mut run = Run {
        text,
        begin: 0,
        cores: Vec::new(),
    };
    let mut at = 0;
    for finding in findings {
        let span = finding.span;
        if span.start < at || span.is_empty() || text.get(span.start..span.end).is_none() {
            continue;
        }
        if let Some(kept) = kept(text, Span::new(at, span.start)) {
            run.close(Some(kept.start), &mut edits);
            run.begin = kept.end;
        }
        // The white space at a finding's ends belongs to the gaps.
        let found = span.of(text);
        let lead = found.len() - found.trim_start().len();
        let core = Span::new(span.start + lead, span.start + lead + found.trim().len());
        if !core.is_empty() {
            run.cores.push((core, whys.mark(finding.why)));
        }
        at = span.end;
    }
    let kept = kept(text, Span::new(at, text.len()));
    run.close(kept.map(|kept| kept.start), &mut edits);
    edits
}

/// Returns what stays between two findings, white space trimmed, if there is anything.
fn kept(text: &str, span: Span) -> Option<Span> {
    let part = span.of(text);
    let trimmed = part.trim();
    let start = span.start + part.len() - part.trim_start().len();
    (!trimmed.is_empty()).then(|| Span::new(start, start + trimmed.len()))
}

/// Stretches that go, one after the other, with nothing but white space between them.
struct Run<'p> {
    text: &'p str,
    /// Where what stays before them ends; 0 if nothing does.
    begin: usize,
    cores: Vec<(Span, Mark)>,
}

/// Which gap stays, and which part of it.
type Staying = Option<(usize, Span)>;

impl Run<'_> {
    /// Writes the edits of the run, before what stays from `next` on, and empties it.
    fn close(&mut self, next: Option<usize>, edits: &mut Edits<Mark>) {
        let stays = self.staying(next);
        for (index, gap) in self.gaps(next).enumerate() {
            close(gap, stays, index, edits);
            if let Some((core, mark)) = self.cores.get(index) {
                edits.push(*core, "", *mark);
            }
        }
        self.cores.clear();
    }

    /// Iterates the white space before, between and behind them; of no run there is none.
    fn gaps(&self, next: Option<usize>) -> impl Iterator<Item = Span> {
        let starts = self.cores.iter().map(|(core, _)| core.start);
        let ends = self.cores.iter().map(|(core, _)| core.end);
        let last = next.unwrap_or(self.text.len());
        let begins = std::iter::once(self.begin).chain(ends);
        begins
            .zip(starts.chain([last]))
            .filter(|_| !self.cores.is_empty())
            .map(|(start, end)| Span::new(start, end))
    }

    fn staying(&self, next: Option<usize>) -> Staying {
        let first = self.gaps(next).next()?;
        let last = (self.cores.len(), self.gaps(next).last()?);
        match (self.begin > 0, next.is_some()) {
            (true, true) => {
                let (mut best, mut most) = ((0, first), 0);
                for (index, gap) in self.gaps(next).enumerate() {
                    let breaks = breaks(gap.of(self.text));
                    if breaks > most {
                        (best, most) = ((index, gap), breaks);
                    }
                }
                // A cut inside a line leaves no more than one space between its neighbours.
                if most == 0 {
                    let mut gaps = self.gaps(next).enumerate();
                    best = gaps.find(|(_, gap)| !gap.is_empty()).unwrap_or(best);
                }
                Some(best)
            }
            // The text starts where it started and ends with a line break if it did.
            (false, true) => Some((0, first)),
            (true, false) => {
                let (last, gap) = last;
                let feed = gap.of(self.text).find('\n')?;
                let start = gap.start + feed;
                Some((last, Span::new(start, start + 1)))
            }
            (false, false) => None,
        }
    }
}

fn breaks(gap: &str) -> usize {
    gap.bytes().filter(|byte| *byte == b'\n').count()
}

fn close(gap: Span, stays: Staying, index: usize, edits: &mut Edits<Mark>) {
    let mut cut = |span: Span| {
        if !span.is_empty() {
            edits.push(span, "", Mark::Gap);
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
    use std::sync::Arc;

    fn check(text: &str, remove: &[&str], expected: &str) {
        let page = Page::new(text, None);
        let mut findings = Vec::new();
        let mut at = 0;
        for part in remove {
            let start = at + text[at..].find(part).unwrap();
            at = start + part.len();
            findings.push(Finding {
                span: Span::new(start, at),
                why: Arc::new(Why {
                    rule: "test".into(),
                    kind: Kind::Other,
                    evidence: String::new(),
                    score: None,
                }),
            });
        }
        let edits = excise(&page, findings, &mut Whys::default());
        assert_eq!(edits.apply(text), expected, "{text:?} without {remove:?}");
        let removed: Vec<&str> = edits
            .iter()
            .filter(|edit| matches!(edit.tag, Mark::Removed(_)))
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
