//! Flags that are settings: each lies over what the settings file says.

use super::PresetName;
use clap::ValueEnum;
use copydesk::settings::{MostRejects, Size};
use std::path::PathBuf;

/// Every setting of a run.
#[derive(clap::Args, Debug)]
pub struct Choices {
    #[command(flatten)]
    pub laid: Laid,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub cleaning: Cleaning,
    #[command(flatten)]
    pub duplicates: Duplicates,
    #[command(flatten)]
    pub brake: Limits,
    #[command(flatten)]
    pub resources: Resources,
}

/// Where settings without a flag of their own are set.
#[derive(clap::Args, Debug, Default)]
pub struct Laid {
    /// Settings for one sort of corpus, which everything else lies over: news, web or pretraining;
    /// `copydesk config presets` tells them
    #[arg(long, value_name = "NAME", help_heading = "Settings", value_parser = PresetName, hide_possible_values = true)]
    pub preset: Option<String>,
    /// Any setting by its key in the settings file, such as headlines.similarity=0.95; may be
    /// given more than once
    #[arg(
        long,
        value_name = "KEY=VALUE",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub set: Vec<String>,
}

/// Flags that say how records are read.
#[derive(clap::Args, Debug)]
pub struct Reading {
    /// Field that holds the text; /a/b is a JSON pointer [default: text]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub text_field: Option<String>,
    /// Field that names a record [default: id]
    #[arg(
        long,
        value_name = "FIELD",
        help_heading = "Input",
        hide_short_help = true
    )]
    pub id_field: Option<String>,
    /// Field that holds the headline [default: title]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub title_field: Option<String>,
    /// Field that holds the address [default: url]
    #[arg(
        long,
        value_name = "FIELD",
        help_heading = "Input",
        hide_short_help = true
    )]
    pub url_field: Option<String>,
    /// Field that names the site [default: the host of the address]
    #[arg(
        long,
        value_name = "FIELD",
        help_heading = "Input",
        hide_short_help = true
    )]
    pub site_field: Option<String>,
    /// Field that holds the date, for --keep earliest and latest [default: date]
    #[arg(
        long,
        value_name = "FIELD",
        help_heading = "Input",
        hide_short_help = true
    )]
    pub date_field: Option<String>,
    /// Longest record taken, as 64MiB; longer ones are rejected [default: 64MiB]
    #[arg(
        long,
        value_name = "SIZE",
        help_heading = "Input",
        hide_short_help = true
    )]
    pub max_record: Option<Size>,
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
        help_heading = "Cleaning",
        hide_short_help = true
    )]
    pub no_normalise: Vec<String>,
    /// Leave repeated headlines where they stand
    #[arg(long, help_heading = "Cleaning", hide_short_help = true)]
    pub no_headlines: bool,
    /// How bold the boilerplate desk is [default: standard]
    ///
    /// Aggressive is for pages dumped whole: of clean text it takes short lines of the author's.
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Cleaning")]
    pub boilerplate: Option<LevelArg>,
    /// Kinds of boilerplate that stay, with commas, such as byline_generic
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        help_heading = "Cleaning",
        hide_short_help = true
    )]
    pub keep_kind: Vec<String>,
    /// Cut agencies' names too: "(Reuters)", "– AFP", "(Agencies)", at the end of paragraphs and in
    /// datelines
    #[arg(long, help_heading = "Cleaning", hide_short_help = true)]
    pub strip_agency_tags: bool,
    /// Rules alone: faster, but less goes
    #[arg(
        long,
        help_heading = "Cleaning",
        conflicts_with = "line_model",
        hide_short_help = true
    )]
    pub no_line_model: bool,
    /// A line model of your own, which `train` made, in place of the shipped one
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Cleaning",
        hide_short_help = true
    )]
    pub line_model: Option<PathBuf>,
    /// File of your own rules: phrases that go, and what is to stay
    #[arg(long, value_name = "FILE", help_heading = "Cleaning")]
    pub rules: Option<String>,
    /// What recurs on each site: a file that `learn` wrote; auto: learned from this input,
    /// which is read twice; off [default: off]
    #[arg(long, value_name = "FILE|auto|off", help_heading = "Cleaning")]
    pub site_model: Option<String>,
}

/// Flags that say what is done with duplicates.
#[derive(clap::Args, Debug)]
pub struct Duplicates {
    /// What is done with duplicates [default: drop; of clean: off]
    #[arg(long, value_enum, value_name = "MODE", help_heading = "Duplicates")]
    pub duplicates: Option<ModeArg>,
    /// Least similarity of a near-duplicate, above 0 and at most 1 [default: 0.8]
    #[arg(long, value_name = "T", help_heading = "Duplicates")]
    pub threshold: Option<f64>,
    /// Drop what stands to this share in a longer one [default: off]
    ///
    /// The least share of a document's word 5-grams, above 0 and at most 1, such as 0.9, that
    /// stand in a longer document that stays.
    #[arg(long, value_name = "C", help_heading = "Duplicates")]
    pub containment: Option<f64>,
    /// Which of several duplicates stays: first, longest, earliest, latest, or
    /// field:NAME, by its greatest value [default: first]
    #[arg(long, value_name = "RANK", help_heading = "Duplicates")]
    pub keep: Option<String>,
}

/// Flags that say how much may go.
#[derive(clap::Args, Debug)]
pub struct Limits {
    /// Let the run through however much would be dropped or is rejected
    #[arg(long, help_heading = "Brake", conflicts_with_all = ["brake_documents", "brake_site"])]
    pub no_brake: bool,
    /// Greatest share of all documents that may be dropped, 0 to 1; a run over it stops with exit
    /// code 4 [default: 0.9]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Brake",
        hide_short_help = true
    )]
    pub brake_documents: Option<f64>,
    /// Greatest share of one site's documents that may be dropped; a run over it stops
    /// [default: 0.98]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Brake",
        hide_short_help = true
    )]
    pub brake_site: Option<f64>,
    /// Stop with exit code 4 when more records are rejected than this number, or this share of
    /// those read, such as 100 or 1% [default: 50% of 100 records and more, asked at the end]
    #[arg(long, value_name = "N|P%", help_heading = "Brake")]
    pub max_rejects: Option<MostRejects>,
    /// Greatest share of one document's text that may be taken; a document over it is left alone,
    /// only mended, and named in spared.jsonl; 1 is no limit [default: 0.98]
    #[arg(
        long,
        value_name = "SHARE",
        help_heading = "Brake",
        hide_short_help = true
    )]
    pub brake_text: Option<f64>,
}

/// Flags that say what a run may use.
#[derive(clap::Args, Debug)]
pub struct Resources {
    /// How files in an output folder are packed [default: none]
    #[arg(long, value_enum, help_heading = "Resources", hide_short_help = true)]
    pub compress: Option<CompressArg>,
    /// Begin the next cleaned-*.jsonl after this many bytes, one record at least [default: 1GiB]
    #[arg(
        long,
        value_name = "SIZE",
        help_heading = "Resources",
        hide_short_help = true
    )]
    pub shard_size: Option<Size>,
    /// Memory for the search for duplicates, about, from 1KiB on [default: 2GiB]
    #[arg(long, value_name = "SIZE", help_heading = "Resources")]
    pub memory: Option<Size>,
    /// Where to lay things aside while running [default: in the output folder]
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "Resources",
        hide_short_help = true
    )]
    pub temp_dir: Option<PathBuf>,
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
