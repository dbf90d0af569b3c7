//! The model as a file.
//!
//! ```text
//! magic "CDLM" · version u32 · length of the header u32 · header (JSON)
//! text table   : slots u32 · unknown's rarity u8 · checks u16… · of every slot with a check:
//!                own i8 · context i8… · rarity u8
//! two forests  : base i32 · stops u8 · per stop: after u16, below i32, from i32, worth i32,
//!                slope i32 · features u32 · per feature: cuts u32, f32…
//!                trees u32 · per tree: nodes u32, leaves u32
//!                nodes (feature u8, cut u8, low u16, high u16)… · leaves i16…
//! digest       : SHA-256 of all bytes before it
//! ```
//!
//! All numbers are little-endian. Loading checks everything that asking relies
//! on: the digest, the lengths, that every node's feature and cut exist, and
//! that every way through a tree leads onward to a leaf.

use super::features::FEATURES;
use super::text_score::{ROLES, SLOTS, TextScore, Weights};
use super::trees::{LEAF, LEAVES, Node, Stop, Tree, Trees};
use super::{LineModel, SECOND};
use crate::settings::Level;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the file begins with.
const MAGIC: &[u8; 4] = b"CDLM";
/// The version of the layout and of the features.
const VERSION: u32 = 3;

/// What a model says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The day it was trained, as it was given; empty if none was.
    pub date: String,
    /// SHA-256 of the training set.
    pub training_set: String,
    /// Pages, the reduced ones not counted.
    pub pages: u64,
    /// Labelled lines.
    pub lines: u64,
    /// Sites.
    pub hosts: u64,
    /// Raw scores from which a line goes.
    pub thresholds: Thresholds,
    /// Figures on sites that were left out of training, by level and style.
    pub figures: BTreeMap<String, Figures>,
}

/// From which raw score (1,024 to the logit) a line goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// At `standard`.
    pub standard: i32,
    /// At `aggressive`.
    pub aggressive: i32,
}

/// Returns a raw score as the share between 0 and 1 that `explain` shows: for reading only.
pub fn share(score: i32) -> f32 {
    let logit = score as f32 / 1024.0;
    let share = 1.0 / (1.0 + (-logit).exp());
    // What is printed must not hang on how a machine rounds its powers.
    (share * 1_000.0).round() / 1_000.0
}

impl Thresholds {
    /// Returns the threshold of a level that uses a model.
    pub(crate) fn of(self, level: Level) -> Option<i32> {
        match level {
            Level::Off | Level::Safe => None,
            Level::Standard => Some(self.standard),
            Level::Aggressive => Some(self.aggressive),
        }
    }
}

/// How the whole desk does on sites it was not trained on; shares, not per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Boilerplate removed, by lines.
    pub boilerplate_lines: f64,
    /// Boilerplate removed, by characters.
    pub boilerplate_chars: f64,
    /// F1 of boilerplate by characters.
    pub f1_chars: f64,
    /// Content removed, by characters.
    pub content_loss: f64,
    /// Pages that lost over a tenth of their content.
    pub hurt: f64,
}

/// Why bytes are no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadModel {
    /// The bytes are of something else.
    #[error("this is no line model: it does not begin with CDLM")]
    Foreign,
    /// The layout is of another version.
    #[error("line model of version {0}; this program reads version {VERSION}: train it again")]
    Version(u32),
    /// The bytes are not those that were written.
    #[error("the line model is damaged: {0}")]
    Damaged(&'static str),
}

