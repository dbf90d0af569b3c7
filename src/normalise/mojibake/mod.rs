//! Mojibake: UTF-8 that somebody decoded as a single-byte charset is decoded again.
//!
//! "â€™" is the three bytes of "’" shown in windows-1252, "РџСЂ" the four of "Пр"
//! in windows-1251. A *run* of such sequences that stand side by side, whose
//! bytes are valid UTF-8, is one edit, if `weigh` finds that nobody would write
//! it; a run that could be either goes where others of its class surely went.
//! Mojibake of mojibake is mended one layer a round.
//!
//! What else a misread text has lost is put right where it can be told:
//!
//! - C1 controls are the windows-1252 characters of their code ("\u{93}" is "“");
//!   U+0085 only in the company of others, else it is a line break.
//! - "Â " and "Ã " whose no-break space somebody made a plain one.
//! - "â€" and "â€\u{FFFD}", whose byte 9D was dropped, are the "”" of an "â€œ".
//!
//! The idea of asking how bad a text looks is that of ftfy (Robyn Speer); the
//! table and the rules are our own, and stricter: a run has to be wrong by
//! itself, not only to become shorter.

mod charsets;
mod weigh;

use super::{Mend, survey};
use crate::document::{Edits, Span};
use charsets::{Alphabet, CHARSETS, Charset, c1_as_windows_1252};
use std::cell::OnceCell;
use weigh::{Class, Sequence, Verdict, Weight};

/// What the whole text tells about what has lost a byte, asked at most once.
struct Company<'a> {
    text: &'a str,
    first_quote: OnceCell<Option<usize>>,
    other_c1: OnceCell<bool>,
}

impl<'a> Company<'a> {
    const fn of(text: &'a str) -> Self {
        Self {
            text,
            first_quote: OnceCell::new(),
            other_c1: OnceCell::new(),
        }
    }

    /// Returns whether a quotation, misread or not, opens before `at`.
    fn has_quote_before(&self, at: usize) -> bool {
        let find = || {
            self.text
                .find("â€œ")
                .into_iter()
                .chain(self.text.find('“'))
                .min()
        };
        self.first_quote
            .get_or_init(find)
            .is_some_and(|quote| quote < at)
    }

    /// Returns whether there is a C1 control that is a windows-1252 character, but NEL.
    fn has_other_c1(&self) -> bool {
        let other = |c: char| c != '\u{85}' && c1_as_windows_1252(c).is_some();
        *self.other_c1.get_or_init(|| self.text.chars().any(other))
    }
}

/// Where a run is cut, so that no text takes more than time in proportion to its length.
const LONGEST_RUN: usize = 64;

/// A run that may be mojibake.
struct Run {
    span: Span,
    meant: String,
    verdict: Verdict,
    alphabet: Alphabet,
    class: Class,
}

/// Returns one edit a run of mojibake.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    let mut runs: Vec<Run> = Vec::new();
    let company = Company::of(text);
    let bytes = text.as_bytes();
    let mut free = 0;
    // Where the line last looked at ends.
    let mut line_end = 0;
    for at in survey::mojibake_starts(text) {
        if at < free {
            continue;
        }
        if at >= line_end {
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |feed| feed + 1);
            line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |feed| at + feed);
            let line = Span::new(start, line_end);
            if let Some(charset) = CHARSETS
                .iter()
                .find(|charset| is_misread(text, line, charset))
            {
                runs.extend(runs_of_line(text, line, charset));
                free = line_end;
                continue;
            }
        }
        if let Some(run) = run_at(text, at, &company) {
            free = run.span.end;
            runs.push(run);
        }
    }
    settle(runs)
}

/// Returns whether `line` is misread in `charset` from end to end:
/// every character but ASCII is part of a sequence, four at least, of three kinds.
///
/// Such a line is not written by chance, whatever its sequences look like.
fn is_misread(text: &str, line: Span, charset: &Charset) -> bool {
    let bytes = text.as_bytes();
    let mut kinds: Vec<char> = Vec::new();
    let mut count = 0;
    let mut at = line.start;
    while at < line.end {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        match sequence(text, at, charset) {
            Some((sequence, next)) if sequence.class != Class::Odd => {
                count += 1;
                if kinds.len() < 3 && !kinds.contains(&sequence.target) {
                    kinds.push(sequence.target);
                }
                at = next;
            }
            _ => return false,
        }
    }
    count > 3 && kinds.len() > 2
}

