//! Flags of the commands that make pages from the flags: `completions` and `man`.

use clap_complete::Shell;
use std::path::PathBuf;

/// Flags of `completions`.
#[derive(clap::Args, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Flags of `man`.
#[derive(clap::Args, Debug)]
pub struct Man {
    /// Folder to write a page for every command into [default: the first page goes to standard
    /// output]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
