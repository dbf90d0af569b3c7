//! What the learner keeps of one document.

use super::site_of;
use crate::boilerplate::shape::{Ending, Shape};
use crate::document::Document;
use crate::text::fold::fold_into;
use crate::text::hash;

/// Lines kept of a document's beginning.
const FIRST: usize = 40;
/// Lines kept of its end.
const LAST: usize = 120;
/// Longest line, folded, that is kept word for word.
const LONGEST: usize = 600;

/// A document's first and last lines, folded, and what they look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    pub(super) site: String,
    /// The hash of text and title: what samples are drawn by.
    pub(super) draw: u64,
    pub(super) lines: Vec<SketchLine>,
    text: String,
}

/// One line of a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SketchLine {
    /// The hash of the folded line.
    pub(super) hash: u64,
    start: u32,
    end: u32,
    /// Its width, 65,535 at most.
    pub(super) width: u16,
    /// Whether it ends as a sentence does.
    pub(super) stops: bool,
    /// Whether it says what the title says.
    pub(super) titles: bool,
}

impl Sketch {
    /// Returns the site and the draw of a document, which tell whether its sketch is wanted;
    /// `None` where the document has no site.
    pub fn draw(document: &Document<'_>) -> Option<(String, u64)> {
        let title = hash::word(document.title.unwrap_or_default().as_bytes());
        let text = hash::word(document.text.as_bytes());
        Some((site_of(document)?, hash::shingle(&[text, title])))
    }

    /// Returns the sketch of a document of that site and draw.
    pub fn new((site, draw): (String, u64), document: &Document<'_>) -> Self {
        let lines: Vec<&str> = document
            .text
            .split('\n')
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let (mut folded, mut title) = (String::new(), String::new());
        fold_into(document.title.unwrap_or_default(), &mut title);
        let mut text = String::new();
        let resumes = lines.len().saturating_sub(LAST);
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at < FIRST || *at >= resumes)
            .map(|(_, line)| {
                fold_into(line, &mut folded);
                let shape = Shape::of(line);
                let start = text.len();
                if folded.len() <= LONGEST {
                    text.push_str(&folded);
                }
                SketchLine {
                    hash: hash::word(folded.as_bytes()),
                    start: u32::try_from(start).unwrap_or(u32::MAX),
                    end: u32::try_from(text.len()).unwrap_or(u32::MAX),
                    width: u16::try_from(shape.width).unwrap_or(u16::MAX),
                    stops: shape.ending == Ending::Stop,
                    titles: folded == title,
                }
            })
            .collect();
        Self {
            site,
            draw,
            lines: kept,
            text,
        }
    }

    /// Returns the folded text of a line; `""` where it was too long to keep.
    pub(super) fn text(&self, line: &SketchLine) -> &str {
        self.text
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default()
    }
}
