//! What a threshold costs and gains, and which ones are chosen.

use super::LabelledPage;
use super::Thresholds;
use super::pages::{Laid, Style};
use crate::boilerplate::model::{Figures, LineModel};
use crate::boilerplate::{SENTENCE, VETO};
use crate::document::Document;
use crate::pipeline::Cleaner;
use crate::settings::{Level, Settings};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The share of content, by characters, that may go on articles at `standard` in the first round
/// and without the guards: what lists and texts without a body get back makes it less than the
/// tenth of a per cent the level promises.
const STANDARD_LOSS: f64 = 0.001_1;
/// The same at `aggressive`. From a loss of 0.4 to one of 1.0 per cent F1 moves by half a point.
const AGGRESSIVE_LOSS: f64 = 0.006;

/// What thresholds cost and gain on one style, on out-of-fold scores of one round.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The style's name.
    pub style: &'static str,
    /// Threshold and what it gives; a line that a rule takes counts as gone.
    pub points: Vec<(i32, Figures)>,
}

/// Returns the thresholds and the curves.
pub(super) fn calibrate(laid: &Laid, scores: &[i32]) -> (Thresholds, Vec<Curve>) {
    let steps: Vec<i32> = (-8..56).map(|step| step * 160).collect();
    let curves: Vec<Curve> = Style::ALL
        .into_iter()
        .map(|style| Curve {
            style: style.name(),
            points: steps
                .iter()
                .map(|&threshold| (threshold, figures(laid, scores, style, threshold, true)))
                .collect(),
        })
        .collect();
    let least = |loss: f64, whole: bool| {
        steps
            .iter()
            .copied()
            .find(|&step| figures(laid, scores, Style::Article, step, whole).content_loss <= loss)
            .unwrap_or(i32::MAX)
    };
    let thresholds = Thresholds {
        standard: least(STANDARD_LOSS, false),
        aggressive: least(AGGRESSIVE_LOSS, true),
    };
    (thresholds, curves)
}

/// Returns what a threshold gives; `whole` says whether a sentence goes as easily as any line.
fn figures(laid: &Laid, scores: &[i32], style: Style, threshold: i32, whole: bool) -> Figures {
    let mut counts = Counts::default();
    for part in laid
        .parts
        .iter()
        .filter(|part| part.style == style && !part.reduced)
    {
        let (mut content, mut lost) = (0.0, 0.0);
        for (row, score) in (part.from..).zip(&scores[part.from..part.to]) {
            let gone = if laid.marked[row] {
                *score >= VETO
            } else {
                {
                    let sentence = !whole && laid.sentence(row);
                    *score >= threshold + if sentence { SENTENCE } else { 0 }
                }
            };
            let chars = f64::from(laid.chars[row]);
            match laid.labels[row] {
                Some(true) => counts.furniture(chars, gone),
                Some(false) => {
                    content += chars;
                    lost += if gone { chars } else { 0.0 };
                }
                None => {}
            }
        }
        counts.page(content, lost);
    }
    counts.figures()
}

/// Sums on the way to [`Figures`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    furniture: [f64; 2],
    gone: [f64; 2],
    content: f64,
    lost: f64,
    pages: f64,
    hurt: f64,
}

impl Counts {
    /// Counts a line of furniture.
    pub(super) fn furniture(&mut self, chars: f64, gone: bool) {
        self.furniture[0] += 1.0;
        self.furniture[1] += chars;
        if gone {
            self.gone[0] += 1.0;
            self.gone[1] += chars;
        }
    }

    /// Counts a page's content.
    pub(super) fn page(&mut self, content: f64, lost: f64) {
        self.content += content;
        self.lost += lost;
        if content > 0.0 {
            self.pages += 1.0;
            self.hurt += if lost > 0.1 * content { 1.0 } else { 0.0 };
        }
    }

    /// Returns the figures.
    pub(super) fn figures(&self) -> Figures {
        // Six digits are enough, and read back as they were written.
        let share = |part: f64, whole: f64| {
            if whole > 0.0 {
                (part / whole * 1e6).round() / 1e6
            } else {
                0.0
            }
        };
        let recall = share(self.gone[1], self.furniture[1]);
        let precision = share(self.gone[1], self.gone[1] + self.lost);
        Figures {
            boilerplate_lines: share(self.gone[0], self.furniture[0]),
            boilerplate_chars: recall,
            f1_chars: share(2.0 * precision * recall, precision + recall),
            content_loss: share(self.lost, self.content),
            hurt: share(self.hurt, self.pages),
        }
    }
}

/// Cleans every page by the whole desk and the model that has not seen its site, until nothing
/// more is found, and returns the figures by level and style, as `standard article`.
pub(super) fn whole_desk(
    pages: &[LabelledPage],
    models: &[Arc<LineModel>],
    fold_of: &[usize],
) -> BTreeMap<String, Figures> {
    let mut out = BTreeMap::new();
    for (name, level) in [
        ("standard", Level::Standard),
        ("aggressive", Level::Aggressive),
    ] {
        let mut settings = Settings::default();
        settings.boilerplate.level = level;
        let cleaners: Vec<Cleaner> = models
            .iter()
            .map(|model| Cleaner::with_model(&settings, Some(model.clone())))
            .collect();
        // Every line: label, characters, whether it is gone; pages stay in order.
        let lines: Vec<Vec<(char, f64, bool)>> = pages
            .par_iter()
            .zip(fold_of)
            .map(|(page, fold)| {
                cleaners
                    .get(*fold)
                    .map_or_else(Vec::new, |it| fate(page, it))
            })
            .collect();
        let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
        for (page, lines) in pages.iter().zip(lines) {
            let counts = counts.entry(&page.style).or_default();
            let (mut content, mut lost) = (0.0, 0.0);
            for (label, chars, gone) in lines {
                match label {
                    'b' => counts.furniture(chars, gone),
                    'c' => {
                        content += chars;
                        lost += if gone { chars } else { 0.0 };
                    }
                    _ => {}
                }
            }
            counts.page(content, lost);
        }
        for (style, counts) in counts {
            out.insert(format!("{name} {style}"), counts.figures());
        }
    }
    out
}

/// Returns every line's label and characters, and whether the cleaner takes all of it.
fn fate(page: &LabelledPage, cleaner: &Cleaner) -> Vec<(char, f64, bool)> {
    let document = Document {
        text: &page.text,
        title: page.title.as_deref(),
        ..Document::default()
    };
    let cleaned = cleaner.clean(&document);
    let mut gone = cleaned.removals().map(|removal| removal.span).peekable();
    let mut start = 0;
    let mut out = Vec::new();
    for (line, label) in page.text.split('\n').zip(page.labels.chars()) {
        let text = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        let to = from + text.len();
        start += line.len() + 1;
        if text.is_empty() {
            continue;
        }
        while gone.next_if(|span| span.end < to).is_some() {}
        let whole = gone.peek().is_some_and(|span| span.start <= from);
        out.push((label, text.chars().count() as f64, whole));
    }
    out
}
