//! Runs the program in a folder of its own and reads what it wrote.

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that goes away with the test.
pub struct Desk {
    dir: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The program with these words behind it, in this folder.
    pub fn copydesk(&self, words: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"));
        command.current_dir(self.dir.path()).args(words);
        // Settings of whoever runs the tests are none of theirs.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("COPYDESK_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs the program, which must succeed, and returns what it printed.
    pub fn ok(&self, words: &[&str]) -> String {
        let output = self.copydesk(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the program, which must fail with this code, and returns what it said.
    pub fn fails(&self, code: i32, words: &[&str]) -> String {
        let output = self.copydesk(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        said
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|bad| panic!("{name}: {bad}"))
    }

    /// The rows of a JSONL file.
    pub fn rows(&self, name: &str) -> Vec<Value> {
        rows(&self.read(name))
    }

    /// The names of everything in the folder, sorted.
    pub fn files_and_folders(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Every file below a folder with its bytes; those of the report without its times, which
    /// no two runs share.
    pub fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(name);
        let mut out = BTreeMap::new();
        for entry in fs::read_dir(&root).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let bytes = fs::read(entry.path()).unwrap();
            let bytes = match name.as_str() {
                "report.json" | "report.html" => {
                    let text = String::from_utf8(bytes).unwrap();
                    without_times(&text).into_bytes()
                }
                _ => bytes,
            };
            out.insert(name, bytes);
        }
        out
    }
}

pub fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|bad| panic!("{line}: {bad}")))
        .collect()
}

/// A report without its times.
pub fn without_times(text: &str) -> String {
    let json = regex::Regex::new(r#",\n  "times": \{[^}]*\}\n\}\n$"#).unwrap();
    let page = regex::Regex::new(r"(?s)<!--times-->.*?<!--/times-->").unwrap();
    page.replace(&json.replace(text, "\n}\n"), "").into_owned()
}

/// A file or folder of `fixtures/`.
pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    path.to_string_lossy().into_owned()
}

/// A file of the shared data beside the checkout, or `None`, said loudly, where it is not had.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("COPYDESK_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = root.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    // Written past the capture of the test harness, so that it is seen.
    use std::io::Write as _;
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: {} is not here; COPYDESK_SHARED names the folder that holds data/",
        path.display()
    );
    None
}

/// Numbers that are the same in every run of the test.
pub struct Dice(pub u64);

impl Dice {
    /// Returns one of so many, from 0.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}
