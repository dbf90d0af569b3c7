//! A document as a diff for people.

use super::other::Told;
use crate::summary;
use crate::text::{cut, escaped, first, last, seen, visible};
use copydesk::document::DocId;
use copydesk::pipeline::{Cause, Change, Cleaned, CleanedLine, Fate, Spared};
use copydesk::report::{counted, grouped};

/// How many changes of one line are told.
const TOLD: usize = 6;
/// Characters around a change that are shown with it.
const AROUND: usize = 12;
/// Characters of a change that are shown.
const SHOWN: usize = 61;

pub const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";

/// Returns the document as a diff.
pub fn diff(source: &str, doc: DocId, id: &str, told: &Told<'_>) -> String {
    let Told {
        cleaned,
        lines,
        others,
    } = told;
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let name = if id == source {
        visible(source)
    } else {
        format!("{}: record {}, {}", visible(source), doc.0 + 1, visible(id))
    };
    let mut out = format!("{bold}{name}{plain}\n");
    if let Some(spared) = &cleaned.spared {
        out.push_str(&format!("{dim}{}{plain}\n", left_alone(spared)));
    }
    for (line, other) in lines.iter().zip(others.iter()) {
        push(&mut out, line, cleaned, Reasons::Rules);
        if let Some(said) = other.words(line) {
            out.push_str(&format!("    {dim}{}{plain}\n", visible(&said)));
        }
    }
    out.push_str(&counts(cleaned, lines));
    out
}

/// Returns the lines of a text that were mended or taken out, and how many lines met which fate.
pub fn changes(cleaned: &Cleaned<'_>) -> String {
    let lines = cleaned.lines();
    let mut out = String::new();
    let changed = lines.iter().filter(|line| !line.changes.is_empty());
    for line in changed {
        push(&mut out, line, cleaned, Reasons::RulesAndKinds);
    }
    out.push_str(&counts(cleaned, &lines));
    out
}

/// What is told of a cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reasons {
    Rules,
    RulesAndKinds,
}

/// Appends a line with its mark, and why it was changed.
fn push(out: &mut String, line: &CleanedLine<'_>, cleaned: &Cleaned<'_>, reasons: Reasons) {
    let (dim, plain) = (summary::DIM, summary::PLAIN);
    match line.fate {
        Fate::Kept if line.after.trim().is_empty() => out.push('\n'),
        Fate::Kept => out.push_str(&format!("  {}\n", visible(&line.after))),
        Fate::Closed => {}
        Fate::Mended => {
            out.push_str(&format!("{YELLOW}~ {}{plain}\n", visible(&line.after)));
        }
        Fate::Removed => out.push_str(&format!("{RED}- {}{plain}\n", visible(line.before))),
    }
    let whole = line.fate == Fate::Removed;
    let told = line.changes.iter().filter(|change| {
        !whole || matches!(change.cause, Cause::Removed(_)) && !change.before.trim().is_empty()
    });
    let mut told: Vec<String> = told
        .map(|change| reason(line, change, cleaned, reasons))
        .collect();
    told.dedup();
    for said in told.iter().take(TOLD) {
        out.push_str(&format!("    {dim}{said}{plain}\n"));
    }
    if told.len() > TOLD {
        out.push_str(&format!("    {dim}and {} more{plain}\n", told.len() - TOLD));
    }
}

/// Returns how many lines met which fate, and how long the text is now. One that lost a part is
/// changed as one is in which characters were mended.
fn counts(cleaned: &Cleaned<'_>, lines: &[CleanedLine<'_>]) -> String {
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let counts = Counts::of(lines);
    let bytes = |text: &str| grouped(text.len() as u64);
    format!(
        "{bold}= {}, {} changed, {} removed{plain} {dim}({} of {} bytes){plain}\n",
        counted(counts.kept as u64, "line stays", "lines stay"),
        counts.mended,
        counts.removed,
        bytes(&cleaned.text),
        bytes(cleaned.original),
    )
}

/// Returns why a change was made: the rule and what it saw, or the mend and what it made.
fn reason(
    line: &CleanedLine<'_>,
    change: &Change<'_>,
    cleaned: &Cleaned<'_>,
    reasons: Reasons,
) -> String {
    match change.cause {
        Cause::Removed(why) => {
            let score = why
                .score
                .map_or_else(String::new, |score| format!(" (score {score:.2})"));
            let what = if line.fate == Fate::Removed {
                String::new()
            } else {
                format!(" took “{}”", visible(&cut(change.before, SHOWN)))
            };
            let kind = match reasons {
                Reasons::Rules => String::new(),
                Reasons::RulesAndKinds => format!(", {}", why.kind.as_str()),
            };
            format!(
                "{}{kind}{what}: {}{score}",
                visible(&why.rule),
                visible(&why.evidence)
            )
        }
        Cause::Mended(mend) => {
            let text = cleaned.original;
            let left = &text[line.span.start..change.span.start.max(line.span.start)];
            let right = &text[change.span.end.min(line.span.end)..line.span.end];
            let left = last(left, AROUND);
            let right = first(right, AROUND);
            let (before, after) = (cut(change.before, SHOWN), cut(change.after, SHOWN));
            let around = |part: &str| format!("{}{part}{}", seen(left), seen(right));
            let (mut old, mut new) = (seen(&before), seen(&after));
            if old == new {
                (old, new) = (escaped(&before), escaped(&after));
            }
            format!("{}: “{}” → “{}”", mend.as_str(), around(&old), around(&new))
        }
        Cause::Gap => "white space".to_owned(),
    }
}

/// Returns why a document was left alone.
pub fn left_alone(spared: &Spared) -> String {
    if spared.rule == Spared::UNSETTLED {
        return format!(
            "left alone: each round of cleaning found more to take, and no end was in sight after {:.1} % of the text",
            100.0 * spared.share
        );
    }
    format!(
        "left alone: {:.1} % of the text would go, most of it by {}, and the brake does not allow that ([brake] text = 1 in the settings shows what)",
        100.0 * spared.share,
        visible(&spared.rule)
    )
}

/// How many lines met which fate.
#[derive(Default)]
pub struct Counts {
    pub kept: usize,
    pub mended: usize,
    pub removed: usize,
}

impl Counts {
    /// Counts the lines that are not blank.
    pub fn of(lines: &[CleanedLine<'_>]) -> Self {
        let mut counts = Self::default();
        for line in lines.iter().filter(|line| !line.before.trim().is_empty()) {
            match line.fate {
                Fate::Removed => counts.removed += 1,
                Fate::Mended => counts.mended += 1,
                _ => counts.kept += 1,
            }
        }
        counts
    }
}
