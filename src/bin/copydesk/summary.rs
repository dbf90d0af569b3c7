//! What is said at the end, on stderr.

use crate::text::{WIDTH, bytes, cut, harmless, told};
use copydesk::pipeline::{Destination, Plan, Spared};
use copydesk::report::{Report, Times, grouped};
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
    let lines = table(report, plan, took);
    for (place, line) in lines.iter().enumerate() {
        match place {
            0 => anstream::eprintln!("{BOLD}{line}{PLAIN}"),
            last if last + 1 == lines.len() => anstream::eprintln!("{DIM}{line}{PLAIN}"),
            _ => anstream::eprintln!("{line}"),
        }
    }
}

/// Returns the lines of the summary, each of [`WIDTH`] characters at most, names of files aside.
fn table(report: &Report, plan: &Plan, took: Duration) -> Vec<String> {
    let tally = &report.tally;
    let accounting = &tally.accounting;
    let text = &tally.text;
    let gone: u64 = tally.rules.values().map(|rule| rule.bytes).sum();
    let mut out = Lines(vec![
        "read = written + duplicates + dropped + rejected".to_owned(),
        format!(
            "{} = {} + {} + {} + {}",
            grouped(accounting.read),
            grouped(accounting.written),
            grouped(accounting.duplicates),
            grouped(accounting.dropped),
            grouped(accounting.rejected)
        ),
        String::new(),
        format!(
            "  text      {} read, {} taken out of {} records ({:.2} %)",
            bytes(text.bytes_before),
            bytes(gone),
            grouped(text.records_cut),
            share(gone, text.bytes_before)
        ),
    ]);
    let mut mends: Vec<_> = tally.mends.iter().collect();
    mends.retain(|(name, _)| *name != "gap");
    mends.sort_by(|one, two| two.1.cmp(one.1).then(one.0.cmp(two.0)));
    out.rows(
        "mended",
        mends.iter().map(|(name, count)| (**count, (*name).clone())),
    );
    let mut rules: Vec<_> = tally.rules.iter().collect();
    rules.sort_by(|one, two| two.1.spans.cmp(&one.1.spans).then(one.0.cmp(two.0)));
    let others = rules.split_off(rules.len().min(RULES));
    let spans = others.iter().map(|(_, rule)| rule.spans).sum();
    let others =
        (!others.is_empty()).then(|| (spans, format!("by other rules ({})", others.len())));
    let named = rules
        .iter()
        .map(|(name, rule)| (rule.spans, (*name).clone()));
    out.rows("removed", named.chain(others));
    out.rows(
        "repeated",
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
                    "repeat one of {} documents of earlier batches",
                    grouped(index.documents)
                ),
            ),
            added,
        ];
        out.rows("index", rows.into_iter());
    }
    let dropped = Some(accounting.dropped).filter(|dropped| *dropped > 0);
    let dropped = dropped.map(|count| (count, "nothing of the text was left".to_owned()));
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
    out.times(report);
    out.0.extend(see(plan));
    let seconds = took.as_secs_f64();
    let pace = |number: f64| (number / seconds.max(1e-9)) as u64;
    out.0.push(format!(
        "  {seconds:.2} s, {} records and {} of text a second",
        grouped(pace(accounting.read as f64)),
        bytes(pace(text.bytes_before as f64))
    ));
    out.0
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
    let files = if report.passed_over.values().sum::<u64>() == 1 {
        "file"
    } else {
        "files"
    };
    format!("{files} in folders, by ending: {}", endings.join(", "))
}

/// Returns where to look next.
fn see(plan: &Plan) -> Option<String> {
    let place = match (&plan.output, &plan.audit) {
        (Destination::Folder(dir), _) => Some(dir),
        (_, audit) => audit.as_ref(),
    };
    Some(match place {
        _ if plan.dry_run => "  dry run   nothing was written".to_owned(),
        None => "  ledger    none was kept; --audit DIR keeps one".to_owned(),
        Some(dir) => format!(
            "  see       {}",
            harmless(&dir.join("report.html").display().to_string())
        ),
    })
}

/// Lines of the summary.
struct Lines(Vec<String>);

impl Lines {
    /// Adds a row for each count, with a label before the first.
    fn rows(&mut self, label: &str, counts: impl Iterator<Item = (u64, String)>) {
        for (place, (count, what)) in counts.enumerate() {
            let label = if place == 0 { label } else { "" };
            let row = format!("  {label:<10} {:>10}  {what}", grouped(count));
            self.0.push(cut(&row, WIDTH));
        }
    }

    /// Adds a row for each stage, with how long it took.
    fn times(&mut self, report: &Report) {
        let stages = report.times.as_ref().map(Times::stages);
        for (place, (what, seconds)) in stages.unwrap_or_default().into_iter().enumerate() {
            let label = if place == 0 { "time" } else { "" };
            let seconds = format!("{seconds:.2} s");
            self.0.push(format!("  {label:<10} {seconds:>10}  {what}"));
        }
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

    #[test]
    fn the_table_fits_eighty_columns() {
        use copydesk::document::{DocId, Kind, Span};
        use copydesk::report::Gone;
        use copydesk::report::Whose;
        use copydesk::settings::Settings;
        let mut report = Report {
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
        };
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
        let lines = table(&report, &plan, Duration::from_secs(1_000));
        assert!(lines.len() > 20, "{lines:#?}");
        for line in &lines {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }
}
