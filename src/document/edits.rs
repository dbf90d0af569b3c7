//! Edits: what was replaced, where, so that it can be put back.
//!
//! A list of edits turns one text into another. Lists compose: when a second
//! desk edits what a first one has made, [`Edits::compose`] gives the one list
//! that leads from the original straight to the result. That list *is* the
//! ledger of a document: applying it cleans the original, [`Edits::revert`]
//! brings the original back.

use super::Span;
use std::borrow::Cow;

/// One replaced span.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit<T> {
    /// The bytes of the text before the edit.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: Cow<'static, str>,
    /// Who made the edit and why.
    pub tag: T,
}

/// Edits of one text: ascending, not overlapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Edits<T>(Vec<Edit<T>>);

impl<T> Default for Edits<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Edits<T> {
    /// Returns the list with no edit.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of edits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Iterates the edits in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Edit<T>> {
        self.0.iter()
    }

    /// Appends an edit behind all others.
    ///
    /// An edit that starts before the end of the last one is not taken, so the
    /// list stays ascending; the answer tells whether it was taken.
    pub fn push(&mut self, span: Span, replacement: impl Into<Cow<'static, str>>, tag: T) -> bool {
        if self.0.last().is_some_and(|last| last.span.end > span.start) || span.end < span.start {
            return false;
        }
        self.0.push(Edit {
            span,
            replacement: replacement.into(),
            tag,
        });
        true
    }

    /// Returns `text` with every edit made.
    ///
    /// Borrows `text` where there is none. Spans must fit `text`.
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in &self.0 {
            out.push_str(Span::new(at, edit.span.start).of(text));
            out.push_str(&edit.replacement);
            at = edit.span.end;
        }
        out.push_str(Span::new(at, text.len()).of(text));
        Cow::Owned(out)
    }

    /// Returns a look-up of places in the edited text, for many that ascend.
    pub fn places(&self) -> Places<'_, T> {
        Places {
            edits: &self.0,
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
        if self.0.is_empty() {
            return later;
        }
        if later.0.is_empty() {
            return self;
        }
        let mut out: Vec<Edit<T>> = Vec::with_capacity(self.0.len() + later.0.len());
        let mut first = self.0.into_iter().peekable();
        // `shift`: original position = position in the middle text + shift, outside edits.
        let mut shift: isize = 0;
        // The earlier edit that the last later one swallowed, with its middle span: the
        // next later edit may overlap it too.
        let mut tail: Option<(Span, Span, Cow<'static, str>)> = None;
        for edit in later.0 {
            let (start, end) = (edit.span.start, edit.span.end);
            if let Some((middle, original, text)) = tail.take()
                && start < middle.end
            {
                // The previous later edit ended inside an earlier replacement and so does
                // this one begin: both become one edit.
                if let Some(last) = out.last_mut() {
                    let mut made = last.replacement.to_string();
                    // `last.replacement` ends with the whole rest of `text`; keep only what
                    // lies before this edit's start.
                    let rest = middle.end - start;
                    made.truncate(made.len() - rest);
                    made.push_str(&edit.replacement);
                    let mut span_end = original.end;
                    if end < middle.end {
                        made.push_str(&text[text.len() - (middle.end - end)..]);
                        tail = Some((middle, original, text));
                    } else {
                        let (grown, carry) = swallow(&mut first, &mut shift, end, &mut made);
                        span_end = grown.unwrap_or_else(|| shifted(end, shift).max(span_end));
                        tail = carry;
                    }
                    last.span.end = span_end;
                    last.replacement = Cow::Owned(made);
                    last.tag = edit.tag;
                }
                continue;
            }
            // Earlier edits that lie wholly before this one stand as they are.
            while let Some(earlier) = first.peek() {
                let middle_start = unshifted(earlier.span.start, shift);
                let middle_end = middle_start + earlier.replacement.len();
                if middle_end > start {
                    break;
                }
                if let Some(earlier) = first.next() {
                    shift += earlier.span.len() as isize - earlier.replacement.len() as isize;
                    out.push(earlier);
                }
            }
            let mut span_start = shifted(start, shift);
            let mut made = String::new();
            if let Some(earlier) = first.peek() {
                let middle_start = unshifted(earlier.span.start, shift);
                if middle_start < start {
                    span_start = earlier.span.start;
                    made.push_str(&earlier.replacement[..start - middle_start]);
                }
            }
            made.push_str(&edit.replacement);
            let (grown, carry) = swallow(&mut first, &mut shift, end, &mut made);
            tail = carry;
            let span_end = grown.unwrap_or_else(|| shifted(end, shift)).max(span_start);
            out.push(Edit {
                span: Span::new(span_start, span_end),
                replacement: Cow::Owned(made),
                tag: edit.tag,
            });
        }
        out.extend(first);
        Edits(out)
    }

    /// Returns the original of `cleaned`.
    ///
    /// `originals` holds what stood at each edit's span before, in order.
    /// Answers `None` where the edits do not fit `cleaned`.
    pub fn revert<'b>(
        &self,
        cleaned: &str,
        originals: impl IntoIterator<Item = &'b str>,
    ) -> Option<String> {
        let mut out = String::with_capacity(cleaned.len());
        let mut at = 0;
        let mut rest = cleaned;
        for (edit, original) in self.0.iter().zip(originals) {
            let keep = edit.span.start.checked_sub(at)?;
            out.push_str(rest.get(..keep)?);
            rest = rest.get(keep..)?.strip_prefix(&*edit.replacement)?;
            out.push_str(original);
            at = edit.span.end;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Tells where bytes of the edited text stood before.
///
/// It passes over each edit once, however many bytes are asked for.
#[derive(Debug)]
pub struct Places<'e, T> {
    /// The edits that no byte so far has lain behind.
    edits: &'e [Edit<T>],
    /// Where the last edit before them ends, in the text before and in the edited one.
    old: usize,
    new: usize,
}

impl<T> Places<'_, T> {
    /// Returns where byte `at` of the edited text stood; one that an edit wrote stood where the
    /// edit begins. `at` must not be less than the last one that was asked for.
    pub fn before(&mut self, at: usize) -> usize {
        while let Some((edit, rest)) = self.edits.split_first() {
            let start = self.new + edit.span.start - self.old;
            if at < start {
                break;
            }
            let end = start + edit.replacement.len();
            if at < end {
                return edit.span.start;
            }
            (self.old, self.new, self.edits) = (edit.span.end, end, rest);
        }
        (self.old + at).saturating_sub(self.new)
    }
}

