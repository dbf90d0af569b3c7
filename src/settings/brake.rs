//! How much may go before someone has to look.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// Limits of what a run may take out, as shares from 0 to 1; 1 is no limit.
///
/// A document over its limit is left as it was and flagged; a run over its limits stops before
/// anything stands under a final name. Shares of few mean nothing, so each limit has a least size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrakeSettings {
    /// Greatest share of all documents that may be dropped, as duplicates or because nothing of
    /// them is left. Corpora made of nothing but re-crawls lose four fifths; a text field that
    /// holds the same notice everywhere loses all but one.
    pub documents: f64,
    /// Greatest share of one site's documents that may be dropped.
    pub site: f64,
    /// With fewer documents, of the run or of the site, the two limits above say nothing.
    pub least_documents: u64,
    /// Greatest share of one document's text that the headline and boilerplate desks may take, in
    /// characters that are no white space. Of 4,959 real pages, every fourth of them dumped whole,
    /// none lost more than 0.977 at `standard`, and five more than 0.98 at `aggressive`.
    pub text: f64,
    /// With fewer characters that are no white space, the limit on text says nothing: a short
    /// page may well hold nothing but furniture.
    pub least_text: u64,
}

impl Default for BrakeSettings {
    fn default() -> Self {
        Self {
            documents: 0.9,
            site: 0.98,
            least_documents: 100,
            text: 0.98,
            least_text: 500,
        }
    }
}

impl BrakeSettings {
    /// Lets every run through. Documents over their limit are left alone all the same.
    pub fn release(&mut self) {
        self.documents = 1.0;
        self.site = 1.0;
    }

    /// Checks that every share lies between 0 and 1.
    pub(super) fn check(&self) -> Result<()> {
        for (name, share) in [
            ("brake.documents", self.documents),
            ("brake.site", self.site),
            ("brake.text", self.text),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(Error::setting(
                    name,
                    format!(
                        "{share} is out of range; expected a share from 0 to 1, such as 0.9 (1 is no limit)"
                    ),
                ));
            }
        }
        Ok(())
    }
}
