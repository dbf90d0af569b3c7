//! Weights of words: logistic regression by AdaGrad, one line after the other.
//!
//! A token is learned only if several sites use it: what one site alone says
//! tells nothing about the next. The order of lines is a hash of their numbers.

use super::boost::chance;
use crate::boilerplate::model::text_score::{Said, TextScore, UNIT, Words};
use rustc_hash::FxHashMap;

/// How many sites must use a word, and how many a pair or a line, for it to be learned.
const SITES: (u32, u32) = (2, 3);
/// Rounds over the lines.
const ROUNDS: u64 = 4;
/// AdaGrad's step.
const STEP: f32 = 0.25;
/// How strongly weights are drawn to nothing.
const DECAY: f32 = 2e-4;

/// Every token that is learned, and the lines as tokens.
pub(super) struct Texts {
    /// The token of every number.
    tokens: Vec<u64>,
    /// By line: its tokens.
    starts: Vec<u32>,
    ids: Vec<u32>,
    /// By line: known single words, and all of them.
    counts: Vec<(u16, u16)>,
}

impl Texts {
    /// Reads lines; each comes with the number of its site.
    pub(super) fn new<'a>(lines: impl Iterator<Item = (u32, &'a str)> + Clone) -> Self {
        let mut words = Words::default();
        let mut sites: FxHashMap<u64, (u32, u32, bool)> = FxHashMap::default();
        for (site, line) in lines.clone() {
            words.read(line);
            words.tokens(|token, single| {
                let (last, count, one) = sites.entry(token).or_insert((u32::MAX, 0, single));
                *one |= single;
                if *last != site {
                    *last = site;
                    *count += 1;
                }
            });
        }
        let mut tokens: Vec<(u32, u64)> = sites
            .iter()
            .filter(|(_, (_, count, single))| *count >= if *single { SITES.0 } else { SITES.1 })
            .map(|(token, (_, count, _))| (*count, *token))
            .collect();
        drop(sites);
        // Of two tokens in one slot the commoner stays.
        tokens.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut slots: FxHashMap<usize, u64> = FxHashMap::default();
        tokens.retain(|(_, token)| {
            *slots.entry(TextScore::place(*token).0).or_insert(*token) == *token
        });
        let numbers: FxHashMap<u64, u32> = tokens
            .iter()
            .zip(0u32..)
            .map(|((_, token), number)| (*token, number))
            .collect();
        let mut texts = Self {
            tokens: tokens.into_iter().map(|(_, token)| token).collect(),
            starts: vec![0],
            ids: Vec::new(),
            counts: Vec::new(),
        };
        for (_, line) in lines {
            words.read(line);
            let (mut known, mut all) = (0u16, 0u16);
            words.tokens(|token, single| {
                all = all.saturating_add(u16::from(single));
                if let Some(number) = numbers.get(&token) {
                    texts.ids.push(*number);
                    known = known.saturating_add(u16::from(single));
                }
            });
            texts.starts.push(texts.ids.len() as u32);
            texts.counts.push((known, all));
        }
        texts
    }

    fn line(&self, line: usize) -> &[u32] {
        &self.ids[self.starts[line] as usize..self.starts[line + 1] as usize]
    }

    /// Learns from the chosen lines: number, label, weight.
    pub(super) fn learn(&self, chosen: &[(u32, bool, f32)]) -> Vec<i8> {
        let mut weights = vec![0.0f32; self.tokens.len()];
        let mut slopes = vec![1e-4f32; self.tokens.len()];
        let mut bias = 0.0f32;
        let mut order: Vec<u32> = (0..chosen.len() as u32).collect();
        for round in 0..ROUNDS {
            order.sort_by_cached_key(|&at| {
                let at = u64::from(at);
                (
                    chance(at, round) << 16 | chance(at, round + 77) << 8 | chance(at, round + 99),
                    at,
                )
            });
            for &at in &order {
                let (line, label, weight) = chosen[at as usize];
                let ids = self.line(line as usize);
                if ids.is_empty() {
                    continue;
                }
                let each = 1.0 / (ids.len() as f32).sqrt();
                let sum: f32 = ids.iter().map(|id| weights[*id as usize]).sum();
                let share = 1.0 / (1.0 + (-(bias + sum * each)).exp());
                let miss = weight * (share - if label { 1.0 } else { 0.0 });
                bias -= 0.002 * miss;
                for &id in ids {
                    let slope = miss * each + DECAY * weights[id as usize];
                    let held = &mut slopes[id as usize];
                    *held += slope * slope;
                    weights[id as usize] -= STEP * slope / held.sqrt();
                }
            }
        }
        weights
            .into_iter()
            .map(|weight| (weight * UNIT).round().clamp(-127.0, 127.0) as i8)
            .collect()
    }

    /// Returns what a line says, by weights that [`learn`](Self::learn) gave.
    pub(super) fn said(&self, line: usize, weights: &[i8]) -> Said {
        let ids = self.line(line);
        let sum = ids.iter().map(|id| i32::from(weights[*id as usize])).sum();
        let (known, words) = self.counts[line];
        Said::of(sum, ids.len() as u32, known, words)
    }

    /// Returns the table of a model.
    pub(super) fn table(&self, weights: &[i8]) -> TextScore {
        let mut table = TextScore::empty();
        for (token, weight) in self.tokens.iter().zip(weights) {
            table.set(*token, *weight);
        }
        table
    }
}