impl<T> IntoIterator for Edits<T> {
    type Item = Edit<T>;
    type IntoIter = std::vec::IntoIter<Edit<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// An earlier edit's middle span, original span and replacement.
type Swallowed = (Span, Span, Cow<'static, str>);

/// Takes every earlier edit that starts before `end` (of the middle text) out
/// of `first`. Answers where the swallowed reach ends in the original, and the
/// last one if it reaches beyond `end`, its rest appended to `made`.
fn swallow<T>(
    first: &mut std::iter::Peekable<std::vec::IntoIter<Edit<T>>>,
    shift: &mut isize,
    end: usize,
    made: &mut String,
) -> (Option<usize>, Option<Swallowed>) {
    while let Some(earlier) = first.peek() {
        let middle_start = unshifted(earlier.span.start, *shift);
        if middle_start >= end {
            break;
        }
        let Some(earlier) = first.next() else { break };
        let middle_end = middle_start + earlier.replacement.len();
        *shift += earlier.span.len() as isize - earlier.replacement.len() as isize;
        if middle_end > end {
            made.push_str(&earlier.replacement[earlier.replacement.len() - (middle_end - end)..]);
            return (
                Some(earlier.span.end),
                Some((
                    Span::new(middle_start, middle_end),
                    earlier.span,
                    earlier.replacement,
                )),
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

    /// Makes edits of a text of `len` ASCII letters from cut points and replacements.
    fn edits(len: usize, cuts: &[usize], with: &[String]) -> Edits<u8> {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (len + 1)).collect();
        cuts.sort_unstable();
        let mut out = Edits::new();
        for (pair, text) in cuts.chunks_exact(2).zip(with.iter().cycle()) {
            out.push(Span::new(pair[0], pair[1]), text.clone(), 0);
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
}
