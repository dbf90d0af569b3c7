//! The lines of a cleaned document, each with its fate: what `explain` shows.
//!
//! Edits of the original text are laid over its lines. A line is what stands
//! between two line breaks of the original, or of what became a line break.

use super::cause::{Cause, Mark};
use super::cleaner::Cleaned;
use crate::document::{Edit, Span};
use crate::normalise::Mend;
use std::borrow::Cow;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands as it stood.
    Kept,
    /// Part of it was mended or taken out.
    Mended,
    /// It was taken out.
    Removed,
    /// A blank line that was closed up.
    Closed,
}

impl Fate {
    /// Returns the name used in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Mended => "mended",
            Self::Removed => "removed",
            Self::Closed => "closed",
        }
    }
}

/// One line of the original.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanedLine<'c> {
    /// Its number, from 1.
    pub number: usize,
    /// Its place in the original text, without the line break.
    pub span: Span,
    /// The line as it was.
    pub before: &'c str,
    /// The line as it is now; empty where it went.
    pub after: Cow<'c, str>,
    /// What became of it.
    pub fate: Fate,
    /// What was done to it, in the order of the text; line breaks and closed gaps are left out.
    pub changes: Vec<Change<'c>>,
}

/// One edit, or the part of it that lies in a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change<'c> {
    /// Its place in the original text.
    pub span: Span,
    /// What stood there.
    pub before: &'c str,
    /// What stands there now.
    pub after: &'c str,
    /// Who did it and why.
    pub cause: Cause<'c>,
}

impl Cleaned<'_> {
    /// Returns the lines of the original with what became of each.
    ///
    /// The lines that are kept or mended, blank ones and outer white space
    /// aside, are the lines of the cleaned text: the indent of a line that went
    /// may stand before the next one.
    pub fn lines(&self) -> Vec<CleanedLine<'_>> {
        let mut walk = Walk {
            original: self.original,
            start: 0,
            pieces: Vec::new(),
            changes: Vec::new(),
            out: Vec::new(),
        };
        let mut at = 0;
        for edit in self.edits.iter() {
            walk.kept(Span::new(at, edit.span.start));
            walk.edit(edit, self.cause(&edit));
            at = edit.span.end;
        }
        let end = self.original.len();
        walk.kept(Span::new(at, end));
        if walk.start < end || !walk.pieces.is_empty() || !walk.changes.is_empty() {
            walk.end(Span::new(end, end), Break::Stays);
        }
        walk.out
    }
}

/// Whether a line's break is still there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    Stays,
    Gone,
}

struct Walk<'c> {
    original: &'c str,
    /// Where the line began.
    start: usize,
    /// What is left of the line so far.
    pieces: Vec<&'c str>,
    changes: Vec<Change<'c>>,
    out: Vec<CleanedLine<'c>>,
}

impl<'c> Walk<'c> {
    /// Passes over text that stays.
    fn kept(&mut self, span: Span) {
        let mut from = span.start;
        let text = span.of(self.original);
        for (at, _) in text.match_indices('\n') {
            let feed = span.start + at;
            self.piece(Span::new(from, feed).of(self.original));
            self.end(Span::new(feed, feed + 1), Break::Stays);
            from = feed + 1;
        }
        self.piece(Span::new(from, span.end).of(self.original));
    }

    fn piece(&mut self, text: &'c str) {
        if !text.is_empty() {
            self.pieces.push(text);
        }
    }

    /// Lays an edit over the line, or over the lines that it reaches into.
    fn edit(&mut self, edit: Edit<'c, Mark>, cause: Cause<'c>) {
        let whole = edit.span.of(self.original);
        let feed_follows = self.original[edit.span.end..].starts_with('\n');
        let mut old = parts(whole, feed_follows).peekable();
        let mut new = edit.replacement.split('\n').peekable();
        loop {
            let (text, after) = (old.next(), new.next());
            if text.is_none() && after.is_none() {
                break;
            }
            let place = match text {
                Some(part) => Span::new(edit.span.start + part.start, edit.span.start + part.end),
                None => Span::new(edit.span.end, edit.span.end),
            };
            let after = after.unwrap_or_default();
            let before = place.of(self.original);
            self.piece(after);
            if !before.is_empty() || !after.is_empty() {
                self.change(Change {
                    span: place,
                    before,
                    after,
                    cause,
                });
            }
            // The line ends where a break stood, or stands now.
            let (more_old, more_new) = (old.peek(), new.peek().is_some());
            if let Some(next) = more_old {
                let feed = Span::new(place.end, edit.span.start + next.start);
                let stays = if more_new { Break::Stays } else { Break::Gone };
                self.end(feed, stays);
            } else if more_new {
                self.end(Span::new(place.end, place.end), Break::Stays);
            }
        }
    }

