//! "… in both directions. Also read: Town runs short of water": a teaser inside a paragraph.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::shape::{Ending, MEASURED, ending, width, words};
use crate::document::{Kind, Span};
use crate::settings::Level;
use crate::text::boundary;
use crate::text::fold::fold;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

pub(super) static RULE: Rule = Rule {
    code: "B14",
    name: "related-inline",
    findings: &["related-inline"],
    since: "0.1.0",
    level: Level::Standard,
    option: None,
    why: "A label that invites to read another story (\"Also read:\"), after a sentence's stop, and \
          that story's title up to the end of the paragraph, without a final stop: systems run the \
          teaser's line into the paragraph. Between two sentences it is cut out where its end is \
          beyond doubt: in brackets of its own, or a title whose words all have capitals. \"See \
          also\" is the author's, and so is what goes on to a stop.",
    removes: &[
        Removes {
            page: "Bridge opens after repairs\nThe bridge over the Kali was opened again on Thursday, the works office said. Also read: Town runs short of water\nTraffic crossed it in both directions by the evening, drivers told us.",
            gone: &[" Also read: Town runs short of water"],
        },
        Removes {
            page: "Bridge opens after repairs\nThe bridge over the Kali was opened again on Thursday, the works office said.READ MORE: Town runs short of water, and who is to blame?\nTraffic crossed it in both directions by the evening, drivers told us.",
            gone: &["READ MORE: Town runs short of water, and who is to blame?"],
        },
        Removes {
            page: "Abren el puente\nEl puente sobre el río fue abierto de nuevo el jueves, dijo la oficina de obras. (Lea también: La ciudad se queda sin agua) Por la tarde pasaban coches en las dos direcciones.\nNadie preguntó cuánto había costado.",
            gone: &[" (Lea también: La ciudad se queda sin agua)"],
        },
        Removes {
            page: "Bridge opens after repairs\nThe bridge over the Kali was opened again on Thursday, the works office said. ALSO READ: Town Runs Short of Water for a Week. Traffic crossed it in both directions by the evening.",
            gone: &[" ALSO READ: Town Runs Short of Water for a Week."],
        },
        Removes {
            page: "पुल फिर खुला\nनदी पर बना पुराना पुल मरम्मत के बाद गुरुवार को फिर खोल दिया गया, विभाग ने बताया। यह भी पढ़ें: शहर में पानी की कमी\nशाम तक दोनों ओर से गाड़ियाँ चलने लगीं।",
            gone: &[" यह भी पढ़ें: शहर में पानी की कमी"],
        },
    ],
    keeps: &[
        "A good year for readers\nThe library lent nine thousand books between January and June, its head said. Read more books this year\nShe means it: the shelves are full.",
        "What the label says\nThe teacher wrote the same two words under every essay that we handed in. Read more: that was all, and we did.",
        "The mill and the law\nThe deed names three owners and a widow, none of whom ever lived there. See also: Chapter nine of the town book",
        "A sign at the gate\nThe sign over the library's gate says what it says in every town: \"Read more: Books for everybody\"",
        "Bridge opens after repairs\nThe bridge was opened again on Thursday, the works office said. Also read: the report of the engineers who built it, in two volumes.",
        "How the paper looks\nAt the end of a paragraph our old system printed its labels. Also read: Related: More: all of them in bold, and nobody knew why.",
    ],
    check,
};

