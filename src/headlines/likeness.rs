//! How alike two headlines are.

use super::key::Key;

/// How a line repeats a headline, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Its beginning, cut with "…".
    Cut,
    /// The same but for a letter or an article.
    Near,
    /// The same without a site's name or a breadcrumb.
    Core,
    /// The same words.
    Same,
}

impl Likeness {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Cut => "its beginning, cut with “…”",
            Self::Near => "nearly the same words",
            Self::Core => "the same words, a site's name or a breadcrumb aside",
            Self::Same => "the same words",
        }
    }
}

impl Key {
    /// Returns how this line repeats `headline`, if it does.
    ///
    /// `least` is the least normalised Damerau-Levenshtein likeness of near copies.
    pub(super) fn likeness(&self, headline: &Self, least: f64) -> Option<Likeness> {
        if self.text().is_empty() {
            return None;
        }
        if self.text() == headline.text() {
            return Some(Likeness::Same);
        }
        if self.same(headline) {
            return Some(Likeness::Core);
        }
        if self.cut && !headline.cut {
            let stem = self.text();
            let letters = stem.chars().count();
            let whole = headline
                .forms()
                .any(|form| form.len() > stem.len() && form.starts_with(stem));
            if whole && letters >= 20 && letters * 5 >= headline.text().chars().count() * 2 {
                return Some(Likeness::Cut);
            }
            return None;
        }
        self.meets(headline, |one, other| near(one, other, least))
            .then_some(Likeness::Near)
    }
}

/// Returns whether two texts differ by a slip of the keyboard or an article alone.
///
/// Numbers must be the same, and no word may stand for another: "rise" and
/// "fall" are four letters apart, "rise" and "rises" one.
fn near(one: &str, other: &str, least: f64) -> bool {
    let (long, short) = (one.len().max(other.len()), one.len().min(other.len()));
    if short < 16 || ((long - short) as f64) > (1.0 - least) * long as f64 {
        return false;
    }
    let numbers = |text: &str| -> Vec<String> {
        text.split(' ')
            .filter(|word| word.contains(char::is_numeric))
            .map(str::to_owned)
            .collect()
    };
    numbers(one) == numbers(other)
        && words_near(one, other)
        && strsim::normalized_damerau_levenshtein(one, other) >= least
}

fn words_near(one: &str, other: &str) -> bool {
    let article = |word: &&str| !matches!(*word, "a" | "an" | "the");
    let one: Vec<&str> = one.split(' ').filter(article).collect();
    let other: Vec<&str> = other.split(' ').filter(article).collect();
    if one.len() != other.len() {
        // A space too many or too few.
        return one.concat() == other.concat();
    }
    let mut slips = 0;
    for (a, b) in one.iter().zip(&other) {
        if a == b {
            continue;
        }
        slips += 1;
        let length = a.chars().count().min(b.chars().count());
        let reach = if length < 8 { 1 } else { 2 };
        // "Iran" and "Iraq", "increase" and "decrease" are no slips.
        if length < 6
            || a.chars().next() != b.chars().next()
            || strsim::damerau_levenshtein(a, b) > reach
        {
            return false;
        }
    }
    slips <= 2
}
