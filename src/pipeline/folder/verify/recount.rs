//! What the report says beyond the rows of the ledger, counted again from the restored records.

use super::Check;
use super::texts::{Fate, Restored};
use crate::boilerplate::site::site_of;
use crate::document::{DocId, Document};
use crate::error::Result;
use crate::formats::Record;
use crate::pipeline::decide::clusters::clusters;
use crate::pipeline::decide::{Decision, Survivor};
use crate::pipeline::folder::page::page;
use crate::pipeline::folder::undo::Ledger;
use crate::report::{REPORT_HTML, REPORT_JSON, Report, Tally, chars_gone, counted};
use crate::settings::DuplicateMode;
use crate::store::fingerprints::Fingerprints;
use crate::store::ledger::{Book, DropReason};
use crate::text::language;
use crate::text::script::script;
use std::fs;

/// Returns the site of a record, or nothing; `text` is its original.
pub(super) fn site(record: &Record<'_>, text: &str, ledger: &Ledger) -> String {
    if ledger.envelope.is_some() {
        return String::new();
    }
    let document = Document {
        text,
        title: record.title.as_deref(),
        url: record.url.as_deref(),
        site: record.site.as_deref(),
    };
    site_of(&document).unwrap_or_default()
}

/// A record that was restored.
pub(super) struct Seen<'a> {
    pub doc: DocId,
    pub id: &'a str,
    pub site: &'a str,
    pub original: &'a str,
    pub cleaned: &'a str,
    pub ledger: &'a Ledger,
}

/// Counts a record as the run did: sizes, what it is like, where it was cut, its site.
pub(super) fn count(seen: &Seen<'_>, tally: &mut Tally) {
    let (original, ledger) = (seen.original, seen.ledger);
    let changed = ledger.changes();
    let removed = || {
        ledger
            .edits()
            .filter_map(|edit| Some((edit, edit.removed?)))
    };
    let text = &mut tally.text;
    text.bytes_before += original.len() as u64;
    text.bytes_after += seen.cleaned.len() as u64;
    text.records_changed += u64::from(changed || !ledger.surrogates.is_empty());
    text.records_cut += u64::from(removed().next().is_some());
    let count = |text: &str| text.chars().count() as u64;
    let (before, after) = (count(original), count(seen.cleaned));
    let number = tally.sites.document(seen.site);
    let documents = &mut tally.documents;
    for (edit, kind) in removed() {
        let chars = chars_gone(edit.replacement, edit.text);
        let middle = edit.span.start.midpoint(edit.span.end);
        documents.removal(kind, chars, middle, original.len());
        if let Some(number) = number {
            let lines = memchr::memchr_iter(b'\n', edit.text.as_bytes()).count() as u64 + 1;
            tally.sites.removal(number, 1, lines, chars);
        }
    }
    if changed {
        documents.cut(seen.doc, seen.id, before, after);
    }
    let language = language::sampled(seen.doc.0, seen.cleaned);
    documents.document(before, after, script(seen.cleaned), language);
}

/// Counts the duplicates as they were decided again.
pub(super) fn count_duplicates(
    decisions: &[Decision],
    prints: &Fingerprints,
    tally: &mut Tally,
) -> Result<()> {
    let mut buffer = Vec::new();
    for decision in decisions {
        let Survivor::Record(survivor) = decision.survivor else {
            continue;
        };
        let mut site = |record: u32| -> Result<String> {
            Ok(prints.label(record as usize, &mut buffer)?.site.to_owned())
        };
        let (duplicate, survivor) = (site(decision.record)?, site(survivor)?);
        tally.sites.repeats(&duplicate, &survivor);
    }
    tally.clusters = clusters(decisions, prints)?;
    Ok(())
}

impl Check<'_> {
    /// The report says what the restored records are, and nothing is dropped that may not be.
    pub(super) fn recounted(
        &mut self,
        report: Option<&Report>,
        restored: &Restored,
        mut seen: Tally,
    ) {
        self.told = 0;
        if !restored.whole {
            return;
        }
        let count = |fate: Fate| restored.fates.iter().filter(|one| **one == fate).count() as u64;
        let dropped = |reason| count(Fate::Dropped(reason));
        let mode = self.manifest.settings.duplicates.mode;
        let place = self.place(Book::Dropped.file());
        for (reason, name, may) in [
            (
                DropReason::Duplicate,
                "duplicate",
                mode == DuplicateMode::Drop,
            ),
            (DropReason::Empty, "empty", mode != DuplicateMode::Mark),
        ] {
            if !may && dropped(reason) > 0 {
                let problem = format!(
                    "{} dropped as {name} found; by duplicates.mode expected none",
                    counted(dropped(reason), "record", "records"),
                );
                self.find(place.as_str(), problem);
            }
        }
        let Some(report) = report else {
            return;
        };
        let place = self.place(REPORT_JSON);
        let told = &report.tally;
        for (what, told, held) in [
            ("read", told.accounting.read, restored.fates.len() as u64),
            ("written", told.accounting.written, count(Fate::Kept)),
            (
                "duplicates",
                told.accounting.duplicates,
                dropped(DropReason::Duplicate),
            ),
            (
                "dropped",
                told.accounting.dropped,
                dropped(DropReason::Empty),
            ),
            ("rejected", told.accounting.rejected, count(Fate::Rejected)),
        ] {
            if told != held {
                let problem = format!("{what} {told} found; the folder holds {held}");
                self.find(place.as_str(), problem);
            }
        }
        seen.sites.finish();
        for (what, same) in [
            ("text", told.text == seen.text),
            ("documents", told.documents == seen.documents),
            ("clusters", told.clusters == seen.clusters),
            ("sites", told.sites == seen.sites),
        ] {
            if !same {
                let problem = format!("{what} found that the restored records do not add up to");
                self.find(place.as_str(), problem);
            }
        }
    }

    /// The page is the one that this folder gives, where this version made it.
    ///
    /// It is made of everything else, so it is looked at only where nothing else is wrong.
    pub(super) fn page(&mut self, report: Option<&Report>) -> Result<()> {
        let made = self.manifest.copydesk == env!("CARGO_PKG_VERSION");
        let Some(report) = report.filter(|_| made && self.findings.is_empty()) else {
            return Ok(());
        };
        let place = self.place(REPORT_HTML);
        match page(self.folder, self.manifest, report) {
            Err(bad) => self.take(bad)?,
            Ok(page) => {
                let found = fs::read(self.folder.join(REPORT_HTML)).unwrap_or_default();
                let mut pairs = found.iter().zip(page.as_bytes());
                if found != page.as_bytes() {
                    let at = pairs.position(|(one, two)| one != two);
                    let problem = format!(
                        "found other bytes from byte {} on than the folder gives; copydesk report makes it again",
                        at.unwrap_or(found.len().min(page.len()))
                    );
                    self.find(place, problem);
                }
            }
        }
        Ok(())
    }
}
