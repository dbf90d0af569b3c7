//! "… said on Thursday. (Agencies)", "KARACHI (Reuters) - …": whose report it was.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::shape::{Ending, Shape, ending};
use crate::document::{Kind, Span};
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B15",
    name: "agency-tag",
    findings: &["agency-tag"],
    since: "0.1.0",
    level: Level::Safe,
    option: Some("--strip-agency-tags"),
    why: "An agency's name in brackets or behind a dash, after a paragraph's last stop, or in \
          brackets in the dateline that opens one. It tells who reported, which is information: \
          that is why it goes only where it is asked for. The dateline's place and day stay. An \
          agency that the sentence speaks of is the author's.",
    removes: &[
        Removes {
            page: "Canal gates open early\nThe irrigation office opened the gates of the lower canal two weeks ahead of its plan. (Agencies)\nFarmers had asked for it since March, an officer told us. – AFP",
            gone: &[" (Agencies)", " – AFP"],
        },
        Removes {
            page: "Canal gates open early\nTHATTA, March 4 (Reuters) - The irrigation office opened the gates of the lower canal two weeks ahead of its plan.\nFarmers had asked for it since March. -- With inputs from PTI\n(Reuters, AP)",
            gone: &[" (Reuters)", " -- With inputs from PTI", "(Reuters, AP)"],
        },
        Removes {
            page: "水闸提前打开\n灌溉办公室周四说，下游运河的水闸比计划提前两周打开，农民从三月起就一直要求这样做。（新华社）",
            gone: &["（新华社）"],
        },
        Removes {
            page: "Schleusen früher geöffnet\nHarrow (dpa) - Das Amt hat die Schleusen des unteren Kanals zwei Wochen früher geöffnet als geplant. Die Bauern hatten seit März darum gebeten. (dpa/lnw)",
            gone: &[" (dpa)", " (dpa/lnw)"],
        },
    ],
    keeps: &[
        "Who owns the news\nThree agencies share the building on the quay (Reuters, AFP and a small one from the lake).\nThe rent is paid by the largest, Reuters.",
        "Who owns the news\nThe quay belongs to the harbour (not to the agencies). The rent is paid by the largest (AFP) and by nobody else.",
        "An app for the lake\nThe fishermen wrote an app of their own, and it works. (App)\nNobody else has one (so far).",
    ],
    check,
};

/// Agencies, and words that stand for them. Those of three letters and those without a small one
/// are looked for as they stand, the others in any case.
const AGENCIES: [&str; 103] = [
    "AA",
    "AAP",
    "AFP",
    "ADN",
    "AGI",
    "ANA-MPA",
    "ANI",
    "ANP",
    "ANSA",
    "AP",
    "APA",
    "APP",
    "ATS",
    "BNS",
    "BSS",
    "BTA",
    "CP",
    "DHA",
    "DPA",
    "EFE",
    "ELTA",
    "IANS",
    "INP",
    "IPS",
    "IRNA",
    "KCNA",
    "KNA",
    "KUNA",
    "LETA",
    "LUSA",
    "MENA",
    "MTI",
    "NAN",
    "NNI",
    "NNN",
    "NTB",
    "PAP",
    "PNA",
    "PPI",
    "PTI",
    "QNA",
    "RIA",
    "SANA",
    "SDA",
    "SITA",
    "SPA",
    "STT",
    "TASR",
    "TASS",
    "UNB",
    "UNI",
    "UPI",
    "WAM",
    "XINHUA",
    "ČTK",
    "İHA",
    "ТАСС",
    "dpa",
    "afp",
    "Reuters",
    "Thomson Reuters",
    "Associated Press",
    "The Associated Press",
    "Agence France-Presse",
    "Agencies",
    "Agencias",
    "Agenturen",
    "Agences",
    "Agenzie",
    "Agerpres",
    "Anadolu",
    "Antara",
    "Belga",
    "Bernama",
    "Canadian Press",
    "The Canadian Press",
    "Deutsche Presse-Agentur",
    "Europa Press",
    "Interfax",
    "Keystone-SDA",
    "Kyodo",
    "PA Media",
    "Press Association",
    "Press Trust of India",
    "Ritzau",
    "Tanjug",
    "Ukrinform",
    "Xinhua",
    "Yonhap",
    "РИА Новости",
    "Интерфакс",
    "Укринформ",
    "新华社",
    "新華社",
    "中新社",
    "中央社",
    "共同",
    "時事",
    "共同通信",
    "時事通信",
    "연합뉴스",
    "뉴시스",
    "뉴스1",
];

