//! Lines that a site prints in document after document.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::{Reading, Seen};
use crate::boilerplate::filled;
use crate::boilerplate::phrase::Risk;
use crate::boilerplate::shape::{Ending, is_named_byline, words};
use crate::boilerplate::site::{Form, Known};
use crate::document::Kind;
use crate::settings::Level;
use std::collections::BTreeMap;
use std::ops::Range;

pub(in crate::boilerplate) static RULE: Rule = Rule {
    code: "B20",
    name: "site-line",
    findings: &["site-line", "site-template"],
    since: "0.1.0",
    level: Level::Safe,
    option: None,
    why: "What a publishing system prints stands in many documents of its site, before or after \
          their bodies. Works with a site model alone. Short lines need little; a sentence needs \
          a third of all documents, since stories on one event share quotes. A notice that is \
          wrapped at a fixed width goes or stays as a whole. What a line is \
          inside the body (\"Ingredients\") is for the bold alone, and a page's own headline \
          never goes.",
    removes: &[Removes {
        page: "Clinic opens by the lake\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nPeople came from both shores to look at the new rooms on Sunday afternoon.\nLake Shore Weekly\nThe harbour today\nBoats and boatyards",
        gone: &[
            "Lake Shore Weekly",
            "The harbour today",
            "Boats and boatyards",
        ],
    }],
    keeps: &[
        "The harbour today\nThe harbour lay still on Monday, and nobody could say when the boats would go out.\nBoats and boatyards\nThree yards out of five have closed since the spring, says the union of builders.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    if reading.lines.iter().all(|seen| seen.site.is_none()) {
        return;
    }
    let text = own_text(reading);
    let mut taken: BTreeMap<usize, Recurs<'_>> = (0..reading.lines.len())
        .filter(|at| !marks.has(*at))
        .filter_map(|at| Some((at, recurs(reading, at, text, marks.level())?)))
        .collect();
    let paragraphs = filled::paragraphs(&reading.lines);
    as_a_whole(reading, &paragraphs, marks, &mut taken);
    // A page of nothing but recurring lines is what the site has to say.
    let rest = reading.lines.iter().enumerate().any(|(at, seen)| {
        at != reading.headline && !seen.taken && !marks.has(at) && !taken.contains_key(&at)
    });
    if !rest {
        return;
    }
    for (at, found) in taken {
        let known = found.known;
        let rule = match known.form {
            Form::Line | Form::Numbers => "site-line",
            Form::Start | Form::End => "site-template",
        };
        let kind = match paragraph_of(&paragraphs, at) {
            Some(lines) => notice_kind(reading, lines),
            None => kind(reading, at),
        };
        marks.take(at, rule, kind, found.words());
    }
}

/// What of a line recurs that may go, and where the line stands.
#[derive(Clone, Copy)]
struct Recurs<'m> {
    known: Known<'m>,
    place: Place,
    /// Whether it is another line of the same notice that recurs so.
    beside: bool,
}

impl Recurs<'_> {
    /// Returns the evidence in words.
    fn words(&self) -> String {
        let what = if self.beside {
            format!("beside a line of its notice that {}", self.known.stands())
        } else {
            self.known.words()
        };
        format!("{what}{}", self.place.words())
    }
}

/// Returns what of a line recurs, if it may go for it; `text` is the page's own.
fn recurs<'m>(
    reading: &Reading<'m>,
    at: usize,
    text: Option<(usize, usize)>,
    level: Level,
) -> Option<Recurs<'m>> {
    let seen = reading.lines.get(at)?;
    if seen.taken || at == reading.headline || !reading.titled && reading.opens(at) {
        return None;
    }
    let known = **seen.site.as_ref()?;
    if reading.wrapped {
        return in_wrapped(reading, at, known, text, level);
    }
    let of = |known: Known<'m>| {
        let place = place(reading, at, &known, level)?;
        // Where the headline is not sure, "Book review: …" may be it.
        if !reading.titled
            && place == Place::Head
            && known.form != Form::Line
            && level < Level::Aggressive
        {
            return None;
        }
        let sound = seen.shape.ending != Ending::Stop || apart_from_text(text, at);
        (sound && is_furniture(seen, &known, place, level)).then_some(Recurs {
            known,
            place,
            beside: false,
        })
    };
    of(known).or_else(|| of(known.with_any_digits()?))
}

