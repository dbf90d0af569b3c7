//! Edits: what was replaced, where, so that it can be put back.
//!
//! A list of edits turns one text into another. Lists compose: when a second
//! desk edits what a first one has made, [`Edits::compose`] gives the one list
//! that leads from the original straight to the result. That list *is* the
//! ledger of a document: applying it cleans the original, [`Edits::revert`]
//! brings the original back.
//!
//! A text full of entities has an edit every five bytes, so a list is kept packed: some four bytes
//! an edit beside what it puts in. It is read from its beginning and written at its end.

use super::Span;
use std::borrow::Cow;
use std::fmt;
use std::iter::Peekable;
use std::marker::PhantomData;

/// Who made an edit and why, as a small number.
pub trait Tag: Copy {
    /// Returns the number, the smaller the better.
    fn number(self) -> u32;

    /// Returns the tag of a number that [`number`](Self::number) gave.
    fn of(number: u32) -> Self;
}

/// An edit of nobody in particular.
impl Tag for () {
    fn number(self) -> u32 {
        0
    }

    fn of(_: u32) -> Self {}
}

/// One replaced span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edit<'e, T> {
    /// The bytes of the text before the edit.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: &'e str,
    /// Who made the edit and why.
    pub tag: T,
}

/// Edits of one text: ascending, not overlapping.
#[derive(Clone, PartialEq)]
pub struct Edits<T> {
    /// For each edit four numbers: how far it begins behind the end of the last one, how many bytes
    /// it takes, how many it puts in, its tag.
    steps: Vec<u8>,
    /// What the edits put in, one after the other.
    texts: String,
    /// How many they are.
    len: usize,
    /// Where the last one ends.
    end: usize,
    /// How many bytes all of them take.
    taken: usize,
    tag: PhantomData<T>,
}

impl<T> Default for Edits<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Tag + fmt::Debug> fmt::Debug for Edits<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

impl<T> Edits<T> {
    /// Returns the list with no edit.
    pub const fn new() -> Self {
        Self {
            steps: Vec::new(),
            texts: String::new(),
            len: 0,
            end: 0,
            taken: 0,
            tag: PhantomData,
        }
    }

    /// Returns whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the number of edits.
    pub fn len(&self) -> usize {
        self.len
    }
}

