//! `run`, `clean` and `dedup`.

use crate::args::{Common, FormatArg, Job};
use crate::progress::Bars;
use crate::{REJECTED, config, stop, summary};
use anyhow::{Context, Result};
use copydesk::error::Error;
use copydesk::formats::locations;
use copydesk::pipeline::{Destination, Plan};
use std::io::Write;
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
    if job.json && output == Destination::Stdout && !job.dry_run {
        return Err(Error::setting(
            "--json",
            "the report and the cleaned records cannot both go to standard output; name a file or a folder with -o",
        )
        .into());
    }
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
    let stop = stop::listen().context("cannot listen to signals")?;
    let bars = Bars::new(common.quiet, stop.clone());
    let done = pool.install(|| copydesk::pipeline::run(&plan, &bars));
    let report = match done {
        Err(bad) if bad.is_stopped() => {
            let failed = crate::say(&bad.into());
            return Ok(stop.code().unwrap_or(failed));
        }
        done => done?,
    };
    if job.json {
        let mut json = serde_json::to_string_pretty(&report)?;
        json.push('\n');
        let printed = std::io::stdout().write_all(json.as_bytes());
        printed.map_err(|bad| Error::io("standard output", bad))?;
    } else if !common.quiet {
        summary::print(&report, &plan, start.elapsed());
    }
    let accounting = &report.tally.accounting;
    let no_ledger =
        !plan.dry_run && plan.audit.is_none() && !matches!(plan.output, Destination::Folder(_));
    if no_ledger && (accounting.rejected > 0 || accounting.dropped > 0) {
        summary::warn(&format!(
            "{} records were rejected and {} left empty, and no ledger holds them; --audit DIR keeps one",
            summary::grouped(accounting.rejected),
            summary::grouped(accounting.dropped)
        ));
    }
    if accounting.rejected > 0 && accounting.rejected == accounting.read {
        let reasons: Vec<&str> = report.tally.rejects.keys().map(String::as_str).collect();
        anyhow::bail!(
            "every record was rejected ({}); rejected.jsonl says why of each, and --text-field names the field that holds the text",
            reasons.join(", ")
        );
    }
    let rejected = accounting.rejected > 0;
    Ok(if rejected && job.strict { REJECTED } else { 0 })
}
