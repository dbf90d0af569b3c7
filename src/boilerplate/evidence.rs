//! What is known about each line of a page before anything is decided.
//!
//! A [`Reading`] is the page with its evidence: shapes, phrases, zones. Rules
//! read it and never change it. What the line model thinks of a line is no part
//! of it: the model reads the page as the rules have left it (`judge`).

use super::filled::goes_on;
use super::matcher::{LONGEST, Matcher};
use super::phrase::{Fit, Origin, Position, Risk};
use super::phrase_on_line::{Phrase, weigh};
use super::shape::{Ending, Shape, words};
use super::site::{Known, Site};
use super::user::User;
use super::zones::Zones;
use crate::document::{Finding, Kind, Page, Span};
use crate::text::fold::fold_into;
use crate::text::hash;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// A page and what is known about its lines.
pub(super) struct Reading<'p> {
    pub(super) lines: Vec<Seen<'p>>,
    pub(super) zones: Zones,
    /// The line that is the page's headline.
    pub(super) headline: usize,
    /// Whether the title says that it is.
    pub(super) titled: bool,
    /// Whether the text is wrapped at a fixed width: its lines are no units.
    pub(super) wrapped: bool,
    pub(super) matcher: &'p Matcher,
    /// What the user adds and keeps.
    pub(super) user: Option<&'p User>,
    /// The last sentence that is said, once somebody asks.
    last_said: OnceCell<Option<usize>>,
    /// The first two sure phrases behind the body, once somebody asks.
    tail_anchors: OnceCell<[Option<usize>; 2]>,
    /// Whether the text is one about rights, once somebody asks.
    pub(super) legal: OnceCell<bool>,
    /// Where each text stands last, by its hash, once somebody asks.
    last_places: OnceCell<FxHashMap<u64, usize>>,
}

/// One line and what is known about it.
pub(super) struct Seen<'p> {
    pub(super) text: &'p str,
    /// The trimmed text's place.
    pub(super) span: Span,
    pub(super) shape: Shape,
    /// The phrase it is, starts with or contains.
    pub(super) phrase: Option<Phrase<'p>>,
    /// Whether the user keeps the line.
    pub(super) kept: bool,
    /// How it recurs across its site.
    pub(super) site: Option<Box<Known<'p>>>,
    /// Whether another desk has taken it out already.
    pub(super) taken: bool,
    /// Whether a blank line stands before it.
    pub(super) apart: bool,
}
impl Seen<'_> {
    /// Returns whether the line reads like part of a body: a sentence, and no phrase.
    pub(super) fn sentence(&self) -> bool {
        self.shape.ending == Ending::Stop && !self.sure()
    }

    /// Returns whether the line is a low-risk phrase.
    pub(super) fn sure(&self) -> bool {
        self.phrase.is_some_and(|phrase| phrase.risk == Risk::Low)
    }
}

impl<'p> Reading<'p> {
    /// Returns whether sentences follow a line: a page's own notice is the last that is said on it.
    pub(super) fn said_after(&self, at: usize) -> bool {
        let last = self.last_said.get_or_init(|| {
            self.lines.iter().rposition(|seen| {
                !seen.taken && seen.phrase.is_none() && seen.sentence() && seen.shape.width >= 40
            })
        });
        last.is_some_and(|last| last > at)
    }

    /// Returns whether `text` is a whole line from line `from` on.
    pub(super) fn stands_from(&self, from: usize, text: &str) -> bool {
        let places = self.last_places.get_or_init(|| {
            let lines = self.lines.iter().enumerate();
            lines
                .map(|(at, seen)| (hash::word(seen.text.as_bytes()), at))
                .collect()
        });
        places
            .get(&hash::word(text.as_bytes()))
            .is_some_and(|last| *last >= from)
    }

