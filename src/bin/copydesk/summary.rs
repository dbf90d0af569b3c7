//! What is said at the end, on stderr.

use copydesk::pipeline::{Destination, Plan};
use copydesk::report::Report;
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
    let tally = &report.tally;
    let accounting = &tally.accounting;
    let share = |part: u64, whole: u64| {
        if whole == 0 {
            0.0
        } else {
            100.0 * part as f64 / whole as f64
        }
    };
    let text = &tally.text;
    anstream::eprintln!("{BOLD}read = written + duplicates + dropped + rejected{PLAIN}");
    anstream::eprintln!(
        "{} = {} + {} + {} + {}",
        grouped(accounting.read),
        grouped(accounting.written),
        grouped(accounting.duplicates),
        grouped(accounting.dropped),
        grouped(accounting.rejected)
    );
    anstream::eprintln!();
    let gone: u64 = tally.rules.values().map(|rule| rule.bytes).sum();
    anstream::eprintln!(
        "  text      {} read, {} taken out of {} records ({:.2} %)",
        bytes(text.bytes_before),
        bytes(gone),
        grouped(text.records_cut),
        share(gone, text.bytes_before)
    );
    let mut mends: Vec<_> = tally
        .mends
        .iter()
        .filter(|(name, _)| *name != "gap")
        .collect();
    mends.sort_by(|one, two| two.1.cmp(one.1).then(one.0.cmp(two.0)));
    for (place, (name, count)) in mends.iter().enumerate() {
        let label = if place == 0 { "mended" } else { "" };
        anstream::eprintln!("  {label:<9} {:>11}  {name}", grouped(**count));
    }
    let mut rules: Vec<_> = tally.rules.iter().collect();
    rules.sort_by(|one, two| two.1.spans.cmp(&one.1.spans).then(one.0.cmp(two.0)));
    for (place, (name, rule)) in rules.iter().take(RULES).enumerate() {
        let label = if place == 0 { "removed" } else { "" };
        anstream::eprintln!("  {label:<9} {:>11}  {name}", grouped(rule.spans));
    }
    if rules.len() > RULES {
        let spans = rules.iter().skip(RULES).map(|(_, rule)| rule.spans).sum();
        anstream::eprintln!(
            "  {:<9} {:>11}  by other rules ({})",
            "",
            grouped(spans),
            rules.len() - RULES
        );
    }
    for (place, (kind, count)) in tally.duplicates.iter().enumerate() {
        let label = if place == 0 { "repeated" } else { "" };
        anstream::eprintln!(
            "  {label:<9} {:>11}  {kind} ({:.1} %)",
            grouped(*count),
            share(*count, accounting.read)
        );
    }
    if let Some(index) = &report.index {
        anstream::eprintln!(
            "  {:<9} {:>11}  repeat one of {} documents of earlier batches",
            "index",
            grouped(index.repeated),
            grouped(index.documents)
        );
        let added = if plan.dry_run { "would be" } else { "were" };
        anstream::eprintln!(
            "  {:<9} {:>11}  {added} added, as batch {}",
            "",
            grouped(index.added),
            index.batch
        );
    }
    if accounting.dropped > 0 {
        anstream::eprintln!(
            "  {:<9} {:>11}  nothing of the text was left",
            "dropped",
            grouped(accounting.dropped)
        );
    }
    for (place, (rule, count)) in tally.spared.iter().enumerate() {
        let label = if place == 0 { "left alone" } else { "" };
        anstream::eprintln!(
            "  {label:<10} {:>10}  {rule} would have taken over {:.4} % of the text",
            grouped(*count),
            100.0 * report.settings.brake.text
        );
    }
    for (place, (reason, count)) in tally.rejects.iter().enumerate() {
        let label = if place == 0 { "rejected" } else { "" };
        anstream::eprintln!("  {label:<9} {:>11}  {}", grouped(*count), harmless(reason));
    }
    let place = match (&plan.output, &plan.audit) {
        (Destination::Folder(dir), _) => Some(dir),
        (_, audit) => audit.as_ref(),
    };
    if plan.dry_run {
        anstream::eprintln!("  dry run   nothing was written");
    } else if place.is_none() {
        anstream::eprintln!("  ledger    none was kept; --audit DIR keeps one");
    }
    if let Some(dir) = place.filter(|_| !plan.dry_run) {
        anstream::eprintln!(
            "  see       {}",
            harmless(&dir.join("report.html").display().to_string())
        );
    }
    let seconds = took.as_secs_f64();
    anstream::eprintln!(
        "{DIM}  {seconds:.2} s, {:.0} records and {} of text a second{PLAIN}",
        accounting.read as f64 / seconds.max(1e-9),
        bytes((text.bytes_before as f64 / seconds.max(1e-9)) as u64)
    );
}

/// Warns on stderr.
pub fn warn(said: &str) {
    anstream::eprintln!("{BOLD}warning:{PLAIN} {said}");
}

/// Returns a number with commas.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number of bytes as people read it.
pub fn bytes(number: u64) -> String {
    let mut size = number as f64;
    let mut unit = 0;
    let units = ["B", "kB", "MB", "GB", "TB"];
    while size >= 1000.0 && unit < units.len() - 1 {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{number} B")
    } else {
        format!("{size:.1} {}", units[unit])
    }
}

/// Returns text with every control, direction, separator and tag character made
/// visible, so that nothing scraped can steer a terminal or hide from a reader.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            '\n' | '\t' => part.to_string(),
            _ if part.is_control() => part.escape_default().to_string(),
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => part.escape_unicode().to_string(),
            _ => part.to_string(),
        })
        .collect()
}

/// Returns a JSON value on one line, in which every character that might steer a terminal is
/// escaped; it says the same to a program.
pub fn harmless_json(value: &serde_json::Value) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for part in text.chars() {
        if part.is_ascii() || harmless(part.encode_utf8(&mut [0; 4])).starts_with(part) {
            out.push(part);
        } else {
            for unit in part.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
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
    fn nothing_scraped_steers_a_terminal() {
        assert_eq!(harmless("a\x1b[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
    }
}
