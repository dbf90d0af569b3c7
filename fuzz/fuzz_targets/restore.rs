//! A whole run over any bytes, verified and restored; then the same with one file tampered with.

#![no_main]

use copydesk::formats::{Format, Input};
use copydesk::pipeline::{Destination, Plan, Silent, Verification, restore, run, verify};
use copydesk::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::fs;

const FILES: &[&str] = &[
    "cleaned-00000.jsonl",
    "removed.jsonl",
    "duplicates.jsonl",
    "dropped.jsonl",
    "normalised.jsonl",
    "rejected.jsonl",
    "report.json",
    "manifest.json",
];

/// A line without what is not a record's: white space and marks around it.
fn bare(line: &[u8]) -> &[u8] {
    line.trim_ascii()
}

fuzz_target!(|data: &[u8]| {
    // [which file] [where] corpus NUL what is written there
    let [which, place, rest @ ..] = data else {
        return;
    };
    let end = rest.iter().position(|&byte| byte == 0).unwrap_or(rest.len());
    let (corpus, tampering) = rest.split_at(end);
    let home = tempfile::tempdir_in("/dev/shm").expect("a folder in memory");
    let input = home.path().join("in.jsonl");
    fs::write(&input, corpus).expect("room");
    let out = home.path().join("out");
    let inputs = vec![Input {
        name: "in.jsonl".to_owned(),
        path: Some(input),
        format: Some(Format::Jsonl),
        bytes: Some(corpus.len() as u64),
    }];
    let mut settings = Settings::default();
    settings.brake.release();
    let mut plan = Plan::new("run", settings, inputs, Destination::Folder(out.clone()));
    plan.memory = 64 << 20;
    if run(&plan, &Silent).is_err() {
        return;
    }
    let verified = verify(&Verification::of(out.clone()), &Silent).expect("a run that was written");
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);

    let mut lines = Vec::new();
    let restored = restore(&out, None, &mut |record| {
        lines.push(record.bytes.to_vec());
        Ok(())
    });
    let read = corpus.split(|&byte| byte == b'\n').filter(|line| !bare(line).is_empty()).count();
    assert_eq!(restored.expect("a run that was written") as usize, lines.len());
    assert!(lines.len() == read || !corpus.is_ascii(), "{read} lines, {} restored", lines.len());

    // Nothing written there by another hand may do more than be found.
    let path = out.join(FILES[usize::from(*which) % FILES.len()]);
    let Ok(mut bytes) = fs::read(&path) else {
        return;
    };
    let at = bytes.len() * usize::from(*place) / 256;
    let over = (at + tampering.len()).min(bytes.len());
    bytes.splice(at..over, tampering.iter().copied());
    fs::write(&path, bytes).expect("room");
    let _ = verify(&Verification::of(out.clone()), &Silent);
    let _ = restore(&out, None, &mut |_| Ok(()));
});
