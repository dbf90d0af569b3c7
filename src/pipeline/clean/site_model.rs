//! The file of a site model that the settings name, and what one is learned from.

use super::cleaner::mends;
use crate::boilerplate::site::{Form, Site, SiteLearner, SiteModel, Sketch, Standing};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::formats::compression::unpack;
use crate::settings::{Level, Settings, SiteModelSource};
use crate::store::sink::hex;
use crate::store::sites::from_bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// Reads a site model; returns it with the SHA-256 of its unpacked bytes.
///
/// # Errors
///
/// A file that cannot be read, is none of ours, of another version or damaged.
pub fn read_site_model(path: &Path) -> Result<(SiteModel, String)> {
    let place = path.display().to_string();
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|bad| Error::io(format!("{place} (--site-model)"), bad))?;
    unpack(Box::new(file))
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|bad| Error::io(path, bad))?;
    let mut sites: BTreeMap<String, Site> = BTreeMap::new();
    for row in from_bytes(&place, &bytes)? {
        let Some(form) = Form::from_name(&row.form) else {
            return Err(Error::damaged(
                place,
                format!(
                    "{:?} is no form; expected {}",
                    row.form,
                    Form::ALL.map(Form::as_str).join(", ")
                ),
            ));
        };
        let standing = Standing {
            documents: row.documents,
            head: row.head,
            middle: row.middle,
            tail: row.tail,
        };
        let site = sites
            .entry(row.site)
            .or_insert_with_key(|name| Site::new(name.clone(), row.of));
        let text = row.text;
        if site.documents() != row.of || !site.add(form, text.clone(), standing) {
            return Err(Error::damaged(
                place,
                format!("{text:?} of {} stands there twice", site.name()),
            ));
        }
    }
    let digest = hex(&Sha256::digest(&bytes));
    Ok((SiteModel::new(sites.into_values()), digest))
}

/// Returns the sketch of a document, mended, if `learner` wants it; nothing at all where the document
/// has no site.
pub(in crate::pipeline) fn sketch(
    raw: &Document<'_>,
    settings: &Settings,
    learner: &RwLock<SiteLearner>,
) -> Option<Option<Sketch>> {
    let draw = Sketch::draw(raw)?;
    let learner = learner.read().unwrap_or_else(PoisonError::into_inner);
    if !learner.wants(&draw) {
        return Some(None);
    }
    drop(learner);
    let text = mends(raw.text, settings).apply(raw.text);
    let document = Document {
        text: &text,
        ..*raw
    };
    Some(Some(Sketch::new(draw, &document)))
}

/// Returns whether the desks would ask a site model.
pub(in crate::pipeline) fn asks(settings: &Settings) -> bool {
    settings.boilerplate.level != Level::Off
}

/// Reads the model that the settings name, and notes its digest in them.
pub(in crate::pipeline) fn read_named(settings: &mut Settings) -> Result<Option<Arc<SiteModel>>> {
    if !asks(settings) {
        return Ok(None);
    }
    let SiteModelSource::File { path, sha256 } = &mut settings.boilerplate.site_model else {
        return Ok(None);
    };
    let (model, digest) = read_site_model(path)?;
    if let Some(wanted) = sha256
        && *wanted != digest
    {
        return Err(Error::damaged(
            path.display().to_string(),
            format!("the site model has the digest {digest}, and the settings ask for {wanted}"),
        ));
    }
    *sha256 = Some(digest);
    Ok(Some(Arc::new(model)))
}
