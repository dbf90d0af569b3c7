//! `explain --run DIR --id X`: what a run has decided about a document, and the survivor that it
//! repeats, word by word.

use super::page::RED;
use super::text::{counted, visible};
use super::written;
use crate::args::Explain;
use crate::summary;
use anyhow::Result;
use copydesk::pipeline::{LookedUp, Outcome, Twin, look_up};
use copydesk::report::grouped;
use copydesk::store::ledger::six_digits;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

const GREEN: &str = "\x1b[32m";

/// Words around a change that are shown with it.
const AROUND: usize = 8;
/// How long words are compared; what comes out later is coarser.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells what the run has decided and returns the exit code.
pub fn explain(folder: &Path, job: &Explain) -> Result<u8> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    for (place, one) in look_up(folder, job.cleaned.as_deref(), &job.id)?
        .iter()
        .enumerate()
    {
        let text = match job.json {
            true => summary::harmless_json(&row(one)) + "\n",
            false if place > 0 => format!("\n{}", page(one)),
            false => page(one),
        };
        out.write_all(text.as_bytes()).map_err(written)?;
    }
    out.flush().map_err(written)?;
    Ok(0)
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
        Outcome::Kept => out.push_str("kept\n"),
        Outcome::Empty => out.push_str("dropped: nothing of its text was left\n"),
        Outcome::Rejected(reason) => {
            out.push_str(&format!("{RED}rejected: {}{plain}\n", visible(reason)));
        }
        Outcome::Duplicate { survivor, text } => {
            out.push_str(&format!(
                "{} duplicate of record {}{}, {}, which stays: similarity {:.6}\n",
                survivor.kind.as_str(),
                survivor.doc.0 + 1,
                survivor
                    .batch
                    .map_or_else(String::new, |batch| format!(" of batch {batch}")),
                visible(&survivor.id),
                survivor.similarity,
            ));
            if survivor.batch.is_none() {
                out.push_str(&words(text, &one.text));
            }
        }
    }
    if one.duplicates_in_all > 0 {
        let all = usize::try_from(one.duplicates_in_all).unwrap_or(usize::MAX);
        out.push_str(&format!("stays for {}:\n", counted(all, "duplicate")));
        for twin in &one.duplicates {
            out.push_str(&format!(
                "  {} {:.6}  record {}, {}\n",
                twin.kind.as_str(),
                twin.similarity,
                twin.doc.0 + 1,
                visible(&twin.id)
            ));
        }
        if all > one.duplicates.len() {
            let more = grouped((all - one.duplicates.len()) as u64);
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
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_words(survivor, duplicate);
    let mut pieces: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match pieces.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => pieces.push((change.tag(), change.value().to_owned())),
        }
    }
    if pieces.iter().all(|(tag, _)| *tag == ChangeTag::Equal) {
        return format!("  {dim}word for word the same{plain}\n");
    }
    let last = pieces.len() - 1;
    let mut out = String::from("  ");
    for (place, (tag, text)) in pieces.iter().enumerate() {
        let shown = match tag {
            ChangeTag::Equal => visible(&shortened(text, place == 0, place == last)),
            ChangeTag::Delete => format!("{RED}[-{}-]{plain}", visible(text)),
            ChangeTag::Insert => format!("{GREEN}{{+{}+}}{plain}", visible(text)),
        };
        out.push_str(&shown);
    }
    out.push_str(&format!(
        "\n  {dim}[-the survivor alone-] {{+this record alone+}}{plain}\n"
    ));
    out
}

/// Returns what two texts have in common with its middle left out; at the beginning of the text
/// (`first`) and at its end (`last`) only the side of the change is shown.
fn shortened(text: &str, first: bool, last: bool) -> String {
    let ends: Vec<usize> = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |at, word| {
            *at += word.len();
            Some(*at)
        })
        .collect();
    let head = if first { 0 } else { AROUND };
    let tail = if last { 0 } else { AROUND };
    if ends.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let head = head.checked_sub(1).map_or(0, |at| ends[at]);
    let tail = ends[ends.len() - 1 - tail];
    // The first word behind the gap is kept off it.
    let gap = if last { "…" } else { "… " };
    format!("{}{gap}{}", &text[..head], &text[tail..])
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
    row["duplicates"] = json!(one.duplicates.iter().map(twin).collect::<Vec<_>>());
    row["duplicates_in_all"] = json!(one.duplicates_in_all);
    row
}
