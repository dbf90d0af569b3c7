//! The folder of a run in `--temp-dir`.

use serde::{Deserialize, Serialize};
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

/// The file of cleaned lines.
pub const LINES: &str = "lines";
/// The file of fingerprints.
pub const PRINTS: &str = "prints";

/// A folder that a run has in `--temp-dir`, where other runs may have theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFolder {
    /// `--temp-dir`, from the root.
    pub temp_dir: String,
    /// The folder in it.
    name: String,
}

impl OwnFolder {
    /// Returns a folder in `temp_dir` with a name that no other run has, on whatever machine: such
    /// a folder may be shared. The journal keeps it.
    pub fn new(temp_dir: &Path) -> Self {
        Self {
            temp_dir: from_root(temp_dir),
            name: format!("{OWN}{:016x}", RandomState::new().hash_one(())),
        }
    }

    /// Returns the folder that a journal names: in `temp_dir`, where it has been moved there.
    pub fn found(&self, temp_dir: Option<&Path>) -> Option<Self> {
        // It is a name of ours and no path, whatever has become of the journal.
        let number = self.name.strip_prefix(OWN)?;
        if !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut own = self.clone();
        if let Some(here) = temp_dir.filter(|dir| dir.join(&own.name).is_dir()) {
            own.temp_dir = from_root(here);
        }
        Some(own)
    }

    /// Returns where it is.
    pub fn path(&self) -> PathBuf {
        Path::new(&self.temp_dir).join(&self.name)
    }

    /// Takes the folder away with what a run lays aside in it, and nothing else.
    pub fn discard(&self) {
        let path = self.path();
        for name in [LINES, PRINTS] {
            let _ = fs::remove_file(path.join(name));
        }
        let _ = fs::remove_dir(path);
    }
}

/// How the names of such folders begin.
const OWN: &str = "copydesk-";

/// Returns a path from the root, as the journal has it.
pub fn from_root(path: &Path) -> String {
    let whole = std::path::absolute(path);
    let whole = whole.as_deref().unwrap_or(path);
    whole.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_and_no_other_name_is_taken_for_ours() {
        let named = |name: &str| OwnFolder {
            temp_dir: "/tmp".to_owned(),
            name: name.to_owned(),
        };
        let own = OwnFolder::new(Path::new("/tmp"));
        assert_eq!(own.found(None), Some(own));
        for name in [
            "",
            "..",
            "copydesk-../x",
            "copydesk-/",
            "/copydesk-1",
            "mine",
        ] {
            assert_eq!(named(name).found(None), None, "{name:?}");
        }
    }

    #[test]
    fn what_is_not_ours_stays() {
        let dir = tempfile::tempdir().unwrap();
        let own = OwnFolder::new(dir.path());
        fs::create_dir(own.path()).unwrap();
        for name in [LINES, PRINTS, "mine"] {
            fs::write(own.path().join(name), "").unwrap();
        }
        own.discard();
        assert_eq!(own.path().read_dir().unwrap().count(), 1);
        fs::remove_file(own.path().join("mine")).unwrap();
        own.discard();
        assert!(!own.path().exists());
    }
}
