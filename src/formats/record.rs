//! One JSON record, with everything it holds kept byte for byte.
//!
//! A record is never taken apart and built anew. Its text is located in the
//! line; what is written later is the line with only that value replaced, so
//! other fields keep their order, their number text, their duplicate keys and
//! their white space.

use crate::document::Span;
use crate::settings::InputSettings;
use serde::Deserializer as _;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The field that `--duplicates mark` adds.
pub const MARK_FIELD: &str = "copydesk";

/// Where the fields of a record are found.
#[derive(Clone, Debug)]
pub struct Fields {
    text: Pointer,
    id: Pointer,
    title: Pointer,
    url: Pointer,
    site: Option<Pointer>,
    rank: Option<Pointer>,
}

/// A field name, or an RFC 6901 pointer taken apart.
#[derive(Clone, Debug)]
struct Pointer {
    name: String,
    parts: Vec<String>,
}

impl Pointer {
    fn new(name: &str) -> Self {
        let parts = match name.strip_prefix('/') {
            None => vec![name.to_owned()],
            Some(path) => path
                .split('/')
                .map(|part| part.replace("~1", "/").replace("~0", "~"))
                .collect(),
        };
        Self {
            name: name.to_owned(),
            parts,
        }
    }
}

impl Pointer {
    /// Returns what to name in its place: a pointer, where dots were meant to lead into a field of
    /// `object` that there is.
    fn meant(&self, object: &Object<'_>) -> String {
        let dotted = match &self.parts[..] {
            [one] if one.contains('.') => Self::new(&format!("/{}", one.replace('.', "/"))),
            _ => return "FIELD".to_owned(),
        };
        match find(object, &dotted) {
            Some(_) => dotted.name,
            None => "FIELD".to_owned(),
        }
    }
}

impl Fields {
    /// Returns where `settings` says the fields are; `rank` is the field that
    /// decides which duplicate stays, where one does.
    pub fn new(settings: &InputSettings, rank: Option<&str>) -> Self {
        Self {
            text: Pointer::new(&settings.text_field),
            id: Pointer::new(&settings.id_field),
            title: Pointer::new(&settings.title_field),
            url: Pointer::new(&settings.url_field),
            site: settings.site_field.as_deref().map(Pointer::new),
            rank: rank.map(Pointer::new),
        }
    }
}

/// A JSON record whose text has been found.
#[derive(Debug)]
pub struct Record<'a> {
    line: &'a str,
    text_at: Span,
    /// The text's value; a lone surrogate escape stands in it as U+FFFD.
    pub text: Cow<'a, str>,
    /// Where lone surrogates stood in `text` (byte offset, UTF-16 code unit).
    pub surrogates: Vec<(usize, u16)>,
    /// What names the record: its string, or its number as written.
    pub id: Option<Cow<'a, str>>,
    /// The headline, where there is a string.
    pub title: Option<Cow<'a, str>>,
    /// The address, where there is a string.
    pub url: Option<Cow<'a, str>>,
    /// The site, where a field is named for it that holds a string.
    pub site: Option<Cow<'a, str>>,
    /// The JSON text of the field that ranks duplicates.
    pub rank: Option<&'a str>,
}

