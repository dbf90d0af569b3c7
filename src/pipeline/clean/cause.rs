//! Why text was edited: what every edit of the ledger carries.

use crate::document::{Tag, Why};
use crate::normalise::Mend;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a span of the original text was edited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause<'w> {
    /// The normalise desk mended it.
    Mended(Mend),
    /// A desk took it out.
    Removed(&'w Why),
    /// White space around what was taken out.
    Gap,
}

/// A cause as an edit carries it: most edits are mends, and need no room for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The normalise desk mended it.
    Mended(Mend),
    /// A desk took it out, for the reason of that number.
    Removed(u32),
    /// White space around what was taken out.
    Gap,
}

/// What the ledger calls white space around what was taken out.
pub const GAP: &str = "gap";

/// The number of a gap, behind those of the mends.
const GAP_NUMBER: u32 = Mend::ALL.len() as u32;

impl Tag for Mark {
    fn number(self) -> u32 {
        match self {
            Self::Mended(mend) => mend.number(),
            Self::Gap => GAP_NUMBER,
            Self::Removed(why) => GAP_NUMBER + 1 + why,
        }
    }

    fn of(number: u32) -> Self {
        match number.checked_sub(GAP_NUMBER) {
            None => Self::Mended(Mend::of(number)),
            Some(0) => Self::Gap,
            Some(more) => Self::Removed(more - 1),
        }
    }
}

/// The reasons for which something was taken out of a text, each once: a page of furniture has few.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whys {
    list: Vec<Arc<Why>>,
    /// Their numbers by their hash; of two with one hash only the first is found again.
    known: BTreeMap<u64, u32>,
}

impl Whys {
    /// Returns the mark of a reason.
    pub fn mark(&mut self, why: Arc<Why>) -> Mark {
        let next = self.list.len() as u32;
        let known = *self.known.entry(why.key()).or_insert(next);
        if self.list.get(known as usize) == Some(&why) {
            return Mark::Removed(known);
        }
        self.list.push(why);
        Mark::Removed(next)
    }

    /// Returns the reason of a mark, if it is that of something taken out.
    pub fn get(&self, mark: Mark) -> Option<&Why> {
        match mark {
            Mark::Removed(number) => self.list.get(number as usize).map(Arc::as_ref),
            _ => None,
        }
    }

    /// Returns the cause that a mark stands for.
    pub fn cause(&self, mark: Mark) -> Cause<'_> {
        match mark {
            Mark::Mended(mend) => Cause::Mended(mend),
            mark => self.get(mark).map_or(Cause::Gap, Cause::Removed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kind;

    #[test]
    fn a_reason_is_held_once_and_a_mark_is_its_number() {
        let why = |evidence: &str, score| {
            Arc::new(Why {
                rule: "test".into(),
                kind: Kind::Share,
                evidence: evidence.into(),
                score,
            })
        };
        let mut whys = Whys::default();
        let [one, two] = [why("one", None), why("one", Some(0.5))];
        let marks = [&one, &two, &one].map(|why| whys.mark(Arc::clone(why)));
        assert_eq!(marks, [0, 1, 0].map(Mark::Removed));
        assert_eq!(whys.cause(marks[1]), Cause::Removed(&two));
        let mends = Mend::ALL.map(Mark::Mended);
        for mark in mends.into_iter().chain([Mark::Gap]).chain(marks) {
            assert_eq!(Mark::of(mark.number()), mark);
        }
    }
}
