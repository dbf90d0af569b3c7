//! `rules`: which rules there are, what one does, and whether they do it.

use crate::args::{Common, RuleList, RuleShow, RuleTest, Rules};
use crate::line_model;
use crate::{FAILED, config, summary};
use anyhow::Result;
use copydesk::boilerplate::rules::{LINE_MODEL, name_of, names};
use copydesk::boilerplate::{Catalogue, Shows, Trial, user_trials};
use copydesk::document::Kind;
use copydesk::error::Error;
use copydesk::pipeline::{Entry, Line, rulebook, trials};
use copydesk::settings::{BoilerplateSettings, Level, UserPhrase, UserRules, nearest};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// How wide a table is.
const WIDTH: usize = 80;

/// Does the job and returns the exit code.
pub fn rules(job: &Rules, common: &Common) -> Result<u8> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    let code = match job {
        Rules::List(job) => list(job, common, &mut out)?,
        Rules::Show(job) => show(job, common, &mut out)?,
        Rules::Test(job) => test(job, common, &mut out)?,
    };
    out.flush().map_err(written)?;
    Ok(code)
}

fn list(job: &RuleList, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (settings, catalogue) = desk(job.rules.as_deref(), common)?;
    let book = rulebook();
    if job.json {
        let rows: Vec<Value> = book
            .iter()
            .map(|entry| {
                json!({
                    "code": entry.code,
                    "name": entry.name,
                    "findings": entry.findings,
                    "kinds": entry.kinds,
                    "level": level(entry),
                    "option": entry.option,
                    "since": entry.since,
                    "why": entry.why,
                    "off": is_off(&catalogue, entry),
                })
            })
            .collect();
        let phrases: Vec<Value> = phrase_kinds(&catalogue)
            .map(|(kind, phrases, languages)| {
                json!({"name": name_of(kind), "kind": kind, "phrases": phrases, "languages": languages})
            })
            .collect();
        let own = settings.rules.iter().flat_map(|rules| &rules.phrases);
        let own: Vec<Value> = own.map(own_row).collect();
        let all = json!({"rules": rows, "phrases": phrases, "own": own});
        writeln!(out, "{all:#}").map_err(written)?;
        return Ok(0);
    }
    let (bold, dim, plain) = (summary::BOLD, summary::DIM, summary::PLAIN);
    let mut text = format!(
        "{bold}{:<5} {:<18} {:<32} from level{plain}\n",
        "code", "rule", "kind"
    );
    for entry in &book {
        let kinds = match entry.kinds.len() {
            1..=2 => join(entry.kinds.iter().map(|kind| kind.as_str())),
            many if many == Kind::ALL.len() => "any".to_owned(),
            many => format!("{many} kinds"),
        };
        let off = if is_off(&catalogue, entry) {
            ", off"
        } else if entry.option.is_some() {
            ", on demand"
        } else {
            ""
        };
        text.push_str(&format!(
            "{:<5} {:<18} {kinds:<32} {}{off}\n      {dim}{}{plain}\n",
            entry.code,
            entry.name,
            level(entry),
            shortened(entry.why, WIDTH - 6)
        ));
    }
    text.push_str(&format!(
        "\nPhrases of known-phrase and phrase-company, by the name their findings carry:\n\n\
         {bold}{:<19} {:<17} {:>9} {:>11}{plain}\n",
        "name", "kind", "phrases", "languages"
    ));
    for (kind, phrases, languages) in phrase_kinds(&catalogue) {
        let off = if catalogue.is_off(name_of(kind)) {
            "  off"
        } else {
            ""
        };
        text.push_str(&format!(
            "{:<19} {:<17} {:>9} {languages:>11}{off}\n",
            name_of(kind),
            kind.as_str(),
            summary::grouped(phrases as u64),
        ));
    }
    if let Some(rules) = settings
        .rules
        .as_ref()
        .filter(|rules| !rules.phrases.is_empty())
    {
        text.push_str("\nYour phrases, which are found by user-phrase:\n\n");
        for row in &rules.phrases {
            let said = format!(
                "  {:<17} {:<7} “{}”",
                row.kind.as_str(),
                row.risk.as_str(),
                summary::harmless(&row.phrase)
            );
            text.push_str(&shortened(&said, WIDTH));
            text.push('\n');
        }
    }
    text.push_str("\ncopydesk rules show NAME tells more of one.\n");
    write!(out, "{text}").map_err(written)?;
    Ok(0)
}

