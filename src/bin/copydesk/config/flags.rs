//! Flags, laid over the settings one by one.

use crate::args::{Cleaning, Duplicates, Limits, ModeArg, Reading, Resources};
use clap::ValueEnum;
use copydesk::document::Kind;
use copydesk::error::{Error, Result};
use copydesk::settings::{Keep, Layers, nearest};
use std::path::Path;

/// Lays what a command means over the settings file.
pub fn command(layers: &mut Layers, name: &'static str) -> Result<()> {
    match name {
        "clean" => layers.command("clean", "duplicates.mode", "off"),
        "dedup" => {
            for (_, key) in MENDS {
                layers.command("dedup", key, "false")?;
            }
            layers.command("dedup", "headlines.enabled", "false")?;
            layers.command("dedup", "boilerplate.level", "off")?;
            layers.command("dedup", "boilerplate.site_model", "off")?;
            layers.command("dedup", "boilerplate.line_model", "true")?;
            layers.command_unsets("dedup", "boilerplate.rules_file")?;
            layers.command_unsets("dedup", "boilerplate.rules_sha256")
        }
        _ => Ok(()),
    }
}

/// Lays `--set KEY=VALUE`.
pub fn set(layers: &mut Layers, all: &[String]) -> Result<()> {
    for one in all {
        let Some((key, value)) = one.split_once('=') else {
            return Err(Error::setting(
                "--set",
                format!(
                    "{one:?} sets nothing; expected KEY=VALUE, such as duplicates.threshold=0.7"
                ),
            ));
        };
        layers.flag("--set", key.trim(), value.trim())?;
    }
    Ok(())
}

/// Lays the flags that say how records are read.
pub fn reading(layers: &mut Layers, flags: &Reading) -> Result<()> {
    for (flag, key, value) in [
        ("--text-field", "input.text_field", &flags.text_field),
        ("--id-field", "input.id_field", &flags.id_field),
        ("--title-field", "input.title_field", &flags.title_field),
        ("--url-field", "input.url_field", &flags.url_field),
        ("--site-field", "input.site_field", &flags.site_field),
        ("--date-field", "input.date_field", &flags.date_field),
    ] {
        if let Some(name) = value {
            layers.flag(flag, key, name)?;
        }
    }
    lay(
        layers,
        "--max-record",
        "resources.max_record",
        flags.max_record,
    )
}

/// Lays the flags that say what is cleaned.
pub fn cleaning(layers: &mut Layers, flags: &Cleaning) -> Result<()> {
    for name in &flags.no_normalise {
        no_normalise(layers, name)?;
    }
    if flags.no_headlines {
        layers.flag("--no-headlines", "headlines.enabled", "false")?;
    }
    if let Some(level) = flags.boilerplate {
        layers.flag("--boilerplate", "boilerplate.level", &word(level))?;
    }
    for name in &flags.keep_kind {
        if Kind::from_name(name).is_none() {
            return Err(unknown("--keep-kind", name, &Kind::ALL.map(Kind::as_str)));
        }
        layers.flag_adds("--keep-kind", "boilerplate.keep_kinds", name)?;
    }
    if flags.strip_agency_tags {
        layers.flag("--strip-agency-tags", "boilerplate.agency_tags", "true")?;
    }
    if flags.no_line_model {
        layers.flag("--no-line-model", "boilerplate.line_model", "false")?;
    } else if let Some(path) = &flags.line_model {
        let name = named("--line-model", path)?;
        layers.flag("--line-model", "boilerplate.line_model", name)?;
    }
    rules(layers, flags.rules.as_deref())?;
    if let Some(name) = &flags.site_model {
        layers.flag("--site-model", "boilerplate.site_model", name)?;
    }
    Ok(())
}

/// Lays `--rules`.
pub fn rules(layers: &mut Layers, name: Option<&str>) -> Result<()> {
    match name {
        Some(name) => layers.flag("--rules", "boilerplate.rules_file", name),
        None => Ok(()),
    }
}

/// Why `clean` takes no flag of the search for duplicates.
pub const NO_SEARCH: &str =
    "`clean` looks for no duplicates; use `run`, which cleans as well, or `dedup`";

/// Lays the flags that say what is done with duplicates.
pub fn duplicates(layers: &mut Layers, command: &str, flags: &Duplicates) -> Result<()> {
    let given = [
        ("--threshold", flags.threshold.is_some()),
        ("--containment", flags.containment.is_some()),
        ("--keep", flags.keep.is_some()),
    ];
    let looks =
        command != "clean" || matches!(flags.duplicates, Some(ModeArg::Drop | ModeArg::Mark));
    if let Some((flag, _)) = given.into_iter().find(|(_, given)| *given && !looks) {
        return Err(Error::setting(flag, NO_SEARCH));
    }
    if let Some(mode) = flags.duplicates {
        let mode = word(mode);
        if command == "dedup" && mode == "off" {
            return Err(Error::setting(
                "--duplicates off",
                "dedup does nothing but find duplicates; leave the flag out, or use clean",
            ));
        }
        layers.flag("--duplicates", "duplicates.mode", &mode)?;
    }
    lay(
        layers,
        "--threshold",
        "duplicates.threshold",
        flags.threshold,
    )?;
    lay(
        layers,
        "--containment",
        "duplicates.containment",
        flags.containment,
    )?;
    if let Some(keep) = &flags.keep {
        let rank: Keep = keep
            .parse()
            .map_err(|bad: String| Error::setting("--keep", bad))?;
        let text = match rank {
            Keep::Field(name) => format!("field:{name}"),
            _ => keep.clone(),
        };
        layers.flag("--keep", "duplicates.keep", &text)?;
    }
    Ok(())
}

