//! `completions` and `man`: pages made from the flags themselves.

use crate::args::{Args, Common, Completions, Man};
use crate::text::harmless;
use anyhow::{Context, Result};
use clap::CommandFactory;
use copydesk::error::Error;
use copydesk::report::counted;
use std::fs;
use std::io::{self, Write};

/// Prints what a shell wants to complete words with, and returns the exit code.
pub fn completions(job: &Completions) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(job.shell, &mut Args::command(), "copydesk", &mut script);
    print(&script)
}

/// Writes a manual page for every command, or prints the first, and returns the exit code.
pub fn man(job: &Man, common: &Common) -> Result<u8> {
    let command = Args::command();
    if let Some(dir) = &job.dir {
        fs::create_dir_all(dir).map_err(|bad| Error::io(dir, bad))?;
        let pages = pages_of(&command);
        clap_mangen::generate_to(command, dir)
            .with_context(|| format!("cannot write into {}", dir.display()))?;
        if !common.quiet {
            let place = harmless(&dir.join("copydesk.1").display().to_string());
            let pages = counted(pages, "manual page", "manual pages");
            anstream::eprintln!("{pages} written; the first is {place}");
        }
        return Ok(0);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&page)
}

/// Counts the pages of a command and of those below it; what help hides has none.
fn pages_of(command: &clap::Command) -> u64 {
    let below = command.get_subcommands();
    let below = below.filter(|one| !one.is_hide_set() && one.get_name() != "help");
    1 + below.map(pages_of).sum::<u64>()
}

fn print(bytes: &[u8]) -> Result<u8> {
    let printed = io::stdout().write_all(bytes);
    printed.map_err(|bad| Error::io("standard output", bad))?;
    Ok(0)
}
