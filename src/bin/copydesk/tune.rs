//! `tune`.

use crate::args::{Common, Tune};
use crate::config;
use crate::progress::Listener;
use crate::stop::Stop;
use crate::summary::{BOLD, DIM, PLAIN};
use crate::table::{Column, lay};
use crate::text::{Long, Stream, fitted, harmless, harmless_json, level_name, one_line, paragraph};
use anyhow::Result;
use copydesk::document::DocId;
use copydesk::error::Error;
use copydesk::pipeline::{AtLevel, Margin, MarginPiece, Tuned, Tuning, tune as tune_folder};
use copydesk::report::{alike, counted, grouped, shortened};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Places in which two texts differ that are shown of a pair.
const PLACES: usize = 3;

/// Columns that a place may take, and those of what one text alone has there, and of what both have.
const PLACE: usize = 220;
const ALONE: usize = 80;
const BOTH: usize = 60;

/// Columns that the name of a document may take.
const NAME: usize = 30;

/// Tries other settings on a run and returns the exit code.
pub fn tune(job: &Tune, common: &Common) -> Result<u8> {
    let mut tuning = Tuning::of(job.folder.clone());
    tuning.cleaned.clone_from(&job.cleaned);
    if !job.threshold.is_empty() {
        tuning.thresholds.clone_from(&job.threshold);
    }
    if let Some(documents) = job.documents {
        tuning.documents = documents;
    }
    let resources = config::base(common)?.resources;
    tuning.memory = resources.memory.0;
    tuning.temp_dir = job.temp_dir.clone().or(resources.temp_dir);
    let pool = crate::pool(resources.threads)?;
    let listener = Listener::new(common.quiet, Stop::default());
    let tuned = pool.install(|| tune_folder(&tuning, &listener))?;
    let told = if job.json {
        let mut json = harmless_json(&serde_json::to_value(&tuned)?);
        json.push('\n');
        json
    } else {
        told(&tuned)
    };
    let printed = anstream::stdout().write_all(told.as_bytes());
    printed.map_err(|bad| Error::io("standard output", bad))?;
    Ok(0)
}

fn told(tuned: &Tuned) -> String {
    let mut out = String::new();
    thresholds(tuned, &mut out);
    let head = format!(
        "just above {}: least alike of the duplicates",
        tuned.threshold
    );
    margins(&head, &tuned.above, &mut out);
    let head = format!("just below {}: most alike of what stays", tuned.threshold);
    margins(&head, &tuned.below, &mut out);
    levels(tuned, &mut out);
    for note in &tuned.notes {
        out.push('\n');
        out.push_str(&paragraph(&harmless(note), "", Long::Breaks));
    }
    fitted(&out)
}

fn thresholds(tuned: &Tuned, out: &mut String) {
    let documents = counted(tuned.documents, "document", "documents");
    heading(&format!("duplicates of {documents}, by threshold"), out);
    let columns = [
        Column::words("", 1),
        Column::words("threshold", 9),
        Column::number("duplicates", 13),
        Column::number("share", 9),
        Column::number("go now, not then", 23),
        Column::number("then, not now", 15),
    ];
    let rows = tuned.thresholds.iter().map(|one| {
        vec![
            mark(one.threshold == tuned.threshold),
            one.threshold.to_string(),
            grouped(one.duplicates),
            percent(one.duplicates, tuned.documents),
            grouped(one.newly_kept),
            grouped(one.newly_dropped),
        ]
    });
    table(&columns, &rows.collect::<Vec<_>>(), out);
    out.push_str(&format!(
        "{DIM}* this run; share: of the {documents} that could be read, not of all records{PLAIN}\n"
    ));
}

/// Returns what stands before a row of this run, or of another setting.
fn mark(own: bool) -> String {
    if own { "*" } else { " " }.to_owned()
}

fn table(columns: &[Column], rows: &[Vec<String>], out: &mut String) {
    let laid = lay(columns, rows, Stream::Out.width());
    for line in laid.head.iter().chain(&laid.rows) {
        out.push_str(line);
        out.push('\n');
    }
}

fn margins(head: &str, pairs: &[Margin], out: &mut String) {
    if pairs.is_empty() {
        return;
    }
    out.push('\n');
    heading(head, out);
    for pair in pairs {
        out.push_str(&names(pair, Stream::Out.width()));
        let Some(places) = &pair.differences else {
            continue;
        };
        if places.is_empty() {
            out.push_str("         the same, word by word, as far as they were compared\n");
        }
        for place in places.iter().take(PLACES) {
            out.push_str(&paragraph(&told_place(place), "         ", Long::Breaks));
        }
    }
    out.push_str(&format!(
        "{DIM}[-in the survivor alone-] {{+in the duplicate alone+}}{PLAIN}\n"
    ));
}

/// Returns how alike two documents are and what they are called, on one line where there is room.
fn names(pair: &Margin, room: usize) -> String {
    let similarity = alike(pair.similarity, 4);
    let name = |doc, id: &str, most: usize| name(doc, id, most.min(NAME));
    let beside = (room.saturating_sub(18)) / 2;
    if beside >= NAME {
        return format!(
            "  {similarity} {} {DIM}repeats{PLAIN} {}\n",
            name(pair.doc, &pair.id, NAME),
            name(pair.survivor_doc, &pair.survivor, NAME)
        );
    }
    format!(
        "  {similarity} {}\n         {DIM}repeats{PLAIN} {}\n",
        name(pair.doc, &pair.id, room.saturating_sub(9)),
        name(pair.survivor_doc, &pair.survivor, room.saturating_sub(17))
    )
}