fn show(job: &RuleShow, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (_, catalogue) = desk(job.rules.as_deref(), common)?;
    let book = rulebook();
    let name = job.name.as_str();
    let mut found: Vec<&Entry> = book
        .iter()
        .filter(|entry| entry.name == name || entry.code.eq_ignore_ascii_case(name))
        .collect();
    if found.is_empty() {
        found = book
            .iter()
            .filter(|entry| entry.findings.contains(&name))
            .collect();
    }
    if let [entry] = found[..]
        && entry.code == LINE_MODEL[0]
    {
        let head = if job.json { String::new() } else { told(entry) };
        write!(out, "{head}{}", line_model::about(job.json)?).map_err(written)?;
        return Ok(0);
    }
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| name_of(*kind) == name)
        .collect();
    if found.is_empty() {
        let known: Vec<&str> = names().into_iter().collect();
        let hint =
            nearest(name, &known).map_or_else(String::new, |name| format!("did you mean {name}? "));
        let said = format!("there is no rule {name:?}; {hint}`copydesk rules list` names them all");
        return Err(Error::setting("rules show", said).into());
    }
    let own = found
        .iter()
        .any(|entry| entry.name == name || entry.code.eq_ignore_ascii_case(name));
    let counted: Vec<Kind> = if own {
        let backed = |entry: &&Entry| entry.findings.len() > 1;
        let phrased = found
            .iter()
            .copied()
            .filter(backed)
            .flat_map(|entry| entry.kinds.iter().copied());
        kinds.into_iter().chain(phrased).collect()
    } else {
        kinds
    };
    if job.json {
        let rows: Vec<Value> = found
            .iter()
            .map(|entry| {
                let removes: Vec<Value> = entry
                    .removes
                    .iter()
                    .map(|shown| {
                        let gone: Vec<&str> =
                            shown.gone.iter().map(|span| span.of(shown.page)).collect();
                        json!({"page": shown.page, "gone": gone})
                    })
                    .collect();
                json!({
                    "code": entry.code, "name": entry.name, "findings": entry.findings,
                    "kinds": entry.kinds, "level": level(entry), "option": entry.option,
                    "since": entry.since, "why": entry.why, "removes": removes, "keeps": entry.keeps,
                })
            })
            .collect();
        let phrases: serde_json::Map<String, Value> = counted
            .iter()
            .map(|kind| {
                (
                    kind.as_str().to_owned(),
                    json!(catalogue.phrases_by_language(*kind)),
                )
            })
            .collect();
        writeln!(out, "{:#}", json!({"rules": rows, "phrases": phrases})).map_err(written)?;
        return Ok(0);
    }
    let mut text = String::new();
    if !own {
        text.push_str(&format!(
            "{name} is the name of what {} find{}.\n\n",
            found
                .iter()
                .map(|entry| entry.name)
                .collect::<Vec<_>>()
                .join(" and "),
            if found.len() == 1 { "s" } else { "" }
        ));
        // The rules' own words are told in full when they are asked for by name.
        for entry in &found {
            text.push_str(&heading(entry));
            text.push_str(&wrapped(entry.why, ""));
            text.push('\n');
        }
    } else {
        for entry in &found {
            text.push_str(&told(entry));
        }
        let others: Vec<&str> = book
            .iter()
            .filter(|entry| entry.name != found[0].name && entry.findings.contains(&found[0].name))
            .map(|entry| entry.name)
            .collect();
        if !others.is_empty() {
            text.push_str(&wrapped(
                &format!(
                    "Phrases of {} make findings of this name too.",
                    others.join(" and ")
                ),
                "",
            ));
            text.push('\n');
        }
    }
    text.push_str(&languages(&catalogue, &counted));
    write!(out, "{}", text.trim_end_matches('\n')).map_err(written)?;
    writeln!(out).map_err(written)?;
    Ok(0)
}

