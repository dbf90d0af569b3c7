//! Every rule of every desk, as people read of them, and a user's own.

use super::cleaner::Cleaner;
use crate::boilerplate::rules::{self, Rule};
use crate::boilerplate::{Catalogue, Shows, Trial, problem};
use crate::document::{Document, Finding, Kind, Page, Span};
use crate::error::{Error, Result};
use crate::headlines::{examples, repeated_headlines};
use crate::settings::{BoilerplateSettings, HeadlineSettings, Level, Settings, UserRules};
use crate::text::fold::fold;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

/// What the line model does.
const LINE_MODEL: &str = "What no phrase says a small model tells, by a line's words, its place \
    and its neighbours; its findings carry its score. It is asked when the rules have had their say: \
    at standard only on pages where a rule has found something or a headline stands twice, at \
    aggressive on all, at safe never; and it has no say where it knows too few of a line's words. \
    It may also save a line that a rule would take, where it is sure that the line is the author's. \
    --no-line-model (line_model = false) switches it off; --line-model FILE asks one of your own in \
    its place, which `copydesk train` makes from labelled lines.";

/// A page of which the line model takes lines, and which these are; what else goes, rules take.
const MODEL_REMOVES: (&str, &[&str]) = (
    "Home\nNews\nSport\nWeather\nJobs\nThe ferry of Osk opens again\nBy Our Correspondent\n\
     The ferry of Osk opened again on Monday after eleven months of work, and some two hundred people \
     came to see it.\n\
     The council had closed it when an engineer found that the north wall had moved by the width of a \
     hand.\n\
     “Nobody here thought that we would see it again this year,” said the woman who keeps the keys of \
     the ferry.\n\
     Share this story\nLeave a comment\nFollow us",
    &["News", "Sport", "Weather", "Jobs"],
);

/// A page with the same words, which stays whole.
const MODEL_KEEPS: &str = "Five words that the lake gave us\n\
    The old ferry crossed the lake again on Sunday after nine years in the boatyard.\n\
    It will cross nine times a day until the ice comes, and twice as often on market days.\n\
    News\nSport\nWeather\nJobs\n\
    Each of them was first called across the water by the ferryman, the book says.";

/// A rule as it stands in the book.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its code, for ever.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The names its findings carry in the ledger.
    pub findings: Vec<&'static str>,
    /// The kinds of its findings.
    pub kinds: BTreeSet<Kind>,
    /// The level from which it works.
    pub level: Level,
    /// The version it came with.
    pub since: &'static str,
    /// What it finds and why that is no author's text.
    pub why: &'static str,
    /// The flag that switches it on, where it works only on demand.
    pub option: Option<&'static str>,
    /// Pages, and what goes.
    pub removes: Vec<Shown>,
    /// Near-misses that stay whole.
    pub keeps: Vec<&'static str>,
}

impl Entry {
    /// Returns where in the rule's own words a text stands, case and accents aside: `name`, `why`,
    /// `removes`, `keeps`.
    pub fn places_of(&self, text: &str) -> Vec<&'static str> {
        let wanted = fold(text.trim());
        let has = |words: &str| !wanted.is_empty() && fold(words).contains(&*wanted);
        let names = self.findings.iter().chain([&self.name, &self.code]);
        let all = [
            ("name", names.copied().any(has)),
            ("why", has(self.why)),
            ("removes", self.removes.iter().any(|shown| has(shown.page))),
            ("keeps", self.keeps.iter().copied().any(has)),
        ];
        let found = all.into_iter().filter(|(_, found)| *found);
        found.map(|(place, _)| place).collect()
    }
}

/// A page of an example, and what goes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The page's text.
    pub page: &'static str,
    /// The places of the lines, or parts of lines, that go: ascending.
    pub gone: Vec<Span>,
    /// What the ledger would call each of them.
    pub names: Vec<String>,
}

