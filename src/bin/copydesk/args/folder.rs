//! Flags of the commands that read an output folder: `restore` and `verify`.

use std::path::PathBuf;

/// Flags of `restore`.
#[derive(clap::Args, Debug)]
pub struct Restore {
    /// The output folder of a run, or its --audit folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
    /// A file, or - for standard output; with plain text inputs also a folder
    #[arg(long, short, value_name = "PATH", default_value = "-")]
    pub output: String,
    /// Only the record with this id; may be given more than once
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
    /// Replace what stands at the output
    #[arg(long, short)]
    pub force: bool,
}

/// Flags of `verify`.
#[derive(clap::Args, Debug)]
pub struct Verify {
    /// The output folder of a run, or its --audit folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
}