/// Returns a rule's head: code, name, level, kinds.
fn heading(entry: &Entry) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let kinds = if entry.kinds.len() == Kind::ALL.len() {
        "any".to_owned()
    } else {
        join(entry.kinds.iter().map(|kind| kind.as_str()))
    };
    let from = if entry.level == Level::Off {
        "at any level".to_owned()
    } else {
        format!("from level {}", level(entry))
    };
    let from = entry
        .option
        .map_or_else(|| from.clone(), |flag| format!("{from} with {flag}"));
    let kinds = wrapped(&format!("kind: {kinds}"), "");
    format!(
        "{bold}{} {}{plain}, {from}, since {}\n{kinds}\n",
        entry.code, entry.name, entry.since
    )
}

/// Returns everything about a rule.
fn told(entry: &Entry) -> String {
    let (bold, plain) = (summary::BOLD, summary::PLAIN);
    let mut text = heading(entry);
    text.push_str(&wrapped(entry.why, ""));
    for shown in &entry.removes {
        text.push_str(&format!("\n{bold}Removes{plain}\n"));
        for line in shown.lines() {
            match line {
                Line::Stays(line) => text.push_str(&wrapped(line, "  ")),
                Line::Goes(line) => text.push_str(&wrapped(line, "- ")),
                Line::Cut(line, parts) => {
                    text.push_str(&wrapped(line, "~ "));
                    for part in parts {
                        text.push_str(&wrapped(&format!("cut: “{part}”"), "    "));
                    }
                }
            }
        }
    }
    for page in &entry.keeps {
        text.push_str(&format!("\n{bold}Keeps{plain}\n"));
        for line in page.lines() {
            text.push_str(&wrapped(line, "  "));
        }
    }
    text.push('\n');
    text
}

/// Returns how many phrases there are in which language.
fn languages(catalogue: &Catalogue, kinds: &[Kind]) -> String {
    let mut counts: std::collections::BTreeMap<String, usize> = Default::default();
    for kind in kinds {
        for (language, count) in catalogue.phrases_by_language(*kind) {
            *counts.entry(language).or_default() += count;
        }
    }
    if counts.is_empty() {
        return String::new();
    }
    let all: usize = counts.values().sum();
    let mut ranked: Vec<_> = counts.iter().collect();
    ranked.sort_by(|one, two| two.1.cmp(one.1).then(one.0.cmp(two.0)));
    let words = join(
        ranked
            .iter()
            .map(|(language, count)| format!("{language} {count}")),
    );
    format!(
        "{}Phrases{}: {} in {} languages\n{}",
        summary::BOLD,
        summary::PLAIN,
        summary::grouped(all as u64),
        counts.len(),
        wrapped(&summary::harmless(&words), "  ")
    )
}

fn test(job: &RuleTest, common: &Common, out: &mut impl Write) -> Result<u8> {
    let (settings, catalogue) = desk(job.rules.as_deref(), common)?;
    let mut results: Vec<(String, Vec<Trial>)> = rulebook()
        .iter()
        .map(|entry| {
            (
                format!("{} {}", entry.code, entry.name),
                trials(entry.code, &catalogue),
            )
        })
        .collect();
    if let (Some(rules), Some(file)) = (&settings.rules, &settings.rules_file) {
        results.extend(own_trials(rules, file, &settings));
    }
    let failed = results
        .iter()
        .flat_map(|(_, trials)| trials)
        .filter(|trial| trial.problem.is_some())
        .count();
    let all: usize = results.iter().map(|(_, trials)| trials.len()).sum();
    if job.json {
        let rows: Vec<Value> = results
            .iter()
            .flat_map(|(name, trials)| trials.iter().map(move |trial| trial_row(name, trial)))
            .collect();
        writeln!(
            out,
            "{:#}",
            json!({"examples": all, "failed": failed, "trials": rows})
        )
        .map_err(written)?;
    } else {
        write!(out, "{}", verdicts(&results, all, failed)).map_err(written)?;
    }
    Ok(if failed > 0 { FAILED } else { 0 })
}