/// What became of a line of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'s> {
    /// It stays.
    Stays(&'s str),
    /// It goes.
    Goes(&'s str),
    /// Parts of it go: the line, and the parts without outer white space.
    Cut(&'s str, Vec<&'s str>),
}

impl Shown {
    /// Returns a page with what the whole desk takes out of it, the line model on.
    fn of_model(page: &'static str) -> Self {
        let (gone, names) = model_findings(page).into_iter().unzip();
        Self { page, gone, names }
    }

    fn of(page: &'static str, findings: &[Finding]) -> Self {
        let name = |finding: &Finding| finding.why.rule.to_string();
        Self {
            page,
            gone: findings.iter().map(|finding| finding.span).collect(),
            names: findings.iter().map(name).collect(),
        }
    }

    /// Returns the lines of the page, each with what becomes of it.
    pub fn lines(&self) -> impl Iterator<Item = Line<'static>> {
        let page = self.page;
        let mut start = 0;
        page.split('\n').map(move |line| {
            let span = Span::new(start, start + line.len());
            start = span.end + 1;
            let inside = |gone: &&Span| span.start <= gone.start && gone.end <= span.end;
            let parts: Vec<Span> = self.gone.iter().filter(inside).copied().collect();
            match parts[..] {
                [] => Line::Stays(line),
                [whole] if whole.of(page) == line.trim() => Line::Goes(line),
                _ => Line::Cut(
                    line,
                    parts.iter().map(|part| part.of(page).trim()).collect(),
                ),
            }
        })
    }
}

/// Returns every rule, in the order in which they decide, and the line model at the end.
pub fn rulebook() -> Vec<Entry> {
    let headline = Entry {
        code: examples::CODE,
        name: examples::NAME,
        findings: vec![examples::NAME, examples::STANDFIRST],
        kinds: BTreeSet::from([Kind::Headline]),
        level: Level::Off,
        since: "0.1.0",
        why: examples::WHY,
        option: None,
        removes: examples::REMOVES
            .iter()
            .map(|(page, _)| Shown::of(page, &headline_findings(page)))
            .collect(),
        keeps: examples::KEEPS.to_vec(),
    };
    let entries = rules::all().map(|rule| Entry {
        code: rule.code,
        name: rule.name,
        findings: rule.findings.to_vec(),
        kinds: kinds(rule),
        level: rule.level,
        since: rule.since,
        why: rule.why,
        option: rule.option,
        removes: rule
            .removes
            .iter()
            .map(|example| Shown::of(example.page, &rule.tried(example.page)))
            .collect(),
        keeps: rule.keeps.to_vec(),
    });
    let [code, name] = rules::LINE_MODEL;
    let model = Entry {
        code,
        name,
        findings: vec![name],
        kinds: BTreeSet::from(Kind::ALL),
        level: Level::Standard,
        since: "0.1.0",
        why: LINE_MODEL,
        option: None,
        removes: vec![Shown::of_model(MODEL_REMOVES.0)],
        keeps: vec![MODEL_KEEPS],
    };
    std::iter::once(headline)
        .chain(entries)
        .chain([model])
        .collect()
}

/// Returns what the whole desk takes out of a page, and the names under which it does.
fn model_findings(page: &str) -> Vec<(Span, String)> {
    let document = Document {
        text: page,
        ..Document::default()
    };
    let cleaned = Cleaner::new(&Settings::default()).clean(&document);
    let removals = cleaned.removals();
    removals
        .map(|removal| (removal.span, removal.why.rule.to_string()))
        .collect()
}

fn model_trials() -> Vec<Trial> {
    let (page, expected) = MODEL_REMOVES;
    let trial = |page: &str, shows, gone: &[&str]| {
        let found = model_findings(page);
        let of_model = found
            .iter()
            .filter(|(_, name)| name == rules::LINE_MODEL[1]);
        let got: Vec<&str> = of_model.map(|(span, _)| span.of(page).trim()).collect();
        Trial {
            example: page.to_owned(),
            shows,
            problem: (got != gone).then(|| {
                let (got, gone) = (got.join("”, “"), gone.join("”, “"));
                format!("takes “{got}”; expected “{gone}”")
            }),
        }
    };
    vec![
        trial(page, Shows::Removes, expected),
        trial(MODEL_KEEPS, Shows::Keeps, &[]),
    ]
}

fn headline_findings(page: &str) -> Vec<Finding> {
    repeated_headlines(&Page::new(page, None), &HeadlineSettings::default())
}