impl<'a> Record<'a> {
    /// Finds the fields of one line of JSON.
    ///
    /// # Errors
    ///
    /// What was found and what was expected, for `rejected.jsonl`.
    pub fn parse(line: &'a [u8], fields: &Fields) -> Result<Self, String> {
        let line = simdutf8::compat::from_utf8(line).map_err(|bad| {
            format!(
                "invalid UTF-8: byte {} of the record; expected JSON in UTF-8",
                bad.valid_up_to()
            )
        })?;
        // Where files were joined, a byte order mark stands before a later line too.
        let line = line.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']);
        let object = object(line).map_err(|bad| said(line, &bad))?;
        let text_name = &fields.text.name;
        let Some(raw) = find(&object, &fields.text) else {
            let mut names: Vec<&str> = object.iter().map(|(key, _)| &**key).take(8).collect();
            names.retain(|name| name.len() < 40);
            return Err(format!(
                "no text: record has no {text_name:?} field, but {}; --text-field {} names the field that holds the text",
                if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                },
                fields.text.meant(&object)
            ));
        };
        let (text, surrogates) = string(raw).map_err(|found| {
            format!("text is no string: field {text_name:?} is {found}; expected a string (--text-field names another field)")
        })?;
        let start = raw.as_ptr() as usize - line.as_ptr() as usize;
        let optional = |pointer: &Pointer| {
            find(&object, pointer)
                .and_then(|raw| string(raw).ok())
                .map(|(value, _)| value)
        };
        Ok(Self {
            line,
            text_at: Span::new(start, start + raw.len()),
            id: find(&object, &fields.id).and_then(name),
            title: optional(&fields.title),
            url: optional(&fields.url),
            site: fields.site.as_ref().and_then(optional),
            rank: fields
                .rank
                .as_ref()
                .and_then(|pointer| find(&object, pointer)),
            text,
            surrogates,
        })
    }

    /// Returns whether it has an id, a headline, an address, a site and a rank; one that is empty
    /// it has not.
    pub fn has(&self) -> [bool; 5] {
        let told = |field: &Option<Cow<'_, str>>| field.as_ref().is_some_and(|it| !it.is_empty());
        [
            told(&self.id),
            told(&self.title),
            told(&self.url),
            told(&self.site),
            self.rank.is_some_and(|raw| !matches!(raw, "null" | "\"\"")),
        ]
    }

    /// Returns the line as it was read, without white space around it.
    pub fn line(&self) -> &'a str {
        self.line
    }

    /// Returns what stands before the text's value, and what stands behind it.
    pub fn around(&self) -> (&'a str, &'a str) {
        let before = self.line.get(..self.text_at.start);
        let behind = self.line.get(self.text_at.end..);
        (before.unwrap_or_default(), behind.unwrap_or_default())
    }

    /// Writes the record into `out` with `text` in place of its own, without a
    /// line feed; `None` keeps the record's bytes.
    pub fn write(&self, text: Option<&str>, out: &mut Vec<u8>) {
        match text {
            None => out.extend_from_slice(self.line.as_bytes()),
            Some(text) => self.write_original(text, &[], out),
        }
    }

    /// Writes the record into `out` with `text` in place of its own and with
    /// lone surrogates put back where they stood.
    pub fn write_original(&self, text: &str, surrogates: &[(usize, u16)], out: &mut Vec<u8>) {
        let (before, behind) = self.around();
        out.extend_from_slice(before.as_bytes());
        write_string(text, surrogates, out);
        out.extend_from_slice(behind.as_bytes());
    }
}

/// Writes a record's line into `out` with the field [`MARK_FIELD`] added behind all others, set to
/// the JSON `mark`. A field of that name that the record has already stays where it is.
pub fn write_marked(line: &[u8], mark: &str, out: &mut Vec<u8>) {
    // The line was read as an object with a text field, so it ends in a brace and a comma is due.
    out.extend_from_slice(line.strip_suffix(b"}").unwrap_or(line));
    out.extend_from_slice(format!(",\"{MARK_FIELD}\":{mark}}}").as_bytes());
}

/// Returns a record's line without the field that [`write_marked`] added, if it ends in one.
pub fn unmarked(line: &str) -> Option<String> {
    let object = object(line).ok()?;
    let (key, raw) = object.last()?;
    let head = line.strip_suffix(&format!(",\"{MARK_FIELD}\":{}}}", raw.get()))?;
    (key == MARK_FIELD).then(|| format!("{head}}}"))
}

/// Writes `text` as a JSON string; at the byte offsets of `surrogates` stands U+FFFD, for
/// which the escape of that code unit is written.
fn write_string(text: &str, surrogates: &[(usize, u16)], out: &mut Vec<u8>) {
    if surrogates.is_empty() {
        // Writing a string into memory cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    let mut at = 0;
    let mut piece = Vec::new();
    let mut quoted = |part: &str, out: &mut Vec<u8>| {
        piece.clear();
        let _ = serde_json::to_writer(&mut piece, part);
        out.extend_from_slice(piece.get(1..piece.len() - 1).unwrap_or_default());
    };
    for (offset, unit) in surrogates {
        quoted(Span::new(at, *offset).of(text), out);
        out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
        at = offset + '\u{fffd}'.len_utf8();
    }
    quoted(Span::new(at, text.len()).of(text), out);
    out.push(b'"');
}

/// The keys and values of an object as they stand.
type Object<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

fn object(json: &str) -> serde_json::Result<Object<'_>> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Object<'de>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::with_capacity(8);
            while let Some(Key(key)) = map.next_key()? {
                pairs.push((key, map.next_value()?));
            }
            Ok(pairs)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let pairs = reader.deserialize_map(Pairs)?;
    reader.end()?;
    Ok(pairs)
}

/// A key that borrows where it can.
struct Key<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        reader.deserialize_str(Text)
    }
}

