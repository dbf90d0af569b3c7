//! The training room: a line model from labelled lines.
//!
//! Sites are dealt to folds, all pages of a site and all renderings of a page
//! to the same one. For every fold a model is trained on the other folds, and
//! everything that is measured, calibrated or handed on to the next stage comes
//! from the model that has not seen the page's site:
//!
//! 1. Words (`words`): weights by logistic regression, out of fold for each page.
//! 2. The first forest (`boost`) on features that hold those scores.
//! 3. The second forest on the first one's out-of-fold answers for the lines
//!    around.
//! 4. Thresholds from the second one's out-of-fold answers.
//! 5. The shipped model: the same on all pages.
//!
//! A page is learned twice: as it is, and once more with most of its furniture
//! gone, so that a line is judged in clean company too. Without that, cleaning
//! until nothing more is found would nibble at content.
//!
//! Nothing here draws a random number: the same pages in the same order give
//! the same bytes on the same machine, whatever the number of threads.

mod boost;
mod measure;
mod pages;
#[cfg(test)]
mod tests;
mod words;

pub use measure::Curve;

use crate::boilerplate::model::text_score::TextScore;
use crate::boilerplate::model::trees::{Stop, Trees, UNIT};
use crate::boilerplate::model::{About, FirstRow, LineModel, SECOND, Thresholds, second_row};
use crate::error::{Error, Result};
use boost::{Binned, Growth, Lesson, chance, grow};
use pages::Laid;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use words::Texts;

/// A page whose lines are labelled.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct LabelledPage {
    /// The page's name.
    pub id: String,
    /// What the renderings of one page share.
    #[serde(default)]
    pub key: String,
    /// The site.
    #[serde(default)]
    pub host: String,
    /// How the page was rendered; `article` counts most.
    #[serde(default)]
    pub style: String,
    /// The title field.
    #[serde(default)]
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// One character a line of `text.split('\n')`: `c` content, `b` boilerplate, else unsure.
    pub labels: String,
}

/// How a model is trained.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day, for the file's header.
    pub date: String,
    /// How many folds the sites are dealt to.
    pub folds: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            date: String::new(),
            folds: 5,
        }
    }
}

/// What training gives.
#[derive(Clone, Debug)]
pub struct TrainedModel {
    /// The model that was trained on every page.
    pub model: Arc<LineModel>,
    /// The model of every fold, trained on the pages of the others.
    pub folds: Vec<Arc<LineModel>>,
    /// By page, in the order they came: its fold.
    pub fold_of: Vec<usize>,
    /// What each threshold would cost and gain, by style, on out-of-fold scores.
    pub curves: Vec<Curve>,
}

/// How the first forest grows; sized by training time, other sizes were not compared.
const FIRST: Growth = Growth {
    trees: 440,
    leaves: 52,
    rate: 0.065,
    least: 20.0,
    ridge: 5.0,
    features: 100,
    rows: 120,
};

/// Where a line is let go before the last tree of the first forest: after how many trees, below
/// which sum, and from which. Of the lines that a dumped page asks about, four fifths end here; of
/// 10,000 that end above, 2 would have come out under the threshold of `standard` after all.
const STOPS: [(usize, i32, i32); 5] = [
    (FIRST.trees / 8, -3 * LOGIT / 2, 13 * LOGIT / 4),
    (FIRST.trees * 3 / 16, i32::MIN, 7 * LOGIT / 2),
    (FIRST.trees / 4, i32::MIN, 7 * LOGIT / 2),
    (FIRST.trees * 3 / 8, i32::MIN, 13 * LOGIT / 4),
    (FIRST.trees / 2, i32::MIN, 3 * LOGIT),
];
/// A logit of 1 in raw scores.
const LOGIT: i32 = UNIT as i32;
/// A stop of which fewer rows can tell what they are worth in the end is left out.
const LEAST_STOPPED: usize = 200;

/// How the second forest grows.
const AGAIN: Growth = Growth {
    trees: 100,
    leaves: 16,
    rate: 0.1,
    least: 30.0,
    ridge: 5.0,
    features: 200,
    rows: 110,
};

/// The most folds: a row notes its fold in a byte.
pub const MOST_FOLDS: usize = 255;

