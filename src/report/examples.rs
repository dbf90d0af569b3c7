//! Texts that a report shows: documents before and after, duplicates beside their survivor.
//!
//! They are no part of `report.json`, which names the documents: the page takes them from the
//! run's folder when it is made.

/// The texts that a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Of each document of [`super::DocumentTally::most_cut`], in that order.
    pub most_cut: Vec<Option<LineDiff>>,
    /// Of each duplicate of each cluster of [`super::ClusterTally::largest`], in that order.
    pub largest: Vec<Vec<Option<WordDiff>>>,
    /// Of each pair of [`super::ClusterTally::closest`], in that order.
    pub closest: Vec<Option<WordDiff>>,
    /// Whether the cleaned records lie elsewhere, so that texts of what stays are not shown.
    pub cleaned_elsewhere: bool,
}

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands on both sides.
    Same,
    /// It stands on the first side alone: the original, the survivor.
    Gone,
    /// It stands on the second side alone: the cleaned text, the duplicate.
    New,
}

/// A piece of text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub change: Change,
    /// The text, shortened in its middle where it is long.
    pub text: String,
}

/// A document before and after, line by line; lines that stayed are left out but for a few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineDiff {
    /// The lines.
    pub lines: Vec<DiffLine>,
    /// How many changed lines are not shown any more.
    pub more: u64,
}

/// One line of a [`LineDiff`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine {
    /// So many lines that stayed are left out.
    Skipped(u64),
    /// A line that stayed as it was.
    Kept {
        /// Its number in the original, from 1.
        number: u64,
        /// Its text.
        text: String,
    },
    /// A line that went.
    Removed {
        /// Its number in the original, from 1.
        number: u64,
        /// Its text.
        text: String,
        /// The rule that took it.
        rule: String,
    },
    /// A line that something was cut out of, or mended in.
    Changed {
        /// Its number in the original, from 1.
        number: u64,
        /// Its text in pieces.
        pieces: Vec<Piece>,
        /// The rules and mends.
        why: Vec<String>,
    },
}

/// Two texts word by word; words that are the same are left out but for a few around each change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordDiff {
    /// The changes, with what stands around them.
    pub hunks: Vec<Vec<Piece>>,
    /// How many places that differ are not shown.
    pub more: u64,
    /// Whether only the beginnings of the texts were compared.
    pub beginnings: bool,
    /// Whether some of the words that are the same are written in other letters: in capitals.
    pub capitals: bool,
    /// Whether the first place shown reaches back to where the texts begin, and the last one to
    /// where what was compared ends.
    pub from_the_start: bool,
    /// See [`from_the_start`](Self::from_the_start).
    pub to_the_end: bool,
}

/// Returns `text`, its middle left out where it has more than `most` characters: between words,
/// where there are some near.
pub fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let head = most * 2 / 3;
    let tail = most - head;
    let from = text
        .char_indices()
        .nth(head)
        .map_or(text.len(), |(at, _)| at);
    let to = text
        .char_indices()
        .rev()
        .nth(tail.saturating_sub(1))
        .map_or(text.len(), |(at, _)| at);
    let (mut head, mut tail) = (&text[..from], &text[to..]);
    if !text[from..].starts_with(char::is_whitespace)
        && let Some(at) = head.rfind(char::is_whitespace)
        && at > head.len() / 2
    {
        head = &head[..at];
    }
    if !text[..to].ends_with(char::is_whitespace)
        && let Some(at) = tail.find(char::is_whitespace)
        && at < tail.len() / 2
    {
        tail = &tail[at..];
    }
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_shortened() {
        assert_eq!(shortened("naïve", 5), "naïve");
        assert_eq!(shortened("abcdefghi", 6), "abcd … hi");
        assert_eq!(shortened("ééééééééé", 6), "éééé … éé");
        let text = "The ferry returns to the lake after nine years";
        assert_eq!(shortened(text, 24), "The ferry … years");
        assert_eq!(shortened(text, 27), "The ferry returns … years");
        assert_eq!(shortened(text, 30), "The ferry returns to … nine years");
    }
}
