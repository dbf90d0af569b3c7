//! Bytes of any file, packed or not: every line that is not blank is one record, in blocks of any
//! size and from any block on, and a record is written with its own bytes around its text.

#![no_main]

use copydesk::formats::blocks::{Cut, OVERSIZE_HEAD, is_blank, split_lines};
use copydesk::formats::{Block, BlockReader, Fields, Format, Input, Payload, Record};
use copydesk::settings::InputSettings;
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use std::path::Path;

const MAX_RECORD: usize = 1 << 10;

fn input(path: &Path) -> Vec<Input> {
    vec![Input {
        name: "in".to_owned(),
        path: Some(path.to_owned()),
        format: Some(Format::Jsonl),
        bytes: None,
    }]
}

fn blocks(mut reader: BlockReader) -> Vec<Block> {
    std::iter::from_fn(|| reader.next_block().expect("a file that is there")).collect()
}

/// What the blocks hold, whatever their size: records, and why others are none.
fn records(blocks: &[Block]) -> Vec<(u64, Vec<u8>)> {
    let mut out = Vec::new();
    for block in blocks {
        let mut doc = block.first_doc.0;
        let mut push = |bytes: &[u8]| {
            // Of a record that is too long its beginning is kept, here or by who works on it.
            let kept = if bytes.len() > MAX_RECORD { OVERSIZE_HEAD } else { bytes.len() };
            out.push((doc, bytes[..kept].to_vec()));
            doc += 1;
        };
        match &block.payload {
            Payload::Lines(bytes) => split_lines(bytes).filter(|line| !is_blank(line)).for_each(&mut push),
            Payload::Text(bytes) => push(bytes),
            Payload::Refused { raw, .. } => push(raw),
        }
        assert_eq!(doc - block.first_doc.0, block.records);
    }
    out
}

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new_in("/dev/shm").expect("a file in memory");
    file.write_all(data).expect("room");
    let cut = |block| Cut { block, max_record: MAX_RECORD };
    let small = blocks(BlockReader::new(input(file.path()), cut(64)));
    let large = blocks(BlockReader::new(input(file.path()), cut(1 << 20)));
    let all = records(&small);
    assert_eq!(all, records(&large), "records depend on the size of blocks");

    for (at, block) in small.iter().enumerate() {
        let sample = block.sample();
        let resumed = BlockReader::resume(input(file.path()), cut(64), &block.end, sample.as_ref());
        let Ok(Some(reader)) = resumed else {
            // A stream that broke off cannot be gone on with behind the break.
            assert!(matches!(block.payload, Payload::Refused { .. }), "block {at} is no place to go on from");
            continue;
        };
        let rest = blocks(reader);
        assert_eq!(records(&rest), records(&small[at + 1..]), "from block {at} on");
    }

    let fields = Fields::new(&InputSettings::default(), None);
    for (_, line) in &all {
        let Ok(record) = Record::parse(line, &fields) else {
            continue;
        };
        let mut out = Vec::new();
        record.write(None, &mut out);
        assert_eq!(out, record.line().as_bytes());
        out.clear();
        record.write(Some("\u{1f}new \"text\"\u{2028}"), &mut out);
        let other = Record::parse(&out, &fields).expect("a record with another text");
        assert_eq!((&*other.text, other.around()), ("\u{1f}new \"text\"\u{2028}", record.around()));
        out.clear();
        record.write_original(&record.text, &record.surrogates, &mut out);
        let back = Record::parse(&out, &fields).expect("the record as it was");
        assert_eq!((&back.text, &back.surrogates), (&record.text, &record.surrogates));
    }
});
