//! What can be typed.

mod choices;
mod config;
mod explain;
mod folder;
mod job;
mod models;
mod pages;
mod rules;

use clap::{Parser, Subcommand, ValueEnum};
use copydesk::formats::Format;
use std::path::PathBuf;

pub use choices::{
    Choices, Cleaning, CompressArg, Duplicates, Laid, Limits, ModeArg, Reading, Resources,
};
pub use config::{Config, ConfigPresets, ConfigShow, Init, OfArg, PresetName};
pub use explain::Explain;
pub use folder::{Index, IndexCompact, IndexInspect, Report, Restore, Tune, Verify};
pub use job::Job;
pub use models::{Learn, Train};
pub use pages::{Completions, Man};
pub use rules::{RuleFind, RuleList, RuleShow, RuleTest, Rules};

/// The copy desk for scraped corpora: cleans text, drops duplicates, tells all.
///
///   copydesk run articles/*.jsonl.zst -o clean/        everything
///   copydesk clean page.txt -o -                       clean only, streaming
///   copydesk dedup corpus.jsonl -o unique/             duplicates only
///   copydesk explain corpus.jsonl --id harrow-001      why a line goes
///   copydesk restore clean/ -o originals.jsonl         the way back
#[derive(Parser, Debug)]
#[command(
    version,
    verbatim_doc_comment,
    max_term_width = 100,
    after_help = "copydesk help COMMAND tells all flags of a command; copydesk COMMAND -h the usual ones."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

fn threads(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected a whole number: 0 is one a core, more is as many threads".to_owned())
}

