//! Text to show: nothing in it can steer a terminal, what is long is cut, what is wide is wrapped.

use console::Term;
use copydesk::settings::Level;
use copydesk::text::is_hidden;
use std::io::{self, IsTerminal};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How wide what is printed is where there is room, in columns; only names of files may be wider.
pub const WIDTH: usize = 80;

/// The narrowest terminal that is kept to.
const NARROWEST: usize = 40;

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

impl Stream {
    /// Returns how wide tables and paragraphs are there: no wider than a terminal.
    pub fn width(self) -> usize {
        self.columns().map_or(WIDTH, |columns| columns.min(WIDTH))
    }

    /// Returns how many columns there are, if it is a terminal.
    fn columns(self) -> Option<usize> {
        let terminal = match self {
            Self::Out => io::stdout().is_terminal(),
            Self::Err => io::stderr().is_terminal(),
        };
        terminal.then(|| self.columns_or(WIDTH).max(NARROWEST))
    }

    /// Returns how many columns the terminal says that it has, or `other` where it says nothing.
    pub fn columns_or(self, other: usize) -> usize {
        let told = match self {
            Self::Out => told_columns(&io::stdout(), &Term::stdout()),
            Self::Err => told_columns(&io::stderr(), &Term::stderr()),
        };
        let told = told.filter(|columns| *columns > 0);
        told.map_or(other, usize::from)
    }
}

/// Returns the columns of a terminal, of which the rows may not be known.
#[cfg(unix)]
fn told_columns(stream: &impl std::os::fd::AsFd, _: &Term) -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(stream);
    size.ok().map(|size| size.ws_col)
}

/// Returns the columns of a terminal.
#[cfg(not(unix))]
fn told_columns<S>(_: &S, term: &Term) -> Option<u16> {
    term.size_checked().map(|(_, columns)| columns)
}

/// Returns a page whose lines are broken at spaces where the terminal of standard output ends; as
/// it is, where that is no terminal. What goes on stands below its line's first word, or behind
/// the mark before it.
pub fn fitted(page: &str) -> String {
    let Some(columns) = Stream::Out.columns() else {
        return page.to_owned();
    };
    let fit = |line: &str| fitted_line(line, columns);
    let lines: Vec<String> = page.split('\n').map(fit).collect();
    lines.join("\n")
}

/// Returns TOML, of which the comments are broken where the terminal of standard output ends, so
/// that it says the same to a reader of TOML.
pub fn fitted_toml(toml: &str) -> String {
    match Stream::Out.columns() {
        Some(columns) => commented(toml, columns),
        None => toml.to_owned(),
    }
}

/// Returns TOML with its comments in lines of at most so many columns: what runs on is poured into
/// the next line of the same comment.
fn commented(toml: &str, columns: usize) -> String {
    const MARK: &str = "# ";
    if toml.lines().all(|line| seen_width(line) <= columns) {
        return toml.to_owned();
    }
    let mut out = String::new();
    let mut said: Vec<&str> = Vec::new();
    for line in toml.lines().map(Some).chain([None]) {
        if let Some(words) = line.and_then(|line| line.strip_prefix(MARK)) {
            said.push(words);
            continue;
        }
        if !said.is_empty() {
            let words = said.join(" ");
            let words = wrapped(&words, MARK.len(), MARK, Long::Stays, columns);
            out.push_str(&format!("{MARK}{words}\n"));
            said.clear();
        }
        if let Some(line) = line {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn fitted_line(line: &str, columns: usize) -> String {
    if seen_width(line) <= columns {
        return line.to_owned();
    }
    // Colours, blanks and a mark stand before the words.
    let (mut words, mut indent) = (line, 0);
    loop {
        let colour = words
            .strip_prefix('\x1b')
            .and_then(|rest| rest.split_once('m'));
        if let Some((_, rest)) = colour {
            words = rest;
        } else if let Some(rest) = words.strip_prefix(' ') {
            (words, indent) = (rest, indent + 1);
        } else {
            break;
        }
    }
    let mark = ["- ", "~ ", "= "]
        .into_iter()
        .find_map(|mark| words.strip_prefix(mark));
    if let Some(rest) = mark {
        (words, indent) = (rest, indent + 2);
    }
    let before = line.strip_suffix(words).unwrap_or_default();
    // A name that begins a line can be copied; scraped text may have no space at all.
    let long = if indent == 0 {
        Long::Stays
    } else {
        Long::Breaks
    };
    let words = wrapped(words, indent, &" ".repeat(indent), long, columns);
    format!("{before}{words}")
}

/// Returns text with everything made visible that steers a terminal or hides from a reader; line
/// feeds and tabs stay.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            '\n' | '\t' => part.to_string(),
            _ if part.is_control() => part.escape_default().to_string(),
            _ if is_hidden(part) => part.escape_unicode().to_string(),
            _ => part.to_string(),
        })
        .collect()
}

