//! A row of the phrase table, and how a phrase with placeholders fits a line.
//!
//! A row is a fact: this kind of system, in this language, prints this phrase.
//! `{…}` in a phrase stands for any short text, `{n}` for a number. Phrases and
//! lines are folded alike (see `text::fold`) before they are compared.

use crate::document::Kind;
use crate::text::fold::fold;
use std::borrow::Cow;

pub(super) use crate::settings::{Fit, Position, Risk};

/// Whose row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The table's.
    Shipped,
    /// The user's.
    User,
}

/// One row of the table, small enough for every line to have one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) entry: &'r Entry,
    pub(super) kind: Kind,
    pub(super) fit: Fit,
    pub(super) risk: Risk,
    pub(super) position: Position,
    pub(super) origin: Origin,
}

impl<'r> Row<'r> {
    /// Returns the phrase.
    pub(super) fn phrase(self) -> &'r str {
        &self.entry.phrase
    }

    /// Returns its language.
    pub(super) fn language(self) -> &'r str {
        &self.entry.language
    }
}

/// A row that holds its words.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) language: Cow<'static, str>,
    pub(super) phrase: Cow<'static, str>,
    pub(super) fit: Fit,
    pub(super) risk: Risk,
    pub(super) position: Position,
    pub(super) origin: Origin,
}

impl Entry {
    /// Returns the row.
    pub(super) fn row(&self) -> Row<'_> {
        Row {
            entry: self,
            kind: self.kind,
            fit: self.fit,
            risk: self.risk,
            position: self.position,
            origin: self.origin,
        }
    }
}

/// The table: one file a kind.
const TABLES: [&str; 20] = [
    include_str!("phrases/ad.tsv"),
    include_str!("phrases/app_promo.tsv"),
    include_str!("phrases/byline_generic.tsv"),
    include_str!("phrases/caption_credit.tsv"),
    include_str!("phrases/comment_form.tsv"),
    include_str!("phrases/cookie.tsv"),
    include_str!("phrases/copyright.tsv"),
    include_str!("phrases/error_js.tsv"),
    include_str!("phrases/follow_us.tsv"),
    include_str!("phrases/login.tsv"),
    include_str!("phrases/newsletter.tsv"),
    include_str!("phrases/other.tsv"),
    include_str!("phrases/pagination.tsv"),
    include_str!("phrases/paywall.tsv"),
    include_str!("phrases/print_email.tsv"),
    include_str!("phrases/related.tsv"),
    include_str!("phrases/search.tsv"),
    include_str!("phrases/share.tsv"),
    include_str!("phrases/skip_nav.tsv"),
    include_str!("phrases/tags_categories.tsv"),
];

/// Returns every row of the shipped tables; a row that cannot be read is left
/// out, and a test sees that there is none.
pub(super) fn shipped() -> impl Iterator<Item = Entry> {
    TABLES
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(parse)
}

/// Reads one line of a table.
fn parse(line: &'static str) -> Option<Entry> {
    let mut fields = line.split('\t');
    let kind = match fields.next()? {
        "ad" => Kind::Advertisement,
        "app_promo" => Kind::App,
        name => Kind::from_name(name)?,
    };
    let language = fields.next()?;
    let phrase = fields.next()?;
    let fit = match fields.next()? {
        "line" => Fit::Line,
        "prefix" => Fit::Prefix,
        "contains" => Fit::Contains,
        _ => return None,
    };
    let risk = match fields.next()? {
        "low" => Risk::Low,
        "medium" => Risk::Medium,
        "high" => Risk::High,
        _ => return None,
    };
    let position = match fields.next()? {
        "head" => Position::Head,
        "tail" => Position::Tail,
        "any" => Position::Any,
        _ => return None,
    };
    Some(Entry {
        kind,
        language: Cow::Borrowed(language),
        phrase: Cow::Borrowed(phrase),
        fit,
        risk,
        position,
        origin: Origin::Shipped,
    })
}

/// A piece of a phrase with placeholders, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// These words.
    Words(Box<str>),
    /// Any text of at most [`REACH`] characters.
    Any,
    /// A number.
    Number,
}

/// The longest text that `{…}` may stand for, in characters.
pub(super) const REACH: usize = 60;

