//! The line model: how likely a line is furniture.
//!
//! Phrases and places tell two fifths of the lines a page prints around an article;
//! navigation words, teasers and titles of other stories are told by what they
//! say, how they look and what stands around them, all at once. The model asks
//! in three steps. Words (`text_score`) give each line a score, which alone
//! would be wrong often. Trees (`trees`) weigh that score with the line's looks,
//! its place against the body's long sentences, its neighbours' scores and the
//! phrases and rules around (`features`). A second, small forest looks at the
//! first one's answers for the lines around and smooths them.
//!
//! The answer is a raw score, a whole number: the same on every machine. Where
//! few of the words around a line are known from training (another language,
//! another script), the model has no opinion.
//!
//! The shipped model is made by `copydesk train`; [`LineModel::about`] says
//! from what, and how well it does on sites it has not seen.

mod dates;
pub(crate) mod features;
mod file;
#[cfg(test)]
mod tests;
pub(crate) mod text_score;
pub(crate) mod trees;

pub use file::{About, BadModel, Figures, Thresholds, share};

use super::Catalogue;
use super::decide;
use super::evidence::Reading;
use crate::document::{Finding, Page};
use crate::settings::{BoilerplateSettings, Level};
pub(crate) use features::Brief;
use features::{FEATURES, Sheet};
use std::sync::{Arc, LazyLock};
use text_score::TextScore;
use trees::{Forest, Trees, Wide, wide};

/// How many lines before and after a line the second forest listens to.
const AROUND: usize = 6;
/// How many features the second forest has.
pub(crate) const SECOND: usize = 2 * AROUND + 1 + 12;
/// Of the words around a line, at least this share must be known for the model to say anything.
const KNOWN: (i32, i32) = (60, 100);
/// A line whose words say less than this, in words' units, and whose neighbours' say less than half
/// of it, is plain content.
const PLAIN: i32 = -256;
/// How many lines walk through a forest together: a line's features take half a kilobyte, and all
/// of them stay in a near cache.
const TOGETHER: usize = 256;
/// A score that says "certainly not", for lines nobody asks about.
const QUIET: i32 = -6 * 1024;

/// A trained line model.
#[derive(Clone, Debug)]
pub struct LineModel {
    about: About,
    text: TextScore,
    first: Trees,
    second: Trees,
    /// The same forests as they are asked.
    asked: [Forest; 2],
}

impl LineModel {
    /// Returns the model that ships with the program.
    ///
    /// There is one unless the program was built with a damaged file, which a
    /// test would see.
    pub fn shipped() -> Option<Arc<Self>> {
        static SHIPPED: LazyLock<Option<Arc<LineModel>>> = LazyLock::new(|| {
            LineModel::load(include_bytes!("line-model.bin"))
                .ok()
                .map(Arc::new)
        });
        SHIPPED.clone()
    }

    /// Reads a model from the bytes that [`save`](Self::save) made.
    ///
    /// # Errors
    ///
    /// If the bytes are no model, one of another version, or damaged.
    pub fn load(bytes: &[u8]) -> Result<Self, BadModel> {
        file::read(bytes)
    }

    /// Returns the model as bytes.
    pub fn save(&self) -> Vec<u8> {
        file::write(self)
    }

    /// Returns what the model was trained on, its thresholds and its figures.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Returns the raw score of every line of `page`; above 0 is more likely furniture than not.
    ///
    /// 1,024 is a logit of 1. Lines that `taken` covers, and lines with too few
    /// known words around, have none.
    pub fn scores(
        &self,
        page: &Page<'_>,
        taken: &[Finding],
        catalogue: &Catalogue,
    ) -> Vec<Option<f32>> {
        let reading = Reading::new(page, taken, &catalogue.matcher, None, None);
        let marked = marks(&reading);
        let sheet = Sheet::new(&reading, |line| marked[line], page.title);
        let mut out = vec![None; reading.lines.len()];
        for (at, score, known) in self.ask(
            sheet,
            &Question {
                floor: i32::MIN,
                bold: true,
            },
            |_, _| true,
        ) {
            if known && let Some(slot) = out.get_mut(at) {
                *slot = Some(score as f32);
            }
        }
        out
    }