/// Labels that invite to read another story, with the mark behind them left out.
///
/// All are rows of the phrase table too, but not every row of that kind belongs here: "See also",
/// "Analysis" and "More" are words of authors inside a paragraph.
const LABELS: [&str; 110] = [
    "Akhriso sidoo kale",
    "Also Read",
    "Baca juga",
    "Baca lagi",
    "Basahin din",
    "Citeşte şi",
    "Citește mai mult",
    "Citește și",
    "Czytaj również",
    "Czytaj także",
    "Czytaj też",
    "Czytaj więcej",
    "Don't Miss",
    "Devamını oku",
    "Irakurri gehiago",
    "Karanta kuma",
    "Lasi arī",
    "Lasīt tālāk",
    "Le puede interesar",
    "Lea además",
    "Lea también",
    "Lee además",
    "Lee más",
    "Lee también",
    "Leer más",
    "Leer también",
    "Lees meer",
    "Lees ook",
    "Leggi anche",
    "Leggi tutto",
    "Leia mais",
    "Leia também",
    "Ler mais",
    "Les mer",
    "Les også",
    "Lesen Sie auch",
    "Lexo edhe",
    "Lies auch",
    "Lire aussi",
    "Lire la suite",
    "Lire également",
    "Llegeix-ne més",
    "Llegiu també",
    "Loe ka",
    "Lue lisää",
    "Lue myös",
    "Læs mere",
    "Læs også",
    "Läs mer",
    "Läs också",
    "Läs även",
    "Mira también",
    "Must Read",
    "Olvasd el ezt is",
    "Preberite tudi",
    "Preberite še",
    "Prečítajte si aj",
    "Pročitajte i",
    "Pročitajte još",
    "Przeczytaj także",
    "Puede leer",
    "Puedes leer",
    "Přečtěte si také",
    "Read Also",
    "Read More",
    "Read Next",
    "Read full story",
    "Related",
    "Related Stories",
    "Related Story",
    "Seguir llegint",
    "Skaitykite taip pat",
    "Soma pia",
    "Soma zaidi",
    "Taip pat skaitykite",
    "Te puede interesar",
    "Te recomendamos",
    "Unaweza pia kusoma",
    "Xem thêm",
    "À lire aussi",
    "A lire aussi",
    "Čtěte také",
    "Đọc thêm",
    "Прочетете още",
    "Прочитајте и",
    "Тағы оқыңыз",
    "Читайте также",
    "Читайте також",
    "Читать также",
    "ასევე წაიკითხეთ",
    "קראו עוד",
    "اقرأ أيضا",
    "اقرأ أيضاً",
    "بیشتر بخوانید",
    "مزید پڑھیں",
    "یہ بھی پڑھیں",
    "इसे भी पढ़ें",
    "यह भी पढ़ें",
    "यो पनि पढ्नुहोस्",
    "ये भी पढ़ें",
    "हे ही वाचा",
    "हेही वाचा",
    "আরও পড়ুন",
    "আরো পড়ুন",
    "આ પણ વાંચો",
    "இதையும் படிக்க",
    "இதையும் படிங்க",
    "ఇది కూడా చదవండి",
    "ಇದನ್ನೂ ಓದಿ",
    "ഇതും വായിക്കാം",
];

/// The longest label, in characters.
const LABEL: usize = 24;
/// The widest title, and the widest where another sentence follows.
const TITLE: usize = 150;
const TITLE_BETWEEN: usize = 90;
/// The least width of what stands before the label.
const BEFORE: usize = 40;

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    if reading.wrapped {
        return;
    }
    for (at, seen) in reading.lines.iter().enumerate() {
        if seen.taken || marks.has(at) || at == reading.headline || seen.shape.width < 2 * BEFORE {
            continue;
        }
        if let Some(teaser) = teaser(seen.text) {
            let start = seen.span.start;
            marks.cut(
                Span::new(start + teaser.start, start + teaser.end),
                RULE.name,
                Kind::Related,
                format!("“{}” {}", teaser.label, teaser.how),
            );
        }
    }
}

/// A teaser inside a line.
struct Teaser<'l> {
    start: usize,
    end: usize,
    label: &'l str,
    how: &'static str,
}

