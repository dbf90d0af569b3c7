//! Where the input lies: files, folders, globs and `-`.

use super::compression::Compression;
use super::foreign;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What the records of an input look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// One document a file: id = its path as given, headline = its first line.
    Text,
}

impl Format {
    /// Returns the name used in files and flags.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Text => "text",
        }
    }

    /// Returns what a file whose name does not tell is read as, by how its unpacked stream begins:
    /// JSONL where that is a brace, behind a byte order mark and white space or not. A stream of
    /// nothing else tells nothing.
    pub fn of_start(start: &[u8]) -> Option<Self> {
        let bare = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        match bare.trim_ascii_start().first()? {
            b'{' => Some(Self::Jsonl),
            _ => Some(Self::Text),
        }
    }

    /// Returns the format of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Jsonl, Self::Text]
            .into_iter()
            .find(|format| format.as_str() == name)
    }
}

/// One stream of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name as the user gave it, or as the folder or glob gave it.
    pub name: String,
    /// Where it lies; `None` is standard input.
    pub path: Option<PathBuf>,
    /// What its records look like; `None` is found out from the first byte.
    pub format: Option<Format>,
    /// Its size on disk in bytes, where that is known.
    pub bytes: Option<u64>,
}

impl Input {
    /// Opens the packed bytes.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match &self.path {
            None => Ok(Box::new(io::stdin())),
            Some(path) => Ok(Box::new(fs::File::open(path)?)),
        }
    }

    /// Opens the bytes from a place on, if they lie in a file that is not packed.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn plain_at(&self, offset: u64) -> io::Result<Option<Box<dyn Read + Send>>> {
        let Some(path) = self.path.as_ref().filter(|path| path.is_file()) else {
            return Ok(None);
        };
        let mut file = fs::File::open(path)?;
        let mut start = Vec::new();
        (&mut file).take(4).read_to_end(&mut start)?;
        if Compression::of_start(&start) != Compression::None {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(offset))?;
        Ok(Some(Box::new(file)))
    }
}

/// What names stand for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The inputs, in the order of the names.
    pub inputs: Vec<Input>,
    /// Files in folders that are not read, by their ending (`.csv`, or nothing).
    pub passed_over: BTreeMap<String, u64>,
    /// What someone should look at: files that are read, but look like something else.
    pub doubts: Vec<String>,
}

/// Returns the inputs that `names` stand for, as [`find`] does, and nothing else.
///
/// # Errors
///
/// As [`find`]'s.
pub fn expand(names: &[String], format: Option<Format>) -> Result<Vec<Input>> {
    find(names, format).map(|found| found.inputs)
}

/// Returns the inputs that `names` stand for, in that order; what a folder or a
/// glob holds is sorted by path.
///
/// A folder gives every file in it, at any depth, that ends in `.jsonl`,
/// `.ndjson`, `.json` or `.txt`, with `.gz` or `.zst` behind it or not; hidden
/// files are passed over. A folder that is an output of copydesk gives its
/// cleaned records alone; inside another folder it is passed over.
///
/// # Errors
///
/// A name that is no file, a folder or glob with nothing in it, a file that two names stand for, a
/// named file of a format that is not read. (What a folder or a stream holds of such is a rejected
/// record each.)
pub fn find(names: &[String], format: Option<Format>) -> Result<Found> {
    let mut found = Found::default();
    // By what each file is on disk, the name that stands for it.
    let mut named = BTreeMap::new();
    for name in names {
        let before = found.inputs.len();
        find_one(name, format, &mut found)?;
        if names.len() > 1 {
            let ours = found.inputs.get(before..).unwrap_or_default();
            once(name, ours, &mut named)?;
        }
    }
    Ok(found)
}

/// Returns a file's ending with its dot, in lower case; of a name without one, nothing.
fn ending(path: &Path) -> String {
    path.extension().map_or_else(String::new, |ending| {
        format!(".{}", ending.to_string_lossy().to_ascii_lowercase())
    })
}

/// Takes note of the files that a name stands for; none of them may stand under another name too,
/// or its records would be read twice. Links that one folder holds are its own affair.
fn once<'n>(name: &'n str, inputs: &[Input], named: &mut BTreeMap<PathBuf, &'n str>) -> Result<()> {
    let mut ours = Vec::new();
    for path in inputs.iter().filter_map(|input| input.path.as_deref()) {
        let Ok(place) = path.canonicalize() else {
            continue;
        };
        if let Some(other) = named.get(&place) {
            return Err(Error::input(
                path.to_string_lossy(),
                if *other == name {
                    "the file is named twice; name it once".to_owned()
                } else {
                    format!("the file is named twice, by {other} and by {name}; name it once")
                },
            ));
        }
        ours.push(place);
    }
    named.extend(ours.into_iter().map(|place| (place, name)));
    Ok(())
}

