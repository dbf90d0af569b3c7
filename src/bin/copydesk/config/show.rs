//! `init` and `config`: settings to read.

use super::{effective, preset};
use crate::args::{Common, Config, ConfigPresets, ConfigShow, Init, OfArg};
use crate::text;
use anyhow::Result;
use copydesk::error::Error;
use copydesk::settings::{Preset, settings_file};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

/// Writes the settings file and returns the exit code.
pub fn init(job: &Init, common: &Common) -> Result<u8> {
    let preset = job.preset.as_deref().map(preset).transpose()?;
    let text = settings_file(preset)?;
    if job.stdout || job.file.as_os_str() == "-" {
        print(&text)?;
        return Ok(0);
    }
    write_new(&job.file, &text)?;
    if !common.quiet {
        anstream::eprintln!(
            "{} holds every setting, commented out at its default; `copydesk config show` tells what is in force",
            text::harmless(&job.file.display().to_string())
        );
    }
    Ok(0)
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|bad| match bad.kind() {
        io::ErrorKind::AlreadyExists => Error::output(
            path,
            "the file exists and is left as it is; name another, or print with --stdout",
        ),
        _ => Error::io(path, bad),
    })?;
    let written = file.write_all(text.as_bytes());
    Ok(written.map_err(|bad| Error::io(path, bad))?)
}

/// Does the job and returns the exit code.
pub fn config(job: &Config, common: &Common) -> Result<u8> {
    let text = match job {
        Config::Show(job) => show(job, common)?,
        Config::Presets(job) => presets(job)?,
    };
    print(&text)?;
    Ok(0)
}

fn show(job: &ConfigShow, common: &Common) -> Result<String> {
    let command = match job.of {
        OfArg::Run => "run",
        OfArg::Clean => "clean",
        OfArg::Dedup => "dedup",
    };
    let effective = effective(command, &job.choices, common)?;
    if job.json {
        return Ok(format!("{:#}\n", effective.as_json()?));
    }
    Ok(effective.as_toml()?)
}

fn presets(job: &ConfigPresets) -> Result<String> {
    if let Some(name) = &job.name {
        return Ok(text::fitted_toml(preset(name)?.as_toml()));
    }
    let row = |one: Preset| {
        let first = one.as_toml().lines().next().unwrap_or_default();
        format!("{:<12} {}\n", one.as_str(), first.trim_start_matches("# "))
    };
    Ok(Preset::ALL.map(row).concat())
}

fn print(text: &str) -> Result<()> {
    let printed = io::stdout().write_all(text.as_bytes());
    Ok(printed.map_err(|bad| Error::io("standard output", bad))?)
}
