//! `completions` and `man`: pages made from the flags themselves.

use crate::args::{Args, Completions, Man};
use anyhow::{Context, Result};
use clap::CommandFactory;
use copydesk::error::Error;
use std::fs;
use std::io::{self, Write};

/// Prints what a shell wants to complete words with, and returns the exit code.
pub fn completions(job: &Completions) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(job.shell, &mut Args::command(), "copydesk", &mut script);
    print(&script)
}

/// Writes a manual page for every command, or prints the first, and returns the exit code.
pub fn man(job: &Man) -> Result<u8> {
    let command = Args::command();
    if let Some(dir) = &job.dir {
        fs::create_dir_all(dir).map_err(|bad| Error::io(dir, bad))?;
        clap_mangen::generate_to(command, dir)
            .with_context(|| format!("cannot write into {}", dir.display()))?;
        return Ok(0);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<u8> {
    let printed = io::stdout().write_all(bytes);
    printed.map_err(|bad| Error::io("standard output", bad))?;
    Ok(0)
}
