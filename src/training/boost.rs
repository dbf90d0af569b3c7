//! Boosted trees, to grow: histograms of gradients, the best leaf first.
//!
//! After Friedman (2001), with the second-order gain of XGBoost and the
//! leaf-wise growth of LightGBM:
//!
//! ```text
//! gain(split) = G_l²/(H_l + λ) + G_r²/(H_r + λ) - G²/(H + λ)
//! leaf        = -rate · G/(H + λ)
//! ```
//!
//! Gradients are rounded to whole numbers, one scale a tree, and a bin holds
//! both sums in one 64-bit number; so a histogram does not depend on the order
//! of its rows. Which rows and features a tree sees is a hash of their numbers.

use crate::boilerplate::model::trees::{Node, Tree, Trees, UNIT};

/// Bins of a feature.
const BINS: usize = 64;
/// What marks a leaf in a node's way.
const LEAF: u16 = 1 << 15;

/// How a forest is grown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    pub(super) trees: usize,
    pub(super) leaves: usize,
    pub(super) rate: f32,
    /// Least weight of a leaf (sum of second derivatives).
    pub(super) least: f32,
    /// λ.
    pub(super) ridge: f32,
    /// How many of 256 features a tree sees, and how many of 256 rows.
    pub(super) features: u64,
    pub(super) rows: u64,
}

/// Rows in bins, and the thresholds between the bins.
pub(super) struct Binned {
    pub(super) features: usize,
    bins: Vec<u8>,
    cuts: Vec<Vec<f32>>,
}

impl Binned {
    /// Puts rows into bins that hold about equally many of them.
    pub(super) fn new<const F: usize>(rows: &[[f32; F]]) -> Self {
        let step = (rows.len() / 60_000).max(1);
        let cuts: Vec<Vec<f32>> = (0..F)
            .map(|feature| {
                let mut values: Vec<f32> =
                    rows.iter().step_by(step).map(|row| row[feature]).collect();
                values.sort_by(f32::total_cmp);
                thresholds(&values)
            })
            .collect();
        let mut bins = vec![0; rows.len() * F];
        for (row, out) in rows.iter().zip(bins.chunks_exact_mut(F)) {
            for ((value, cuts), bin) in row.iter().zip(&cuts).zip(out) {
                *bin = cuts.partition_point(|cut| cut < value) as u8;
            }
        }
        Self {
            features: F,
            bins,
            cuts,
        }
    }

    fn row(&self, row: usize) -> &[u8] {
        &self.bins[row * self.features..(row + 1) * self.features]
    }

    /// Returns a forest's score of a row.
    pub(super) fn score(&self, trees: &Trees, row: usize) -> i32 {
        let bins = self.row(row);
        let mut sum = trees.base;
        let mut stops = trees.stops.iter().peekable();
        for (count, tree) in trees.trees.iter().enumerate() {
            while let Some(stop) = stops.next_if(|stop| usize::from(stop.after) <= count) {
                if let Some(score) = stop.ends(sum) {
                    return score;
                }
            }
            sum += i32::from(leaf(trees, tree, bins));
        }
        stops.find_map(|stop| stop.ends(sum)).unwrap_or(sum)
    }

    /// Returns the sum of a row after each of `counts` trees, which ascend, and after all.
    pub(super) fn sums(&self, trees: &Trees, row: usize, counts: &[u16]) -> (Vec<i32>, i32) {
        let bins = self.row(row);
        let mut sum = trees.base;
        let mut sums = Vec::with_capacity(counts.len());
        for (count, tree) in trees.trees.iter().enumerate() {
            if counts
                .get(sums.len())
                .is_some_and(|next| usize::from(*next) == count)
            {
                sums.push(sum);
            }
            sum += i32::from(leaf(trees, tree, bins));
        }
        sums.resize(counts.len(), sum);
        (sums, sum)
    }
}

fn leaf(trees: &Trees, tree: &Tree, bins: &[u8]) -> i16 {
    let mut at = 0u16;
    loop {
        let node = &trees.nodes[tree.first_node as usize + usize::from(at)];
        at = if bins[usize::from(node.feature)] <= node.cut {
            node.low
        } else {
            node.high
        };
        if at & LEAF != 0 {
            return trees.leaves[tree.first_leaf as usize + usize::from(at & !LEAF)];
        }
    }
}