/// Returns a JSON value on one line, in which every character that might steer a terminal is
/// escaped; it says the same to a program.
pub fn harmless_json(value: &serde_json::Value) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for part in text.chars() {
        if part.is_ascii() || !is_hidden(part) {
            out.push(part);
        } else {
            for unit in part.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Returns a line so that nothing in it can steer a terminal, nor break the line.
pub fn visible(text: &str) -> String {
    harmless(text).replace('\n', "\\n")
}

/// Returns text with everything made visible that a mend may change.
pub fn seen(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            ' ' => " ".to_owned(),
            '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' => part.escape_unicode().to_string(),
            _ if part.is_whitespace() => part.escape_default().to_string(),
            _ => visible(part.encode_utf8(&mut [0; 4])),
        })
        .collect()
}

/// Returns text with every character that is not ASCII as its number.
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

/// Returns the first `most` characters.
pub fn first(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most);
    end.map_or(text, |(end, _)| &text[..end])
}

/// Returns the last `most` characters.
pub fn last(text: &str, most: usize) -> &str {
    let from = text.char_indices().rev().nth(most);
    from.map_or(text, |(at, part)| &text[at + part.len_utf8()..])
}

/// Returns the first `most` characters, the last of them "…" where there are more.
pub fn cut(text: &str, most: usize) -> String {
    if first(text, most).len() == text.len() {
        return text.to_owned();
    }
    format!("{}…", first(text, most.saturating_sub(1)))
}

/// Returns the beginning of text, at most `most` characters, ended at a word.
pub fn cut_at_word(text: &str, most: usize) -> String {
    if first(text, most).len() == text.len() {
        return text.to_owned();
    }
    let part = first(text, most.saturating_sub(1));
    let end = part.rfind(' ').unwrap_or(part.len());
    format!("{}…", part[..end].trim_end_matches([' ', ',', ';', ':']))
}

/// Returns text on one line of `most` columns, ended at a word where it is cut and one is near.
pub fn one_line(text: &str, most: usize) -> String {
    let text = harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.width() <= most {
        return text;
    }
    let part = &text[..fitting(&text, most.saturating_sub(1))];
    let word = part.rfind(' ').filter(|at| *at > part.len() / 2);
    let whole = text[part.len()..].starts_with(' ');
    let end = word.filter(|_| !whole).unwrap_or(part.len());
    format!("{}…", part[..end].trim_end())
}

/// Returns how many bytes of a text fit into so many columns; our own colours take none.
fn fitting(text: &str, columns: usize) -> usize {
    let (mut width, mut colour) = (0, false);
    let fits = text.char_indices().find(|(_, part)| {
        colour |= *part == '\x1b';
        if colour {
            colour = *part != 'm';
            return false;
        }
        width += part.width().unwrap_or(0);
        width > columns
    });
    fits.map_or(text.len(), |(at, _)| at)
}

/// Returns how many columns a text takes; our own colours take none.
fn seen_width(text: &str) -> usize {
    let (mut rest, mut width) = (text, 0);
    while let Some((before, colour)) = rest.split_once('\x1b') {
        width += before.width();
        rest = colour.split_once('m').map_or("", |(_, behind)| behind);
    }
    width + rest.width()
}

/// What becomes of a word that is longer than a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// It sticks out: a path can be copied.
    Stays,
    /// It is broken where the line ends: scraped text may have no space at all.
    Breaks,
}

