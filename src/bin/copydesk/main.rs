//! The command line: flags to a plan, events to bars, a report to a summary.

mod args;
mod config;
mod events;
mod explain;
mod index;
mod learn;
mod line_model;
mod log;
mod pages;
mod progress;
mod report;
mod restore;
mod rules;
mod run;
mod stop;
mod summary;
mod table;
mod text;
mod train;
mod tune;
mod verify;
mod warnings;

use anyhow::Context;
use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

/// Threads work on what others have read and hand on what they have made; the system's allocator
/// pays for that with every buffer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A run that failed.
const FAILED: u8 = 1;
/// A command that cannot be.
const USAGE: u8 = 2;
/// Done, but records were rejected, and `--strict` was set.
const REJECTED: u8 = 3;
/// Stopped, because more would go than the brake allows.
const BRAKE: u8 = 4;

fn main() -> ExitCode {
    let args = Args::parse();
    log::install(args.common.verbose);
    let done = match &args.command {
        Command::Run(job) => run::run("run", job, &args.common),
        Command::Clean(job) => run::run("clean", job, &args.common),
        Command::Dedup(job) => run::run("dedup", job, &args.common),
        Command::Explain(job) => explain::explain(job, &args.common),
        Command::Rules(job) => rules::rules(job, &args.common),
        Command::Learn(job) => learn::learn(job, &args.common),
        Command::Restore(job) => restore::restore(job, &args.common),
        Command::Verify(job) => verify::verify(job, &args.common),
        Command::Report(job) => report::report(job, &args.common),
        Command::Tune(job) => tune::tune(job, &args.common),
        Command::Index(job) => index::index(job, &args.common),
        Command::Train(job) => train::run(job, &args.common),
        Command::Completions(job) => pages::completions(job),
        Command::Man(job) => pages::man(job, &args.common),
        Command::Init(job) => config::init(job, &args.common),
        Command::Config(job) => config::config(job, &args.common),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(bad) => ExitCode::from(say(&bad)),
    }
}

/// How many threads may be asked for, whatever the machine; each holds some megabytes of input.
const MOST_THREADS: usize = 256;

/// Starts this many threads; 0 is one a core.
fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let most = MOST_THREADS.max(4 * cores);
    if threads > most {
        let problem = format!(
            "{threads} found; expected {most} at most, and more than one a core ({cores}) gains nothing"
        );
        return Err(copydesk::Error::setting("--threads", problem).into());
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .context("cannot start the threads; --threads N asks for fewer")
}

/// Says what went wrong and returns the exit code for it.
fn say(bad: &anyhow::Error) -> u8 {
    let code = exit_code(bad);
    if code == 0 {
        // Whoever read has enough.
        return code;
    }
    let said = text::told(&text::harmless(&words(bad)), "error: ".len());
    anstream::eprintln!("{}error:{} {said}", summary::RED, summary::PLAIN);
    code
}

/// Returns what went wrong in words: our own errors say all in one line, others tell what led to
/// them.
fn words(bad: &anyhow::Error) -> String {
    match bad.downcast_ref::<copydesk::Error>() {
        Some(ours) => ours.to_string(),
        None => format!("{bad:#}"),
    }
}

/// Returns the exit code for what went wrong.
fn exit_code(bad: &anyhow::Error) -> u8 {
    match bad.downcast_ref::<copydesk::Error>() {
        Some(ours) if ours.is_broken_pipe() => 0,
        Some(ours) if ours.is_usage() => USAGE,
        Some(ours) if ours.is_brake() => BRAKE,
        _ => FAILED,
    }
}
