//! What is said at the end, on stderr.

use crate::text::{Long, Stream, WIDTH, bytes, cut, harmless, told, wrapped};
use copydesk::pipeline::{Destination, Plan, Spared};
use copydesk::report::{Report, Times, counted, grouped, percent};
use std::time::Duration;

/// Begins bold text; anstream takes it out where there is no terminal.
pub const BOLD: &str = "\x1b[1m";
/// Begins dim text.
pub const DIM: &str = "\x1b[2m";
/// Begins red text.
pub const RED: &str = "\x1b[1;31m";
/// Ends any of them.
pub const PLAIN: &str = "\x1b[0m";

/// How many rules the summary names.
const RULES: usize = 8;
/// Prints what the run did.
pub fn print(report: &Report, plan: &Plan, took: Duration) {
    let lines = table(report, plan, took, Stream::Err.width());
    for (place, line) in lines.iter().enumerate() {
        match place {
            0 => anstream::eprintln!("{BOLD}{line}{PLAIN}"),
            last if last + 1 == lines.len() => anstream::eprintln!("{DIM}{line}{PLAIN}"),
            _ => anstream::eprintln!("{line}"),
        }
    }
}

/// Returns the lines of the summary, none wider than `width`, names of files aside.
fn table(report: &Report, plan: &Plan, took: Duration, width: usize) -> Vec<String> {
    let tally = &report.tally;
    let accounting = &tally.accounting;
    let text = &tally.text;
    let gone: u64 = tally.rules.values().map(|rule| rule.chars).sum();
    let mut out = Lines {
        width,
        lines: Vec::new(),
    };
    out.line("read = written + duplicates + dropped + rejected", 2);
    let account = [
        accounting.written,
        accounting.duplicates,
        accounting.dropped,
        accounting.rejected,
    ];
    let account = account.map(grouped).join(" + ");
    out.line(&format!("{} = {account}", grouped(accounting.read)), 2);
    out.line("", 0);
    let said = format!(
        "  text      {} read, {} of its characters cut from {}",
        bytes(text.bytes_before),
        percent(gone, tally.documents.chars_before),
        counted(text.records_cut, "record", "records"),
    );
    out.line(&said, 12);
    let mut mends: Vec<_> = tally.mends.iter().collect();
    mends.retain(|(name, _)| *name != "gap");
    mends.sort_by(|one, two| two.1.cmp(one.1).then(one.0.cmp(two.0)));
    out.rows(
        "mended",
        mends.iter().map(|(name, count)| (**count, (*name).clone())),
    );
    let mut rules: Vec<_> = tally.rules.iter().collect();
    rules.sort_by(|one, two| two.1.lines.cmp(&one.1.lines).then(one.0.cmp(two.0)));
    let others = rules.split_off(rules.len().min(RULES));
    let lines = others.iter().map(|(_, rule)| rule.lines).sum();
    let others =
        (!others.is_empty()).then(|| (lines, format!("by other rules ({})", others.len())));
    let named = rules
        .iter()
        .map(|(name, rule)| (rule.lines, (*name).clone()));
    out.rows("removed", named.chain(others));
    out.rows(
        "duplicates",
        tally.duplicates.iter().map(|(kind, count)| {
            let of = share(*count, accounting.read);
            (*count, format!("{kind} ({of:.1} %)"))
        }),
    );
    if let Some(index) = &report.index {
        let added = match (index.known, plan.dry_run) {
            (true, _) => (
                0,
                format!("added: batch {} was this one already", index.batch),
            ),
            (_, true) => (
                index.added,
                format!("would be added, as batch {}", index.batch),
            ),
            _ => (index.added, format!("were added, as batch {}", index.batch)),
        };
        let rows = [
            (
                index.repeated,
                format!(
                    "repeat one of {} of earlier batches",
                    counted(index.documents, "document", "documents")
                ),
            ),
            added,
        ];
        out.rows("index", rows.into_iter());
    }
    let dropped = Some(accounting.dropped).filter(|dropped| *dropped > 0);
    let dropped = dropped.map(|count| (count, "empty: nothing of the text was left".to_owned()));
    out.rows("dropped", dropped.into_iter());
    let limit = (report.settings.brake.text * 1e6).round() / 1e4;
    out.rows(
        "left alone",
        tally.spared.iter().map(|(rule, count)| match &**rule {
            Spared::UNSETTLED => (*count, "cleaning did not come to rest".to_owned()),
            rule => (*count, format!("{rule} would have taken over {limit} %")),
        }),
    );
    out.rows(
        "rejected",
        tally
            .rejects
            .iter()
            .map(|(reason, count)| (*count, harmless(reason))),
    );
    let over = report.passed_over.values().sum::<u64>();
    let over = Some(over).filter(|over| *over > 0);
    let over = over.map(|count| (count, files_not_read(report)));
    out.rows("not read", over.into_iter());
    let whole = out.times(report, took);
    out.lines.push(format!("  {}", see(plan)));
    // What was done before a run was stopped took its time too.
    let pace = |number: f64| (number / whole.max(1e-9)) as u64;
    let records = counted(pace(accounting.read as f64), "record", "records");
    let text = bytes(pace(text.bytes_before as f64));
    let said = match width {
        60.. => format!("  {whole:.2} s, {records} and {text} of text a second"),
        _ => format!("  {whole:.2} s, {records}, {text} a second"),
    };
    out.line(&said, 4);
    out.lines
}

