//! Finds the duplicates among the lines of a file, in memory.
//!
//!     cargo run --example dedup_list FILE [THRESHOLD]

use copydesk::settings::DuplicateSettings;
use copydesk::{Deduplicator, Verdict};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let name = words.next().ok_or("usage: dedup_list FILE [THRESHOLD]")?;
    let mut settings = DuplicateSettings::default();
    if let Some(threshold) = words.next() {
        settings.threshold = threshold.parse()?;
    }
    let text = std::fs::read_to_string(name)?;
    let verdicts = Deduplicator::new(&settings).decide(text.lines());
    for (line, verdict) in text.lines().zip(verdicts) {
        match verdict {
            Verdict::Kept => println!("{line}"),
            Verdict::Duplicate {
                survivor,
                similarity,
                ..
            } => eprintln!("- {line:?} is line {}, {similarity:.2}", survivor.0 + 1),
        }
    }
    Ok(())
}
