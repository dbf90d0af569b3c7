//! The headlines desk: the headline stands once.
//!
//! What a page's headline is, the title field says, or else the text's first
//! line. The first whole copy in the text stays; one that carries the site's
//! name or a breadcrumb gives way to a bare one before the body. Other copies go
//! where a system prints them: beside the first, anywhere before the body, or after the
//! body's end. A sentence of the body that says the same as the headline is
//! the author's and stays, and so do refrains, table rows and dialogue: where a
//! text is made of short lines, a line that comes back is taken for a refrain.
//!
//! Copies need not be equal: case, punctuation, quotes and a site's name
//! behind a bar may differ, a copy may be wrapped over two lines, cut with "…",
//! or stand behind a breadcrumb, and a typing error may have been mended in
//! one of them. Numbers may not differ.

pub mod examples;
mod key;
mod likeness;
#[cfg(test)]
mod tests;

use crate::document::{Finding, Kind, Page, Span, Why};
use crate::settings::HeadlineSettings;
use key::Key;
use likeness::Likeness;
use std::cell::OnceCell;
use std::ops::Range;

/// How many lines the head of a page has at most.
const HEAD: usize = 16;
/// The longest line, in bytes, that may be a headline.
const LONGEST: usize = 600;

/// Finds the copies of the headline that go, ascending; a finding covers a
/// line's trimmed text.
pub fn repeated_headlines(page: &Page<'_>, settings: &HeadlineSettings) -> Vec<Finding> {
    if !settings.enabled || page.lines.len() < 2 {
        return Vec::new();
    }
    let desk = Desk::new(page, settings);
    desk.find()
}

struct Desk<'p> {
    page: &'p Page<'p>,
    settings: &'p HeadlineSettings,
    /// The first and the last long sentence, once somebody asks.
    body: OnceCell<Option<(usize, usize)>>,
}

impl<'p> Desk<'p> {
    fn new(page: &'p Page<'p>, settings: &'p HeadlineSettings) -> Self {
        Self {
            page,
            settings,
            body: OnceCell::new(),
        }
    }

    fn body(&self) -> Option<(usize, usize)> {
        *self.body.get_or_init(|| body(self.page))
    }

    fn find(&self) -> Vec<Finding> {
        let lines = &self.page.lines;
        let head = lines.len().min(HEAD);
        // The cheap test first: does any line look as if it said the title?
        let title = self
            .page
            .title
            .filter(|title| {
                title.len() <= LONGEST && lines[..head].iter().any(|line| alike(title, line.text))
            })
            .map(Key::new)
            .filter(Key::telling);
        let key = |at: usize, headline: &Key| {
            may_repeat(lines[at].text, headline).then(|| Key::new(lines[at].text))
        };
        let by_title = title.and_then(|title| {
            // The first whole copy stays, but one with a site's name or a breadcrumb gives
            // way to a bare one before the body.
            let mut kept: Option<(Range<usize>, usize)> = None;
            for at in 0..head {
                let found = key(at, &title);
                let likeness = found
                    .as_ref()
                    .and_then(|key| key.likeness(&title, self.settings.similarity));
                match (&kept, found, likeness) {
                    (_, _, None | Some(Likeness::Cut)) => {}
                    (None, Some(found), Some(Likeness::Same | Likeness::Core)) => {
                        kept = Some((at..at + 1, found.text().len()));
                        continue;
                    }
                    (None, ..) => return Some((at..at + 1, title, true)),
                    (Some((_, length)), Some(found), Some(Likeness::Same | Likeness::Core))
                        if found.text().len() < *length
                            && self.body().is_some_and(|(first, _)| at < first) =>
                    {
                        kept = Some((at..at + 1, found.text().len()));
                    }
                    _ => {}
                }
                if kept.is_none()
                    && let Some(next) = lines.get(at + 1).filter(|_| at + 1 < head)
                    && wraps(lines[at].text, next.text, &title)
                {
                    return Some((at..at + 2, title, true));
                }
            }
            Some((kept?.0, title, true))
        });
        let Some((kept, headline, titled)) = by_title.or_else(|| {
            let first = lines.first().filter(|line| line.text.len() <= LONGEST)?;
            let reach = if self.page.title.is_some() { 2 } else { head };
            if !lines[1..reach.min(head)]
                .iter()
                .any(|line| alike(first.text, line.text))
            {
                return None;
            }
            self.body()?;
            let first = Key::new(first.text);
            first.telling().then_some((0..1, first, false))
        }) else {
            return Vec::new();
        };
        // A copy is one of the title or of the line that is kept.
        let own = match &lines[kept.clone()] {
            [one] => Key::new(one.text),
            wrapped => {
                let parts: Vec<&str> = wrapped.iter().map(|line| line.text).collect();
                Key::new(&parts.join(" "))
            }
        };
        let body = self.body();
        let mut found = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            // Where the title is another, the first line is a headline only if it stands twice.
            let in_head = at < head
                && (titled || self.page.title.is_none())
                && body.is_some_and(|(first, _)| at < first);
            // Behind the body only the title's own words are known for the headline's.
            let in_tail = titled && body.is_some_and(|(_, last)| at > last);
            let beside = at == kept.end && (body.is_some() || headline.words() >= 4);
            if kept.contains(&at) || !(in_head || in_tail || beside) {
                at += 1;
                continue;
            }
            let likeness = [&headline, &own]
                .into_iter()
                .filter_map(|headline| {
                    key(at, headline)?.likeness(headline, self.settings.similarity)
                })
                .max();
            let stands = match likeness {
                Some(Likeness::Cut) => in_head,
                Some(Likeness::Near) => in_head || beside,
                Some(_) => true,
                None => false,
            };
            if let Some(likeness) = likeness
                && stands
            {
                found.push(self.finding(at, likeness.words(), titled));
            } else if in_head
                && at + 1 < lines.len()
                && !kept.contains(&(at + 1))
                && wraps(lines[at].text, lines[at + 1].text, &headline)
            {
                found.push(self.finding(at, "the same, wrapped over two lines", titled));
                found.push(self.finding(at + 1, "the same, wrapped over two lines", titled));
                at += 1;
            }
            at += 1;
        }
        found
    }

    fn finding(&self, at: usize, how: &str, titled: bool) -> Finding {
        let line = &self.page.lines[at];
        let from = line.text.as_ptr() as usize - self.page.text.as_ptr() as usize;
        let of = if titled {
            "the title"
        } else {
            "the first line"
        };
        Finding {
            span: Span::new(from, from + line.text.len()),
            why: Why {
                rule: examples::NAME.into(),
                kind: Kind::Headline,
                evidence: format!("copy of {of}: {how}"),
                score: None,
            },
        }
    }
}