/// Returns text broken at spaces into lines of at most `width` columns; the first begins at column
/// `begun`, all others with `indent`. No line ends in a space, the last in no line feed.
pub fn wrapped(text: &str, begun: usize, indent: &str, long: Long, width: usize) -> String {
    let mut lines = vec![String::new()];
    let mut column = begun;
    // Whether the line has no word yet.
    let mut empty = true;
    for mut word in text.split(' ') {
        loop {
            let space = usize::from(!empty);
            let fits = column + space + seen_width(word) <= width;
            if !fits && !empty {
                lines.push(indent.to_owned());
                column = indent.width();
                empty = true;
                continue;
            }
            let end = match long {
                Long::Breaks if !fits => fitting(word, width.saturating_sub(column)).max(1),
                _ => word.len(),
            };
            let end = (end..=word.len()).find(|end| word.is_char_boundary(*end));
            let (part, rest) = word.split_at(end.unwrap_or(word.len()));
            if let Some(line) = lines.last_mut() {
                line.push_str(if empty { "" } else { " " });
                line.push_str(part);
            }
            column += space + seen_width(part);
            empty = false;
            word = rest;
            if word.is_empty() {
                break;
            }
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

/// Returns what is said on standard error behind `begun` columns: broken at spaces where that is a
/// terminal, else on one line.
pub fn told(text: &str, begun: usize) -> String {
    if io::stderr().is_terminal() {
        wrapped(text, begun, "  ", Long::Stays, Stream::Err.width())
    } else {
        text.to_owned()
    }
}

/// Returns text in lines for standard output that end in a line feed: the first begins with `mark`,
/// the others with as many blanks.
pub fn paragraph(text: &str, mark: &str, long: Long) -> String {
    let indent = " ".repeat(mark.width());
    let width = Stream::Out.width();
    let lines = format!(
        "{mark}{}",
        wrapped(text, mark.width(), &indent, long, width)
    );
    format!("{}\n", lines.trim_end())
}

/// Returns names with commas between them.
pub fn join<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> String {
    let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
    parts.join(", ")
}

/// Returns a level's name.
pub const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Safe => "safe",
        Level::Standard => "standard",
        Level::Aggressive => "aggressive",
    }
}

/// Returns a number of bytes as people read it.
pub fn bytes(number: u64) -> String {
    let mut size = number as f64;
    let mut unit = 0;
    let units = ["B", "kB", "MB", "GB", "TB"];
    while size >= 1000.0 && unit < units.len() - 1 {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{number} B")
    } else {
        format!("{size:.1} {}", units[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_scraped_steers_a_terminal() {
        assert_eq!(
            harmless("a\x1b[31mb\u{202e}c\u{ad}"),
            "a\\u{1b}[31mb\\u{202e}c\\u{ad}"
        );
        // Whatever the page shows by its name is no plain character here either.
        for part in (char::MIN..=char::MAX).filter(|part| is_hidden(*part)) {
            let text = part.to_string();
            assert!(
                matches!(part, '\n' | '\t') || harmless(&text) != text,
                "{part:?}"
            );
            assert_ne!(seen(&text), text, "{part:?}");
            assert!(
                harmless_json(&serde_json::json!(text)).is_ascii(),
                "{part:?}"
            );
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        for (text, most, cut_to, at_word) in [
            ("naïve art", 9, "naïve art", "naïve art"),
            ("naïve arts", 9, "naïve ar…", "naïve…"),
            ("naïvearts!", 9, "naïveart…", "naïveart…"),
        ] {
            assert_eq!(cut(text, most), cut_to);
            assert_eq!(cut_at_word(text, most), at_word);
        }
        for (most, line) in [
            (40, "nine barrels of tar"),
            (15, "nine barrels…"),
            (13, "nine barrels…"),
            (12, "nine barrel…"),
            (5, "nine…"),
        ] {
            assert_eq!(one_line("nine  barrels of tar", most), line);
        }
        assert_eq!(one_line("漢字漢字", 7), "漢字漢…");
        assert_eq!((first("naïve", 3), last("naïve", 3)), ("naï", "ïve"));
        assert_eq!((first("naïve", 9), last("naïve", 9)), ("naïve", "naïve"));
    }

    #[test]
    fn what_is_wide_is_broken_at_spaces() {
        let said = "word ".repeat(40);
        let lines: Vec<String> = wrapped(said.trim(), 7, "  ", Long::Stays, WIDTH)
            .lines()
            .map(str::to_owned)
            .collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].len() + 7 <= WIDTH && lines[1].len() <= WIDTH);
        assert!(lines[1].starts_with("  word word"));
        assert_eq!(paragraph("", "  | ", Long::Stays), "  |\n");
        let path = "a".repeat(90);
        assert_eq!(
            wrapped(&format!("in {path}"), 0, " ", Long::Stays, WIDTH),
            format!("in\n {path}")
        );
    }

    #[test]
    fn comments_are_poured_into_narrow_lines_and_settings_stay() {
        let toml =
            "# One two three\n# four.\n#\n# Five\n\n[a]\n# Why it is so\nlong_key = \"a b c\"\n";
        let narrow = "# One two\n# three\n# four.\n#\n# Five\n\n[a]\n# Why it\n# is so\nlong_key = \"a b c\"\n";
        assert_eq!(commented(toml, 9), narrow);
        assert_eq!(commented(toml, 80), toml);
    }

    #[test]
    fn a_line_goes_on_below_its_first_word_and_colours_take_no_room() {
        for (line, fit) in [
            ("  one two three", "  one two\n  three"),
            ("- one two three", "- one two\n  three"),
            (
                "\x1b[31m- one two three\x1b[0m",
                "\x1b[31m- one two\n  three\x1b[0m",
            ),
            (
                "  [\x1b[31mone\x1b[0m] two x",
                "  [\x1b[31mone\x1b[0m] two\n  x",
            ),
            (
                "  \x1b[2m漢漢漢漢漢漢\x1b[0m",
                "  \x1b[2m漢漢漢漢\n  漢漢\x1b[0m",
            ),
            ("one-long-name-that-stays", "one-long-name-that-stays"),
        ] {
            let found = fitted_line(line, 11);
            assert_eq!(found, fit, "{line:?}");
        }
    }

    #[test]
    fn no_line_is_too_wide_where_words_may_break() {
        for text in [
            "word ".repeat(60),
            "漢".repeat(200),
            "a".repeat(79) + " bc",
            String::new(),
        ] {
            let out = paragraph(&text, "    ", Long::Breaks);
            assert!(out.lines().all(|line| line.width() <= WIDTH), "{out}");
            let kept: String = out.split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
