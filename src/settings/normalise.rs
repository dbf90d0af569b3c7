//! Which mends the normalise desk makes.

use serde::{Deserialize, Serialize};

/// One switch a mend; all are on by default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NormaliseSettings {
    /// Text decoded with the wrong charset, once or more ("â€™").
    pub mojibake: bool,
    /// HTML entities ("&amp;", "&eacute").
    pub entities: bool,
    /// Canonical composition (Unicode NFC).
    pub nfc: bool,
    /// Control characters, NUL among them.
    pub controls: bool,
    /// Zero-width characters, byte order marks and stray bidi marks, where they join nothing.
    pub zero_width: bool,
    /// Soft hyphens.
    pub soft_hyphens: bool,
    /// No-break and other exotic spaces become a space.
    pub spaces: bool,
    /// CR LF, CR, NEL, line and paragraph separators become a line feed.
    pub line_breaks: bool,
    /// Runs of blank lines become one blank line.
    pub blank_lines: bool,
}

impl NormaliseSettings {
    /// Returns the settings that change nothing.
    pub const fn off() -> Self {
        Self {
            mojibake: false,
            entities: false,
            nfc: false,
            controls: false,
            zero_width: false,
            soft_hyphens: false,
            spaces: false,
            line_breaks: false,
            blank_lines: false,
        }
    }
}

impl Default for NormaliseSettings {
    fn default() -> Self {
        Self {
            mojibake: true,
            entities: true,
            nfc: true,
            controls: true,
            zero_width: true,
            soft_hyphens: true,
            spaces: true,
            line_breaks: true,
            blank_lines: true,
        }
    }
}
