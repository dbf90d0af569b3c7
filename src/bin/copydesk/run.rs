//! `run`, `clean` and `dedup`.

use crate::args::{Common, CompressArg, FormatArg, Job};
use crate::events::Events;
use crate::progress::{self, Listener};
use crate::stop::{self, Stop};
use crate::{FAILED, REJECTED, config, summary, warnings};
use anyhow::{Context, Result};
use copydesk::error::Error;
use copydesk::formats::{Compression, locations};
use copydesk::pipeline::{Destination, Plan};
use copydesk::settings::DuplicateMode;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Does the job and returns the exit code.
pub fn run(command: &'static str, job: &Job, common: &Common) -> Result<u8> {
    let done = begin(command, job, common);
    match done {
        // Whoever reads events on standard error reads nothing else there.
        Err(bad) if job.json.as_deref() == Some(Path::new("-")) => {
            let code = crate::exit_code(&bad);
            if code == 0 {
                // Whoever read has enough.
                return Ok(code);
            }
            Events::to_stderr().failed("error", &crate::words(&bad), code);
            Ok(code)
        }
        done => done,
    }
}

/// Does the job; what fails before the run has begun is not said yet.
fn begin(command: &'static str, job: &Job, common: &Common) -> Result<u8> {
    let config::Chosen {
        settings,
        resources,
    } = config::of_run(command, &job.choices, common)?;
    let found = locations::find(&job.inputs, job.format.map(FormatArg::format))?;
    let output = match &job.output {
        Some(name) => Destination::of_name(name),
        // A dry run writes nothing anywhere.
        None => Destination::Stdout,
    };
    if job.index.is_some() && command == "clean" && settings.duplicates.mode == DuplicateMode::Off {
        return Err(Error::setting("--index", config::NO_SEARCH).into());
    }
    check_packing(job, &output)?;
    // Where records go to standard output, the report stands in the last event alone.
    let output_is_free = output != Destination::Stdout || job.dry_run;
    let mut plan = Plan::new(command, settings, found.inputs, output);
    plan.passed_over = found.passed_over;
    plan.index.clone_from(&job.index);
    plan.dry_run = job.dry_run;
    plan.audit.clone_from(&job.audit);
    plan.force = job.force;
    plan.use_resources(&resources);
    if let Some(bytes) = job.block_size {
        plan.cut.block = bytes.as_usize();
    }
    if let Some(bytes) = job.segment_size {
        plan.segment_bytes = bytes.0;
    }
    let pool = crate::pool(resources.threads)?;
    let start = Instant::now();
    let alone = job.json.as_deref() == Some(Path::new("-"));
    let file = job.json.as_deref().filter(|_| !alone);
    let events = match job.json {
        Some(_) => Some(Events::open(file, &plan)?),
        None => None,
    };
    let heard = events.clone();
    let stop = stop::listen(move |said, code| {
        if let Some(events) = heard {
            events.last_words(said, code);
        }
        if !alone {
            let said = crate::text::told(said, "error: ".len());
            anstream::eprintln!("{}error:{} {said}", summary::RED, summary::PLAIN);
        }
    })
    .context("cannot listen to signals")?;
    let mut listener = Listener::new(common.quiet, stop.clone());
    if let Some(events) = events {
        listener = listener.telling(events, alone);
    }
    let told = Told {
        alone,
        quiet: common.quiet,
        listener,
    };
    if let Some(events) = told.listener.events() {
        events.start(&plan);
    }
    for said in &found.doubts {
        told.warn(said);
    }
    let done = pool.install(|| copydesk::pipeline::run(&plan, &told.listener));
    progress::clear();
    let report = match done {
        Ok(report) => report,
        Err(bad) => return told.failed(&bad.into(), &stop),
    };
    let rejected = report.tally.accounting.rejected > 0;
    let code = if rejected && job.strict { REJECTED } else { 0 };
    for said in warnings::of(&report, &plan) {
        told.warn(&said);
    }
    if let Some(said) = warnings::loss(&report, &plan) {
        told.insist(&said);
    }
    if let Some(events) = told.listener.events() {
        events.finish(&report, start.elapsed(), code);
    }
    if told.alone {
        if output_is_free {
            let mut json = serde_json::to_string_pretty(&report)?;
            json.push('\n');
            let printed = std::io::stdout().write_all(json.as_bytes());
            printed.map_err(|bad| Error::io("standard output", bad))?;
        }
    } else if !common.quiet {
        summary::print(&report, &plan, start.elapsed());
    }
    Ok(code)
}

/// Complains where `--compress` would pack nothing: it packs the files of folders.
fn check_packing(job: &Job, output: &Destination) -> Result<()> {
    let Some(asked) = job.choices.resources.compress else {
        return Ok(());
    };
    let asked = match asked {
        CompressArg::None => Compression::None,
        CompressArg::Gz => Compression::Gzip,
        CompressArg::Zst => Compression::Zstd,
    };
    let (name, found) = match output {
        Destination::Folder(_) => return Ok(()),
        Destination::Stdout => ("standard output".to_owned(), Compression::None),
        Destination::File(path) => (path.display().to_string(), Compression::of_name(path)),
    };
    if asked == found || job.audit.is_some() || job.dry_run {
        return Ok(());
    }
    let mend = match output {
        Destination::Stdout => "pipe it through gzip or zstd",
        _ => "a file is packed by its ending, .jsonl.gz or .jsonl.zst",
    };
    let said = format!("packs the files of a folder, but the output is {name}; {mend}");
    Err(Error::setting("--compress", said).into())
}

/// Says how a run ended, to people or to programs.
struct Told {
    listener: Listener,
    /// Whether stderr is for programs.
    alone: bool,
    /// Whether people hear of nothing but errors and losses.
    quiet: bool,
}

impl Told {
    /// Says why a run failed and returns the exit code.
    fn failed(&self, bad: &anyhow::Error, stop: &Stop) -> Result<u8> {
        let (event, code) = match bad.downcast_ref::<Error>() {
            Some(ours) if ours.is_broken_pipe() => return Ok(0),
            Some(ours) if ours.is_stopped() => ("stopped", stop.code().unwrap_or(FAILED)),
            Some(ours) if ours.is_brake() => ("brake", crate::exit_code(bad)),
            _ => ("error", crate::exit_code(bad)),
        };
        if let Some(events) = self.listener.events() {
            events.failed(event, &crate::words(bad), code);
        }
        if !self.alone {
            crate::say(bad);
        }
        Ok(code)
    }

    /// Says what someone should look at.
    fn warn(&self, said: &str) {
        self.say(said, self.quiet);
    }

    /// Says what must not go by in silence, whatever was asked for.
    fn insist(&self, said: &str) {
        self.say(said, false);
    }

    fn say(&self, said: &str, quiet: bool) {
        if let Some(events) = self.listener.events() {
            events.text("warning", said);
        }
        if !self.alone && !quiet {
            summary::warn(&crate::text::harmless(said));
        }
    }
}
