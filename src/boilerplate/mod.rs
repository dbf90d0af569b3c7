//! The boilerplate desk: what a page prints around an article goes.
//!
//! First evidence is taken about every line: its shape, the phrase
//! of the table it is, where it stands against the body's long sentences. Then
//! the [rules] decide over the whole page, the surest first: phrases
//! that no author writes go wherever they stand, doubtful ones only before or
//! after the body, words such as "Name" only in the company of a sure one.
//! Every finding names its rule and what it saw.
//! Where there is a [site model](site), lines that recur across a site go too.
//!
//! A user's own rules ([`Catalogue::with_user_rules`]) lie over the shipped ones.
//!
//! Precision comes first: an article's own sentence is practically never taken.

mod decide;
mod evidence;
mod filled;
mod heard;
mod judge;
mod matcher;
pub mod model;
mod phrase;
mod phrase_on_line;
mod phrasebook;
pub mod rules;
mod shape;
pub mod site;
#[cfg(test)]
mod tests;
mod trial;
mod user;
mod zones;

pub use heard::{Heard, Keeper, Opinion, Stays};
pub use phrasebook::Phrase;
pub use trial::{Shows, Trial, user_trials};
pub use user::problem;

use crate::document::{Finding, Kind, Page};
use crate::settings::{BoilerplateSettings, Level, LineModelSource, UserRules};
pub(crate) use judge::{SENTENCE, VETO};
use matcher::Matcher;
use model::LineModel;
use site::Site;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use user::User;

/// What is known beyond the page itself.
#[derive(Clone, Copy, Default)]
pub struct Models<'m> {
    /// What recurs across the page's site.
    pub site: Option<&'m Site>,
    /// What lines are like that are furniture.
    pub line: Option<&'m LineModel>,
}

/// The compiled phrases, to find boilerplate with.
///
/// The shipped one takes some hundredths of a second to build, once; it can be
/// shared between threads, and copies of it share its phrases.
#[derive(Clone)]
pub struct Catalogue {
    matcher: Arc<Matcher>,
    user: Option<Arc<User>>,
}

impl Catalogue {
    /// Returns the catalogue that ships with the program, built at first use.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Catalogue> = LazyLock::new(|| Catalogue {
            matcher: Arc::new(Matcher::new(phrase::shipped())),
            user: None,
        });
        &SHIPPED
    }

    /// Returns this catalogue with a user's rules over it, in place of any other user's.
    ///
    /// What in them cannot work, [`problem`] tells; it is passed over here.
    pub fn with_user_rules(&self, rules: &UserRules) -> Self {
        Self {
            matcher: Arc::clone(&self.matcher),
            user: (!rules.is_empty()).then(|| Arc::new(User::new(rules))),
        }
    }

    /// Returns whether the user keeps this line, whatever a rule says of it.
    pub fn keeps_line(&self, line: &str) -> bool {
        self.user.as_ref().is_some_and(|user| user.keeps(line))
    }

    /// Returns whether the user has switched off the rule, or the findings, of that name.
    pub fn is_off(&self, name: &str) -> bool {
        self.user.as_ref().is_some_and(|user| user.is_off(name))
    }

    /// Counts the phrases of a kind by language, the user's among them.
    pub fn phrases_by_language(&self, kind: Kind) -> BTreeMap<String, usize> {
        let own = self.user.iter().flat_map(|user| user.phrases().rows());
        let mut out = BTreeMap::new();
        for row in self.matcher.rows().chain(own) {
            if row.kind == kind {
                *out.entry(row.language().to_owned()).or_default() += 1;
            }
        }
        out
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
        self.find_with(page, taken, settings, Models::default())
    }

    /// Finds the boilerplate of `page` as [`find`](Self::find) does, with what `models` know.
    pub fn find_with(
        &self,
        page: &Page<'_>,
        taken: &[Finding],
        settings: &BoilerplateSettings,
        models: Models<'_>,
    ) -> Vec<Finding> {
        self.find_and_hear(page, taken, settings, models, None)
    }

    /// Finds the boilerplate of `page`, and notes in `heard` what was said about lines that stay.
    pub(crate) fn find_and_hear(
        &self,
        page: &Page<'_>,
        taken: &[Finding],
        settings: &BoilerplateSettings,
        models: Models<'_>,
        heard: Option<&mut Vec<Heard>>,
    ) -> Vec<Finding> {
        if settings.level == Level::Off || page.lines.is_empty() {
            return Vec::new();
        }
        let user = self.user.as_deref();
        let reading = evidence::Reading::new(page, taken, &self.matcher, user, models.site);
        let mut opinions = heard.is_some().then(Vec::new);
        let findings = match models.line {
            Some(model) if settings.line_model != LineModelSource::Off => {
                judge::judge(page, &reading, settings, model, opinions.as_mut())
            }
            _ => decide::decide(&reading, settings),
        };
        if let (Some(heard), Some(opinions)) = (heard, opinions) {
            *heard = heard::with_phrases(&reading, settings, &findings, opinions);
        }
        findings
    }
}
