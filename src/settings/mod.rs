//! What a run is told: one struct a stage.
//!
//! Every struct has sensible defaults, reads from `copydesk.toml` through
//! serde, and refuses keys it does not know. The command line lays its flags
//! over what the file says.

mod boilerplate;
mod duplicates;
mod headlines;
mod input;
mod normalise;

pub use boilerplate::{BoilerplateSettings, Level};
pub use duplicates::{DuplicateMode, DuplicateSettings, Keep};
pub use headlines::HeadlineSettings;
pub use input::InputSettings;
pub use normalise::NormaliseSettings;

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
}
