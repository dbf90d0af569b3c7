//! What is finished of a run, and how a run goes on from it.
//!
//! The journal in the output folder begins with the run's [`Identity`]; every [`Segment`] behind
//! it says how far each file that is appended to was on disk when everything before a place in
//! the input was done. To go on, files are cut off there and looked through, what stood in
//! memory is made again from them (counts from the rows of the ledger, the rest from the
//! fingerprints), and reading goes on at that place. Segments end where they happen to; no
//! output depends on it.

use super::first_pass::FirstPass;
use super::marks::Marks;
use super::own_folder::{LINES, OwnFolder, PRINTS, from_root};
use super::plan::{Destination, Plan};
use super::waiting::WaitingBlock;
use super::writers::Writers;
use crate::duplicates::Counter;
use crate::error::{Error, Result};
use crate::formats::{Position, Sample};
use crate::pipeline::progress::Progress;
use crate::pipeline::proof::Proof;
use crate::report::{Accounting, DocumentTally, REPORT_JSON, Report, TextTally, Times};
use crate::settings::{DuplicateMode, Settings};
use crate::store::journal::JOURNAL;
use crate::store::manifest::SCHEMA;
use crate::store::{Appended, Folder, Mark, Opened, Replacement};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The file of the site model that was learned from the input itself.
pub const SITES: &str = "sites.jsonl";

/// By what it is told that a run is the same: what was read, by which settings, by which version.
#[derive(Debug, Serialize, Deserialize)]
pub struct Identity {
    copydesk: String,
    schema: u32,
    command: String,
    settings: Settings,
    max_record: u64,
    shard_bytes: u64,
    compression: String,
    inputs: Vec<InputMark>,
}

/// By what it is told that an input is the same. What was read last is looked at too ([`Sample`]).
#[derive(Debug, Serialize, Deserialize)]
struct InputMark {
    name: String,
    /// As what it is read, where that was said or its name tells it.
    format: Option<String>,
    bytes: Option<u64>,
    /// When it was changed last, in nanoseconds since 1970.
    modified: Option<u64>,
}

/// An entry of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Entry {
    Begin(Box<Identity>),
    /// The run's own folder in `--temp-dir`.
    Aside(OwnFolder),
    Segment(Box<Segment>),
}

/// How far everything is when the input before a place is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Where reading goes on.
    pub at: Position,
    /// What was read last.
    pub sample: Option<Sample>,
    /// The lines of every block since the last segment, where they wait for a decision.
    pub blocks: Vec<WaitingBlock>,
    /// The cleaned lines, where they are laid aside.
    pub lines: Option<Mark>,
    /// The fingerprints.
    pub prints: Mark,
    /// The outputs.
    pub outputs: Marks,
    /// Sizes of all texts.
    pub text: TextTally,
    /// What the documents are like so far.
    pub documents: DocumentTally,
    /// What became of the records so far.
    pub accounting: Accounting,
    /// The digest of everything that was read.
    pub chain: Proof,
    /// How long it took.
    pub times: Times,
}

impl Identity {
    fn of(plan: &Plan) -> Self {
        let mut settings = plan.settings.clone();
        // These limits change nothing that is laid aside: a run that the brake has stopped goes
        // on with others.
        settings.brake.release();
        Self {
            copydesk: env!("CARGO_PKG_VERSION").to_owned(),
            schema: SCHEMA,
            command: plan.command.clone(),
            settings,
            max_record: plan.cut.max_record as u64,
            shard_bytes: plan.shard_bytes,
            compression: plan.compression.ending().to_owned(),
            inputs: plan
                .inputs
                .iter()
                .map(|input| InputMark {
                    name: input.name.clone(),
                    format: input.format.map(|format| format.as_str().to_owned()),
                    bytes: input.bytes,
                    modified: input.path.as_deref().and_then(modified),
                })
                .collect(),
        }
    }

