//! Reads JSONL with serde_json and writes it again: the least that any tool
//! that reads and writes records must spend. The whole-pipeline bench divides
//! by it.
//!
//!     cargo run --release --example json_floor IN.jsonl OUT.jsonl

use serde_json::{Map, Value};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = std::env::args().skip(1);
    let (Some(from), Some(to)) = (names.next(), names.next()) else {
        return Err("usage: json_floor IN.jsonl OUT.jsonl".into());
    };
    let mut reader = BufReader::with_capacity(1 << 20, File::open(from)?);
    let mut writer = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let record: Map<String, Value> = serde_json::from_slice(&line)?;
        serde_json::to_writer(&mut writer, &record)?;
        writer.write_all(b"\n")?;
    }
    Ok(writer.flush()?)
}
