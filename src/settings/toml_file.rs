//! Files of settings in TOML: every mistake is told with its line and its mend.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;

/// Reads `text` as TOML; `place` names it in errors.
///
/// # Errors
///
/// What is no TOML, an unknown key or a value that cannot be, with the line,
/// and the nearest name where one is near.
pub fn from_toml<T: DeserializeOwned>(place: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|bad| {
        let mut said = bad.message().to_owned();
        if let Some(hint) = meant(&said) {
            said.push_str(&hint);
        }
        let at = bad.span().map_or(0, |span| span.start);
        Error::setting(format!("{place}:{}", LineEnds::of(text).line_at(at)), said)
    })
}

/// Returns the name of `known` that `found` may be a mistyping of.
pub fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let near = |name: &&str| strsim::jaro_winkler(found, name);
    let best = known
        .iter()
        .copied()
        .max_by(|one, two| near(one).total_cmp(&near(two)))?;
    if near(&best) > 0.75 {
        return Some(best);
    }
    // Of a short name one slip of the finger changes too much for that measure.
    let mut known = known.iter().copied().filter(|name| name.len() > 2);
    known.find(|name| strsim::osa_distance(found, name) == 1)
}

/// Where the lines of a text end.
pub(super) struct LineEnds(Vec<usize>);

impl LineEnds {
    pub(super) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// Returns the number, from 1, of the line of a byte.
    pub(super) fn line_at(&self, byte: usize) -> usize {
        1 + self.0.partition_point(|end| *end < byte)
    }
}

/// Returns "did you mean" for serde's message on an unknown key.
pub(super) fn meant(said: &str) -> Option<String> {
    let mut quoted = said.split('`').skip(1).step_by(2);
    let (found, known): (&str, Vec<&str>) = (quoted.next()?, quoted.collect());
    if !said.starts_with("unknown") {
        return None;
    }
    nearest(found, &known).map(|name| format!("; did you mean `{name}`?"))
}
