//! How much a sequence of characters looks like UTF-8 misread, and how little
//! like something an author wrote.
//!
//! The badness table. Misread UTF-8 is a letter (the lead byte) with one to
//! three signs or letters behind it (the continuation bytes). Authors write some
//! such pairs too: "MAÇÃ»", "l'été…»", "Spaß“", "CASĂŞ", "СІРІ". Four things
//! part them:
//!
//! - *the sign*: closing quotes, dashes, dots, trade marks stand behind words;
//!   "¤", "¼", "‚", "ƒ" or a C1 control do not ([`Weight`]);
//! - *the case*: an accented capital behind a small letter, or a closing sign
//!   before one, is nobody's spelling;
//! - *what would come out*: a letter of a script that nothing near is of, is no
//!   mend ([`Class`]);
//! - *the company*: two or more in a row, or others like it in the text.

use super::charsets::Alphabet;

/// How rarely a character stands behind a letter in honest text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Never, to speak of.
    Strong,
    /// It is a letter, so it depends on the alphabet.
    Letter,
    /// It is a sign that ends a word or a phrase.
    Weak,
}

impl Weight {
    /// Returns the weight of the continuation character `c`.
    pub(super) fn of(c: char) -> Self {
        match c {
            '…' | '’' | '‘' | '“' | '”' | '–' | '—' | '•' | '™' | '›' | '»' | '«' | '®' | '©'
            | '\u{a0}' | '\u{ad}' | '·' | '²' | '³' | '¹' | 'º' | 'ª' | ' ' => Self::Weak,
            'µ' | 'ƒ' | 'ˆ' | 'ˇ' => Self::Strong,
            c if c.is_alphabetic() => Self::Letter,
            _ => Self::Strong,
        }
    }
}

/// What sort of character a sequence gives when it is read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A Latin letter, or a sign of Latin-1.
    Latin,
    /// An accent that combines.
    Accent,
    /// Punctuation, currency, arrows, emoji.
    Sign,
    /// A letter of another script, by the script's first block.
    Script(u16),
    /// Nothing that texts are made of.
    Odd,
}

impl Class {
    /// Returns the class of `c`.
    pub(super) fn of(c: char) -> Self {
        match u32::from(c) {
            0x80..=0x17f
            | 0x192
            | 0x2c6
            | 0x2c7
            | 0x2d8..=0x2dd
            | 0x1a0
            | 0x1a1
            | 0x1af
            | 0x1b0
            | 0x218..=0x21b
            | 0x1e00..=0x1eff => Self::Latin,
            0x300..=0x36f => Self::Accent,
            0x370..=0x3ff | 0x1f00..=0x1fff => Self::Script(0x370),
            0x400..=0x52f => Self::Script(0x400),
            0x531..=0x58f => Self::Script(0x530),
            0x5b0..=0x5f4 => Self::Script(0x590),
            0x60c..=0x6ff | 0x750..=0x77f => Self::Script(0x600),
            0x900..=0xdff => Self::Script(0x900),
            0xe00..=0xeff => Self::Script(0xe00),
            0xf00..=0xfff => Self::Script(0xf00),
            0x1000..=0x109f => Self::Script(0x1000),
            0x10a0..=0x10ff => Self::Script(0x10a0),
            0x1200..=0x139f => Self::Script(0x1200),
            0x1780..=0x17ff => Self::Script(0x1780),
            0x3000..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xff00..=0xffef => {
                Self::Script(0x3000)
            }
            0xac00..=0xd7a3 => Self::Script(0xac00),
            0x2000..=0x206f | 0x20a0..=0x20cf | 0x2100..=0x2bff | 0xfb00..=0xfb06 => Self::Sign,
            0xfe0f | 0xfeff | 0xfffd | 0x1d400..=0x1d7ff | 0x1f000..=0x1faff => Self::Sign,
            _ => Self::Odd,
        }
    }
}

impl Class {
    /// Returns what the class is of a character all of whose bytes but the lead show
    /// as C1 controls: something that was meant, whatever it is.
    pub(super) fn or_sign(self) -> Self {
        if self == Self::Odd { Self::Sign } else { self }
    }
}

/// How sure it is that something is mojibake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// It can be what the author wrote.
    Not,
    /// It can be either: mojibake if others like it in the text surely are.
    Likely,
    /// Nobody writes this.
    Sure,
}

