//! `restore`.

use crate::args::{Common, Restore};
use crate::summary;
use crate::text::{harmless, told};
use anyhow::Result;
use copydesk::error::Error;
use copydesk::pipeline::{Restored, Wanted, What, restore as restore_records};
use copydesk::report::counted;
use copydesk::store::Replacement;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// How many records that are not whole a message names.
const NAMED: usize = 5;

/// Where originals go.
enum Target {
    Stdout(io::Stdout),
    File(Replacement),
    Folder(Place),
}

/// A folder that gets files, and records in a file of their own.
struct Place {
    dir: PathBuf,
    records: Option<Replacement>,
    /// What stands there already of this run.
    taken: BTreeSet<PathBuf>,
}

/// The name under which records stand in a folder.
const RECORDS: &str = "records.jsonl";

/// Gives the originals back and returns the exit code.
pub fn restore(job: &Restore, common: &Common) -> Result<u8> {
    let mut target = open(job)?;
    let mut wanted = Wanted::named(&job.id, &[]).in_run(&job.folder, job.cleaned.as_deref())?;
    let mut given = Given::default();
    let mut not_whole = Vec::new();
    restore_records(&job.folder, job.cleaned.as_deref(), &mut |record| {
        let met = match record.what {
            What::Rejected | What::RejectedBeginning => {
                wanted.meets_rejected(record.doc, record.id)
            }
            What::Record | What::File => wanted.meets(record.doc, record.id),
        };
        if !wanted.is_empty() && !met {
            return Ok(());
        }
        if record.what == What::RejectedBeginning {
            not_whole.push(record.id.to_owned());
            return Ok(());
        }
        given.one_more(&target, record, &job.output)?;
        write(&mut target, record, job.force)
    })?;
    // What is half-made goes with the target.
    wanted.all_met(&job.folder)?;
    let into_folder = matches!(target, Target::Folder(_));
    finish(target)?;
    if into_folder && !common.quiet {
        anstream::eprintln!("{}", told(&harmless(&given.told(&job.output)), 0));
    }
    if !not_whole.is_empty() {
        let named = not_whole
            .iter()
            .take(NAMED)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        return Err(Error::input(
            job.folder.display().to_string(),
            format!(
                "the ledger holds only the beginning of {}, too long or broken off: {named}; all others are restored",
                counted(not_whole.len() as u64, "record", "records")
            ),
        )
        .into());
    }
    Ok(0)
}

/// What was given to one stream: a file stands alone there.
#[derive(Default)]
struct Given {
    records: u64,
    files: u64,
}

impl Given {
    /// Says what a folder got.
    fn told(&self, folder: &str) -> String {
        let folder = folder.trim_end_matches('/');
        let records = counted(self.records, "record", "records");
        match (self.files, self.records) {
            (0, 0) => format!("{folder}: nothing was written; the run read no record"),
            (0, _) => format!("{folder}/{RECORDS} is written: {records}"),
            (files, 0) => format!("{folder} is written: {}", counted(files, "file", "files")),
            (files, _) => {
                let files = counted(files, "file", "files");
                format!("{folder} is written: {files}, and {RECORDS} with {records}")
            }
        }
    }

    fn one_more(
        &mut self,
        target: &Target,
        record: &Restored<'_>,
        output: &str,
    ) -> copydesk::Result<()> {
        match record.what {
            What::File => self.files += 1,
            _ => self.records += 1,
        }
        let alone = self.files == 0 || self.files + self.records == 1;
        if alone || matches!(target, Target::Folder(_)) {
            return Ok(());
        }
        Err(Error::output(
            output,
            "the run read plain text files, which restore to files; name a folder with -o, such as originals/",
        ))
    }
}

