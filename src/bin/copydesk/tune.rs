//! `tune`.

use crate::args::{Common, Tune};
use crate::config;
use crate::progress::Listener;
use crate::stop::Stop;
use crate::summary::{BOLD, DIM, PLAIN, harmless, harmless_json};
use anyhow::Result;
use copydesk::error::Error;
use copydesk::pipeline::{AtLevel, Margin, Tuned, Tuning, tune as tune_folder};
use copydesk::report::{grouped, shortened};
use copydesk::settings::Level;
use std::io::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest line, in columns of a terminal.
const WIDTH: usize = 80;

/// Places in which two texts differ that are shown of a pair.
const PLACES: usize = 3;

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
        "just above {}: least alike of what was dropped",
        tuned.threshold
    );
    margins(&head, &tuned.above, &mut out);
    let head = format!("just below {}: most alike of what stays", tuned.threshold);
    margins(&head, &tuned.below, &mut out);
    levels(tuned, &mut out);
    for note in &tuned.notes {
        out.push('\n');
        wrapped(&harmless(note), "", &mut out);
    }
    out
}

fn thresholds(tuned: &Tuned, out: &mut String) {
    heading(
        &format!(
            "duplicates of {} documents, by threshold",
            grouped(tuned.documents)
        ),
        out,
    );
    out.push_str("  threshold       dropped     share   dropped now, not then   then, not now\n");
    for one in &tuned.thresholds {
        let mark = if one.threshold == tuned.threshold {
            '*'
        } else {
            ' '
        };
        let share = percent(one.duplicates, tuned.documents);
        out.push_str(&format!(
            "{mark} {:<9} {:>13} {share:>9} {:>23} {:>15}\n",
            one.threshold,
            grouped(one.duplicates),
            grouped(one.newly_kept),
            grouped(one.newly_dropped)
        ));
    }
    out.push_str(&format!("{DIM}* this run{PLAIN}\n"));
}

fn margins(head: &str, pairs: &[Margin], out: &mut String) {
    if pairs.is_empty() {
        return;
    }
    out.push('\n');
    heading(head, out);
    for pair in pairs {
        out.push_str(&format!(
            "  {:.4} {} {DIM}repeats{PLAIN} {}\n",
            pair.similarity,
            name(&pair.id),
            name(&pair.survivor)
        ));
        let Some(places) = &pair.differences else {
            continue;
        };
        if places.is_empty() {
            out.push_str("         the same, word by word, as far as they were compared\n");
        }
        for place in places.iter().take(PLACES) {
            let text: String = place
                .iter()
                .map(|piece| match piece.side {
                    "survivor" => format!("[-{}-]", piece.text.trim()),
                    "duplicate" => format!("{{+{}+}}", piece.text.trim()),
                    _ => format!(" {} ", piece.text.trim()),
                })
                .collect();
            wrapped(&one_line(&text, 220), "         ", out);
        }
    }
    out.push_str(&format!(
        "{DIM}[-in the survivor alone-] {{+in the duplicate alone+}}{PLAIN}\n"
    ));
}

fn levels(tuned: &Tuned, out: &mut String) {
    if tuned.levels.is_empty() {
        return;
    }
    out.push('\n');
    heading(
        &format!(
            "boilerplate of {} documents, by level",
            grouped(tuned.cleaned)
        ),
        out,
    );
    out.push_str(
        "  level            lines    characters     share   documents     empty    left\n",
    );
    for one in &tuned.levels {
        let mark = if one.level == tuned.level { '*' } else { ' ' };
        out.push_str(&format!(
            "{mark} {:<10} {:>11} {:>13} {:>9} {:>11} {:>9} {:>7}\n",
            level_name(one.level),
            grouped(one.lines),
            grouped(one.chars),
            percent(one.chars, one.of_chars),
            grouped(one.cut),
            grouped(one.empty),
            grouped(one.spared)
        ));
    }
    let run = if tuned.levels.iter().any(|one| one.level == tuned.level) {
        "* this run; "
    } else {
        "this run removed no boilerplate; "
    };
    out.push_str(&format!("{DIM}{run}left: left alone by the brake{PLAIN}\n"));
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
        "{} lines that {} takes and {} leaves, such as",
        grouped(one.lines_beyond),
        level_name(one.level),
        level_name(before.level)
    );
    heading(&head, out);
    for line in &one.beyond {
        out.push_str(&format!("  - {}\n", one_line(&line.text, WIDTH - 4)));
        let why = one_line(
            &format!("{}, in {}", line.rule, shortened(&line.id, 40)),
            WIDTH - 6,
        );
        out.push_str(&format!("{DIM}      {why}{PLAIN}\n"));
    }
}

fn heading(text: &str, out: &mut String) {
    out.push_str(&format!("{BOLD}{text}{PLAIN}\n"));
}

/// Returns what names a document, on one line and not too long.
fn name(id: &str) -> String {
    one_line(&shortened(id, 27), 30)
}

/// Returns text on one line of `most` columns.
fn one_line(text: &str, most: usize) -> String {
    let text = harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.width() <= most {
        return text;
    }
    let end = fitting(&text, most.saturating_sub(1));
    format!("{}…", &text[..end])
}

/// Returns how many bytes of a text fit into so many columns.
fn fitting(text: &str, columns: usize) -> usize {
    let mut width = 0;
    let fits = text.char_indices().find(|(_, part)| {
        width += part.width().unwrap_or(0);
        width > columns
    });
    fits.map_or(text.len(), |(at, _)| at)
}

/// Appends text in lines that are not too wide.
fn wrapped(text: &str, indent: &str, out: &mut String) {
    let room = WIDTH - indent.len();
    let mut width = 0;
    out.push_str(indent);
    for word in text.split_whitespace() {
        let mut word: &str = word;
        // Text without spaces is cut where the line ends.
        while !word.is_empty() {
            let space = usize::from(width > 0);
            if width + space + word.width() <= room {
                out.push_str(if space > 0 { " " } else { "" });
                out.push_str(word);
                width += space + word.width();
                break;
            }
            if width > 0 {
                out.push('\n');
                out.push_str(indent);
                width = 0;
                continue;
            }
            let end = fitting(word, room);
            out.push_str(&word[..end]);
            word = &word[end..];
            width = room;
        }
    }
    out.push('\n');
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.2} %", 100.0 * part as f64 / whole.max(1) as f64)
}

const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Safe => "safe",
        Level::Standard => "standard",
        Level::Aggressive => "aggressive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_wide() {
        for text in [
            "word ".repeat(60),
            "漢".repeat(200),
            "a".repeat(79) + " bc",
            String::new(),
        ] {
            let mut out = String::new();
            wrapped(&text, "    ", &mut out);
            assert!(out.lines().all(|line| line.width() <= WIDTH), "{out}");
            let kept: String = out.split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
