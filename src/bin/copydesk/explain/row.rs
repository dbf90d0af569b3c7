//! A document as one JSON object for programs.

use super::other::Told;
use super::page::Counts;
use copydesk::document::DocId;
use copydesk::pipeline::{Cause, Change, Fate};
use copydesk::store::ledger::six_digits;
use serde_json::{Value, json};

/// Returns the record as one JSON object.
pub fn row(source: &str, doc: u64, id: &str, told: &Told<'_>) -> Value {
    let Told {
        cleaned,
        lines,
        others,
    } = told;
    let told = lines.iter().zip(others.iter()).map(|(line, other)| {
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
        other.add_to(&mut row);
        row
    });
    let counts = Counts::of(lines);
    let mut row = json!({
        "doc": DocId(doc),
        "id": id,
        "source": source,
        "kept": counts.kept,
        "mended": counts.mended,
        "removed": counts.removed,
        "bytes_before": cleaned.original.len(),
        "bytes_after": cleaned.text.len(),
        "lines": told.collect::<Vec<Value>>(),
    });
    if let Some(spared) = &cleaned.spared {
        row["spared"] = json!({"share": six_digits(spared.share), "rule": spared.rule});
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
                row["score"] = json!(score);
            }
        }
        Cause::Mended(mend) => row["mend"] = json!(mend.as_str()),
        Cause::Gap => row["mend"] = json!("gap"),
    }
    row
}
