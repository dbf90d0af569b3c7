//! Text to show: nothing in it can steer a terminal, and what is long is cut.

use crate::summary;
use copydesk::report::grouped;

/// Returns a line so that nothing in it can steer a terminal, nor break the line.
pub fn visible(text: &str) -> String {
    summary::harmless(text).replace('\n', "\\n")
}

/// Returns text with everything made visible that a mend may change.
pub fn seen(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            ' ' => " ".to_owned(),
            '\u{ad}'
            | '\u{34f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2064}'
            | '\u{300}'..='\u{36f}' => part.escape_unicode().to_string(),
            _ if part.is_whitespace() => part.escape_default().to_string(),
            _ => visible(part.encode_utf8(&mut [0; 4])),
        })
        .collect()
}

pub fn escaped(text: &str) -> String {
    text.chars()
        .map(|part| {
            if part.is_ascii() {
                part.to_string()
            } else {
                part.escape_unicode().to_string()
            }
        })
        .collect()
}

/// Returns the first `most` characters, with "…" where there are more.
pub fn cut(text: &str, most: usize) -> String {
    let mut out = cut_plain(text, most);
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

pub fn cut_plain(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

pub fn last(text: &str, most: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(most)).collect()
}

pub fn counted(number: usize, thing: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{} {thing}{many}", grouped(number as u64))
}
