//! The whole desk on any text, at every level: the way back is exact, and twice is once.

#![no_main]

use copydesk::document::Document;
use copydesk::pipeline::Cleaner;
use copydesk::settings::{Level, Settings};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CLEANERS: LazyLock<[Cleaner; 3]> = LazyLock::new(|| {
    [Level::Safe, Level::Standard, Level::Aggressive].map(|level| {
        let mut settings = Settings::default();
        settings.boilerplate.level = level;
        // What is off by default must keep to the laws too.
        settings.boilerplate.agency_tags = level != Level::Standard;
        Cleaner::new(&settings)
    })
});

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let cleaner = &CLEANERS[usize::from(*first) % CLEANERS.len()];
    let text = String::from_utf8_lossy(rest);
    // The first line is the title field; an empty one stands for none.
    let (title, text) = text.split_once('\n').unwrap_or(("", &text));
    let title = (!title.is_empty()).then_some(title);
    let document = |text| Document { text, title, ..Document::default() };
    let once = cleaner.clean(&document(text));
    for removal in once.removals() {
        assert!(!removal.why.rule.is_empty() && !removal.why.evidence.is_empty());
    }
    let originals: Vec<&str> = once.edits.iter().map(|edit| edit.span.of(text)).collect();
    assert_eq!(once.edits.revert(&once.text, originals).as_deref(), Some(text));
    assert_eq!(cleaner.clean(&document(&once.text)).text, once.text, "twice is once");
});
