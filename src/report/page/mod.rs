//! The report to look at: one file that asks nothing of the network, works without its script,
//! and in which all that was scraped stands as text.
//!
//! Numbers come from the [`Report`], texts from [`Examples`], names of files and digests from the
//! [`Origin`]. A section is a file; `chart`, `table`, `diff` and `text` are what they are made of.

mod chart;
mod cuts;
mod diff;
mod documents;
mod duplicates;
mod flow;
mod lines;
mod removed;
mod settings;
mod sites;
mod table;
mod text;
mod times;
mod warnings;

use super::{Examples, Report};
use base64::Engine as _;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

pub(super) use diff::ROOM;
pub use text::{alike, counted, grouped, percent};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What was read and written, as the manifest has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Inputs with their bytes, where those were known.
    pub inputs: Vec<(String, Option<u64>)>,
    /// The digest of everything that was read, in hexadecimal.
    pub originals_sha256: String,
    /// Every file but the manifest and the page itself.
    pub files: Vec<OriginFile>,
}

/// One file of the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginFile {
    /// Its name.
    pub name: String,
    /// Its lines, before packing.
    pub lines: u64,
    /// Its bytes, before packing.
    pub bytes: u64,
    /// Its digest, in hexadecimal.
    pub sha256: String,
}

/// Returns `report` as a page that stands alone.
///
/// It holds nothing of the machine, and time in one section alone, so equal runs give equal bytes
/// but for that. Its size is bounded, however much was read.
pub fn html(report: &Report, origin: &Origin, examples: &Examples) -> String {
    let tally = &report.tally;
    let title = format!(
        "copydesk {}: {}",
        text::plain(&report.command),
        counted(tally.accounting.read, "record", "records")
    );
    let style = STYLE.trim();
    let script = SCRIPT.trim();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(style),
        digest(script)
    );
    let mut room = diff::Room::new();
    let sections: Vec<Markup> = vec![
        warnings::warnings(report),
        flow::flow(report),
        removed::removed(tally),
        lines::lines(tally),
        cuts::cuts(tally, examples, &mut room),
        sites::sites(tally),
        duplicates::duplicates(report, examples, &mut room),
        documents::documents(tally),
        report.times.as_ref().map(times::times).unwrap_or_default(),
        settings::settings(report, origin),
    ];
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body {
                a.skip href="#main" { "To the report" }
                header { (head(report)) }
                nav aria-label="Sections" { ul { @for (id, name) in contents(report) {
                    li { a href=(format!("#{id}")) { (name) } }
                } } }
                main id="main" tabindex="-1" { @for section in sections { (section) } }
                script { (PreEscaped(script)) }
            }
        }
    };
    page.into_string()
}

fn digest(text: &str) -> String {
    base64::prelude::BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
}

fn head(report: &Report) -> Markup {
    let tally = &report.tally;
    let chars: u64 = tally.rules.values().map(|rule| rule.chars).sum();
    let lines: u64 = tally.rules.values().map(|rule| rule.lines).sum();
    let repeated: u64 = tally.duplicates.values().sum();
    markup! {
        p.over { "copydesk " (text::shown(&report.command)) }
        h1 { "What was removed, and why" }
        p.lead {
            "Of " b { (counted(tally.accounting.read, "record", "records")) } " read, " b { (grouped(tally.accounting.written)) }
            (if tally.accounting.written == 1 { " was" } else { " were" }) " written. "
            @if lines > 0 {
                b { (counted(lines, "line", "lines")) } " went out of " (counted(tally.text.records_cut, "text", "texts")) ", "
                (percent(chars, tally.documents.chars_before)) " of all characters"
            } @else { "No line was taken out" }
            @if repeated > 0 { ", and " b { (counted(repeated, "document", "documents")) } " repeated another." } @else { "." }
        }
    }
}

/// The sections that the page has, by id.
fn contents(report: &Report) -> Vec<(&'static str, &'static str)> {
    let tally = &report.tally;
    let all = [
        (
            "warnings",
            "To look at",
            tally.accounting.rejected > 0 || !tally.spared.is_empty(),
        ),
        ("flow", "Read to written", true),
        ("removed", "Taken out", true),
        ("lines", "Commonest lines", !tally.common_lines.is_empty()),
        ("cuts", "Most cut", !tally.documents.most_cut.is_empty()),
        ("sites", "Sites", tally.sites.documents > 0),
        (
            "duplicates",
            "Duplicates",
            report.settings.duplicates.mode != crate::settings::DuplicateMode::Off,
        ),
        (
            "documents",
            "Languages",
            !tally.documents.scripts.is_empty(),
        ),
        ("times", "Times", report.times.is_some()),
        ("settings", "Settings", true),
    ];
    all.into_iter()
        .filter(|(_, _, there)| *there)
        .map(|(id, name, _)| (id, name))
        .collect()
}

#[cfg(test)]
mod tests;
