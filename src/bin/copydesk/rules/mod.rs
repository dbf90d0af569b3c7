//! `rules`: which rules there are, what one does, and whether they do it.

mod find;
mod list;
mod show;
mod trials;

use crate::args::{Common, Rules};
use crate::config;
use crate::text::level_name;
use anyhow::Result;
use copydesk::boilerplate::Catalogue;
use copydesk::error::Error;
use copydesk::pipeline::Entry;
use copydesk::settings::{BoilerplateSettings, Level};
use std::io::{self, Write};

/// Does the job and returns the exit code.
pub fn rules(job: &Rules, common: &Common) -> Result<u8> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    let code = match job {
        Rules::List(job) => list::list(job, common, &mut out)?,
        Rules::Show(job) => show::show(job, common, &mut out)?,
        Rules::Find(job) => find::find(job, common, &mut out)?,
        Rules::Test(job) => trials::test(job, common, &mut out)?,
    };
    out.flush().map_err(written)?;
    Ok(code)
}

/// Returns the boilerplate settings and the catalogue with the user's rules.
fn desk(rules: Option<&str>, common: &Common) -> Result<(BoilerplateSettings, Catalogue)> {
    let settings = config::boilerplate(rules, common)?;
    let catalogue = match &settings.rules {
        Some(rules) => Catalogue::shipped().with_user_rules(rules),
        None => Catalogue::shipped().clone(),
    };
    Ok((settings, catalogue))
}

fn written(bad: io::Error) -> Error {
    Error::io("standard output", bad)
}

/// Returns whether the user has switched a rule off, by its name or its code.
fn is_off(catalogue: &Catalogue, entry: &Entry) -> bool {
    catalogue.is_off(entry.name) || catalogue.is_off(entry.code)
}

/// Returns the name of the level from which a rule works.
fn level(entry: &Entry) -> &'static str {
    match entry.level {
        Level::Off => "any",
        level => level_name(level),
    }
}
