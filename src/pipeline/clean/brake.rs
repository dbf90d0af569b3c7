//! The brake: what would take too much is left alone, or stopped.
//!
//! A document is judged by itself, before anything else sees it ([`spared`]). A run is judged
//! when it is known what would be dropped, before a cleaned record is written ([`Brake`]).

use super::cause::{Mark, Whys};
use super::cleaner::mends;
use crate::document::Edits;
use crate::error::{Error, Result};
use crate::report::{Tally, counted, grouped};
use crate::settings::{BrakeSettings, Settings};
use crate::store::ledger::DropReason;
use crate::text::hash;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many ids a message names.
const EXAMPLES: usize = 3;

/// How many sites are counted. Sites that first come up later are not judged by themselves.
const SITES_COUNTED: usize = 1 << 20;

/// How much longer than its original a mended text may be, in characters: canonical
/// composition takes one character for three at most, and no other mend makes more of them.
const MENDED_BY: f64 = 4.0;

/// A document that the brake has left alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Spared {
    /// The share of the text that would have gone, in characters that are no white space.
    pub share: f64,
    /// The rule that would have taken most of it, by bytes, or [`UNSETTLED`](Self::UNSETTLED).
    pub rule: Cow<'static, str>,
}

impl Spared {
    /// Stands for a rule where the desks did not come to rest: each round found more to take.
    pub const UNSETTLED: &'static str = "unsettled";

    /// Returns what would have gone of a document on which the desks do not come to rest.
    pub(in crate::pipeline) fn unsettled(original: &str, text: &str, settings: &Settings) -> Self {
        let whole = characters(&mends(original, settings).apply(original));
        Self {
            share: 1.0 - characters(text) as f64 / whole.max(1) as f64,
            rule: Self::UNSETTLED.into(),
        }
    }
}

/// Returns what would have gone of a document that loses more than `settings` allow.
///
/// The share is that of the mended text, since that is what a second run sees: twice is once.
pub(in crate::pipeline) fn spared(
    original: &str,
    text: &str,
    (edits, whys): (&Edits<Mark>, &Whys),
    settings: &Settings,
) -> Option<Spared> {
    let limits = &settings.brake;
    if limits.text >= 1.0
        || edits
            .iter()
            .all(|edit| !matches!(edit.tag, Mark::Removed(_)))
    {
        return None;
    }
    let allowed = |whole: u64| (1.0 - limits.text) * whole as f64;
    // A text has no more characters than bytes, so most are passed after a look at their start.
    let enough = (MENDED_BY * allowed(original.len() as u64)) as usize;
    if visible(text).nth(enough).is_some() {
        return None;
    }
    let after = characters(text);
    let whole = characters(&mends(original, settings).apply(original));
    if whole < limits.least_text.max(1) || after as f64 >= allowed(whole) {
        return None;
    }
    let mut rules: BTreeMap<&Cow<'static, str>, usize> = BTreeMap::new();
    for edit in edits.iter() {
        if let Some(why) = whys.get(edit.tag) {
            *rules.entry(&why.rule).or_default() += edit.span.len();
        }
    }
    let most = rules.into_iter().rev().max_by_key(|(_, bytes)| *bytes)?;
    Some(Spared {
        share: 1.0 - after as f64 / whole as f64,
        rule: most.0.clone(),
    })
}

fn characters(text: &str) -> u64 {
    visible(text).count() as u64
}

fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|part| !part.is_whitespace())
}

/// What a run would drop, of all and of each site.
#[derive(Debug, Default)]
pub struct Brake {
    all: Dropped,
    /// Documents of each site that was read.
    read: FxHashMap<u64, u64>,
    /// What would be dropped of the sites that are counted.
    sites: BTreeMap<String, Dropped>,
}

/// Documents that would be dropped.
#[derive(Debug, Default)]
struct Dropped {
    duplicates: u64,
    empty: u64,
    /// The ids of the first.
    examples: Vec<String>,
}

impl Dropped {
    const fn count(&self) -> u64 {
        self.duplicates + self.empty
    }

    fn take(&mut self, id: &str, reason: DropReason) {
        match reason {
            DropReason::Duplicate => self.duplicates += 1,
            DropReason::Empty => self.empty += 1,
        }
        if self.examples.len() < EXAMPLES {
            self.examples.push(id.to_owned());
        }
    }
}

impl Brake {
    /// Takes note of a document of `site`.
    pub fn read(&mut self, site: &str) {
        if site.is_empty() {
            return;
        }
        let known = self.read.len();
        match self.read.entry(hash::word(site.as_bytes())) {
            std::collections::hash_map::Entry::Occupied(mut count) => *count.get_mut() += 1,
            std::collections::hash_map::Entry::Vacant(place) if known < SITES_COUNTED => {
                place.insert(1);
            }
            std::collections::hash_map::Entry::Vacant(_) => {}
        }
    }