/// Returns whether a line's length and first or last letters let it repeat the headline: the
/// cheap test before the dear one.
fn may_repeat(line: &str, headline: &Key) -> bool {
    let (length, whole) = (line.len(), headline.bytes());
    if length > whole * 3 / 2 + 120 || length * 5 < whole * 2 || length > 2 * LONGEST {
        return false;
    }
    if length > whole + whole / 5
        && !line.contains([
            '|', '-', '»', '>', '›', '/', '→', '·', '•', ':', '–', '—', '«', '‹',
        ])
    {
        return false;
    }
    !prose(line, whole) && (headline.starts_like(line) || steps(line))
}

/// Returns whether a breadcrumb's mark stands in the line.
fn steps(line: &str) -> bool {
    let bytes = line.as_bytes();
    let spaced = |at: usize, mark: &str| {
        at > 0 && bytes[at - 1] == b' ' && bytes[at..].starts_with(mark.as_bytes())
    };
    memchr::memchr3_iter(b'>', b'|', b'/', bytes)
        .any(|at| spaced(at, "") && bytes.get(at + 1) == Some(&b' '))
        || memchr::memchr2_iter(0xc2, 0xe2, bytes)
            .any(|at| ["» ", "› ", "→ "].iter().any(|mark| spaced(at, mark)))
}

/// Returns whether `line` may repeat `headline`, by length and beginning.
fn alike(headline: &str, line: &str) -> bool {
    line.len() <= headline.len() * 3 / 2 + 120
        && line.len() * 5 >= headline.len() * 2
        && !prose(line, headline.len())
        && (starts_alike(headline, line) || steps(line))
}

/// Returns whether `line` is a sentence too long to be a headline of `length` bytes: a site's
/// name, which is what makes copies longer, ends in no stop.
fn prose(line: &str, length: usize) -> bool {
    line.len() > length + length / 5 + 8 && ends_in_stop(line)
}

/// Returns whether both lines begin with the same two letters, in any case; where one has no
/// second letter, nobody knows.
fn starts_alike(one: &str, other: &str) -> bool {
    let mut one = one.chars().filter(|c| c.is_alphanumeric());
    let mut other = other.chars().filter(|c| c.is_alphanumeric());
    (0..2).all(|_| match (one.next(), other.next()) {
        (Some(one), Some(other)) if one.is_ascii() && other.is_ascii() => {
            one.eq_ignore_ascii_case(&other)
        }
        (Some(one), Some(other)) => {
            // Letters that folding makes one: Arabic yeh and kaf, Greek, the Turkish i.
            let shifty = |c: char| matches!(c, 'ي' | 'ى' | 'ی' | 'ك' | 'ک' | 'ё' | 'Ё' | 'İ' | 'ı' | 'ß' | '\u{370}'..='\u{3ff}' | '\u{ff00}'..='\u{ffef}');
            one == other || shifty(one) || shifty(other) || one.to_lowercase().eq(other.to_lowercase())
        }
        _ => true,
    })
}

/// Returns whether two lines together are the headline.
fn wraps(first: &str, second: &str, headline: &Key) -> bool {
    let length = first.len() + second.len() + 1;
    if length > headline.bytes() * 3 / 2
        || length * 3 / 2 < headline.bytes()
        || headline.words() < 4
    {
        return false;
    }
    Key::new(&format!("{first} {second}")).same(headline)
}

/// Returns the first and the last line, the opening line aside, that is a long sentence.
fn body(page: &Page<'_>) -> Option<(usize, usize)> {
    let first = page.lines.first().map_or("", |line| line.text);
    let long = |bar: usize| {
        move |at: &usize| {
            let text = page.lines[*at].text;
            *at > 0
                && text.len() >= bar
                && text != first
                && page.title != Some(text)
                && ends_in_stop(text)
        }
    };
    [80, 40].into_iter().find_map(|bar| {
        let start = (0..page.lines.len()).find(long(bar))?;
        let end = (0..page.lines.len()).rev().find(long(bar))?;
        Some((start, end))
    })
}

fn ends_in_stop(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』'])
        .ends_with([
            '.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟', '။', '።', '៖',
        ])
}
