//! What can be typed.

use clap::{Parser, Subcommand, ValueEnum};
use copydesk::formats::Format;
use copydesk::settings::MostRejects;
use std::path::PathBuf;

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
    /// Settings file; flags beat it [default: copydesk.toml in this folder, if there is one]
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
    /// Train a line model from labelled lines
    Train(Train),
}

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
    /// Print report.json on standard output in place of the summary
    #[arg(long)]
    pub json: bool,
    /// Folder for the ledger and the report, when the output is a file or -
    #[arg(long, value_name = "DIR")]
    pub audit: Option<PathBuf>,
    /// Replace what stands at the output
    #[arg(long, short)]
    pub force: bool,
    /// Exit with 3 if records were rejected
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub cleaning: Cleaning,

    /// What recurs on each site: a file that `learn` wrote; auto: learned from this input,
    /// which is read twice; off [default: off]
    #[arg(long, value_name = "FILE|auto|off", help_heading = "Cleaning")]
    pub site_model: Option<String>,

    /// What is done with duplicates [default: drop; of clean: off]
    #[arg(long, value_enum, value_name = "MODE", help_heading = "Duplicates")]
    pub duplicates: Option<ModeArg>,
    /// Least similarity of a near-duplicate, above 0 and at most 1 [default: 0.8]
    #[arg(long, value_name = "T", help_heading = "Duplicates")]
    pub threshold: Option<f64>,
    /// Also drop a document that stands inside a longer one that stays: the least share of its word
    /// 5-grams found there, above 0 and at most 1, such as 0.9 [default: off]
    #[arg(long, value_name = "C", help_heading = "Duplicates")]
    pub containment: Option<f64>,
    /// Which of several duplicates stays: first, longest, earliest, latest, or a field whose
    /// greatest value wins [default: first]
    #[arg(long, value_name = "RANK", help_heading = "Duplicates")]
    pub keep: Option<String>,

    #[command(flatten)]
    pub brake: Limits,

    /// How files in an output folder are packed
    #[arg(long, value_enum, default_value = "none", help_heading = "Resources")]
    pub compress: CompressArg,
    /// Begin the next cleaned-*.jsonl after this many bytes [default: 1GiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Resources")]
    pub shard_size: Option<u64>,
    /// About how much memory the search for duplicates may use [default: 2GiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Resources")]
    pub memory: Option<u64>,
    /// Where to lay things aside while running [default: in the output folder]
    #[arg(long, value_name = "DIR", help_heading = "Resources")]
    pub temp_dir: Option<PathBuf>,
    /// Bytes of input that one thread takes at a time; changes no output
    #[arg(long, value_name = "SIZE", value_parser = size, hide = true)]
    pub block_size: Option<u64>,
    /// Bytes of input after which what is done is made to last; changes no output
    #[arg(long, value_name = "SIZE", value_parser = size, hide = true)]
    pub segment_size: Option<u64>,
}

/// Flags that say how much may go.
#[derive(clap::Args, Debug)]
pub struct Limits {
    /// Let the run through however much would be dropped
    #[arg(long, help_heading = "Brake", conflicts_with_all = ["brake_documents", "brake_site"])]
    pub no_brake: bool,
    /// Greatest share of all documents that may be dropped, 0 to 1; a run over it stops with exit
    /// code 4 [default: 0.9]
    #[arg(long, value_name = "SHARE", help_heading = "Brake")]
    pub brake_documents: Option<f64>,
    /// Greatest share of one site's documents that may be dropped; a run over it stops
    /// [default: 0.98]
    #[arg(long, value_name = "SHARE", help_heading = "Brake")]
    pub brake_site: Option<f64>,
    /// Stop with exit code 4 when more records are rejected than this number, or this share of
    /// those read, such as 100 or 1%
    #[arg(long, value_name = "N|P%", help_heading = "Brake")]
    pub max_rejects: Option<MostRejects>,
    /// Greatest share of one document's text that may be taken; a document over it is left as it
    /// was and named in spared.jsonl; 1 is no limit [default: 0.98]
    #[arg(long, value_name = "SHARE", help_heading = "Brake")]
    pub brake_text: Option<f64>,
}

