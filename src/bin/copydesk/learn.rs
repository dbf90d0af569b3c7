//! `learn`.

use crate::args::{Common, FormatArg, Learn};
use crate::progress::Listener;
use crate::stop::Stop;
use crate::{config, summary};
use anyhow::Result;
use copydesk::boilerplate::site::DOCUMENTS;
use copydesk::formats::blocks::Cut;
use copydesk::formats::locations;
use copydesk::pipeline::{Destination, check_output, learn as learn_sites, write_site_model};
use copydesk::report::{counted, grouped};

/// Learns a site model and returns the exit code.
pub fn learn(job: &Learn, common: &Common) -> Result<u8> {
    let config = config::base(common)?;
    let mut settings = config.settings();
    let input = &mut settings.input;
    for (field, flag) in [
        (&mut input.text_field, &job.text_field),
        (&mut input.title_field, &job.title_field),
        (&mut input.url_field, &job.url_field),
    ] {
        if let Some(name) = flag {
            field.clone_from(name);
        }
    }
    if job.site_field.is_some() {
        input.site_field.clone_from(&job.site_field);
    }
    let inputs = locations::expand(&job.inputs, job.format.map(FormatArg::format))?;
    let output = match job.output.as_str() {
        "-" => Destination::Stdout,
        name => Destination::File(name.into()),
    };
    if let Destination::File(path) = &output {
        let read = inputs.iter().filter_map(|input| input.path.as_deref());
        check_output("-o", path, read, job.force)?;
    }
    let mut cut = Cut {
        max_record: config.resources.max_record.as_usize(),
        ..Cut::default()
    };
    if let Some(bytes) = job.block_size {
        cut.block = bytes.as_usize();
    }
    let pool = crate::pool(config.resources.threads)?;
    let listener = Listener::new(common.quiet, Stop::default());
    let learned = pool.install(|| learn_sites(&settings, &inputs, cut, &listener))?;
    let model = &learned.model;
    write_site_model(model, &output, job.force)?;
    if !common.quiet {
        let lines: usize = model.sites().map(|site| site.lines().count()).sum();
        anstream::eprintln!(
            "{} of {}",
            counted(lines as u64, "recurring line", "recurring lines"),
            counted(model.sites().count() as u64, "site", "sites")
        );
        if lines == 0 {
            summary::warn(&format!(
                "{} of {} a site, {} in all; a line recurs on a site where {DOCUMENTS} documents hold it, and the site is the host of the address (--url-field) or what --site-field names",
                grouped(learned.with_site),
                counted(learned.records, "document has", "documents have"),
                counted(learned.sites as u64, "site", "sites")
            ));
        }
    }
    Ok(0)
}
