//! `verify`.

use crate::args::{Common, Verify};
use crate::progress::Listener;
use crate::stop::Stop;
use crate::text;
use crate::{FAILED, config, summary};
use anyhow::Result;
use copydesk::pipeline::{IndexCheck, Inputs, Verification, Verified, verify as verify_folder};
use copydesk::report::{counted, grouped};
use std::io::{self, Write};

/// Checks a folder and returns the exit code.
pub fn verify(job: &Verify, common: &Common) -> Result<u8> {
    let resources = config::base(common)?.resources;
    let what = Verification {
        folder: job.folder.clone(),
        cleaned: job.cleaned.clone(),
        index: job.index.clone(),
        temp_dir: job.temp_dir.clone().or(resources.temp_dir),
    };
    let pool = crate::pool(resources.threads)?;
    let listener = Listener::new(common.quiet, Stop::default());
    let found = pool.install(|| verify_folder(&what, &listener))?;
    let told = told(&found);
    let printed = io::stdout().write_all(told.as_bytes());
    printed.map_err(|bad| copydesk::Error::io("standard output", bad))?;
    if let IndexCheck::NotHere(why, rows) = &found.index {
        // Said even where nothing else is: what was not checked is not known to be right.
        summary::warn(&text::harmless(&format!(
            "the index was not looked into ({why}), so {} that name a survivor in it were believed, and whether other records repeat it was not asked; --index DIR names it",
            counted(*rows, "row", "rows")
        )));
    }
    if !common.quiet {
        summarise(&found);
    }
    Ok(if found.findings.is_empty() { 0 } else { FAILED })
}

/// Returns a line for everything that is wrong.
fn told(found: &Verified) -> String {
    let mut out = String::new();
    for finding in &found.findings {
        let line = format!("{}: {}", finding.place, finding.problem);
        out.push_str(&text::harmless(&line));
        out.push('\n');
    }
    if found.untold > 0 {
        out.push_str(&format!("and {} more of these\n", found.untold));
    }
    out
}

fn summarise(found: &Verified) {
    let inputs = match &found.inputs {
        Inputs::Same => "they are what the inputs hold".to_owned(),
        Inputs::NotHere(what) => format!("the inputs were not compared: {what} is not here"),
        Inputs::Changed(how) => format!("the inputs are no longer what was read ({how})"),
        Inputs::Other(place) => {
            format!("they are not what the inputs hold, from {place} on")
        }
        Inputs::Stopped(record) => format!(
            "stopped at record {}; the inputs were not compared",
            grouped(*record)
        ),
    };
    let said = format!(
        "{}, {} restored, {} measured again; {}",
        counted(found.files, "file", "files"),
        counted(found.records, "record", "records"),
        counted(found.duplicates, "duplicate", "duplicates"),
        text::harmless(&inputs)
    );
    anstream::eprintln!("{}", text::told(&said, 0));
    if found.index == IndexCheck::Again {
        let said = text::told("every record was looked up again in the index", 0);
        anstream::eprintln!("{said}");
    }
    let verdict = match found.findings.len() as u64 + found.untold {
        0 => "nothing is wrong".to_owned(),
        wrong => counted(wrong, "thing is wrong", "things are wrong"),
    };
    anstream::eprintln!("{}{verdict}{}", summary::BOLD, summary::PLAIN);
}