/// Lays the flags of the brake.
pub fn brake(layers: &mut Layers, flags: &Limits) -> Result<()> {
    lay(
        layers,
        "--brake-documents",
        "brake.documents",
        flags.brake_documents,
    )?;
    lay(layers, "--brake-site", "brake.site", flags.brake_site)?;
    lay(layers, "--brake-text", "brake.text", flags.brake_text)?;
    if flags.no_brake {
        layers.flag("--no-brake", "brake.documents", "1.0")?;
        layers.flag("--no-brake", "brake.site", "1.0")?;
        layers.flag("--no-brake", "brake.rejects", "100%")?;
    }
    lay(layers, "--max-rejects", "brake.rejects", flags.max_rejects)
}

/// Lays the flags that say what a run may use.
pub fn resources(layers: &mut Layers, flags: &Resources, threads: Option<usize>) -> Result<()> {
    self::threads(layers, threads)?;
    lay(layers, "--memory", "resources.memory", flags.memory)?;
    lay(
        layers,
        "--shard-size",
        "resources.shard_size",
        flags.shard_size,
    )?;
    if let Some(path) = &flags.temp_dir {
        let name = named("--temp-dir", path)?;
        layers.flag("--temp-dir", "resources.temp_dir", name)?;
    }
    if let Some(compress) = flags.compress {
        layers.flag("--compress", "resources.compress", &word(compress))?;
    }
    Ok(())
}

/// Lays `--threads`.
pub fn threads(layers: &mut Layers, threads: Option<usize>) -> Result<()> {
    lay(layers, "--threads", "resources.threads", threads)
}

fn lay(
    layers: &mut Layers,
    flag: &'static str,
    key: &str,
    value: Option<impl ToString>,
) -> Result<()> {
    match value {
        Some(value) => layers.flag(flag, key, &value.to_string()),
        None => Ok(()),
    }
}

/// Returns the word that stands for a value on the command line.
fn word(value: impl ValueEnum) -> String {
    let possible = value.to_possible_value();
    possible.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Returns a file's name, which settings hold as text.
fn named<'p>(flag: &str, path: &'p Path) -> Result<&'p str> {
    path.to_str().ok_or_else(|| {
        Error::setting(
            flag,
            format!("{} is no UTF-8; rename it, or go by a link", path.display()),
        )
    })
}

/// The mends by their names on the command line; in the settings file `-` is `_`.
const MENDS: [(&str, &str); 9] = [
    ("mojibake", "normalise.mojibake"),
    ("entities", "normalise.entities"),
    ("nfc", "normalise.nfc"),
    ("controls", "normalise.controls"),
    ("zero-width", "normalise.zero_width"),
    ("soft-hyphens", "normalise.soft_hyphens"),
    ("spaces", "normalise.spaces"),
    ("line-breaks", "normalise.line_breaks"),
    ("blank-lines", "normalise.blank_lines"),
];

fn no_normalise(layers: &mut Layers, name: &str) -> Result<()> {
    let wanted = |known: &str| name == "all" || name == known;
    let mut keys = MENDS.iter().filter(|(known, _)| wanted(known)).peekable();
    if keys.peek().is_none() {
        let known: Vec<&str> = MENDS
            .iter()
            .map(|(known, _)| *known)
            .chain(["all"])
            .collect();
        return Err(unknown("--no-normalise", name, &known));
    }
    for (_, key) in keys {
        layers.flag("--no-normalise", key, "false")?;
    }
    Ok(())
}

fn unknown(flag: &str, found: &str, known: &[&str]) -> Error {
    let hint = nearest(found, known)
        .map_or_else(|| ".".to_owned(), |name| format!("; did you mean {name}?"));
    Error::setting(
        flag,
        format!("there is no {found:?}{hint} Known: {}", known.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::CommandFactory;
    use copydesk::settings::SETTINGS;

    #[test]
    fn every_mend_has_its_word() {
        let mends = SETTINGS.iter().filter(|one| one.table() == "normalise");
        let keys: Vec<&str> = mends.map(|one| one.key).collect();
        assert_eq!(MENDS.map(|(_, key)| key).to_vec(), keys);
        for (word, key) in MENDS {
            assert_eq!(key, format!("normalise.{}", word.replace('-', "_")));
        }
    }

    #[test]
    fn the_catalogue_names_flags_that_are() {
        let command = Args::command();
        let run = command.find_subcommand("run").unwrap();
        let known: Vec<String> = run
            .get_arguments()
            .chain(command.get_arguments())
            .filter_map(|arg| arg.get_long())
            .map(|long| format!("--{long}"))
            .collect();
        for flag in SETTINGS.iter().filter_map(|one| one.flag) {
            assert!(known.iter().any(|one| one == flag), "{flag}");
        }
    }
}