/// What may stand before an agency's name, in small letters.
const LEADS: [&str; 8] = [
    "with inputs from ",
    "with input from ",
    "with additional inputs from ",
    "with additional reporting by ",
    "inputs from ",
    "source: ",
    "quelle: ",
    "fuente: ",
];

/// The longest tag, in bytes.
const LONGEST: usize = 80;
/// The farthest place of a tag in a dateline, in bytes.
const DATELINE: usize = 60;

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    if reading.wrapped {
        return;
    }
    for (at, seen) in reading.lines.iter().enumerate() {
        if seen.taken || marks.has(at) || at == reading.headline {
            continue;
        }
        let from = seen.span.start;
        if let Some((start, end)) = dateline(seen.text) {
            let evidence = "an agency's name in brackets, in the dateline".to_owned();
            marks.cut(
                Span::new(from + start, from + end),
                RULE.name,
                Kind::BylineGeneric,
                evidence,
            );
        }
        let Some(start) = closing(seen.text) else {
            continue;
        };
        if start == 0 {
            if !reading.opens(at) {
                let evidence = "an agency's name alone on its line".to_owned();
                marks.take(at, RULE.name, Kind::BylineGeneric, evidence);
            }
            continue;
        }
        let evidence = "an agency's name behind a paragraph's last stop".to_owned();
        let span = Span::new(from + start, seen.span.end);
        marks.cut(span, RULE.name, Kind::BylineGeneric, evidence);
    }
}

/// Returns where the tag behind the line's last stop begins, with the white space before it; 0
/// where the line is nothing else.
fn closing(line: &str) -> Option<usize> {
    let open = |close: char| match close {
        ')' => Some('('),
        ']' => Some('['),
        '）' => Some('（'),
        '】' => Some('【'),
        '］' => Some('［'),
        _ => None,
    };
    let last = line.chars().next_back()?;
    let (start, tag) = if let Some(open) = open(last) {
        let start = line.rfind(open)?;
        let inner = &line[start + open.len_utf8()..line.len() - last.len_utf8()];
        (start, inner)
    } else {
        // Behind the last dash, or from the word that leads to the names.
        let tail = line.len().saturating_sub(LONGEST);
        let tail = (tail..line.len()).find(|at| line.is_char_boundary(*at))?;
        let dash = ["--", "—", "–", " - "]
            .iter()
            .filter_map(|dash| line[tail..].rfind(dash).map(|at| (tail + at, dash.len())))
            .max();
        match dash {
            Some((at, length)) => (at, &line[at + length..]),
            None => {
                let at = line[tail..].rfind("With ").map(|at| tail + at)?;
                (at, &line[at..])
            }
        }
    };
    let before = line[..start].trim_end();
    let after_stop = ending(before) == Ending::Stop && Shape::of(before).width >= 20;
    ((before.is_empty() || after_stop) && is_agencies(tag)).then_some(before.len())
}

/// Returns the place of the tag in the dateline that opens the line: "KARACHI (Reuters) - ".
fn dateline(line: &str) -> Option<(usize, usize)> {
    let open = line.find(['(', '（']).filter(|at| *at <= DATELINE)?;
    let close = open + line[open..].find([')', '）'])?;
    let first = line[open..].chars().next().map_or(1, char::len_utf8);
    let last = line[close..].chars().next().map_or(1, char::len_utf8);
    let rest = &line[close + last..];
    let bare = rest.trim_start();
    let dash = bare
        .trim_start_matches(['.', ' '])
        .starts_with(['-', '–', '—']);
    let place = line[..open].trim_end();
    // A place and a day: words with capitals, numbers, and the month behind one.
    let mut number = false;
    let is_place = place.split_whitespace().count() <= 7
        && ending(place) == Ending::Open
        && place.split([' ', ',', '/']).all(|word| {
            let named = word.chars().count() <= 3 || !word.starts_with(char::is_lowercase);
            let fits = named || number;
            number = word.contains(char::is_numeric) || number && word.chars().count() <= 3;
            fits
        });
    if !is_place || !is_agencies(&line[open + first..close]) {
        return None;
    }
    if place.is_empty() {
        // The dash goes with what it parts.
        let end = line.len() - bare.trim_start_matches(['-', '–', '—', ' ']).len();
        return dash.then_some((0, end));
    }
    (dash || bare.starts_with([':', ',', '：']) || place.chars().all(|c| !c.is_lowercase()))
        .then_some((place.len(), close + last))
}

