//! `restore`.

use crate::args::Restore;
use anyhow::Result;
use copydesk::error::Error;
use copydesk::pipeline::{Restored, restore as restore_records};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// Where originals go.
enum Target {
    Stream(Box<dyn Write>, PathBuf),
    Folder(PathBuf),
}

/// Gives the originals back and returns the exit code.
pub fn restore(job: &Restore) -> Result<u8> {
    let mut target = open(job)?;
    let mut found = 0usize;
    restore_records(&job.folder, job.cleaned.as_deref(), &mut |record| {
        if job.id.is_empty() || job.id.iter().any(|id| id == record.id) {
            found += 1;
            write(&mut target, record, job.force)?;
        }
        Ok(true)
    })?;
    if let Target::Stream(out, place) = &mut target {
        out.flush().map_err(|bad| Error::io(place, bad))?;
    }
    if !job.id.is_empty() && found == 0 {
        return Err(Error::input(
            job.folder.display().to_string(),
            format!("no record has the id {:?}", job.id.join(", ")),
        )
        .into());
    }
    Ok(0)
}

fn open(job: &Restore) -> Result<Target> {
    let path = PathBuf::from(&job.output);
    if job.output == "-" {
        return Ok(Target::Stream(
            Box::new(io::stdout()),
            PathBuf::from("standard output"),
        ));
    }
    if path.is_dir() || job.output.ends_with('/') {
        return Ok(Target::Folder(path));
    }
    if path.exists() && !job.force {
        return Err(Error::output(
            path,
            "the file exists; --force replaces it, or name another with -o",
        )
        .into());
    }
    let file = File::create(&path).map_err(|bad| Error::io(&path, bad))?;
    Ok(Target::Stream(Box::new(BufWriter::new(file)), path))
}

fn write(target: &mut Target, record: &Restored<'_>, force: bool) -> copydesk::Result<()> {
    match target {
        Target::Stream(out, place) => {
            // A file comes back as it was; records stand on lines of their own.
            let end: &[u8] = if record.is_file { b"" } else { b"\n" };
            out.write_all(record.bytes)
                .and_then(|()| out.write_all(end))
                .map_err(|bad| Error::io(place, bad))
        }
        Target::Folder(dir) => {
            if !record.is_file {
                return Err(Error::output(
                    &*dir,
                    "the records are JSON, which restores to one file; name a file with -o, such as originals.jsonl",
                ));
            }
            let path = dir.join(inside(record.id));
            if path.exists() && !force {
                return Err(Error::output(path, "the file exists; --force replaces it"));
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|bad| Error::io(parent, bad))?;
            }
            fs::write(&path, record.bytes).map_err(|bad| Error::io(&path, bad))
        }
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