/// Writes a model.
pub(super) fn write(model: &LineModel) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(MAGIC);
    out.extend(VERSION.to_le_bytes());
    // A struct of numbers, strings and a sorted map: there is nothing in it that JSON refuses.
    let header = serde_json::to_vec(&model.about).unwrap_or_default();
    out.extend((header.len() as u32).to_le_bytes());
    out.extend(header);
    out.extend((model.text.checks.len() as u32).to_le_bytes());
    out.push(model.text.unknown);
    let checks = &model.text.checks;
    out.extend(checks.iter().flat_map(|check| check.to_le_bytes()));
    for (_, weights) in checks
        .iter()
        .zip(&model.text.weights)
        .filter(|(check, _)| **check != 0)
    {
        out.extend(weights.own.to_le_bytes());
        out.extend(weights.context.iter().flat_map(|one| one.to_le_bytes()));
        out.push(weights.rarity);
    }
    for trees in [&model.first, &model.second] {
        out.extend(trees.base.to_le_bytes());
        out.push(trees.stops.len() as u8);
        for stop in &trees.stops {
            out.extend(stop.after.to_le_bytes());
            for number in [stop.below, stop.from, stop.worth, stop.slope] {
                out.extend(number.to_le_bytes());
            }
        }
        out.extend((trees.cuts.len() as u32).to_le_bytes());
        for cuts in &trees.cuts {
            out.extend((cuts.len() as u32).to_le_bytes());
            out.extend(cuts.iter().flat_map(|cut| cut.to_le_bytes()));
        }
        out.extend((trees.trees.len() as u32).to_le_bytes());
        let ends = trees
            .trees
            .iter()
            .skip(1)
            .map(|tree| (tree.first_node, tree.first_leaf));
        let ends = ends.chain([(trees.nodes.len() as u32, trees.leaves.len() as u32)]);
        for (tree, (nodes, leaves)) in trees.trees.iter().zip(ends) {
            out.extend((nodes - tree.first_node).to_le_bytes());
            out.extend((leaves - tree.first_leaf).to_le_bytes());
        }
        for node in &trees.nodes {
            out.push(node.feature);
            out.push(node.cut);
            out.extend(node.low.to_le_bytes());
            out.extend(node.high.to_le_bytes());
        }
        out.extend(trees.leaves.iter().flat_map(|leaf| leaf.to_le_bytes()));
    }
    let digest = Sha256::digest(&out);
    out.extend(digest);
    out
}

/// Reads a model.
pub(super) fn read(bytes: &[u8]) -> Result<LineModel, BadModel> {
    if !bytes.starts_with(MAGIC) {
        return Err(BadModel::Foreign);
    }
    let mut head = Bytes(&bytes[MAGIC.len()..]);
    let version = head.u32()?;
    if version != VERSION {
        return Err(BadModel::Version(version));
    }
    let Some((body, digest)) = bytes.split_last_chunk::<32>() else {
        return Err(BadModel::Damaged("it is cut short"));
    };
    if Sha256::digest(body)[..] != digest[..] {
        return Err(BadModel::Damaged("its digest is another"));
    }
    let mut bytes = Bytes(body.get(MAGIC.len() + 4..).unwrap_or_default());
    let length = bytes.u32()? as usize;
    let about: About = serde_json::from_slice(bytes.take(length)?)
        .map_err(|_| BadModel::Damaged("its header cannot be read"))?;
    let slots = bytes.u32()? as usize;
    if slots != SLOTS {
        return Err(BadModel::Damaged("its table of words has another size"));
    }
    let unknown = bytes.u8()?;
    let checks = bytes.take(2 * slots)?.chunks_exact(2);
    let checks: Vec<u16> = checks
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let mut weights = vec![Weights::default(); slots];
    for (weights, _) in weights
        .iter_mut()
        .zip(&checks)
        .filter(|(_, check)| **check != 0)
    {
        weights.own = bytes.u8()?.cast_signed();
        let mut context = [0; ROLES];
        for weight in &mut context {
            *weight = bytes.u8()?.cast_signed();
        }
        weights.context = context;
        weights.rarity = bytes.u8()?;
    }
    let first = forest(&mut bytes, FEATURES)?;
    let second = forest(&mut bytes, SECOND)?;
    if !bytes.0.is_empty() {
        return Err(BadModel::Damaged("something follows it"));
    }
    let text = TextScore {
        checks,
        weights,
        unknown,
    };
    Ok(LineModel::new(about, text, first, second))
}

