//! Looking through an index, and making one segment of all.

use super::build::SegmentWriter;
use super::{open_folder, other_fingerprints};
use crate::duplicates::{FINGERPRINTS, Threshold};
use crate::error::{Error, Result};
use crate::pipeline::progress::Progress;
use crate::store::index::{IndexFolder, IndexMeta, SegmentMeta};
use std::path::Path;

/// What an index is, and what it takes.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Inspected {
    /// What it says of itself.
    #[serde(flatten)]
    pub meta: IndexMeta,
    /// How many documents it holds.
    pub documents: u64,
    /// How many bytes it takes on disk.
    pub bytes: u64,
    /// Files that are not what was written, or are gone.
    pub damaged: Vec<String>,
}

/// Looks through an index: every file is read and compared with what was written.
///
/// # Errors
///
/// A folder that is no index; another run that works with it.
pub fn inspect(dir: &Path) -> Result<Inspected> {
    let folder = open_folder(dir, false)?;
    let meta = held(&folder)?;
    let bytes = size(&meta);
    let damaged = folder.damaged(&meta)?;
    let damaged = damaged.iter().map(|path| path.display().to_string());
    let damaged = damaged.collect();
    Ok(Inspected {
        documents: meta.documents(),
        meta,
        bytes,
        damaged,
    })
}

/// Returns the bytes of all files of an index, `index.json` among them.
fn size(meta: &IndexMeta) -> u64 {
    let text = serde_json::to_vec_pretty(meta).unwrap_or_default();
    let segments = meta.segments.iter().map(SegmentMeta::bytes);
    text.len() as u64 + 1 + segments.sum::<u64>()
}

fn held(folder: &IndexFolder) -> Result<IndexMeta> {
    let meta = folder.meta.clone();
    let meta = meta.filter(|meta| !meta.batches.is_empty());
    meta.ok_or_else(|| {
        Error::input(
            folder.dir().display().to_string(),
            "the index is empty: no batch was finished in it",
        )
    })
}

/// Merges all segments of an index into one; answers with the bytes before and after. What a
/// batch is told by it does not change.
///
/// # Errors
///
/// A folder that is no index of this version; another run that works with it; a damaged segment;
/// what the system says.
pub fn compact(dir: &Path, memory: u64, progress: &dyn Progress) -> Result<(u64, u64)> {
    let mut folder = open_folder(dir, false)?;
    let mut meta = held(&folder)?;
    if meta.fingerprints != FINGERPRINTS {
        return Err(other_fingerprints(dir, &meta));
    }
    // One that was killed may have left files.
    folder.tidy();
    let before = size(&meta);
    if meta.segments.len() > 1 {
        let shingles = meta.segments.iter().map(|segment| segment.shingles).sum();
        let mut writer = SegmentWriter::new(
            &folder,
            meta.next_segment(),
            Threshold::new(meta.threshold),
            shingles,
            memory,
            progress,
        )?;
        for segment in &meta.segments {
            writer.add_all(segment)?;
        }
        meta.segments = vec![writer.finish()?];
        folder.commit(meta.clone())?;
    }
    Ok((before, size(&meta)))
}
