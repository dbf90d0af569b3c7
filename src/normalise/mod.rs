//! The normalise desk: characters that a scraper, a server or an editor mangled
//! become what the author wrote.
//!
//! In goes a text and which mends to make, out come the edits that mend it, each
//! with the mend's name. A clean text costs one scan and gives no edits.
//!
//! One mend a file: `entities`, `mojibake`, `line_breaks`, `controls`,
//! `zero_width`, `soft_hyphens`, `spaces`, `nfc`, `blank_lines`; they
//! run in that order, so that each sees what an earlier one uncovered ("Ã&shy;"
//! is a mangled "í" once the entity is read). Where a later mend uncovers work
//! for an earlier one, another round is made, until a round changes nothing:
//! mending the mended text therefore changes nothing. `survey` is the scan
//! that tells which mends a text can need at all.
//!
//! Case, quotes, dashes and emoji are the author's. U+FFFD, where a character
//! was lost for good, stays for the reader to see.

mod blank_lines;
mod controls;
mod entities;
mod line_breaks;
mod mojibake;
mod nfc;
mod soft_hyphens;
mod spaces;
mod survey;
#[cfg(test)]
mod tests;
mod zero_width;

use crate::document::{Edits, Tag};
use crate::settings::NormaliseSettings;
use std::borrow::Cow;

/// Which mend made an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mend {
    /// An HTML entity was read.
    Entities,
    /// Text decoded with the wrong charset was decoded with the right one.
    Mojibake,
    /// A line break of another system became a line feed.
    LineBreaks,
    /// A control character or noncharacter was taken out.
    Controls,
    /// A zero-width character or bidi mark was taken out.
    ZeroWidth,
    /// A soft hyphen was taken out.
    SoftHyphens,
    /// An exotic space became a space.
    Spaces,
    /// A character was composed as Unicode NFC has it.
    Nfc,
    /// Blank lines after a first one were taken out.
    BlankLines,
}

impl Mend {
    /// Returns every mend, in the order in which they run.
    pub const ALL: [Self; 9] = [
        Self::Entities,
        Self::Mojibake,
        Self::LineBreaks,
        Self::Controls,
        Self::ZeroWidth,
        Self::SoftHyphens,
        Self::Spaces,
        Self::Nfc,
        Self::BlankLines,
    ];

    /// Returns the name used in the ledger, such as `zero-width`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entities => "entities",
            Self::Mojibake => "mojibake",
            Self::LineBreaks => "line-breaks",
            Self::Controls => "controls",
            Self::ZeroWidth => "zero-width",
            Self::SoftHyphens => "soft-hyphens",
            Self::Spaces => "spaces",
            Self::Nfc => "nfc",
            Self::BlankLines => "blank-lines",
        }
    }

    /// Returns the mend of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mend| mend.as_str() == name)
    }

    /// Returns whether `settings` ask for the mend.
    pub(crate) const fn is_on(self, settings: &NormaliseSettings) -> bool {
        match self {
            Self::Entities => settings.entities,
            Self::Mojibake => settings.mojibake,
            Self::LineBreaks => settings.line_breaks,
            Self::Controls => settings.controls,
            Self::ZeroWidth => settings.zero_width,
            Self::SoftHyphens => settings.soft_hyphens,
            Self::Spaces => settings.spaces,
            Self::Nfc => settings.nfc,
            Self::BlankLines => settings.blank_lines,
        }
    }

    /// Returns the edits that the mend alone makes to `text`.
    fn make(self, text: &str) -> Edits<Self> {
        match self {
            Self::Entities => entities::mend(text),
            Self::Mojibake => mojibake::mend(text),
            Self::LineBreaks => line_breaks::mend(text),
            Self::Controls => controls::mend(text),
            Self::ZeroWidth => zero_width::mend(text),
            Self::SoftHyphens => soft_hyphens::mend(text),
            Self::Spaces => spaces::mend(text),
            Self::Nfc => nfc::mend(text),
            Self::BlankLines => blank_lines::mend(text),
        }
    }
}

impl Tag for Mend {
    fn number(self) -> u32 {
        self as u32
    }

    fn of(number: u32) -> Self {
        let mend = Self::ALL.get(number as usize);
        mend.copied().unwrap_or(Self::BlankLines)
    }
}

/// The rounds after which a text counts as made to never settle.
///
/// Real text settles in two or three; each level of mojibake on mojibake, and
/// each level of entities cut up by soft hyphens, takes one more.
const ROUNDS: usize = 16;

/// Returns the edits that mend `text`; none where it is clean.
///
/// Applying them gives a text in which `normalise` with the same settings finds
/// nothing. A text that has not settled after 16 rounds is hostile (soft hyphens
/// in entities for soft hyphens in entities …) and is left as it stands, so that
/// this holds for it too.
///
/// ```
/// use copydesk::normalise::{Mend, normalise};
/// use copydesk::settings::NormaliseSettings;
///
/// let text = "CafÃ© &amp; bar\r\n";
/// let edits = normalise(text, &NormaliseSettings::default());
/// assert_eq!(edits.apply(text), "Café & bar\n");
/// let mends: Vec<Mend> = edits.iter().map(|edit| edit.tag).collect();
/// assert_eq!(mends, [Mend::Mojibake, Mend::Entities, Mend::LineBreaks]);
/// ```
pub fn normalise(text: &str, settings: &NormaliseSettings) -> Edits<Mend> {
    let mut all = Edits::new();
    let mut now = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let mut settled = true;
        let mut needs = survey::survey(&now);
        for mend in Mend::ALL {
            if !mend.is_on(settings) {
                continue;
            }
            // Every layer of mojibake comes off before another mend sees what is below.
            let layers = if mend == Mend::Mojibake { ROUNDS } else { 1 };
            for _ in 0..layers {
                if !needs.has(mend) {
                    break;
                }
                let edits = mend.make(&now);
                if edits.is_empty() {
                    break;
                }
                settled = false;
                now = Cow::Owned(edits.apply(&now).into_owned());
                all = all.compose(edits);
                // What was written, or has come together, may be anything.
                needs = survey::survey(&now);
            }
        }
        if settled {
            return all;
        }
    }
    Edits::new()
}
