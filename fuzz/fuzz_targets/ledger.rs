//! Rows of the ledger: any line is read or refused, and what was written is read the same.

#![no_main]

use copydesk::document::DocId;
use copydesk::formats::plain::Plain;
use copydesk::store::ledger::{
    DropReason, DroppedHead, DroppedRow, DuplicateRow, FileRow, NormalisedRow, RejectedRow,
    RemovedRow, SparedRow, write_row,
};
use libfuzzer_sys::fuzz_target;

/// Reads a line as a row; what was read is written and read again as the same.
macro_rules! back_and_forth {
    ($line:expr, $($row:ident),*) => {$(
        if let Ok(row) = serde_json::from_slice::<$row>($line) {
            let mut written = Vec::new();
            write_row(&row, &mut written);
            assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 1);
            assert_eq!(serde_json::from_slice::<$row>(&written).ok(), Some(row));
        }
    )*};
}

fuzz_target!(|data: &[u8]| {
    back_and_forth!(data, RemovedRow, NormalisedRow, FileRow, DuplicateRow, SparedRow, RejectedRow);

    let row = RejectedRow::new(DocId(7), "a\u{1b}[31m.jsonl", 3, "no text", data, data.len() > 40);
    let mut line = Vec::new();
    write_row(&row, &mut line);
    assert_eq!(row.bytes().as_deref(), Some(data));
    assert_eq!(serde_json::from_slice::<RejectedRow>(&line).ok(), Some(row));

    if serde_json::from_slice::<&serde_json::value::RawValue>(data).is_ok() {
        let head = DroppedHead { doc: DocId(7), id: "x\n".into(), reason: DropReason::Empty };
        line.clear();
        head.write(data, &mut line);
        let row: DroppedRow = serde_json::from_slice(&line).expect("a row that was written");
        assert_eq!(row.record.get().as_bytes(), data.trim_ascii());
    }

    // A plain text file, whatever its charset, comes back from its text and its envelope.
    let plain = Plain::decode(data);
    assert_eq!(plain.envelope.wrap(&plain.text).as_deref(), Some(data));
});
