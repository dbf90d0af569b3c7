//! A headline without its dress.

use crate::text::fold::fold;

/// A line folded to its words, to compare headlines by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The words, one space between them.
    words: String,
    /// The same without the site's name behind a bar or dash, or the path before it.
    cores: Vec<String>,
    /// Whether the line ends in "…".
    pub(super) cut: bool,
    /// Bytes of the line itself.
    bytes: usize,
}

/// What stands between a headline and a site's name.
const SUFFIX: [&str; 8] = [" | ", " - ", " » ", " :: ", " · ", " • ", " ‹ ", " « "];
/// What stands between the steps of a breadcrumb.
const STEPS: [&str; 6] = [" » ", " > ", " › ", " / ", " → ", " | "];

impl Key {
    /// Folds a line.
    pub(super) fn new(line: &str) -> Self {
        let folded = fold(line);
        let trimmed = folded.trim_end_matches(['"', '\'', ']', ')', ' ']);
        let cut = trimmed.ends_with("...");
        let mut cores = Vec::new();
        let barred = !folded.is_ascii()
            || folded
                .bytes()
                .any(|byte| matches!(byte, b'|' | b'-' | b':' | b'>' | b'/'));
        for bar in SUFFIX.into_iter().filter(|_| barred) {
            if let Some((before, after)) = folded.rsplit_once(bar) {
                let (before, after) = (words(before), words(after));
                // A site's name is short, and shorter than the headline.
                if !before.is_empty() && after.split(' ').count() <= 5 && after.len() < before.len()
                {
                    cores.push(before);
                }
            }
        }
        for step in STEPS.into_iter().filter(|_| barred) {
            if folded.matches(step).count() >= 2
                && let Some((_, after)) = folded.rsplit_once(step)
            {
                cores.push(words(after));
            }
        }
        Self {
            words: words(&folded),
            cores,
            cut,
            bytes: line.len(),
        }
    }

    /// Returns the words.
    pub(super) fn text(&self) -> &str {
        &self.words
    }

    /// Returns every form of the line: as it stands, and without suffix or breadcrumb.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.words).chain(self.cores.iter().map(String::as_str))
    }

    /// Returns whether `line` starts with the same two letters, in any case.
    pub(super) fn starts_like(&self, line: &str) -> bool {
        let mut letters = line.chars().filter(|c| c.is_alphanumeric());
        let mut own = self.words.chars().filter(|c| c.is_alphanumeric());
        (0..2).all(|_| match (letters.next(), own.next()) {
            (Some(one), Some(own)) if one.is_ascii() => one.to_ascii_lowercase() == own,
            (Some(one), Some(own)) => fold(one.encode_utf8(&mut [0; 4])).starts_with(own),
            (one, own) => one.is_none() && own.is_none(),
        })
    }

    /// Returns the length of the line in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the number of words.
    pub(super) fn words(&self) -> usize {
        self.words.split(' ').count()
    }

    /// Returns whether the line says enough to know it again: three words, or a dozen letters.
    pub(super) fn telling(&self) -> bool {
        let letters = self.words.chars().filter(|c| c.is_alphabetic()).count();
        letters >= 12
            || self.words() >= 3 && letters >= 6
            || letters >= 5 && !self.words.contains(' ') && !self.words.is_ascii()
    }

    /// Returns whether both say the same in any of their forms.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.forms()
            .any(|one| other.forms().any(|two| one == two && !one.is_empty()))
    }
}

/// Keeps letters and digits; what stands between them becomes a space, an apostrophe nothing.
/// A mark between digits stays, so that "2-1" is not "21" and "1.5" not "15".
fn words(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut chars = folded.chars().peekable();
    while let Some(character) = chars.next() {
        if character.is_alphanumeric()
            || !character.is_ascii() && !character.is_whitespace() && is_mark(character)
        {
            out.push(character);
        } else if character == '\'' {
        } else if matches!(character, '-' | '.' | ':' | '/' | ',')
            && out.ends_with(char::is_numeric)
            && chars.peek().is_some_and(|next| next.is_numeric())
        {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns whether the character is part of a word though no letter: the signs of Indic and
/// other scripts.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{eb1}'..='\u{ecd}' | '\u{f71}'..='\u{f84}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}