/// Returns the JSON text of the value that `pointer` leads to; the last of equal keys counts.
fn find<'a>(object: &Object<'a>, pointer: &Pointer) -> Option<&'a str> {
    let (first, rest) = pointer.parts.split_first()?;
    let (_, raw) = object.iter().rev().find(|(key, _)| key == first)?;
    let mut json = raw.get();
    for part in rest {
        json = match json.as_bytes().first()? {
            b'{' => {
                let inner = self::object(json).ok()?;
                inner.iter().rev().find(|(key, _)| key == part)?.1.get()
            }
            b'[' => element(json, part.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(json)
}

fn element(json: &str, index: usize) -> Option<&str> {
    struct Nth(usize);
    impl<'de> Visitor<'de> for Nth {
        type Value = Option<&'de RawValue>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            let mut at = 0;
            while let Some(value) = seq.next_element::<&RawValue>()? {
                if at == self.0 {
                    found = Some(value);
                }
                at += 1;
            }
            Ok(found)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.deserialize_seq(Nth(index)).ok()?.map(RawValue::get)
}

/// Returns a string or a number as written, as a name.
fn name(raw: &str) -> Option<Cow<'_, str>> {
    match raw.as_bytes().first()? {
        b'"' => string(raw).ok().map(|(name, _)| name),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(raw)),
        _ => None,
    }
}

/// A string's value, and where lone surrogates stood in it.
type Text<'a> = (Cow<'a, str>, Vec<(usize, u16)>);

/// Returns the value of a JSON string, or what was found instead of one.
fn string(raw: &str) -> Result<Text<'_>, &'static str> {
    match raw.as_bytes().first() {
        Some(b'"') => {}
        Some(b'n') => return Err("null"),
        Some(b't' | b'f') => return Err("a boolean"),
        Some(b'[') => return Err("an array"),
        Some(b'{') => return Err("an object"),
        _ => return Err("a number"),
    }
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if let Some(text) = unescaped(inner) {
        return Ok((text, Vec::new()));
    }
    // serde_json gives lone surrogates to whoever asks for bytes, in the form of WTF-8.
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
    let mut reader = serde_json::Deserializer::from_str(raw);
    let mut bytes = reader
        .deserialize_bytes(Bytes)
        .map_err(|_| "a string with a broken escape")?;
    let mut surrogates = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(0xed, rest)) {
        let here = at + found;
        if let Some([0xed, second @ 0xa0..=0xbf, third]) = bytes.get(here..here + 3) {
            let unit = 0xd000 | (u16::from(second & 0x3f) << 6) | u16::from(third & 0x3f);
            surrogates.push((here, unit));
            bytes.splice(here..here + 3, "\u{fffd}".bytes());
        }
        at = here + 1;
    }
    let text = String::from_utf8(bytes).map_err(|_| "a string with a broken escape")?;
    Ok((Cow::Owned(text), surrogates))
}