/// Returns at most `BINS - 1` ascending thresholds between the sorted values.
fn thresholds(values: &[f32]) -> Vec<f32> {
    let mut distinct: Vec<(f32, usize)> = Vec::new();
    for &value in values {
        match distinct.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    let mut cuts = Vec::new();
    let (mut held, mut left) = (0, values.len());
    for pair in distinct.windows(2) {
        held += pair[0].1;
        let room = BINS - 1 - cuts.len();
        if room == 0 {
            break;
        }
        if distinct.len() <= BINS || held * (room + 1) >= left {
            let middle = pair[0].0 + (pair[1].0 - pair[0].0) / 2.0;
            cuts.push(if middle < pair[1].0 {
                middle
            } else {
                pair[0].0
            });
            left -= held;
            held = 0;
        }
    }
    cuts
}

/// What is learned from.
pub(super) struct Lesson<'a> {
    pub(super) rows: &'a Binned,
    /// The rows to learn from.
    pub(super) chosen: &'a [u32],
    /// By row: furniture or not.
    pub(super) labels: &'a [bool],
    /// By row.
    pub(super) weights: &'a [f32],
}

/// The rows and features that one tree sees.
struct View {
    features: usize,
    bins: Vec<u8>,
    /// Both derivatives of every row in one number.
    slopes: Vec<u64>,
}

impl View {
    fn row(&self, row: u32) -> &[u8] {
        &self.bins[row as usize * self.features..(row as usize + 1) * self.features]
    }
}

/// A leaf that may be split.
struct Bud {
    rows: Vec<u32>,
    hist: Vec<u64>,
    sum: (i64, i64),
    /// The node above, and whether this is its higher side.
    parent: Option<(usize, bool)>,
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    cut: u8,
}

/// Grows a forest.
pub(super) fn grow(lesson: &Lesson<'_>, growth: Growth) -> Trees {
    let mut trees = Trees {
        cuts: lesson.rows.cuts.clone(),
        ..Trees::default()
    };
    let (mut yes, mut all) = (0.0f64, 0.0f64);
    for &row in lesson.chosen {
        let weight = f64::from(lesson.weights[row as usize]);
        all += weight;
        yes += if lesson.labels[row as usize] {
            weight
        } else {
            0.0
        };
    }
    let prior = (yes / all.max(1.0)).clamp(0.01, 0.99);
    trees.base = ((prior / (1.0 - prior)).ln() * f64::from(UNIT)) as i32;
    let mut scores = vec![trees.base; lesson.chosen.len()];
    for number in 0..growth.trees {
        grow_tree(lesson, growth, number as u64, &mut trees, &mut scores);
    }
    trees
}