/// Flags that say how records are read.
#[derive(clap::Args, Debug)]
pub struct Reading {
    /// What the input is [default: told by the file's name or its first byte]
    #[arg(long, value_enum, help_heading = "Input")]
    pub format: Option<FormatArg>,
    /// Field that holds the text; /a/b is a JSON pointer [default: text]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub text_field: Option<String>,
    /// Field that names a record [default: id]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub id_field: Option<String>,
    /// Field that holds the headline [default: title]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub title_field: Option<String>,
    /// Field that holds the address [default: url]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub url_field: Option<String>,
    /// Field that names the site [default: the host of the address]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub site_field: Option<String>,
    /// Field that holds the date, for --keep earliest and latest [default: date]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub date_field: Option<String>,
    /// Longest record taken, as 64MiB; longer ones are rejected [default: 64MiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Input")]
    pub max_record: Option<u64>,
}

impl Reading {
    /// Returns the format, if one is named.
    pub fn format(&self) -> Option<Format> {
        self.format.map(|format| match format {
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Text => Format::Text,
        })
    }
}

/// Flags that say what is cleaned.
#[derive(clap::Args, Debug)]
pub struct Cleaning {
    /// Mends to leave out, with commas: mojibake, entities, nfc, controls, zero-width,
    /// soft-hyphens, spaces, line-breaks, blank-lines, or all
    #[arg(
        long,
        value_name = "MENDS",
        value_delimiter = ',',
        help_heading = "Cleaning"
    )]
    pub no_normalise: Vec<String>,
    /// Leave repeated headlines where they stand
    #[arg(long, help_heading = "Cleaning")]
    pub no_headlines: bool,
    /// How bold the boilerplate desk is [default: standard]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Cleaning")]
    pub boilerplate: Option<LevelArg>,
    /// Kinds of boilerplate that stay, with commas, such as byline_generic
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        help_heading = "Cleaning"
    )]
    pub keep_kind: Vec<String>,
    /// Cut agencies' names too: "(Reuters)", "– AFP", "(Agencies)", at the end of paragraphs and in
    /// datelines
    #[arg(long, help_heading = "Cleaning")]
    pub strip_agency_tags: bool,
    /// Rules alone: faster, but less goes
    #[arg(long, help_heading = "Cleaning", conflicts_with = "line_model")]
    pub no_line_model: bool,
    /// A line model of your own, which `train` made, in place of the shipped one
    #[arg(long, value_name = "FILE", help_heading = "Cleaning")]
    pub line_model: Option<PathBuf>,
    /// File of your own rules: phrases that go, and what is to stay
    #[arg(long, value_name = "FILE", help_heading = "Cleaning")]
    pub rules: Option<String>,
}

/// Flags of `explain`.
#[derive(clap::Args, Debug)]
pub struct Explain {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Only the record with this id; may be given more than once
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
    /// Only the record of this number, from 1 over the whole input; may be given more than once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub record: Vec<u64>,
    /// One JSON object a record in place of the diff
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub cleaning: Cleaning,
    /// What recurs on each site: a file that `learn` wrote; auto: learned from the whole input,
    /// which is read twice; off [default: off]
    #[arg(long, value_name = "FILE|auto|off", help_heading = "Cleaning")]
    pub site_model: Option<String>,
}

/// Commands of `rules`.
#[derive(Subcommand, Debug)]
pub enum Rules {
    /// Name every rule, with its kind, the level from which it works, and why
    ///
    ///   copydesk rules list
    ///   copydesk rules list --json --rules my.toml         for another program, yours too
    #[command(verbatim_doc_comment)]
    List(RuleList),
    /// Tell everything about one rule, by its name, its code, or a name in the ledger
    ///
    ///   copydesk rules show known-phrase                   a rule
    ///   copydesk rules show B03                            the same, by its code
    ///   copydesk rules show share-bar                      a name in removed.jsonl
    #[command(verbatim_doc_comment)]
    Show(RuleShow),
    /// Try every rule's own examples; exits with 1 if one fails
    ///
    ///   copydesk rules test                                ours
    ///   copydesk rules test --rules my.toml                yours too
    ///
    /// An example of one line is tried inside a page, one of several lines is a page.
    #[command(verbatim_doc_comment)]
    Test(RuleTest),
}

