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
//! What leads to the headline goes with its copies: a breadcrumb, whether on one
//! line or with a step a line. A headline that is glued to the first paragraph
//! is cut out of it where it stands alone on a line as well. Of a standfirst
//! that the first paragraph says again, the paragraph stays.
//!
//! Copies need not be equal: case, punctuation, quotes and a site's name
//! behind a bar may differ, a copy may be wrapped over two lines, cut with "…",
//! or stand behind a breadcrumb, and a typing error may have been mended in
//! one of them. Numbers may not differ.

pub mod examples;
mod glued;
mod key;
mod likeness;
mod standfirst;
#[cfg(test)]
mod tests;
mod trail;

use crate::document::{Finding, Kind, Page, Span, Why};
use crate::settings::HeadlineSettings;
use key::Key;
use likeness::Likeness;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// How many lines the head of a page has at most.
const HEAD: usize = 16;
/// The longest line, in bytes, that may be a headline.
const LONGEST: usize = 600;
/// How many lines may stand over a headline that no title names: the site, the section.
const KICKERS: usize = 4;

/// Finds the copies of the headline and of the standfirst that go, ascending and
/// disjoint; a finding covers a line's trimmed text, or the part of a line where
/// the headline is glued to the first paragraph.
pub fn repeated_headlines(page: &Page<'_>, settings: &HeadlineSettings) -> Vec<Finding> {
    if !settings.enabled || page.lines.len() < 2 {
        return Vec::new();
    }
    let desk = Desk::new(page, settings);
    desk.find()
}

/// The headline of a page, and where it stands.
struct Story {
    /// The line that stays, or the two lines over which it is wrapped.
    kept: Range<usize>,
    /// What the headline says: the title, or the line itself.
    headline: Key,
    /// What the lines that stay say.
    own: Key,
    /// Whether the title says that it is the headline.
    titled: bool,
}

impl Story {
    fn new(page: &Page<'_>, kept: Range<usize>, headline: Key, titled: bool) -> Self {
        // A copy is one of the title or of the line that is kept.
        let own = match &page.lines[kept.clone()] {
            [one] => Key::new(one.text),
            wrapped => {
                let parts: Vec<&str> = wrapped.iter().map(|line| line.text).collect();
                Key::new(&parts.join(" "))
            }
        };
        Self {
            kept,
            headline,
            own,
            titled,
        }
    }
}

/// Returns whether the line is the address of a page: no headline, though it may stand twice.
fn is_address(line: &str) -> bool {
    (line.starts_with("http") || line.starts_with("www.")) && !line.contains(char::is_whitespace)
}

