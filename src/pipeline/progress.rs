//! What a run says while it goes.

/// The stages of a run, in order, and those of verifying one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading for the site model; counts packed input bytes.
    Learn,
    /// Reading and cleaning; counts packed input bytes.
    Clean,
    /// Finding duplicates; counts fingerprinted documents.
    Decide,
    /// Writing what stays; counts documents.
    Write,
    /// Restoring every record to see whether it comes back; counts documents.
    Restore,
    /// Reading the input again to compare with it; counts packed input bytes.
    Compare,
}

impl Stage {
    /// Returns what a reader is told is going on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Learn => "learning sites",
            Self::Clean => "reading and cleaning",
            Self::Decide => "finding duplicates",
            Self::Write => "writing",
            Self::Restore => "restoring",
            Self::Compare => "comparing",
        }
    }
}

/// Listens to a run, and may stop it. Calls come from one thread at a time, but for
/// [`Progress::stops`].
pub trait Progress: Sync {
    /// A stage begins; `total` is in the stage's unit, where it is known.
    fn begin(&self, stage: Stage, total: Option<u64>);

    /// The stage stands at `position`, and `records` records are done.
    fn advance(&self, position: u64, records: u64);

    /// The stage is over.
    fn end(&self);

    /// Something that a reader should know, such as that a run goes on where another was stopped.
    fn note(&self, _said: &str) {}

    /// Returns whether the run is to stop. It is asked often; a run that is told so ends in a
    /// moment with an error that says how to go on.
    fn stops(&self) -> bool {
        false
    }
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
}