fn grow_tree(
    lesson: &Lesson<'_>,
    growth: Growth,
    number: u64,
    trees: &mut Trees,
    scores: &mut [i32],
) {
    let seen: Vec<(u32, f32, f32)> = lesson
        .chosen
        .iter()
        .zip(scores.iter())
        .filter(|(row, _)| chance(u64::from(**row), number) < growth.rows)
        .map(|(&row, &score)| {
            let share = 1.0 / (1.0 + (-score as f32 / UNIT).exp());
            let label = if lesson.labels[row as usize] {
                1.0
            } else {
                0.0
            };
            let weight = lesson.weights[row as usize];
            (
                row,
                weight * (share - label),
                weight * share * (1.0 - share),
            )
        })
        .collect();
    let (mut slope, mut bend) = (0.0f64, 0.0f64);
    for (_, g, h) in &seen {
        slope += f64::from(g.abs());
        bend += f64::from(*h);
    }
    // Both sums must fit 32 bits, the signed one 31.
    let scale = (1.9e9 / slope.max(bend).max(1.0)).min(65_536.0) as f32;
    let features: Vec<usize> = (0..lesson.rows.features)
        .filter(|&feature| chance(feature as u64 + 1_000_003, number) < growth.features)
        .collect();
    // What this tree sees, close together.
    let mut view = View {
        features: features.len(),
        bins: Vec::with_capacity(seen.len() * features.len()),
        slopes: Vec::with_capacity(seen.len()),
    };
    for &(row, g, h) in &seen {
        let (g, h) = ((g * scale).round() as i64, (h * scale).round() as u64);
        view.slopes.push(((g << 32) as u64).wrapping_add(h));
        let bins = lesson.rows.row(row as usize);
        view.bins
            .extend(features.iter().map(|feature| bins[*feature]));
    }
    let view = &view;
    let least = (f64::from(growth.least) * f64::from(scale)) as i64;
    let ridge = f64::from(growth.ridge) * f64::from(scale);

    let rows: Vec<u32> = (0..seen.len() as u32).collect();
    let mut root = Bud {
        hist: vec![0; view.features * BINS],
        sum: sum(&rows, &view.slopes),
        rows,
        parent: None,
        best: None,
    };
    fill(&mut root, view);
    root.best = best(&root, view, least, ridge);
    let mut buds = vec![root];
    let mut nodes: Vec<Node> = Vec::new();
    while buds.len() < growth.leaves {
        let Some((at, split)) = buds
            .iter()
            .enumerate()
            .filter_map(|(at, bud)| Some((at, bud.best?)))
            .max_by(|one, other| {
                one.1
                    .gain
                    .total_cmp(&other.1.gain)
                    .then(other.0.cmp(&one.0))
            })
        else {
            break;
        };
        let bud = buds.swap_remove(at);
        let here = nodes.len();
        link(&mut nodes, bud.parent, here as u16);
        nodes.push(Node {
            feature: features[split.feature] as u8,
            cut: split.cut,
            low: 0,
            high: 0,
            threshold: lesson.rows.cuts[features[split.feature]][usize::from(split.cut)],
        });
        let (low, high): (Vec<u32>, Vec<u32>) = bud
            .rows
            .iter()
            .partition(|row| view.row(**row)[split.feature] <= split.cut);
        let make = |rows: Vec<u32>, side: bool| Bud {
            hist: Vec::new(),
            sum: sum(&rows, &view.slopes),
            rows,
            parent: Some((here, side)),
            best: None,
        };
        let (mut low, mut high) = (make(low, false), make(high, true));
        // The smaller side is counted, the larger is what is left.
        let (small, large) = if low.rows.len() <= high.rows.len() {
            (&mut low, &mut high)
        } else {
            (&mut high, &mut low)
        };
        small.hist = vec![0; view.features * BINS];
        fill(small, view);
        large.hist = bud.hist;
        for (whole, part) in large.hist.iter_mut().zip(&small.hist) {
            *whole = whole.wrapping_sub(*part);
        }
        low.best = best(&low, view, least, ridge);
        high.best = best(&high, view, least, ridge);
        buds.push(low);
        buds.push(high);
    }
    if nodes.is_empty() {
        return;
    }
    let tree = Tree {
        first_node: trees.nodes.len() as u32,
        first_leaf: trees.leaves.len() as u32,
    };
    for (leaf, bud) in buds.iter().enumerate() {
        link(&mut nodes, bud.parent, LEAF | leaf as u16);
        let (g, h) = (bud.sum.0 as f64, bud.sum.1 as f64);
        let value = -f64::from(growth.rate) * g / (h + ridge) * f64::from(UNIT);
        trees
            .leaves
            .push(value.clamp(-32_000.0, 32_000.0).round() as i16);
    }
    trees.nodes.extend(nodes);
    trees.trees.push(tree);
    for (&row, score) in lesson.chosen.iter().zip(scores) {
        *score += i32::from(leaf(trees, &tree, lesson.rows.row(row as usize)));
    }
}

fn link(nodes: &mut [Node], parent: Option<(usize, bool)>, to: u16) {
    if let Some((parent, high)) = parent
        && let Some(node) = nodes.get_mut(parent)
    {
        if high {
            node.high = to;
        } else {
            node.low = to;
        }
    }
}

/// Takes both sums out of one number.
fn apart(packed: u64) -> (i64, i64) {
    let h = packed & 0xffff_ffff;
    (i64::from((packed >> 32) as u32 as i32), h as i64)
}

