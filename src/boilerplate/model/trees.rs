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
    /// After how many trees a hopeless line is let go, and below which sum.
    pub(crate) early: (u16, i32),
}

impl Trees {
    /// Returns the raw score of a row of features.
    pub(crate) fn score(&self, row: &[f32]) -> i32 {
        let mut sum = self.base;
        for (count, tree) in self.trees.iter().enumerate() {
            if count == usize::from(self.early.0) && sum < self.early.1 {
                return sum;
            }
            let mut at = 0u16;
            let leaf = loop {
                // A forest that was loaded is whole: every way ends in a leaf.
                let Some(node) = self.nodes.get(tree.first_node as usize + usize::from(at)) else {
                    break 0;
                };
                let value = row.get(usize::from(node.feature)).copied().unwrap_or(0.0);
                at = if value <= node.threshold {
                    node.low
                } else {
                    node.high
                };
                if at & LEAF != 0 {
                    break usize::from(at & !LEAF);
                }
            };
            sum += self
                .leaves
                .get(tree.first_leaf as usize + leaf)
                .map_or(0, |leaf| i32::from(*leaf));
        }
        sum
    }
}