/// Returns the runs of a line that is misread from end to end.
fn runs_of_line(text: &str, line: Span, charset: &Charset) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = line.start;
    while at < line.end {
        if text.as_bytes()[at].is_ascii() {
            at += 1;
            continue;
        }
        let Some((mut run, _)) = read_run(text, at, charset) else {
            return runs;
        };
        run.verdict = Verdict::Sure;
        at = run.span.end;
        runs.push(run);
    }
    runs
}

/// Returns the edits of the runs that are sure, and of those like them.
fn settle(runs: Vec<Run>) -> Edits<Mend> {
    let mut sure: Vec<(Alphabet, Class)> = Vec::new();
    for run in &runs {
        let kind = (run.alphabet, run.class);
        if run.verdict == Verdict::Sure && !sure.contains(&kind) {
            sure.push(kind);
        }
    }
    let mut edits = Edits::new();
    for run in runs {
        // What is left of a character is of no class: any of its alphabet will do.
        let alike = |&(alphabet, class): &(Alphabet, Class)| {
            alphabet == run.alphabet && (run.class == Class::Odd || class == run.class)
        };
        if run.verdict == Verdict::Sure || sure.iter().any(alike) {
            edits.push(run.span, run.meant, Mend::Mojibake);
        }
    }
    edits
}

/// Returns the run that begins at `at`: the surest, of these the longest.
fn run_at(text: &str, at: usize, company: &Company) -> Option<Run> {
    let mut best: Option<Run> = None;
    for charset in &*CHARSETS {
        if let Some(run) = run_in(text, at, charset)
            && best
                .as_ref()
                .is_none_or(|best| (run.verdict, run.span.end) > (best.verdict, best.span.end))
        {
            best = Some(run);
        }
    }
    best.or_else(|| remnant(text, at, company))
}

/// Returns the run of `charset` that begins at `at`, unless it is honest text.
fn run_in(text: &str, at: usize, charset: &Charset) -> Option<Run> {
    let (mut run, sequences) = read_run(text, at, charset)?;
    run.verdict = weigh::verdict(&sequences, charset.alphabet);
    if let Some((next, _)) = sequence(text, run.span.end, charset)
        && next.class == Class::Odd
    {
        // Half a mend would make it worse.
        run.verdict = run.verdict.min(Verdict::Likely);
    }
    // Where GBK or the like was misread, some bytes look like UTF-8 by chance.
    let before = text[..at].chars().next_back();
    let after = text[run.span.end..].chars().next();
    if sequences.len() < 3 && (is_garble(before) || is_garble(after)) {
        return None;
    }
    (run.verdict > Verdict::Not).then_some(run)
}

/// Reads the sequences of `charset` from `at` on; not yet judged.
fn read_run(text: &str, at: usize, charset: &Charset) -> Option<(Run, Vec<Sequence>)> {
    let mut sequences = Vec::new();
    let mut meant = String::new();
    let mut end = at;
    while sequences.len() < LONGEST_RUN
        && let Some((sequence, next)) = sequence(text, end, charset)
        && sequence.class != Class::Odd
    {
        meant.push(sequence.target);
        sequences.push(sequence);
        end = next;
    }
    let run = Run {
        span: Span::new(at, end),
        meant,
        verdict: Verdict::Not,
        alphabet: charset.alphabet,
        class: sequences.first()?.class,
    };
    Some((run, sequences))
}

/// Returns whether the neighbour `c` of a run is itself what no word has there.
fn is_garble(c: Option<char>) -> bool {
    c.is_some_and(|c| match c {
        '¡' | '¿' | '\u{80}'..='\u{9f}' => false,
        'À'..='ß' => true,
        _ => ('\u{a0}'..='¿').contains(&c) && Weight::of(c) == Weight::Strong,
    })
}