/// One misread character.
pub(super) struct Sequence {
    /// The bytes it was.
    pub(super) lead: u8,
    /// The second byte.
    pub(super) second: u8,
    /// The characters behind the lead.
    pub(super) weights: Vec<Weight>,
    /// Whether the last of them is a small letter.
    pub(super) ends_small: bool,
    /// What it was.
    pub(super) target: char,
    /// The class of that.
    pub(super) class: Class,
    /// The character before it in the text as it stands.
    pub(super) before: Option<char>,
    /// The character behind it.
    pub(super) after: Option<char>,
}

impl Sequence {
    fn has(&self, weight: Weight) -> bool {
        self.weights.contains(&weight)
    }

    fn stands_alone(&self) -> bool {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        !letter(self.before) && !letter(self.after)
    }

    /// Returns the verdict on the sequence for itself.
    fn verdict(&self, alphabet: Alphabet) -> Verdict {
        let beside_ascii = [self.before, self.after]
            .iter()
            .any(|c| c.is_some_and(|c| c.is_ascii_alphabetic()));
        match (alphabet, self.lead) {
            // "Â" before the very sign that it gives, "Â©": it ends no word in any language.
            (Alphabet::Latin, 0xc2) => self.latin_1_sign(),
            (_, 0xc2) => match self.target {
                '\u{a0}' | '\u{ad}' => Verdict::Not,
                _ if self.has(Weight::Strong) => Verdict::Likely,
                _ => Verdict::Not,
            },
            (Alphabet::Latin, 0xc3..=0xcb) => self.latin_letter(),
            // Letters of two alphabets in a word.
            (_, 0xc3..=0xcb) if matches!(self.target, '×' | '÷') => Verdict::Likely,
            (Alphabet::Signs, 0xc3..=0xcb) => self.mac_letter(),
            (_, 0xc3..=0xcb) if beside_ascii && !self.has(Weight::Letter) => Verdict::Sure,
            // "TwГіj": the second may be a letter too, if the first stands within the word.
            (_, 0xc3..=0xcb) if self.before.is_some_and(|c| c.is_ascii_lowercase()) => {
                Verdict::Sure
            }
            (_, 0xc3..=0xcb) if beside_ascii => Verdict::Likely,
            (_, 0xcc | 0xcd) => {
                let letter = self.before.is_some_and(|c| c.is_ascii_alphabetic());
                if letter && self.has(Weight::Strong) {
                    Verdict::Sure
                } else {
                    Verdict::Not
                }
            }
            // "â€" and the like begin everything from dashes to the euro's neighbours.
            (_, 0xe2) if self.second == 0x80 => Verdict::Sure,
            (_, 0xef) if matches!(self.target, '\u{feff}' | '\u{fffd}') => Verdict::Sure,
            (_, 0xf0) if self.second == 0x9f => Verdict::Sure,
            (_, 0xe0..) if self.class == Class::Sign && self.has(Weight::Strong) => Verdict::Sure,
            (Alphabet::Latin, 0xe1) if self.class == Class::Latin => {
                if beside_ascii && self.has(Weight::Strong) {
                    Verdict::Sure
                } else {
                    Verdict::Likely
                }
            }
            (_, 0xe2) => match (self.has(Weight::Strong), self.has(Weight::Letter)) {
                (true, _) => Verdict::Sure,
                (_, true) if alphabet == Alphabet::Latin => Verdict::Sure,
                _ => Verdict::Likely,
            },
            (Alphabet::Latin, 0xe0..=0xef) if self.has(Weight::Strong) => Verdict::Sure,
            (Alphabet::Latin, 0xe0..=0xef) => Verdict::Likely,
            (Alphabet::Latin, 0xce..=0xdf) if self.stands_alone() => Verdict::Likely,
            (Alphabet::Cyrillic, 0xd0 | 0xd1) if self.stands_alone() => Verdict::Likely,
            _ => Verdict::Not,
        }
    }

    fn latin_1_sign(&self) -> Verdict {
        let opened = self.before.is_some_and(is_opening);
        let weak = !self.has(Weight::Strong);
        let control = self.target < '\u{a0}';
        match self.before {
            _ if opened && weak => Verdict::Not,
            Some(c) if control && weak && !c.is_lowercase() => Verdict::Likely,
            None if control && weak => Verdict::Likely,
            _ => Verdict::Sure,
        }
    }

