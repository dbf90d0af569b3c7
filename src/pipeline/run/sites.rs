//! Learning what recurs across sites, and the file it is kept in.
//!
//! A pass of its own over the input: records are parsed and mended as for
//! cleaning, sketched by any thread, and gathered in one learner. What the
//! learner does not want any more is not sketched at all.

use super::plan::{Destination, Plan};
use crate::boilerplate::site::{SiteLearner, SiteModel, Sketch};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::formats::blocks::{Block, Cut, Payload, read_record, records};
use crate::formats::compression::Packer;
use crate::formats::{BlockReader, Compression, Fields, Input};
use crate::pipeline::clean::site_model::{asks, read_named, read_site_model, sketch};
use crate::pipeline::in_order::{batch_bytes, in_order_by_weight};
use crate::pipeline::progress::{Progress, Stage};
use crate::settings::{Settings, SiteModelSource};
use crate::store::sites::{SiteRow, to_bytes};
use crate::store::{Replacement, Sink};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// What a pass over the input has learned.
#[derive(Debug)]
pub struct Learned {
    /// What recurs.
    pub model: SiteModel,
    /// Records that were read.
    pub records: u64,
    /// Those among them that have a site.
    pub with_site: u64,
    /// Sites of which documents are kept.
    pub sites: usize,
}

/// Learns what recurs on the sites of the records of `inputs`, on the threads of the current
/// rayon pool.
///
/// Records that cannot be read or have no site, and plain text files, are passed over. The
/// result depends on the set of records alone. Memory holds 65,536 sketched documents at most,
/// some 300 MB.
///
/// # Errors
///
/// Inputs that cannot be opened.
pub fn learn(
    settings: &Settings,
    inputs: &[Input],
    cut: Cut,
    progress: &dyn Progress,
) -> Result<Learned> {
    let sizes: Option<u64> = inputs.iter().map(|input| input.bytes).sum();
    let mut reader = BlockReader::new(inputs.to_vec(), cut);
    let fields = Fields::new(&settings.input, None);
    let learner = RwLock::new(SiteLearner::new());
    let (mut records, mut with_site) = (0, 0);
    progress.begin(Stage::Learn, sizes);
    in_order_by_weight(
        progress,
        (Block::bytes, batch_bytes()),
        || reader.next_block(),
        |block| {
            Ok((
                (block.records, block.packed),
                sketches(&block, settings, &fields, cut, &learner),
            ))
        },
        |((read, packed), (sited, sketches))| {
            let mut learner = learner.write().unwrap_or_else(PoisonError::into_inner);
            for sketch in sketches {
                learner.observe(sketch);
            }
            records += read;
            with_site += sited;
            progress.advance(packed, records);
            Ok(())
        },
    )?;
    progress.end();
    let learner = learner.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Learned {
        records,
        with_site,
        sites: learner.sites(),
        model: learner.finish(),
    })
}

/// Returns how many records of a block have a site, and the sketches that are wanted.
fn sketches(
    block: &Block,
    settings: &Settings,
    fields: &Fields,
    cut: Cut,
    learner: &RwLock<SiteLearner>,
) -> (u64, Vec<Sketch>) {
    let Payload::Lines(data) = &block.payload else {
        return (0, Vec::new());
    };
    let (mut with_site, mut out) = (0, Vec::new());
    for (_, raw) in records(block.first_line, data) {
        let Ok(record) = read_record(raw, fields, cut.max_record) else {
            continue;
        };
        let raw = Document {
            text: &record.text,
            title: record.title.as_deref(),
            url: record.url.as_deref(),
            site: record.site.as_deref(),
        };
        let Some(sketch) = sketch(&raw, settings, learner) else {
            continue;
        };
        with_site += 1;
        out.extend(sketch);
    }
    (with_site, out)
}

