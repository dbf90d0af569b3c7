//! Runs everything over a corpus and watches it go.
//!
//!     cargo run --example run_with_progress INPUT FOLDER

use copydesk::{Pipeline, Progress, Settings, Stage};
use std::error::Error;

/// Says when stages begin, and what was rejected.
struct Watcher;

impl Progress for Watcher {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        let total = total.map_or_else(String::new, |total| format!(", {total} {}", stage.unit()));
        eprintln!("{}{total}", stage.as_str());
    }

    fn advance(&self, _position: u64, _records: u64) {}

    fn end(&self) {}

    fn rejected(&self, what: &copydesk::pipeline::Rejected<'_>) {
        eprintln!("{}:{}: {:?}", what.source, what.line, what.reason);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(input), Some(folder)) = (words.next(), words.next()) else {
        return Err("usage: run_with_progress INPUT FOLDER".into());
    };
    let report = Pipeline::new(Settings::default())
        .read(&[input])?
        .write(&folder)
        .run(&Watcher)?;
    let accounting = &report.tally.accounting;
    println!("{} of {} records stay", accounting.written, accounting.read);
    Ok(())
}