    /// Reads `page`; the lines of `taken` count as gone.
    pub(super) fn new(
        page: &Page<'p>,
        taken: &[Finding],
        matcher: &'p Matcher,
        user: Option<&'p User>,
        site: Option<&'p Site>,
    ) -> Self {
        let mut lines: Vec<Seen<'p>> = Vec::with_capacity(page.lines.len());
        let mut folded = String::new();
        let mut gone = taken.iter().peekable();
        let mut end = 0;
        for line in &page.lines {
            while gone
                .peek()
                .is_some_and(|finding| finding.span.end <= line.span.start)
            {
                gone.next();
            }
            // A part of a line that goes leaves the line.
            let from = line.text.as_ptr() as usize - page.text.as_ptr() as usize;
            let span = Span::new(from, from + line.text.len());
            let taken = gone.peek().is_some_and(|finding| {
                finding.span.start <= span.start && span.end <= finding.span.end
            });
            let shape = Shape::of(line.text);
            let mut phrase = None;
            let kept = user.is_some_and(|user| user.keeps(line.text));
            // A longer line is none of the table's phrases: few characters of theirs take four bytes.
            if !taken
                && !kept
                && line.text.len() <= 3 * LONGEST
                && (line.text.len() <= LONGEST || line.text.chars().nth(LONGEST).is_none())
            {
                fold_into(line.text, &mut folded);
                let find = |matcher: &'p Matcher| {
                    let hit = matcher.find(&folded)?;
                    weigh(hit, line.text, shape)
                };
                phrase = find(matcher);
                if let Some(own) = user.and_then(|user| find(user.phrases())) {
                    phrase = Some(own.or_surer(phrase));
                }
            }
            let mut known = None;
            if let Some(site) = site
                && !taken
            {
                fold_into(line.text, &mut folded);
                known = site.of_line(&folded).map(Box::new);
            }
            lines.push(Seen {
                text: line.text,
                span,
                shape,
                phrase,
                kept,
                site: known,
                taken,
                apart: page
                    .text
                    .get(end..line.span.start)
                    .is_some_and(|gap| gap.bytes().filter(|byte| *byte == b'\n').count() > 1),
            });
            end = line.span.end;
        }
        let wrapped = hold_wrapped(&mut lines);
        let (headline, titled) = headline(&lines, page.title);
        let zones = Zones::of(&lines, headline);
        if user.is_some() {
            hold_places(&mut lines, &zones);
        }
        Self {
            lines,
            zones,
            headline,
            titled,
            wrapped,
            matcher,
            user,
            last_said: OnceCell::new(),
            tail_anchors: OnceCell::new(),
            legal: OnceCell::new(),
            last_places: OnceCell::new(),
        }
    }

    /// Returns whether `at` is the page's first line and may be its headline.
    pub(super) fn opens(&self, at: usize) -> bool {
        at <= self.headline && self.before(at).is_none()
    }

    /// Returns whether a line beside `at` is a phrase too.
    pub(super) fn beside(&self, at: usize) -> bool {
        [self.before(at), self.after(at)]
            .into_iter()
            .flatten()
            .any(|line| line != self.headline && self.lines[line].phrase.is_some())
    }

    /// Returns a sure phrase that a row of phrases joins with `at`, at most `reach` lines away.
    ///
    /// The anchor must be of the same family as `kind`: a form's field goes
    /// with a form, a network's name with a share bar.
    pub(super) fn anchor(&self, at: usize, reach: usize, kind: Kind) -> Option<usize> {
        let anchors = |line: usize| {
            self.lines[line].phrase.is_some_and(|phrase| {
                phrase.risk == Risk::Low
                    && !phrase.single
                    && related(phrase.kind, kind)
                    && phrase.hit.row.fit != Fit::Contains
            })
        };
        let walk = |step: &dyn Fn(usize) -> Option<usize>| {
            let mut line = at;
            for _ in 0..reach {
                line = step(line)?;
                if line == self.headline || self.lines[line].phrase.is_none() {
                    return None;
                }
                if anchors(line) {
                    return Some(line);
                }
            }
            None
        };
        walk(&|line| self.before(line)).or_else(|| walk(&|line| self.after(line)))
    }

    /// Returns whether `at` is a piece of a sentence that a system broke at its links: it goes on
    /// from the line before, or the line after goes on from it.
    pub(super) fn broken(&self, at: usize) -> bool {
        let goes_on = |line: usize| {
            self.lines.get(line).is_some_and(|seen| {
                !seen.apart
                    && seen.text.starts_with(|c: char| {
                        c.is_lowercase() || matches!(c, ',' | '.' | ';' | ')')
                    })
            })
        };
        goes_on(at) || goes_on(at + 1)
    }

    /// Returns whether `at` is one of at least three different phrases within six lines.
    pub(super) fn in_row(&self, at: usize) -> bool {
        if self.lines[at].phrase.is_none() {
            return false;
        }
        (at.saturating_sub(5)..=at).any(|from| {
            let window = &self.lines[from..self.lines.len().min(from + 6)];
            let mut texts = window
                .iter()
                .enumerate()
                .filter(|(line, seen)| {
                    from + line != self.headline && !seen.taken && seen.phrase.is_some()
                })
                .map(|(_, seen)| seen.text);
            let Some(one) = texts.next() else {
                return false;
            };
            let Some(two) = texts.find(|text| *text != one) else {
                return false;
            };
            texts.any(|text| text != one && text != two)
        })
    }

    /// Returns whether a sure phrase stands between the body's end and `at`, or just after it.
    pub(super) fn tail_anchor(&self, at: usize) -> bool {
        let sure = |line: &usize| {
            let seen = &self.lines[*line];
            let low = |phrase: Phrase<'_>| phrase.risk == Risk::Low && !phrase.single;
            !seen.taken && seen.phrase.is_some_and(low)
        };
        let Some((_, last)) = self.zones.body else {
            let next = at + 1..self.lines.len().min(at + 3);
            return next.into_iter().any(|line| sure(&line));
        };
        let anchors = self.tail_anchors.get_or_init(|| {
            let mut sure = (last + 1..self.lines.len()).filter(sure);
            [sure.next(), sure.next()]
        });
        let other = anchors.iter().flatten().find(|line| **line != at);
        other.is_some_and(|line| *line < at + 3)
    }

    /// Returns whether `at` may be the headword of a glossary, or one of several subheads: a
    /// single word, a sentence under it, and then another label with its sentence.
    pub(super) fn headword(&self, at: usize) -> bool {
        let label = |line: usize| {
            let seen = &self.lines[line];
            seen.shape.ending == Ending::Open && seen.shape.width <= 40 && words(seen.text) <= 3
        };
        let sentence = |line: usize| self.lines[line].shape.ending == Ending::Stop;
        let pair = |line: usize| {
            let below = self.after(line)?;
            (label(line) && sentence(below)).then_some(below)
        };
        if words(self.lines[at].text) > 2 {
            return false;
        }
        let other =
            |line: usize| line != self.headline && self.lines[line].text != self.lines[at].text;
        let Some(below) = pair(at) else { return false };
        let next = self
            .after(below)
            .is_some_and(|line| other(line) && pair(line).is_some());
        let previous = self
            .before(at)
            .filter(|&line| sentence(line))
            .and_then(|line| self.before(line))
            .is_some_and(|line| other(line) && label(line));
        next || previous
    }

    /// Returns the nearest line before `at` that is not taken.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|&line| !self.lines[line].taken)
    }

    /// Returns the nearest line after `at` that is not taken.
    pub(super) fn after(&self, at: usize) -> Option<usize> {
        (at + 1..self.lines.len()).find(|&line| !self.lines[line].taken)
    }
}

