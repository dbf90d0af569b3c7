//! Boosted trees, to ask: a walk through flat tables.
//!
//! A tree's inner nodes lie in one array: a feature, a threshold, and where to
//! go below it and above it. The answer is the sum of the leaves, whole numbers,
//! so that it is the same on every machine.

/// A raw score of 1.0 (a logit) in the units of the leaves.
pub(crate) const UNIT: f32 = 1024.0;

/// Where a node leads: an inner node, or a leaf, which carries this bit.
pub(super) const LEAF: u16 = 1 << 15;

/// An inner node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Node {
    /// The feature asked for.
    pub(crate) feature: u8,
    /// The cut, by number, of the feature's cuts.
    pub(crate) cut: u8,
    /// Where to go if the feature is at most the threshold.
    pub(crate) low: u16,
    /// Where to go if it is greater.
    pub(crate) high: u16,
    /// The threshold itself.
    pub(crate) threshold: f32,
}

/// One tree: its nodes from `first` on in the forest's array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) first_node: u32,
    pub(crate) first_leaf: u32,
}

/// Trees whose leaves are summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trees {
    /// What is there before the first tree.
    pub(crate) base: i32,
    pub(crate) trees: Vec<Tree>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) leaves: Vec<i16>,
    /// The thresholds of every feature, ascending.
    pub(crate) cuts: Vec<Vec<f32>>,
    /// Where a line is let go before the last tree, ascending by the number of trees.
    pub(crate) stops: Vec<Stop>,
}

/// Where a line is let go: after some of the trees, if their sum leaves no doubt.
///
/// Most lines of a dumped page are furniture beyond doubt after an eighth to a half of the trees, some are
/// content as surely, and the trees left would only say so again. (Early exits of additive
/// ensembles: Cambazoglu et al., 2010, with the final score in place of a rank.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// After how many trees.
    pub(crate) after: u16,
    /// A line whose sum is below this keeps it as its score.
    pub(crate) below: i32,
    /// A line whose sum is this or more gets the score that such lines have in the end.
    pub(crate) from: i32,
    /// The score of a line whose sum is `from`.
    pub(crate) worth: i32,
    /// How much more a sum beyond `from` is worth in the end, in 256ths.
    pub(crate) slope: i32,
}

impl Stop {
    /// Returns the score of a line that is let go with this `sum`, if it is.
    pub(crate) fn ends(self, sum: i32) -> Option<i32> {
        if sum < self.below {
            return Some(sum);
        }
        let beyond = i64::from(sum) - i64::from(self.from);
        let worth = i64::from(self.worth) + beyond * i64::from(self.slope) / 256;
        (beyond >= 0).then(|| worth.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }
}

/// Lines that walk through a tree side by side.
const LANES: usize = 8;
/// The most leaves a tree may have.
pub(super) const LEAVES: usize = 64;
/// Features of a row, rounded up so that a feature's number needs no check.
pub(super) const WIDTH: usize = 128;

/// A row of features, the last ones empty.
pub(crate) type Wide = [f32; WIDTH];

/// Returns a row with room to spare.
pub(crate) fn wide<const F: usize>(row: &[f32; F]) -> Wide {
    let mut wide = [0.0; WIDTH];
    for (slot, value) in wide.iter_mut().zip(row) {
        *slot = *value;
    }
    wide
}

/// A node as it is walked: eight bytes, the way's leaf bit in the top bit.
#[derive(Clone, Copy, Debug)]
struct Step {
    threshold: f32,
    feature: u8,
    low: u8,
    high: u8,
}

/// The leaf bit of a [`Step`]'s way.
const END: u8 = 1 << 7;

/// Trees laid out to be walked: every tree takes the same room, so that no step needs a check, and
/// several lines walk at once, so that none waits for memory alone.
#[derive(Clone, Debug)]
pub(crate) struct Forest {
    base: i32,
    stops: Vec<Stop>,
    trees: Vec<([Step; LEAVES], [i16; LEAVES])>,
}

impl Forest {
    /// Lays `trees` out; none has more than [`LEAVES`] leaves or a feature past [`WIDTH`].
    pub(crate) fn of(trees: &Trees) -> Self {
        let way = |way: u16| {
            let place = (way & !LEAF) as u8 & (END - 1);
            if way & LEAF == 0 { place } else { place | END }
        };
        let laid = trees.trees.iter().map(|tree| {
            let mut steps = [Step {
                threshold: 0.0,
                feature: 0,
                low: END,
                high: END,
            }; LEAVES];
            let mut leaves = [0; LEAVES];
            let nodes = trees.nodes.get(tree.first_node as usize..);
            for (step, node) in steps.iter_mut().zip(nodes.unwrap_or_default()) {
                *step = Step {
                    threshold: node.threshold,
                    feature: node.feature,
                    low: way(node.low),
                    high: way(node.high),
                };
            }
            let values = trees.leaves.get(tree.first_leaf as usize..);
            for (leaf, value) in leaves.iter_mut().zip(values.unwrap_or_default()) {
                *leaf = *value;
            }
            (steps, leaves)
        });
        Self {
            base: trees.base,
            stops: trees.stops.clone(),
            trees: laid.collect(),
        }
    }

    /// Returns the raw score of every row.
    pub(crate) fn scores(&self, rows: &[Wide]) -> Vec<i32> {
        let mut scores = vec![self.base; rows.len()];
        let mut open: Vec<usize> = (0..rows.len()).collect();
        let mut asked = 0;
        for stop in &self.stops {
            let after = usize::from(stop.after).clamp(asked, self.trees.len());
            walk(&self.trees[asked..after], rows, &open, &mut scores);
            asked = after;
            open.retain(|&row| match stop.ends(scores[row]) {
                Some(score) => {
                    scores[row] = score;
                    false
                }
                None => true,
            });
        }
        walk(&self.trees[asked..], rows, &open, &mut scores);
        scores
    }
}

/// Adds what `trees` say of the chosen rows to their scores.
fn walk(
    trees: &[([Step; LEAVES], [i16; LEAVES])],
    rows: &[Wide],
    chosen: &[usize],
    scores: &mut [i32],
) {
    for lanes in chosen.chunks(LANES) {
        // A short group walks its last line several times.
        let row_of = |lane: usize| lanes[lane.min(lanes.len() - 1)];
        let group: [&Wide; LANES] = std::array::from_fn(|lane| &rows[row_of(lane)]);
        let mut sums = [0i32; LANES];
        for (steps, leaves) in trees {
            let mut at = [0u8; LANES];
            while at.iter().any(|at| at & END == 0) {
                for (at, row) in at.iter_mut().zip(group) {
                    let step = &steps[usize::from(*at) % LEAVES];
                    let next = if row[usize::from(step.feature) % WIDTH] <= step.threshold {
                        step.low
                    } else {
                        step.high
                    };
                    *at = if *at & END == 0 { next } else { *at };
                }
            }
            for (sum, at) in sums.iter_mut().zip(at) {
                *sum += i32::from(leaves[usize::from(at & !END) % LEAVES]);
            }
        }
        for (&row, sum) in lanes.iter().zip(sums) {
            scores[row] += sum;
        }
    }
}