impl<T: Tag> Edits<T> {
    /// Iterates the edits in the order of the text.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter {
            steps: &self.steps,
            texts: &self.texts,
            at: 0,
            tag: PhantomData,
        }
    }

    /// Appends an edit behind all others.
    ///
    /// An edit that starts before the end of the last one is not taken, so the
    /// list stays ascending; the answer tells whether it was taken.
    pub fn push(&mut self, span: Span, replacement: impl AsRef<str>, tag: T) -> bool {
        let Some(gap) = span.start.checked_sub(self.end) else {
            return false;
        };
        if span.end < span.start {
            return false;
        }
        let replacement = replacement.as_ref();
        for number in [gap, span.len(), replacement.len(), tag.number() as usize] {
            write_number(number, &mut self.steps);
        }
        self.texts.push_str(replacement);
        self.len += 1;
        self.end = span.end;
        self.taken += span.len();
        true
    }

    /// Returns `text` with every edit made.
    ///
    /// Borrows `text` where there is none. Spans must fit `text`.
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let left = text.len().saturating_sub(self.taken);
        let mut out = String::with_capacity(left + self.texts.len());
        let mut at = 0;
        for edit in self.iter() {
            out.push_str(Span::new(at, edit.span.start).of(text));
            out.push_str(edit.replacement);
            at = edit.span.end;
        }
        out.push_str(Span::new(at, text.len()).of(text));
        Cow::Owned(out)
    }

    /// Returns the same edits with other tags.
    pub fn tagged<U: Tag>(&self, tag: impl Fn(T) -> U) -> Edits<U> {
        let mut out = Edits::new();
        out.steps.reserve_exact(self.steps.len());
        out.texts.reserve_exact(self.texts.len());
        for edit in self.iter() {
            out.push(edit.span, edit.replacement, tag(edit.tag));
        }
        out
    }

    /// Returns a look-up of places in the edited text, for many that ascend.
    pub fn places(&self) -> Places<'_, T> {
        Places {
            edits: self.iter().peekable(),
            old: 0,
            new: 0,
        }
    }

    /// Returns the one list that does what `self` and then `later` do.
    ///
    /// `later` is of the text that `self` makes. Where the two overlap, the
    /// later edit swallows the earlier one: its span grows to the whole of it
    /// and what is left of the earlier replacement becomes part of its own.
    pub fn compose(self, later: Edits<T>) -> Edits<T> {
        if self.is_empty() {
            return later;
        }
        if later.is_empty() {
            return self;
        }
        let mut out = Edits::new();
        let mut first = self.iter().peekable();
        // `shift`: original position = position in the middle text + shift, outside edits.
        let mut shift: isize = 0;
        // The edit that is to come next, since the next later one may become part of it: its span,
        // its tag, and in `made` what it puts in.
        let mut last: Option<(Span, T)> = None;
        let mut made = String::new();
        // The earlier edit that the last later one swallowed, with its middle span: the
        // next later edit may overlap it too.
        let mut tail: Option<Swallowed<'_>> = None;
        for edit in later.iter() {
            let (start, end) = (edit.span.start, edit.span.end);
            if let Some((middle, original, text)) = tail.take()
                && start < middle.end
            {
                // The previous later edit ended inside an earlier replacement and so does
                // this one begin: both become one edit.
                if let Some((span, tag)) = &mut last {
                    // `made` ends with the whole rest of `text`; keep only what
                    // lies before this edit's start.
                    let rest = middle.end - start;
                    made.truncate(made.len() - rest);
                    made.push_str(edit.replacement);
                    span.end = original.end;
                    if end < middle.end {
                        made.push_str(end_of(text, middle.end - end));
                        tail = Some((middle, original, text));
                    } else {
                        let (grown, carry) = swallow(&mut first, &mut shift, end, &mut made);
                        span.end = grown.unwrap_or_else(|| shifted(end, shift).max(original.end));
                        tail = carry;
                    }
                    *tag = edit.tag;
                }
                continue;
            }
            if let Some((span, tag)) = last.take() {
                out.push(span, &made, tag);
            }
            made.clear();
            // Earlier edits that lie wholly before this one stand as they are.
            while let Some(earlier) = first.next_if(|earlier| {
                unshifted(earlier.span.start, shift) + earlier.replacement.len() <= start
            }) {
                shift += earlier.span.len() as isize - earlier.replacement.len() as isize;
                out.push(earlier.span, earlier.replacement, earlier.tag);
            }
            let mut span_start = shifted(start, shift);
            if let Some(earlier) = first.peek() {
                let middle_start = unshifted(earlier.span.start, shift);
                if middle_start < start {
                    span_start = earlier.span.start;
                    made.push_str(
                        earlier
                            .replacement
                            .get(..start - middle_start)
                            .unwrap_or_default(),
                    );
                }
            }
            made.push_str(edit.replacement);
            let (grown, carry) = swallow(&mut first, &mut shift, end, &mut made);
            tail = carry;
            let span_end = grown.unwrap_or_else(|| shifted(end, shift)).max(span_start);
            last = Some((Span::new(span_start, span_end), edit.tag));
        }
        if let Some((span, tag)) = last {
            out.push(span, &made, tag);
        }
        for earlier in first {
            out.push(earlier.span, earlier.replacement, earlier.tag);
        }
        out
    }

    /// Returns the original of `cleaned`.
    ///
    /// `originals` holds what stood at each edit's span before, in order.
    /// Answers `None` where the edits do not fit `cleaned`.
    pub fn revert<'b>(
        &'b self,
        cleaned: &str,
        originals: impl IntoIterator<Item = &'b str>,
    ) -> Option<String> {
        let edits = self.iter().zip(originals);
        revert(
            cleaned,
            edits.map(|(edit, original)| (edit.span, edit.replacement, original)),
        )
    }
}

