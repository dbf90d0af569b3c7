//! Labelled pages, made ready: mended as the first desk does, dealt to folds,
//! laid out as rows.

use super::words::Example;
use super::{FirstRow, LabelledPage, SECOND, chance, second_row};
use crate::boilerplate::model::features::Sheet;
use crate::boilerplate::model::text_score::TextScore;
use crate::boilerplate::model::{Brief, with_sheet};
use crate::document::Page;
use crate::headlines::repeated_headlines;
use crate::normalise::normalise;
use crate::settings::{HeadlineSettings, NormaliseSettings};
use crate::text::hash;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How a page's rendering counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    Article,
    Extract,
    Paragraphs,
    Soup,
}

impl Style {
    fn of(name: &str) -> Self {
        match name {
            "trafilatura" => Self::Extract,
            "paragraphs" => Self::Paragraphs,
            "soup" => Self::Soup,
            _ => Self::Article,
        }
    }

    pub(super) const ALL: [Self; 4] = [Self::Article, Self::Extract, Self::Paragraphs, Self::Soup];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Extract => "trafilatura",
            Self::Paragraphs => "paragraphs",
            Self::Soup => "soup",
        }
    }

    /// How much a line weighs for words and for trees, and how many of 256
    /// lines trees learn from.
    const fn counts(self) -> (f32, f32, u8) {
        match self {
            Self::Article => (1.5, 2.0, 255),
            Self::Extract => (1.0, 1.5, 200),
            Self::Paragraphs => (1.0, 1.2, 130),
            Self::Soup => (0.6, 1.2, 70),
        }
    }
}

/// Deals sites to folds. Returns every page's fold, and how many sites there are.
pub(super) fn deal(pages: &[LabelledPage], folds: usize) -> (Vec<usize>, usize) {
    let mut sites: BTreeMap<String, usize> = BTreeMap::new();
    let names: Vec<String> = pages.iter().map(site).collect();
    for name in &names {
        *sites.entry(name.clone()).or_default() += 1;
    }
    // The larger sites first, each to the fold that has least.
    let mut order: Vec<(usize, u64, &str)> = sites
        .iter()
        .map(|(name, count)| (*count, hash::word(name.as_bytes()), &**name))
        .collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    let mut held = vec![0; folds];
    let mut fold_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (count, _, name) in order {
        let fold = (0..folds).min_by_key(|fold| held[*fold]).unwrap_or(0);
        held[fold] += count;
        fold_of.insert(name, fold);
    }
    let folds = names
        .iter()
        .map(|name| fold_of.get(&**name).copied().unwrap_or(0));
    (folds.collect(), sites.len())
}

/// Returns the domain that was registered, as near as the name tells; or the page's key.
fn site(page: &LabelledPage) -> String {
    let host = page.host.trim().to_lowercase();
    let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    if labels.len() < 2 {
        let key = if page.key.is_empty() {
            &page.id
        } else {
            &page.key
        };
        return format!("{host}/{key}");
    }
    let second = labels[labels.len() - 2];
    let take = if labels.len() > 2 && second.len() <= 3 && labels[labels.len() - 1].len() == 2 {
        3
    } else {
        2
    };
    labels[labels.len() - take..].join(".")
}

/// A mended page.
struct Sheeted {
    style: Style,
    fold: usize,
    site: u32,
    title: Option<String>,
    /// Every line, blank ones too.
    lines: Vec<String>,
    labels: Vec<Option<bool>>,
    /// The number of its first line among all lines.
    first: usize,
    hash: u64,
}

/// All pages, mended.
pub(super) struct Prepared {
    sheets: Vec<Sheeted>,
    pub(super) pages: usize,
    pub(super) labelled: usize,
}