/// Returns a place where two texts differ: shortened between words, with every mark closed.
fn told_place(pieces: &[MarginPiece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let most = if piece.side == "same" { BOTH } else { ALONE };
        let words: Vec<&str> = piece.text.split_whitespace().collect();
        let text = one_line(&shortened(&words.join(" "), most - 3), most);
        let told = match piece.side {
            "survivor" => format!("[-{text}-]"),
            "duplicate" => format!("{{+{text}+}}"),
            _ => text,
        };
        // The other side of a change stands close to it.
        let close = piece.side == "duplicate" && out.ends_with("-]");
        if !out.is_empty() && !close {
            out.push(' ');
        }
        if out.width() + told.width() > PLACE {
            out.push('…');
            break;
        }
        out.push_str(&told);
    }
    out
}

fn levels(tuned: &Tuned, out: &mut String) {
    if tuned.levels.is_empty() {
        return;
    }
    out.push('\n');
    let documents = counted(tuned.cleaned, "document", "documents");
    heading(&format!("boilerplate of {documents}, by level"), out);
    let columns = [
        Column::words("", 1),
        Column::words("level", 10),
        Column::number("lines", 11),
        Column::number("characters", 13),
        Column::number("share", 9),
        Column::number("documents", 11),
        Column::number("empty", 9),
        Column::number("left", 7),
    ];
    let rows = tuned.levels.iter().map(|one| {
        vec![
            mark(one.level == tuned.level),
            level_name(one.level).to_owned(),
            grouped(one.lines),
            grouped(one.chars),
            percent(one.chars, one.of_chars),
            grouped(one.cut),
            grouped(one.empty),
            grouped(one.spared),
        ]
    });
    table(&columns, &rows.collect::<Vec<_>>(), out);
    let run = if tuned.levels.iter().any(|one| one.level == tuned.level) {
        "* this run; "
    } else {
        "this run removed no boilerplate; "
    };
    out.push_str(&format!(
        "{DIM}{run}share: of all characters; left: left alone by the brake{PLAIN}\n"
    ));
    for pair in tuned.levels.windows(2) {
        if let [before, one] = pair {
            beyond(before, one, out);
        }
    }
}

fn beyond(before: &AtLevel, one: &AtLevel, out: &mut String) {
    if one.beyond.is_empty() {
        return;
    }
    out.push('\n');
    let head = format!(
        "{} that {} takes and {} leaves, such as",
        counted(one.lines_beyond, "line", "lines"),
        level_name(one.level),
        level_name(before.level)
    );
    heading(&head, out);
    let room = Stream::Out.width();
    for line in &one.beyond {
        out.push_str(&format!("  - {}\n", one_line(&line.text, room - 4)));
        let rule = one_line(&line.rule, room / 2);
        let left = room.saturating_sub(rule.width() + 11);
        let id = name(line.doc, &line.id, left.min(43));
        out.push_str(&format!("{DIM}      {rule}, in {id}{PLAIN}\n"));
    }
}

fn heading(text: &str, out: &mut String) {
    out.push_str(&format!("{BOLD}{text}{PLAIN}\n"));
}

/// Returns what names a document in `most` columns: its id, or where that cannot be shown whole the
/// beginning and the end of it and its number, by which `explain --run` and `restore` find it too.
fn name(doc: u64, id: &str, most: usize) -> String {
    if one_line(id, most) == id {
        return id.to_owned();
    }
    let number = DocId(doc).called();
    let room = most.saturating_sub(number.len() + 3);
    let id = one_line(&shortened(id, room.saturating_sub(3)), room);
    format!("{id} ({number})")
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.2} %", 100.0 * part as f64 / whole.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(side: &'static str, text: &str) -> MarginPiece {
        MarginPiece {
            side,
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_is_shortened_ends_at_a_word_and_every_mark_is_closed() {
        let long = "nine barrels of tar and the old lamp of the harbour office ".repeat(9);
        for pieces in [
            vec![piece("survivor", &long), piece("duplicate", &long)],
            vec![piece("same", &long), piece("duplicate", "a lamp")],
            vec![vec![piece("same", "so"), piece("survivor", &long)]; 9].concat(),
            vec![piece("survivor", "Monday "), piece("duplicate", "Tuesday ")],
        ] {
            let told = told_place(&pieces);
            assert!(told.width() <= PLACE + 2, "{told}");
            assert_eq!(told.matches("[-").count(), told.matches("-]").count());
            assert_eq!(told.matches("{+").count(), told.matches("+}").count());
            let bare = told.replace(['[', ']', '{', '}', '+', '-', '…'], " ");
            for word in bare.split_whitespace() {
                let known = pieces.iter().any(|piece| {
                    let mut words = piece.text.split_whitespace();
                    words.any(|one| one == word)
                });
                assert!(known, "{word} in {told}");
            }
        }
        let told = told_place(&[
            piece("same", "on "),
            piece("survivor", "Monday"),
            piece("duplicate", "Tuesday "),
            piece("same", "we"),
        ]);
        assert_eq!(told, "on [-Monday-]{+Tuesday+} we");
    }

    #[test]
    fn an_id_that_cannot_be_copied_stands_with_its_number() {
        let long = "https://courier.example/2024/05/ferry-returns-to-the-lake";
        for (id, most, expected) in [
            ("met-001", 30, "met-001"),
            (long, 80, long),
            (long, 30, "https://courie … he-lake (#12)"),
            ("a\u{1b}b", 30, "a\\u{1b}b (#12)"),
        ] {
            assert_eq!(name(11, id, most), expected);
        }
    }
}
