//! What was taken from each site, and which sites say the same as others.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// How many sites are counted by themselves; sites that first come up later are not. It bounds
/// memory.
const SITES_COUNTED: usize = 1 << 16;

/// How many pairs of sites are counted by themselves.
const PAIRS_COUNTED: usize = 1 << 16;

/// How many sites, and pairs of sites, the report names.
const SHOWN: usize = 30;

/// What was taken from the sites.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SitesTally {
    /// Documents whose site is known, by a field or an address.
    pub documents: u64,
    /// Sites that were counted, 65,536 at most.
    pub counted: u64,
    /// Documents of sites that came up when so many were known already.
    pub uncounted: u64,
    /// The sites of which most characters were taken out.
    pub most: Vec<SiteTally>,
    /// From whose documents most others were repeated: survivor and duplicate stand on
    /// different sites.
    pub repeating: Vec<SitePair>,
    /// Duplicates whose survivor stands on the same site.
    pub within: u64,
    /// Duplicates whose survivor stands on another site.
    pub across: u64,
    #[serde(skip)]
    known: FxHashMap<String, u32>,
    #[serde(skip)]
    rows: Vec<SiteTally>,
    #[serde(skip)]
    pairs: FxHashMap<(String, String), u64>,
}

/// What was taken from one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteTally {
    /// Its name.
    pub site: String,
    /// Its documents.
    pub documents: u64,
    /// Spans that were taken out of them.
    pub spans: u64,
    /// Lines, or parts of one, that were taken out of them.
    pub lines: u64,
    /// Characters that were taken out of them.
    pub chars: u64,
}

/// Two sites, one of which repeats the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitePair {
    /// The site whose documents stay.
    pub survivor: String,
    /// The site whose documents repeat them.
    pub duplicate: String,
    /// How many do.
    pub documents: u64,
}

impl SitesTally {
    /// Counts a document and returns the number of its site, if it is one that is counted.
    pub fn document(&mut self, site: &str) -> Option<u32> {
        if site.is_empty() {
            return None;
        }
        self.documents += 1;
        let number = match self.known.get(site) {
            Some(number) => *number,
            None if self.rows.len() < SITES_COUNTED => {
                let number = self.rows.len() as u32;
                self.known.insert(site.to_owned(), number);
                self.rows.push(SiteTally {
                    site: site.to_owned(),
                    ..SiteTally::default()
                });
                number
            }
            None => {
                self.uncounted += 1;
                return None;
            }
        };
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.documents += 1;
        }
        Some(number)
    }

    /// Counts what was taken out of a document of that site.
    pub fn removal(&mut self, number: u32, spans: u64, lines: u64, chars: u64) {
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.spans += spans;
            row.lines += lines;
            row.chars += chars;
        }
    }

    /// Counts a duplicate by its site and its survivor's; nothing is counted where one is unknown.
    pub fn repeats(&mut self, duplicate: &str, survivor: &str) {
        if duplicate.is_empty() || survivor.is_empty() {
            return;
        }
        if duplicate == survivor {
            self.within += 1;
            return;
        }
        self.across += 1;
        let pair = (survivor.to_owned(), duplicate.to_owned());
        if let Some(count) = self.pairs.get_mut(&pair) {
            *count += 1;
        } else if self.pairs.len() < PAIRS_COUNTED {
            self.pairs.insert(pair, 1);
        }
    }

    /// Settles which sites are named.
    pub fn finish(&mut self) {
        self.known = FxHashMap::default();
        self.counted = self.rows.len() as u64;
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by(|one, two| {
            two.chars
                .cmp(&one.chars)
                .then_with(|| one.site.cmp(&two.site))
        });
        rows.retain(|row| row.spans > 0);
        rows.truncate(SHOWN);
        self.most = rows;
        let mut pairs: Vec<_> = std::mem::take(&mut self.pairs).into_iter().collect();
        pairs.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
        pairs.truncate(SHOWN);
        self.repeating = pairs
            .into_iter()
            .map(|((survivor, duplicate), documents)| SitePair {
                survivor,
                duplicate,
                documents,
            })
            .collect();
    }
}