    /// Returns whether the journal is one of this run.
    fn began(&self, entries: &[Entry]) -> bool {
        // As they are written: what a settings file names, such as rules, is known by its digest.
        let Some(Entry::Begin(begun)) = entries.first() else {
            return false;
        };
        match (serde_json::to_value(begun), serde_json::to_value(self)) {
            (Ok(old), Ok(new)) => old == new,
            _ => false,
        }
    }

    /// Returns in what the run of a journal differs from this one.
    fn difference(&self, entries: &[Entry]) -> String {
        let Some(Entry::Begin(begun)) = entries.first() else {
            return "its journal cannot be read".to_owned();
        };
        let (Ok(old), Ok(new)) = (serde_json::to_value(begun), serde_json::to_value(self)) else {
            return "its journal cannot be read".to_owned();
        };
        difference("", &old, &new).unwrap_or_default()
    }
}

fn modified(path: &Path) -> Option<u64> {
    let time = fs::metadata(path).ok()?.modified().ok()?;
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

/// Returns the first value in which two differ, with its path.
fn difference(path: &str, old: &Value, new: &Value) -> Option<String> {
    match (old, new) {
        (Value::Object(one), Value::Object(two)) => {
            let null = Value::Null;
            one.keys().chain(two.keys()).find_map(|key| {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                difference(
                    &path,
                    one.get(key).unwrap_or(&null),
                    two.get(key).unwrap_or(&null),
                )
            })
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            let mut pairs = one.iter().zip(two).enumerate();
            pairs.find_map(|(at, (one, two))| difference(&format!("{path}[{at}]"), one, two))
        }
        (Value::Array(one), Value::Array(two)) => {
            Some(format!("{path}: {} of them, now {}", one.len(), two.len()))
        }
        _ if old == new => None,
        _ => Some(format!("{path}: {old}, now {new}")),
    }
}

/// How a run begins.
pub enum Start {
    /// It was killed when it was whole and only names were missing; they have been given.
    Done(Box<Report>),
    /// It begins, or goes on.
    Going(Box<Going>),
}

/// A run that begins, or goes on.
pub struct Going {
    /// The outputs.
    pub writers: Writers,
    /// The first pass, as far as it is finished.
    pub pass: FirstPass,
    /// Where things are laid aside.
    pub aside: Aside,
}

/// Where a run lays things aside.
pub struct Aside {
    dir: PathBuf,
    /// Whether the run can be gone on with when it is killed: what is laid aside has names then.
    pub named: bool,
    /// `dir`, where it is ours alone and goes with the run.
    own: Option<OwnFolder>,
}

impl Aside {
    /// Returns where a run lays things aside; `own` is its own folder in `--temp-dir`.
    fn of(plan: &Plan, folder: Option<&Folder>, own: Option<OwnFolder>) -> Result<Self> {
        let named = folder.is_some() && can_go_on(plan);
        let own = own.filter(|_| named);
        let dir = match (&own, &plan.temp_dir, folder) {
            (Some(own), ..) => own.path(),
            (None, Some(dir), _) => dir.clone(),
            (None, None, Some(folder)) => folder.partial().to_path_buf(),
            (None, None, None) => std::env::temp_dir(),
        };
        if own.is_some() {
            fs::create_dir_all(&dir).map_err(|bad| Error::io(&dir, bad))?;
        }
        Ok(Self { dir, named, own })
    }

    /// Returns the folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Opens a new file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn file(&self, name: &str) -> Result<Appended> {
        if self.named {
            Appended::create(&self.dir.join(name))
        } else {
            Appended::unnamed(&self.dir, name)
        }
    }

    /// Opens a file at a mark, or nothing where it is not what was marked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn resume(&self, name: &str, mark: &Mark) -> Result<Option<Appended>> {
        Appended::resume(&self.dir.join(name), mark)
    }

    /// Takes away what was laid aside beyond the output folder.
    pub fn discard(&self) {
        if let Some(own) = &self.own {
            own.discard();
        }
    }
}