/// Says which files of folders were not read.
fn files_not_read(report: &Report) -> String {
    let endings: Vec<String> = report
        .passed_over
        .keys()
        .map(|one| match &**one {
            "" => "none".to_owned(),
            one => harmless(one),
        })
        .collect();
    let files = match report.passed_over.values().sum::<u64>() {
        1 => "file",
        _ => "files",
    };
    format!("{files} in folders, by ending: {}", endings.join(", "))
}

/// Returns where to look next.
fn see(plan: &Plan) -> String {
    let place = match (&plan.output, &plan.audit) {
        (Destination::Folder(dir), _) => Some(dir),
        (_, audit) => audit.as_ref(),
    };
    match place {
        _ if plan.dry_run => "dry run   nothing was written".to_owned(),
        None => "ledger    none was written; --audit DIR writes one".to_owned(),
        Some(dir) => format!(
            "see       {}",
            harmless(&dir.join("report.html").display().to_string())
        ),
    }
}

/// Lines of the summary.
struct Lines {
    width: usize,
    lines: Vec<String>,
}

impl Lines {
    /// Adds a line, broken where it is too wide; what goes on stands at column `indent`.
    fn line(&mut self, line: &str, indent: usize) {
        let indent = " ".repeat(indent);
        let broken = wrapped(line, 0, &indent, Long::Breaks, self.width);
        self.lines.extend(broken.split('\n').map(str::to_owned));
    }

    /// Adds a row for each count, with a label before the first.
    fn rows(&mut self, label: &str, counts: impl Iterator<Item = (u64, String)>) {
        for (place, (count, what)) in counts.enumerate() {
            self.row(place, label, &grouped(count), &what);
        }
    }

    /// Adds a row; on a screen that is wide enough what is too long is cut, as in any table.
    fn row(&mut self, place: usize, label: &str, count: &str, what: &str) {
        let label = if place == 0 { label } else { "" };
        let row = format!("  {label:<10} {count:>10}  {what}");
        match self.width {
            WIDTH.. => self.lines.push(cut(&row, WIDTH)),
            60.. => self.line(&row, 25),
            _ => self.line(&format!("  {label:<10} {count:>7} {what}"), 21),
        }
    }

