//! Learning and the guards: what may be furniture of a site and what may not.

use super::{Form, SiteLearner, SiteModel, Sketch};
use crate::boilerplate::{Catalogue, Models};
use crate::document::{Document, Kind, Page};
use crate::settings::{BoilerplateSettings, Level};
use proptest::prelude::*;

const NAMES: [&str; 12] = [
    "Osk", "Harrow", "Pell", "Varnel", "Mill", "Tannery", "Quarry", "Ferry", "Chapel", "Barn",
    "Glass", "Light",
];

/// A story of its own, with `before` under its headline, `inside` it and `after` it.
fn story(number: usize, before: &[&str], inside: &[&str], after: &[&str]) -> String {
    let name = NAMES[number % NAMES.len()];
    let mut lines = vec![format!("Something new about {name} in story {number}")];
    lines.extend(before.iter().map(ToString::to_string));
    lines.push(format!(
        "The people of {name} met on day {number} to talk about their {name} harbour, and {number} of them went home early."
    ));
    lines.extend(inside.iter().map(ToString::to_string));
    lines.push(format!(
        "Nobody in {name} could say on day {number} whether it would rain there, or who had asked for the boat of {name}."
    ));
    lines.extend(after.iter().map(ToString::to_string));
    lines.join("\n")
}

fn learn(texts: &[String]) -> SiteModel {
    let mut learner = SiteLearner::new();
    for text in texts {
        observe(&mut learner, text, "https://lake.example/");
    }
    learner.finish()
}

fn observe(learner: &mut SiteLearner, text: &str, url: &str) {
    let document = Document {
        text,
        url: Some(url),
        ..Document::default()
    };
    let draw = Sketch::draw(&document).unwrap();
    if learner.wants(&draw) {
        learner.observe(Sketch::new(draw, &document));
    }
}

/// The lines that the rule takes out of `text` by what was learned from `texts`.
fn gone<'t>(texts: &[String], text: &'t str, level: Level) -> Vec<&'t str> {
    gone_of(texts, &Page::new(text, None), level)
}

/// The same of a page.
fn gone_of<'t>(texts: &[String], page: &Page<'t>, level: Level) -> Vec<&'t str> {
    let model = learn(texts);
    let settings = BoilerplateSettings {
        level,
        ..Default::default()
    };
    Catalogue::shipped()
        .find_with(
            page,
            &[],
            &settings,
            Models {
                site: model.site("lake.example"),
                line: None,
            },
        )
        .iter()
        .filter(|finding| finding.why.rule.starts_with("site-"))
        .map(|finding| finding.span.of(page.text))
        .collect()
}

fn stories(count: usize, with: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(with).collect()
}

/// What it is, the site's pages, the level, and what goes of the first page.
type Case<'c> = (&'c str, Vec<String>, Level, &'c [&'c str]);