/// Returns the place of `part`, a piece of the page's text.
fn span_of(page: &Page<'_>, part: &str) -> Span {
    let from = part.as_ptr() as usize - page.text.as_ptr() as usize;
    Span::new(from, from + part.len())
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
        let story = self.story();
        let mut found = story
            .as_ref()
            .map_or_else(Vec::new, |story| self.copies(story));
        self.trails(story.as_ref(), &mut found);
        let headline = story.as_ref().map_or(0..1, |story| story.kept.clone());
        if let Some((first, _)) = self.body() {
            found.extend(glued::glued_headline(self.page, headline.clone(), first));
        }
        found.extend(standfirst::repeated_standfirst(self.page, headline, &found));
        found.sort_by_key(|finding| finding.span);
        found
    }

    /// Returns the key of the line, unless its length or beginning tells that it is no copy.
    fn key(&self, at: usize, headline: &Key) -> Option<Key> {
        let line = self.page.lines[at].text;
        may_repeat(line, headline).then(|| Key::new(line))
    }

    /// Returns the headline and where it stands, if it may stand again.
    fn story(&self) -> Option<Story> {
        self.titled_story().or_else(|| self.untitled_story())
    }

    /// Returns the story whose headline the title field says.
    fn titled_story(&self) -> Option<Story> {
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
            .filter(Key::telling)?;
        let story = |kept: Range<usize>, title: Key| Story::new(self.page, kept, title, true);
        // The first whole copy stays, but one with a site's name or a breadcrumb gives
        // way to a bare one before the body.
        let mut kept: Option<(Range<usize>, usize)> = None;
        for at in 0..head {
            let found = self.key(at, &title);
            let likeness = found
                .as_ref()
                .and_then(|key| key.likeness(&title, self.settings.similarity));
            match (&kept, found, likeness) {
                (_, _, None | Some(Likeness::Cut)) => {}
                (None, Some(found), Some(Likeness::Same | Likeness::Core)) => {
                    kept = Some((at..at + 1, found.text().len()));
                    continue;
                }
                (None, ..) => return Some(story(at..at + 1, title)),
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
                return Some(story(at..at + 2, title));
            }
        }
        Some(story(kept?.0, title))
    }

    /// Returns the story whose headline stands twice, though no title says so: the first line, or
    /// one below the site's name that stands twice in a row.
    fn untitled_story(&self) -> Option<Story> {
        let lines = &self.page.lines;
        let reach = if self.is_untitled() { HEAD } else { 2 };
        let below = |at: usize| {
            let line = lines[at].text;
            if line.len() > LONGEST || is_address(line) {
                return None;
            }
            let last = if at == 0 { reach } else { at + 2 };
            let rest = lines.get(at + 1..last.min(lines.len()))?;
            if !rest.iter().any(|other| alike(line, other.text)) {
                return None;
            }
            let (first, _) = self.body()?;
            let key = Key::new(line);
            let stands = key.telling()
                && (at == 0
                    || key.long() && at + 1 < first && key.same(&Key::new(lines[at + 1].text)));
            // Of two in a row the bare one stays.
            let next = Key::new(lines[at + 1].text);
            let bare = at + 1 < first
                && next.telling()
                && next.text().len() < key.text().len()
                && next.same(&key);
            stands.then(|| {
                let (kept, key) = if bare { (at + 1, next) } else { (at, key) };
                Story::new(self.page, kept..kept + 1, key, false)
            })
        };
        let deepest = if self.is_untitled() { KICKERS } else { 1 };
        (0..deepest.min(lines.len())).find_map(below)
    }

    /// Returns whether the record has no title, or one so short that it may be the site's name:
    /// it stands nowhere in the text.
    fn is_untitled(&self) -> bool {
        self.page
            .title
            .is_none_or(|title| title.split_whitespace().count() <= 4 && title.is_ascii())
    }

    /// Returns the copies of the headline that go.
    fn copies(&self, story: &Story) -> Vec<Finding> {
        let lines = &self.page.lines;
        let head = lines.len().min(HEAD);
        let Story {
            kept,
            headline,
            own,
            titled,
        } = story;
        let titled = *titled;
        let body = self.body();
        let mut found = Vec::new();
        // Where the headline and the copies right below it end.
        let mut edge = kept.end;
        let mut at = 0;
        while at < lines.len() {
            // Where the title is another, the first line is a headline only if it stands twice.
            let in_head = at < head
                && (titled || self.is_untitled())
                && body.is_some_and(|(first, _)| at < first)
                && (titled || at < kept.end || !self.said_between(kept.start, at));
            // Behind the body only the title's own words are known for the headline's.
            let in_tail = titled && body.is_some_and(|(_, last)| at > last);
            let next_to = at == edge || !titled && at + 1 == kept.start;
            let beside = next_to && (body.is_some() || headline.words() >= 4);
            if kept.contains(&at) || !(in_head || in_tail || beside) {
                at += 1;
                continue;
            }
            let likeness = [headline, own]
                .into_iter()
                .filter_map(|headline| {
                    self.key(at, headline)?
                        .likeness(headline, self.settings.similarity)
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
                && (titled || !self.runs_on(kept.start, at))
            {
                found.push(self.finding(at, likeness.words(), titled));
                edge = if at == edge { at + 1 } else { edge };
            } else if in_head
                && at + 1 < lines.len()
                && !kept.contains(&(at + 1))
                && wraps(lines[at].text, lines[at + 1].text, headline)
            {
                found.push(self.finding(at, "the same, wrapped over two lines", titled));
                found.push(self.finding(at + 1, "the same, wrapped over two lines", titled));
                at += 1;
            }
            at += 1;
        }
        found
    }

    /// Returns whether a sentence, or the second line of one, stands from line `from` on and before
    /// line `to`: what comes after it is text.
    fn said_between(&self, from: usize, to: usize) -> bool {
        let mut lines = self.page.lines[from..to].iter();
        lines.any(|line| {
            ends_in_stop(line.text) || line.text.starts_with(|c: char| c.is_lowercase())
        })
    }

    /// Returns whether the line is part of a sentence that is wrapped over lines, where no title
    /// says that it is the headline.
    fn runs_on(&self, kept: usize, at: usize) -> bool {
        let lines = &self.page.lines;
        let small = |line: &str| line.starts_with(|c: char| c.is_lowercase());
        let next = lines.get(at + 1).is_some_and(|next| {
            let gap = &self.page.text[lines[at].span.end..next.span.start];
            gap.matches('\n').count() < 2 && small(next.text)
        });
        next || small(lines[at].text) && !small(lines[kept].text)
    }

    /// Adds the steps of breadcrumbs that lead to the headline or to a copy of it, a line each.
    fn trails(&self, story: Option<&Story>, found: &mut Vec<Finding>) {
        let lines = &self.page.lines;
        let Some((first, _)) = self.body() else {
            return;
        };
        let gone = |at: usize, found: &[Finding]| {
            let span = self.span(at);
            found.iter().any(|finding| finding.span == span)
        };
        let is_headline = |at: usize, found: &[Finding]| {
            gone(at, found) || story.is_some_and(|story| story.kept.contains(&at))
        };
        for at in (1..first.min(HEAD).min(lines.len())).rev() {
            let known = is_headline(at, found);
            if gone(at - 1, found) || known && is_headline(at - 1, found) {
                continue;
            }
            if let Some(start) = trail::start(&self.page.lines, at, known) {
                for step in start..at {
                    let finding = Finding {
                        span: self.span(step),
                        why: Arc::new(Why {
                            rule: examples::NAME.into(),
                            kind: Kind::Headline,
                            evidence: "a step of the breadcrumb above the headline".to_owned(),
                            score: None,
                        }),
                    };
                    found.push(finding);
                }
                return;
            }
        }
    }

    fn span(&self, at: usize) -> Span {
        span_of(self.page, self.page.lines[at].text)
    }

    fn finding(&self, at: usize, how: &str, titled: bool) -> Finding {
        let of = if titled {
            "the title"
        } else {
            "the first line"
        };
        Finding {
            span: self.span(at),
            why: Arc::new(Why {
                rule: examples::NAME.into(),
                kind: Kind::Headline,
                evidence: format!("copy of {of}: {how}"),
                score: None,
            }),
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

/// Returns whether the mark of a breadcrumb, or one behind a site's name, stands in the line.
fn steps(line: &str) -> bool {
    let bytes = line.as_bytes();
    let spaced = |at: usize, mark: &str| {
        at > 0 && bytes[at - 1] == b' ' && bytes[at..].starts_with(mark.as_bytes())
    };
    memchr::memchr3_iter(b'>', b'|', b'/', bytes)
        .chain(memchr::memchr_iter(b'-', bytes))
        .any(|at| spaced(at, "") && bytes.get(at + 1) == Some(&b' '))
        || memchr::memchr2_iter(0xc2, 0xe2, bytes).any(|at| {
            ["» ", "› ", "→ ", "– ", "— ", "· "]
                .iter()
                .any(|mark| spaced(at, mark))
        })
}

/// Returns whether `line` may repeat `headline`, by length and beginning.
fn alike(headline: &str, line: &str) -> bool {
    line.len() <= headline.len() * 3 / 2 + 120
        && line.len() * 5 >= headline.len() * 2
        && !prose(line, headline.len())
        && (starts_alike(headline, line) || steps(line) || steps(headline))
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
        || [first, second]
            .iter()
            .any(|part| !part.contains(char::is_alphanumeric))
    {
        return false;
    }
    // A breadcrumb's last step above the whole headline is no part of it.
    Key::new(&format!("{first} {second}")).same(headline)
        && ![first, second]
            .iter()
            .any(|part| Key::new(part).same(headline))
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
