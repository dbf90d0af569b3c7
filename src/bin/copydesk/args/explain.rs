//! Flags of `explain`.

use super::{Cleaning, FormatArg, Laid, Reading};
use std::path::PathBuf;

/// Flags of `explain`.
#[derive(clap::Args, Debug)]
pub struct Explain {
    /// Files, folders, globs, or - for standard input
    #[arg(required_unless_present = "run", value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// What a run has decided about its records: the output folder of the run, or its --audit
    /// folder
    #[arg(long, value_name = "DIR", conflicts_with = "inputs")]
    pub run: Option<PathBuf>,
    /// With --run: the cleaned records, where they are not in the folder nor where the run put them
    #[arg(long, value_name = "FILE", requires = "run")]
    pub cleaned: Option<PathBuf>,
    /// Only the record with this id, or #N, record N unless another has that for its id; may be given more than once
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
    /// Only the record of this number, from 1 over the whole input; may be given more than once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub record: Vec<u64>,
    /// One JSON object a record in place of the diff
    #[arg(long)]
    pub json: bool,
    /// What the input is [default: told by the file's name or its first byte;
    /// standard input is JSONL]
    #[arg(long, value_enum, help_heading = "Input")]
    pub format: Option<FormatArg>,
    #[command(flatten)]
    pub laid: Laid,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub cleaning: Cleaning,
}
