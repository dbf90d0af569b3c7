//! The settings file, `copydesk.toml`: the settings of every stage, and what a run may use.

use super::{
    BoilerplateSettings, BrakeSettings, DuplicateSettings, HeadlineSettings, InputSettings,
    NormaliseSettings, Resources, Settings,
};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What can stand in a settings file. Every key is a [`super::Setting`] of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which preset lies under the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
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
    /// What a run may use.
    pub resources: Resources,
}

impl Config {
    /// Returns what decides what a run does to a corpus.
    pub fn settings(&self) -> Settings {
        Settings {
            input: self.input.clone(),
            normalise: self.normalise.clone(),
            headlines: self.headlines.clone(),
            boilerplate: self.boilerplate.clone(),
            duplicates: self.duplicates.clone(),
            brake: self.brake.clone(),
        }
    }
}

/// A small set of settings for one sort of corpus. It lies over the defaults and under everything
/// else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// News articles, extracted beforehand.
    News,
    /// Whole web pages.
    Web,
    /// Text for training a language model.
    Pretraining,
}

impl Preset {
    /// Returns every preset.
    pub const ALL: [Self; 3] = [Self::News, Self::Web, Self::Pretraining];

    /// Returns its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Web => "web",
            Self::Pretraining => "pretraining",
        }
    }

    /// Returns it as a settings file, with the reasons as comments.
    pub const fn as_toml(self) -> &'static str {
        match self {
            Self::News => include_str!("presets/news.toml"),
            Self::Web => include_str!("presets/web.toml"),
            Self::Pretraining => include_str!("presets/pretraining.toml"),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Preset {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let known = Self::ALL.map(Self::as_str);
        let found = Self::ALL.into_iter().find(|preset| preset.as_str() == name);
        found.ok_or_else(|| {
            let hint = super::nearest(name, &known)
                .map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near}?"));
            Error::setting(
                "preset",
                format!(
                    "there is no preset {name:?}{hint} Known: {}",
                    known.join(", ")
                ),
            )
        })
    }
}
