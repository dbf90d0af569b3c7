//! Weights of words: logistic regression by AdaGrad, one line after the other.
//!
//! A token is learned only if several sites use it: what one site alone says
//! tells nothing about the next. The order of lines is a hash of their numbers.

use super::boost::chance;
use crate::boilerplate::model::text_score::{
    AFTER, BEFORE, CONTEXT, EDGE, ROLES, SELF, TextScore, UNIT, Weights, Words,
};
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
    /// The token of every number; the last one is the page's edge.
    tokens: Vec<u64>,
    /// Whether it is a word of its own.
    single: Vec<bool>,
    /// How many sites there are, and by token how many use it: of each fold, fold after fold.
    sites: Vec<u32>,
    sites_with: Vec<Vec<u32>>,
    /// By line: its tokens.
    starts: Vec<u32>,
    ids: Vec<u32>,
}

/// A line to learn from.
pub(super) struct Example {
    /// The line's number.
    pub(super) line: u32,
    /// The numbers of the lines around, nearest first, before and after in turn.
    pub(super) around: [Option<u32>; 2 * CONTEXT],
    /// Whether it is furniture.
    pub(super) label: bool,
    /// How much it counts.
    pub(super) weight: f32,
}

impl Texts {
    /// Reads lines; each comes with the number of its site, in order, and the site's fold.
    pub(super) fn new<'a>(
        lines: impl Iterator<Item = (u32, usize, &'a str)> + Clone,
        folds: usize,
    ) -> Self {
        let mut words = Words::default();
        let mut sites: FxHashMap<u64, (u32, u32, bool)> = FxHashMap::default();
        for (site, _, line) in lines.clone() {
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
        let mut tokens: Vec<(u32, u64, bool)> = sites
            .iter()
            .filter(|(_, (_, count, single))| *count >= least(*single))
            .map(|(token, (_, count, single))| (*count, *token, *single))
            .collect();
        drop(sites);
        // Of two tokens in one slot the commoner stays, the edge before all.
        tokens.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut slots: FxHashMap<usize, u64> = FxHashMap::default();
        slots.insert(TextScore::place(EDGE).0, EDGE);
        tokens.retain(|(_, token, _)| {
            *slots.entry(TextScore::place(*token).0).or_insert(*token) == *token
        });
        let numbers: FxHashMap<u64, u32> = tokens
            .iter()
            .zip(0u32..)
            .map(|((_, token, _), number)| (*token, number))
            .collect();
        let mut texts = Self {
            single: tokens.iter().map(|(_, _, single)| *single).collect(),
            tokens: tokens.into_iter().map(|(_, token, _)| token).collect(),
            sites: vec![0; folds],
            sites_with: vec![vec![0; numbers.len()]; folds],
            starts: vec![0],
            ids: Vec::new(),
        };
        let mut last_site = None;
        let mut last_with = vec![u32::MAX; numbers.len()];
        for (site, fold, line) in lines {
            if last_site != Some(site) {
                last_site = Some(site);
                texts.sites[fold] += 1;
            }
            words.read(line);
            words.tokens(|token, _| {
                if let Some(number) = numbers.get(&token) {
                    texts.ids.push(*number);
                    let last = &mut last_with[*number as usize];
                    if *last != site {
                        *last = site;
                        texts.sites_with[fold][*number as usize] += 1;
                    }
                }
            });
            texts.starts.push(texts.ids.len() as u32);
        }
        texts.tokens.push(EDGE);
        texts
    }

    fn line(&self, line: u32) -> &[u32] {
        let line = line as usize;
        &self.ids[self.starts[line] as usize..self.starts[line + 1] as usize]
    }

    /// Returns how many sites of the other folds use a token.
    fn sites_with(&self, token: usize, left_out: Option<usize>) -> u32 {
        let folds = self.sites_with.iter().enumerate();
        folds
            .filter(|(fold, _)| left_out != Some(*fold))
            .map(|(_, with)| with[token])
            .sum()
    }

    /// Learns a table from the chosen lines, none of which is of the fold that is left out.
    pub(super) fn learn(&self, chosen: &[Example], left_out: Option<usize>) -> TextScore {
        let edge = self.tokens.len() - 1;
        let with: Vec<u32> = (0..edge)
            .map(|token| self.sites_with(token, left_out))
            .collect();
        // What the other folds do not say is as unknown as it will be on a new site.
        let known: Vec<bool> = with
            .iter()
            .zip(&self.single)
            .map(|(with, single)| *with >= least(*single))
            .chain([true])
            .collect();
        let own = self.fit(chosen, &known, 1, |example, each| {
            for &id in self.line(example.line) {
                each(id, 0);
            }
        });
        let context = self.fit(chosen, &known, ROLES, |example, each| {
            for &id in self.line(example.line) {
                each(id, SELF);
            }
            for (at, other) in example.around.iter().enumerate() {
                let role = [BEFORE, AFTER][at % 2][at / 2];
                match other {
                    Some(line) => self.line(*line).iter().for_each(|id| each(*id, role)),
                    None => each(edge as u32, role),
                }
            }
        });
        let sites: u32 = (self.sites.iter().enumerate())
            .filter(|(fold, _)| left_out != Some(*fold))
            .map(|(_, sites)| sites)
            .sum();
        let rarity = |with: u32| {
            let share = f64::from(sites + 1) / f64::from(with + 1);
            (16.0 * share.ln()).round().clamp(0.0, 255.0) as u8
        };
        let mut table = TextScore::empty(rarity(0));
        for (at, token) in self.tokens.iter().enumerate().filter(|(at, _)| known[*at]) {
            let mut weights = Weights {
                own: own[at],
                rarity: with.get(at).map_or(0, |with| rarity(*with)),
                ..Weights::default()
            };
            weights
                .context
                .copy_from_slice(&context[at * ROLES..(at + 1) * ROLES]);
            table.set(*token, weights);
        }
        table
    }

    /// Fits a logistic score with `roles` weights a token; `each` gives an example's tokens with
    /// their roles.
    fn fit(
        &self,
        chosen: &[Example],
        known: &[bool],
        roles: usize,
        each: impl Fn(&Example, &mut dyn FnMut(u32, usize)),
    ) -> Vec<i8> {
        let mut weights = vec![0.0f32; self.tokens.len() * roles];
        let mut slopes = vec![1e-4f32; weights.len()];
        let mut bias = 0.0f32;
        let mut order: Vec<u32> = (0..chosen.len() as u32).collect();
        let mut places: Vec<usize> = Vec::new();
        for round in 0..ROUNDS {
            order.sort_by_cached_key(|&at| {
                let at = u64::from(at);
                (
                    chance(at, round) << 16 | chance(at, round + 77) << 8 | chance(at, round + 99),
                    at,
                )
            });
            for &at in &order {
                let example = &chosen[at as usize];
                places.clear();
                each(example, &mut |id, role| {
                    if known[id as usize] {
                        places.push(id as usize * roles + role);
                    }
                });
                if places.is_empty() {
                    continue;
                }
                let share_of = 1.0 / (places.len() as f32).sqrt();
                let sum: f32 = places.iter().map(|place| weights[*place]).sum();
                let share = 1.0 / (1.0 + (-(bias + sum * share_of)).exp());
                let miss = example.weight * (share - if example.label { 1.0 } else { 0.0 });
                bias -= 0.002 * miss;
                for &place in &places {
                    let slope = miss * share_of + DECAY * weights[place];
                    let held = &mut slopes[place];
                    *held += slope * slope;
                    weights[place] -= STEP * slope / held.sqrt();
                }
            }
        }
        weights
            .into_iter()
            .map(|weight| (weight * UNIT).round().clamp(-127.0, 127.0) as i8)
            .collect()
    }
}

/// Returns how many sites must use a token for it to be learned.
fn least(single: bool) -> u32 {
    if single { SITES.0 } else { SITES.1 }
}