/// Flags of every command.
#[derive(clap::Args, Debug)]
pub struct Common {
    /// Settings file; flags and environment beat it [default: copydesk.toml in this folder, if there
    /// is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Threads to work with; 0 is one a core [default: 0]
    #[arg(
        long,
        short = 'j',
        global = true,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = threads
    )]
    pub threads: Option<usize>,
    /// Say nothing but errors and records lost: no bars, no summary, no warnings
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Tell on standard error what is done: stages; twice: files and rejected records too
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Clean, find duplicates, write what stays
    ///
    ///   copydesk run articles/*.jsonl.zst -o clean/        records and ledger
    ///   copydesk run pages/ -o clean.jsonl --audit books/  the ledger elsewhere
    ///   copydesk run corpus.jsonl --dry-run                what would be done
    ///   copydesk run corpus.jsonl -o clean/ --preset web   for whole web pages
    ///
    /// A run that was stopped is gone on with by the same command.
    #[command(verbatim_doc_comment)]
    Run(Job),
    /// Clean only: streams in constant memory, keeps order
    ///
    ///   copydesk clean corpus.jsonl -o clean/
    ///   zstdcat x.jsonl.zst | copydesk clean - -o - | …    as a filter
    ///   copydesk clean page.txt -o - --boilerplate aggressive
    ///
    /// It looks for no duplicates. With --duplicates drop or mark it does, as `run`
    /// does: then it is no stream, and writes when all has been read.
    #[command(
        verbatim_doc_comment,
        mut_arg("duplicates", |arg| arg.hide(true)),
        mut_arg("threshold", |arg| arg.hide(true)),
        mut_arg("containment", |arg| arg.hide(true)),
        mut_arg("keep", |arg| arg.hide(true)),
        mut_arg("index", |arg| arg.hide(true)),
    )]
    Clean(Job),
    /// Find duplicates only, in the text as it stands
    ///
    ///   copydesk dedup corpus.jsonl -o unique/
    ///   copydesk dedup corpus.jsonl -o unique/ --threshold 0.7 --keep longest
    ///   copydesk dedup corpus.jsonl -o marked.jsonl --duplicates mark
    ///
    /// Nothing is cleaned. With --boilerplate LEVEL boilerplate goes first, out of
    /// what is written too; mends and headlines are for `run`.
    #[command(verbatim_doc_comment)]
    Dedup(Job),
    /// Show what would be done to a document, and why, line by line
    ///
    ///   copydesk explain page.txt                          one document
    ///   copydesk explain corpus.jsonl --id harrow-001      one record of many
    ///   copydesk explain corpus.jsonl.zst --record 12 --boilerplate aggressive
    ///   copydesk explain corpus.jsonl --id harrow-001 --site-model sites.jsonl
    ///   curl … | copydesk explain - --format text          a page from elsewhere
    ///   copydesk explain - --json < corpus.jsonl           for another program
    ///   copydesk explain --run clean/ --id harrow-002      what a run did to it
    ///   copydesk explain --run clean/ --id '#12'           by its number
    ///
    /// Lines that stay begin with two blanks, lines that go with "-", lines in which
    /// something was cut or mended with "~"; the reasons stand below, and what nearly
    /// happened: the score of a line that stays and the one it would need to go, the
    /// level at which it would go, or stay. Takes the flags of clean. With --run
    /// those of the run stand: its lines that were changed or went, and which record
    /// it repeats, word by word. Writes nothing. Where no record is named, the first
    /// 10 are shown.
    #[command(verbatim_doc_comment)]
    Explain(Explain),
    /// Name, show, find and test the rules
    ///
    ///   copydesk rules list                                every rule
    ///   copydesk rules show share-bar                      what one does
    ///   copydesk rules find "Leave a reply"                phrases of a line
    ///   copydesk rules test --rules my.toml                try your own
    #[command(subcommand, verbatim_doc_comment)]
    Rules(Rules),
    /// Learn which lines recur on each site, for --site-model
    ///
    ///   copydesk learn corpus/*.jsonl -o sites.jsonl.zst
    ///   copydesk run today.jsonl -o clean/ --site-model sites.jsonl.zst
    #[command(verbatim_doc_comment)]
    Learn(Learn),
    /// Give the original records back from an output folder
    ///
    ///   copydesk restore clean/ -o originals.jsonl         all of them
    ///   copydesk restore clean/ --id harrow-001            one
    ///   copydesk restore clean/ --id '#12'                 the one read as number 12
    #[command(verbatim_doc_comment)]
    Restore(Restore),
    /// Check an output folder against its manifest and the laws
    ///
    ///   copydesk verify clean/
    ///
    /// Digests, accounting and the way back are checked, and every duplicate is
    /// measured again. Exits with 1 if something is wrong.
    #[command(verbatim_doc_comment)]
    Verify(Verify),
    /// Make report.html again from an output folder alone
    ///
    ///   copydesk report clean/                             in its place
    ///   copydesk report clean/ -o today.html               elsewhere
    #[command(verbatim_doc_comment)]
    Report(Report),
    /// Tell what other thresholds and levels would have done
    ///
    ///   copydesk tune clean/                           0.6 to 0.95, every level
    ///   copydesk tune clean/ --threshold 0.72 --json   your own, for a program
    ///
    /// Nothing is run again but the decisions: texts come from the output folder,
    /// and nothing is written.
    #[command(verbatim_doc_comment)]
    Tune(Tune),
    /// Look into the index of earlier batches that --index keeps, or merge it
    ///
    ///   copydesk index inspect kept/        batches, settings, size, is it whole?
    ///   copydesk index compact kept/        one segment of many, the same results
    #[command(subcommand, verbatim_doc_comment)]
    Index(Index),
    /// Train a line model from labelled lines
    ///
    ///   copydesk train labelled.jsonl -o own.bin
    ///   copydesk clean corpus.jsonl -o clean/ --line-model own.bin
    ///   copydesk train labelled.jsonl -o own.bin -v > figures.txt
    ///
    /// The last prints the figures of every rendering and threshold.
    #[command(verbatim_doc_comment)]
    Train(Train),
    /// Write copydesk.toml: every setting, commented, at its default
    ///
    ///   copydesk init                                      writes ./copydesk.toml
    ///   copydesk init --stdout --preset web                prints it
    #[command(verbatim_doc_comment)]
    Init(Init),
    /// Show which settings are in force, and where each came from
    ///
    ///   copydesk config show --preset web --threshold 0.7
    ///   copydesk config presets
    #[command(subcommand, verbatim_doc_comment)]
    Config(Config),
    /// Print a script that completes commands and flags in a shell
    ///
    ///   copydesk completions fish > ~/.config/fish/completions/copydesk.fish
    ///   copydesk completions bash \
    ///       > ~/.local/share/bash-completion/completions/copydesk
    #[command(verbatim_doc_comment)]
    Completions(Completions),
    /// Print the manual page, or write one for every command into a folder
    ///
    ///   copydesk man ~/.local/share/man/man1
    #[command(verbatim_doc_comment)]
    Man(Man),
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
