//! Scraped text and numbers as markup: escaped, with what is invisible made visible.

use crate::report::shortened;
use crate::text::is_hidden;
use maud::{Markup, html};

/// Returns text as markup that can steer nothing: control, direction and separator characters
/// stand as their names, and its direction ends with it.
pub fn shown(text: &str) -> Markup {
    let text = shortened(text, LONGEST);
    html! { bdi dir="auto" { (named(&text)) } }
}

/// Returns what names a document, its middle left out where it is long.
pub fn id(id: &str) -> Markup {
    shown(&shortened(id, ID))
}

/// The longest text that is shown whole, in characters.
const LONGEST: usize = 160;

/// The longest id that is shown whole, in characters.
const ID: usize = 44;

/// Returns the same as [`shown`] without an element of its own.
pub fn named(text: &str) -> Markup {
    let parts = text.split_inclusive(is_hidden).flat_map(|part| {
        let hidden = part.chars().next_back().filter(|last| is_hidden(*last));
        let clear = &part[..part.len() - hidden.map_or(0, char::len_utf8)];
        [
            (!clear.is_empty()).then_some(Part::Clear(clear)),
            hidden.map(Part::Hidden),
        ]
    });
    let parts: Vec<Part<'_>> = parts.flatten().collect();
    html! {
        @for run in parts.chunk_by(|one, other| one.is_named() && other.is_named()) {
            @if run.iter().all(Part::is_named) {
                span.c { @for part in run { @if let Part::Hidden(part) = part { (name(*part)) } } }
            } @else {
                @for part in run { @match part { Part::Clear(text) => (text), Part::Hidden(_) => " " } }
            }
        }
    }
}

/// A piece of text: what can be seen, or one character that cannot.
enum Part<'a> {
    Clear(&'a str),
    Hidden(char),
}

impl Part<'_> {
    /// Returns whether it is shown by its name; a line break or a tab is a space.
    const fn is_named(&self) -> bool {
        matches!(self, Self::Hidden(part) if !matches!(part, '\n' | '\t'))
    }
}

fn name(part: char) -> String {
    format!("⟨U+{:04X}⟩", u32::from(part))
}

/// Returns text for an attribute or a heading, where no element can stand.
pub fn plain(text: &str) -> String {
    let text = shortened(text, LONGEST);
    let mut out = String::with_capacity(text.len());
    for part in text.chars() {
        match part {
            '\n' | '\t' => out.push(' '),
            _ if is_hidden(part) => out.push_str(&name(part)),
            _ => out.push(part),
        }
    }
    out
}

/// Returns a number with commas.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number with what it counts, in the plural where it is not one.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

/// Returns a share in per cent, with as many digits as tell it from nothing and from all.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0 %".to_owned();
    }
    if part == whole {
        return "100 %".to_owned();
    }
    let share = 100.0 * part as f64 / whole as f64;
    match share {
        _ if share < 0.005 => "< 0.01 %".to_owned(),
        _ if share >= 99.995 => "> 99.99 %".to_owned(),
        _ if (1.0..99.95).contains(&share) => format!("{share:.1} %"),
        _ => format!("{share:.2} %"),
    }
}

/// Returns a similarity with so many digits behind the point; one below 1 never shows as 1.
pub fn alike(similarity: f64, digits: usize) -> String {
    let most = 1.0 - 0.1_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX));
    let shown = if similarity < 1.0 {
        similarity.min(most)
    } else {
        similarity
    };
    format!("{shown:.digits$}")
}

/// Returns a name of ours, such as `comment_form`, as words.
pub fn words(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_scraped_becomes_markup() {
        for (text, expected) in [
            ("<b>&\"", "<b>&amp;\""),
            ("a\nb\tc", "a b c"),
            ("\u{202e}x", "<span class=\"c\">⟨U+202E⟩</span>x"),
            ("\u{1b}[31m", "<span class=\"c\">⟨U+001B⟩</span>[31m"),
            ("\u{7f}\u{0}", "<span class=\"c\">⟨U+007F⟩⟨U+0000⟩</span>"),
        ] {
            let expected = expected.replace("<b>", "&lt;b&gt;").replace('"', "\u{1}");
            let found = named(text)
                .into_string()
                .replace("&quot;", "\"")
                .replace('"', "\u{1}");
            assert_eq!(found, expected, "{text:?}");
        }
        assert_eq!(plain("a\u{200f}b\u{7}"), "a⟨U+200F⟩b⟨U+0007⟩");
    }

    #[test]
    fn what_is_not_the_same_never_shows_as_such() {
        for (similarity, digits, expected) in [
            (1.0, 4, "1.0000"),
            (0.999_96, 4, "0.9999"),
            (0.999_96, 6, "0.999960"),
            (0.999_6, 3, "0.999"),
            (0.8, 3, "0.800"),
        ] {
            assert_eq!(alike(similarity, digits), expected);
        }
    }

    #[test]
    fn shares_are_told_from_nothing_and_from_all() {
        for (part, whole, expected) in [
            (0, 9, "0 %"),
            (9, 9, "100 %"),
            (1, 1_000_000, "< 0.01 %"),
            (999_999, 1_000_000, "> 99.99 %"),
            (1, 8, "12.5 %"),
            (1, 300, "0.33 %"),
            (0, 0, "0 %"),
        ] {
            assert_eq!(percent(part, whole), expected);
        }
    }
}
