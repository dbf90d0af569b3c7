//! The page of a run: made when the run ends, and from its folder at any time.

use super::examples::examples;
use super::reading_back::manifest;
use crate::error::{Error, Result};
use crate::report::{Origin, OriginFile, REPORT_HTML, REPORT_JSON, Report, html, untimed};
use crate::store::manifest::MANIFEST;
use crate::store::{FileEntry, Manifest, Replacement, Sink};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Returns the page of a run from its folder alone; of an `-o FILE`, its audit folder.
///
/// By the copydesk that ran, it has the bytes of the `report.html` that the run wrote.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other.
pub fn report_page(folder: &Path) -> Result<String> {
    let manifest = manifest(folder)?;
    let path = folder.join(REPORT_JSON);
    let text = fs::read_to_string(&path).map_err(|bad| Error::io(&path, bad))?;
    let report: Report = serde_json::from_str(&text)
        .map_err(|bad| Error::damaged(path.display().to_string(), bad.to_string()))?;
    page(folder, &manifest, &report)
}

/// Makes the page of a run again, in its folder; returns whether it is another than stood there.
///
/// A page that is another (made by a later copydesk, say) takes the place of the old one, and its
/// digest that of the old one in the manifest.
///
/// # Errors
///
/// A folder that is no run, files that do not fit each other, what the system says.
pub fn renew_report_page(folder: &Path) -> Result<bool> {
    let page = report_page(folder)?;
    let path = folder.join(REPORT_HTML);
    let mut manifest = manifest(folder)?;
    let entry = FileEntry::of(&untimed(REPORT_HTML, page.as_bytes()));
    let same = fs::read(&path).is_ok_and(|old| old == page.as_bytes());
    if same && manifest.reports.get(REPORT_HTML) == Some(&entry) {
        return Ok(false);
    }
    replace(&path, page.as_bytes())?;
    manifest.files.remove(REPORT_HTML);
    manifest.reports.insert(REPORT_HTML.to_owned(), entry);
    let place = folder.join(MANIFEST);
    let mut text = serde_json::to_vec_pretty(&manifest)
        .map_err(|bad| Error::damaged(place.display().to_string(), bad.to_string()))?;
    text.push(b'\n');
    replace(&place, &text)?;
    Ok(true)
}

fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let mut sink = Sink::replacing(Replacement::open(path, true)?);
    sink.write_all(content)
        .map_err(|bad| Error::io(path, bad))?;
    sink.close()?;
    Ok(())
}

/// Returns the page of a run whose files lie in `folder`.
pub(in crate::pipeline) fn page(
    folder: &Path,
    manifest: &Manifest,
    report: &Report,
) -> Result<String> {
    let shown = examples(folder, manifest, report)?;
    let origin = Origin {
        inputs: manifest
            .inputs
            .iter()
            .map(|input| (input.name.clone(), input.bytes))
            .collect(),
        originals_sha256: manifest.originals_sha256.clone(),
        files: manifest
            .files
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), MANIFEST | REPORT_HTML))
            .map(|(name, entry)| OriginFile {
                name: name.clone(),
                lines: entry.lines,
                bytes: entry.bytes,
                sha256: entry.sha256.clone(),
            })
            .collect(),
    };
    Ok(html(report, &origin, &shown))
}
