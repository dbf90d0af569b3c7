//! A run on this machine.
//!
//! Without a search for duplicates it is one pass: read, clean, write. With
//! one it is two, and a decision between them: the first pass leaves cleaned
//! lines and fingerprints waiting, the second writes what stays.

pub(super) mod clock;
pub(super) mod cuts;
pub(super) mod first_pass;
pub(super) mod front;
pub(super) mod made_lines;
mod marks;
pub(super) mod own_folder;
pub(super) mod plan;
pub(super) mod resume;
pub(super) mod second_pass;
pub(super) mod sites;
pub(super) mod waiting;
pub(super) mod work;
pub(super) mod writers;

use crate::boilerplate::site::SiteModel;
use crate::duplicates::Counter;
use crate::error::{Error, Result};
use crate::pipeline::clean::brake::Brake;
use crate::pipeline::decide::{Decision, decide, shingle_counts};
use crate::pipeline::index::{Earlier, Index, Staged};
use crate::pipeline::progress::{Progress, Stage, Traced};
use crate::report::{IndexReport, Report, seconds};
use crate::settings::DuplicateMode;
use crate::store::Manifest;
use crate::store::fingerprints::Fingerprints;
use crate::store::ledger::DropReason;
use crate::store::manifest::{InputEntry, SCHEMA};
use first_pass::FirstPass;
use plan::Plan;
use resume::{Aside, Going, Start};
use second_pass::SecondPass;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use work::Worker;
use writers::{Left, Writers};

/// Does what `plan` asks, on the threads of the current rayon pool.
///
/// Returns the report. Records that cannot be read are no error: they are
/// counted, and stand in `rejected.jsonl`. Where files are read and a folder
/// is written, a run that is stopped at any instant is gone on with by the
/// same plan, and ends with the same bytes.
///
/// # Errors
///
/// Settings that cannot be, inputs that cannot be opened, outputs that are in
/// the way, a disk that refuses, a brake that stops. Nothing stands under a
/// final name then.
pub fn run(plan: &Plan, progress: &dyn Progress) -> Result<Report> {
    let _span = tracing::info_span!("run", command = plan.command).entered();
    let progress = &Traced(progress);
    plan.check()?;
    let mut plan = plan.clone();
    let named = crate::pipeline::clean::site_model::read_named(&mut plan.settings)?;
    let plan = &plan;
    let counts = match plan.settings.duplicates.mode {
        DuplicateMode::Off => None,
        _ => Some(shingle_counts(plan.memory, &plan.inputs)),
    };
    // Before anything is read: it is held as long as the run lasts.
    let index = match &plan.index {
        Some(dir) => {
            let settings = &plan.settings.duplicates;
            Some(Index::open(dir, !plan.dry_run, settings)?)
        }
        None => None,
    };
    let going = match resume::open(plan, counts.as_ref(), progress)? {
        Start::Done(report) => return Ok(*report),
        Start::Going(going) => *going,
    };
    let Going {
        mut writers,
        mut pass,
        aside,
    } = going;
    if sites::learns(&plan.settings) {
        pass.clock.enter(Stage::Learn);
    }
    let done = sites::learn_once(plan, model_file(&writers, &aside).as_deref(), progress).and_then(
        |learned| {
            pass.clock.enter(Stage::Clean);
            let known = named.or(learned);
            let tools = Tools {
                known,
                counts,
                index,
            };
            work(plan, tools, &mut pass, &mut writers, &aside, progress)
        },
    );
    let done = done.and_then(|staged| commit(plan, staged, &mut pass, &mut writers, &aside));
    match done {
        Ok(report) => Ok(report),
        Err(bad) => Err(leave(bad, pass, writers, aside, progress)),
    }
}

