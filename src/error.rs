//! What went wrong, where, and what mends it.
//!
//! Every message starts with the place, says what was found and what was
//! expected, and ends with the mend where there is one. Bad records are not
//! errors: they go to `rejected.jsonl` and the run goes on.

use std::fmt;
use std::path::{Path, PathBuf};

/// What went wrong.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`], by whose fault it is: the settings, the data, the disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting that cannot be.
    #[error("{setting}: {problem}")]
    Setting {
        /// The flag or the key of the config file.
        setting: String,
        /// What was found, what was expected.
        problem: String,
    },
    /// An input that is not there or cannot be read as what it claims to be.
    #[error("{place}: {problem}")]
    Input {
        /// The file as it was given, with a line where there is one.
        place: String,
        /// What was found, what was expected.
        problem: String,
    },
    /// An input that something else has written to while it was read.
    #[error("{place}: {problem}")]
    Changed {
        /// The file as it was given.
        place: String,
        /// What was found, what was expected.
        problem: String,
    },
    /// An output that is in the way.
    #[error("{}: {problem}", path.display())]
    Output {
        /// The file or folder.
        path: PathBuf,
        /// What stands there and which flag mends it.
        problem: String,
    },
    /// A file of ours that does not read as we wrote it.
    #[error("{place}: {problem}")]
    Damaged {
        /// The file, with a line or block where there is one.
        place: String,
        /// What was found, what was expected.
        problem: String,
    },
    /// More would go than the brake allows.
    #[error("{problem}")]
    Brake {
        /// What would go, who is to blame, which flag lets it through.
        problem: String,
    },
    /// The run was asked to stop.
    #[error("{problem}")]
    Stopped {
        /// How to go on.
        problem: String,
    },
    /// The reader of our output went away: not a failure of ours.
    #[error("the reader of the output closed it")]
    BrokenPipe,
    /// The disk or the system refused.
    #[error("{place}: {source}{}", mend(source))]
    Io {
        /// What was being read or written.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Returns what mends what the system said, where that is known.
fn mend(said: &std::io::Error) -> &'static str {
    // EMFILE and ENFILE, on Linux and macOS.
    match said.raw_os_error() {
        Some(23 | 24) if cfg!(unix) => "; a run needs some thirty, and `ulimit -n` sets the limit",
        _ => "",
    }
}

/// The result of what may fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns what kind of error it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Returns whether the reader of our output went away, which is success.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(*self.0, ErrorKind::BrokenPipe)
    }

    /// Returns whether the settings are at fault, not the data or the disk.
    pub fn is_usage(&self) -> bool {
        matches!(*self.0, ErrorKind::Setting { .. })
    }

    /// Returns whether the brake stopped the run.
    pub fn is_brake(&self) -> bool {
        matches!(*self.0, ErrorKind::Brake { .. })
    }

    /// More would go than is allowed.
    pub fn brake(problem: impl Into<String>) -> Self {
        ErrorKind::Brake {
            problem: problem.into(),
        }
        .into()
    }

    /// Returns whether the run was asked to stop.
    pub fn is_stopped(&self) -> bool {
        matches!(*self.0, ErrorKind::Stopped { .. })
    }

    /// The run was asked to stop.
    pub fn stopped(problem: impl Into<String>) -> Self {
        ErrorKind::Stopped {
            problem: problem.into(),
        }
        .into()
    }

    /// A setting that cannot be.
    pub fn setting(setting: impl Into<String>, problem: impl Into<String>) -> Self {
        ErrorKind::Setting {
            setting: setting.into(),
            problem: problem.into(),
        }
        .into()
    }

    /// Returns the same error, of a setting, with another place in front.
    pub(crate) fn at(self, place: &str) -> Self {
        match *self.0 {
            ErrorKind::Setting { problem, .. } => Self::setting(place, problem),
            other => other.into(),
        }
    }

    /// An input that cannot be read.
    pub fn input(place: impl Into<String>, problem: impl Into<String>) -> Self {
        ErrorKind::Input {
            place: place.into(),
            problem: problem.into(),
        }
        .into()
    }

    /// Returns whether an input was changed while it was read: what came of it is of no use.
    pub fn is_changed_input(&self) -> bool {
        matches!(*self.0, ErrorKind::Changed { .. })
    }

    /// An input that something else has written to while it was read.
    pub fn changed_input(place: impl Into<String>, problem: impl Into<String>) -> Self {
        ErrorKind::Changed {
            place: place.into(),
            problem: problem.into(),
        }
        .into()
    }

    /// An output that is in the way.
    pub fn output(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        ErrorKind::Output {
            path: path.into(),
            problem: problem.into(),
        }
        .into()
    }

    /// A file of ours that does not read as written.
    pub fn damaged(place: impl Into<String>, problem: impl Into<String>) -> Self {
        ErrorKind::Damaged {
            place: place.into(),
            problem: problem.into(),
        }
        .into()
    }

    /// What the system said of a file.
    pub fn io(place: impl AsRef<Path>, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::BrokenPipe {
            return ErrorKind::BrokenPipe.into();
        }
        ErrorKind::Io {
            place: place.as_ref().display().to_string(),
            source,
        }
        .into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            ErrorKind::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
