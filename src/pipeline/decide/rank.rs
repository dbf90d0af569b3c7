//! Which of several similar documents stays.

use crate::settings::{InputSettings, Keep};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// What a document is ranked by; smaller ranks first.
#[derive(Clone, Debug, PartialEq)]
pub enum Rank {
    /// A number; the greatest ranks first.
    Number(f64),
    /// A string; the greatest ranks first, behind every number.
    Text(String),
    /// Nothing to rank by: behind all others.
    Missing,
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => two.total_cmp(one),
            (Self::Text(one), Self::Text(two)) => two.cmp(one),
            (Self::Missing, Self::Missing) => Ordering::Equal,
            (Self::Number(_), _) | (_, Self::Missing) => Ordering::Less,
            (_, Self::Number(_)) | (Self::Missing, _) => Ordering::Greater,
        }
    }
}

impl Rank {
    /// Returns the rank as it lies in a fingerprint.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Missing => Vec::new(),
            Self::Number(number) => [&[0], &number.to_le_bytes()[..]].concat(),
            Self::Text(text) => [&[1], text.as_bytes()].concat(),
        }
    }

    /// Reads what [`Rank::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first() {
            None => Some(Self::Missing),
            Some((0, number)) => Some(Self::Number(f64::from_le_bytes(number.try_into().ok()?))),
            Some((_, text)) => Some(Self::Text(std::str::from_utf8(text).ok()?.to_owned())),
        }
    }
}

/// Returns the field that `keep` needs to see, if any.
pub fn field<'a>(keep: &'a Keep, input: &'a InputSettings) -> Option<&'a str> {
    match keep {
        Keep::First | Keep::Longest => None,
        Keep::Earliest | Keep::Latest => Some(&input.date_field),
        Keep::Field(name) => Some(name),
    }
}

/// Returns the rank of a document by its cleaned text and the JSON text of its
/// ranking field. Equal ranks go by the order of reading.
pub fn rank(keep: &Keep, text: &str, value: Option<&str>) -> Rank {
    match keep {
        Keep::First => Rank::Missing,
        Keep::Longest => Rank::Number(text.chars().count() as f64),
        Keep::Earliest => value
            .and_then(seconds)
            .map_or(Rank::Missing, |time| Rank::Number(-time)),
        Keep::Latest => value.and_then(seconds).map_or(Rank::Missing, Rank::Number),
        Keep::Field(_) => value.map_or(Rank::Missing, |raw| {
            if let Ok(number) = raw.parse::<f64>() {
                Rank::Number(number)
            } else {
                serde_json::from_str(raw).map_or(Rank::Missing, Rank::Text)
            }
        }),
    }
}

/// Returns the time that a JSON value tells, in seconds since 1970: a number of
/// seconds or milliseconds, or a date in the manner of RFC 3339, ISO 8601 or
/// RFC 2822. Without a zone it is taken as UTC.
fn seconds(raw: &str) -> Option<f64> {
    if let Ok(number) = raw.parse::<f64>() {
        // Beyond the year 5138 a number of seconds is one of milliseconds.
        return Some(if number.abs() >= 1e11 {
            number / 1e3
        } else {
            number
        });
    }
    let text: String = serde_json::from_str(raw).ok()?;
    let text = text.trim();
    let stamp = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| {
            let time = text.parse::<DateTime>().ok()?;
            TimeZone::UTC.to_timestamp(time).ok()
        })
        .or_else(|| {
            let date = text.parse::<Date>().ok()?;
            TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()
        })
        .or_else(|| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp()))?;
    Some(stamp.as_millisecond() as f64 / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_forms_are_one_time() {
        for raw in [
            "1700000000",
            "1700000000000",
            "\"2023-11-14T22:13:20Z\"",
            "\"2023-11-14T23:13:20+01:00\"",
            "\"2023-11-14 22:13:20\"",
            "\"Tue, 14 Nov 2023 22:13:20 +0000\"",
        ] {
            assert_eq!(seconds(raw), Some(1.7e9), "{raw}");
        }
        assert_eq!(seconds("\"2023-11-14\""), Some(1_699_920_000.0));
        for raw in ["null", "\"yesterday\"", "true", "[]"] {
            assert_eq!(seconds(raw), None, "{raw}");
        }
    }

    #[test]
    fn the_greatest_ranks_first_and_the_missing_last() {
        let keep = Keep::Field("score".into());
        let mut ranks: Vec<Rank> = [
            Some("3"),
            None,
            Some("\"b\""),
            Some("20"),
            Some("\"a\""),
            Some("null"),
        ]
        .into_iter()
        .map(|value| rank(&keep, "", value))
        .collect();
        ranks.sort();
        assert_eq!(
            ranks,
            [
                Rank::Number(20.0),
                Rank::Number(3.0),
                Rank::Text("b".into()),
                Rank::Text("a".into()),
                Rank::Missing,
                Rank::Missing
            ]
        );
        for rank in ranks {
            assert_eq!(Rank::from_bytes(&rank.to_bytes()), Some(rank));
        }
        assert!(rank(&Keep::Earliest, "", Some("5")) < rank(&Keep::Earliest, "", Some("6")));
        assert!(rank(&Keep::Latest, "", Some("6")) < rank(&Keep::Latest, "", Some("5")));
        assert!(rank(&Keep::Longest, "long", None) < rank(&Keep::Longest, "lo", None));
    }
}
