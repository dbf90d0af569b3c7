//! Imports point downward: the ground, the text floor, the desks, the pipeline, the binary.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// For every room, the rooms it may import from.
const MAY: [(&str, &[&str]); 14] = [
    ("error", &[]),
    ("document", &[]),
    ("settings", &["document", "error"]),
    ("text", &["document"]),
    ("normalise", &["document", "settings", "text"]),
    ("headlines", &["document", "settings", "text"]),
    ("boilerplate", &["document", "settings", "text"]),
    ("duplicates", &["document", "settings", "text"]),
    ("formats", &["document", "settings", "error"]),
    ("store", &["document", "settings", "error"]),
    ("report", &["document", "settings", "text"]),
    (
        "pipeline",
        &[
            "document",
            "settings",
            "error",
            "text",
            "normalise",
            "headlines",
            "boilerplate",
            "duplicates",
            "formats",
            "store",
            "report",
        ],
    ),
    (
        "training",
        &[
            "document",
            "settings",
            "error",
            "text",
            "normalise",
            "headlines",
            "boilerplate",
            "pipeline",
        ],
    ),
    (
        "lib",
        &["error", "document", "settings", "pipeline", "report"],
    ),
];

/// For every room of the pipeline, which of the others it may import from.
const IN_PIPELINE: [(&str, &[&str]); 5] = [
    ("clean", &[]),
    ("decide", &["index"]),
    ("index", &["decide"]),
    ("folder", &["clean", "decide", "index"]),
    // Its last step is to make the page of the folder.
    ("run", &["clean", "decide", "index", "folder"]),
];

/// What desks must not name: files, clocks, threads, the environment.
const NOT_IN_DESKS: [&str; 6] = [
    "std::fs",
    "std::time",
    "std::thread",
    "std::env",
    "rayon",
    "std::process",
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

/// The code of a file without its comments and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn imports_point_downward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let inside = path.strip_prefix(&src).unwrap();
        let room = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let room = room.trim_end_matches(".rs");
        if inside.to_string_lossy().ends_with("tests.rs") {
            continue;
        }
        let text = code(&path);
        if room == "bin" {
            assert!(
                !text.contains("#[path"),
                "{}: the binary uses the public API",
                inside.display()
            );
            continue;
        }
        let Some((_, may)) = MAY.iter().find(|(name, _)| *name == room) else {
            panic!(
                "src/{room} is a new room: say in tests/promises/architecture.rs what it may import"
            );
        };
        for (number, line) in text.lines().enumerate() {
            for found in line.split("crate::").skip(1) {
                let name: String = found
                    .chars()
                    .take_while(|part| part.is_alphanumeric() || *part == '_')
                    .collect();
                let known: BTreeSet<&str> = MAY.iter().map(|(name, _)| *name).collect();
                if known.contains(name.as_str()) && name != room && !may.contains(&name.as_str()) {
                    wrong.push(format!(
                        "src/{}: line {} of its code: {room} imports {name}, which points upward",
                        inside.display(),
                        number + 1
                    ));
                }
            }
            let desk = matches!(
                room,
                "text" | "document" | "normalise" | "headlines" | "boilerplate" | "duplicates"
            );
            for name in NOT_IN_DESKS
                .iter()
                .filter(|name| desk && line.contains(**name))
            {
                wrong.push(format!(
                    "src/{}: {name} has no place in a desk",
                    inside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rooms_of_the_pipeline_stand_in_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pipeline");
    let mut seen = 0;
    for (room, may) in IN_PIPELINE {
        let mut files = Vec::new();
        sources(&src.join(room), &mut files);
        files.retain(|path| !path.ends_with("tests.rs"));
        for path in files {
            let text = code(&path);
            for found in text.split("crate::pipeline::").skip(1) {
                let mut words = found.split(|part: char| !part.is_alphanumeric() && part != '_');
                let name = words.next().unwrap();
                let other = IN_PIPELINE.iter().any(|(other, _)| *other == name);
                seen += usize::from(other);
                assert!(
                    !other || name == room || may.contains(&name),
                    "{}: {room} imports {name}, which comes after it",
                    path.display()
                );
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn the_tables_of_rooms_are_whole() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for (room, _) in MAY.iter().filter(|(room, _)| *room != "lib") {
        assert!(
            lib.contains(&format!("[`{room}`]")),
            "lib.rs does not say what {room} is"
        );
    }
}