/// Returns the kinds of a rule's findings: those that their names tell, and those that its
/// examples show.
fn kinds(rule: &Rule) -> BTreeSet<Kind> {
    let named = |name: &str| {
        Kind::ALL
            .into_iter()
            .find(|kind| rules::name_of(*kind) == name)
    };
    let mut out: BTreeSet<Kind> = rule.findings.iter().copied().filter_map(named).collect();
    for example in rule.removes {
        let found = rule.tried(example.page);
        out.extend(
            found
                .iter()
                .filter(|finding| rule.findings.contains(&&*finding.why.rule))
                .map(|finding| finding.why.kind),
        );
    }
    // The user's phrases are of any kind, whatever the examples show.
    if rule.code.starts_with('U') {
        out.extend(Kind::ALL);
    }
    out
}

/// Tries the examples of the rule of that code; near-misses must stay with `catalogue` too.
pub fn trials(code: &str, catalogue: &Catalogue) -> Vec<Trial> {
    if code == examples::CODE {
        return headline_trials();
    }
    if code == rules::LINE_MODEL[0] {
        return model_trials();
    }
    rules::all()
        .filter(|rule| rule.code == code)
        .flat_map(|rule| rule.trials(catalogue))
        .collect()
}

fn headline_trials() -> Vec<Trial> {
    let none: &[&str] = &[];
    let removes = examples::REMOVES
        .into_iter()
        .map(|(page, gone)| (page, gone, Shows::Removes));
    let keeps = examples::KEEPS
        .into_iter()
        .map(|page| (page, none, Shows::Keeps));
    removes
        .chain(keeps)
        .map(|(text, gone, shows)| {
            let found = headline_findings(text);
            let got: Vec<&str> = found.iter().map(|finding| finding.span.of(text)).collect();
            Trial {
                example: text.to_owned(),
                shows,
                problem: (got != gone).then(|| {
                    format!(
                        "takes “{}”; expected “{}”",
                        got.join("”, “"),
                        gone.join("”, “")
                    )
                }),
            }
        })
        .collect()
}

/// Reads the user's rules that `settings` name, and notes the digest of the file beside its name.
///
/// Nothing is done where no file is named.
///
/// # Errors
///
/// A file that cannot be read, whose digest is not the one the settings ask for, or in which
/// something cannot work: file, line, mend.
pub fn read_rules(settings: &mut BoilerplateSettings) -> Result<()> {
    let Some(place) = settings.rules_file.clone() else {
        if settings.rules_sha256.is_some() {
            return Err(Error::setting(
                "boilerplate.rules_sha256",
                "a digest without a file; rules_file (or --rules) names the file of rules",
            ));
        }
        return Ok(());
    };
    let bytes = fs::read(&place).map_err(|bad| Error::io(format!("{place} (--rules)"), bad))?;
    let digest: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if let Some(asked) = &settings.rules_sha256
        && *asked != digest
    {
        return Err(Error::setting(
            "boilerplate.rules_sha256",
            format!(
                "{place} has the digest {digest}, not {asked}; the file was changed, or it is another"
            ),
        ));
    }
    let text = std::str::from_utf8(&bytes).map_err(|bad| {
        let line = 1 + bytes[..bad.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Error::setting(
            format!("{place}:{line}"),
            "invalid UTF-8; a file of rules is TOML in UTF-8",
        )
    })?;
    let rules = UserRules::from_toml(&place, text)?;
    if let Some((line, said)) = problem(&rules) {
        return Err(Error::setting(format!("{place}:{line}"), said));
    }
    settings.rules_sha256 = Some(digest);
    settings.rules = Some(Arc::new(rules));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_code_and_passes_its_trials() {
        let book = rulebook();
        let codes: BTreeSet<&str> = book.iter().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), book.len());
        for entry in book {
            assert!(!entry.kinds.is_empty(), "{}", entry.name);
            let trials = trials(entry.code, Catalogue::shipped());
            assert_eq!(trials.len(), entry.removes.len() + entry.keeps.len());
            for trial in trials {
                assert_eq!(trial.problem, None, "{}: {}", entry.name, trial.example);
            }
        }
    }
}
