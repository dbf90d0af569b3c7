//! A user's own rules: phrases that go, and what is to stay.
//!
//! A file of rules is TOML. Its rows are of the form of the phrase table:
//!
//! ```toml
//! [[phrase]]
//! kind = "newsletter"
//! language = "en"                              # any name; for the ledger
//! phrase = "Get the Courier in your pocket"    # {…} is a few words, {n} a number
//! match = "line"                               # line | prefix | contains
//! risk = "low"                                 # low | medium | high
//! position = "any"                             # head | tail | any
//! removes = ["Get the Courier in your pocket"] # tried by `copydesk rules test`
//! keeps = ["Get the Courier in your pocket, she said, and run."]
//!
//! [[keep]]
//! rule = "share-bar"                           # this rule is off
//!
//! [[keep]]
//! phrase = "Letters to the editor"             # this line stays, whatever a rule says
//! ```
//!
//! Only `kind` and `phrase` must stand in a row; the others are then as above.

use super::toml_file::{LineEnds, from_toml};
use crate::document::Kind;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// How likely a phrase, standing alone in the middle of a body, is the author's own.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Practically never.
    #[default]
    Low,
    /// Sometimes.
    Medium,
    /// Often: it may only go in company.
    High,
}

impl Risk {
    /// Returns the name used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Returns the next higher risk.
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
        }
    }
}

/// How a phrase must lie in a line.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The whole line equals it.
    #[default]
    Line,
    /// The line starts with it.
    Prefix,
    /// The line contains it.
    Contains,
}

impl Fit {
    /// Returns the name used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Prefix => "prefix",
            Self::Contains => "contains",
        }
    }
}

/// Where a phrase is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Position {
    /// Before the body.
    Head,
    /// After the body.
    Tail,
    /// Anywhere.
    #[default]
    Any,
}

impl Position {
    /// Returns the name used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Tail => "tail",
            Self::Any => "any",
        }
    }
}

/// What a user adds to the catalogue, and what it is to leave alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserRules {
    /// Phrases that go.
    pub phrases: Vec<UserPhrase>,
    /// What stays.
    pub keeps: Vec<Allow>,
}

/// A row of the user's.
#[derive(Clone, Debug, PartialEq)]
pub struct UserPhrase {
    /// The line of the file where the row begins.
    pub line: usize,
    /// What sort of furniture it is.
    pub kind: Kind,
    /// The language's name, for the ledger.
    pub language: String,
    /// The words, with `{…}` for a few and `{n}` for a number.
    pub phrase: String,
    /// How it must lie in a line.
    pub fit: Fit,
    /// How likely it is an author's own.
    pub risk: Risk,
    /// Where it is printed.
    pub position: Position,
    /// Lines or pages that lose it.
    pub removes: Vec<String>,
    /// Lines or pages that stay whole.
    pub keeps: Vec<String>,
}

/// Something that is to stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    /// The line of the file where the entry begins.
    pub line: usize,
    /// What it is.
    pub what: Allowed,
}