/// Returns whether inputs and outputs can be gone on with: files that are read again where they
/// were left, and a folder that is written to its end.
fn can_go_on(plan: &Plan) -> bool {
    let files = plan.inputs.iter().all(|input| input.bytes.is_some());
    let one_pass = plan.settings.duplicates.mode == DuplicateMode::Off;
    files && (!one_pass || matches!(plan.output, Destination::Folder(_)))
}

/// Returns the folder in `--temp-dir` that a journal names, if it does.
fn left(entries: &[Entry], temp_dir: Option<&Path>) -> Option<OwnFolder> {
    let mut folders = entries.iter().filter_map(|entry| match entry {
        Entry::Aside(own) => Some(own),
        _ => None,
    });
    folders.next_back()?.found(temp_dir)
}

/// Opens the outputs, and goes on from what a run that was stopped has left there; `counts` gets
/// the shingles that were read.
///
/// # Errors
///
/// An output that is in the way or cannot be written.
pub fn open(plan: &Plan, counts: Option<&Counter>, progress: &dyn Progress) -> Result<Start> {
    let identity = Identity::of(plan);
    let dir = Writers::folder(plan);
    // Before anything is in the way: what is there may be what this run has written.
    if let Some(dir) = dir
        && let Some(settled) = Folder::settle(dir)?
    {
        if let Some(own) = left(&settled.entries, plan.temp_dir.as_deref()) {
            own.discard();
        }
        if identity.began(&settled.entries) && writes_the_same(plan, settled.file.as_deref()) {
            progress.note("the run was whole already, and only names were missing; they are given");
            return Ok(Start::Done(Box::new(report(dir)?)));
        }
        progress.note(&format!(
            "another run into {} was whole, and only names were missing; they are given",
            dir.display()
        ));
    }
    let file = Writers::file(plan)?;
    let Some(dir) = dir else {
        let aside = Aside::of(plan, None, None)?;
        return Ok(Start::Going(Box::new(Going {
            pass: FirstPass::begin(plan, &aside)?,
            writers: Writers::open(plan, None, file)?,
            aside,
        })));
    };
    let Opened {
        mut folder,
        mut entries,
    } = Folder::open(dir, plan.force)?;
    // Where the run that was stopped laid things aside, and where this one does.
    let temp_dir = plan.temp_dir.as_deref();
    let left = left(&entries, temp_dir);
    let here = left.as_ref().map(|left| &left.temp_dir) == temp_dir.map(from_root).as_ref();
    let own = match (&left, temp_dir) {
        (Some(left), _) if here => Some(left.clone()),
        (_, temp_dir) => temp_dir.map(OwnFolder::new),
    };
    let same = can_go_on(plan) && identity.began(&entries);
    let finished = finished(&mut entries);
    if let Some(finished) = finished {
        let over = if same && here {
            let names = finished.last.outputs.names();
            let names: Vec<&str> = names.chain([JOURNAL, LINES, PRINTS, SITES]).collect();
            folder.clear(&names)?;
            let aside = Aside::of(plan, Some(&folder), own.clone())?;
            let outputs = &finished.last.outputs;
            let pass = match outputs.hold(folder.partial()) {
                true => FirstPass::resume(plan, &aside, &finished, folder.partial(), counts)?,
                false => None,
            };
            if let Some(pass) = pass {
                progress.note(&format!(
                    "going on from record {}; what stands before it was finished by a run that was stopped",
                    finished.last.at.doc + 1
                ));
                let writers = Writers::resume(plan, folder, file, outputs)?;
                return Ok(Start::Going(Box::new(Going {
                    writers,
                    pass,
                    aside,
                })));
            }
            "what it has left is damaged, or the input was changed".to_owned()
        } else if same {
            let was = left.as_ref().map(|left| format!("was {}", left.temp_dir));
            let was = was.unwrap_or_else(|| "was not given".to_owned());
            let now = temp_dir.map(|dir| format!("is {}", dir.display()));
            let now = now.unwrap_or_else(|| "is not given".to_owned());
            format!("--temp-dir {was} and now {now}")
        } else if can_go_on(plan) {
            identity.difference(&entries)
        } else {
            "now it reads or writes a stream".to_owned()
        };
        progress.note(&format!(
            "starting over: a run was stopped here, but this is not the same ({over})"
        ));
    }
    if let Some(left) = &left {
        // Before the journal that names it goes: a kill between the two would leave it for ever.
        left.discard();
    }
    if same {
        // The site model was learned from the same input by the same settings.
        folder.clear(&[SITES])?;
    } else {
        folder.clear(&[])?;
    }
    let (partial, made) = (folder.partial().to_path_buf(), folder.is_made());
    let begun = begin(plan, folder, file, identity, own.clone());
    if begun.is_err() {
        Folder::take_away(&partial, made);
        if let Some(own) = own {
            own.discard();
        }
    }
    Ok(Start::Going(Box::new(begun?)))
}

