//! What a run is asked to do.

use crate::error::{Error, Result};
use crate::formats::blocks::Cut;
use crate::formats::record::MARK_FIELD;
use crate::formats::{Compression, Input};
use crate::settings::{DuplicateMode, Packing, Resources, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where cleaned records go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A folder that gets everything.
    Folder(PathBuf),
    /// A file that gets the cleaned records.
    File(PathBuf),
    /// Standard output gets the cleaned records.
    Stdout,
}

impl Destination {
    /// Returns what `-o NAME` means: `-` is standard output, a name that ends
    /// in `.jsonl`, `.ndjson` or `.json`, packed or not, is a file, every
    /// other is a folder.
    pub fn of_name(name: &str) -> Self {
        if name == "-" {
            return Self::Stdout;
        }
        let path = PathBuf::from(name);
        let bare = match Compression::of_name(&path) {
            Compression::None => path.clone(),
            _ => path.with_extension(""),
        };
        let ending = bare.extension().and_then(|ending| ending.to_str());
        let packed = bare != path;
        // A device or a pipe is written into.
        let special = std::fs::metadata(&path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
        if special || packed || matches!(ending, Some("jsonl" | "ndjson" | "json")) {
            Self::File(path)
        } else {
            Self::Folder(path)
        }
    }
}

/// Everything that a run needs to know.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `run`, `clean` or `dedup`, for the manifest.
    pub command: String,
    /// What is done to a corpus.
    pub settings: Settings,
    /// What is read, in this order.
    pub inputs: Vec<Input>,
    /// Files that lay in folders that were named and are not read, by their ending.
    pub passed_over: BTreeMap<String, u64>,
    /// How the input is cut into blocks and what is too long.
    pub cut: Cut,
    /// The index that the run is checked against, and that gets what stays.
    pub index: Option<PathBuf>,
    /// Where cleaned records go.
    pub output: Destination,
    /// Where the ledger goes, when `output` is no folder.
    pub audit: Option<PathBuf>,
    /// Whether what stands at the outputs is replaced.
    pub force: bool,
    /// Whether everything is done but the writing: the report says what would be.
    pub dry_run: bool,
    /// How files in a folder are packed.
    pub compression: Compression,
    /// After how many bytes the next `cleaned-*.jsonl` begins.
    pub shard_bytes: u64,
    /// Where what a run lays aside goes, with a folder as output too. Without it, into the output
    /// folder, and where there is none, into the system's place.
    pub temp_dir: Option<PathBuf>,
    /// About how many bytes of memory the run may use for its tables.
    pub memory: u64,
    /// After how many bytes of input what is done is made to last, for a run that is killed.
    pub segment_bytes: u64,
}

impl Plan {
    /// Returns a plan with the defaults for everything but what is given.
    pub fn new(command: &str, settings: Settings, inputs: Vec<Input>, output: Destination) -> Self {
        let mut plan = Self {
            command: command.to_owned(),
            settings,
            inputs,
            passed_over: BTreeMap::new(),
            cut: Cut::default(),
            index: None,
            output,
            audit: None,
            force: false,
            dry_run: false,
            compression: Compression::None,
            shard_bytes: 0,
            temp_dir: None,
            memory: 0,
            segment_bytes: 64 << 20,
        };
        plan.use_resources(&Resources::default());
        plan
    }

    /// Takes over what the settings say a run may use; threads are the caller's.
    pub fn use_resources(&mut self, resources: &Resources) {
        self.temp_dir.clone_from(&resources.temp_dir);
        self.compression = match resources.compress {
            Packing::None => Compression::None,
            Packing::Gz => Compression::Gzip,
            Packing::Zst => Compression::Zstd,
        };
        self.cut.max_record = resources.max_record.as_usize();
        self.shard_bytes = resources.shard_size.0;
        self.memory = resources.memory.0;
    }

    /// Returns the folder that gets the ledger, if one does.
    fn folder(&self) -> Option<&Path> {
        match &self.output {
            Destination::Folder(dir) => Some(dir),
            _ => self.audit.as_deref(),
        }
    }

