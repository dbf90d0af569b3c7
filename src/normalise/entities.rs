//! HTML entities: `&amp;`, `&eacute`, `&#8217;`, `&#x92;` are read.
//!
//! Names, code points and the mapping of `&#x80;` … `&#x9F;` to windows-1252 are
//! those of the HTML standard, §13.5 and §13.2.5.72–80 (by `htmlize`). Where the
//! standard's rules for running text and for attributes differ, those for
//! attributes are taken: a name without its semicolon is no entity before `=` or
//! a letter or digit, so that addresses (`?a=1&copy=2`) stay whole. Within an
//! address it needs its semicolon in any case.
//!
//! Entities are read to the bottom: `&amp;amp;lt;` is one edit, to `<`. A
//! reference to no character (NUL, a surrogate, past U+10FFFF) stays.

use super::Mend;
use crate::document::{Edits, Span};

/// The longest name there is, `CounterClockwiseContourIntegral`, has 31 letters.
const LONGEST: usize = 32;

/// Returns one edit an entity.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut edits = Edits::new();
    let mut free = 0;
    for start in memchr::memchr_iter(b'&', text.as_bytes()) {
        if start < free {
            continue;
        }
        let Some((mut decoded, mut end)) = read(text, start, start + 1) else {
            continue;
        };
        // What was read may be the ampersand of the next.
        while decoded == "&"
            && let Some((deeper, further)) = read(text, start, end)
        {
            decoded = deeper;
            end = further;
        }
        free = end;
        edits.push(Span::new(start, end), decoded, Mend::Entities);
    }
    edits
}

/// Reads the entity whose ampersand began at `start` and whose rest begins at
/// `body`; answers what it means and where it ends.
fn read(text: &str, start: usize, body: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let digits = match bytes.get(body..)? {
        [b'#', b'x' | b'X', ..] => Some((2, u8::is_ascii_hexdigit as fn(&u8) -> bool)),
        [b'#', ..] => Some((1, u8::is_ascii_digit as fn(&u8) -> bool)),
        [first, ..] if first.is_ascii_alphabetic() => None,
        _ => return None,
    };
    let (skip, belongs) = digits.unwrap_or((0, u8::is_ascii_alphanumeric));
    let from = body + skip;
    let len = bytes[from..]
        .iter()
        .take(LONGEST + 1)
        .take_while(|byte| belongs(byte))
        .count();
    let mut end = from + len;
    if len == 0 || len > LONGEST {
        return None;
    }
    let closed = bytes.get(end) == Some(&b';');
    if closed {
        end += 1;
    } else if digits.is_some() {
        // One digit and no semicolon is more like an "&#1" of somebody's own.
        if len < 2 {
            return None;
        }
    } else if bytes.get(end) == Some(&b'=') || in_address(&text[..start]) {
        return None;
    }
    let entity = format!("&{}", &text[body..end]);
    let decoded = htmlize::unescape_attribute(entity.as_str());
    if decoded == entity.as_str() || decoded.contains('\u{fffd}') {
        return None;
    }
    Some((decoded.into_owned(), end))
}

/// Returns whether `before` ends inside a web address or its query.
fn in_address(before: &str) -> bool {
    let reach = before.len().saturating_sub(512);
    let bytes = &before.as_bytes()[reach..];
    let token = bytes
        .iter()
        .rposition(u8::is_ascii_whitespace)
        .map_or(bytes, |at| &bytes[at..]);
    memchr::memmem::find(token, b"://").is_some()
        || memchr::memchr(b'?', token).is_some_and(|at| token[at..].contains(&b'='))
}