/// Finds the first teaser of a line: bytes of the line.
fn teaser(line: &str) -> Option<Teaser<'_>> {
    // Most lines have no mark; 0xef begins the wide colon.
    memchr::memchr3(b':', b'|', 0xef, line.as_bytes())?;
    line.match_indices([':', '：', '|']).find_map(|(mark, _)| {
        let start = label(&line[..mark])?;
        let after = mark + line[mark..].chars().next().map_or(1, char::len_utf8);
        let whole = &line[start..after];
        let bracket = line[..start]
            .chars()
            .next_back()
            .filter(|c| "([（［".contains(*c));
        let open = start - bracket.map_or(0, char::len_utf8);
        // White space before it goes with it.
        let before = line[..open].trim_end();
        if ending(before) != Ending::Stop || width(before) < BEFORE {
            return None;
        }
        let rest = &line[after..];
        // What is longer is no title: a line may have many labels and is not read to its end for each.
        let near = &rest[..boundary(rest, NEAR)];
        let (length, how) = match bracket {
            Some(bracket) => bracketed(near, bracket)?,
            None => to_the_end(rest).or_else(|| with_capitals(near))?,
        };
        Some(Teaser {
            start: before.len(),
            end: after + length,
            label: whole,
            how,
        })
    })
}

/// How far behind a label its title may end, in bytes, the blanks around it among them; the widest
/// title has a quarter of it.
const NEAR: usize = 2 * MEASURED;

/// Returns where the label begins with which `before` ends, if there is one.
fn label(before: &str) -> Option<usize> {
    static FOLDED: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| LABELS.iter().map(|label| fold(label)).collect());
    let before = before.trim_end();
    // From the last word back, a word at a time.
    let mut starts = before
        .char_indices()
        .rev()
        .take(LABEL)
        .map(|(at, _)| at)
        .filter(|&at| {
            let apart = before[..at].chars().next_back();
            apart.is_none_or(|c| !c.is_alphanumeric() && c != '\'')
        });
    starts.find(|&at| {
        let words = &before[at..];
        !words.starts_with(|c: char| c.is_lowercase() || !c.is_alphanumeric())
            && FOLDED.contains(&fold(words))
    })
}

/// A title that reaches to the end of the line and has no final stop.
fn to_the_end(rest: &str) -> Option<(usize, &'static str)> {
    let title = rest.trim();
    let asks = title.ends_with(['?', '？', '؟']);
    let whole = is_title(title, TITLE) && (asks || ending(title) == Ending::Open) && {
        let inner = title.trim_end_matches(['?', '？', '؟']);
        !has_stop(inner)
    };
    whole.then_some((
        rest.len(),
        "and a title without a final stop, at the end of a paragraph",
    ))
}

/// A title in brackets of its own, with its label.
fn bracketed(rest: &str, bracket: char) -> Option<(usize, &'static str)> {
    let close = match bracket {
        '(' => ')',
        '[' => ']',
        '（' => '）',
        _ => '］',
    };
    let end = rest.find(close)?;
    let title = rest[..end].trim();
    (is_title(title, TITLE) && !title.contains(bracket)).then_some((
        end + close.len_utf8(),
        "and a title, in brackets of its own",
    ))
}

/// A title that ends in a stop before another sentence: all its longer words have capitals.
fn with_capitals(rest: &str) -> Option<(usize, &'static str)> {
    let stop = rest
        .match_indices(['.', '?', '!'])
        .map(|(at, _)| at + 1)
        .find(|&end| rest[end..].starts_with(' '))?;
    let title = rest[..stop].trim();
    let next = rest[stop..].trim_start();
    let capitals = title
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4)
        .all(|word| {
            word.trim_start_matches(|c: char| !c.is_alphanumeric())
                .starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        });
    let latin = title.chars().all(|c| c < '\u{590}');
    (is_title(title, TITLE_BETWEEN)
        && latin
        && capitals
        && words(title) >= 4
        && next.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()))
    .then_some((stop, "and a title in capitals, between two sentences"))
}

