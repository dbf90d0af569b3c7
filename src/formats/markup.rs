//! Pages, tables and arrays that are text, but no prose: told by a file's name, or by how they begin.

use super::locations::unpacked_ending;
use std::path::Path;

/// Text that is no prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Markup {
    /// What it is.
    pub what: &'static str,
    /// What makes records of it.
    pub mend: &'static str,
}

/// Rows and columns.
pub const TABLE: Markup = Markup {
    what: "a table",
    mend: "write its rows as JSONL, as `mlr --icsv --ojsonl cat` does",
};

const PAGE: Markup = Markup {
    what: "a page with its markup",
    mend: "take the text out of it first, as trafilatura does",
};

const XML: Markup = Markup {
    what: "XML",
    mend: "take the text out of it first",
};

const ARRAY: Markup = Markup {
    what: "an array of JSON",
    mend: "write its objects a line each, as `jq -c '.[]'` does",
};

/// Returns what a file's ending says it is, packed or not, where that is text but no prose.
pub fn of_name(path: &Path) -> Option<Markup> {
    Some(match unpacked_ending(path)?.as_str() {
        "csv" | "tsv" => TABLE,
        "html" | "htm" | "xhtml" => PAGE,
        "xml" => XML,
        _ => return None,
    })
}

/// Returns what a text is that begins like this, where that is a page, XML or an array of objects:
/// behind what only they begin with the next tag, or key, follows at once. A text *about* pages goes
/// on in words.
pub fn of_start(start: &[u8]) -> Option<Markup> {
    let narrow: Vec<u8>;
    let start = match start {
        [0xff, 0xfe, wide @ ..] | [0xfe, 0xff, wide @ ..] => {
            narrow = wide.iter().copied().filter(|byte| *byte != 0).collect();
            &narrow
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        start => start,
    };
    if is_array(start) {
        return Some(ARRAY);
    }
    let start = behind_comments(start.trim_ascii_start())?;
    if begins(start, b"<?xml") {
        let rest = behind_comments(behind(start)?)?;
        let page = begins(rest, b"<!doctype html") || begins(rest, b"<html");
        return opens_tag(rest).then_some(if page { PAGE } else { XML });
    }
    let page = begins(start, b"<!doctype html") || begins(start, b"<html");
    let next = behind_comments(behind(start)?)?;
    (page && opens_tag(next)).then_some(PAGE)
}

/// Returns whether text begins an array of JSON objects: a bracket, a brace and a key's quote.
fn is_array(text: &[u8]) -> bool {
    let mut signs = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    [b'[', b'{', b'"']
        .iter()
        .all(|sign| signs.next() == Some(sign))
}

/// Returns whether text begins with a word of markup, in any case, and nothing longer.
fn begins(text: &[u8], word: &[u8]) -> bool {
    let Some((head, rest)) = text.split_at_checked(word.len()) else {
        return false;
    };
    let ends = rest
        .first()
        .is_some_and(|next| next.is_ascii_whitespace() || *next == b'>');
    ends && head.eq_ignore_ascii_case(word)
}

/// Returns what stands behind the tag that text begins with, if it ends.
fn behind(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'>', text)?;
    Some(text.get(end + 1..)?.trim_ascii_start())
}

/// Returns what stands behind the comments that text begins with.
fn behind_comments(mut text: &[u8]) -> Option<&[u8]> {
    while let Some(comment) = text.strip_prefix(b"<!--") {
        let end = memchr::memmem::find(comment, b"-->")?;
        text = comment.get(end + 3..)?.trim_ascii_start();
    }
    Some(text)
}

/// Returns whether text begins with a tag, a declaration or an instruction.
fn opens_tag(text: &[u8]) -> bool {
    match text {
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_by_how_it_begins() {
        let wide: Vec<u8> = "\u{feff}<html>\n<body>Zug</body>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (start, found) in [
            (b"<!DOCTYPE html>\n<html><head>".as_slice(), Some(PAGE)),
            (b"\xef\xbb\xbf \r\n<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\n \"x\">\n<title>", Some(PAGE)),
            (b"<html lang=\"en\">\n<!-- made by hand -->\n<head>", Some(PAGE)),
            (b"<!-- saved from url=(0014)about:internet -->\n<html><body>", Some(PAGE)),
            (b"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\">\n<html>", Some(PAGE)),
            (b"<?xml version=\"1.0\"?><rss version=\"2.0\">", Some(XML)),
            (&wide, Some(PAGE)),
            (b" [\n  {\n    \"text\": \"A harbour.\"", Some(ARRAY)),
            (b"[{curly}] is how it is quoted.", None),
            (b"[\"Late\"] said the board.", None),
            // Prose, records, and what breaks off before it can be told.
            (b"<html> is the element that holds all others.", None),
            (b"<!doctype html> stands before every page.\n<html> comes next.", None),
            (b"<?xml version=\"1.0\"?> is the declaration.", None),
            (b"<html5> <b>", None),
            (b"<i>Nature</i> <b>writes</b>", None),
            (b"<!-- a comment that does not end <html><head>", None),
            (b"<html", None),
            (b"{\"text\":\"<html><head>\"}", None),
            (b"The page began <html><head>", None),
            (b"< 5 > 3", None),
            (b"", None),
        ] {
            assert_eq!(of_start(start), found, "{:?}", start.escape_ascii().to_string());
        }
    }

    #[test]
    fn an_ending_is_read_in_front_of_that_of_its_packing() {
        for (name, found) in [
            ("a.csv", Some(TABLE)),
            ("a.HTML.gz", Some(PAGE)),
            ("a.xml.zst", Some(XML)),
            ("a.txt.gz", None),
            ("html", None),
        ] {
            assert_eq!(of_name(Path::new(name)), found, "{name}");
        }
    }
}
