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
        let most = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        let mut lines = Vec::with_capacity(most);
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

    /// Returns the line in which byte `at` of the text stands; none has the bytes of blank lines.
    pub fn line_at(&self, at: usize) -> Option<&Line<'a>> {
        let after = self.lines.partition_point(|line| line.span.start <= at);
        let line = self.lines.get(after.checked_sub(1)?)?;
        (at <= line.span.end).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_byte_stands_in_the_line_whose_span_has_it(text in "[ab \n]{0,40}") {
            let page = Page::new(&text, None);
            for at in 0..=text.len() {
                let has = |line: &&Line<'_>| line.span.start <= at && at <= line.span.end;
                prop_assert_eq!(page.line_at(at), page.lines.iter().find(has));
            }
        }
    }
}
