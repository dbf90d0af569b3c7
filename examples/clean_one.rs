//! Cleans one text file and says what went, line by line.
//!
//!     cargo run --example clean_one fixtures/pages/tram.txt

use copydesk::document::Document;
use copydesk::pipeline::Cleaner;
use copydesk::settings::Settings;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("usage: clean_one FILE")?;
    let text = std::fs::read_to_string(name)?;
    let cleaner = Cleaner::new(&Settings::default());
    let cleaned = cleaner.clean(&Document {
        text: &text,
        title: text.lines().next(),
        ..Document::default()
    });
    println!("{}", cleaned.text);
    for removal in cleaned.removals() {
        let line = cleaned.original_of(removal.span);
        eprintln!(
            "- {line:?}  [{}: {}]",
            removal.why.rule, removal.why.evidence
        );
    }
    Ok(())
}
