//! `report`.

use crate::args::{Common, Report};
use crate::text;
use anyhow::Result;
use copydesk::error::Error;
use copydesk::pipeline::{renew_report_page, report_page};
use copydesk::report::REPORT_HTML;
use copydesk::store::{Replacement, Sink};
use std::io::{self, Write};

/// Makes the page of a run again and returns the exit code.
pub fn report(job: &Report, common: &Common) -> Result<u8> {
    let said = match &job.output {
        None => {
            let place = job.folder.join(REPORT_HTML);
            if renew_report_page(&job.folder)? {
                format!("{} is written", place.display())
            } else {
                format!("{} is what it was", place.display())
            }
        }
        Some(path) if path.as_os_str() == "-" => {
            let page = report_page(&job.folder)?;
            let printed = io::stdout().write_all(page.as_bytes());
            printed.map_err(|bad| Error::io("standard output", bad))?;
            return Ok(0);
        }
        Some(path) => {
            let file = Replacement::open(path, job.force)?;
            let page = report_page(&job.folder)?;
            let mut sink = Sink::replacing(file);
            sink.write_all(page.as_bytes())
                .map_err(|bad| Error::io(path, bad))?;
            sink.close()?;
            format!("{} is written", path.display())
        }
    };
    if !common.quiet {
        anstream::eprintln!("{}", text::harmless(&said));
    }
    Ok(0)
}
