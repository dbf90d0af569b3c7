//! `run`, `clean` and `dedup`.

use crate::args::{Common, FormatArg, Job};
use crate::events::Events;
use crate::progress::{self, Listener};
use crate::stop::{self, Stop};
use crate::{FAILED, REJECTED, config, summary};
use anyhow::{Context, Result};
use copydesk::error::Error;
use copydesk::formats::locations;
use copydesk::pipeline::{Destination, Plan};
use copydesk::report::Report;
use copydesk::report::grouped;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Does the job and returns the exit code.
pub fn run(command: &'static str, job: &Job, common: &Common) -> Result<u8> {
    let config::Chosen {
        settings,
        resources,
    } = config::of_run(command, &job.choices, common)?;
    let inputs = locations::expand(&job.inputs, job.format.map(FormatArg::format))?;
    let output = match &job.output {
        Some(name) => Destination::of_name(name),
        // A dry run writes nothing anywhere.
        None => Destination::Stdout,
    };
    // Where records go to standard output, the report stands in the last event alone.
    let output_is_free = output != Destination::Stdout || job.dry_run;
    let mut plan = Plan::new(command, settings, inputs, output);
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
            anstream::eprintln!("{}error:{} {said}", summary::RED, summary::PLAIN);
        }
    })
    .context("cannot listen to signals")?;
    let mut listener = Listener::new(common.quiet, stop.clone());
    if let Some(events) = events {
        listener = listener.telling(events, alone);
    }
    let told = Told { alone, listener };
    if let Some(events) = told.listener.events() {
        events.start(&plan);
    }
    let done = pool.install(|| copydesk::pipeline::run(&plan, &told.listener));
    progress::clear();
    let report = match done {
        Ok(report) => report,
        Err(bad) => return told.failed(&bad.into(), &stop),
    };
    let rejected = report.tally.accounting.rejected > 0;
    let code = if rejected && job.strict { REJECTED } else { 0 };
    told.warn_of_loss(&report, &plan);
    if let Err(bad) = some_were_read(&report) {
        if !told.alone && !common.quiet {
            summary::print(&report, &plan, start.elapsed());
        }
        return told.failed(&bad, &stop);
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

/// Says how a run ended, to people or to programs.
struct Told {
    listener: Listener,
    /// Whether stderr is for programs.
    alone: bool,
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
            events.failed(event, &format!("{bad:#}"), code);
        }
        if !self.alone {
            crate::say(bad);
        }
        Ok(code)
    }

    /// Warns where something was lost, and no ledger holds it.
    fn warn_of_loss(&self, report: &Report, plan: &Plan) {
        let accounting = &report.tally.accounting;
        let folder = matches!(plan.output, Destination::Folder(_));
        if folder || plan.dry_run || plan.audit.is_some() {
            return;
        }
        if accounting.rejected == 0 && accounting.dropped == 0 {
            return;
        }
        let said = format!(
            "{} records were rejected and {} left empty, and no ledger holds them; --audit DIR keeps one",
            grouped(accounting.rejected),
            grouped(accounting.dropped)
        );
        if let Some(events) = self.listener.events() {
            events.text("warning", &said);
        }
        if !self.alone {
            summary::warn(&said);
        }
    }
}

/// Complains where every record was rejected.
fn some_were_read(report: &Report) -> Result<()> {
    let accounting = &report.tally.accounting;
    if accounting.rejected > 0 && accounting.rejected == accounting.read {
        let reasons: Vec<&str> = report.tally.rejects.keys().map(String::as_str).collect();
        anyhow::bail!(
            "every record was rejected ({}); rejected.jsonl says why of each, and --text-field names the field that holds the text",
            reasons.join(", ")
        );
    }
    Ok(())
}
