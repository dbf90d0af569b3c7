//! Flags of the commands that read an output folder: `restore`, `verify`, `report` and `tune`.

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
    /// The cleaned records, where they are not in the folder
    #[arg(long, value_name = "FILE")]
    pub cleaned: Option<PathBuf>,
    /// A threshold to try; may be given more than once [default: 0.6, 0.65 to 0.95]
    #[arg(long, value_name = "T")]
    pub threshold: Vec<f64>,
    /// How many documents are cleaned again at each level; of more, a sample [default: 50000]
    #[arg(long, value_name = "N")]
    pub documents: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