fn own_trials(
    rules: &Arc<UserRules>,
    file: &str,
    settings: &BoilerplateSettings,
) -> Vec<(String, Vec<Trial>)> {
    rules
        .phrases
        .iter()
        .map(|row| {
            let name = format!("{file}:{} “{}”", row.line, row.phrase);
            (name, user_trials(row, rules, settings))
        })
        .collect()
}

fn verdicts(results: &[(String, Vec<Trial>)], all: usize, failed: usize) -> String {
    let (dim, plain, red) = (summary::DIM, summary::PLAIN, summary::RED);
    let mut text = String::new();
    for (name, trials) in results {
        let name = summary::harmless(name);
        let bad: Vec<&Trial> = trials
            .iter()
            .filter(|trial| trial.problem.is_some())
            .collect();
        if trials.is_empty() {
            text.push_str(&format!("none  {name} {dim}(no examples){plain}\n"));
        } else if bad.is_empty() {
            text.push_str(&format!("pass  {name} {dim}({}){plain}\n", trials.len()));
        } else {
            text.push_str(&format!("{red}FAIL{plain}  {name}\n"));
        }
        for trial in bad {
            let shows = match trial.shows {
                Shows::Removes => "removes",
                Shows::Keeps => "keeps",
            };
            let said = trial.problem.as_deref().unwrap_or_default();
            text.push_str(&wrapped(
                &summary::harmless(&format!("{shows}: {said}")),
                "      ",
            ));
            for line in trial.example.lines() {
                text.push_str(&wrapped(&summary::harmless(line), "      | "));
            }
        }
    }
    let verdict = if failed == 0 {
        format!("all {all} examples pass")
    } else {
        format!("{failed} of {all} examples fail")
    };
    text.push_str(&format!("\n{verdict}\n"));
    text
}

fn trial_row(name: &str, trial: &Trial) -> Value {
    json!({
        "rule": name,
        "shows": match trial.shows {
            Shows::Removes => "removes",
            Shows::Keeps => "keeps",
        },
        "example": trial.example,
        "passed": trial.problem.is_none(),
        "problem": trial.problem,
    })
}

fn own_row(row: &UserPhrase) -> Value {
    json!({
        "line": row.line, "kind": row.kind, "language": row.language, "phrase": row.phrase,
        "match": row.fit, "risk": row.risk, "position": row.position,
    })
}

/// Returns the boilerplate settings and the catalogue with the user's rules.
fn desk(rules: Option<&str>, common: &Common) -> Result<(BoilerplateSettings, Catalogue)> {
    let settings = config::boilerplate(rules, common)?;
    let catalogue = match &settings.rules {
        Some(rules) => Catalogue::shipped().with_user_rules(rules),
        None => Catalogue::shipped().clone(),
    };
    Ok((settings, catalogue))
}

/// Returns the kinds that have phrases, with how many in how many languages.
fn phrase_kinds(catalogue: &Catalogue) -> impl Iterator<Item = (Kind, usize, usize)> {
    Kind::ALL.into_iter().filter_map(|kind| {
        let counts = catalogue.phrases_by_language(kind);
        (!counts.is_empty()).then(|| (kind, counts.values().sum(), counts.len()))
    })
}

fn is_off(catalogue: &Catalogue, entry: &Entry) -> bool {
    catalogue.is_off(entry.name) || catalogue.is_off(entry.code)
}

fn level(entry: &Entry) -> &'static str {
    match entry.level {
        Level::Off => "any",
        Level::Safe => "safe",
        Level::Standard => "standard",
        Level::Aggressive => "aggressive",
    }
}

fn join<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> String {
    let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
    parts.join(", ")
}

/// Returns the beginning of `text`, at most `width` characters, ended at a word.
fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let part: String = text.chars().take(width - 1).collect();
    let end = part.rfind(' ').unwrap_or(part.len());
    format!("{}…", part[..end].trim_end_matches([' ', ',', ';', ':']))
}

/// Returns `text` in lines of at most [`WIDTH`] characters: the first begins with `mark`, the
/// others with as many blanks.
fn wrapped(text: &str, mark: &str) -> String {
    let indent = " ".repeat(mark.chars().count());
    let (mut out, mut line) = (String::new(), mark.to_owned());
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

fn written(bad: io::Error) -> Error {
    Error::io("standard output", bad)
}
