//! Files that are neither records nor text: told by their first bytes, and refused.
//!
//! What nobody can read as text would else become one document of garbage. Signatures are those
//! that the formats' own descriptions name.

use super::locations::{Format, Input};
use super::markup::{self, Markup};
use super::{compression, table};
use crate::error::{Error, Result};
use std::fs;
use std::io::Read;
use std::path::Path;

/// How many bytes of a stream are looked at.
pub const START: usize = 4096;

/// What is expected of an input.
const EXPECTED: &str = "expected JSONL or text, plain, gzip or Zstandard";

/// A format that is told by its first bytes.
struct Foreign {
    name: &'static str,
    /// Where the signature stands, in what begins with no brace: records may hold any of them there.
    at: usize,
    signature: &'static [u8],
    mend: Mend,
}

/// What makes records of it.
#[derive(Clone, Copy)]
enum Mend {
    /// A program that unpacks to standard output.
    Unpack(&'static str),
    /// It holds files.
    Archive,
    /// It is a table.
    Table,
    /// It is something else.
    Text,
}

const fn of(name: &'static str, at: usize, signature: &'static [u8], mend: Mend) -> Foreign {
    Foreign {
        name,
        at,
        signature,
        mend,
    }
}

/// All that are known. A stream of bzip2 has a digit between its signature and its first block.
const FOREIGN: &[Foreign] = &[
    of("bzip2", 4, b"1AY&SY", Mend::Unpack("bzcat")),
    of("xz", 0, b"\xfd7zXZ\0", Mend::Unpack("xzcat")),
    of("lzip", 0, b"LZIP\x01", Mend::Unpack("lzip -dc")),
    of("lz4", 0, b"\x04\x22\x4d\x18", Mend::Unpack("lz4cat")),
    of("Snappy", 0, b"\xff\x06\0\0sNaPpY", Mend::Text),
    of("compress", 0, b"\x1f\x9d", Mend::Unpack("zcat")),
    of("a zip archive", 0, b"PK\x03\x04", Mend::Archive),
    of("an empty zip archive", 0, b"PK\x05\x06", Mend::Archive),
    of("a 7z archive", 0, b"7z\xbc\xaf\x27\x1c", Mend::Archive),
    of("a RAR archive", 0, b"Rar!\x1a\x07", Mend::Archive),
    of("a tar archive", 257, b"ustar", Mend::Archive),
    of("Parquet", 0, b"PAR1\x15", Mend::Table),
    of("Arrow", 0, b"ARROW1\0\0", Mend::Table),
    of("Avro", 0, b"Obj\x01", Mend::Table),
    of("a SQLite database", 0, b"SQLite format 3\0", Mend::Table),
    of("HDF5", 0, b"\x89HDF\r\n\x1a\n", Mend::Table),
    of("a NumPy array", 0, b"\x93NUMPY", Mend::Table),
    of("PDF", 0, b"%PDF-", Mend::Text),
    of(
        "an Office document",
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Mend::Text,
    ),
    of("WARC", 0, b"WARC/1.", Mend::Text),
    of("a program (ELF)", 0, b"\x7fELF", Mend::Text),
    of("PNG", 0, b"\x89PNG\r\n\x1a\n", Mend::Text),
    of("JPEG", 0, b"\xff\xd8\xff", Mend::Text),
    of("GIF", 0, b"GIF87a", Mend::Text),
    of("GIF", 0, b"GIF89a", Mend::Text),
    of("WebP", 8, b"WEBPVP8", Mend::Text),
];

impl Foreign {
    fn begins(&self, start: &[u8]) -> bool {
        let behind = start.get(self.at..);
        behind.is_some_and(|rest| rest.starts_with(self.signature))
            && (self.at == 0 || Format::of_start(start) != Some(Format::Jsonl))
    }

