//! Commands about settings and their flags.

use super::Choices;
use clap::{Subcommand, ValueEnum};
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

/// Flags of `config presets`.
#[derive(clap::Args, Debug)]
pub struct ConfigPresets {
    /// The preset to print: news, web or pretraining
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Flags of `init`.
#[derive(clap::Args, Debug)]
pub struct Init {
    /// The file to write, or - for standard output
    #[arg(value_name = "FILE", default_value = "copydesk.toml")]
    pub file: PathBuf,
    /// The preset that the file names: news, web or pretraining
    #[arg(long, value_name = "NAME")]
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
