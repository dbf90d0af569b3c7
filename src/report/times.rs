//! How long the stages of a run took: the one thing in a folder that equal runs do not share.
//!
//! Times stand in `report.json` and on the page, each at a place of its own that [`untimed`]
//! leaves out. What is left is the same for equal input, and it is that which the manifest has a
//! digest of.

use super::{REPORT_HTML, REPORT_JSON};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// Stands on the page before its times, which nothing that was scraped can, being escaped.
pub const PAGE_BEGINS: &str = "<!--times-->";

/// Stands on the page behind its times.
pub const PAGE_ENDS: &str = "<!--/times-->";

/// Stands in `report.json` before the times; line feeds inside texts are escaped there.
const JSON_BEGINS: &[u8] = b",\n  \"times\": {";

/// Stands in `report.json` behind the times, which are its last field.
const JSON_ENDS: &[u8] = b"\n}\n";

/// Wall clock seconds of the stages of a run, to the millisecond. Of a run that was stopped and
/// gone on with they are those of all its parts, as far as these were finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// Reading for the site model, where it is learned from the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learn: Option<f64>,
    /// Reading and cleaning; where no duplicates are looked for, writing too.
    pub clean: f64,
    /// Finding duplicates, where they are looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide: Option<f64>,
    /// Writing what stays, where it waited for the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<f64>,
    /// Bringing everything to disk, the page with it, and giving names; it is in no file, since
    /// the files are whole before it ends.
    #[serde(skip)]
    pub finish: Option<f64>,
}

impl Times {
    /// Returns the stages that there were, in order: what is done in them, and their seconds.
    pub fn stages(&self) -> Vec<(&'static str, f64)> {
        let all = [
            ("learning sites", self.learn),
            ("reading and cleaning", Some(self.clean)),
            ("finding duplicates", self.decide),
            ("writing", self.write),
            ("writing the report", self.finish),
        ];
        let known = all.into_iter();
        known
            .filter_map(|(what, seconds)| Some((what, seconds?)))
            .collect()
    }
}

/// Returns seconds, to the millisecond.
pub fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

/// Returns a file of a run's folder without the times that stand in it: of `report.json` and
/// `report.html` what equal runs share, of every other file all.
pub fn untimed<'a>(name: &str, file: &'a [u8]) -> Cow<'a, [u8]> {
    let cut = match name {
        REPORT_JSON => json_times(file),
        REPORT_HTML => page_times(file),
        _ => None,
    };
    let Some((before, behind)) = cut else {
        return Cow::Borrowed(file);
    };
    Cow::Owned([before, behind].concat())
}

/// Returns what stands before and behind the times of `report.json`, if it is times that stand
/// there and nothing else.
fn json_times(file: &[u8]) -> Option<(&[u8], &[u8])> {
    let from = memchr::memmem::rfind(file, JSON_BEGINS)?;
    let to = file.len().checked_sub(JSON_ENDS.len())?;
    let (before, behind) = (file.get(..from)?, file.get(to..)?);
    let times = file.get(from + JSON_BEGINS.len() - 1..to)?;
    let times = serde_json::from_slice::<Times>(times).is_ok();
    (times && behind == JSON_ENDS).then_some((before, behind))
}

/// Returns what stands before and behind the times of the page.
fn page_times(file: &[u8]) -> Option<(&[u8], &[u8])> {
    let from = memchr::memmem::find(file, PAGE_BEGINS.as_bytes())?;
    let rest = file.get(from..)?;
    let end = memchr::memmem::find(rest, PAGE_ENDS.as_bytes())? + PAGE_ENDS.len();
    Some((file.get(..from)?, rest.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_without_times_is_what_equal_runs_share() {
        for (name, file, left) in [
            (
                REPORT_JSON,
                "{\n  \"a\": 1,\n  \"times\": {\n    \"clean\": 0.1\n  }\n}\n",
                "{\n  \"a\": 1\n}\n",
            ),
            (REPORT_JSON, "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1\n}\n"),
            // What is no time is not left out.
            (
                REPORT_JSON,
                "{\n  \"a\": 1,\n  \"times\": {\n    \"clean\": 1,\n    \"lie\": 2\n  }\n}\n",
                "{\n  \"a\": 1,\n  \"times\": {\n    \"clean\": 1,\n    \"lie\": 2\n  }\n}\n",
            ),
            (
                REPORT_JSON,
                "{\n  \"a\": 1,\n  \"times\": {\n    \"clean\": 1\n  },\n  \"b\": 2\n}\n",
                "{\n  \"a\": 1,\n  \"times\": {\n    \"clean\": 1\n  },\n  \"b\": 2\n}\n",
            ),
            // A key of ours deeper down, or of a site, is no time.
            (
                REPORT_JSON,
                "{\n  \"a\": {\n    \"x\": 1,\n    \"times\": {}\n  }\n}\n",
                "{\n  \"a\": {\n    \"x\": 1,\n    \"times\": {}\n  }\n}\n",
            ),
            (REPORT_HTML, "a<!--times-->1 s<!--/times-->b", "ab"),
            (REPORT_HTML, "a<!--times-->b", "a<!--times-->b"),
            (
                "removed.jsonl",
                "<!--times--><!--/times-->",
                "<!--times--><!--/times-->",
            ),
        ] {
            let found = untimed(name, file.as_bytes());
            assert_eq!(std::str::from_utf8(&found).unwrap(), left, "{name}");
        }
    }
}