fn open(job: &Restore) -> Result<Target> {
    let path = PathBuf::from(&job.output);
    if job.output == "-" {
        return Ok(Target::Stdout(io::stdout()));
    }
    let same = |other: &Path| match (path.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(two)) => one == two || one.parent() == Some(&*two),
        _ => false,
    };
    if same(&job.folder) || job.cleaned.as_deref().is_some_and(same) {
        return Err(Error::output(
            path,
            "that is part of the run that is being restored; name another place with -o",
        )
        .into());
    }
    if path.is_dir() || job.output.ends_with('/') {
        return Ok(Target::Folder(Place {
            dir: path,
            records: None,
            taken: BTreeSet::from([PathBuf::from(RECORDS)]),
        }));
    }
    Ok(Target::File(Replacement::open(&path, job.force)?))
}

fn write(target: &mut Target, record: &Restored<'_>, force: bool) -> copydesk::Result<()> {
    // A file comes back as it was; records stand on lines of their own.
    let end: &[u8] = if record.what == What::File {
        b""
    } else {
        b"\n"
    };
    match target {
        Target::Stdout(out) => {
            let written = out
                .write_all(record.bytes)
                .and_then(|()| out.write_all(end));
            written.map_err(|bad| Error::io("standard output", bad))
        }
        Target::File(out) => out.put(&[record.bytes, end]),
        Target::Folder(place) if record.what != What::File => {
            let Place { dir, records, .. } = place;
            if records.is_none() {
                fs::create_dir_all(&*dir).map_err(|bad| Error::io(&*dir, bad))?;
                *records = Some(Replacement::open(&dir.join(RECORDS), force)?);
            }
            records
                .as_mut()
                .map_or(Ok(()), |out| out.put(&[record.bytes, end]))
        }
        Target::Folder(place) => {
            let free = place.free(record.id);
            let path = place.dir.join(free);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|bad| Error::io(parent, bad))?;
            }
            let mut file = Replacement::open(&path, force)?;
            file.put(&[record.bytes])?;
            file.commit()
        }
    }
}

fn finish(target: Target) -> copydesk::Result<()> {
    match target {
        Target::Stdout(mut out) => out.flush().map_err(|bad| Error::io("standard output", bad)),
        Target::File(out) => out.commit(),
        Target::Folder(place) => place.records.map_or(Ok(()), Replacement::commit),
    }
}

impl Place {
    /// Returns where a file goes: where its name says, or, where `x/a` and `../x/a` would stand in
    /// one place, below a folder with a number, which is said.
    fn free(&mut self, name: &str) -> PathBuf {
        let first = inside(name);
        let mut path = first.clone();
        let mut number = 2;
        while !self.taken.insert(path.clone()) {
            path = Path::new(&number.to_string()).join(&first);
            number += 1;
        }
        if path != first {
            summary::warn(&harmless(&format!(
                "{name} is restored to {}, since another file of the run stands at {}",
                self.dir.join(&path).display(),
                self.dir.join(&first).display()
            )));
        }
        path
    }
}

/// Returns the path of an input inside the folder it is restored to: what would
/// lead out of it is left out.
fn inside(name: &str) -> PathBuf {
    let parts = Path::new(name).components().filter_map(|part| match part {
        Component::Normal(part) => Some(part),
        _ => None,
    });
    let path: PathBuf = parts.collect();
    if path.as_os_str().is_empty() {
        PathBuf::from("unnamed")
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_place_of_its_own() {
        let mut place = Place {
            dir: PathBuf::from("back"),
            records: None,
            taken: BTreeSet::from([PathBuf::from(RECORDS)]),
        };
        for (name, path) in [
            ("x/a", "x/a"),
            ("../x/a", "2/x/a"),
            ("/x/a", "3/x/a"),
            ("2/x/a", "2/2/x/a"),
            ("records.jsonl", "2/records.jsonl"),
            ("x/b", "x/b"),
        ] {
            assert_eq!(place.free(name), PathBuf::from(path), "{name}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for (name, path) in [
            ("a/b.txt", "a/b.txt"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("./x.txt", "x.txt"),
            ("..", "unnamed"),
        ] {
            assert_eq!(inside(name), PathBuf::from(path));
        }
    }
}
