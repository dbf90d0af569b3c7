//! `explain --run DIR`: what a run has decided about documents: what was done to the lines of each,
//! and the survivor that one repeats, word by word.

use super::page::{RED, changes, left_alone};
use super::{FIRST, chooses_first, row, say_first, wanted, written};
use crate::args::{Common, Explain};
use crate::config;
use crate::summary;
use crate::text::{fitted, harmless_json, visible};
use anyhow::Result;
use copydesk::document::Span;
use copydesk::error::Error;
use copydesk::pipeline::{CleanedLine, Fate, LookedUp, Mark, Outcome, Twin, look_up};
use copydesk::report::{Change, Piece, WordLimits, alike, counted, grouped, word_diff};
use copydesk::store::ledger::six_digits;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

const GREEN: &str = "\x1b[32m";

/// Tells what the run has decided and returns the exit code.
pub fn explain(folder: &Path, job: &Explain, common: &Common) -> Result<u8> {
    refuse_flags(job)?;
    let mut out = anstream::AutoStream::auto(io::stdout());
    // One more tells that there are more.
    let mut found = look_up(folder, job.cleaned.as_deref(), wanted(job, FIRST + 1))?;
    let more = chooses_first(job) && found.len() as u64 > FIRST;
    if more {
        found.truncate(FIRST as usize);
    }
    for (place, one) in found.iter().enumerate() {
        let text = match job.json {
            true => harmless_json(&row(one)) + "\n",
            false if place > 0 => fitted(&format!("\n{}", page(one))),
            false => fitted(&page(one)),
        };
        out.write_all(text.as_bytes()).map_err(written)?;
    }
    out.flush().map_err(written)?;
    if more && !common.quiet {
        say_first();
    }
    Ok(0)
}

/// Refuses what says how a document is to be read or cleaned: a run has done both.
fn refuse_flags(job: &Explain) -> Result<()> {
    let mut given = config::flags_of_cleaning(&job.laid, &job.reading, &job.cleaning)?;
    given.extend(job.format.map(|_| "--format"));
    let problem = match given.as_slice() {
        [] => return Ok(()),
        [_] => {
            "a run is told as it was made; `copydesk explain FILE` takes the flag and tells what it would do"
        }
        _ => {
            "a run is told as it was made; `copydesk explain FILE` takes the flags and tells what they would do"
        }
    };
    Err(Error::setting(given.join(", "), problem).into())
}

/// Returns what became of a document, for people.
fn page(one: &LookedUp) -> String {
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let mut out = format!(
        "{bold}record {}, {}{plain}\n",
        one.doc.0 + 1,
        visible(&one.id)
    );
    match &one.outcome {
        Outcome::Kept => {
            let alone = one.spared.as_ref().map(left_alone);
            let alone = alone.map_or_else(String::new, |said| format!(", {said}"));
            out.push_str(&format!("stays{alone}\n{}", changes(&one.cleaned())));
        }
        Outcome::Empty => {
            let done = changes(&one.cleaned());
            out.push_str(&format!("dropped: nothing of its text was left\n{done}"));
        }
        Outcome::Rejected(reason) => {
            out.push_str(&format!("{RED}rejected: {}{plain}\n", visible(reason)));
        }
        Outcome::Duplicate { survivor, text } => {
            out.push_str(&format!(
                "{} duplicate of record {}{}, {}, which stays: similarity {}\n",
                survivor.kind.as_str(),
                survivor.doc.0 + 1,
                survivor
                    .batch
                    .map_or_else(String::new, |batch| format!(" of batch {batch}")),
                visible(&survivor.id),
                alike(survivor.similarity, 6),
            ));
            out.push_str(&changes(&one.cleaned()));
            if survivor.batch.is_none() {
                out.push_str(&words(text, &one.text));
            }
        }
    }
    if one.duplicates_in_all > 0 {
        let all = one.duplicates_in_all;
        out.push_str(&format!(
            "stays for {}:\n",
            counted(all, "duplicate", "duplicates")
        ));
        for twin in &one.duplicates {
            out.push_str(&format!(
                "  {} {}  record {}, {}\n",
                twin.kind.as_str(),
                alike(twin.similarity, 6),
                twin.doc.0 + 1,
                visible(&twin.id)
            ));
        }
        let more = all.saturating_sub(one.duplicates.len() as u64);
        if more > 0 {
            let more = grouped(more);
            out.push_str(&format!(
                "  {dim}and {more} more; duplicates.jsonl has all{plain}\n"
            ));
        }
    }
    out
}

