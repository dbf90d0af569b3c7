//! Flags of `run`, `clean` and `dedup`.

use super::{Choices, FormatArg};
use copydesk::settings::Size;
use std::path::PathBuf;

/// Flags of `run`, `clean` and `dedup`.
#[derive(clap::Args, Debug)]
pub struct Job {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// A folder; or a file ending in .jsonl, .gz or .zst; or - for standard output
    #[arg(long, short, value_name = "PATH", required_unless_present = "dry_run")]
    pub output: Option<String>,
    /// Do everything but the writing, and tell what would be
    #[arg(long)]
    pub dry_run: bool,
    /// Tell events to a program, one JSON object a line: on standard error in place of bars and
    /// summary, and the report on standard output; or all of them to FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    pub json: Option<PathBuf>,
    /// Folder for the ledger and the report, when the output is a file or -
    #[arg(long, value_name = "DIR")]
    pub audit: Option<PathBuf>,
    /// Folder of what earlier runs kept, to check and add to
    ///
    /// Duplicates of what stayed in earlier runs go too, and what stays is added; the folder is
    /// made where there is none.
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// Replace what stands at the output
    #[arg(long, short)]
    pub force: bool,
    /// Exit with 3 if records were rejected
    #[arg(long)]
    pub strict: bool,

    /// What the input is [default: told by the file's name or its first byte;
    /// standard input is JSONL]
    #[arg(long, value_enum, help_heading = "Input")]
    pub format: Option<FormatArg>,
    #[command(flatten)]
    pub choices: Choices,

    /// Bytes of input that one thread takes at a time; changes no output
    #[arg(long, value_name = "SIZE", hide = true)]
    pub block_size: Option<Size>,
    /// Bytes of input after which what is done is made to last; changes no output
    #[arg(long, value_name = "SIZE", hide = true)]
    pub segment_size: Option<Size>,
}