/// Returns whether the text is nothing but agencies' names: one, or some with a mark between them.
fn is_agencies(tag: &str) -> bool {
    if tag.len() > LONGEST {
        return false;
    }
    let mut bare = tag.trim().trim_end_matches('.');
    let lower = bare.to_lowercase();
    if let Some(lead) = LEADS.iter().find(|lead| lower.starts_with(**lead))
        && let Some(rest) = bare.get(lead.len()..)
    {
        bare = rest;
    }
    let known = |name: &str| {
        let name = name.trim();
        AGENCIES.iter().any(|agency| {
            *agency == name
                || agency.contains(char::is_lowercase)
                    && agency.chars().count() > 3
                    && agency.to_lowercase() == name.to_lowercase()
        })
    };
    let mut names = bare
        .split(['/', ',', '&', '+'])
        .flat_map(|part| part.split(" and "))
        .filter(|name| !name.trim().is_empty());
    // A regional service is written small behind its agency: "dpa/lnw".
    let Some(first) = names.next() else {
        return false;
    };
    known(first)
        && names.all(|name| {
            known(name)
                || first.trim() == "dpa"
                    && name.chars().count() <= 4
                    && name.chars().all(|c| c.is_ascii_lowercase())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_known_alone_and_together() {
        for (tag, expected) in [
            ("AFP", true),
            ("Reuters", true),
            ("REUTERS", true),
            ("AFP/AP", true),
            ("Reuters, AP and AFP", true),
            ("With inputs from PTI", true),
            ("with inputs from Agencies.", true),
            ("dpa/lnw", true),
            ("新华社", true),
            ("연합뉴스", true),
            ("App", false),
            ("pap", false),
            ("aa", false),
            ("Reuters said", false),
            ("AFP/lnw", false),
            ("", false),
        ] {
            assert_eq!(is_agencies(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_tag_stands_behind_the_last_stop_or_in_the_dateline() {
        for (line, gone) in [
            ("The gates were opened again on Thursday. (AFP)", " (AFP)"),
            (
                "The gates were opened again on Thursday.—Reuters",
                "—Reuters",
            ),
            ("“The gates were opened on Thursday.” -- AP", " -- AP"),
            (
                "The gates were opened again on Thursday. With inputs from ANI",
                " With inputs from ANI",
            ),
            (
                "The gates were opened again on Thursday. [Reuters]",
                " [Reuters]",
            ),
            ("(Reuters) - The gates were opened again.", "(Reuters) - "),
            (
                "PARIS, 4 mars (AFP) — Les vannes ont été ouvertes.",
                " (AFP)",
            ),
            (
                "Madrid, 4 de marzo (EFE).- Las compuertas se abrieron.",
                " (EFE)",
            ),
            ("МОСКВА, 4 марта (ТАСС). — Шлюзы открыли.", " (ТАСС)"),
            ("The rent (AFP) - and nobody asked why.", ""),
            ("KARACHI (Web Desk): Gold rose again on Thursday.", ""),
            ("The largest (AFP) pays the rent of them all.", ""),
            ("The gates were opened again by the office of AFP", ""),
            ("The rent is paid by the largest - AFP", ""),
            ("He wrote for years for one paper only (Reuters).", ""),
        ] {
            let cut = dateline(line)
                .map(|(start, end)| &line[start..end])
                .or_else(|| closing(line).map(|start| &line[start..]));
            assert_eq!(cut.unwrap_or_default(), gone, "{line}");
        }
    }
}