/// Returns the words in which the duplicate differs from its survivor: `[-…-]` stands in the
/// survivor alone, `{+…+}` in the duplicate alone.
fn words(survivor: &str, duplicate: &str) -> String {
    let (dim, plain) = (summary::DIM, summary::PLAIN);
    let limits = WordLimits::FULL;
    let diff = word_diff(survivor, duplicate, &limits);
    let compared = match diff.beginnings {
        true => format!(", in their first {} words", grouped(limits.words as u64)),
        false => String::new(),
    };
    if diff.hunks.is_empty() {
        let aside = match diff.capitals {
            true => ", capital letters aside",
            false => "",
        };
        return format!("  {dim}word for word the same{aside}{compared}{plain}\n");
    }
    let hunks: Vec<String> = diff.hunks.iter().map(|hunk| place(hunk)).collect();
    let before = if diff.from_the_start { "" } else { "… " };
    let after = if diff.to_the_end { "" } else { "…" };
    format!(
        "  {before}{}{after}\n  {dim}[-the survivor alone-] {{+this record alone+}}{compared}{plain}\n",
        hunks.join("… ")
    )
}

/// Returns a place where two texts differ, with the words around it.
fn place(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let text = spaced(&piece.text);
        let words = visible(text.trim_end());
        let shown = match piece.change {
            Change::Same => visible(&text),
            Change::Gone => format!("{RED}[-{words}-]{}", summary::PLAIN),
            Change::New => format!("{GREEN}{{+{words}+}}{}", summary::PLAIN),
        };
        out.push_str(&shown);
        // The white space behind a change stands behind its mark, once.
        let next = pieces.get(at + 1).map(|next| next.change);
        let ends = text.ends_with(' ');
        if piece.change != Change::Same && ends && next.is_none_or(|next| next == Change::Same) {
            out.push(' ');
        }
    }
    out
}

/// Returns words with one space between any two, and one at either end that has white space.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.chars() {
        match part.is_whitespace() {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(part),
        }
    }
    out
}

/// Returns what became of a document, for programs.
fn row(one: &LookedUp) -> Value {
    let twin = |twin: &Twin| {
        json!({
            "doc": twin.doc,
            "id": twin.id,
            "similarity": six_digits(twin.similarity),
            "kind": twin.kind.as_str(),
        })
    };
    let mut row = json!({"doc": one.doc, "id": one.id, "text": one.text});
    match &one.outcome {
        Outcome::Kept => row["outcome"] = json!("kept"),
        Outcome::Empty => row["outcome"] = json!("empty"),
        Outcome::Rejected(reason) => {
            row["outcome"] = json!("rejected");
            row["reason"] = json!(reason);
        }
        Outcome::Duplicate { survivor, text } => {
            row["outcome"] = json!("duplicate");
            row["survivor"] = twin(survivor);
            match survivor.batch {
                None => row["survivor"]["text"] = json!(text),
                Some(batch) => row["survivor"]["batch"] = json!(batch),
            }
        }
    }
    let cleaned = one.cleaned();
    let lines = cleaned.lines();
    let changed = lines.iter().filter(|line| !line.changes.is_empty());
    row::add(
        &mut row,
        &cleaned,
        &lines,
        changed.map(row::line_row).collect(),
    );
    let cuts = cleaned.cuts().map(|(edit, why)| {
        json!({
            "rule": why.rule, "kind": why.kind, "span": edit.span,
            "text": cleaned.original_of(edit.span), "evidence": why.evidence,
            "score": why.score.map(|score| six_digits(f64::from(score))),
            "replacement": edit.replacement, "whole_lines": is_whole(edit.span, &lines),
        })
    });
    row["cuts"] = json!(cuts.collect::<Vec<_>>());
    row["mends"] = json!(
        cleaned
            .mended()
            .filter(|(edit, _)| edit.tag != Mark::Gap)
            .count()
    );
    row["duplicates"] = json!(one.duplicates.iter().map(twin).collect::<Vec<_>>());
    row["duplicates_in_all"] = json!(one.duplicates_in_all);
    row
}

/// Returns whether whole lines went with a cut, and no part of one that stays.
fn is_whole(cut: Span, lines: &[CleanedLine<'_>]) -> bool {
    let from = lines.partition_point(|line| line.span.end <= cut.start);
    let within = lines.get(from..).unwrap_or_default().iter();
    within
        .take_while(|line| line.span.start < cut.end)
        .all(|line| line.fate != Fate::Mended && line.fate != Fate::Kept)
}