#[test]
fn a_short_line_around_the_body_goes_and_a_shared_quote_stays() {
    let quote = "“We shall stay until the roof is safe, and not an hour less than that,” their speaker told the crowd at the gate.";
    let plain = "The harbour has been the largest on the lake since the older one fell dry in the summer of the long drought.";
    let notice = "The Lake Post is printed by the people of the lake, who own it and who answer for every word that stands in it.";
    let nav = "Boats and boatyards";
    let none: &[&str] = &[];
    let cases: [Case<'_>; 12] = [
        (
            "a label of three pages in ten",
            stories(10, |n| {
                if n < 3 {
                    story(n, &[nav], &[], &[])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Standard,
            &[nav],
        ),
        (
            "a label of two pages",
            stories(10, |n| {
                if n < 2 {
                    story(n, &[nav], &[], &[])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Standard,
            none,
        ),
        (
            "three pages are not sure",
            stories(10, |n| {
                if n < 3 {
                    story(n, &[], &[], &[nav])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Safe,
            none,
        ),
        (
            "six pages are",
            stories(10, |n| {
                if n < 6 {
                    story(n, &[], &[], &[nav])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Safe,
            &[nav],
        ),
        (
            "a subhead in the body",
            stories(10, |n| story(n, &[], &[nav], &[])),
            Level::Standard,
            none,
        ),
        (
            "a subhead in the body, boldly",
            stories(10, |n| story(n, &[], &[nav], &[])),
            Level::Aggressive,
            &[nav],
        ),
        (
            "a quote in five stories of ten",
            stories(10, |n| {
                if n < 5 {
                    story(n, &[], &[quote], &[])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Standard,
            none,
        ),
        (
            "a quote that ends five stories of ten",
            stories(10, |n| {
                if n < 5 {
                    story(n, &[], &[], &[quote])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Aggressive,
            none,
        ),
        (
            "a quote in five stories of six, short sentences under it",
            stories(6, |n| {
                let own = format!("The others from {} went home without a word.", NAMES[n]);
                if n < 5 {
                    story(n, &[], &[], &[quote, &own])
                } else {
                    story(n, &[], &[], &[&own])
                }
            }),
            Level::Aggressive,
            none,
        ),
        (
            "background in four stories of ten",
            stories(10, |n| {
                if n < 4 {
                    story(n, &[], &[], &[plain])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Standard,
            none,
        ),
        (
            "a notice under nine of ten",
            stories(10, |n| {
                if n < 9 {
                    story(n, &[], &[], &[notice])
                } else {
                    story(n, &[], &[], &[])
                }
            }),
            Level::Standard,
            &[notice],
        ),
        (
            "digits alone",
            stories(10, |n| story(n, &[], &[], &["2014", "12"])),
            Level::Aggressive,
            none,
        ),
    ];
    for (what, texts, level, expected) in cases {
        assert_eq!(gone(&texts, &texts[0], level), expected, "{what}");
    }
}

/// A notice of four lines, wrapped at 72 columns, that stands on every page goes as a whole; so
/// does one of which lines name the page, or of which some pages wrap the lines otherwise. One that
/// stands whole on few pages stays whole.
#[test]
fn a_wrapped_notice_goes_or_stays_as_a_whole() {
    let notice = |year: usize, page: usize| {
        [
            format!("The Lake Post of {year} and its writers keep all rights in this text. This"),
            format!("is page {page} of the archive. No part of it may be stored or passed on in"),
            "any form without the written permission of the publisher, whose address".to_owned(),
            "is given on the front page. Letters reach the desk at Quay Street.".to_owned(),
        ]
    };
    // The same words, wrapped at 60.
    let narrow = [
        "The Lake Post of 2001 and its writers keep all rights in",
        "this text. This is page 7 of the archive. No part of it may",
        "be stored or passed on in any form without the written",
        "permission of the publisher, whose address is given on the",
        "front page. Letters reach the desk at Quay Street.",
    ];
    let page = |number: usize, lines: &[&str], gap: &str, head: bool| {
        let text = story(number, &[], &[], &[]);
        let (title, body) = text.split_once('\n').unwrap();
        let body = body.replace('\n', gap);
        let lines = lines.join("\n");
        if head {
            format!("{title}{gap}{lines}{gap}{body}")
        } else {
            format!("{title}{gap}{body}{gap}{lines}")
        }
    };
    for (what, year, otherwise, all) in [
        ("every page has it", (1, 0), 0, true),
        ("with a number of the page", (1, 1), 0, true),
        ("with one of few years too", (9, 1), 0, true),
        ("wrapped otherwise on a third", (1, 0), 10, true),
        ("of every tenth page alone", (1, 0), 0, false),
    ] {
        for (gap, head) in [("\n\n", false), ("\n", false), ("\n\n", true), ("\n", true)] {
            let notice = |n: usize| notice(2001 + n % year.0, 7 + n * year.1);
            let of = |n: usize| {
                let wide = notice(n);
                let lines: Vec<&str> = match n {
                    _ if n < otherwise => narrow.to_vec(),
                    _ if !all && !n.is_multiple_of(10) => Vec::new(),
                    _ => wide.iter().map(String::as_str).collect(),
                };
                (page(n, &lines, gap, head), lines.join("\n"))
            };
            let pages: Vec<(String, String)> = (0..30).map(of).collect();
            let texts: Vec<String> = pages.iter().map(|(text, _)| text.clone()).collect();
            for level in [Level::Safe, Level::Standard] {
                for (text, lines) in &pages {
                    let page = Page::new(text, text.lines().next());
                    let gone = gone_of(&texts, &page, level).join("\n");
                    let whole = all && gone == *lines || gone.is_empty();
                    assert!(
                        whole,
                        "{what}, {level:?}, {gap:?}: of\n{lines}\nwent\n{gone}"
                    );
                    let stays = all && level == Level::Standard && gone.is_empty();
                    assert!(!stays, "{what}, {gap:?}, head {head}: {text}");
                }
            }
        }
    }
}

/// The author's last line is as full as those of the notice right behind it, and no blank line
/// parts them: they look like one paragraph, and are not.
#[test]
fn a_full_last_line_of_the_author_stays() {
    let notice = [
        "The Lake Post and its writers keep all rights in this text. No part of",
        "it may be stored or passed on in any form without the written",
        "permission of the publisher, whose address is given on the front page",
        "of each number. Letters reach the desk at Quay Street, where they are",
        "read on Mondays and may be shortened before they go into print.",
    ];
    let own = "Nobody could say why the lamp at the end of it stayed dark in all ";
    let pages: Vec<String> = (0..30)
        .map(|n| {
            let text = story(n, &[], &[], &[]);
            // Another word on every page: what recurs, digits aside, is nobody's own.
            let [one, two] = [n / 6, n % 6].map(|at| char::from(b'a' + at as u8));
            format!("{text}\n{own}{one}o{two}i.\n{}", notice.join("\n"))
        })
        .collect();
    for level in [Level::Standard, Level::Aggressive] {
        for text in &pages {
            let page = Page::new(text, text.lines().next());
            assert_eq!(gone_of(&pages, &page, level), notice, "{level:?}: {text}");
        }
    }
}

#[test]
fn numbers_and_templates_are_learned() {
    let tags = [
        "fish", "boats", "weather", "votes", "bread", "sheep", "bells", "glass",
    ];
    let texts = stories(8, |n| {
        let seen = format!("Seen from {} windows", n * 7 + 2);
        let kept = format!("Kept in drawer: {}", tags[n]);
        story(n, &[], &[], &[&seen, &kept])
    });
    let model = learn(&texts);
    let lines: Vec<(Form, &str, u32)> = model
        .site("lake.example")
        .unwrap()
        .lines()
        .map(|(form, text, standing)| (form, text, standing.tail))
        .collect();
    assert!(
        lines.contains(&(Form::Numbers, "seen from {n} windows", 8)),
        "{lines:?}"
    );
    assert!(
        lines.contains(&(Form::Start, "kept in drawer:", 8)),
        "{lines:?}"
    );
    assert_eq!(
        gone(&texts, &texts[3], Level::Standard),
        ["Seen from 23 windows", "Kept in drawer: votes"]
    );
}

#[test]
fn copies_of_one_story_do_not_teach() {
    let texts = stories(9, |n| {
        let mut text = story(
            1,
            &["A day by the lake"],
            &["Nine boats"],
            &["And so to bed"],
        );
        text.push_str(&format!("\nCopy number {n} of the desk"));
        text
    });
    assert_eq!(learn(&texts).sites().count(), 0);
    let mixed: Vec<String> = texts
        .into_iter()
        .chain(stories(4, |n| story(n + 2, &[], &[], &[])))
        .collect();
    assert_eq!(gone(&mixed, &mixed[0], Level::Aggressive), [""; 0]);
}

#[test]
fn a_headline_never_goes_and_no_page_is_emptied() {
    let texts = stories(8, |n| {
        format!("The week by the lake\n{}", story(n, &[], &[], &[]))
    });
    assert_eq!(gone(&texts, &texts[0], Level::Standard), [""; 0]);
    let texts = stories(8, |n| {
        story(n, &["Boats and boatyards"], &[], &["Lake Post in print"])
    });
    let empty = "No page of that name\nBoats and boatyards\nLake Post in print";
    assert_eq!(gone(&texts, empty, Level::Aggressive), [""; 0]);
}

#[test]
fn a_page_cleaned_by_a_model_is_clean_by_it() {
    let texts = stories(8, |n| {
        story(
            n,
            &["Boats and boatyards"],
            &["In the middle"],
            &["Lake Post in print"],
        )
    });
    let model = learn(&texts);
    for level in [Level::Safe, Level::Standard, Level::Aggressive] {
        let settings = crate::settings::BoilerplateSettings {
            level,
            ..Default::default()
        };
        let mut text = texts[2].clone();
        let find = |text: &str| {
            Catalogue::shipped().find_with(
                &Page::new(text, None),
                &[],
                &settings,
                Models {
                    site: model.site("lake.example"),
                    line: None,
                },
            )
        };
        for finding in find(&text.clone()).iter().rev() {
            text.replace_range(finding.span.start..finding.span.end, "");
        }
        assert_eq!(find(&text), [], "{level:?}: {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn learning_depends_on_the_set_of_documents_alone(
        documents in prop::collection::vec((0usize..5, 0usize..40, any::<bool>()), 1..120),
        budget in 6usize..60,
        seed in any::<u64>(),
    ) {
        let made: Vec<(String, String)> = documents
            .iter()
            .map(|(site, number, furnished)| {
                let after: &[&str] = if *furnished { &["Lake Post in print"] } else { &[] };
                (format!("https://site{site}.example/"), story(*number, &[], &[], after))
            })
            .collect();
        let mut whole = SiteLearner::with_budget(budget);
        for (url, text) in &made {
            observe(&mut whole, text, url);
        }
        let mut order: Vec<usize> = (0..made.len()).collect();
        order.sort_by_key(|at| (*at as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut shuffled = SiteLearner::with_budget(budget);
        for at in order {
            observe(&mut shuffled, &made[at].1, &made[at].0);
        }
        prop_assert_eq!(shuffled.finish(), whole.finish());
    }
}

#[test]
fn a_named_byline_that_recurs_has_its_kind_and_stays_where_that_is_kept() {
    let byline = "By Mara Ollen";
    let pages = stories(10, |n| {
        story(n, &[byline], &[], &["Sign up for our newsletter"])
    });
    let model = learn(&pages);
    for (keep_kinds, expected) in [
        (vec![], Some(Kind::BylineNamed)),
        (vec![Kind::BylineNamed], None),
    ] {
        let settings = BoilerplateSettings {
            keep_kinds: keep_kinds.into_iter().collect(),
            ..Default::default()
        };
        let models = Models {
            site: model.site("lake.example"),
            line: None,
        };
        let page = Page::new(&pages[0], None);
        let found = Catalogue::shipped().find_with(&page, &[], &settings, models);
        let taken = found.iter().find(|one| one.span.of(&pages[0]) == byline);
        assert_eq!(taken.map(|one| one.why.kind), expected);
    }
}