/// Returns the value of what stands between a JSON string's quotes, which was read as JSON before;
/// `None` where a lone surrogate is in it.
fn unescaped(inner: &str) -> Option<Cow<'_, str>> {
    let mut rest = inner;
    let mut out = String::new();
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        if out.is_empty() {
            out.reserve(rest.len());
        }
        out.push_str(rest.get(..at)?);
        let unit = |at: usize| u16::from_str_radix(rest.get(at..at + 4)?, 16).ok();
        let (character, length) = match rest.as_bytes().get(at + 1)? {
            b'n' => ('\n', 2),
            b't' => ('\t', 2),
            b'r' => ('\r', 2),
            b'b' => ('\u{8}', 2),
            b'f' => ('\u{c}', 2),
            b'u' => match unit(at + 2)? {
                high @ 0xd800..0xdc00 if rest.get(at + 6..at + 8) == Some("\\u") => {
                    let both = [high, unit(at + 8)?];
                    (char::decode_utf16(both).next()?.ok()?, 12)
                }
                unit => (char::from_u32(unit.into())?, 6),
            },
            other => (char::from(*other), 2),
        };
        out.push(character);
        rest = rest.get(at + length..)?;
    }
    if out.is_empty() {
        return Some(Cow::Borrowed(inner));
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// What sort of reject a line is that does not even begin as JSON does.
pub const NO_JSON: &str = "no JSON object";

fn said(line: &str, bad: &serde_json::Error) -> String {
    if line == "{" {
        format!("broken JSON: {bad}; `jq -c .` writes an object on one line")
    } else if line.starts_with('{') {
        format!("broken JSON: {bad}")
    } else {
        let start: String = line.chars().take(20).collect();
        let array = match line.starts_with('[') {
            true => "; `jq -c '.[]'` makes a line of each member of an array",
            false => "",
        };
        format!("{NO_JSON}: expected {{, found {start:?}{array}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Fields {
        let settings = InputSettings {
            text_field: text.into(),
            ..InputSettings::default()
        };
        Fields::new(&settings, None)
    }

    proptest! {
        #[test]
        fn escapes_are_read_as_serde_json_reads_them(
            inner in r#"([a-zé字😀+ ]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|\\ud83d\\ude00|\\u00[0-7][0-9a-f]|\\ud8[0-9a-f]{2}){0,12}"#,
        ) {
            let read = serde_json::from_str::<String>(&format!("\"{inner}\"")).ok();
            prop_assert_eq!(unescaped(&inner).map(Cow::into_owned), read);
        }
    }

    #[test]
    fn everything_but_the_text_keeps_its_bytes() {
        let line = r#" { "n" : 1e400, "text":"a\u00e9\nb" , "n":01.50e+3 ,"id" : 7 } "#
            .replace("01.50", "1.50");
        let record = Record::parse(line.as_bytes(), &fields("text")).unwrap();
        assert_eq!(record.text, "aé\nb");
        assert_eq!(record.id.as_deref(), Some("7"));
        let mut out = Vec::new();
        record.write(Some("c\"d"), &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{ "n" : 1e400, "text":"c\"d" , "n":1.50e+3 ,"id" : 7 }"#
        );
        let mut out = Vec::new();
        record.write(None, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), line.trim());
    }

    #[test]
    fn pointers_reach_nested_fields_and_the_last_of_equal_keys_counts() {
        for (pointer, line, text) in [
            ("/a/b", r#"{"a":{"b":"deep"}}"#, "deep"),
            ("/a/1/t", r#"{"a":[0,{"t":"second"}]}"#, "second"),
            ("/a~1b", r#"{"a/b":"slash"}"#, "slash"),
            ("text", r#"{"text":"first","text":"last"}"#, "last"),
            ("a.b", r#"{"a.b":"dot"}"#, "dot"),
        ] {
            let record = Record::parse(line.as_bytes(), &fields(pointer)).unwrap();
            assert_eq!(record.text, text, "{pointer}");
            let mut out = Vec::new();
            record.write(Some("X"), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), line.replace(text, "X"));
        }
    }

    #[test]
    fn a_bad_record_says_what_was_found_and_what_was_expected() {
        let deep = format!(
            "{{\"text\":1,\"x\":{}{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        for (line, part) in [
            (
                r#"{"title":"x"}"#.as_bytes(),
                "record has no \"text\" field",
            ),
            (br#"{"text":null}"#, "is null; expected a string"),
            (br#"{"text":3}"#, "is a number"),
            (br#"{"text":["a"]}"#, "is an array"),
            (br#"{"text":"a""#, "broken JSON: "),
            (br#"{"text":"a"} {"text":"b"}"#, "broken JSON"),
            (br#"["text"]"#, "no JSON object: expected {, found"),
            (b"{\"text\":\"\xff\"}", "invalid UTF-8: byte 9"),
            (deep.as_bytes(), "is a number"),
        ] {
            let reason = Record::parse(line, &fields("text")).unwrap_err();
            assert!(reason.contains(part), "{reason}");
        }
    }

    #[test]
    fn lone_surrogates_become_replacement_characters_and_can_be_put_back() {
        let line = r#"{"text":"a\ud83d b \ud83d\ude00 \udc00"}"#;
        let record = Record::parse(line.as_bytes(), &fields("text")).unwrap();
        assert_eq!(record.text, "a\u{fffd} b 😀 \u{fffd}");
        assert_eq!(record.surrogates, [(1, 0xd83d), (12, 0xdc00)]);
        let mut out = Vec::new();
        record.write_original(&record.text, &record.surrogates, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            line.replace("\\ud83d\\ude00", "😀")
        );
    }

    #[test]
    fn a_mark_is_added_behind_all_and_taken_off_again() {
        for line in [
            r#"{"text":"a","z":1}"#,
            r#"{"copydesk":{"mine":1},"text":"a"}"#,
            r#"{"text":"a","copydesk":5}"#,
        ] {
            let mut out = Vec::new();
            write_marked(line.as_bytes(), "{\"would_drop\":\"empty\"}", &mut out);
            let marked = String::from_utf8(out).unwrap();
            assert!(marked.ends_with(r#","copydesk":{"would_drop":"empty"}}"#));
            assert_eq!(unmarked(&marked).as_deref(), Some(line));
        }
        assert_eq!(unmarked(r#"{"text":"a"}"#), None);
    }
}
