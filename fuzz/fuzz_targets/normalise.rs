//! Normalising any text: the way back is exact, and twice is once.

#![no_main]

use copydesk::normalise::normalise;
use copydesk::settings::NormaliseSettings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let settings = NormaliseSettings::default();
    let edits = normalise(&text, &settings);
    let mended = edits.apply(&text);
    let originals: Vec<&str> = edits.iter().map(|edit| edit.span.of(&text)).collect();
    assert_eq!(edits.revert(&mended, originals).as_deref(), Some(&*text));
    let again = normalise(&mended, &settings);
    assert!(again.is_empty(), "{mended:?} is not at rest: {:?}", again.apply(&mended));
});
