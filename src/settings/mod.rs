//! What a run is told: one struct a stage.
//!
//! Every struct has sensible defaults, reads from `copydesk.toml` through
//! serde, and refuses keys it does not know.
//!
//! [`Settings`] is what decides what a run does to a corpus. [`Config`] is what
//! a settings file can hold: these, and what a run may use. [`Layers`] lays
//! preset, file, environment and flags over the defaults and knows where each
//! value came from; [`SETTINGS`] lists every one.

// What comes from without is met here: no place that a file or a user names is taken on trust.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

mod boilerplate;
mod brake;
mod catalogue;
mod config;
mod duplicates;
mod environment;
mod headlines;
mod input;
mod layers;
#[cfg(test)]
mod layers_tests;
mod normalise;
mod pages;
mod resources;
mod rules;
mod toml_file;

pub use boilerplate::{BoilerplateSettings, Level, LineModelSource, SiteModelSource};
pub use brake::{BrakeSettings, MostRejects};
pub use catalogue::{Form, SETTINGS, Setting};
pub use config::{Config, Preset};
pub use duplicates::{DuplicateMode, DuplicateSettings, Keep};
pub use headlines::HeadlineSettings;
pub use input::InputSettings;
pub use layers::{Effective, Layers, Origin, Sources};
pub use normalise::NormaliseSettings;
pub use pages::settings_file;
pub use resources::{Packing, Resources, Size};
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
    /// Checks that every number lies in its range, and that the files that are named have been
    /// read.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be, with its range.
    pub fn check(&self) -> Result<()> {
        self.check_ranges()?;
        self.check_files()
    }

    /// Checks that every number lies in its range.
    pub(crate) fn check_ranges(&self) -> Result<()> {
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
        Ok(())
    }

    /// Checks that files that are named have been read.
    fn check_files(&self) -> Result<()> {
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
