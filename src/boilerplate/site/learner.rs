//! Gathers sketches of documents, in any order, in bounded memory.
//!
//! Of every site the documents with the smallest draws are kept, so many a
//! site. Where all sites together hold more than the budget, the number a site
//! is halved, down to a least; then sites go, those with the greatest hash.
//! What a given number a site would keep only grows with the documents shown,
//! so the number arrived at, and with it the sample, depends on the set of
//! documents alone: not on their order, and not on how they were divided.

use super::weigh::weigh;
use super::{SiteModel, Sketch};
use crate::text::hash;
use std::collections::BTreeMap;

/// Documents kept a site, if there is room.
const MOST: usize = 128;
/// Documents kept a site before sites are let go.
const LEAST: usize = 8;
/// Documents kept in all: some 300 MB of ordinary pages.
const BUDGET: usize = 1 << 16;

/// Learns a [`SiteModel`].
#[derive(Debug)]
pub struct SiteLearner {
    sites: BTreeMap<String, BTreeMap<u64, Sketch>>,
    /// Documents kept in all.
    held: usize,
    budget: usize,
    /// Documents kept a site.
    most: usize,
    /// The greatest hash of a site that is kept.
    bound: u64,
}

impl Default for SiteLearner {
    fn default() -> Self {
        Self::new()
    }
}

impl SiteLearner {
    /// Returns a learner that has seen nothing.
    pub fn new() -> Self {
        Self::with_budget(BUDGET)
    }

    /// Returns a learner that keeps at most `budget` documents.
    pub fn with_budget(budget: usize) -> Self {
        Self {
            sites: BTreeMap::new(),
            held: 0,
            budget,
            most: MOST,
            bound: u64::MAX,
        }
    }

    /// Returns whether a document of that site and draw would be kept. What is not wanted now
    /// will not be wanted later.
    pub fn wants(&self, (site, draw): &(String, u64)) -> bool {
        if hash::word(site.as_bytes()) > self.bound {
            return false;
        }
        let Some(held) = self.sites.get(site) else {
            return true;
        };
        !held.contains_key(draw)
            && (held.len() < self.most || held.last_key_value().is_none_or(|(last, _)| draw < last))
    }

    /// Observes a document.
    pub fn observe(&mut self, sketch: Sketch) {
        if hash::word(sketch.site.as_bytes()) > self.bound {
            return;
        }
        let held = self.sites.entry(sketch.site.clone()).or_default();
        let before = held.len();
        held.entry(sketch.draw).or_insert(sketch);
        if held.len() > self.most {
            held.pop_last();
        }
        self.held += held.len() - before;
        while self.held > self.budget {
            self.shrink();
        }
    }

    /// Returns of how many sites documents are kept.
    pub fn sites(&self) -> usize {
        self.sites.len()
    }

    /// Returns what was learned.
    pub fn finish(self) -> SiteModel {
        let sites = self.sites.into_iter().filter_map(|(name, documents)| {
            let documents: Vec<Sketch> = documents.into_values().collect();
            weigh(name, &documents)
        });
        SiteModel::new(sites)
    }

    fn shrink(&mut self) {
        if self.most > LEAST {
            self.most = (self.most / 2).max(LEAST);
        } else {
            self.bound /= 2;
        }
        self.fit();
    }

    /// Lets go of what the limits leave no room for.
    fn fit(&mut self) {
        let (bound, most) = (self.bound, self.most);
        self.sites
            .retain(|site, _| hash::word(site.as_bytes()) <= bound);
        for documents in self.sites.values_mut() {
            while documents.len() > most {
                documents.pop_last();
            }
        }
        self.held = self.sites.values().map(BTreeMap::len).sum();
    }
}
