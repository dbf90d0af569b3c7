//! A phrase as it lies on a line: how much of the line it is tells how sure it is.

use super::matcher::Hit;
use super::phrase::{Fit, Origin, Risk};
use super::rules::{name_of, user_phrase};
use super::shape::{Ending, Shape, ending, words};
use crate::document::Kind;

/// A phrase on a line, weighed by how it lies there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase<'p> {
    pub(super) hit: Hit<'p>,
    pub(super) kind: Kind,
    pub(super) risk: Risk,
    /// Whether it says so little that it is never sure without company: one word.
    pub(super) single: bool,
}

impl Phrase<'_> {
    /// Returns the name of the findings that the phrase makes.
    pub(super) fn name(&self) -> &'static str {
        match (self.hit.row.origin, self.kind) {
            (Origin::User, _) => user_phrase::NAME,
            (Origin::Shipped, Kind::BylineGeneric) => "publication-label",
            (Origin::Shipped, kind) => name_of(kind),
        }
    }

    /// Returns the evidence in words.
    pub(super) fn words(&self) -> String {
        let how = match self.hit.row.fit {
            Fit::Line => "",
            Fit::Prefix => "starts with ",
            Fit::Contains => "contains ",
        };
        let whose = match self.hit.row.origin {
            Origin::Shipped => "",
            Origin::User => "your ",
        };
        format!(
            "{how}{whose}phrase “{}” ({}, {} risk)",
            self.hit.row.phrase(),
            self.hit.row.language(),
            self.risk.as_str()
        )
    }
}

impl<'p> Phrase<'p> {
    /// Returns this phrase of the user's, or the table's where that is surer and this one is not
    /// the whole line.
    pub(super) fn or_surer(self, shipped: Option<Phrase<'p>>) -> Self {
        match shipped {
            Some(other) if self.hit.row.fit != Fit::Line && other.risk < self.risk => other,
            _ => self,
        }
    }
}

/// Weighs a phrase by how it lies in its line; `None` where it says nothing.
pub(super) fn weigh<'m>(hit: Hit<'m>, text: &str, shape: Shape) -> Option<Phrase<'m>> {
    let row = hit.row;
    let stopped = shape.ending == Ending::Stop;
    let mut risk = row.risk;
    match row.fit {
        Fit::Line => {
            // "More from the same speech:" leads to what follows.
            if hit.open && text.ends_with([':', '：']) && !row.phrase().ends_with([':', '：']) {
                risk = Risk::High;
            }
            // "Comments on rain fell." is a sentence that happens to fit.
            if hit.open && stopped && hit.cover < 0.6 && shape.width > 40 {
                risk = risk.raised();
            }
        }
        Fit::Prefix => {
            if hit.cover < 0.5 && shape.width > 200 {
                return None;
            }
            if hit.cover < 0.5 && stopped && !ends_in_stop(row.phrase()) {
                if shape.width > 60 {
                    return None;
                }
                risk = risk.raised().raised();
            } else if hit.cover < 0.4 && shape.width > 120 {
                risk = risk.raised();
            }
        }
        Fit::Contains => {
            if text.contains(['"', '“', '„', '«', '「']) || hit.cover < 0.2 {
                return None;
            }
            if hit.cover < 0.4 {
                risk = risk.raised();
            }
        }
    }
    // "published by the mill" goes on from the line before; the label begins with a capital.
    if (hit.open || row.fit != Fit::Line)
        && text.starts_with(|c: char| c.is_lowercase())
        && row.phrase().starts_with(|c: char| c.is_uppercase())
    {
        risk = risk.raised();
    }
    let mut kind = row.kind;
    if kind == Kind::BylineGeneric && hit.open && names_somebody(row.phrase(), text) {
        kind = Kind::BylineNamed;
    }
    // "© {…}" alone says little: "(c) any further claim".
    if hit.open
        && hit.cover < 0.3
        && row.phrase().starts_with(['©', '('])
        && kind == Kind::Copyright
        && !text.contains("19")
        && !text.contains("20")
    {
        return None;
    }
    let single = words(text) < 2;
    Some(Phrase {
        hit,
        kind,
        risk,
        single,
    })
}

fn ends_in_stop(phrase: &str) -> bool {
    ending(phrase) == Ending::Stop
}

/// Returns whether a byline label is followed by a name rather than a date or a count.
fn names_somebody(phrase: &str, text: &str) -> bool {
    phrase.contains('{') && !phrase.contains("{n}") && !text.contains(|c: char| c.is_numeric())
}