    fn latin_letter(&self) -> Verdict {
        let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
        let upper = |c: Option<char>| c.is_some_and(char::is_uppercase);
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        match self.weights.first() {
            Some(Weight::Strong) => Verdict::Sure,
            // The lead is a capital: "Ă" in the middle of a word of small letters.
            _ if lower(self.before) => Verdict::Sure,
            // "Ãœ", "ÅŸ": letters that no alphabet has side by side.
            Some(Weight::Letter) if is_odd_pair(self.target) && !upper(self.before) => {
                Verdict::Sure
            }
            // "ĂĽber": two capitals, and small letters behind.
            Some(Weight::Letter)
                if self.lead <= 0xc5
                    && !self.ends_small
                    && lower(self.after)
                    && !letter(self.before) =>
            {
                Verdict::Sure
            }
            Some(Weight::Letter) => Verdict::Likely,
            _ if matches!(self.target, 'Ò' | 'Ē' | 'Œ') => Verdict::Likely,
            _ if lower(self.after) => Verdict::Sure,
            // Ranges of letters, "Ä–Ö".
            _ if matches!(self.target, 'Ė' | 'Ö' | '×' | 'ė' | 'Ŗ' | 'ŗ') => Verdict::Likely,
            _ if letter(self.before) && letter(self.after) => Verdict::Sure,
            // A lone "Ã©" is the commonest Portuguese verb; a lone "Ä…" is a Finn at a loss.
            _ if self.lead == 0xc3
                && !letter(self.before)
                && !self.before.is_some_and(is_opening) =>
            {
                Verdict::Sure
            }
            _ => Verdict::Likely,
        }
    }

    fn mac_letter(&self) -> Verdict {
        let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
        // "√π", "√∂": behind a root these are what the root is of.
        let formula = matches!(self.second, 0xad | 0xb0..=0xba | 0xbd);
        match (small(self.before), small(self.after)) {
            (true, true) => Verdict::Sure,
            (true, _) | (_, true) if self.lead == 0xc3 && !formula => Verdict::Sure,
            _ => Verdict::Likely,
        }
    }
}

/// Returns whether `target` is misread as a capital and one of "š œ ž Ÿ Š Œ Ž" or
/// their neighbours in windows-1250.
fn is_odd_pair(target: char) -> bool {
    matches!(
        target,
        'Ü' | 'Ú' | 'Þ' | 'ß' | 'Ê' | 'Ì' | 'Î' | 'Ş' | 'ş' | 'Ğ' | 'ğ'
    )
}

/// Returns whether `c` opens a quotation or a parenthesis.
fn is_opening(c: char) -> bool {
    matches!(c, '“' | '‘' | '«' | '„' | '‚' | '(' | '[' | '"' | '\'')
}

/// Returns the verdict on a run of sequences, each right behind the other.
pub(super) fn verdict(run: &[Sequence], alphabet: Alphabet) -> Verdict {
    let each = run
        .iter()
        .map(|sequence| sequence.verdict(alphabet))
        .max()
        .unwrap_or(Verdict::Not);
    each.max(script_verdict(run, alphabet))
}

/// Returns the verdict on a word of another script.
fn script_verdict(run: &[Sequence], alphabet: Alphabet) -> Verdict {
    let Some(first) = run.iter().find(|s| matches!(s.class, Class::Script(_))) else {
        return Verdict::Not;
    };
    let same = run.iter().filter(|s| s.class == first.class).count();
    if same < 2 {
        return Verdict::Not;
    }
    let strong = run.iter().filter(|s| s.has(Weight::Strong)).count();
    // A small letter before a capital lead: "єР" in the midst of "РјРєР°".
    let camel = run.windows(2).filter(|pair| pair[0].ends_small).count();
    let signs = run.iter().filter(|s| !s.has(Weight::Letter)).count();
    let long = first.lead >= 0xe0;
    let sure = match alphabet {
        Alphabet::Latin if long => strong * 2 >= same,
        Alphabet::Latin => strong > 0 || same > 2,
        Alphabet::Cyrillic if !long => {
            run.iter().all(|s| matches!(s.lead, 0xd0 | 0xd1))
                && (strong > 0 || same > 3 || (same > 2 && camel > 0))
        }
        Alphabet::Greek if !long => {
            run.iter().all(|s| matches!(s.lead, 0xce | 0xcf))
                && (strong > 0 || (same > 2 && signs > 0))
        }
        Alphabet::Cyrillic | Alphabet::Greek => strong >= same,
        Alphabet::Signs => false,
    };
    if sure { Verdict::Sure } else { Verdict::Likely }
}
