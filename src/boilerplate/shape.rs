//! What a line looks like, whatever it says.

use crate::text::letters::is_alphanumeric;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a sentence's stop, closing quotes and brackets aside; or it is a long paragraph.
    Stop,
    /// With "…": cut, or trailing off.
    Cut,
    /// With anything else.
    Open,
}

/// The shape of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Characters, those of scripts without spaces counted two and a half times.
    pub(super) width: usize,
    /// How it ends.
    pub(super) ending: Ending,
}

impl Shape {
    /// Measures a trimmed line.
    pub(super) fn of(line: &str) -> Self {
        let width = width(line);
        let mut ending = ending(line);
        // Thai, Lao and Khmer sentences have no stop: a long line is one.
        if ending == Ending::Open
            && width >= 80
            && line.chars().next_back().is_some_and(is_spaceless)
        {
            ending = Ending::Stop;
        }
        // A paragraph that lost its stop, or ends in a link, still has sentences inside.
        if ending != Ending::Stop && width >= 120 && has_sentence(line) {
            ending = Ending::Stop;
        }
        Self { width, ending }
    }
}

/// A line of more bytes is measured by them: a paragraph's exact length matters to nobody.
pub(super) const MEASURED: usize = 2_000;

/// Returns the width of a trimmed line, as [`Shape`] has it.
pub(super) fn width(line: &str) -> usize {
    if line.len() > MEASURED {
        line.len() / 2
    } else if line.is_ascii() {
        line.len()
    } else {
        let chars = line.chars().count();
        if line.chars().take(12).any(is_dense) {
            chars * 5 / 2
        } else {
            chars
        }
    }
}

/// Returns whether a sentence ends inside the line: a lower-case letter, a stop, a space.
fn has_sentence(line: &str) -> bool {
    line.match_indices(['.', '?', '!', '。', '।', '۔'])
        .any(|(at, _)| {
            if line[at..].chars().nth(1) != Some(' ') && !line[at..].starts_with('。') {
                return false;
            }
            // In a script without spaces all the line may be one word: four letters are enough.
            let word = line[..at].chars().rev().take_while(|c| *c != ' ');
            let last = line[..at].chars().next_back();
            last.is_some_and(|c| c.is_alphabetic() && !c.is_uppercase()) && word.take(4).count() > 3
        })
}

fn is_spaceless(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

fn is_dense(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Returns how the trimmed `line` ends.
pub(super) fn ending(line: &str) -> Ending {
    let bare = line.trim_end_matches([
        '"', '\'', '”', '’', '»', '«', ')', ']', '」', '』', '】', '）', '〉', '》', '“', ' ', '*',
    ]);
    if bare.ends_with('…') || bare.ends_with("...") {
        return Ending::Cut;
    }
    match bare.chars().next_back() {
        Some(
            '.' | '!' | '?' | '。' | '！' | '？' | '।' | '۔' | '؟' | '။' | '።' | '៖' | '։' | '།'
            | '．' | '｡',
        ) => Ending::Stop,
        _ => Ending::Open,
    }
}

/// Returns the number of words of a line; in scripts without spaces, two characters
/// (Han and its like) or five (Thai and its like) count as a word.
pub(super) fn words(line: &str) -> usize {
    let spaced = line
        .split_whitespace()
        .filter(|word| word.contains(is_alphanumeric))
        .count();
    if line.is_ascii() {
        return spaced;
    }
    let dense = line.chars().filter(|c| is_dense(*c)).count() / 2;
    let spaceless = line.chars().filter(|c| is_spaceless(*c)).count() / 5;
    spaced.max(dense + spaceless)
}

/// Words that a named byline begins with.
const BY: [&str; 8] = ["By", "BY", "Von", "Par", "Por", "Door", "Av", "Af"];

/// Returns whether a line that no phrase fits is a byline with a name: "By Mara Ollen". What takes
/// such a line for other reasons gives it that kind.
pub(super) fn is_named_byline(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_by = words.next().is_some_and(|first| BY.contains(&first));
    let names: Vec<&str> = words.collect();
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && !word
                .contains(|part: char| part.is_numeric() || matches!(part, '!' | '?' | ':' | ';'))
            && !word.trim_end_matches('.').contains('.')
    };
    // "van", "and" and the like stand between names.
    let is_joint = |word: &&str| word.chars().count() <= 3 && !word.contains(char::is_numeric);
    let ends = [names.first(), names.last()];
    is_by
        && (2..=6).contains(&names.len())
        && ends.into_iter().flatten().all(is_name)
        && names.iter().all(|word| is_name(word) || is_joint(word))
        && !text.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_shows_through_quotes_and_brackets() {
        for (line, expected) in [
            ("He left.", Ending::Stop),
            ("“He left.”", Ending::Stop),
            ("(He left.)", Ending::Stop),
            ("他走了。", Ending::Stop),
            ("وہ چلا گیا۔", Ending::Stop),
            ("Rain to return…", Ending::Cut),
            ("Rain to return", Ending::Open),
            ("Share this:", Ending::Open),
        ] {
            assert_eq!(ending(line), expected, "{line}");
        }
    }

    #[test]
    fn a_byline_with_a_name_is_told_by_its_shape() {
        for (text, named) in [
            ("By Mara Ollen", true),
            ("BY MARA OLLEN AND JO VANN", true),
            ("Von Jan van der Elst", true),
            ("By Mara Ollen, Staff Writer", true),
            ("By", false),
            ("By Monday", false),
            ("By noon the rain had stopped", false),
            ("By Mara Ollen.", false),
            ("By Hall 4 Gate", false),
            ("Mara Ollen", false),
        ] {
            assert_eq!(is_named_byline(text), named, "{text}");
        }
    }
}
