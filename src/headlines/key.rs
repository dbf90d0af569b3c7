//! A headline without its dress.

use crate::text::fold::fold;
use crate::text::letters::is_alphanumeric;

/// What a headline wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dress {
    /// The site's name behind it or before it.
    Site,
    /// The breadcrumb that ends in it.
    Trail,
}

/// A line folded to its words, to compare headlines by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The words, one space between them.
    words: String,
    /// The same without what it seems to wear.
    cores: Vec<(Dress, String)>,
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
        // To look for one byte is cheaper than to look for a string: the last of the mark itself.
        let has = |bar: &&str| {
            let mark = bar.bytes().rev().nth(1);
            barred && mark.is_some_and(|mark| memchr::memchr(mark, folded.as_bytes()).is_some())
        };
        for bar in SUFFIX.into_iter().filter(has) {
            if let Some((before, after)) = folded.rsplit_once(bar) {
                let (before, after) = (words(before), words(after));
                if is_site(&after, &before) {
                    cores.push((Dress::Site, before));
                }
            }
            if let Some((before, after)) = folded.split_once(bar) {
                let (before, after) = (words(before), words(after));
                if is_site(&before, &after) {
                    cores.push((Dress::Site, after));
                }
            }
        }
        for step in STEPS.into_iter().filter(has) {
            let Some((path, after)) = folded.rsplit_once(step) else {
                continue;
            };
            let first = path.split(step).next().unwrap_or_default();
            if path.contains(step) || is_home(first) {
                cores.push((Dress::Trail, words(after)));
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

    /// Returns every form of the line: as it stands, and without what it wears.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        self.dressed().map(|(_, form)| form)
    }

    fn dressed(&self) -> impl Iterator<Item = (Option<Dress>, &str)> {
        let cores = self
            .cores
            .iter()
            .map(|(dress, core)| (Some(*dress), core.as_str()));
        std::iter::once((None, &*self.words)).chain(cores)
    }

    /// Returns whether a form of one line says what a form of the other says, by `alike`.
    ///
    /// Of two lines that both seem to wear a site's name, nobody knows that it is one: "Trial of
    /// the miller - first day" and "- last day" are two headlines.
    pub(super) fn meets(&self, other: &Self, alike: impl Fn(&str, &str) -> bool) -> bool {
        self.dressed().any(|(mine, one)| {
            other.dressed().any(|(theirs, two)| {
                let known = mine != Some(Dress::Site) || theirs != Some(Dress::Site);
                known && !one.is_empty() && alike(one, two)
            })
        })
    }

    /// Returns whether `line` starts with the same two letters, in any case, as a form of this one.
    pub(super) fn starts_like(&self, line: &str) -> bool {
        self.forms().any(|form| {
            let mut letters = line.chars().filter(|c| c.is_alphanumeric());
            let mut own = form.chars().filter(|c| c.is_alphanumeric());
            (0..2).all(|_| match (letters.next(), own.next()) {
                (Some(one), Some(own)) if one.is_ascii() => one.to_ascii_lowercase() == own,
                (Some(one), Some(own)) => fold(one.encode_utf8(&mut [0; 4])).starts_with(own),
                (one, own) => one.is_none() && own.is_none(),
            })
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

    /// Returns whether the line has the length of a headline: four words, or eight letters of a
    /// script that is written without spaces.
    pub(super) fn long(&self) -> bool {
        self.words() >= 4
            || !self.words.is_ascii() && self.words.chars().nth(7).is_some() && self.words() == 1
    }

    /// Returns whether both say the same in any of their forms.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.meets(other, |one, two| one == two)
    }
}

/// Returns whether `name` may be a site's name beside `headline`: short, shorter than the
/// headline, and no number of a part or a version.
fn is_site(name: &str, headline: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default();
    !headline.is_empty()
        && name.split(' ').count() <= 5
        && name.len() < headline.len()
        && !last.starts_with(char::is_numeric)
}

/// Returns whether a folded text is the first step of a breadcrumb.
pub(super) fn is_home(step: &str) -> bool {
    HOME.contains(&step.trim())
}

/// The first step of a breadcrumb, folded.
const HOME: [&str; 34] = [
    "home",
    "homepage",
    "home page",
    "startseite",
    "inicio",
    "início",
    "inici",
    "accueil",
    "pagina iniziale",
    "strona główna",
    "forside",
    "forsiden",
    "hem",
    "etusivu",
    "domů",
    "domov",
    "főoldal",
    "acasă",
    "главная",
    "головна",
    "начало",
    "αρχικη",
    "ana sayfa",
    "anasayfa",
    "beranda",
    "trang chủ",
    "首页",
    "首頁",
    "ホーム",
    "홈",
    "الرئیسیة",
    "خانه",
    "होम",
    "หน้าแรก",
];

/// Keeps letters and digits; what stands between them becomes a space, an apostrophe nothing.
/// A mark between digits stays, so that "2-1" is not "21" and "1.5" not "15".
pub(super) fn words(folded: &str) -> String {
    if folded.is_ascii() {
        return ascii_words(folded);
    }
    let mut out = String::with_capacity(folded.len());
    let mut chars = folded.chars().peekable();
    while let Some(character) = chars.next() {
        if is_alphanumeric(character)
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

/// Does what [`words`] does, of ASCII alone, a byte at a time.
fn ascii_words(folded: &str) -> String {
    let bytes = folded.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut last = b' ';
    for (at, &byte) in bytes.iter().enumerate() {
        let joins = || {
            matches!(byte, b'-' | b'.' | b':' | b'/' | b',')
                && last.is_ascii_digit()
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        };
        if byte.is_ascii_alphanumeric() || joins() {
            last = byte;
        } else if byte == b'\'' || last == b' ' {
            continue;
        } else {
            last = b' ';
        }
        out.push(char::from(last));
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns whether the character is part of a word though no letter: the signs of Indic and
/// other scripts.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{eb1}'..='\u{ecd}' | '\u{f71}'..='\u{f84}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}
