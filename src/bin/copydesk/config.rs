//! The settings file, and flags laid over it.

use crate::args::{Common, Job, LevelArg, ModeArg};
use copydesk::document::Kind;
use copydesk::error::{Error, Result};
use copydesk::settings::{
    DuplicateMode, Keep, Level, NormaliseSettings, Settings, SiteModelSource,
};
use std::fs;
use std::path::Path;

/// The settings file that is read where none is named.
const CONFIG: &str = "copydesk.toml";

/// Returns the settings of a command: its own defaults, the settings file over
/// them, the flags over that.
pub fn settings(command: &str, job: &Job, common: &Common) -> Result<Settings> {
    let mut settings = base(common)?;
    match command {
        "clean" => settings.duplicates.mode = DuplicateMode::Off,
        "dedup" => {
            settings = Settings {
                input: settings.input,
                duplicates: settings.duplicates,
                ..Settings::duplicates_only()
            };
        }
        _ => {}
    }
    let input = &mut settings.input;
    for (field, flag) in [
        (&mut input.text_field, &job.text_field),
        (&mut input.id_field, &job.id_field),
        (&mut input.title_field, &job.title_field),
        (&mut input.url_field, &job.url_field),
        (&mut input.date_field, &job.date_field),
    ] {
        if let Some(name) = flag {
            field.clone_from(name);
        }
    }
    if job.site_field.is_some() {
        input.site_field.clone_from(&job.site_field);
    }
    for mend in &job.no_normalise {
        switch_off(&mut settings.normalise, mend)?;
    }
    if job.no_headlines {
        settings.headlines.enabled = false;
    }
    if let Some(level) = job.boilerplate {
        settings.boilerplate.level = match level {
            LevelArg::Off => Level::Off,
            LevelArg::Safe => Level::Safe,
            LevelArg::Standard => Level::Standard,
            LevelArg::Aggressive => Level::Aggressive,
        };
    }
    if let Some(name) = &job.site_model {
        settings.boilerplate.site_model = SiteModelSource::of_name(name);
    }
    for name in &job.keep_kind {
        let kind = Kind::from_name(name).ok_or_else(|| {
            let names = Kind::ALL.map(Kind::as_str);
            unknown("--keep-kind", name, &names)
        })?;
        settings.boilerplate.keep_kinds.insert(kind);
    }
    let duplicates = &mut settings.duplicates;
    if let Some(mode) = job.duplicates {
        duplicates.mode = match mode {
            ModeArg::Drop => DuplicateMode::Drop,
            ModeArg::Mark => DuplicateMode::Mark,
            ModeArg::Off => DuplicateMode::Off,
        };
    }
    if let Some(threshold) = job.threshold {
        duplicates.threshold = threshold;
    }
    if let Some(keep) = &job.keep {
        duplicates.keep = match keep.as_str() {
            "first" => Keep::First,
            "longest" => Keep::Longest,
            "earliest" => Keep::Earliest,
            "latest" => Keep::Latest,
            field => Keep::Field(field.to_owned()),
        };
    }
    settings.check()?;
    Ok(settings)
}

/// Returns what the settings file says, or the defaults.
pub fn base(common: &Common) -> Result<Settings> {
    match &common.config {
        Some(path) => from_file(path),
        None if Path::new(CONFIG).exists() => from_file(Path::new(CONFIG)),
        None => Ok(Settings::default()),
    }
}

fn from_file(path: &Path) -> Result<Settings> {
    let place = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|bad| Error::io(path, bad))?;
    toml::from_str(&text).map_err(|bad| {
        let mut said = bad.message().to_owned();
        if let Some(hint) = meant(&said) {
            said.push_str(&hint);
        }
        let line = bad.span().map_or(1, |span| {
            1 + text[..span.start.min(text.len())].matches('\n').count()
        });
        Error::setting(format!("{place}:{line}"), said)
    })
}

/// Returns "did you mean" for serde's message on an unknown key.
fn meant(said: &str) -> Option<String> {
    let mut quoted = said.split('`').skip(1).step_by(2);
    let (found, known): (&str, Vec<&str>) = (quoted.next()?, quoted.collect());
    if !said.starts_with("unknown") {
        return None;
    }
    nearest(found, &known).map(|name| format!("; did you mean `{name}`?"))
}

fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let near = |name: &&str| strsim::jaro_winkler(found, name);
    let best = known
        .iter()
        .copied()
        .max_by(|one, two| near(one).total_cmp(&near(two)))?;
    (near(&best) > 0.75).then_some(best)
}

fn unknown(flag: &str, found: &str, known: &[&str]) -> Error {
    let hint =
        nearest(found, known).map_or_else(String::new, |name| format!("; did you mean {name}?"));
    Error::setting(
        flag,
        format!("there is no {found:?}{hint} Known: {}", known.join(", ")),
    )
}

fn switch_off(settings: &mut NormaliseSettings, name: &str) -> Result<()> {
    let mut mends = [
        ("mojibake", &mut settings.mojibake),
        ("entities", &mut settings.entities),
        ("nfc", &mut settings.nfc),
        ("controls", &mut settings.controls),
        ("zero-width", &mut settings.zero_width),
        ("soft-hyphens", &mut settings.soft_hyphens),
        ("spaces", &mut settings.spaces),
        ("line-breaks", &mut settings.line_breaks),
        ("blank-lines", &mut settings.blank_lines),
    ];
    if name == "all" {
        *settings = NormaliseSettings::off();
        return Ok(());
    }
    if let Some((_, switch)) = mends.iter_mut().find(|(known, _)| *known == name) {
        **switch = false;
        return Ok(());
    }
    let known: Vec<&str> = mends
        .iter()
        .map(|(known, _)| *known)
        .chain(["all"])
        .collect();
    Err(unknown("--no-normalise", name, &known))
}
