//! What a run is told: one struct a stage.
//!
//! Every struct has sensible defaults, reads from `copydesk.toml` through
//! serde, and refuses keys it does not know. The command line lays its flags
//! over what the file says.

mod boilerplate;
mod brake;
mod duplicates;
mod headlines;
mod input;
mod normalise;
mod rules;
mod toml_file;

pub use boilerplate::{BoilerplateSettings, Level, LineModelSource, SiteModelSource};
pub use brake::{BrakeSettings, MostRejects};
pub use duplicates::{DuplicateMode, DuplicateSettings, Keep};
pub use headlines::HeadlineSettings;
pub use input::InputSettings;
pub use normalise::NormaliseSettings;
pub use rules::{Allow, Allowed, Fit, Position, Risk, UserPhrase, UserRules};
pub use toml_file::{from_toml, nearest};

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// Everything that decides what a run does to a corpus.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which fields of a record are what.
    pub input: InputSettings,
    /// The first desk.
    pub normalise: NormaliseSettings,
    /// The second desk.
    pub headlines: HeadlineSettings,
    /// The third desk.
    pub boilerplate: BoilerplateSettings,
    /// The fourth desk.
    pub duplicates: DuplicateSettings,
    /// How much may go.
    pub brake: BrakeSettings,
}

impl Settings {
    /// Returns the settings that find duplicates in the text as it stands.
    pub fn duplicates_only() -> Self {
        Self {
            normalise: NormaliseSettings::off(),
            headlines: HeadlineSettings {
                enabled: false,
                ..HeadlineSettings::default()
            },
            boilerplate: BoilerplateSettings {
                level: Level::Off,
                ..BoilerplateSettings::default()
            },
            ..Self::default()
        }
    }

    /// Checks that every number lies in its range.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be, with its range.
    pub fn check(&self) -> Result<()> {
        let threshold = self.duplicates.threshold;
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(Error::setting(
                "duplicates.threshold",
                format!(
                    "{threshold} is out of range; expected a similarity above 0 and at most 1, such as 0.8"
                ),
            ));
        }
        if let Some(share) = self.duplicates.containment
            && !(share > 0.0 && share <= 1.0)
        {
            return Err(Error::setting(
                "duplicates.containment",
                format!(
                    "{share} is out of range; expected a share above 0 and at most 1, such as 0.9"
                ),
            ));
        }
        self.brake.check()?;
        let similarity = self.headlines.similarity;
        if !(0.5..=1.0).contains(&similarity) {
            return Err(Error::setting(
                "headlines.similarity",
                format!(
                    "{similarity} is out of range; expected a likeness from 0.5 to 1, such as 0.9"
                ),
            ));
        }
        if let Some(file) = &self.boilerplate.rules_file
            && self.boilerplate.rules.is_none()
        {
            return Err(Error::setting(
                "boilerplate.rules_file",
                format!(
                    "{file} has not been read; pipeline::read_rules reads it into the settings"
                ),
            ));
        }
        if let LineModelSource::File {
            path, bytes: None, ..
        } = &self.boilerplate.line_model
        {
            return Err(Error::setting(
                "boilerplate.line_model",
                format!(
                    "{} has not been read; pipeline::read_line_model reads it into the settings",
                    path.display()
                ),
            ));
        }
        Ok(())
    }
}
