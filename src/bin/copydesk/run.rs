//! `run`, `clean` and `dedup`.

use crate::args::{Common, CompressArg, Job};
use crate::progress::Bars;
use crate::{REJECTED, config, stop, summary};
use anyhow::{Context, Result};
use copydesk::error::Error;
use copydesk::formats::{Compression, locations};
use copydesk::pipeline::{Destination, Plan};
use std::io::Write;
use std::time::Instant;

/// Does the job and returns the exit code.
pub fn run(command: &str, job: &Job, common: &Common) -> Result<u8> {
    let settings = config::settings(command, job, common)?;
    let inputs = locations::expand(&job.inputs, job.reading.format())?;
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
    plan.dry_run = job.dry_run;
    plan.audit.clone_from(&job.audit);
    plan.force = job.force;
    plan.temp_dir.clone_from(&job.temp_dir);
    plan.compression = match job.compress {
        CompressArg::None => Compression::None,
        CompressArg::Gz => Compression::Gzip,
        CompressArg::Zst => Compression::Zstd,
    };
    if let Some(bytes) = job.reading.max_record {
        plan.cut.max_record = usize::try_from(bytes).unwrap_or(usize::MAX);
    }
    if let Some(bytes) = job.block_size {
        plan.cut.block = usize::try_from(bytes).unwrap_or(usize::MAX);
    }
    if let Some(bytes) = job.segment_size {
        plan.segment_bytes = bytes;
    }
    if let Some(bytes) = job.shard_size {
        plan.shard_bytes = bytes;
    }
    if let Some(bytes) = job.memory {
        plan.memory = bytes;
    }
    let threads = common.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .context("cannot start the threads; --threads N asks for fewer")?;
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
