//! What a threshold costs and gains, and which ones are chosen.

use super::pages::{Laid, Style};
use super::Thresholds;
use crate::boilerplate::model::Figures;

/// The share of content, by characters, that the model may take at `standard` on articles,
/// beyond what the rules take: half of what the level promises.
const STANDARD_LOSS: f64 = 0.000_5;
/// The same at `aggressive`.
const AGGRESSIVE_LOSS: f64 = 0.007;

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
                .map(|&threshold| (threshold, figures(laid, scores, style, threshold)))
                .collect(),
        })
        .collect();
    let rules = figures(laid, scores, Style::Article, i32::MAX).content_loss;
    let least = |loss: f64| {
        let points = curves.first().map(|curve| &curve.points);
        points
            .into_iter()
            .flatten()
            .find(|(_, figures)| figures.content_loss - rules <= loss)
            .map_or(i32::MAX, |(threshold, _)| *threshold)
    };
    let thresholds = Thresholds {
        standard: least(STANDARD_LOSS),
        aggressive: least(AGGRESSIVE_LOSS),
    };
    (thresholds, curves)
}

fn figures(laid: &Laid, scores: &[i32], style: Style, threshold: i32) -> Figures {
    let mut counts = Counts::default();
    for part in laid.parts.iter().filter(|part| part.style == style && !part.reduced) {
        let (mut content, mut lost) = (0.0, 0.0);
        for row in part.from..part.to {
            let gone = laid.marked[row] || scores[row] >= threshold;
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
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
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