fn sum(rows: &[u32], slopes: &[u64]) -> (i64, i64) {
    rows.iter().fold((0, 0), |held, row| {
        let (g, h) = apart(slopes[*row as usize]);
        (held.0 + g, held.1 + h)
    })
}

fn fill(bud: &mut Bud, view: &View) {
    for &row in &bud.rows {
        let slope = view.slopes[row as usize];
        for (&bin, hist) in view.row(row).iter().zip(bud.hist.chunks_exact_mut(BINS)) {
            let slot = &mut hist[usize::from(bin) & (BINS - 1)];
            *slot = slot.wrapping_add(slope);
        }
    }
}

fn best(bud: &Bud, view: &View, least: i64, ridge: f64) -> Option<Split> {
    let worth = |(g, h): (i64, i64)| {
        let g = g as f64;
        g * g / (h as f64 + ridge)
    };
    let whole = worth(bud.sum);
    let mut best: Option<Split> = None;
    for feature in 0..view.features {
        let mut low = (0, 0);
        for (cut, &packed) in bud.hist[feature * BINS..(feature + 1) * BINS - 1]
            .iter()
            .enumerate()
        {
            if packed == 0 {
                continue;
            }
            let (g, h) = apart(packed);
            low = (low.0 + g, low.1 + h);
            let high = (bud.sum.0 - low.0, bud.sum.1 - low.1);
            if low.1 < least {
                continue;
            }
            if high.1 < least {
                break;
            }
            let gain = worth(low) + worth(high) - whole;
            if gain > best.map_or(0.0, |best| best.gain) {
                best = Some(Split {
                    gain,
                    feature,
                    cut: cut as u8,
                });
            }
        }
    }
    best
}

/// Returns a number below 256 that hangs on both numbers and nothing else.
pub(super) fn chance(one: u64, other: u64) -> u64 {
    let mut value = one
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(other.wrapping_mul(0xd1b5_4a32_d192_ed03))
        .wrapping_add(0x2437_54a3_9c8b_6d1f);
    value ^= value >> 32;
    value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
    value ^= value >> 29;
    value = value.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boilerplate::model::trees::{Forest, Stop, wide};

    #[test]
    fn trees_learn_what_no_single_feature_tells() {
        let rows: Vec<[f32; 3]> = (0..4_000u64)
            .map(|row| [0, 1, 2].map(|feature| chance(row, feature) as f32))
            .collect();
        let labels: Vec<bool> = rows
            .iter()
            .map(|row| (row[0] > 100.0) ^ (row[1] > 60.0))
            .collect();
        let binned = Binned::new(&rows);
        let chosen: Vec<u32> = (0..3_000).collect();
        let lesson = Lesson {
            rows: &binned,
            chosen: &chosen,
            labels: &labels,
            weights: &vec![1.0; 4_000],
        };
        let growth = Growth {
            trees: 40,
            leaves: 8,
            rate: 0.3,
            least: 1.0,
            ridge: 1.0,
            features: 256,
            rows: 200,
        };
        let mut trees = grow(&lesson, growth);
        let walked = Forest::of(&trees).scores(&rows.iter().map(wide).collect::<Vec<_>>());
        let right = (3_000..4_000)
            .filter(|&row| (walked[row] > 0) == labels[row])
            .count();
        assert!(right > 960, "{right}");
        for (at, score) in walked.iter().enumerate() {
            assert_eq!(*score, binned.score(&trees, at));
        }
        assert_eq!(grow(&lesson, growth), trees);
        // The same where some rows end early, and some behind the last tree.
        trees.stops = [10, 40]
            .map(|after| Stop {
                after,
                below: -2_000,
                from: 1_500,
                worth: 3_000,
                slope: 300,
            })
            .to_vec();
        let stopped = Forest::of(&trees).scores(&rows.iter().map(wide).collect::<Vec<_>>());
        let early = stopped
            .iter()
            .zip(&walked)
            .filter(|(one, other)| one != other);
        assert!(early.count() > 1_000);
        for (at, score) in stopped.iter().enumerate() {
            assert_eq!(*score, binned.score(&trees, at));
        }
    }
}
