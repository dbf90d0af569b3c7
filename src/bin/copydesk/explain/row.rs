//! A document as one JSON object for programs.

use super::other::Told;
use super::page::Counts;
use copydesk::document::DocId;
use copydesk::pipeline::{Cause, Change, Cleaned, CleanedLine, Fate};
use copydesk::store::ledger::six_digits;
use serde_json::{Value, json};

/// Returns the record as one JSON object.
pub fn row(source: &str, doc: DocId, id: &str, told: &Told<'_>) -> Value {
    let Told {
        cleaned,
        lines,
        others,
    } = told;
    let told = lines.iter().zip(others.iter()).map(|(line, other)| {
        let mut row = line_row(line);
        other.add_to(&mut row);
        row
    });
    let told: Vec<Value> = told.collect();
    let mut row = json!({"doc": doc, "id": id, "source": source});
    add(&mut row, cleaned, lines, told);
    row
}

/// Adds what was done to a text to a record's JSON: counts, and `told` of its lines.
pub fn add(row: &mut Value, cleaned: &Cleaned<'_>, lines: &[CleanedLine<'_>], told: Vec<Value>) {
    let counts = Counts::of(lines);
    row["kept"] = json!(counts.kept);
    row["mended"] = json!(counts.mended);
    row["removed"] = json!(counts.removed);
    row["bytes_before"] = json!(cleaned.original.len());
    row["bytes_after"] = json!(cleaned.text.len());
    row["lines"] = Value::Array(told);
    if let Some(spared) = &cleaned.spared {
        row["spared"] = json!({"share": six_digits(spared.share), "rule": spared.rule});
    }
}

/// Returns a line and what was done to it.
pub fn line_row(line: &CleanedLine<'_>) -> Value {
    let changes: Vec<Value> = line.changes.iter().map(change).collect();
    let mut row = json!({
        "line": line.number,
        "fate": line.fate.as_str(),
        "span": line.span,
        "text": line.before,
    });
    if line.fate == Fate::Mended {
        row["becomes"] = json!(line.after);
    }
    if !changes.is_empty() {
        row["changes"] = Value::Array(changes);
    }
    row
}

fn change(change: &Change<'_>) -> Value {
    let mut row = json!({"span": change.span, "text": change.before, "replacement": change.after});
    match change.cause {
        Cause::Removed(why) => {
            row["rule"] = json!(why.rule);
            row["kind"] = json!(why.kind);
            row["evidence"] = json!(why.evidence);
            if let Some(score) = why.score {
                row["score"] = json!(six_digits(f64::from(score)));
            }
        }
        Cause::Mended(mend) => row["mend"] = json!(mend.as_str()),
        Cause::Gap => row["mend"] = json!("gap"),
    }
    row
}