/// Returns what of a line recurs that is part of a text wrapped at a fixed width. Its lines are no
/// units: a common one may go, outside of the page's own text, and only with its paragraph.
fn in_wrapped<'m>(
    reading: &Reading<'m>,
    at: usize,
    known: Known<'m>,
    text: Option<(usize, usize)>,
    level: Level,
) -> Option<Recurs<'m>> {
    let place = match text {
        Some((first, _)) if at < first => Place::Head,
        Some((_, last)) if at > last => Place::Tail,
        _ => return None,
    };
    if level < Level::Standard || place == Place::Head && !reading.titled {
        return None;
    }
    let known = [Some(known), known.with_any_digits()];
    let known = known.into_iter().flatten();
    let common = known.filter(|known| known.is_common() && known.outside() >= 0.8);
    common
        .max_by_key(|known| known.standing.documents)
        .map(|known| Recurs {
            known,
            place,
            beside: false,
        })
}

/// Lets a wrapped paragraph go or stay as a whole: it goes where two thirds of it would, by width,
/// and each of its other lines for what the most common line says.
///
/// A notice is wrapped otherwise on some pages, and a line of it may name the page: its lines do
/// not all stand in as many documents, but they are one.
fn as_a_whole<'m>(
    reading: &Reading<'m>,
    paragraphs: &[Range<usize>],
    marks: &Marks<'_>,
    taken: &mut BTreeMap<usize, Recurs<'m>>,
) {
    let width = |at: usize| reading.lines.get(at).map_or(0, |seen| seen.shape.width);
    for lines in paragraphs {
        let common = taken.range(lines.clone()).map(|(_, one)| *one);
        let Some(common) = common.max_by_key(|one| one.known.standing.documents) else {
            continue;
        };
        let goes = |at: &usize| taken.contains_key(at) || marks.has(*at);
        let lines = &own_sentences(reading, lines, goes);
        let all: usize = lines.clone().map(width).sum();
        let gone: usize = lines.clone().filter(goes).map(width).sum();
        let goes = match marks.level() {
            Level::Safe => gone == all,
            _ => gone * 3 >= all * 2,
        };
        if goes && !lines.contains(&reading.headline) {
            for at in lines.clone().filter(|at| !marks.has(*at)) {
                taken.entry(at).or_insert(Recurs {
                    beside: true,
                    ..common
                });
            }
        } else {
            let stay: Vec<usize> = taken.range(lines.clone()).map(|(at, _)| *at).collect();
            for at in stay {
                taken.remove(&at);
            }
        }
    }
    if reading.wrapped {
        // What stands in no such paragraph is a line of some other text.
        taken.retain(|at, _| paragraph_of(paragraphs, *at).is_some());
    }
}

/// Returns a paragraph without the lines before the first that goes and behind the last, where a
/// sentence ends between: where the author's last line is as full as those of the notice, the two
/// look like one.
fn own_sentences(
    reading: &Reading<'_>,
    lines: &Range<usize>,
    goes: impl Fn(&usize) -> bool,
) -> Range<usize> {
    let ending = |at: usize| reading.lines.get(at).map(|seen| seen.shape.ending);
    let stops = |at: usize| ending(at) == Some(Ending::Stop);
    let (first, last) = (lines.clone().find(&goes), lines.clone().rfind(&goes));
    let (Some(first), Some(last)) = (first, last) else {
        return lines.clone();
    };
    let start = match first.checked_sub(1) {
        Some(before) if first > lines.start && stops(before) => first,
        _ => lines.start,
    };
    start..if stops(last) { last + 1 } else { lines.end }
}

/// Returns the paragraph that a line is in; `paragraphs` ascend.
fn paragraph_of(paragraphs: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let next = paragraphs.partition_point(|lines| lines.end <= at);
    paragraphs.get(next).filter(|lines| lines.contains(&at))
}

/// Returns the kind of a wrapped notice: the first sure phrase in it says it. Others are words of
/// its sentences, as "About this notice" is no byline.
fn notice_kind(reading: &Reading<'_>, lines: &Range<usize>) -> Kind {
    let within = reading.lines.get(lines.clone()).unwrap_or_default();
    let mut phrases = within.iter().filter_map(|seen| seen.phrase);
    let sure = phrases.find(|phrase| phrase.risk == Risk::Low);
    sure.map_or(Kind::Other, |phrase| phrase.kind)
}

/// Where a line stands on this page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Middle,
    Tail,
    Unknown,
}

impl Place {
    const fn words(self) -> &'static str {
        match self {
            Self::Head => ", before the body",
            Self::Middle => ", in the body",
            Self::Tail => ", after the body",
            Self::Unknown => "",
        }
    }
}

