//! A phrase that is not looked up whole: its pieces, and how it must lie in a line.

use crate::boilerplate::phrase::{Fit, Piece, REACH, Risk, fits, pieces};

/// A phrase with placeholders, or one that need not be the whole line.
pub(super) struct Pattern {
    pub(super) row: u32,
    pub(super) fit: Fit,
    pub(super) risk: Risk,
    pub(super) pieces: Vec<Piece>,
    /// Bytes of its own words.
    pub(super) words: usize,
}

/// Under which literal a pattern is found.
pub(super) enum Place {
    Lead(Box<str>),
    Tail(Box<str>),
    Inner(Box<str>),
}

impl Pattern {
    pub(super) fn new(
        at: u32,
        phrase: &str,
        mut fit: Fit,
        mut risk: Risk,
    ) -> Option<(Self, Place)> {
        let pieces = pieces(phrase);
        let letters: usize = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words
                    .chars()
                    .filter(|c| c.is_alphabetic())
                    .map(weight)
                    .sum(),
                _ => 0,
            })
            .sum();
        let numbered = pieces.contains(&Piece::Number);
        let sign = phrase.starts_with(['©']) || phrase.starts_with("(c)");
        if letters < 3 && !sign {
            return None;
        }
        let words = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.trim().len(),
                _ => 0,
            })
            .sum();
        if letters < 4 && !numbered && !sign {
            risk = risk.raised();
        }
        let place = match (pieces.first()?, pieces.last()?) {
            (Piece::Words(lead), _) if fit != Fit::Contains => Place::Lead(lead.trim_end().into()),
            (_, Piece::Words(tail)) if fit != Fit::Contains => {
                // A prefix that begins with a placeholder would be found anywhere: it is a line.
                fit = Fit::Line;
                Place::Tail(tail.clone())
            }
            _ => {
                let longest = pieces.iter().filter_map(|piece| match piece {
                    Piece::Words(words) => Some(words),
                    _ => None,
                });
                if fit == Fit::Prefix {
                    fit = Fit::Line;
                }
                Place::Inner(longest.max_by_key(|words| words.len())?.trim().into())
            }
        };
        Some((
            Self {
                row: at,
                fit,
                risk,
                pieces,
                words,
            },
            place,
        ))
    }

    pub(super) fn is(&self, folded: &str) -> bool {
        match self.fit {
            Fit::Line => {
                // The cheap tests first: what stands for anything stands for little of it, and the
                // last words are the line's last.
                let open = self
                    .pieces
                    .iter()
                    .filter(|piece| !matches!(piece, Piece::Words(_)))
                    .count();
                let ends = match self.pieces.last() {
                    Some(Piece::Words(last)) => folded.ends_with(&**last),
                    _ => true,
                };
                ends && folded.len() <= self.words + (open + 1) * (4 * REACH)
                    && fits(&self.pieces, folded, Fit::Line)
            }
            Fit::Prefix => {
                fits(&self.pieces, folded, Fit::Prefix)
                    && match self.pieces.last() {
                        // "Next:" may be followed by anything, "Archives for" not by a letter.
                        Some(Piece::Words(words)) if self.pieces.len() == 1 => {
                            !words.ends_with(char::is_alphanumeric)
                                || !folded[words.len().min(folded.len())..]
                                    .starts_with(char::is_alphanumeric)
                        }
                        _ => true,
                    }
            }
            Fit::Contains => {
                let Some(Piece::Words(first)) = self
                    .pieces
                    .iter()
                    .find(|piece| matches!(piece, Piece::Words(_)))
                else {
                    return false;
                };
                self.pieces.len() == 1
                    || folded.match_indices(first.trim()).any(|(at, _)| {
                        let from = self
                            .pieces
                            .iter()
                            .position(|piece| matches!(piece, Piece::Words(_)));
                        fits(
                            &self.pieces[from.unwrap_or(0)..],
                            &folded[at..],
                            Fit::Prefix,
                        )
                    })
            }
        }
    }
}

/// A letter of a script written without spaces or vowels says more.
fn weight(letter: char) -> usize {
    match letter {
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 2,
        _ => 1,
    }
}