    /// Takes note of a document that would be dropped; it was read before.
    pub fn drop(&mut self, site: &str, id: &str, reason: DropReason) {
        self.all.take(id, reason);
        if let Some(dropped) = self.sites.get_mut(site) {
            dropped.take(id, reason);
        } else if self.read.contains_key(&hash::word(site.as_bytes())) {
            let mut dropped = Dropped::default();
            dropped.take(id, reason);
            self.sites.insert(site.to_owned(), dropped);
        }
    }

    /// Judges the run when all of it is known; `tally` has what was read and what rules took.
    ///
    /// # Errors
    ///
    /// More would go than `limits` allow: who is to blame, and the flag that lets it through.
    pub fn check(&self, limits: &BrakeSettings, tally: &Tally) -> Result<()> {
        let accounting = &tally.accounting;
        let documents = accounting.read - accounting.rejected;
        let over = |dropped: &Dropped, of: u64, limit: f64| {
            of >= limits.least_documents && dropped.count() as f64 > limit * of as f64
        };
        if over(&self.all, documents, limits.documents) {
            let whole = told(&self.all, documents, limits.documents);
            let worst = self.sites.iter().max_by_key(|(_, dropped)| dropped.count());
            let site = worst.map_or_else(String::new, |(name, dropped)| {
                format!("; most of them ({}) are of {name}", dropped.count())
            });
            let rule = most(&self.all, tally);
            return Err(Error::brake(format!(
                "the brake stopped the run: {whole}{site}{rule}. No output was written. --no-brake lets the run through; --brake-documents SHARE sets the limit"
            )));
        }
        let of = |name: &str| {
            let read = self.read.get(&hash::word(name.as_bytes()));
            read.copied().unwrap_or_default()
        };
        let mut wrong: Vec<(&String, &Dropped)> = self
            .sites
            .iter()
            .filter(|(name, dropped)| over(dropped, of(name), limits.site))
            .collect();
        wrong.sort_by_key(|(_, dropped)| std::cmp::Reverse(dropped.count()));
        let Some((name, dropped)) = wrong.first() else {
            return Ok(());
        };
        let others = match wrong.len() - 1 {
            0 => String::new(),
            1 => "; 1 more site is over the limit too".to_owned(),
            others => format!("; {others} more sites are over the limit too"),
        };
        Err(Error::brake(format!(
            "the brake stopped the run: of {name} {}{others}{}. No output was written. --no-brake lets the run through; --brake-site SHARE sets the limit",
            told(dropped, of(name), limits.site),
            most(dropped, tally)
        )))
    }
}

fn told(dropped: &Dropped, of: u64, limit: f64) -> String {
    format!(
        "{} of {} would be dropped ({:.1} %, and {:.1} % may), {} as duplicates and {} because nothing of them is left, such as {}",
        grouped(dropped.count()),
        counted(of, "document", "documents"),
        100.0 * dropped.count() as f64 / of.max(1) as f64,
        100.0 * limit,
        grouped(dropped.duplicates),
        grouped(dropped.empty),
        dropped.examples.join(", ")
    )
}

/// Returns who took most text, if anyone took any; where most of what would go are duplicates, no
/// rule is to blame.
fn most(dropped: &Dropped, tally: &Tally) -> String {
    if dropped.duplicates > dropped.empty {
        return String::new();
    }
    let rules = tally.rules.iter().rev();
    rules
        .max_by_key(|(_, rule)| rule.bytes)
        .map_or_else(String::new, |(name, rule)| {
            format!(
                "; the rule that took most text is {name} ({})",
                counted(rule.bytes, "byte", "bytes")
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_that_are_not_counted_are_neither_held_nor_judged() {
        let mut brake = Brake::default();
        for site in 0..SITES_COUNTED + 3 {
            brake.read(&format!("s{site}"));
        }
        for site in SITES_COUNTED..SITES_COUNTED + 3 {
            brake.drop(&format!("s{site}"), "one", DropReason::Duplicate);
        }
        brake.drop("", "two", DropReason::Empty);
        assert!(brake.sites.is_empty());
        let mut tally = Tally::default();
        tally.accounting.read = SITES_COUNTED as u64 + 3;
        let limits = BrakeSettings {
            least_documents: 0,
            site: 0.5,
            ..BrakeSettings::default()
        };
        brake.check(&limits, &tally).unwrap();
        brake.drop("s0", "three", DropReason::Duplicate);
        let said = brake.check(&limits, &tally).unwrap_err().to_string();
        assert!(said.contains("of s0 1 of 1 document"), "{said}");
    }
}