/// Writes a site model, packed by the ending of its name.
///
/// # Errors
///
/// A file in the way, unless `force` is set; what the system says. Nothing stands under the
/// final name then.
pub fn write_site_model(model: &SiteModel, to: &Destination, force: bool) -> Result<()> {
    let rows: Vec<SiteRow> = model
        .sites()
        .flat_map(|site| {
            site.lines().map(|(form, text, standing)| SiteRow {
                site: site.name().to_owned(),
                form: form.as_str().to_owned(),
                text: text.to_owned(),
                documents: standing.documents,
                of: site.documents(),
                head: standing.head,
                middle: standing.middle,
                tail: standing.tail,
            })
        })
        .collect();
    let bytes = to_bytes(&rows);
    let (sink, compression) = match to {
        Destination::Stdout => (Sink::stdout(), Compression::None),
        Destination::File(path) | Destination::Folder(path) => {
            let out = Replacement::open(path, force)?;
            (Sink::replacing(out), Compression::of_name(path))
        }
    };
    let place = sink.place().to_path_buf();
    let mut packer = Packer::new(sink, compression);
    packer
        .write_all(&bytes)
        .and_then(|()| packer.finish())
        .map_err(|bad| Error::io(place, bad))?
        .close()?;
    Ok(())
}

/// Returns the site model that `settings` ask for: the file's, whose digest is noted in the
/// settings, or the one that `inputs` teach; none where they ask for none.
///
/// # Errors
///
/// A file that cannot be read or is not the one meant; inputs to learn from that can be read only
/// once, or not at all.
pub fn site_model(
    settings: &mut Settings,
    inputs: &[Input],
    cut: Cut,
    progress: &dyn Progress,
) -> Result<Option<Arc<SiteModel>>> {
    check(settings, inputs)?;
    match read_named(settings)? {
        Some(model) => Ok(Some(model)),
        None => learn_own(settings, inputs, cut, progress),
    }
}

/// Checks that inputs can be read twice where the model is learned from them.
pub(in crate::pipeline) fn check(settings: &Settings, inputs: &[Input]) -> Result<()> {
    let learns = settings.boilerplate.site_model == SiteModelSource::Auto && asks(settings);
    let once = |input: &&Input| input.path.is_none() || input.bytes.is_none();
    match inputs.iter().find(once) {
        Some(input) if learns => Err(Error::setting(
            "--site-model",
            format!(
                "auto reads the input twice, and {} can be read only once; `copydesk learn` makes a model from files like it, and --site-model FILE uses that, or --site-model off does without",
                if input.path.is_none() {
                    "standard input"
                } else {
                    &input.name
                }
            ),
        )),
        _ => Ok(()),
    }
}

/// Learns the model from the input itself, if the settings say so.
pub(in crate::pipeline) fn learn_own(
    settings: &Settings,
    inputs: &[Input],
    cut: Cut,
    progress: &dyn Progress,
) -> Result<Option<Arc<SiteModel>>> {
    if !learns(settings) {
        return Ok(None);
    }
    let learned = learn(settings, inputs, cut, progress)?;
    Ok(Some(Arc::new(learned.model)))
}

/// Returns whether the site model is learned from the input itself.
pub(in crate::pipeline) fn learns(settings: &Settings) -> bool {
    settings.boilerplate.site_model == SiteModelSource::Auto && asks(settings)
}

/// As [`learn_own`] for a run that may be stopped: the model is kept in `file`, if one is named;
/// what stands there already was learned from the same input.
pub(in crate::pipeline) fn learn_once(
    plan: &Plan,
    file: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Option<Arc<SiteModel>>> {
    if let Some(file) = file.filter(|file| file.exists()) {
        return Ok(Some(Arc::new(read_site_model(file)?.0)));
    }
    let model = learn_own(&plan.settings, &plan.inputs, plan.cut, progress)?;
    if let (Some(file), Some(model)) = (file, &model) {
        write_site_model(model, &Destination::File(file.to_path_buf()), true)?;
    }
    Ok(model)
}
