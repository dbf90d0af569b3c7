//! Trials: examples of rules, run through the whole desk.

use super::site::SiteModel;
use super::{Catalogue, Models, rules, user};
use crate::document::{Finding, Page};
use crate::settings::{BoilerplateSettings, Level, Position, Risk, UserPhrase, UserRules};
use std::sync::Arc;

/// One example and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The line or page that was tried.
    pub example: String,
    /// What it shows.
    pub shows: Shows,
    /// What is wrong, or `None` where it came out as it should.
    pub problem: Option<String>,
}

/// What an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// What the rule takes out.
    Removes,
    /// A near-miss that stays.
    Keeps,
}

/// What stands around an example of one line: the two halves of a body.
const AROUND: [&str; 3] = [
    "Ferry returns to the lake",
    "The old ferry crossed the lake again on Sunday after nine years in the boatyard.\n\
     Most of those on board had crossed with it when they were at school, the captain said.",
    "The mayor, the miller and forty others were on board, and nobody asked what it cost.\n\
     It will cross nine times a day until the ice comes, and twice as often on market days.",
];

impl rules::Rule {
    /// Returns what goes of a page, in the order of the text, with the shipped phrases and this
    /// rule at work: as its examples are tried.
    pub fn tried(&self, page: &str) -> Vec<Finding> {
        // The examples stand on a site whose furniture is known.
        let (sites, site) = SiteModel::of_examples();
        let models = Models {
            site: sites.site(site),
            line: None,
        };
        let page = Page::new(page, None);
        self.catalogue()
            .find_with(&page, &[], &self.settings(), models)
    }

    /// Returns the settings that the rule's examples are written for.
    fn settings(&self) -> BoilerplateSettings {
        BoilerplateSettings {
            level: self.level.max(Level::Standard),
            agency_tags: self.option.is_some(),
            ..Default::default()
        }
    }

    /// Tries the rule's own examples. Those that it removes are tried with the
    /// shipped catalogue alone; near-misses must stay with `catalogue` too,
    /// which may hold a user's rules.
    pub fn trials(&self, catalogue: &Catalogue) -> Vec<Trial> {
        let settings = self.settings();
        let own = self.catalogue();
        let removes = self.removes.iter().map(|example| {
            let found = self.tried(example.page);
            let gone: Vec<&str> = found
                .iter()
                .map(|finding| finding.span.of(example.page))
                .collect();
            let named = found
                .iter()
                .any(|finding| self.findings.contains(&&*finding.why.rule));
            let problem = if gone != example.gone {
                Some(format!(
                    "takes {}; expected {}",
                    quoted(&gone),
                    quoted(example.gone)
                ))
            } else if !named {
                Some(format!(
                    "another rule takes it: {}",
                    found.first().map_or("", |finding| &finding.why.rule)
                ))
            } else {
                None
            };
            Trial {
                example: example.page.to_owned(),
                shows: Shows::Removes,
                problem,
            }
        });
        let keeps = self.keeps.iter().map(|page| Trial {
            example: (*page).to_owned(),
            shows: Shows::Keeps,
            problem: [&own, catalogue]
                .into_iter()
                .find_map(|catalogue| taken(catalogue, page, &settings)),
        });
        removes.chain(keeps).collect()
    }

    /// Returns the catalogue that the rule's examples are written for.
    fn catalogue(&self) -> Catalogue {
        if self.name == rules::user_phrase::NAME {
            Catalogue::shipped().with_user_rules(&rules::user_phrase::example())
        } else {
            Catalogue::shipped().clone()
        }
    }
}

/// Tries the examples of a user's row.
///
/// An example of several lines is a page. One of one line is put into a page:
/// what is removed must go in one of the places that the row's position allows,
/// what is kept must stay in the middle of the body.
pub fn user_trials(
    row: &UserPhrase,
    rules: &Arc<UserRules>,
    settings: &BoilerplateSettings,
) -> Vec<Trial> {
    let catalogue = Catalogue::shipped().with_user_rules(rules);
    let removes = row.removes.iter().map(|example| Trial {
        example: example.clone(),
        shows: Shows::Removes,
        problem: stays(&catalogue, row, example, settings),
    });
    let keeps = row.keeps.iter().map(|example| Trial {
        example: example.clone(),
        shows: Shows::Keeps,
        problem: if example.trim().contains('\n') {
            taken(&catalogue, example, settings)
        } else {
            let page = put(example, Place::Middle);
            taken(&catalogue, &page, settings)
        },
    });
    removes.chain(keeps).collect()
}

/// Where a line is put.
#[derive(Clone, Copy)]
enum Place {
    Head,
    Middle,
    Tail,
}

fn put(line: &str, place: Place) -> String {
    let line = line.trim();
    let [headline, first, second] = AROUND;
    match place {
        Place::Head => format!("{headline}\n{line}\n{first}\n{second}"),
        Place::Middle => format!("{headline}\n{first}\n{line}\n{second}"),
        Place::Tail => format!("{headline}\n{first}\n{second}\n{line}"),
    }
}

/// Returns what the desk takes of a page that should stay whole.
fn taken(catalogue: &Catalogue, page: &str, settings: &BoilerplateSettings) -> Option<String> {
    let found = catalogue.find(&Page::new(page, None), &[], settings);
    let gone: Vec<&str> = found.iter().map(|finding| finding.span.of(page)).collect();
    let why = &found.first()?.why;
    Some(format!(
        "{} takes {}: {}",
        why.rule,
        quoted(&gone),
        why.evidence
    ))
}

/// Returns why an example is not removed.
fn stays(
    catalogue: &Catalogue,
    row: &UserPhrase,
    example: &str,
    settings: &BoilerplateSettings,
) -> Option<String> {
    let lines: Vec<&str> = example
        .lines()
        .map(str::trim)
        .filter(|line| user::fits(row, line))
        .collect();
    if lines.is_empty() {
        return Some(format!("the phrase “{}” does not fit it", row.phrase));
    }
    let gone = |page: &str| {
        let found = catalogue.find(&Page::new(page, None), &[], settings);
        lines
            .iter()
            .all(|line| found.iter().any(|finding| finding.span.of(page) == *line))
    };
    let goes = if example.trim().contains('\n') {
        gone(example)
    } else {
        let places: &[Place] = match row.position {
            Position::Head => &[Place::Head],
            Position::Tail => &[Place::Tail],
            Position::Any => &[Place::Middle, Place::Head, Place::Tail],
        };
        places.iter().any(|place| gone(&put(example, *place)))
    };
    if goes {
        return None;
    }
    Some(
        if settings.level == Level::Off {
            "it stays: the boilerplate desk is off"
        } else if settings.keep_kinds.contains(&row.kind) {
            "it stays: its kind is kept (keep_kinds, --keep-kind)"
        } else if row.risk > Risk::Low {
            "it stays: what is not of low risk falls only in company; an example of several lines is \
             tried as a page"
        } else {
            "it stays: a [[keep]] entry or the position forbids it"
        }
        .to_owned(),
    )
}

fn quoted(lines: &[&str]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    let quoted: Vec<String> = lines.iter().map(|line| format!("“{line}”")).collect();
    quoted.join(", ")
}