    /// Adds a row for each stage, with how long it took, and returns the seconds of them all, which
    /// are what the rows add up to.
    fn times(&mut self, report: &Report, took: Duration) -> f64 {
        let mut stages = report.times.as_ref().map(Times::stages).unwrap_or_default();
        let known: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
        // A run that was gone on with took longer than its last part.
        let whole = took.as_secs_f64().max(known);
        stages.push(("everything else", whole - known));
        let (mut so_far, mut shown) = (0.0, 0);
        for (place, (what, seconds)) in stages.into_iter().enumerate() {
            so_far += seconds;
            // Rounded so that no part of a hundredth is lost between two rows.
            let hundredths = (so_far * 100.0).round() as u64;
            let own = hundredths.saturating_sub(shown);
            shown = hundredths;
            let seconds = format!("{}.{:02} s", own / 100, own % 100);
            self.row(place, "time", &seconds, what);
        }
        whole
    }
}

fn share(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Warns on stderr.
pub fn warn(said: &str) {
    let said = told(said, "warning: ".len());
    anstream::eprintln!("{BOLD}warning:{PLAIN} {said}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk::settings::Settings;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    fn report() -> Report {
        Report {
            schema: 1,
            copydesk: String::new(),
            command: "run".into(),
            tally: Default::default(),
            settings: Settings::default(),
            index: None,
            passed_over: Default::default(),
            times: Some(Times {
                clean: 1e7,
                ..Times::default()
            }),
        }
    }

    #[test]
    fn the_table_fits_its_terminal() {
        use copydesk::document::{DocId, Kind, Span};
        use copydesk::report::Gone;
        use copydesk::report::Whose;
        let mut report = report();
        let tally = &mut report.tally;
        tally.accounting.read = 12_345_678_901;
        tally.accounting.written = 12_345_678_901;
        tally.accounting.dropped = 1;
        tally.text.bytes_before = 1 << 50;
        tally.text.records_cut = 12_345_678_901;
        let long = "a very long name of something that somebody has thought of somewhere else";
        for number in 0..12u64 {
            let rule = format!("{long} {number}");
            let whose = Whose {
                doc: DocId(number),
                id: "id",
                site: None,
            };
            let span = Span::new(0, 10);
            tally.removal(whose, &Gone::new(&rule, Kind::Other, span, "", "text"));
            tally.mend(&format!("{long} {number}"), 1);
        }
        tally.spare(DocId(1), "id", 0.99, long);
        tally.reject(DocId(2), "in", 3, &format!("{long} {long}"));
        tally.duplicate("near", 0.9);
        let output = Destination::Folder("clean".into());
        let plan = Plan::new("run", Settings::default(), Vec::new(), output);
        for width in [WIDTH, 60, 50, 40] {
            let lines = table(&report, &plan, Duration::from_secs(1_000), width);
            assert!(lines.len() > 20, "{lines:#?}");
            for line in &lines {
                assert!(line.chars().count() <= width, "{line}");
            }
            // What is too long is only cut where tables always were.
            let cut = lines.iter().any(|line| line.ends_with('…'));
            assert_eq!(cut, width == WIDTH, "{lines:#?}");
        }
    }

    #[test]
    fn the_times_of_the_stages_add_up_to_the_whole() {
        for (stages, took) in [
            ([0.004, 0.004, 0.004, 0.004], 0.05),
            ([0.016, 0.006, 0.006, 0.006], 0.034),
            ([0.0, 0.0, 0.0, 0.0], 0.0),
            ([1.234, 0.333, 0.333, 12.111], 14.5),
            // Of a run that was gone on with, they are those of all its parts.
            ([1.234, 0.333, 0.333, 12.111], 0.75),
        ] {
            let [clean, decide, write, finish] = stages;
            let mut report = report();
            report.times = Some(Times {
                learn: None,
                clean,
                decide: Some(decide),
                write: Some(write),
                finish: Some(finish),
            });
            let mut out = Lines {
                width: WIDTH,
                lines: Vec::new(),
            };
            let whole = out.times(&report, Duration::from_secs_f64(took));
            let shown = |line: &String| -> u64 {
                let (number, _) = line[11..].trim_start().split_once(' ').unwrap();
                number.replace('.', "").parse().unwrap()
            };
            let sum: u64 = out.lines.iter().map(shown).sum();
            assert_eq!(format!("{whole:.2}").replace('.', "").parse(), Ok(sum));
        }
    }
}
