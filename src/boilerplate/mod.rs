//! The boilerplate desk: what a page prints around an article goes.
//!
//! First [evidence](evidence) is taken about every line: its shape, the phrase
//! of the table it is, where it stands against the body's long sentences. Then
//! the [rules](rules) decide over the whole page, the surest first: phrases
//! that no author writes go wherever they stand, doubtful ones only before or
//! after the body, words such as "Name" only in the company of a sure one.
//! Every finding names its rule and what it saw.
//!
//! Precision comes first: an article's own sentence is practically never taken.

mod decide;
mod evidence;
mod judge;
mod matcher;
pub mod model;
mod phrase;
pub mod rules;
mod shape;
#[cfg(test)]
mod tests;
mod zones;

use crate::document::{Finding, Page};
use crate::settings::{BoilerplateSettings, Level};
pub(crate) use judge::VETO;
use matcher::Matcher;
use model::LineModel;
use std::sync::LazyLock;

/// The compiled phrases, to find boilerplate with.
///
/// Building one takes some hundredths of a second; it can be shared between
/// threads.
pub struct Catalogue {
    matcher: Matcher,
}

impl Catalogue {
    /// Returns the catalogue that ships with the program, built at first use.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Catalogue> = LazyLock::new(|| Catalogue {
            matcher: Matcher::new(phrase::shipped()),
        });
        &SHIPPED
    }

    /// Returns the number of phrases in the table.
    pub fn phrases(&self) -> usize {
        self.matcher.len()
    }

    /// Finds the boilerplate of `page`.
    ///
    /// `taken` are findings of other desks, ascending: their lines count as
    /// gone. A finding that covers a whole line covers the line's trimmed text.
    /// Findings come ascending and disjoint.
    pub fn find(
        &self,
        page: &Page<'_>,
        taken: &[Finding],
        settings: &BoilerplateSettings,
    ) -> Vec<Finding> {
        self.find_with(page, taken, settings, None)
    }

    /// Finds the boilerplate of `page` as [`find`](Self::find) does, and asks `model` about what
    /// the rules leave.
    pub fn find_with(
        &self,
        page: &Page<'_>,
        taken: &[Finding],
        settings: &BoilerplateSettings,
        model: Option<&LineModel>,
    ) -> Vec<Finding> {
        if settings.level == Level::Off || page.lines.is_empty() {
            return Vec::new();
        }
        let reading = evidence::Reading::new(page, taken, &self.matcher);
        match model {
            Some(model) if settings.line_model => judge::judge(page, &reading, settings, model),
            _ => decide::decide(&reading, settings),
        }
    }
}
