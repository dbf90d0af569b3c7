//! Flags of the commands that make models: `learn` and `train`.

use super::FormatArg;
use copydesk::settings::Size;
use std::path::PathBuf;

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
    /// What the input is [default: told by the file's name or its first byte;
    /// standard input is JSONL]
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
    #[arg(long, value_name = "SIZE", hide = true)]
    pub block_size: Option<Size>,
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
    /// How many folds sites are dealt to for the figures, 2 to 255
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds)]
    pub folds: usize,
    /// Also clean every page by the model that has not seen its site, and write the texts to
    /// FILE.standard.jsonl and FILE.aggressive.jsonl, the models to FILE.fold-0.bin and so on
    #[arg(long, value_name = "FILE")]
    pub predict: Option<PathBuf>,
}

/// Returns a number of folds: what a model is judged on, others must have taught.
fn folds(text: &str) -> Result<usize, String> {
    let number = text.parse().ok();
    let sound = number.filter(|number| (2..=copydesk::training::MOST_FOLDS).contains(number));
    sound.ok_or_else(|| format!("expected 2 to {} folds", copydesk::training::MOST_FOLDS))
}
