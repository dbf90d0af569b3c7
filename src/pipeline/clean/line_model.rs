//! A line model of the user's own.

use crate::boilerplate::model::LineModel;
use crate::error::{Error, Result};
use crate::settings::{BoilerplateSettings, LineModelSource};
use sha2::{Digest, Sha256};
use std::fs;
use std::sync::Arc;

/// Reads the line model that the settings name into them, and notes its digest there; nothing
/// where they name none.
///
/// # Errors
///
/// A file that cannot be read, is no line model, or has another digest than the settings ask for.
pub fn read_line_model(settings: &mut BoilerplateSettings) -> Result<()> {
    let LineModelSource::File {
        path,
        sha256,
        bytes,
    } = &mut settings.line_model
    else {
        return Ok(());
    };
    let place = || path.display().to_string();
    let read =
        fs::read(&*path).map_err(|bad| Error::io(format!("{} (--line-model)", place()), bad))?;
    LineModel::load(&read).map_err(|bad| Error::damaged(place(), bad.to_string()))?;
    let digest: String = Sha256::digest(&read)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if let Some(wanted) = sha256
        && *wanted != digest
    {
        return Err(Error::damaged(
            place(),
            format!("the line model has the digest {digest}, and the settings ask for {wanted}"),
        ));
    }
    *sha256 = Some(digest);
    *bytes = Some(read.into());
    Ok(())
}

/// Returns the model that the settings name.
///
/// A file is named by its bytes: none, where it has not been read or is no model, as
/// [`read_line_model`] would have said.
pub(in crate::pipeline) fn line_model(settings: &BoilerplateSettings) -> Option<Arc<LineModel>> {
    match &settings.line_model {
        LineModelSource::Off => None,
        LineModelSource::Shipped => LineModel::shipped(),
        LineModelSource::File { bytes, .. } => {
            LineModel::load(bytes.as_deref()?).ok().map(Arc::new)
        }
    }
}
