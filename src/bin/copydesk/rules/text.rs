//! Text of a certain width, and names.

use copydesk::boilerplate::Catalogue;
use copydesk::pipeline::Entry;
use copydesk::settings::Level;

/// How wide a table is.
pub const WIDTH: usize = 80;

pub fn is_off(catalogue: &Catalogue, entry: &Entry) -> bool {
    catalogue.is_off(entry.name) || catalogue.is_off(entry.code)
}

pub fn level(entry: &Entry) -> &'static str {
    match entry.level {
        Level::Off => "any",
        Level::Safe => "safe",
        Level::Standard => "standard",
        Level::Aggressive => "aggressive",
    }
}

pub fn join<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> String {
    let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
    parts.join(", ")
}

/// Returns the beginning of `text`, at most `width` characters, ended at a word.
pub fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let part: String = text.chars().take(width - 1).collect();
    let end = part.rfind(' ').unwrap_or(part.len());
    format!("{}…", part[..end].trim_end_matches([' ', ',', ';', ':']))
}

/// Returns `text` in lines of at most [`WIDTH`] characters: the first begins with `mark`, the
/// others with as many blanks.
pub fn wrapped(text: &str, mark: &str) -> String {
    let indent = " ".repeat(mark.chars().count());
    let (mut out, mut line) = (String::new(), mark.to_owned());
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}