/// Returns whether two kinds print in one row.
fn related(one: Kind, other: Kind) -> bool {
    let family = |kind: Kind| match kind {
        Kind::CommentForm | Kind::Login | Kind::Newsletter => 1,
        Kind::Share | Kind::PrintEmail | Kind::FollowUs | Kind::App => 2,
        Kind::SkipNav | Kind::Search => 3,
        Kind::Cookie | Kind::ErrorJs | Kind::Copyright => 4,
        Kind::Related | Kind::Pagination | Kind::TagsCategories => 5,
        _ => 0,
    };
    // "Share this", "Print", "Comments" and "Related" stand side by side.
    family(one) == family(other)
        || family(other) == 0
        || matches!((family(one), family(other)), (2, 1 | 5) | (1 | 3 | 5, 2))
}
/// Lets go of the user's phrases that stand where their rows do not look for them.
fn hold_places(lines: &mut [Seen<'_>], zones: &Zones) {
    for (at, seen) in lines.iter_mut().enumerate() {
        let elsewhere = seen.phrase.is_some_and(|phrase| {
            let row = phrase.hit.row;
            row.origin == Origin::User
                && match row.position {
                    Position::Head => !zones.head(at),
                    Position::Tail => !zones.tail(at),
                    Position::Any => false,
                }
        });
        if elsewhere {
            seen.phrase = None;
        }
    }
}

/// Lets go of phrases that are lines of a hard-wrapped paragraph.
///
/// In a text wrapped at a fixed width, a line's words are part of a sentence
/// that began on the line before: only what stands apart can be furniture.
fn hold_wrapped(lines: &mut [Seen<'_>]) -> bool {
    let close = lines.windows(2).filter(|pair| !pair[1].apart).count();
    let run_on = lines.windows(2).filter(|pair| goes_on(pair)).count();
    if run_on * 4 < close.max(4) {
        return false;
    }
    let free: Vec<bool> = (0..lines.len())
        .map(|at| {
            let loner = |other: Option<&Seen<'_>>, apart: bool| {
                apart || other.is_none_or(|seen| seen.phrase.is_some() || seen.taken)
            };
            let after = lines.get(at + 1);
            loner(
                at.checked_sub(1).and_then(|before| lines.get(before)),
                lines[at].apart,
            ) && loner(after, after.is_none_or(|seen| seen.apart))
        })
        .collect();
    for (seen, free) in lines.iter_mut().zip(free) {
        if !free {
            seen.phrase = None;
        }
    }
    true
}

/// Returns the line that is the headline: the first that says what the title says, else the first.
fn headline(lines: &[Seen<'_>], title: Option<&str>) -> (usize, bool) {
    let first = lines.iter().position(|seen| !seen.taken).unwrap_or(0);
    let Some(title) = title else {
        return (first, false);
    };
    let (mut one, mut other) = (String::new(), String::new());
    fold_into(title, &mut one);
    lines
        .iter()
        .enumerate()
        .take(12)
        .filter(|(_, seen)| {
            // Folding changes a length little; the cheap test first.
            !seen.taken
                && seen.text.len() <= title.len() * 5 / 4 + 8
                && seen.text.len() * 5 / 2 + 8 > title.len()
        })
        .find(|(_, seen)| {
            fold_into(seen.text, &mut other);
            other.len() > 3
                && (one == other
                    || one.len() > 12 && one.starts_with(&other) && other.len() * 2 > one.len())
        })
        .map_or((first, false), |(at, _)| (at, true))
}
