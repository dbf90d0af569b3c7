//! The site model that a run learned from its input, learned once more from the restored originals.
//!
//! What is learned depends on the set of documents alone, so it is the same model.

use super::super::reading_back::Books;
use super::Tuning;
use super::thresholds::{Item, next};
use crate::boilerplate::site::{SiteLearner, SiteModel, Sketch};
use crate::document::{DocId, Document};
use crate::error::{Error, Result};
use crate::formats::{Fields, Record};
use crate::pipeline::clean::site_model::sketch;
use crate::pipeline::in_order::in_order;
use crate::pipeline::progress::{Progress, Stage};
use crate::settings::{Settings, SiteModelSource};
use crate::store::Manifest;
use std::sync::{Arc, PoisonError, RwLock};

/// Returns the model that the run learned from its input, if it did.
///
/// # Errors
///
/// Files that do not fit each other, a disk that refuses, that it was asked to stop.
pub fn learned(
    tuning: &Tuning,
    manifest: &Manifest,
    progress: &dyn Progress,
) -> Result<Option<Arc<SiteModel>>> {
    let settings = &manifest.settings;
    if settings.boilerplate.site_model != SiteModelSource::Auto {
        return Ok(None);
    }
    let fields = Fields::new(&settings.input, None);
    let mut books = Books::open(&tuning.folder, tuning.cleaned.as_deref(), manifest)?;
    let mut docs = (0..manifest.records).map(DocId);
    let learner = RwLock::new(SiteLearner::new());
    progress.begin(Stage::Restore, Some(manifest.records));
    in_order(
        progress,
        || next(&mut books, &mut docs),
        |items| {
            let last = items.last().map_or(0, |item| item.doc.0);
            let sketches = items
                .iter()
                .map(|item| sketch_of(item, settings, &fields, &learner));
            let sketches: Result<Vec<Option<Sketch>>> = sketches.collect();
            Ok((last, sketches?))
        },
        |(last, sketches)| {
            let mut learner = learner.write().unwrap_or_else(PoisonError::into_inner);
            for sketch in sketches.into_iter().flatten() {
                learner.observe(sketch);
            }
            progress.advance(last, last);
            Ok(())
        },
    )?;
    books.finish()?;
    progress.end();
    let learner = learner.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Some(Arc::new(learner.finish())))
}

/// Returns the sketch of a restored record, if it is wanted; a file has no site.
fn sketch_of(
    item: &Item,
    settings: &Settings,
    fields: &Fields,
    learner: &RwLock<SiteLearner>,
) -> Result<Option<Sketch>> {
    let Item { doc, line, ledger } = item;
    if ledger.envelope.is_some() {
        return Ok(None);
    }
    let bad = |what: &str| Error::damaged(format!("record {}", doc.0 + 1), what);
    let record = Record::parse(line.as_bytes(), fields).map_err(|found| bad(&found))?;
    let original = ledger
        .original(*doc, &record.text)
        .map_err(|found| bad(&found))?;
    let document = Document {
        text: &original,
        title: record.title.as_deref(),
        url: record.url.as_deref(),
        site: record.site.as_deref(),
    };
    Ok(sketch(&document, settings, learner).flatten())
}