/// Reads the character whose UTF-8 `charset` shows at `at`; answers where it ends.
fn sequence(text: &str, at: usize, charset: &Charset) -> Option<(Sequence, usize)> {
    let rest = &text[at..];
    let mut characters = rest.char_indices();
    let lead = charset.byte(characters.next()?.1)?;
    let len = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut weights = Vec::with_capacity(len - 1);
    let mut ends_small = false;
    let mut controls = 0;
    for byte in &mut bytes[1..len] {
        let (offset, c) = characters.next()?;
        *byte = match charset.byte(c) {
            Some(byte) => byte,
            // "Ð Ð¾": the no-break space of a Cyrillic "Р" was made a plain one.
            None if c == ' '
                && lead == 0xd0
                && charset.alphabet == Alphabet::Latin
                && is_pair(&rest[offset + 1..], charset) =>
            {
                0xa0
            }
            None => return None,
        };
        controls += usize::from(c.is_control());
        weights.push(Weight::of(c));
        ends_small = c.is_lowercase();
    }
    let target = std::str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
    let after = characters.next();
    let sequence = Sequence {
        lead,
        second: bytes[1],
        weights,
        ends_small,
        target,
        class: if len > 2 && controls == len - 1 {
            Class::of(target).or_sign()
        } else {
            Class::of(target)
        },
        before: text[..at].chars().next_back(),
        after: after.map(|(_, c)| c),
    };
    Some((
        sequence,
        at + after.map_or(rest.len(), |(offset, _)| offset),
    ))
}

/// Returns whether `rest` begins with a sequence of two.
fn is_pair(rest: &str, charset: &Charset) -> bool {
    let mut bytes = rest.chars().map(|c| charset.byte(c));
    matches!(
        (bytes.next(), bytes.next()),
        (Some(Some(0xc2..=0xdf)), Some(Some(0x80..=0xbf)))
    )
}

/// Returns whether `c` may stand before a no-break space, but not before a lone "Â".
fn ends_something(c: char) -> bool {
    const SIGNS: &str = ".,;:!?%)]”’»…–—-™®";
    (c.is_alphanumeric() && !c.is_uppercase()) || SIGNS.contains(c)
}

/// Returns the mend of what has lost a byte, or stands for one byte.
fn remnant(text: &str, at: usize, company: &Company) -> Option<Run> {
    let run = |end: usize, meant: &str, verdict| {
        Some(Run {
            span: Span::new(at, end),
            meant: meant.to_owned(),
            verdict,
            alphabet: Alphabet::Latin,
            class: Class::Odd,
        })
    };
    let mut characters = text[at..].chars();
    let first = characters.next()?;
    let end = at + first.len_utf8();
    let rest = characters.as_str();
    let before = text[..at].chars().next_back();
    let behind_word = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
    match first {
        '\u{85}' if !company.has_other_c1() => None,
        '\u{80}'..='\u{9f}' => {
            let meant = c1_as_windows_1252(first)?;
            run(end, meant.encode_utf8(&mut [0; 4]), Verdict::Sure)
        }
        // No-break spaces, one or several: "Â Â Â".
        'Â' if rest.is_empty() || rest.starts_with([' ', '\n', '\r']) => {
            let mut more = rest;
            let mut count = 0;
            while let Some(next) = more.strip_prefix(" Â")
                && (next.is_empty() || next.starts_with([' ', '\n', '\r']))
            {
                more = next;
                count += 1;
            }
            let end = text.len() - more.len();
            let verdict = if before.is_some_and(ends_something) {
                Verdict::Sure
            } else {
                Verdict::Likely
            };
            run(end, &" ".repeat(count), verdict)
        }
        'Ã' if rest.starts_with("  ") && behind_word => run(end + 1, "à", Verdict::Sure),
        'Ã' if rest.starts_with(' ') && behind_word => run(end, "à", Verdict::Sure),
        'Ã' if rest.starts_with(' ') && before.is_none_or(|c| c == ' ') => {
            let spare = usize::from(rest.starts_with("  "));
            run(end + spare, "à", Verdict::Likely)
        }
        // windows-1251 has one hole, the byte 98 of "‘".
        'в' if rest.starts_with("Ђ\u{fffd}") => {
            let len = "Ђ\u{fffd}".len();
            run(end + len, "‘", Verdict::Sure)
        }
        'â' => {
            let rest = rest.strip_prefix('€')?;
            let opened = company.has_quote_before(at);
            let lost = if rest.starts_with('\u{fffd}') {
                '\u{fffd}'.len_utf8()
            } else {
                0
            };
            if opened {
                run(end + '€'.len_utf8() + lost, "”", Verdict::Sure)
            } else {
                None
            }
        }
        _ => None,
    }
}