/// Flags of `rules list`.
#[derive(clap::Args, Debug)]
pub struct RuleList {
    /// File of your own rules
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of the table
    #[arg(long)]
    pub json: bool,
}

/// Flags of `rules show`.
#[derive(clap::Args, Debug)]
pub struct RuleShow {
    /// The rule, such as known-phrase, B03 or share-bar
    #[arg(value_name = "NAME")]
    pub name: String,
    /// File of your own rules
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of text
    #[arg(long)]
    pub json: bool,
}

/// Flags of `rules test`.
#[derive(clap::Args, Debug)]
pub struct RuleTest {
    /// File of your own rules, whose examples are tried too
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of text
    #[arg(long)]
    pub json: bool,
}

/// Flags of `learn`.
#[derive(clap::Args, Debug)]
pub struct Learn {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// The file to write, such as sites.jsonl or sites.jsonl.zst; or - for standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: String,
    /// Replace what stands at the output
    #[arg(long, short)]
    pub force: bool,
    /// What the input is [default: told by the file's name or its first byte]
    #[arg(long, value_enum)]
    pub format: Option<FormatArg>,
    /// Field that holds the text; /a/b is a JSON pointer [default: text]
    #[arg(long, value_name = "FIELD")]
    pub text_field: Option<String>,
    /// Field that holds the headline [default: title]
    #[arg(long, value_name = "FIELD")]
    pub title_field: Option<String>,
    /// Field that holds the address [default: url]
    #[arg(long, value_name = "FIELD")]
    pub url_field: Option<String>,
    /// Field that names the site [default: the host of the address]
    #[arg(long, value_name = "FIELD")]
    pub site_field: Option<String>,
    /// Bytes of input that one thread takes at a time; changes no output
    #[arg(long, value_name = "SIZE", value_parser = size, hide = true)]
    pub block_size: Option<u64>,
}

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

/// Flags of `train`.
#[derive(clap::Args, Debug)]
pub struct Train {
    /// JSONL files of labelled pages: id, key, host, style, title, text, and labels, one
    /// character a line (c content, b boilerplate, u unsure)
    #[arg(required = true, value_name = "LABELLED")]
    pub inputs: Vec<PathBuf>,
    /// The file to write, such as own.bin
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace what stands at the outputs
    #[arg(long, short)]
    pub force: bool,
    /// The day to note in the model, as 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// How many folds sites are dealt to for the figures
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub folds: usize,
    /// Also clean every page by the model that has not seen its site, and write the texts to
    /// FILE.standard.jsonl and FILE.aggressive.jsonl, the models to FILE.fold-0.bin and so on
    #[arg(long, value_name = "FILE")]
    pub predict: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum FormatArg {
    Jsonl,
    Text,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum LevelArg {
    Off,
    Safe,
    Standard,
    Aggressive,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum ModeArg {
    Drop,
    Mark,
    Off,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum CompressArg {
    None,
    Gz,
    Zst,
}

/// Reads a size such as `64MiB`, `1g` or `512k`; a bare number is bytes.
fn size(text: &str) -> Result<u64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match lower[digits.len()..]
        .trim_end_matches('b')
        .trim_end_matches('i')
    {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        "t" => 1 << 40,
        _ => {
            return Err(format!(
                "{text:?} is no size; expected a number with k, m or g behind it, such as 64MiB"
            ));
        }
    };
    digits
        .trim()
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| {
            format!("{text:?} is no size; expected a whole number above 0, such as 64MiB")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("1", Some(1)),
            ("64MiB", Some(64 << 20)),
            ("1g", Some(1 << 30)),
            ("512 kB", Some(512 << 10)),
            ("0", None),
            ("x", None),
            ("1q", None),
            ("-1", None),
        ] {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