    fn change(&mut self, change: Change<'c>) {
        let silent = match change.cause {
            Cause::Gap => true,
            Cause::Mended(Mend::LineBreaks | Mend::BlankLines) => {
                change.before.trim().is_empty() && change.after.is_empty()
            }
            _ => false,
        };
        if !silent {
            self.changes.push(change);
        }
    }

    /// Ends the line before the line break at `feed`.
    fn end(&mut self, feed: Span, line_break: Break) {
        let before = Span::new(self.start, feed.start).of(self.original);
        // A carriage return before a line feed is part of the break.
        let before = before.strip_suffix('\r').unwrap_or(before);
        let span = Span::new(self.start, self.start + before.len());
        let pieces = std::mem::take(&mut self.pieces);
        let after = match pieces[..] {
            [] => Cow::Borrowed(""),
            [one] => Cow::Borrowed(one),
            _ => Cow::Owned(pieces.concat()),
        };
        let changes = std::mem::take(&mut self.changes);
        let removed = changes
            .iter()
            .any(|change| matches!(change.cause, Cause::Removed(_)));
        let gone = after.trim().is_empty();
        let fate = if gone && removed {
            Fate::Removed
        } else if gone && before.trim().is_empty() && line_break == Break::Gone {
            Fate::Closed
        } else if !changes.is_empty() {
            Fate::Mended
        } else {
            Fate::Kept
        };
        self.out.push(CleanedLine {
            number: self.out.len() + 1,
            span,
            before,
            after,
            fate,
            changes,
        });
        self.start = feed.end;
    }
}

/// Splits what an edit replaces at its line breaks of any system; `feed_follows` tells whether a
/// line feed stands behind it, which a carriage return at its end is part of.
fn parts(text: &str, feed_follows: bool) -> impl Iterator<Item = Span> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, part)) = chars.next() {
        let width = match part {
            '\r' if chars.peek().is_some_and(|(_, next)| *next == '\n') => {
                chars.next();
                2
            }
            '\r' if feed_follows && chars.peek().is_none() => continue,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => part.len_utf8(),
            _ => continue,
        };
        out.push(Span::new(start, at));
        start = at + width;
    }
    out.push(Span::new(start, text.len()));
    out.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::pipeline::Cleaner;
    use crate::settings::Settings;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[(Fate, &str)]) {
        let cleaner = Cleaner::new(&Settings::default());
        let cleaned = cleaner.clean(&Document {
            text,
            ..Default::default()
        });
        let lines = cleaned.lines();
        let got: Vec<(Fate, &str)> = lines
            .iter()
            .map(|line| {
                let shown = if line.fate == Fate::Removed {
                    line.before
                } else {
                    &line.after
                };
                (line.fate, shown)
            })
            .collect();
        assert_eq!(got, expected, "{lines:#?}");
    }

    #[test]
    fn every_line_has_its_fate() {
        use Fate::{Closed, Kept, Mended, Removed};
        let body =
            "The old ferry crossed the lake again on Sunday after nine years in the boatyard.";
        let dirty = body.replace("crossed the", "crossed&nbsp;the");
        check(
            &format!("Ferry\r\n\r\n\r\n{dirty}\r\n\r\nLeave a Reply Cancel reply\r\n"),
            &[
                (Kept, "Ferry"),
                (Kept, ""),
                (Closed, ""),
                (Mended, body),
                (Closed, ""),
                (Removed, "Leave a Reply Cancel reply"),
            ],
        );
        // The indent of the line that went stays in the gap; the lines are told apart all the same.
        check(
            &format!("Ferry returns\n Ferry returns\n{body}"),
            &[
                (Kept, "Ferry returns"),
                (Removed, " Ferry returns"),
                (Kept, body),
            ],
        );
        check("", &[]);
        check("a", &[(Kept, "a")]);
        check("a\rb\u{2028}c", &[(Kept, "a"), (Kept, "b"), (Kept, "c")]);
    }

    proptest! {
        #[test]
        fn what_is_not_removed_is_the_cleaned_text(parts in prop::collection::vec(0usize..16, 0..24)) {
            let pieces = [
                "\n", "\n\n", "\r\n", "\r", "\u{2028}", " ", "\u{a0}", "&amp;", "\u{200b}", "don\u{e2}\u{20ac}\u{2122}t",
                "Ferry returns", "\nLeave a Reply\n", "\nShare this:\n", "\nOur Correspondent\n", "&#10;",
                "\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\n",
            ];
            let text: String = parts.iter().map(|at| pieces[*at]).collect();
            let cleaner = Cleaner::new(&Settings::default());
            let cleaned = cleaner.clean(&Document { text: &text, ..Default::default() });
            let lines = cleaned.lines();
            let left: Vec<&str> = lines.iter().map(|line| line.after.trim()).filter(|line| !line.is_empty()).collect();
            let now: Vec<&str> = cleaned.text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(left, now);
            for pair in lines.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
        }
    }
}