/// Mends pages.
pub(super) fn prepare(pages: &[LabelledPage], fold_of: &[usize]) -> Prepared {
    let mut sites: BTreeMap<String, u32> = BTreeMap::new();
    for page in pages {
        let next = sites.len() as u32;
        sites.entry(site(page)).or_insert(next);
    }
    let mut sheets: Vec<Sheeted> = pages
        .par_iter()
        .zip(fold_of)
        .map(|(page, &fold)| {
            let labels = page.labels.chars().map(|label| match label {
                'b' => Some(true),
                'c' => Some(false),
                _ => None,
            });
            Sheeted {
                style: Style::of(&page.style),
                fold,
                site: sites.get(&site(page)).copied().unwrap_or(0),
                title: page.title.as_deref().map(mended),
                lines: page.text.split('\n').map(mended).collect(),
                labels: labels.collect(),
                first: 0,
                hash: hash::word(page.key.as_bytes()),
            }
        })
        .collect();
    sheets.sort_by_key(|sheet| sheet.site);
    let (mut first, mut labelled) = (0, 0);
    for sheet in &mut sheets {
        sheet.first = first;
        first += sheet.lines.len();
        labelled += sheet
            .lines
            .iter()
            .zip(&sheet.labels)
            .filter(|(line, label)| label.is_some() && !line.trim().is_empty())
            .count();
    }
    Prepared {
        pages: sheets.len(),
        sheets,
        labelled,
    }
}

fn mended(line: &str) -> String {
    normalise(line, &NormaliseSettings::default())
        .apply(line)
        .replace('\n', " ")
}

impl Prepared {
    /// Iterates all lines with their sites and folds.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, usize, &str)> + Clone {
        self.sheets.iter().flat_map(|sheet| {
            let lines = sheet.lines.iter();
            lines.map(|line| (sheet.site, sheet.fold, &**line))
        })
    }

    /// Returns what words are learned from.
    pub(super) fn text_lesson(&self, left_out: Option<usize>) -> Vec<Example> {
        let mut out = Vec::new();
        for sheet in self
            .sheets
            .iter()
            .filter(|sheet| left_out != Some(sheet.fold))
        {
            let lines: Vec<usize> = (0..sheet.lines.len())
                .filter(|&at| !sheet.lines[at].trim().is_empty())
                .collect();
            let number = |line: usize| (sheet.first + line) as u32;
            for (at, &line) in lines.iter().enumerate() {
                let Some(label) = sheet.labels[line] else {
                    continue;
                };
                let around = std::array::from_fn(|place| {
                    let step = place / 2 + 1;
                    let other = if place % 2 == 0 {
                        at.checked_sub(step)
                    } else {
                        Some(at + step)
                    };
                    Some(number(*lines.get(other?)?))
                });
                out.push(Example {
                    line: number(line),
                    around,
                    label,
                    weight: sheet.style.counts().0,
                });
            }
        }
        out
    }
}

/// One rendering laid out: where its rows are.
pub(super) struct Part {
    pub(super) style: Style,
    /// Whether most of its furniture was taken out.
    pub(super) reduced: bool,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// All pages as rows.
pub(super) struct Laid {
    pub(super) rows: Vec<FirstRow>,
    pub(super) parts: Vec<Part>,
    /// By row: furniture, content or not known.
    pub(super) labels: Vec<Option<bool>>,
    pub(super) folds: Vec<u8>,
    pub(super) weights: Vec<f32>,
    pub(super) often: Vec<u8>,
    /// By row: characters.
    pub(super) chars: Vec<u32>,
    /// By row: whether a rule takes it.
    pub(super) marked: Vec<bool>,
    briefs: Vec<Brief>,
}

/// The rows of one rendering.
#[derive(Default)]
struct Rows {
    rows: Vec<FirstRow>,
    labels: Vec<Option<bool>>,
    chars: Vec<u32>,
    marked: Vec<bool>,
    briefs: Vec<Brief>,
}

impl Laid {
    /// Lays pages out; every page is heard by the table that has not seen its fold.
    pub(super) fn new(prepared: &Prepared, tables: &[TextScore]) -> Self {
        let all: Vec<Vec<(Rows, bool)>> = prepared
            .sheets
            .par_iter()
            .map(|sheet| {
                let whole: Vec<usize> = (0..sheet.lines.len()).collect();
                let mut out = vec![(lay(sheet, &whole, tables), false)];
                if sheet.style != Style::Extract {
                    let less = reduced(sheet);
                    if less.len() < whole.len() {
                        out.push((lay(sheet, &less, tables), true));
                    }
                }
                out
            })
            .collect();
        let mut laid = Self {
            rows: Vec::new(),
            parts: Vec::new(),
            labels: Vec::new(),
            folds: Vec::new(),
            weights: Vec::new(),
            often: Vec::new(),
            chars: Vec::new(),
            marked: Vec::new(),
            briefs: Vec::new(),
        };
        for (sheet, renderings) in prepared.sheets.iter().zip(all) {
            for (rows, reduced) in renderings {
                let from = laid.rows.len();
                let count = rows.rows.len();
                let (_, weight, often) = sheet.style.counts();
                let often = if reduced { often / 2 } else { often };
                for chars in &rows.chars {
                    let length = (*chars as f32 / 50.0).sqrt().clamp(0.6, 3.0);
                    laid.weights.push(weight * length / 2.0);
                }
                laid.rows.extend(rows.rows);
                laid.labels.extend(rows.labels);
                laid.chars.extend(rows.chars);
                laid.marked.extend(rows.marked);
                laid.briefs.extend(rows.briefs);
                laid.folds
                    .extend(std::iter::repeat_n(sheet.fold as u8, count));
                laid.often.extend(std::iter::repeat_n(often, count));
                laid.parts.push(Part {
                    style: sheet.style,
                    reduced,
                    from,
                    to: from + count,
                });
            }
        }
        laid
    }

