//! Lines that a site prints in document after document.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::{Reading, Seen};
use crate::boilerplate::shape::{Ending, is_named_byline, words};
use crate::boilerplate::site::{Form, Known};
use crate::document::Kind;
use crate::settings::Level;

pub(in crate::boilerplate) static RULE: Rule = Rule {
    code: "B20",
    name: "site-line",
    findings: &["site-line", "site-template"],
    since: "0.1.0",
    level: Level::Safe,
    option: None,
    why: "What a publishing system prints stands in many documents of its site, before or after \
          their bodies. Works with a site model alone. Short lines need little; a sentence needs \
          a third of all documents, since stories on one event share quotes. What a line is \
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
    let level = marks.level();
    let text = own_text(reading);
    let taken: Vec<(usize, &Known<'_>, &str)> = reading
        .lines
        .iter()
        .enumerate()
        .filter(|(at, seen)| {
            !seen.taken && !marks.has(*at) && *at != reading.headline && !reading.wrapped
        })
        .filter(|(at, _)| reading.titled || !reading.opens(*at))
        .filter_map(|(at, seen)| {
            let known = seen.site.as_deref()?;
            let place = place(reading, at, known, level)?;
            // Where the headline is not sure, "Book review: …" may be it.
            if !reading.titled
                && place == Place::Head
                && known.form != Form::Line
                && level < Level::Aggressive
            {
                return None;
            }
            let sound = seen.shape.ending != Ending::Stop || apart_from_text(text, at);
            (sound && is_furniture(seen, known, place, level)).then_some((at, known, place.words()))
        })
        .collect();
    // A page of nothing but recurring lines is what the site has to say.
    let rest = reading.lines.iter().enumerate().any(|(at, seen)| {
        at != reading.headline
            && !seen.taken
            && !marks.has(at)
            && taken.binary_search_by_key(&at, |(line, ..)| *line).is_err()
    });
    if !rest {
        return;
    }
    for (at, known, place) in taken {
        let rule = match known.form {
            Form::Line | Form::Numbers => "site-line",
            Form::Start | Form::End => "site-template",
        };
        marks.take(
            at,
            rule,
            kind(reading, at),
            format!("{}{place}", known.words()),
        );
    }
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

/// Returns the first and the last of the page's own sentences.
fn own_text(reading: &Reading<'_>) -> Option<(usize, usize)> {
    let own = |line: &usize| {
        let seen = &reading.lines[*line];
        *line != reading.headline
            && !seen.taken
            && seen.sentence()
            && seen.shape.width >= 40
            && seen.site.is_none()
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