    /// Checks what can be checked before anything is read.
    ///
    /// # Errors
    ///
    /// Settings that cannot be; an output that is one of the inputs.
    pub fn check(&self) -> Result<()> {
        self.settings.check()?;
        super::sites::check(&self.settings, &self.inputs)?;
        if self.index.is_some() {
            crate::pipeline::index::check(&self.settings.duplicates)?;
        }
        if let (Some(index), Some(folder)) = (&self.index, self.folder())
            && (index.starts_with(folder) || same_file(index, folder))
        {
            return Err(Error::setting(
                "--index",
                format!(
                    "{} lies in the output folder {}, which holds what one run wrote and nothing else; name another folder",
                    index.display(),
                    folder.display()
                ),
            ));
        }
        if matches!(self.output, Destination::Folder(_)) && self.audit.is_some() {
            return Err(Error::setting(
                "--audit",
                "the output is a folder and holds the ledger already; --audit goes with -o FILE and -o -",
            ));
        }
        let text_field = self.settings.input.text_field.trim_start_matches('/');
        let top = text_field.split('/').next().unwrap_or(text_field);
        if self.settings.duplicates.mode == DuplicateMode::Mark && top == MARK_FIELD {
            return Err(Error::setting(
                "--duplicates mark",
                format!(
                    "the text field is {MARK_FIELD:?}, which is the field that marks are written into; rename it first"
                ),
            ));
        }
        if let Destination::Folder(output) = &self.output {
            if let Some(ending) = output.extension().and_then(|ending| ending.to_str())
                && matches!(
                    ending,
                    "txt"
                        | "csv"
                        | "tsv"
                        | "parquet"
                        | "xml"
                        | "html"
                        | "bz2"
                        | "xz"
                        | "zip"
                        | "7z"
                        | "lz4"
                        | "tar"
                        | "tgz"
                )
                && !output.is_dir()
            {
                return Err(Error::setting(
                    "-o",
                    format!(
                        "{} looks like a .{ending} file, but the output is JSONL, plain or packed; end it in .jsonl, .jsonl.gz or .jsonl.zst, or give a folder's name",
                        output.display()
                    ),
                ));
            }
            if let Some(input) = self.inputs.iter().find(|input| {
                input
                    .path
                    .as_deref()
                    .and_then(Path::parent)
                    .is_some_and(|dir| same_file(dir, output))
            }) {
                return Err(Error::output(
                    output,
                    format!(
                        "the input {} lies in the output folder; name another with -o",
                        input.name
                    ),
                ));
            }
        }
        if let (Destination::File(output), Some(audit)) = (&self.output, &self.audit) {
            check_beside(output, audit)?;
        }
        if let Destination::File(output) = &self.output {
            check_no_input(
                "-o",
                output,
                self.inputs.iter().filter_map(|input| input.path.as_deref()),
            )?;
        }
        Ok(())
    }
}

/// Checks that a file made of `inputs` may be written at `output`, which `flag` names, before
/// anything is read.
///
/// # Errors
///
/// A folder; one of the inputs; a file, unless `force` is set.
pub fn check_output<'p>(
    flag: &str,
    output: &Path,
    inputs: impl IntoIterator<Item = &'p Path>,
    force: bool,
) -> Result<()> {
    if output.is_dir() {
        return Err(Error::output(
            output,
            "a folder stands there; expected the name of a file",
        ));
    }
    check_no_input(flag, output, inputs)?;
    if output.is_file() && !force {
        return Err(Error::output(
            output,
            format!("the file exists; --force replaces it, or name another with {flag}"),
        ));
    }
    Ok(())
}

/// Checks that the file of cleaned records can be named by the journal in the ledger's folder, and
/// does not lie in it.
fn check_beside(output: &Path, audit: &Path) -> Result<()> {
    let whole = |path: &Path| std::path::absolute(path).map_err(|bad| Error::io(path, bad));
    let (output, audit) = (whole(output)?, whole(audit)?);
    let inside = output
        .ancestors()
        .skip(1)
        .any(|dir| dir == audit || same_file(dir, &audit));
    if inside {
        return Err(Error::setting(
            "--audit",
            format!(
                "{} lies in the folder {}, which holds the ledger of one run and nothing else; name another folder, or leave --audit out and give the folder to -o, which writes both",
                output.display(),
                audit.display()
            ),
        ));
    }
    if output.to_str().is_none() {
        return Err(Error::output(
            &output,
            "the name is no UTF-8, so the ledger's folder cannot note it; name another with -o",
        ));
    }
    Ok(())
}

fn check_no_input<'p>(
    flag: &str,
    output: &Path,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<()> {
    let mut inputs = inputs.into_iter();
    if inputs.any(|input| input == output || same_file(input, output)) {
        return Err(Error::output(
            output,
            format!(
                "the output is one of the inputs, and inputs are never changed; name another with {flag}"
            ),
        ));
    }
    Ok(())
}

fn same_file(one: &Path, other: &Path) -> bool {
    let one = if one.as_os_str().is_empty() {
        Path::new(".")
    } else {
        one
    };
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_record_is_the_same_for_settings_and_reader() {
        let longest = Resources::default().max_record.as_usize();
        assert_eq!(Cut::default().max_record, longest);
    }

    #[test]
    fn the_ending_tells_a_file_from_a_folder() {
        for (name, file) in [
            ("out.jsonl", true),
            ("out.jsonl.gz", true),
            ("out.zst", true),
            ("out", false),
            ("out/", false),
            ("v1.2", false),
        ] {
            let is_file = matches!(Destination::of_name(name), Destination::File(_));
            assert_eq!(is_file, file, "{name}");
        }
        assert_eq!(Destination::of_name("-"), Destination::Stdout);
    }
}