    /// Says what was found and what mends it, of an input of that name.
    fn refusal(&self, name: &str) -> String {
        let mend = match self.mend {
            Mend::Unpack(program) => {
                let file = if name == "-" {
                    String::new()
                } else {
                    format!(" {name}")
                };
                format!("`{program}{file} | copydesk run - -o DIR` mends it")
            }
            Mend::Archive => "unpack it and name the folder".to_owned(),
            Mend::Table => "write its rows as JSONL, a JSON object a line".to_owned(),
            Mend::Text => {
                "take the text out of it first: JSONL with a \"text\" field, or .txt".to_owned()
            }
        };
        format!("looks like {}: {EXPECTED}; {mend}", self.name)
    }
}

/// Returns why an input that begins like this is not read, if it is not: it is of a foreign format,
/// or no text where text is expected, or a page with its markup where nobody has said that it is to
/// be taken for text. `format` is what it is read as.
pub fn refusal(input: &Input, start: &[u8], format: Format) -> Option<String> {
    if let Some(foreign) = FOREIGN.iter().find(|foreign| foreign.begins(start)) {
        return Some(foreign.refusal(&input.name));
    }
    if format != Format::Text {
        return None;
    }
    let controls = controls(start);
    if is_binary(start, controls) {
        return Some(format!(
            "looks like no text: {controls} of its first {} bytes are control bytes; {EXPECTED}",
            start.len()
        ));
    }
    let told = input.format.is_some();
    markup::of_start(start).filter(|_| !told).map(unasked)
}

/// Says that text which is no prose is not taken for a document unless that is asked for.
fn unasked(found: Markup) -> String {
    let Markup { what, mend } = found;
    format!(
        "looks like {what}: {EXPECTED}; {mend}, or let --format text take it as it stands, as one document"
    )
}

/// Returns whether a text that begins like this is none: one byte in fifty is a control byte, and
/// at least eight are. UTF-16 with its mark is text.
fn is_binary(start: &[u8], controls: usize) -> bool {
    let wide = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    !wide && controls >= 8 && controls * 50 > start.len()
}

/// Counts control bytes that no charset of text uses. Left out are white space, backspace (which
/// overstrikes), and shifts and escape (ISO-2022).
fn controls(start: &[u8]) -> usize {
    let is_control = |byte: &&u8| matches!(byte, 0..=7 | 16..=26 | 28..=31 | 127);
    start.iter().filter(is_control).count()
}

/// Checks a file that was named, alone or by a pattern, before anything is read; returns what is
/// to be said of it where it is read, but looks like something else.
///
/// What cannot be opened or unpacked is told when it is read.
///
/// # Errors
///
/// It is of a format that is not read; or its name or its first bytes say that it is no prose, and
/// `named` (the format that was asked for) does not say that it is to be taken for text all the
/// same.
pub fn check(input: &Input, named: Option<Format>) -> Result<Option<String>> {
    let Some(path) = &input.path else {
        return Ok(None);
    };
    if !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return Ok(None);
    }
    let Some(start) = start_of(path) else {
        return Ok(None);
    };
    // A stream of unknown format that begins with a brace is JSONL, whatever its name.
    let told = input.format.or_else(|| Format::of_start(&start));
    let format = told.unwrap_or(Format::Text);
    let brace = input.format.is_none() && format == Format::Jsonl;
    let by_name = markup::of_name(path).filter(|_| named.is_none() && !brace);
    let told = refusal(input, &start, format).or_else(|| by_name.map(unasked));
    if let Some(reason) = told {
        return Err(Error::input(&input.name, reason));
    }
    let table = table::of_start(&start, start.len() < START).filter(|_| input.format.is_none());
    Ok(table.filter(|_| !brace).map(|table| {
        format!(
            "{}: looks like a table of {} columns ({}), and is read as one text; {}, or let --format text say that it is meant so",
            input.name,
            table.columns,
            table.header,
            markup::TABLE.mend
        )
    }))
}

/// Returns the first unpacked bytes of a file.
fn start_of(path: &Path) -> Option<Vec<u8>> {
    let file = fs::File::open(path).ok()?;
    let mut start = Vec::new();
    let mut unpacked = compression::unpack(Box::new(file)).ok()?.take(START as u64);
    // A stream that breaks off begins all the same.
    let _ = unpacked.read_to_end(&mut start);
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(start: &[u8], format: Format) -> Option<String> {
        let input = Input {
            name: "page.bz2".into(),
            path: Some("page.bz2".into()),
            format: None,
            bytes: None,
        };
        refusal(&input, start, format)
    }

    #[test]
    fn every_signature_is_refused_whatever_is_expected() {
        for foreign in FOREIGN {
            let mut start = vec![b'x'; foreign.at];
            start.extend_from_slice(foreign.signature);
            for format in [Format::Jsonl, Format::Text] {
                let said = said(&start, format).unwrap_or_default();
                let expected = format!("looks like {}: {EXPECTED}", foreign.name);
                assert!(said.starts_with(&expected), "{said}");
            }
        }
        let bzip2 = said(b"BZh91AY&SY", Format::Jsonl).unwrap();
        assert!(
            bzip2.ends_with("`bzcat page.bz2 | copydesk run - -o DIR` mends it"),
            "{bzip2}"
        );
    }

    #[test]
    fn records_may_hold_a_signature() {
        for foreign in FOREIGN.iter().filter(|foreign| foreign.at > 0) {
            let mut start = b"{".to_vec();
            start.resize(foreign.at, b' ');
            start.extend_from_slice(foreign.signature);
            assert_eq!(said(&start, Format::Jsonl), None, "{}", foreign.name);
        }
    }

    #[test]
    fn text_is_no_foreign_format() {
        let utf16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain("Zug fährt nach Norden".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for start in [
            b"PK, said the printer.".as_slice(),
            b"PAR10 is the name of a lamp.",
            b"BZh is no word, and 1AY&SY neither.",
            b"GIF is a format.",
            b"\x1b$B$3$s\x1b(B \x1b$B$3$s\x1b(B \x1b$B$3$s\x1b(B \x1b$B$3$s\x1b(B \x1b$B$3$s\x1b(B",
            b"N\x08NA\x08AM\x08ME\x08E\n     ls",
            b"a\0b\0c",
            &utf16,
            b"",
        ] {
            assert_eq!(said(start, Format::Text), None, "{start:?}");
        }
    }

    #[test]
    fn many_control_bytes_are_no_text_but_may_be_lines() {
        let noise: Vec<u8> = (0..=255).cycle().take(2000).collect();
        let reason = said(&noise, Format::Text).unwrap();
        assert!(
            reason.contains("of its first 2000 bytes are control bytes"),
            "{reason}"
        );
        assert_eq!(said(&noise, Format::Jsonl), None);
        // Seven in a long text are stray ones.
        let stray = [b"a".repeat(300), b"\0".repeat(7)].concat();
        assert_eq!(said(&stray, Format::Text), None);
    }
}
