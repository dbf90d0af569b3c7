//! The phrases as people look them up: which of them a line is, and which of them hold a text.

use super::Catalogue;
use super::matcher::Matcher;
use super::phrase::{Fit, Origin, Position, Risk, Row};
use crate::document::Kind;
use crate::text::fold::fold;

/// A phrase of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase<'c> {
    /// What sort of furniture it is.
    pub kind: Kind,
    /// Its language.
    pub language: &'c str,
    /// Its words; `{…}` is a few words, `{n}` a number.
    pub phrase: &'c str,
    /// How much of a line it must be.
    pub fit: Fit,
    /// Whether it could be an author's own words.
    pub risk: Risk,
    /// Where it is printed.
    pub position: Position,
    /// Whether it is the user's.
    pub own: bool,
    /// Whether the text that was looked up is such a line, or holds the phrase as it must.
    pub fits: bool,
}

impl Catalogue {
    /// Returns every phrase that `text`, taken as a line, is or holds, and then those that hold
    /// `text`: of each the surest first, and of these the English before the others.
    ///
    /// Case, accents and punctuation count as they do when a text is cleaned. It says which
    /// phrases there are, and not whether a line would go, which hangs on the page.
    pub fn look_up(&self, text: &str) -> Vec<Phrase<'_>> {
        let folded = fold(text.trim());
        if folded.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Phrase<'_>> = self
            .rows()
            .filter_map(|row| {
                let fits = Matcher::is_on(&row, &folded);
                (fits || fold(row.phrase()).contains(&*folded)).then(|| Phrase::of(row, fits))
            })
            .collect();
        found.sort_by_key(|one| (!one.fits, one.risk, one.language != "en"));
        found
    }

    /// Returns phrases of a kind to show what it is like: the surest of every language in turn,
    /// `most` at most, the English first.
    pub fn samples(&self, kind: Kind, most: usize) -> Vec<Phrase<'_>> {
        let mut rows: Vec<Row<'_>> = self.rows().filter(|row| row.kind == kind).collect();
        rows.sort_by_key(|row| (row.risk, row.phrase().contains('{'), row.fit != Fit::Line));
        let (english, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.language() == "en");
        let mut seen = Vec::new();
        let others = others.into_iter().filter(|row| {
            let new = !seen.contains(&row.language());
            seen.push(row.language());
            new
        });
        let others: Vec<Row<'_>> = others.collect();
        // What is fit for reading: half of them English, or as many as there are.
        let half = most.div_ceil(2).max(most.saturating_sub(others.len()));
        let all = english.into_iter().take(half).chain(others);
        all.take(most).map(|row| Phrase::of(row, false)).collect()
    }

    /// Iterates all phrases, the user's first.
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let own = self.user.iter().flat_map(|user| user.phrases().rows());
        own.chain(self.matcher.rows())
    }
}

impl<'c> Phrase<'c> {
    fn of(row: Row<'c>, fits: bool) -> Self {
        Self {
            kind: row.kind,
            language: row.language(),
            phrase: row.phrase(),
            fit: row.fit,
            risk: row.risk,
            position: row.position,
            own: row.origin == Origin::User,
            fits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_finds_the_phrases_that_it_is_and_those_that_hold_it() {
        let catalogue = Catalogue::shipped();
        for (text, phrase, fits) in [
            ("LEAVE A REPLY", "Leave a reply", true),
            ("ve a repl", "Leave a reply", false),
            (
                "Click to share on Facebook (Opens in new window)",
                "Click to share on {…}",
                true,
            ),
        ] {
            let found = catalogue.look_up(text);
            let one = found.iter().find(|one| one.phrase == phrase);
            assert_eq!(one.map(|one| one.fits), Some(fits), "{text}: {found:?}");
            assert!(found.is_sorted_by_key(|one| (!one.fits, one.risk)));
        }
        for nothing in ["", "  ", "the old ferry crossed the lake"] {
            assert_eq!(catalogue.look_up(nothing), []);
        }
    }

    #[test]
    fn whatever_the_matcher_finds_is_looked_up_too() {
        let catalogue = Catalogue::shipped();
        let lines = [
            "Share this:",
            "3 comments",
            "Tags: ferry, lake",
            "© 2004 The Lake Wardens",
        ];
        for line in lines {
            let folded = fold(line);
            let hit = catalogue.matcher.find(&folded).unwrap();
            let found = catalogue.look_up(line);
            let same = |one: &Phrase<'_>| one.fits && one.phrase == hit.row.phrase();
            assert!(found.iter().any(same), "{line}: {:?}", hit.row);
        }
    }

    #[test]
    fn samples_are_of_their_kind_and_no_more_than_asked() {
        let catalogue = Catalogue::shipped();
        for kind in Kind::ALL {
            let all: usize = catalogue.phrases_by_language(kind).values().sum();
            let found = catalogue.samples(kind, 10);
            assert!(found.len() <= 10.min(all), "{kind:?}");
            assert!(all == 0 || !found.is_empty(), "{kind:?}");
            assert!(found.iter().all(|one| one.kind == kind));
        }
    }
}
