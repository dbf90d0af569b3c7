//! `rules test`: whether every example comes out as it should.

use super::{desk, written};
use crate::args::{Common, RuleTest};
use crate::text::{Long, harmless, paragraph};
use crate::{FAILED, summary};
use anyhow::Result;
use copydesk::boilerplate::{Shows, Trial, user_trials};
use copydesk::pipeline::{rulebook, trials};
use copydesk::settings::{BoilerplateSettings, UserRules};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

pub fn test(job: &RuleTest, common: &Common, out: &mut impl Write) -> Result<u8> {
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
        let name = harmless(name);
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
            text.push_str(&paragraph(
                &harmless(&format!("{shows}: {said}")),
                "      ",
                Long::Stays,
            ));
            for line in trial.example.lines() {
                text.push_str(&paragraph(&harmless(line), "      | ", Long::Stays));
            }
        }
    }
    let verdict = match (failed, all) {
        (0, 1) => "the one example passes".to_owned(),
        (0, _) => format!("all {all} examples pass"),
        (_, 1) => "the one example fails".to_owned(),
        (1, _) => format!("1 of {all} examples fails"),
        _ => format!("{failed} of {all} examples fail"),
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
