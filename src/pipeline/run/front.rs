//! A run put together step by step.

use crate::error::Result;
use crate::formats::locations;
use crate::pipeline::{Destination, Plan, Progress, read_line_model, read_rules, run};
use crate::report::Report;
use crate::settings::{Resources, Settings};

/// A whole run: what is read, what is done to it, where it goes.
///
/// ```no_run
/// use copydesk::{Pipeline, Settings, Silent};
///
/// let report = Pipeline::new(Settings::default())
///     .read(&["articles/*.jsonl.zst"])?
///     .write("clean/")
///     .run(&Silent)?;
/// assert!(report.tally.accounting.closes());
/// # Ok::<(), copydesk::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline(Plan);

impl Pipeline {
    /// Returns a run by `settings` that reads nothing yet and writes to standard output.
    pub fn new(settings: Settings) -> Self {
        Self(Plan::new("run", settings, Vec::new(), Destination::Stdout))
    }

    /// Reads these files, folders or globs, or `-` for standard input, after what is read already.
    ///
    /// # Errors
    ///
    /// What is not there, and what matches nothing.
    pub fn read(mut self, names: &[impl AsRef<str>]) -> Result<Self> {
        let names: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self.0.inputs.extend(locations::expand(&names, None)?);
        Ok(self)
    }

    /// Writes there: a folder, a file that ends in `.jsonl`, `.gz` or `.zst`, or `-`.
    pub fn write(mut self, name: &str) -> Self {
        self.0.output = Destination::of_name(name);
        self
    }

    /// Uses no more than this; threads are those of the rayon pool that [`Self::run`] is called on.
    pub fn within(mut self, resources: &Resources) -> Self {
        self.0.use_resources(resources);
        self
    }

    /// Replaces what stands at the output.
    pub const fn replacing(mut self) -> Self {
        self.0.force = true;
        self
    }

    /// Returns the plan, to change what has no method here.
    pub const fn plan(&mut self) -> &mut Plan {
        &mut self.0
    }

    /// Does it all, reading first the files that the settings name.
    ///
    /// # Errors
    ///
    /// As [`run()`]'s: settings that cannot be, inputs that cannot be opened, outputs that are in
    /// the way, a disk that refuses, a brake that stops.
    pub fn run(mut self, progress: &dyn Progress) -> Result<Report> {
        let desk = &mut self.0.settings.boilerplate;
        read_rules(desk)?;
        read_line_model(desk)?;
        run(&self.0, progress)
    }
}
