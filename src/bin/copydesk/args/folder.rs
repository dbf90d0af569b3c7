//! Flags of the commands that read an output folder or an index: `restore`, `verify`, `report`,
//! `tune`, `index`.

use clap::Subcommand;
use copydesk::settings::{Resources, Size};
use std::path::PathBuf;

/// Flags of `restore`.
#[derive(clap::Args, Debug)]
pub struct Restore {
    /// The output folder of a run, or its --audit folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder nor where the run put them
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
    /// A file; a folder where NAME/ ends in a slash or one stands there, in which plain texts
    /// are files again and records are records.jsonl; or - for standard output
    #[arg(long, short, value_name = "PATH", default_value = "-")]
    pub output: String,
    /// Only the record with this id, or #N, record N unless another has that for its id; may be given more than once
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
    /// The cleaned records, where they are not in the folder nor where the run put them
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
    /// The index that the run was checked against, where it is not where it was
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// Where to lay fingerprints aside while it goes [default: in the folder that is read]
    #[arg(long, value_name = "DIR")]
    pub temp_dir: Option<PathBuf>,
}

/// Commands of `index`.
#[derive(Subcommand, Debug)]
pub enum Index {
    /// Tell of batches, settings and size, and whether every file is whole
    ///
    /// Reads every file; exits with 1 if one is not whole.
    Inspect(IndexInspect),
    /// Merge all segments into one, read a little faster; no result changes
    Compact(IndexCompact),
}

/// Flags of `index inspect`.
#[derive(clap::Args, Debug)]
pub struct IndexInspect {
    /// The folder that --index has made
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// JSON in place of text
    #[arg(long)]
    pub json: bool,
}

/// Flags of `index compact`.
#[derive(clap::Args, Debug)]
pub struct IndexCompact {
    /// The folder that --index has made
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// About how much memory it may use, 1KiB at least [default: 2GiB]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub memory: Option<Size>,
}

/// Flags of `report`.
#[derive(clap::Args, Debug)]
pub struct Report {
    /// The output folder of a run, or its --audit folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// A file, or - for standard output [default: report.html in the folder]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace what stands at the output
    #[arg(long, short, requires = "output")]
    pub force: bool,
}

/// Flags of `tune`.
#[derive(clap::Args, Debug)]
pub struct Tune {
    /// The output folder of a run, or its --audit folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The cleaned records, where they are not in the folder nor where the run put them
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
    /// A threshold to try; may be given more than once [default: 0.6, 0.65 to 0.95]
    #[arg(long, value_name = "T")]
    pub threshold: Vec<f64>,
    /// How many documents are cleaned again at each level; of more, a sample [default: 50000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub documents: Option<u64>,
    /// Where to lay fingerprints aside while it goes [default: in the folder that is read]
    #[arg(long, value_name = "DIR")]
    pub temp_dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Returns an amount of memory, if it is one to work with.
fn memory(text: &str) -> Result<Size, String> {
    let resources = Resources {
        memory: text.parse()?,
        ..Resources::default()
    };
    resources.check().map_err(|bad| bad.to_string())?;
    Ok(resources.memory)
}
