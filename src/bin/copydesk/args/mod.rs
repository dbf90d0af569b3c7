//! What can be typed.

mod choices;
mod config;
mod explain;
mod folder;
mod job;
mod models;
mod rules;

use clap::{Parser, Subcommand, ValueEnum};
use copydesk::formats::Format;
use std::path::PathBuf;

pub use choices::{Choices, Cleaning, Duplicates, Laid, Limits, Reading, Resources};
pub use config::{Config, ConfigPresets, ConfigShow, Init, OfArg};
pub use explain::Explain;
pub use folder::{Index, IndexCompact, IndexInspect, Restore, Verify};
pub use job::Job;
pub use models::{Learn, Train};
pub use rules::{RuleList, RuleShow, RuleTest, Rules};

/// The copy desk for scraped corpora: cleans text, drops duplicates, tells what it did.
///
///   copydesk run articles/*.jsonl.zst -o clean/        everything
///   copydesk clean page.txt -o -                       clean only, streaming
///   copydesk dedup corpus.jsonl -o unique/             duplicates only
///   copydesk explain corpus.jsonl --id harrow-001      why each line goes or stays
///   copydesk restore clean/ -o originals.jsonl         the way back
#[derive(Parser, Debug)]
#[command(version, verbatim_doc_comment, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

/// Flags of every command.
#[derive(clap::Args, Debug)]
pub struct Common {
    /// Settings file; flags and environment beat it [default: copydesk.toml in this folder, if there
    /// is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Threads to work with [default: one a core]
    #[arg(long, short = 'j', global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Clean, find duplicates, write what stays
    Run(Job),
    /// Clean only: streams in constant memory, keeps order
    Clean(Job),
    /// Find duplicates only, in the text as it stands
    Dedup(Job),
    /// Show what would be done to a document, and why, line by line
    ///
    ///   copydesk explain page.txt                          one document
    ///   copydesk explain corpus.jsonl --id harrow-001      one record of many
    ///   copydesk explain corpus.jsonl.zst --record 12 --boilerplate aggressive
    ///   copydesk explain corpus.jsonl --id harrow-001 --site-model sites.jsonl
    ///   curl … | copydesk explain - --format text           a page from elsewhere
    ///   copydesk explain - --json < corpus.jsonl           for another program
    ///
    /// Lines that stay begin with two blanks, lines that go with "-", mended ones with "~"; the
    /// reasons stand below. Takes the flags of clean. Writes nothing. Where no record is named,
    /// the first 10 are shown.
    #[command(verbatim_doc_comment)]
    Explain(Explain),
    /// Name, show and test the rules
    ///
    ///   copydesk rules list                                every rule
    ///   copydesk rules show share-bar                      what one does, with examples
    ///   copydesk rules test --rules my.toml                whether yours do what they should
    #[command(subcommand, verbatim_doc_comment)]
    Rules(Rules),
    /// Learn which lines recur on each site, for --site-model
    Learn(Learn),
    /// Give the original records back from an output folder
    Restore(Restore),
    /// Check an output folder against its manifest and the laws; exits with 1 if something is wrong
    ///
    ///   copydesk verify clean/                             digests, accounting, the way back,
    ///                                                      every duplicate measured again
    #[command(verbatim_doc_comment)]
    Verify(Verify),
    /// Look into the index of earlier batches that --index keeps, and merge what lies in it
    ///
    ///   copydesk index inspect kept/                       batches, settings, size, is it whole?
    ///   copydesk index compact kept/                       one segment of many; no result changes
    #[command(subcommand, verbatim_doc_comment)]
    Index(Index),
    /// Train a line model from labelled lines
    Train(Train),
    /// Write copydesk.toml: every setting, commented, at its default
    Init(Init),
    /// Show which settings are in force, and where each came from
    #[command(subcommand)]
    Config(Config),
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum FormatArg {
    Jsonl,
    Text,
}

impl FormatArg {
    /// Returns the format that is named.
    pub const fn format(self) -> Format {
        match self {
            Self::Jsonl => Format::Jsonl,
            Self::Text => Format::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
