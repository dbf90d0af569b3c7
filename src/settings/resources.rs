//! What a run may use, and how its output lies on disk.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// How files in an output folder are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Packing {
    /// Not at all.
    #[default]
    None,
    /// Gzip.
    Gz,
    /// Zstandard.
    Zst,
}

/// What a run may use, and how its output lies on disk. Nothing here changes what is decided, but
/// for `max_record`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resources {
    /// Threads to work with; 0 is one a core.
    pub threads: usize,
    /// About how many bytes of memory the search for duplicates may use.
    pub memory: Size,
    /// Where things are laid aside while a run goes; where nothing is said, in the output folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temp_dir: Option<PathBuf>,
    /// How files in an output folder are packed.
    pub compress: Packing,
    /// After how many bytes the next `cleaned-*.jsonl` begins.
    pub shard_size: Size,
    /// The longest record taken, in bytes; longer ones are rejected.
    pub max_record: Size,
}

impl Default for Resources {
    fn default() -> Self {
        Self {
            threads: 0,
            memory: Size(2 << 30),
            temp_dir: None,
            compress: Packing::None,
            shard_size: Size(1 << 30),
            max_record: Size(64 << 20),
        }
    }
}

impl Resources {
    /// Checks that every number lies in its range.
    ///
    /// # Errors
    ///
    /// The first that does not, with the range.
    pub fn check(&self) -> Result<(), Error> {
        if self.memory < LEAST_MEMORY {
            return Err(Error::setting(
                "resources.memory",
                format!(
                    "{} bytes found; expected {LEAST_MEMORY} at least, such as 2GiB: a bare number is bytes, so {}GiB may be meant",
                    self.memory.0, self.memory.0
                ),
            ));
        }
        Ok(())
    }
}

/// Fewer bytes than this are a number without its unit.
const LEAST_MEMORY: Size = Size(1 << 10);

/// A number of bytes, written as `64MiB`, `1g` or `512k`; a bare number is bytes. `k` is 1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Size(pub u64);

impl Size {
    /// Returns the number as one of this machine.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] {
            if self.0 > 0 && self.0.trailing_zeros() >= shift {
                return write!(f, "{}{unit}", self.0 >> shift);
            }
        }
        self.0.fmt(f)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_ascii_lowercase();
        let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match lower.get(digits.len()..).unwrap_or_default() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            "t" | "tb" | "tib" => 1 << 40,
            _ => {
                return Err(format!(
                    "{text:?} is no size; expected a number with k, m or g behind it, such as 64MiB"
                ));
            }
        };
        digits
            .trim()
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(unit))
            .filter(|bytes| *bytes > 0)
            .map(Self)
            .ok_or_else(|| {
                format!("{text:?} is no size; expected a whole number above 0, such as 64MiB")
            })
    }
}

/// A [`Size`] as it stands in files.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "no size; expected a whole number of bytes above 0, or a text such as \"64MiB\""
)]
enum Written {
    Number(u64),
    Text(String),
}

impl From<Size> for Written {
    fn from(size: Size) -> Self {
        Self::Text(size.to_string())
    }
}

impl TryFrom<Written> for Size {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Number(bytes) => bytes.to_string().parse(),
            Written::Text(text) => text.parse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("1", Some(1)),
            ("64MiB", Some(64 << 20)),
            ("1g", Some(1 << 30)),
            ("512 kB", Some(512 << 10)),
            ("0", None),
            ("x", None),
            ("1q", None),
            ("-1", None),
            ("7b", Some(7)),
            ("5i", None),
            ("5ib", None),
            ("10ki", None),
            ("10kibb", None),
        ] {
            assert_eq!(text.parse().ok(), bytes.map(Size), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_as_they_are_read() {
        for (bytes, text) in [
            (1, "1"),
            (1 << 10, "1KiB"),
            (1500, "1500"),
            (64 << 20, "64MiB"),
            (3 << 30, "3GiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
            assert_eq!(text.parse(), Ok(Size(bytes)));
        }
    }
}