/// Returns the original of `cleaned`, from the edits that made it: the span of each in the
/// original, what stands there now, and what stood there.
///
/// Answers `None` where the edits do not fit `cleaned`.
pub fn revert<'b>(
    cleaned: &str,
    edits: impl Iterator<Item = (Span, &'b str, &'b str)>,
) -> Option<String> {
    let mut out = String::with_capacity(cleaned.len());
    let mut at = 0;
    let mut rest = cleaned;
    for (span, replacement, original) in edits {
        let keep = span.start.checked_sub(at)?;
        out.push_str(rest.get(..keep)?);
        rest = rest.get(keep..)?.strip_prefix(replacement)?;
        out.push_str(original);
        at = span.end;
    }
    out.push_str(rest);
    Some(out)
}

/// The edits of a list, in the order of the text.
#[derive(Clone, Debug)]
pub struct Iter<'e, T> {
    /// The numbers and texts that are still to be read.
    steps: &'e [u8],
    texts: &'e str,
    /// Where the last edit ended.
    at: usize,
    tag: PhantomData<T>,
}

impl<'e, T: Tag> Iterator for Iter<'e, T> {
    type Item = Edit<'e, T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.steps.is_empty() {
            return None;
        }
        let [gap, taken, put, tag] = std::array::from_fn(|_| read_number(&mut self.steps));
        let start = self.at + gap;
        self.at = start + taken;
        let (replacement, texts) = self.texts.split_at_checked(put)?;
        self.texts = texts;
        Some(Edit {
            span: Span::new(start, self.at),
            replacement,
            tag: T::of(tag as u32),
        })
    }
}

/// Appends a number, seven bits a byte, the lowest first; the last byte has no high bit.
fn write_number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number off the front.
fn read_number(from: &mut &[u8]) -> usize {
    let (mut number, mut bits) = (0, 0);
    while let Some((byte, rest)) = from.split_first() {
        *from = rest;
        number |= usize::from(byte & 0x7f) << bits;
        bits += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

/// Tells where bytes of the edited text stood before.
///
/// It passes over each edit once, however many bytes are asked for.
#[derive(Debug)]
pub struct Places<'e, T: Tag> {
    /// The edits that no byte so far has lain behind.
    edits: Peekable<Iter<'e, T>>,
    /// Where the last edit before them ends, in the text before and in the edited one.
    old: usize,
    new: usize,
}

impl<T: Tag> Places<'_, T> {
    /// Returns where byte `at` of the edited text stood; one that an edit wrote stood where the
    /// edit begins. `at` must not be less than the last one that was asked for.
    pub fn before(&mut self, at: usize) -> usize {
        while let Some(edit) = self.edits.peek() {
            let start = self.new + edit.span.start - self.old;
            if at < start {
                break;
            }
            let end = start + edit.replacement.len();
            if at < end {
                return edit.span.start;
            }
            (self.old, self.new) = (edit.span.end, end);
            self.edits.next();
        }
        (self.old + at).saturating_sub(self.new)
    }
}

/// An earlier edit's middle span, original span and replacement.
type Swallowed<'e> = (Span, Span, &'e str);

/// Returns the last bytes of a text, so many.
fn end_of(text: &str, bytes: usize) -> &str {
    let start = text.len().saturating_sub(bytes);
    text.get(start..).unwrap_or_default()
}

/// Takes every earlier edit that starts before `end` (of the middle text) out
/// of `first`. Answers where the swallowed reach ends in the original, and the
/// last one if it reaches beyond `end`, its rest appended to `made`.
fn swallow<'e, T: Tag>(
    first: &mut Peekable<Iter<'e, T>>,
    shift: &mut isize,
    end: usize,
    made: &mut String,
) -> (Option<usize>, Option<Swallowed<'e>>) {
    while let Some(earlier) = first.next_if(|earlier| unshifted(earlier.span.start, *shift) < end) {
        let middle_start = unshifted(earlier.span.start, *shift);
        let middle_end = middle_start + earlier.replacement.len();
        *shift += earlier.span.len() as isize - earlier.replacement.len() as isize;
        if middle_end > end {
            made.push_str(end_of(earlier.replacement, middle_end - end));
            let middle = Span::new(middle_start, middle_end);
            return (
                Some(earlier.span.end),
                Some((middle, earlier.span, earlier.replacement)),
            );
        }
    }
    (None, None)
}

