//! Paragraphs that are wrapped at a fixed width, told by their lines being full: the first word of
//! the next line would have been too much for each.

use super::evidence::Seen;
use super::shape::Ending;
use std::ops::Range;

/// The widths at which text is wrapped.
const WIDTHS: Range<usize> = 40..121;

/// Returns the runs of two lines and more that are a wrapped paragraph each, or a stretch of one.
///
/// Half of their lines at least go on in the next: titles that stand under each other may be as
/// long by chance, but do not.
pub(super) fn paragraphs(lines: &[Seen<'_>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let mut end = filled(lines, start);
        // A line that was too short for its run, and whose sentence goes on, begins the next.
        if end - start > 1 && lines.get(end - 1..=end).is_some_and(goes_on) {
            end -= 1;
        }
        let pairs = lines.get(start..end).unwrap_or_default().windows(2);
        let joined = pairs.clone().filter(|pair| goes_on(pair)).count();
        if joined > 0 && joined * 2 >= pairs.len() {
            out.push(start..end);
            start = end;
        } else {
            // What was too short behind longer lines may begin a narrower paragraph.
            start = (end - 1).max(start + 1);
        }
    }
    out
}

/// Returns where the run of full lines that begins at `start` ends; its last line may be shorter.
fn filled(lines: &[Seen<'_>], start: usize) -> usize {
    let mut longest = 0;
    // How long the shortest line would be with the next one's first word, and where it stands.
    let (mut least, mut shortest) = (usize::MAX, start);
    let mut at = start;
    while let [line, next, ..] = lines.get(at..).unwrap_or_default() {
        let fits = WIDTHS.contains(&line.shape.width) && next.shape.width < WIDTHS.end;
        if next.apart || line.taken || next.taken || !fits {
            break;
        }
        let first = next.text.split(' ').next().unwrap_or_default();
        let fuller = line.shape.width + 1 + first.chars().count();
        if fuller <= least {
            (least, shortest) = (fuller, at);
        }
        longest = longest.max(line.shape.width).max(next.shape.width);
        if least <= longest {
            // There was room: the run ended there, though only a longer line shows it.
            return shortest + 1;
        }
        at += 1;
    }
    at + 1
}

/// Returns whether a sentence goes on from one line to the next, no blank line between them.
pub(super) fn goes_on(pair: &[Seen<'_>]) -> bool {
    match pair {
        [line, next] => {
            !next.apart
                && line.shape.ending == Ending::Open
                && next.text.starts_with(|c: char| c.is_lowercase())
        }
        _ => false,
    }
}
