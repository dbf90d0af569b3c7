//! Commands about settings and their flags.

use super::Choices;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Subcommand, ValueEnum};
use copydesk::settings::Preset;
use std::ffi::OsStr;
use std::path::PathBuf;

/// Commands of `config`.
#[derive(Subcommand, Debug)]
pub enum Config {
    /// Show every setting as it is in force, and where it came from
    ///
    ///   copydesk config show                               as things are
    ///   copydesk config show --preset web --threshold 0.7  with these flags
    ///   copydesk config show --of dedup --json             of another command
    ///
    /// What is printed is a settings file; behind each value stands where it came
    /// from: default, preset, file and line, environment variable, command, or flag.
    #[command(verbatim_doc_comment)]
    Show(Box<ConfigShow>),
    /// Name the presets, or print one with its reasons
    Presets(ConfigPresets),
}

/// Flags of `config show`.
#[derive(clap::Args, Debug)]
pub struct ConfigShow {
    /// The command whose settings are meant
    #[arg(long, value_enum, default_value = "run", value_name = "COMMAND")]
    pub of: OfArg,
    /// JSON in place of TOML
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub choices: Choices,
}

/// The name of a preset: shells complete it, and what is none is told by the settings, with the
/// nearest.
#[derive(Clone, Copy, Debug)]
pub struct PresetName;

impl TypedValueParser for PresetName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = Preset::ALL.into_iter().map(Preset::as_str);
        Some(Box::new(names.map(PossibleValue::new)))
    }
}

/// Flags of `config presets`.
#[derive(clap::Args, Debug)]
pub struct ConfigPresets {
    /// The preset to print: news, web or pretraining
    #[arg(value_name = "NAME", value_parser = PresetName, hide_possible_values = true)]
    pub name: Option<String>,
}

/// Flags of `init`.
#[derive(clap::Args, Debug)]
pub struct Init {
    /// The file to write, or - for standard output
    #[arg(value_name = "FILE", default_value = "copydesk.toml")]
    pub file: PathBuf,
    /// The preset that the file names: news, web or pretraining
    #[arg(long, value_name = "NAME", value_parser = PresetName, hide_possible_values = true)]
    pub preset: Option<String>,
    /// Print the file in place of writing it
    #[arg(long)]
    pub stdout: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum OfArg {
    Run,
    Clean,
    Dedup,
}
