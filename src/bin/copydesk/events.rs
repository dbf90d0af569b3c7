//! What a run says to programs: one JSON object a line. docs/outputs.md has the schema.

use crate::text::harmless_json;
use anyhow::{Context, Result};
use copydesk::error::Error;
use copydesk::pipeline::{Destination, Plan, Rejected, Stage, check_output};
use copydesk::report::{Report, Times};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The version of the schema.
const SCHEMA: u32 = 1;
/// Bytes that the first event of a run takes at most.
const FIRST_LINE: u64 = 4096;
/// How often progress is told.
const EVERY: Duration = Duration::from_millis(500);
/// How many rejected records are told one by one; all of them stand in rejected.jsonl.
const REJECTS: u64 = 1000;

/// Where events go.
#[derive(Clone)]
pub struct Events(Arc<Mutex<Inner>>);

struct Inner {
    out: Box<dyn Write + Send>,
    stage: Option<Under>,
    rejects: u64,
}

/// The stage that is under way.
struct Under {
    stage: Stage,
    total: Option<u64>,
    begun: Instant,
    /// Where it began: a run that goes on does not begin at nothing.
    start: Option<u64>,
    position: u64,
    records: u64,
    told: Option<Instant>,
}

impl Events {
    /// Returns events that go to a file, or to standard error where none is named. In a file that
    /// holds events already they stand behind those; with `--force` it begins anew.
    ///
    /// # Errors
    ///
    /// A file that is in the way, or part of what `plan` reads or writes; one that cannot be written.
    pub fn open(file: Option<&Path>, plan: &Plan) -> Result<Self> {
        let out: Box<dyn Write + Send> = match file {
            None => return Ok(Self::to_stderr()),
            Some(path) => {
                check(path, plan)?;
                let open = File::options()
                    .create(true)
                    .append(true)
                    .open(path)
                    .and_then(|file| {
                        if plan.force && path.is_file() {
                            file.set_len(0)?;
                        }
                        Ok(file)
                    });
                Box::new(open.with_context(|| format!("--json: cannot write {}", path.display()))?)
            }
        };
        Ok(Self::into(out))
    }

    /// Returns events that go to standard error.
    pub fn to_stderr() -> Self {
        Self::into(Box::new(io::stderr()))
    }

    fn into(out: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            out,
            stage: None,
            rejects: 0,
        })))
    }

    /// A run begins.
    pub fn start(&self, plan: &Plan) {
        let bytes: Option<u64> = plan.inputs.iter().map(|input| input.bytes).sum();
        self.with(|inner| {
            inner.say(&json!({
                "event": "start",
                "schema": SCHEMA,
                "copydesk": env!("CARGO_PKG_VERSION"),
                "command": plan.command,
                "inputs": plan.inputs.len(),
                "bytes": bytes,
                "dry_run": plan.dry_run,
            }));
        });
    }

    /// A stage begins.
    pub fn begin(&self, stage: Stage, total: Option<u64>) {
        self.with(|inner| {
            inner.stage = Some(Under {
                stage,
                total,
                begun: Instant::now(),
                start: None,
                position: 0,
                records: 0,
                told: None,
            });
            inner.say(&json!({
                "event": "stage",
                "stage": stage.name(),
                "unit": stage.unit(),
                "total": total,
            }));
        });
    }

    /// The stage has come so far.
    pub fn advance(&self, position: u64, records: u64) {
        self.with(|inner| {
            let Some(under) = &mut inner.stage else {
                return;
            };
            under.start.get_or_insert(position);
            (under.position, under.records) = (position, records);
            if under.told.is_some_and(|told| told.elapsed() < EVERY) {
                return;
            }
            under.told = Some(Instant::now());
            let event = under.event("progress");
            inner.say(&event);
        });
    }

    /// The stage is over.
    pub fn end(&self) {
        self.with(|inner| {
            if let Some(under) = inner.stage.take() {
                inner.say(&under.event("stage-end"));
            }
        });
    }

    /// A record was rejected.
    pub fn rejected(&self, what: &Rejected<'_>) {
        self.with(|inner| {
            inner.rejects += 1;
            if inner.rejects <= REJECTS {
                inner.say(&json!({
                    "event": "reject",
                    "doc": what.doc,
                    "file": what.source,
                    "line": what.line,
                    "reason": what.reason,
                }));
            }
        });
    }

    /// Something that a reader should know: `note` or `warning`.
    pub fn text(&self, event: &str, text: &str) {
        self.with(|inner| inner.say(&json!({"event": event, "text": text})));
    }

    /// The run ended without a result: `brake`, `stopped` or `error`.
    pub fn failed(&self, event: &str, text: &str, exit: u8) {
        self.with(|inner| inner.say(&json!({"event": event, "text": text, "exit": exit})));
    }

    /// The program ends here, whatever the run is waiting for; says nothing where that is for these
    /// events to be read.
    pub fn last_words(&self, text: &str, exit: u8) {
        if let Ok(mut inner) = self.0.try_lock() {
            inner.say(&json!({"event": "stopped", "text": text, "exit": exit}));
        }
    }

    /// The run is done.
    pub fn finish(&self, report: &Report, took: Duration, exit: u8) {
        self.with(|inner| {
            inner.say(&json!({
                "event": "finish",
                "exit": exit,
                "seconds": tenths(took),
                "times": report.times.as_ref().map(told),
                "report": report,
            }));
        });
    }

    fn with(&self, what: impl FnOnce(&mut Inner)) {
        if let Ok(mut inner) = self.0.lock() {
            what(&mut inner);
        }
    }
}