    /// Returns whether the line of a row looks like a sentence of a body.
    pub(super) fn sentence(&self, row: usize) -> bool {
        let [width, ending, ..] = self.briefs[row];
        width >= 80.0 && ending == 2.0
    }

    /// Lets the rows go once they lie in bins.
    pub(super) fn without_rows(mut self) -> Self {
        self.rows = Vec::new();
        self
    }

    /// Returns the rows of the second forest from the first one's scores.
    pub(super) fn second_rows(&self, scores: &[i32]) -> Vec<[f32; SECOND]> {
        self.parts
            .par_iter()
            .flat_map_iter(|part| {
                let first = &scores[part.from..part.to];
                (0..first.len()).map(move |at| second_row(first, at, self.briefs[part.from + at]))
            })
            .collect()
    }
}

/// Returns the lines of a page without most of its furniture.
fn reduced(sheet: &Sheeted) -> Vec<usize> {
    (0..sheet.lines.len())
        .filter(|&at| {
            let goes = sheet.labels[at] == Some(true) && !sheet.lines[at].trim().is_empty();
            // Whole stretches stay or go together, single lines now and then.
            let stretch = chance(sheet.hash, at as u64 / 8) < 215;
            !(goes && stretch && chance(sheet.hash ^ 0x5bd1, at as u64) < 245)
        })
        .collect()
}

fn lay(sheet: &Sheeted, kept: &[usize], tables: &[TextScore]) -> Rows {
    let lines: Vec<&str> = kept.iter().map(|&at| &*sheet.lines[at]).collect();
    let text = lines.join("\n");
    let page = Page::new(&text, sheet.title.as_deref());
    let taken = repeated_headlines(&page, &HeadlineSettings::default());
    // The lines of the page are those that are not blank.
    let places: Vec<usize> = kept
        .iter()
        .copied()
        .filter(|&at| !sheet.lines[at].trim().is_empty())
        .collect();
    with_sheet(&page, &taken, |mut laid: Sheet<'_, '_>| {
        let lines: Vec<usize> = (0..laid.len()).map(|at| places[laid.line(at)]).collect();
        let heard = tables[sheet.fold].hear((0..laid.len()).map(|at| laid.text(at)));
        laid.hear(heard);
        let mut rows = Rows::default();
        for (at, &line) in lines.iter().enumerate() {
            rows.rows.push(laid.row(at));
            rows.labels.push(sheet.labels[line]);
            rows.chars
                .push(sheet.lines[line].trim().chars().count() as u32);
            rows.marked.push(laid.marked(at));
            rows.briefs.push(laid.brief(at));
        }
        rows
    })
}