fn forest(bytes: &mut Bytes<'_>, features: usize) -> Result<Trees, BadModel> {
    let base = bytes.u32()?.cast_signed();
    let mut stops = Vec::new();
    for _ in 0..bytes.u8()? {
        stops.push(Stop {
            after: bytes.u16()?,
            below: bytes.u32()?.cast_signed(),
            from: bytes.u32()?.cast_signed(),
            worth: bytes.u32()?.cast_signed(),
            slope: bytes.u32()?.cast_signed(),
        });
    }
    if !stops.is_sorted_by_key(|stop: &Stop| stop.after) {
        return Err(BadModel::Damaged("its stops are out of order"));
    }
    if bytes.u32()? as usize != features {
        return Err(BadModel::Damaged("it asks for other features"));
    }
    let mut cuts = Vec::with_capacity(features);
    for _ in 0..features {
        let count = bytes.u32()? as usize;
        let cut = bytes.take(count.saturating_mul(4))?.chunks_exact(4);
        let cut: Vec<f32> = cut
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        if cut.iter().any(|cut| !cut.is_finite()) {
            return Err(BadModel::Damaged("a threshold is no number"));
        }
        cuts.push(cut);
    }
    let count = bytes.u32()? as usize;
    let mut sizes = Vec::new();
    let (mut nodes, mut leaves) = (0u32, 0u32);
    let mut trees = Vec::new();
    let too_many = BadModel::Damaged("a tree is too large");
    for _ in 0..count {
        let size = (bytes.u32()?, bytes.u32()?);
        if size.1 as usize > LEAVES || size.1 != size.0 + 1 {
            return Err(too_many);
        }
        trees.push(Tree {
            first_node: nodes,
            first_leaf: leaves,
        });
        sizes.push(size);
        nodes = nodes.checked_add(size.0).ok_or(too_many.clone())?;
        leaves = leaves.checked_add(size.1).ok_or(too_many.clone())?;
    }
    let mut all = Vec::new();
    for &(nodes, leaves) in &sizes {
        for at in 0..nodes {
            let raw = bytes.take(6)?;
            let node = Node {
                feature: raw[0],
                cut: raw[1],
                low: u16::from_le_bytes([raw[2], raw[3]]),
                high: u16::from_le_bytes([raw[4], raw[5]]),
                threshold: cuts
                    .get(usize::from(raw[0]))
                    .and_then(|cuts| cuts.get(usize::from(raw[1])))
                    .copied()
                    .ok_or(BadModel::Damaged("a node asks for what there is not"))?,
            };
            for way in [node.low, node.high] {
                let onward = if way & LEAF != 0 {
                    u32::from(way & !LEAF) < leaves
                } else {
                    u32::from(way) > at && u32::from(way) < nodes
                };
                if !onward {
                    return Err(BadModel::Damaged("a node leads nowhere"));
                }
            }
            all.push(node);
        }
    }
    if sizes.iter().any(|size| size.0 == 0) {
        return Err(BadModel::Damaged("a tree is empty"));
    }
    let values = bytes.take(2 * leaves as usize)?.chunks_exact(2);
    Ok(Trees {
        base,
        trees,
        nodes: all,
        leaves: values
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect(),
        cuts,
        stops,
    })
}

/// Bytes still to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BadModel> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or(BadModel::Damaged("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, BadModel> {
        Ok(self.take(1)?[0])
    }

    fn u16(&mut self) -> Result<u16, BadModel> {
        let two = self.take(2)?;
        Ok(u16::from_le_bytes([two[0], two[1]]))
    }

    fn u32(&mut self) -> Result<u32, BadModel> {
        let four = self.take(4)?;
        Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    }
}
