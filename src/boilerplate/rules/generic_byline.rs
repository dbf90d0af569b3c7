//! "Our Correspondent", "— AFP": a byline that names nobody.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::phrase::{Fit, Risk};
use crate::document::Kind;
use crate::settings::Level;
use crate::text::fold::fold;

pub(super) static RULE: Rule = Rule {
    code: "B01",
    name: "generic-byline",
    findings: &["generic-byline"],
    since: "0.1.0",
    level: Level::Safe,
    option: None,
    why: "A byline that names a desk, an agency or nobody tells nothing about the story. It stands \
          alone on its line, before the body or after it; with a person's name it is information \
          and stays, and inside a sentence it is the author's.",
    removes: &[
        Removes {
            page: "Canal gates open early\nOur Correspondent\nThe irrigation office opened the gates of the lower canal two weeks ahead of its plan.",
            gone: &["Our Correspondent"],
        },
        Removes {
            page: "Canal gates open early\nThe irrigation office opened the gates of the lower canal two weeks ahead of its plan.\n— Reuters",
            gone: &["— Reuters"],
        },
        Removes {
            page: "Sube el precio del pan\nRedacción\nEl precio del pan subió ocho céntimos el lunes en las panaderías del puerto, según los comerciantes.",
            gone: &["Redacción"],
        },
    ],
    keeps: &[
        "Canal gates open early\nBy Sana Mir, Our Correspondent in Thatta\nThe irrigation office opened the gates of the lower canal two weeks ahead of its plan.",
        "The office would not speak to our correspondent.\nOur correspondent waited at the gate until noon all the same.\nA staff reporter brought tea.",
        "What to ask the doctor for\nPap\nThe test is free in every town on the lake, and it takes a quarter of an hour, the head nurse says.",
        "Which compilers it knows\n- GCC\n- IAR\n- AP\nThe generator writes project files for all of them, and asks for nothing else than a folder.",
        "Who runs the wells\nAgencies\nTwo agencies run the wells between them, the district and the mosque.\nFarmers\nOnly farmers with a meter may draw water after dark.",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    for (at, seen) in reading.lines.iter().enumerate() {
        if reading.wrapped
            || seen.taken
            || seen.shape.width > 60
            || at == reading.headline
            || reading.opens(at)
        {
            continue;
        }
        if !(reading.zones.head(at) || reading.zones.tail(at)) {
            continue;
        }
        let evidence = match &seen.phrase {
            Some(phrase)
                if phrase.kind == Kind::BylineGeneric && phrase.hit.row.fit == Fit::Line =>
            {
                // A word that might be a subhead must stand where bylines are printed.
                let under_headline = at == reading.headline + 1 && reading.zones.head(at);
                if phrase.risk > Risk::Medium || phrase.risk == Risk::Medium && !under_headline {
                    continue;
                }
                if !abbreviated_alike(phrase.hit.row.phrase(), seen.text) {
                    continue;
                }
                phrase.words()
            }
            Some(_) => continue,
            // In a list, the dash before each item is no dress.
            None if listed(reading, at) => continue,
            None => match undressed(reading, seen.text) {
                Some(words) => words,
                None => continue,
            },
        };
        if reading.headword(at) {
            continue;
        }
        let place = if reading.zones.head(at) {
            "before the body"
        } else {
            "after the body"
        };
        marks.take(
            at,
            "generic-byline",
            Kind::BylineGeneric,
            format!("{evidence}, {place}"),
        );
    }
}

/// Returns whether the text has the letters of an abbreviation as it is written: "PAP" is an
/// agency, "Pap" a test.
fn abbreviated_alike(phrase: &str, text: &str) -> bool {
    let capitals = |text: &str| !text.contains(char::is_lowercase);
    !phrase.is_ascii() || !capitals(phrase) || phrase.contains(' ') || text.contains(phrase)
}

/// Returns whether a line beside `at` begins with the same dash or dot: an item of a list.
fn listed(reading: &Reading<'_>, at: usize) -> bool {
    let mark = |line: usize| {
        let first = reading.lines[line].text.chars().next();
        first.filter(|c| !c.is_alphanumeric() && !"([\"“".contains(*c))
    };
    mark(at).is_some_and(|own| {
        [reading.before(at), reading.after(at)]
            .into_iter()
            .flatten()
            .any(|line| mark(line) == Some(own))
    })
}

/// What may stand before an agency's name.
const LABELS: [&str; 4] = ["by ", "from ", "report by ", "via "];

/// Looks at what is left of "— Reuters", "(AFP)", "By Staff Reporter" without its dress.
fn undressed(reading: &Reading<'_>, text: &str) -> Option<String> {
    // The cheap test first: most lines wear no such dress.
    let plain = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let labelled = |label: &str| {
        text.get(..label.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(label))
    };
    if plain(text.chars().next())
        && plain(text.chars().next_back())
        && !LABELS.into_iter().any(labelled)
    {
        return None;
    }
    let folded = fold(text);
    let bare = folded.trim_matches(['-', '(', ')', '[', ']', '•', '·', '*', '|', '/', ':', ' ']);
    let core = LABELS
        .iter()
        .find_map(|label| bare.strip_prefix(label))
        .unwrap_or(bare);
    if core == folded {
        return None;
    }
    let row = reading.matcher.exact(core)?;
    if !abbreviated_alike(row.phrase(), text) {
        return None;
    }
    (row.kind == Kind::BylineGeneric && row.risk == Risk::Low).then(|| {
        format!(
            "phrase “{}” ({}, low risk) in a byline's dress",
            row.phrase(),
            row.language()
        )
    })
}