/// Returns whether the text may be another story's title: a few words that begin as titles do.
fn is_title(title: &str, widest: usize) -> bool {
    let width = width(title);
    width <= widest
        && (words(title) >= 3 || width >= 25)
        && !title.starts_with(|c: char| c.is_lowercase())
        && title.starts_with(|c: char| c.is_alphanumeric() || "\"“„«‘'「『¿¡".contains(c))
        && !title.contains("://")
        && !title.contains([':', '：'])
            | title
                .split_once([':', '：'])
                .is_some_and(|(kicker, _)| label(kicker).is_none())
}

/// Returns whether a sentence ends inside the text.
fn has_stop(text: &str) -> bool {
    let long = |before: &str| {
        let word = before.rsplit(' ').next().unwrap_or_default();
        word.chars().count() > 3
    };
    text.match_indices(['.', '!', '?'])
        .any(|(at, _)| text[at + 1..].starts_with(' ') && long(&text[..at]))
        || text.contains(['。', '！', '？', '।', '۔', '؟'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boilerplate::phrase::shipped;

    #[test]
    fn every_label_is_a_row_of_the_table() {
        let rows: FxHashSet<String> = shipped()
            .filter(|row| row.kind == Kind::Related)
            .map(|row| {
                let label = row.phrase.split('{').next().unwrap_or_default();
                fold(label.trim_end_matches([' ', ':', '|', '-', '：', '.', '…']))
            })
            .collect();
        let missing: Vec<&&str> = LABELS
            .iter()
            .filter(|label| !rows.contains(&fold(label)))
            .collect();
        assert_eq!(missing, Vec::<&&str>::new());
        assert!(LABELS.iter().all(|label| label.chars().count() <= LABEL));
    }

    #[test]
    fn a_teaser_is_found_where_its_end_is_sure() {
        let sentence = "The bridge over the Kali was opened again on Thursday, the office said.";
        for (rest, gone) in [
            (
                " Also read: Town runs short of water",
                " Also read: Town runs short of water",
            ),
            (
                "RELATED: Town runs short of water",
                "RELATED: Town runs short of water",
            ),
            (
                " READ MORE | Town runs short of water",
                " READ MORE | Town runs short of water",
            ),
            (
                " Lire aussi : La ville manque d'eau",
                " Lire aussi : La ville manque d'eau",
            ),
            (
                " Lesen Sie auch: Der Stadt fehlt das Wasser",
                " Lesen Sie auch: Der Stadt fehlt das Wasser",
            ),
            (
                " Читайте также: Городу не хватает воды",
                " Читайте также: Городу не хватает воды",
            ),
            (
                " Baca juga: Kota kekurangan air bersih",
                " Baca juga: Kota kekurangan air bersih",
            ),
            (
                " یہ بھی پڑھیں: شہر میں پانی کی کمی",
                " یہ بھی پڑھیں: شہر میں پانی کی کمی",
            ),
            (
                " (Read more: Town runs short of water) It rained.",
                " (Read more: Town runs short of water)",
            ),
            (
                " Read more: Town Runs Short of Water. It rained.",
                " Read more: Town Runs Short of Water.",
            ),
        ] {
            let line = format!("{sentence}{rest}");
            let found = teaser(&line).map(|teaser| &line[teaser.start..teaser.end]);
            assert_eq!(found, Some(gone), "{rest}");
        }
        for rest in [
            // No label, or one that goes on as a sentence.
            " Read more books this year",
            " Read more: that was all he wrote",
            " Also read: The report of the engineers, in two volumes.",
            " Read more: Town runs short of water The mayor said that it would rain.",
            " Read more: Town runs short of water. It rained.",
            " Those who also read: Three out of nine",
            " See also: Chapter nine of the town book",
            " Related: https://lake.example/town",
            " Related: Water",
            " He read also: Two Books and a Newspaper",
            // What stands before it goes on.
            ", and the sign said Also read: Town runs short of water",
        ] {
            let line = format!("{sentence}{rest}");
            assert!(teaser(&line).is_none(), "{rest}");
        }
        assert!(teaser("Yes. Also read: Town runs short of water").is_none());
    }
}