/// Begins a run in an empty folder.
fn begin(
    plan: &Plan,
    mut folder: Folder,
    file: Option<Replacement>,
    identity: Identity,
    own: Option<OwnFolder>,
) -> Result<Going> {
    let journal = folder.journal();
    journal.append(&Entry::Begin(Box::new(identity)))?;
    if let Some(own) = &own {
        // First the name, then the folder: so what a kill leaves there is found again.
        journal.append(&Entry::Aside(own.clone()))?;
    }
    let aside = Aside::of(plan, Some(&folder), own)?;
    Ok(Going {
        pass: FirstPass::begin(plan, &aside)?,
        writers: Writers::open(plan, Some(folder), file)?,
        aside,
    })
}

/// Returns whether a run that read and wrote files, the latter into the folder and into `file`, has
/// written all that this one is to write.
fn writes_the_same(plan: &Plan, file: Option<&Path>) -> bool {
    let read = plan.inputs.iter().all(|input| input.bytes.is_some());
    let written = match &plan.output {
        Destination::Folder(_) => file.is_none(),
        Destination::File(path) => std::path::absolute(path).ok().as_deref() == file,
        Destination::Stdout => false,
    };
    read && written
}

/// Everything that is finished.
pub struct Finished {
    /// The last segment.
    pub last: Segment,
    /// The lines of every block.
    pub blocks: Vec<WaitingBlock>,
}

/// Takes the segments out of the journal's entries.
fn finished(entries: &mut Vec<Entry>) -> Option<Finished> {
    let mut blocks = Vec::new();
    let mut last = None;
    for entry in entries.drain(entries.len().min(1)..) {
        if let Entry::Segment(segment) = entry {
            blocks.extend(segment.blocks.iter().copied());
            last = Some(*segment);
        }
    }
    last.map(|last| Finished { last, blocks })
}

/// Writes a finished segment into the journal.
///
/// # Errors
///
/// What the system says.
pub fn finish(segment: Segment, writers: &mut Writers) -> Result<()> {
    match writers.journal() {
        Some(journal) => journal.append(&Entry::Segment(Box::new(segment))),
        None => Ok(()),
    }
}

/// Reads the report of a run that is whole.
fn report(dir: &Path) -> Result<Report> {
    let path = dir.join(REPORT_JSON);
    let text = fs::read_to_string(&path).map_err(|bad| Error::io(&path, bad))?;
    serde_json::from_str(&text)
        .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_is_told_by_its_path() {
        for (old, new, told) in [
            (
                json!({"a": {"b": 1}}),
                json!({"a": {"b": 2}}),
                "a.b: 1, now 2",
            ),
            (json!({"a": [1, 2]}), json!({"a": [1, 3]}), "a[1]: 2, now 3"),
            (
                json!({"a": [1]}),
                json!({"a": [1, 3]}),
                "a: 1 of them, now 2",
            ),
            (json!({}), json!({"x": "y"}), "x: null, now \"y\""),
        ] {
            assert_eq!(difference("", &old, &new).as_deref(), Some(told));
        }
        assert_eq!(difference("", &json!({"a": 1}), &json!({"a": 1})), None);
    }
}