/// Splits a phrase at its placeholders and folds the words between them.
pub(super) fn pieces(phrase: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = phrase;
    let words = |text: &str, out: &mut Vec<Piece>| {
        // Outer white space counts inside a phrase: "by {…}" is not "by{…}".
        let folded = fold(text);
        let mut held = String::new();
        if !out.is_empty() && text.starts_with(char::is_whitespace) {
            held.push(' ');
        }
        held.push_str(&folded);
        if text.ends_with(char::is_whitespace) && !held.ends_with(' ') {
            held.push(' ');
        }
        if !held.is_empty() {
            out.push(Piece::Words(held.into()));
        }
    };
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        words(&rest[..open], &mut out);
        out.push(if &rest[open..=open + close] == "{n}" {
            Piece::Number
        } else {
            Piece::Any
        });
        rest = &rest[open + close + 1..];
    }
    words(rest, &mut out);
    out
}

/// Returns whether the folded `line` is these pieces, or starts with them.
pub(super) fn fits(pieces: &[Piece], line: &str, fit: Fit) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return line.is_empty() || fit == Fit::Prefix;
    };
    match first {
        Piece::Words(words) => {
            if let Some(after) = line.strip_prefix(&**words) {
                return fits(rest, after, fit);
            }
            // The white space before a placeholder that stands for nothing may be gone.
            rest.iter().all(|piece| *piece == Piece::Any)
                && fit == Fit::Line
                && line == words.trim_end()
                && !rest.is_empty()
        }
        Piece::Number => {
            let length = number(line);
            length > 0 && fits(rest, &line[length..], fit)
        }
        Piece::Any => match rest.first() {
            None => fit == Fit::Prefix || line.chars().nth(REACH).is_none(),
            Some(Piece::Words(words)) => {
                let mut from = 0;
                while let Some(found) = line[from..].find(&**words) {
                    let at = from + found;
                    if line[..at].chars().nth(REACH).is_some() {
                        return false;
                    }
                    if at > 0 && fits(rest, &line[at..], fit) {
                        return true;
                    }
                    from = at + line[at..].chars().next().map_or(1, char::len_utf8);
                    if from >= line.len() {
                        return false;
                    }
                }
                false
            }
            Some(_) => line
                .char_indices()
                .take(REACH)
                .any(|(at, _)| fits(rest, &line[at..], fit)),
        },
    }
}

/// Returns the length in bytes of the number that `text` starts with, or 0.
///
/// Digits of any script, grouped by points, commas, apostrophes or narrow
/// spaces, with an optional k or m ("1.2k").
pub(super) fn number(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, character)) = chars.next() {
        if character.is_numeric() {
            end = at + character.len_utf8();
        } else if end > 0
            && matches!(character, '.' | ',' | '\'' | '٬' | '٫')
            && chars.peek().is_some_and(|(_, next)| next.is_numeric())
        {
        } else if end > 0
            && matches!(character, 'k' | 'm')
            && chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric())
        {
            return at + 1;
        } else {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_shipped_tables_can_be_read() {
        let lines: usize = TABLES.iter().map(|table| table.lines().count() - 1).sum();
        assert_eq!(shipped().count(), lines);
        for table in TABLES {
            let rows: Vec<&str> = table.lines().skip(1).collect();
            let name = rows
                .first()
                .and_then(|row| row.split('\t').next())
                .unwrap_or_default();
            for row in &rows {
                assert!(
                    parse(row).is_some(),
                    "phrases/{name}.tsv: cannot read {row}"
                );
            }
            for pair in rows.windows(2) {
                assert!(
                    pair[0].split('\t').lt(pair[1].split('\t')),
                    "phrases/{name}.tsv: not sorted at {}",
                    pair[1]
                );
            }
        }
    }

    #[test]
    fn placeholders_stand_for_short_text_and_numbers() {
        for (phrase, line, expected) in [
            ("{n} Comments", "12 comments", true),
            ("{n} Comments", "1,204 comments", true),
            ("{n} Comments", "some comments", false),
            ("{n} Comments", "12 comments on the bill", false),
            ("{n} views", "3.4k views", true),
            ("{…} thoughts on “{…}”", "two thoughts on \"rain\"", true),
            ("Page {n} of {n}", "page 2 of 9", true),
            ("Page {n} of {n}", "page 2 of many", false),
            (
                "Required fields are marked {…}",
                "required fields are marked *",
                true,
            ),
            (
                "Required fields are marked {…}",
                "required fields are marked",
                true,
            ),
            ("{…} says:", "hina says:", true),
            ("{…} says:", "says:", false),
        ] {
            assert_eq!(
                fits(&pieces(phrase), line, Fit::Line),
                expected,
                "{phrase} / {line}"
            );
        }
    }
}
