//! The headlines desk: findings in order and inside the text; the desk alone keeps to the laws.

#![no_main]

use copydesk::document::{Document, Page};
use copydesk::headlines::repeated_headlines;
use copydesk::pipeline::Cleaner;
use copydesk::settings::{HeadlineSettings, Level, Settings};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| {
    let mut settings = Settings::default();
    settings.boilerplate.level = Level::Off;
    Cleaner::new(&settings)
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // The first line is the title field; an empty one stands for none.
    let (title, text) = text.split_once('\n').unwrap_or(("", &text));
    let title = (!title.is_empty()).then_some(title);
    let page = Page::new(text, title);
    let mut end = 0;
    for finding in repeated_headlines(&page, &HeadlineSettings::default()) {
        assert!(finding.span.start >= end && finding.span.start < finding.span.end);
        assert!(text.get(finding.span.start..finding.span.end).is_some());
        end = finding.span.end;
    }
    let clean = |text| CLEANER.clean(&Document { text, title, ..Document::default() }).text;
    let once = clean(text).into_owned();
    assert_eq!(clean(&once), once, "twice is once");
});
