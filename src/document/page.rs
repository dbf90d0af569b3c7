//! A document as the desks read it: lines with their places.

use super::Span;

/// One line of a text, without its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where the line stands in the page's text: all of it but the line feed.
    pub span: Span,
    /// The line's bytes, outer white space trimmed.
    pub text: &'a str,
}

/// A text split into lines, with the title its record carries.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The text the spans are of.
    pub text: &'a str,
    /// The title field, where the record has one.
    pub title: Option<&'a str>,
    /// Every line that is not blank, in order.
    pub lines: Vec<Line<'a>>,
}

impl<'a> Page<'a> {
    /// Splits `text` at line feeds; blank lines get no entry.
    pub fn new(text: &'a str, title: Option<&'a str>) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        let feeds = memchr::memchr_iter(b'\n', text.as_bytes());
        for end in feeds.chain([text.len()]) {
            let raw = Span::new(start, end).of(text);
            let trimmed = raw.trim();
            if !trimmed.is_empty() {
                lines.push(Line {
                    span: Span::new(start, end),
                    text: trimmed,
                });
            }
            start = end + 1;
        }
        let title = title.map(str::trim).filter(|title| !title.is_empty());
        Self { text, title, lines }
    }
}