    /// Returns, for the lines that `doubt` picks: the line of the reading, the raw score, and
    /// whether enough of the words around are known.
    pub(super) fn ask(
        &self,
        mut sheet: Sheet<'_, '_>,
        question: &Question,
        doubt: impl Fn(&Sheet<'_, '_>, usize) -> bool,
    ) -> Vec<(usize, i32, bool)> {
        let count = sheet.len();
        let doubted: Vec<bool> = (0..count).map(|at| doubt(&sheet, at)).collect();
        if !doubted.contains(&true) {
            return Vec::new();
        }
        let heard = self.text.hear((0..count).map(|at| sheet.text(at)));
        sheet.hear(heard);
        let [first_forest, second_forest] = &self.asked;
        let known = |sheet: &Sheet<'_, '_>, at: usize| {
            let (known, words) = sheet.known(at);
            known * KNOWN.1 >= words * KNOWN.0
        };
        let mut first = vec![None; count];
        let score = |picked: &[usize], first: &mut [Option<i32>]| {
            for some in picked.chunks(TOGETHER) {
                let rows: Vec<Wide> = some.iter().map(|&at| wide(&sheet.row(at))).collect();
                for (&at, score) in some.iter().zip(first_forest.scores(&rows)) {
                    first[at] = Some(score);
                }
            }
        };
        let mut picked = Vec::new();
        for at in (0..count).filter(|at| doubted[*at]) {
            let plain = sheet.said(at) < PLAIN && sheet.near_said(at) < PLAIN / 2;
            if !question.bold && !sheet.marked(at) && (plain || !known(&sheet, at)) {
                first[at] = Some(QUIET);
            } else {
                picked.push(at);
            }
        }
        score(&picked, &mut first);
        picked.retain(|&at| first[at].is_some_and(|score| score >= question.floor));
        let mut open = vec![false; count];
        for &at in &picked {
            open[at] = true;
        }
        let asked = around(&open, AROUND);
        let silent: Vec<usize> = (0..count)
            .filter(|&at| asked[at] && first[at].is_none())
            .collect();
        score(&silent, &mut first);
        let mut scores: Vec<i32> = first
            .into_iter()
            .map(|score| score.unwrap_or(QUIET))
            .collect();
        // What the second forest is told are the first one's answers alone.
        let first = scores.clone();
        for some in picked.chunks(TOGETHER) {
            let rows: Vec<Wide> = some
                .iter()
                .map(|&at| wide(&second_row(&first, at, sheet.brief(at))))
                .collect();
            for (&at, score) in some.iter().zip(second_forest.scores(&rows)) {
                scores[at] = score;
            }
        }
        (0..count)
            .filter(|at| doubted[*at])
            .map(|at| (sheet.line(at), scores[at], known(&sheet, at)))
            .collect()
    }

    /// Puts a model together.
    pub(crate) fn new(about: About, text: TextScore, first: Trees, second: Trees) -> Self {
        let asked = [Forest::of(&first), Forest::of(&second)];
        Self {
            about,
            text,
            first,
            second,
            asked,
        }
    }

    /// Returns the same model with another story.
    pub(crate) fn with_about(mut self, about: About) -> Self {
        self.about = about;
        self
    }
}

/// How the model is asked.
pub(super) struct Question {
    /// A line of which the first forest says less is not asked about again.
    pub(super) floor: i32,
    /// Whether also lines are asked about whose words are plain content or not known.
    pub(super) bold: bool,
}

/// Returns which lines the rules take at the level that the model is trained with.
pub(super) fn marks(reading: &Reading<'_>) -> Vec<bool> {
    let settings = BoilerplateSettings {
        level: Level::Standard,
        ..BoilerplateSettings::default()
    };
    marked_by(reading, &decide::decide(reading, &settings))
}

/// Returns which lines `findings` take whole.
pub(super) fn marked_by(reading: &Reading<'_>, findings: &[Finding]) -> Vec<bool> {
    let mut findings = findings.iter().peekable();
    reading
        .lines
        .iter()
        .map(|seen| {
            while findings
                .next_if(|finding| finding.span.end <= seen.span.start)
                .is_some()
            {}
            findings.peek().is_some_and(|finding| {
                finding.span.start <= seen.span.start && seen.span.end <= finding.span.end
            })
        })
        .collect()
}

/// Returns which places have a picked one at most `reach` away.
fn around(picked: &[bool], reach: usize) -> Vec<bool> {
    let mut out = vec![false; picked.len()];
    for (at, _) in picked.iter().enumerate().filter(|(_, picked)| **picked) {
        let to = (at + reach + 1).min(picked.len());
        out[at.saturating_sub(reach)..to].fill(true);
    }
    out
}

/// Returns what the second forest is told about a line.
pub(crate) fn second_row(first: &[i32], at: usize, brief: Brief) -> [f32; SECOND] {
    let mut row = [0.0; SECOND];
    let value = |at: Option<usize>| at.and_then(|at| first.get(at)).copied();
    let capped = |score: i32| score.clamp(QUIET, -QUIET);
    let mut slots = row.iter_mut();
    let mut add = |value: f32| {
        if let Some(slot) = slots.next() {
            *slot = value;
        }
    };
    add(value(Some(at)).map_or(0.0, |score| score as f32));
    let (mut sum, mut count) = ([0; 2], [0; 2]);
    let mut near = 0;
    for step in 1..=AROUND {
        for (side, other) in [at.checked_sub(step), Some(at + step)]
            .into_iter()
            .enumerate()
        {
            let score = value(other).map(capped);
            add(score.map_or(-20_000.0, |score| score as f32));
            if let Some(score) = score {
                sum[side] += score;
                count[side] += 1;
                near += if step <= 2 { score } else { 0 };
            }
        }
    }
    let mean = |sum: i32, count: i32| sum as f32 / count.max(1) as f32;
    add(mean(sum[0], count[0]));
    add(mean(sum[1], count[1]));
    add(mean(sum[0] + sum[1], count[0] + count[1]));
    add(near as f32);
    brief.into_iter().for_each(add);
    row
}

/// A page laid out for training: tokens to learn from and rows to fill.
pub(crate) fn with_sheet<T>(
    page: &Page<'_>,
    taken: &[Finding],
    work: impl FnOnce(Sheet<'_, '_>) -> T,
) -> T {
    let reading = Reading::new(page, taken, &Catalogue::shipped().matcher, None, None);
    let marked = marks(&reading);
    work(Sheet::new(&reading, |line| marked[line], page.title))
}

/// A row of the first forest.
pub(crate) type FirstRow = [f32; FEATURES];