/// Trains a model.
///
/// Holds all pages and a hundred bytes a line in memory.
///
/// # Errors
///
/// If there are more folds than [`MOST_FOLDS`], if a page has another number of
/// labels than lines, or if there are fewer sites than folds.
pub fn train(
    records: impl Iterator<Item = LabelledPage>,
    options: &Options,
) -> Result<TrainedModel> {
    let folds = options.folds.max(2);
    if folds > MOST_FOLDS {
        return Err(Error::setting(
            "--folds",
            format!("{folds} folds were asked for; expected {MOST_FOLDS} at most"),
        ));
    }
    let mut digest = Sha256::new();
    let mut pages = Vec::new();
    for page in records {
        for part in [&page.id, &page.text, &page.labels] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        if page.labels.chars().count() != page.text.split('\n').count() {
            return Err(Error::input(
                page.id.clone(),
                format!(
                    "{} labels for {} lines; expected one a line",
                    page.labels.chars().count(),
                    page.text.split('\n').count()
                ),
            ));
        }
        pages.push(page);
    }
    let (fold_of, hosts) = pages::deal(&pages, folds);
    if hosts < folds {
        return Err(Error::input(
            "training set",
            format!("{hosts} sites cannot be dealt to {folds} folds; --folds asks for fewer"),
        ));
    }
    let prepared = pages::prepare(&pages, &fold_of);

    let texts = Texts::new(prepared.lines(), folds);
    let lessons: Vec<Option<usize>> = (0..folds).map(Some).chain([None]).collect();
    let tables: Vec<TextScore> = lessons
        .par_iter()
        .map(|left_out| texts.learn(&prepared.text_lesson(*left_out), *left_out))
        .collect();
    drop(texts);

    let laid = Laid::new(&prepared, &tables);
    let binned = Binned::new(&laid.rows);
    let laid = laid.without_rows();
    let mut first = forests(&lessons, &binned, &laid, FIRST);
    let stops = stops(&first, &binned, &laid);
    for trees in &mut first {
        trees.stops.clone_from(&stops);
    }
    let scores = out_of_fold(&first, &binned, &laid);
    let rows = laid.second_rows(&scores);
    let again = Binned::new(&rows);
    drop(rows);
    let second = forests(&lessons, &again, &laid, AGAIN);
    let scores = out_of_fold(&second, &again, &laid);

    let (thresholds, curves) = measure::calibrate(&laid, &scores);
    let about = About {
        date: options.date.clone(),
        training_set: hex(&digest.finalize()),
        pages: prepared.pages as u64,
        lines: prepared.labelled as u64,
        hosts: hosts as u64,
        thresholds,
        ..About::default()
    };
    let mut models: Vec<Arc<LineModel>> = tables
        .into_iter()
        .zip(first)
        .zip(second)
        .map(|((table, first), second)| {
            Arc::new(LineModel::new(about.clone(), table, first, second))
        })
        .collect();
    let model = models
        .pop()
        .ok_or_else(|| Error::input("training set", "is empty"))?;
    let about = About {
        figures: measure::whole_desk(&pages, &models, &fold_of),
        ..about
    };
    let model = LineModel::clone(&model).with_about(about);
    Ok(TrainedModel {
        model: Arc::new(model),
        folds: models,
        fold_of,
        curves,
    })
}

/// Grows the forest of every fold, and of all pages.
fn forests(lessons: &[Option<usize>], rows: &Binned, laid: &Laid, growth: Growth) -> Vec<Trees> {
    lessons
        .par_iter()
        .map(|left_out| {
            let chosen: Vec<u32> = (0..laid.labels.len())
                .filter(|&row| {
                    laid.labels[row].is_some()
                        && left_out.is_none_or(|out| usize::from(laid.folds[row]) != out)
                        && chance(row as u64, 0x00c0_ffee) < u64::from(laid.often[row])
                })
                .map(|row| row as u32)
                .collect();
            let labels: Vec<bool> = laid
                .labels
                .iter()
                .map(|label| *label == Some(true))
                .collect();
            grow(
                &Lesson {
                    rows,
                    chosen: &chosen,
                    labels: &labels,
                    weights: &laid.weights,
                },
                growth,
            )
        })
        .collect()
}

/// Returns the stops of the first forest, with what a line that ends at one is worth: by least
/// squares over the rows that come so far, each by the forest that has not seen its site.
fn stops(forests: &[Trees], rows: &Binned, laid: &Laid) -> Vec<Stop> {
    let counts = STOPS.map(|(after, ..)| after as u16);
    let sums: Vec<(Vec<i32>, i32)> = laid
        .folds
        .par_iter()
        .enumerate()
        .map(|(row, fold)| rows.sums(&forests[usize::from(*fold)], row, &counts))
        .collect();
    let mut open: Vec<usize> = (0..sums.len()).collect();
    let mut stops = Vec::new();
    for (at, (_, below, from)) in STOPS.into_iter().enumerate() {
        let ends = open.iter().map(|&row| (sums[row].0[at], sums[row].1));
        let ends: Vec<(f64, f64)> = ends
            .filter(|(sum, _)| *sum >= from)
            .map(|(sum, end)| (f64::from(sum - from), f64::from(end)))
            .collect();
        if ends.len() < LEAST_STOPPED {
            continue;
        }
        open.retain(|&row| (below..from).contains(&sums[row].0[at]));
        let count = ends.len() as f64;
        let (x, y) = ends
            .iter()
            .fold((0.0, 0.0), |(x, y), end| (x + end.0, y + end.1));
        let (x, y) = (x / count, y / count);
        let (mut both, mut square) = (0.0, 0.0);
        for end in &ends {
            both += (end.0 - x) * (end.1 - y);
            square += (end.0 - x) * (end.0 - x);
        }
        let slope = (both / f64::max(square, 1.0)).max(0.0);
        stops.push(Stop {
            after: counts[at],
            below,
            from,
            worth: (y - slope * x).round() as i32,
            slope: (256.0 * slope).round() as i32,
        });
    }
    stops
}

/// Returns every row's score by the forest that has not seen its site.
fn out_of_fold(forests: &[Trees], rows: &Binned, laid: &Laid) -> Vec<i32> {
    laid.folds
        .par_iter()
        .enumerate()
        .map(|(row, fold)| rows.score(&forests[usize::from(*fold)], row))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