/// Checks that events may be written to a file, before it is opened.
fn check(path: &Path, plan: &Plan) -> Result<()> {
    let inputs = plan.inputs.iter().filter_map(|input| input.path.as_deref());
    // What may stand there is told below.
    check_output("--json=FILE", path, inputs, true)?;
    let problem = match (&plan.output, &plan.audit) {
        (Destination::File(output), _) if is_same(path, output) => {
            "the cleaned records go there; name another file"
        }
        (Destination::Folder(dir), _) | (_, Some(dir)) if lies_in(path, dir) => {
            "that lies in the output folder, which holds what one run wrote and nothing else; name another file"
        }
        _ if path.is_file() && !plan.force && !holds_events(path)? => {
            "the file exists and holds no events of copydesk; --force replaces it, or name another with --json=FILE"
        }
        _ => return Ok(()),
    };
    Err(Error::output(path, problem).into())
}

/// Returns whether a file is empty or begins as one that a run has told its events to.
fn holds_events(path: &Path) -> Result<bool> {
    let io = |bad| Error::io(path, bad);
    let mut first = Vec::new();
    let file = File::open(path).map_err(io)?;
    BufReader::new(file.take(FIRST_LINE))
        .read_until(b'\n', &mut first)
        .map_err(io)?;
    let begun: Option<Value> = serde_json::from_slice(&first).ok();
    let ours = |event: Value| event["event"] == "start" && event["copydesk"].is_string();
    Ok(first.is_empty() || begun.is_some_and(ours))
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (std::path::absolute(one), std::path::absolute(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn lies_in(path: &Path, dir: &Path) -> bool {
    std::path::absolute(path).is_ok_and(|path| path.ancestors().any(|above| is_same(above, dir)))
}

impl Inner {
    /// Writes a line. Whoever does not read them does not stop the run.
    fn say(&mut self, event: &Value) {
        let line = harmless_json(event) + "\n";
        let _ = self.out.write_all(line.as_bytes());
        let _ = self.out.flush();
    }
}

impl Under {
    fn event(&self, name: &str) -> Value {
        json!({
            "event": name,
            "stage": self.stage.name(),
            "unit": self.stage.unit(),
            "position": self.position,
            "total": self.total,
            "records": self.records,
            "seconds": tenths(self.begun.elapsed()),
            "left": self.left(),
        })
    }

    /// Returns how many seconds are left at the pace so far, where the end is known.
    fn left(&self) -> Option<f64> {
        let done = self
            .position
            .checked_sub(self.start?)
            .filter(|done| *done > 0)?;
        let rest = self.total?.saturating_sub(self.position);
        let left = self.begun.elapsed().mul_f64(rest as f64 / done as f64);
        Some(tenths(left))
    }
}

/// Returns the times with what no file can have: how long it took to end.
fn told(times: &Times) -> Value {
    let mut all = json!(times);
    all["finish"] = json!(times.finish);
    all
}

fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}
