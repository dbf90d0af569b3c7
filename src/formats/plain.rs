//! One plain text file, one document.
//!
//! The charset is told by a byte order mark, else UTF-8 is tried, else it is
//! detected from the first 64 KB. What is needed to give the file back whole
//! is kept: the charset, the mark, and the raw bytes where the charset cannot
//! give them again.

use base64::Engine as _;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How many bytes the detector reads.
const DETECT: usize = 64 << 10;

/// A decoded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// How the file was written.
    pub envelope: Envelope,
}

/// What gives a file's bytes back from its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The charset's name (WHATWG Encoding Standard).
    pub charset: String,
    /// Whether a byte order mark stood in front.
    pub bom: bool,
    /// The bytes in base64, where charset and text do not give them again.
    pub raw: Option<String>,
}

impl<'a> Plain<'a> {
    /// Decodes the bytes of a file.
    pub fn decode(bytes: &'a [u8]) -> Self {
        let (charset, bom) = match Encoding::for_bom(bytes) {
            Some((charset, length)) => (charset, length),
            None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
            None => (detect(bytes), 0),
        };
        let body = bytes.get(bom..).unwrap_or_default();
        let (text, _) = charset.decode_without_bom_handling(body);
        let mut envelope = Envelope {
            charset: charset.name().to_owned(),
            bom: bom > 0,
            raw: None,
        };
        let same = charset == UTF_8 && matches!(text, Cow::Borrowed(_))
            || envelope.wrap(&text).as_deref() == Some(bytes);
        if !same {
            envelope.raw = Some(base64::prelude::BASE64_STANDARD.encode(bytes));
        }
        Self { text, envelope }
    }
}

impl Envelope {
    /// Returns the bytes of the file whose text is `text`, or `None` where the
    /// charset is unknown or cannot write it.
    pub fn wrap(&self, text: &str) -> Option<Vec<u8>> {
        if let Some(raw) = &self.raw {
            return base64::prelude::BASE64_STANDARD.decode(raw).ok();
        }
        let charset = Encoding::for_label(self.charset.as_bytes())?;
        let mut out = Vec::with_capacity(text.len() + 3);
        let wide: Option<fn(u16) -> [u8; 2]> = match charset {
            _ if charset == UTF_16LE => Some(u16::to_le_bytes),
            _ if charset == UTF_16BE => Some(u16::to_be_bytes),
            _ => None,
        };
        if let Some(bytes) = wide {
            let mark = self.bom.then_some(0xfeff);
            out.extend(mark.into_iter().chain(text.encode_utf16()).flat_map(bytes));
            return Some(out);
        }
        if self.bom {
            out.extend_from_slice(b"\xef\xbb\xbf");
        }
        let (body, _, lossy) = charset.encode(text);
        (!lossy).then(|| {
            out.extend_from_slice(&body);
            out
        })
    }
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    let sample = bytes.get(..DETECT).unwrap_or(bytes);
    detector.feed(sample, sample.len() == bytes.len());
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// Returns the headline of a plain text: its first line that is not blank.
pub fn headline(text: &str) -> &str {
    text.split(['\n', '\r'])
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// Writes the record of a plain text file into `out`, without a line feed.
pub fn write_record(id: &str, title: &str, text: &str, out: &mut Vec<u8>) {
    #[derive(serde::Serialize)]
    struct Wire<'a> {
        id: &'a str,
        title: &'a str,
        text: &'a str,
    }
    // Writing strings into memory cannot fail.
    let _ = serde_json::to_writer(out, &Wire { id, title, text });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_comes_back_byte_for_byte() {
        let utf16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain("Zug fährt".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let cases: [(&[u8], &str, &str); 6] = [
            (b"plain\r\ntext", "UTF-8", "plain\r\ntext"),
            (b"\xef\xbb\xbfmarked", "UTF-8", "marked"),
            (
                b"Der Z\xfcrcher Bahnhof f\xfcr alle G\xe4ste",
                "windows-1252",
                "Der Zürcher Bahnhof für alle Gäste",
            ),
            (&utf16, "UTF-16LE", "Zug fährt"),
            (
                b"\xef\xbb\xbfmarked, then broken \xff",
                "UTF-8",
                "marked, then broken \u{fffd}",
            ),
            (b"", "UTF-8", ""),
        ];
        for (bytes, charset, text) in cases {
            let plain = Plain::decode(bytes);
            assert_eq!(plain.text, text);
            assert_eq!(plain.envelope.charset, charset);
            assert_eq!(
                plain.envelope.wrap(&plain.text).as_deref(),
                Some(bytes),
                "{text}"
            );
        }
    }
}