/// Makes what was done last: the index first, then every output.
fn commit(
    plan: &Plan,
    staged: Option<Staged>,
    pass: &mut FirstPass,
    writers: &mut Writers,
    aside: &Aside,
) -> Result<Report> {
    let mut tally = std::mem::take(&mut pass.tally);
    tally.finish();
    let mut report = Report {
        schema: SCHEMA,
        copydesk: env!("CARGO_PKG_VERSION").to_owned(),
        command: plan.command.clone(),
        tally,
        settings: plan.settings.clone(),
        index: staged.as_ref().map(|staged| IndexReport {
            folder: staged.entry.folder.clone(),
            batch: staged.entry.batch,
            documents: staged.entry.documents,
            repeated: staged.entry.repeated,
            added: staged.entry.added,
            known: staged.known,
        }),
        passed_over: plan.passed_over.clone(),
        times: Some(pass.clock.times()),
    };
    let begun = Instant::now();
    let manifest = Manifest {
        schema: SCHEMA,
        copydesk: report.copydesk.clone(),
        command: report.command.clone(),
        settings: report.settings.clone(),
        inputs: plan
            .inputs
            .iter()
            .map(|input| InputEntry {
                name: input.name.clone(),
                bytes: input.bytes,
                format: input.format.map(|format| format.as_str().to_owned()),
            })
            .collect(),
        max_record: plan.cut.max_record as u64,
        records: report.tally.accounting.read,
        originals_sha256: pass.chain.hex(),
        index: staged.as_ref().map(|staged| staged.entry.clone()),
        cleaned: None,
        files: BTreeMap::new(),
        reports: BTreeMap::new(),
    };
    // First: the same run, done again, knows its batch in the index and ends with the same bytes.
    if let Some(staged) = staged {
        staged.commit()?;
    }
    writers.commit(&report, manifest, || aside.discard())?;
    if let Some(times) = &mut report.times {
        times.finish = Some(seconds(begun.elapsed()));
    }
    let accounting = &report.tally.accounting;
    tracing::info!(
        read = accounting.read,
        written = accounting.written,
        duplicates = accounting.duplicates,
        dropped = accounting.dropped,
        rejected = accounting.rejected,
        "whole"
    );
    Ok(report)
}

/// Leaves a run that failed. What is finished is kept for going on, and said.
fn leave(
    bad: Error,
    mut pass: FirstPass,
    mut writers: Writers,
    aside: Aside,
    progress: &dyn Progress,
) -> Error {
    if bad.is_stopped()
        && let Err(worse) = pass.finish_segment(&mut writers)
    {
        return worse;
    }
    let (next, named) = (pass.finished() + 1, aside.named);
    drop(pass);
    let place = writers.partial().map(|dir| dir.display().to_string());
    // What was read of an input that was another then is nothing to go on from.
    let of_use = !bad.is_changed_input();
    let told = match (writers.leave(of_use), place) {
        (Left::Finished, Some(place)) if bad.is_brake() => {
            return Error::brake(format!(
                "{bad}; what was read is kept in {place}, and with another limit, or none, the same command goes on from record {next}"
            ));
        }
        (Left::Finished, Some(place)) => format!(
            "what is finished is kept in {place}; the same command goes on from record {next}"
        ),
        (Left::Whole, Some(place)) => {
            aside.discard();
            format!(
                "the run is whole and kept in {place}, and only names are missing; the same command gives them"
            )
        }
        _ => {
            aside.discard();
            if !bad.is_stopped() {
                return bad;
            }
            if named {
                "nothing was finished yet, so the same command starts anew".to_owned()
            } else {
                "input or output is a stream, so there is nothing to go on from; the same command starts anew".to_owned()
            }
        }
    };
    if bad.is_stopped() {
        return Error::stopped(format!("stopped; {told}"));
    }
    progress.note(&told);
    bad
}

/// Returns where a site model that is learned from the input itself is kept for going on.
fn model_file(writers: &Writers, aside: &Aside) -> Option<PathBuf> {
    let partial = writers.partial().filter(|_| aside.named)?;
    Some(partial.join(resume::SITES))
}

