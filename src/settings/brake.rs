//! How much may go before someone has to look.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

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
    /// With fewer documents, of the run or of the site, the two limits above say nothing; and
    /// with fewer records nothing is said of rejected ones, where `rejects` says nothing.
    pub least_documents: u64,
    /// How many records may be rejected; where nothing is said, half of them, asked when all are
    /// read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejects: Option<MostRejects>,
    /// Greatest share of one document's text that the headline and boilerplate desks may take, in
    /// characters that are no white space. Of 4,959 real pages, every fourth of them dumped whole,
    /// none lost more than 0.98 at `standard`, and eleven did at `aggressive`.
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
            rejects: None,
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
        self.rejects = Some(MostRejects::Share(1.0));
    }

    /// Returns whether more records were rejected than is likely to be meant, where nothing is
    /// said about it.
    pub const fn most_are_rejected(&self, rejected: u64, read: u64) -> bool {
        read >= self.least_documents && rejected > read / 2
    }

    /// Checks that every share lies between 0 and 1.
    pub(super) fn check(&self) -> Result<(), Error> {
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

/// How many records may be rejected: a number, or a share of those read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum MostRejects {
    /// So many.
    Number(u64),
    /// So much of all, from 0 to 1; asked from a thousand records on, and at the end.
    Share(f64),
}

impl MostRejects {
    /// Returns whether `rejected` of `read` records are too many; `whole` tells whether all are read.
    pub fn is_exceeded(self, rejected: u64, read: u64, whole: bool) -> bool {
        match self {
            Self::Number(most) => rejected > most,
            Self::Share(most) => (whole || read >= 1000) && rejected as f64 > most * read as f64,
        }
    }
}

impl fmt::Display for MostRejects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(most) => most.fmt(f),
            Self::Share(most) => write!(f, "{}%", (most * 1e8).round() / 1e6),
        }
    }
}

impl FromStr for MostRejects {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "{text:?} is no number of records; expected one such as 100, or a share such as 1%"
            )
        };
        match text.trim().strip_suffix('%') {
            None => text.trim().parse().map(Self::Number).map_err(|_| bad()),
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| bad())?;
                let share = Self::Share(percent / 100.0);
                (0.0..=100.0)
                    .contains(&percent)
                    .then_some(share)
                    .ok_or_else(bad)
            }
        }
    }
}

/// A [`MostRejects`] as it stands in files.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "no number of records; expected one such as 100, or a share such as \"1%\""
)]
enum Written {
    Number(u64),
    Text(String),
}

impl From<MostRejects> for Written {
    fn from(most: MostRejects) -> Self {
        match most {
            MostRejects::Number(most) => Self::Number(most),
            MostRejects::Share(_) => Self::Text(most.to_string()),
        }
    }
}

impl TryFrom<Written> for MostRejects {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Number(most) => Ok(Self::Number(most)),
            Written::Text(text) => text.parse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_are_limited_by_number_or_share() {
        for (text, exceeded) in [
            ("10", Some([false, true, true])),
            ("0", Some([true, true, true])),
            ("1%", Some([false, false, true])),
            ("0.5 %", Some([false, true, true])),
            ("0%", Some([false, true, true])),
            ("101%", None),
            ("-1", None),
            ("many", None),
        ] {
            let found = text.parse::<MostRejects>().ok().map(|most| {
                [(10, 999), (11, 1100), (12, 1100)]
                    .map(|(rejected, read)| most.is_exceeded(rejected, read, false))
            });
            assert_eq!(found, exceeded, "{text}");
        }
        assert_eq!("2.5%".parse::<MostRejects>().unwrap().to_string(), "2.5%");
        assert!(MostRejects::Share(0.01).is_exceeded(1, 2, true));
        let mut limits = BrakeSettings::default();
        for (rejected, read, most) in [
            (50, 99, false),
            (50, 100, false),
            (51, 100, true),
            (51, 101, true),
            (50, 101, false),
        ] {
            assert_eq!(
                limits.most_are_rejected(rejected, read),
                most,
                "{rejected} of {read}"
            );
        }
        limits.release();
        let all = limits
            .rejects
            .map(|most| most.is_exceeded(2000, 2000, true));
        assert_eq!(all, Some(false), "what is let through is let through");
    }
}
