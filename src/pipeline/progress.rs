//! What a run says while it goes: to a listener, and to `tracing` where a subscriber is installed.

use crate::document::DocId;

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

    /// Returns its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::Clean => "clean",
            Self::Decide => "decide",
            Self::Write => "write",
            Self::Restore => "restore",
            Self::Compare => "compare",
        }
    }

    /// Returns what its position counts: `bytes` of input as it lies there, packed or not, or
    /// `records`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Learn | Self::Clean | Self::Compare => "bytes",
            Self::Decide | Self::Write | Self::Restore => "records",
        }
    }
}

/// A record that could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Rejected<'r> {
    /// Its ordinal, from 0.
    pub doc: DocId,
    /// The input's name.
    pub source: &'r str,
    /// The line it stands in, from 1.
    pub line: u64,
    /// What was found, what was expected.
    pub reason: &'r str,
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

    /// A record was rejected; they come in the order of reading.
    fn rejected(&self, _what: &Rejected<'_>) {}

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

/// Passes everything on, and tells it to `tracing`. What is scraped goes there as debug text, in
/// which nothing can steer a terminal.
pub(super) struct Traced<'p>(pub(super) &'p dyn Progress);

impl Progress for Traced<'_> {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        tracing::info!(
            stage = stage.name(),
            unit = stage.unit(),
            total,
            "stage begins"
        );
        self.0.begin(stage, total);
    }

    fn advance(&self, position: u64, records: u64) {
        tracing::trace!(position, records, "done so far");
        self.0.advance(position, records);
    }

    fn end(&self) {
        tracing::info!("stage ends");
        self.0.end();
    }

    fn note(&self, said: &str) {
        tracing::info!(?said, "note");
        self.0.note(said);
    }

    fn rejected(&self, what: &Rejected<'_>) {
        let Rejected {
            doc,
            source,
            line,
            reason,
        } = what;
        tracing::debug!(doc = doc.0, ?source, line, ?reason, "rejected");
        self.0.rejected(what);
    }

    fn stops(&self) -> bool {
        self.0.stops()
    }
}