/// What a run works with.
struct Tools {
    /// What recurs on each site, where that is known.
    known: Option<Arc<SiteModel>>,
    /// Counts of shingles, where duplicates are looked for.
    counts: Option<Counter>,
    /// The index, where there is one.
    index: Option<Index>,
}

/// Both passes, and what lies between them; answers with what the index gets.
fn work(
    plan: &Plan,
    tools: Tools,
    pass: &mut FirstPass,
    writers: &mut Writers,
    aside: &Aside,
    progress: &dyn Progress,
) -> Result<Option<Staged>> {
    let Tools {
        known,
        counts,
        index,
    } = tools;
    let worker = Worker::new(
        &plan.settings,
        plan.cut.max_record,
        writers.keeps_books(),
        aside.dir(),
    )
    .knowing(known);
    let worker = match &counts {
        Some(counts) => worker.counting(counts),
        None => worker,
    };
    let worker = worker.labelling(pass.wants_labels());
    pass.run(plan, &worker, writers, progress)?;
    if counts.is_some() {
        pass.clock.enter(Stage::Decide);
    }
    let limits = &plan.settings.brake;
    let (Some(counts), Some((lines, prints))) = (counts, pass.laid_aside()?) else {
        pass.brake.check(limits, &pass.tally)?;
        return Ok(None);
    };
    let settings = &plan.settings.duplicates;
    let earlier = index.map(|index| index.before(&prints)).transpose()?;
    let repeated = match &earlier {
        Some(earlier) => {
            note_batch(earlier, progress);
            earlier.repeated(&prints, plan.memory, progress)?
        }
        None => Vec::new(),
    };
    let decisions = decide(
        &prints,
        &counts,
        &pass.ranks,
        plan.memory,
        settings,
        repeated,
        progress,
    )?;
    drop(counts);
    if settings.mode == DuplicateMode::Drop {
        would_drop(&decisions, &pass.empty, &prints, &mut pass.brake)?;
        pass.brake.check(limits, &pass.tally)?;
    }
    pass.clock.enter(Stage::Write);
    let second = SecondPass {
        lines,
        firsts: std::mem::take(&mut pass.firsts),
        empty: std::mem::take(&mut pass.empty),
        prints: &prints,
        decisions: &decisions,
        earlier: earlier.as_ref(),
        mode: settings.mode,
        books: writers.keeps_books(),
    };
    second.write(writers, &mut pass.tally, progress)?;
    let (Some(earlier), Some(name)) = (earlier, &plan.index) else {
        return Ok(None);
    };
    let inputs = plan.inputs.iter().map(|input| input.name.clone()).collect();
    let staged = earlier.stage(name, &prints, &decisions, inputs, plan.memory, progress)?;
    Ok(Some(staged))
}

/// Says where the index holds the batch already.
fn note_batch(earlier: &Earlier, progress: &dyn Progress) {
    if let Some(number) = earlier.known_as() {
        progress.note(&format!(
            "the index holds this batch already, as its batch {number}: it is checked against what came before, and nothing is added"
        ));
    }
}

/// Tells the brake what would be dropped.
fn would_drop(
    decisions: &[Decision],
    empty: &[u32],
    prints: &Fingerprints,
    brake: &mut Brake,
) -> Result<()> {
    let mut buffer = Vec::new();
    let mut empty = empty.iter().copied().peekable();
    let mut decided = decisions.iter().map(|decision| decision.record).peekable();
    loop {
        let (record, reason) = match (empty.peek(), decided.peek()) {
            (None, None) => return Ok(()),
            // What is empty and repeats another is told as empty.
            (Some(one), Some(other)) if one == other => {
                decided.next();
                continue;
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                (empty.next(), DropReason::Empty)
            }
            _ => (decided.next(), DropReason::Duplicate),
        };
        if let Some(record) = record {
            let label = prints.label(record as usize, &mut buffer)?;
            brake.drop(label.site, label.id, reason);
        }
    }
}