/// Appends the inputs that one name stands for.
fn find_one(name: &str, format: Option<Format>, out: &mut Found) -> Result<()> {
    if name == "-" {
        if out.inputs.iter().any(|input| input.path.is_none()) {
            return Err(Error::input("-", "standard input is named twice"));
        }
        out.inputs.push(Input {
            name: name.to_owned(),
            path: None,
            format,
            bytes: None,
        });
        return Ok(());
    }
    let path = Path::new(name);
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            let is_run = is_run(path);
            let found = walk(path, false, |path| {
                if is_run {
                    return is_cleaned(path);
                }
                let known = format_of(path).is_some();
                if !known {
                    *out.passed_over.entry(ending(path)).or_default() += 1;
                }
                known
            })?;
            if found.is_empty() {
                return Err(Error::input(
                    name,
                    "the folder holds no .jsonl, .ndjson, .json or .txt file (.gz and .zst are read too)",
                ));
            }
            let found = found.into_iter().map(|path| on_disk(path, format));
            out.inputs.extend(found);
        }
        Ok(_) => out.named(path.to_path_buf(), format)?,
        Err(problem) if name.contains(['*', '?', '[', '{']) => {
            let glob = globset::GlobBuilder::new(name)
                .literal_separator(true)
                .build()
                .map_err(|bad| Error::input(name, bad.to_string()))?
                .compile_matcher();
            let base: PathBuf = path
                .components()
                .take_while(|part| {
                    !part
                        .as_os_str()
                        .to_string_lossy()
                        .contains(['*', '?', '[', '{'])
                })
                .collect();
            let dot = base.as_os_str().is_empty();
            let root = if dot { Path::new(".") } else { &base };
            if !root.exists() {
                return Err(Error::io(name, problem));
            }
            let found = walk(root, dot, |path| glob.is_match(path))?;
            if found.is_empty() {
                return Err(Error::input(name, "the pattern matches no file"));
            }
            for path in found {
                out.named(path, format)?;
            }
        }
        Err(problem) => return Err(Error::io(name, problem)),
    }
    Ok(())
}

impl Found {
    /// Appends a file that was named, alone or by a pattern.
    fn named(&mut self, path: PathBuf, format: Option<Format>) -> Result<()> {
        let input = on_disk(path, format);
        self.doubts.extend(foreign::check(&input, format)?);
        self.inputs.push(input);
        Ok(())
    }
}

/// Returns the format that a file's name tells, packed or not.
fn format_of(path: &Path) -> Option<Format> {
    match unpacked_ending(path)?.as_str() {
        "jsonl" | "ndjson" | "json" => Some(Format::Jsonl),
        "txt" => Some(Format::Text),
        _ => None,
    }
}

/// Returns the ending of a file's name without that of its packing, in lower case.
pub(super) fn unpacked_ending(path: &Path) -> Option<String> {
    let mut name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    for packed in [".gz", ".zst"] {
        if let Some(bare) = name.strip_suffix(packed) {
            name.truncate(bare.len());
        }
    }
    Some(name.rsplit_once('.')?.1.to_owned())
}

fn on_disk(path: PathBuf, format: Option<Format>) -> Input {
    Input {
        name: path.to_string_lossy().into_owned(),
        format: format.or_else(|| format_of(&path)),
        bytes: fs::metadata(&path)
            .ok()
            .filter(fs::Metadata::is_file)
            .map(|meta| meta.len()),
        path: Some(path),
    }
}

/// Returns whether a folder is one that a run wrote.
fn is_run(dir: &Path) -> bool {
    dir.join("manifest.json").is_file() && dir.join("report.json").is_file()
}

fn is_cleaned(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("cleaned-"))
}

fn walk(root: &Path, strip: bool, mut wanted: impl FnMut(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = walkdir::WalkDir::new(root).follow_links(true).into_iter();
    let visible = entries.filter_entry(|entry| {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let run = entry.file_type().is_dir() && is_run(entry.path());
        entry.depth() == 0 || !hidden && !run
    });
    for entry in visible {
        let entry = entry.map_err(|bad| {
            let place = bad.path().unwrap_or(root).to_path_buf();
            Error::io(place, bad.into())
        })?;
        let path = entry.path();
        let path = if strip {
            path.strip_prefix(root).unwrap_or(path)
        } else {
            path
        };
        if entry.file_type().is_file() && wanted(path) {
            found.push(path.to_path_buf());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_format_is_told_by_its_name() {
        for (name, format) in [
            ("a.jsonl", Some(Format::Jsonl)),
            ("a.jsonl.zst", Some(Format::Jsonl)),
            ("a.NDJSON.gz", Some(Format::Jsonl)),
            ("a.txt", Some(Format::Text)),
            ("a.txt.gz", Some(Format::Text)),
            ("a", None),
            ("a.html", None),
        ] {
            assert_eq!(format_of(Path::new(name)), format, "{name}");
        }
    }
}