fn place(reading: &Reading<'_>, at: usize, known: &Known<'_>, level: Level) -> Option<Place> {
    if reading.zones.body.is_none() {
        return (known.is_common() && known.outside() >= 0.9).then_some(Place::Unknown);
    }
    if reading.zones.head(at) {
        Some(Place::Head)
    } else if reading.zones.tail(at) {
        Some(Place::Tail)
    } else if level == Level::Aggressive {
        Some(Place::Middle)
    } else {
        None
    }
}

/// Returns the first and the last of the page's own sentences. Of a wrapped text a sentence is its
/// last line, which may recur here and there.
fn own_text(reading: &Reading<'_>) -> Option<(usize, usize)> {
    let common = |known: Known<'_>| known.is_common();
    let foreign = |known: &Known<'_>| {
        !reading.wrapped || common(*known) || known.with_any_digits().is_some_and(common)
    };
    let own = |line: &usize| {
        let seen = &reading.lines[*line];
        *line != reading.headline
            && !seen.taken
            && seen.sentence()
            && seen.shape.width >= 40
            && !seen.site.as_deref().is_some_and(foreign)
    };
    let mut lines = 0..reading.lines.len();
    let first = lines.find(own)?;
    Some((first, lines.rfind(own).unwrap_or(first)))
}

/// Returns whether the page's own sentences all stand on one side of a line.
fn apart_from_text(text: Option<(usize, usize)>, at: usize) -> bool {
    !text.is_some_and(|(first, last)| first < at && at < last)
}

/// Returns whether a line that its site repeats so often may go.
fn is_furniture(seen: &Seen<'_>, known: &Known<'_>, place: Place, level: Level) -> bool {
    let (documents, share, outside) = (known.standing.documents, known.share(), known.outside());
    let stops = seen.shape.ending == Ending::Stop;
    let prose = stops && seen.shape.width >= 80 || seen.shape.width >= 160;
    let quotes = seen.text.contains(['"', '“', '”', '«', '»', '„', '「']);
    let bold = level == Level::Aggressive;
    // A sentence that several stories carry is content; one that most documents carry is not.
    if prose || stops && quotes {
        let least = match (quotes, known.of()) {
            (true, 0..20) => return false,
            (true, _) => 0.5,
            (false, 0..10) => 0.8,
            (false, _) if bold => 0.2,
            (false, _) => 0.3,
        };
        return level > Level::Safe
            && known.form == Form::Line
            && documents >= 5
            && share >= least
            && outside >= 0.8;
    }
    if level == Level::Safe {
        return known.form == Form::Line && documents >= 5 && share >= 0.3 && outside >= 0.9;
    }
    if place == Place::Middle {
        return known.form == Form::Line && documents >= 5 && share >= 0.3;
    }
    if stops {
        return match known.form {
            Form::Line => documents >= 4 && share >= 0.2 && outside >= 0.7,
            // A sentence with other numbers every day is a report.
            Form::Numbers => documents >= 5 && share >= 0.5 && outside >= 0.9,
            Form::Start | Form::End => false,
        };
    }
    match known.form {
        // A word alone may be a dateline's town; a menu's stands on every page.
        Form::Line if words(seen.text) < 2 && documents < 8 && share < 0.4 => false,
        Form::Line => {
            documents >= 3 && share >= if bold { 0.05 } else { 0.1 } && (bold || outside >= 0.5)
        }
        Form::Numbers => documents >= 4 && share >= 0.2 && outside >= 0.7,
        Form::Start if known.text.ends_with([':', '：']) => {
            documents >= 4 && share >= 0.3 && outside >= 0.8
        }
        Form::Start | Form::End => {
            documents >= 5
                && share >= if bold { 0.4 } else { 0.5 }
                && outside >= 0.8
                && words(seen.text) <= 12
        }
    }
}

/// Returns the kind of a line: its own phrase says it, else its neighbours'.
fn kind(reading: &Reading<'_>, at: usize) -> Kind {
    let of = |line: usize| reading.lines[line].phrase.map(|phrase| phrase.kind);
    if let Some(kind) = of(at) {
        return kind;
    }
    if is_named_byline(reading.lines[at].text) {
        return Kind::BylineNamed;
    }
    let near = |line: Option<usize>| line.filter(|line| *line != reading.headline).and_then(of);
    match (near(reading.before(at)), near(reading.after(at))) {
        (Some(one), Some(other)) if one == other && one != Kind::BylineNamed => one,
        _ => Kind::Other,
    }
}