fn shifted(middle: usize, shift: isize) -> usize {
    middle.saturating_add_signed(shift)
}

fn unshifted(original: usize, shift: isize) -> usize {
    original.saturating_add_signed(-shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Tag for char {
        fn number(self) -> u32 {
            self.into()
        }

        fn of(number: u32) -> Self {
            Self::from_u32(number).unwrap()
        }
    }

    /// Makes edits of a text of `len` ASCII letters from cut points and replacements.
    fn edits(len: usize, cuts: &[usize], with: &[String]) -> Edits<char> {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (len + 1)).collect();
        cuts.sort_unstable();
        let mut out = Edits::new();
        for (pair, text) in cuts.chunks_exact(2).zip(with.iter().cycle()) {
            out.push(Span::new(pair[0], pair[1]), text, 'e');
        }
        out
    }

    proptest! {
        #[test]
        fn composed_edits_do_what_both_did_and_can_be_reverted(
            text in "[a-z]{0,40}",
            one in prop::collection::vec(0usize..64, 0..10),
            two in prop::collection::vec(0usize..64, 0..10),
            three in prop::collection::vec(0usize..64, 0..10),
            with in prop::collection::vec("[A-Z]{0,4}", 1..6),
        ) {
            let first = edits(text.len(), &one, &with);
            let middle = first.apply(&text).into_owned();
            let second = edits(middle.len(), &two, &with);
            let late = second.apply(&middle).into_owned();
            let third = edits(late.len(), &three, &with);
            let cleaned = third.apply(&late).into_owned();
            let all = first.compose(second).compose(third);
            prop_assert_eq!(&all.apply(&text), &cleaned);
            // What no edit wrote is a small letter, and stood at its place before.
            let mut places = all.places();
            for (at, letter) in cleaned.bytes().enumerate() {
                let before = places.before(at);
                prop_assert_eq!(before, all.places().before(at));
                let same = text.as_bytes().get(before) == Some(&letter);
                let begins = all.iter().any(|edit| edit.span.start == before);
                let kept = letter.is_ascii_lowercase();
                prop_assert!((kept && same) || (!kept && begins));
            }
            let originals: Vec<&str> = all.iter().map(|edit| edit.span.of(&text)).collect();
            prop_assert_eq!(all.revert(&cleaned, originals), Some(text));
            prop_assert_eq!(all.iter().count(), all.len());
        }
    }

    #[test]
    fn a_removed_line_swallows_the_mended_characters_inside_it() {
        let mut mended = Edits::new();
        mended.push(Span::new(2, 5), "-", 'm');
        mended.push(Span::new(9, 9 + 1), "", 'm');
        let mut removed = Edits::new();
        removed.push(Span::new(0, 7), "", 'r');
        let all = mended.compose(removed);
        let spans: Vec<_> = all.iter().map(|edit| (edit.span, edit.tag)).collect();
        assert_eq!(spans, [(Span::new(0, 9), 'r'), (Span::new(9, 10), 'm')]);
    }

    #[test]
    fn a_list_takes_a_few_bytes_an_edit_and_numbers_of_any_size() {
        let mut edits = Edits::new();
        for number in 0..1000 {
            edits.push(Span::new(7 * number, 7 * number + 6), "<", 'e');
        }
        assert_eq!(edits.steps.len() + edits.texts.len(), 5000);
        let far = Span::new(1 << 40, (1 << 40) + 300);
        assert!(edits.push(far, "é".repeat(200), char::MAX));
        let last = edits.iter().last().unwrap();
        assert_eq!((last.span, last.tag), (far, char::MAX));
        assert_eq!(last.replacement.len(), 400);
        assert!(!edits.push(Span::new(0, 1), "", 'e'));
        assert!(!edits.push(Span::new(2 << 40, 1 << 40), "", 'e'));
        assert_eq!(edits.len(), 1001);
    }
}