/// What may be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// All that this rule would take.
    Rule(String),
    /// Lines that are this phrase, whatever a rule says of them.
    Phrase(String, Fit),
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    phrase: Vec<Spanned<PhraseRow>>,
    #[serde(default)]
    keep: Vec<Spanned<KeepRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseRow {
    kind: Kind,
    #[serde(default = "undetermined")]
    language: String,
    phrase: String,
    #[serde(default, rename = "match")]
    fit: Fit,
    #[serde(default)]
    risk: Risk,
    #[serde(default)]
    position: Position,
    #[serde(default)]
    removes: Vec<String>,
    #[serde(default)]
    keeps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepRow {
    rule: Option<String>,
    phrase: Option<String>,
    #[serde(rename = "match")]
    fit: Option<Fit>,
}

/// The tag of a language that nobody named.
fn undetermined() -> String {
    "und".to_owned()
}

impl UserRules {
    /// Reads a file of rules; `place` names it in errors.
    ///
    /// Whether rules of such names exist and phrases say enough is known to the
    /// boilerplate desk: [`crate::boilerplate::problem`] tells.
    ///
    /// # Errors
    ///
    /// What is no TOML, an unknown key, a value that cannot be: file, line, mend.
    pub fn from_toml(place: &str, text: &str) -> Result<Self> {
        let file: File = from_toml(place, text)?;
        let ends = LineEnds::of(text);
        let phrases = file.phrase.into_iter().map(|row| {
            let line = ends.line_at(row.span().start);
            let row = row.into_inner();
            UserPhrase {
                line,
                kind: row.kind,
                language: row.language,
                phrase: row.phrase,
                fit: row.fit,
                risk: row.risk,
                position: row.position,
                removes: row.removes,
                keeps: row.keeps,
            }
        });
        let keeps = file.keep.into_iter().map(|row| {
            let line = ends.line_at(row.span().start);
            let row = row.into_inner();
            let what = match (row.rule, row.phrase, row.fit) {
                (Some(rule), None, None) => Allowed::Rule(rule),
                (None, Some(phrase), fit) => Allowed::Phrase(phrase, fit.unwrap_or_default()),
                (None, None, _) => {
                    return Err(Error::setting(
                        format!("{place}:{line}"),
                        "this [[keep]] says nothing; expected `rule` = a rule's name or `phrase` = a line",
                    ));
                }
                _ => {
                    return Err(Error::setting(
                        format!("{place}:{line}"),
                        "this [[keep]] has `rule` and keys of a phrase; write two [[keep]] entries",
                    ));
                }
            };
            Ok(Allow { line, what })
        });
        Ok(Self {
            phrases: phrases.collect(),
            keeps: keeps.collect::<Result<_>>()?,
        })
    }

    /// Returns whether nothing is added and nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty() && self.keeps.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_line_and_its_mend() {
        let row = "[[phrase]]\nkind = \"share\"\nphrase = \"Pass it on\"\n";
        for (text, said) in [
            (
                "[[phrse]]\n",
                "my.toml:1: unknown field `phrse`, expected `phrase` or `keep`; did you mean `phrase`?",
            ),
            (
                "\n[[phrase]]\nkind = \"shares\"\nphrase = \"x\"\n",
                "my.toml:3: unknown variant `shares`",
            ),
            (
                "[[phrase]]\nkind = \"share\"\n",
                "my.toml:1: missing field `phrase`",
            ),
            (
                &format!("{row}match = \"word\"\n"),
                "my.toml:4: unknown variant `word`, expected one of `line`, `prefix`, `contains`",
            ),
            (&format!("{row}risk = 3\n"), "my.toml:4: "),
            (
                &format!("{row}riks = \"low\"\n"),
                "my.toml:4: unknown field `riks`",
            ),
            (
                &format!("{row}\n[[keep]]\n"),
                "my.toml:5: this [[keep]] says nothing",
            ),
            (
                &format!("{row}\n[[keep]]\nrule = \"a\"\nphrase = \"b\"\n"),
                "my.toml:5: this [[keep]] has `rule` and",
            ),
            ("[[phrase]\n", "my.toml:1: "),
        ] {
            let bad = UserRules::from_toml("my.toml", text).unwrap_err();
            assert!(bad.to_string().starts_with(said), "{text}\n{bad}\n{said}");
            assert!(bad.is_usage());
        }
    }

    #[test]
    fn a_row_needs_no_more_than_a_kind_and_a_phrase() {
        let rules = UserRules::from_toml(
            "",
            "\n[[phrase]]\nkind = \"share\"\nphrase = \"Pass it on\"\n",
        )
        .unwrap();
        let row = &rules.phrases[0];
        assert_eq!(
            (row.line, row.fit, row.risk, row.position, &*row.language),
            (2, Fit::Line, Risk::Low, Position::Any, "und")
        );
    }
}
