//! Bars on the terminal: one a stage.

use crate::stop::Stop;
use crate::summary;
use copydesk::pipeline::{Progress, Stage};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::Duration;

/// Listens to a run: draws a bar a stage on stderr where that is a terminal, says notes, and
/// stops the run when it is asked to.
pub struct Bars {
    bar: Mutex<Option<ProgressBar>>,
    draws: bool,
    quiet: bool,
    stop: Stop,
}

/// A stage counted in bytes, of a known total.
const BYTES: &str =
    "{msg:>21} {wide_bar} {percent:>3}% · {prefix} records · {bytes_per_sec} · {eta} left";
/// A stage counted in bytes, of an unknown total.
const ENDLESS: &str =
    "{msg:>21} {spinner} {bytes} · {prefix} records · {bytes_per_sec} · {elapsed}";
/// A stage counted in records.
const RECORDS: &str =
    "{msg:>21} {wide_bar} {percent:>3}% · {prefix} records · {per_sec} · {eta} left";

impl Bars {
    /// Returns a listener; `quiet` ones only stop.
    pub fn new(quiet: bool, stop: Stop) -> Self {
        Self {
            bar: Mutex::new(None),
            draws: !quiet && io::stderr().is_terminal(),
            quiet,
            stop,
        }
    }

    fn with(&self, what: impl FnOnce(&mut Option<ProgressBar>)) {
        if let Ok(mut bar) = self.bar.lock() {
            what(&mut bar);
        }
    }
}

impl Progress for Bars {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        if !self.draws {
            return;
        }
        let template = match (stage, total) {
            (Stage::Learn | Stage::Clean | Stage::Compare, Some(_)) => BYTES,
            (Stage::Learn | Stage::Clean | Stage::Compare, None) => ENDLESS,
            _ => RECORDS,
        };
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(stage.as_str());
        bar.set_prefix("0");
        bar.enable_steady_tick(Duration::from_millis(200));
        self.with(|open| *open = Some(bar));
    }

    fn advance(&self, position: u64, records: u64) {
        self.with(|open| {
            if let Some(bar) = open {
                bar.set_position(position);
                bar.set_prefix(summary::grouped(records));
            }
        });
    }

    fn end(&self) {
        self.with(|open| {
            if let Some(bar) = open.take() {
                bar.finish_and_clear();
            }
        });
    }

    fn note(&self, said: &str) {
        if !self.quiet {
            let said = summary::harmless(said);
            self.with(|open| match open {
                Some(bar) => bar.suspend(|| anstream::eprintln!("{said}")),
                None => anstream::eprintln!("{said}"),
            });
        }
    }

    fn stops(&self) -> bool {
        self.stop.asked()
    }
}
