//! The settings file, and flags laid over it.

use crate::args::{Cleaning, Common, Job, LevelArg, Limits, ModeArg, Reading};
use copydesk::document::Kind;
use copydesk::error::{Error, Result};
use copydesk::pipeline::{read_line_model, read_rules};
use copydesk::settings::{
    BoilerplateSettings, BrakeSettings, DuplicateMode, Keep, Level, LineModelSource,
    NormaliseSettings, Settings, SiteModelSource, from_toml, nearest,
};
use std::fs;
use std::path::Path;

/// The settings file that is read where none is named.
const CONFIG: &str = "copydesk.toml";

/// Returns the settings of a command: its own defaults, the settings file over
/// them, the flags over that.
pub fn settings(command: &str, job: &Job, common: &Common) -> Result<Settings> {
    if command == "dedup" && matches!(job.duplicates, Some(ModeArg::Off)) {
        return Err(Error::setting(
            "--duplicates off",
            "dedup does nothing but find duplicates; leave the flag out, or use clean",
        ));
    }
    let mut settings = cleaning(command, &job.reading, &job.cleaning, common)?;
    name_site_model(&mut settings, job.site_model.as_deref());
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
    if job.containment.is_some() {
        duplicates.containment = job.containment;
    }
    if let Some(keep) = &job.keep {
        duplicates.keep = match keep.as_str() {
            "first" => Keep::First,
            "longest" => Keep::Longest,
            "earliest" => Keep::Earliest,
            "latest" => Keep::Latest,
            named => Keep::Field(ranking_field(named)?),
        };
    }
    limit(&mut settings.brake, &job.brake);
    settings.check()?;
    Ok(settings)
}

/// Lays the flags of the brake over its settings.
fn limit(brake: &mut BrakeSettings, flags: &Limits) {
    for (limit, flag) in [
        (&mut brake.documents, flags.brake_documents),
        (&mut brake.site, flags.brake_site),
        (&mut brake.text, flags.brake_text),
    ] {
        if let Some(share) = flag {
            *limit = share;
        }
    }
    if flags.no_brake {
        brake.release();
    }
    if flags.max_rejects.is_some() {
        brake.rejects = flags.max_rejects;
    }
}

/// Returns the field that `--keep` names, unless it looks like one of the words mistyped.
fn ranking_field(named: &str) -> Result<String> {
    const WORDS: [&str; 4] = ["first", "longest", "earliest", "latest"];
    if let Some(field) = named.strip_prefix("field:") {
        return Ok(field.to_owned());
    }
    let near = WORDS
        .into_iter()
        .find(|word| strsim::osa_distance(&named.to_ascii_lowercase(), word) <= 2);
    match near {
        Some(word) => Err(Error::setting(
            "--keep",
            format!(
                "there is no {named:?}; did you mean {word}? If it is a field, say field:{named}"
            ),
        )),
        None => Ok(named.to_owned()),
    }
}

/// Returns the settings of a command that looks for no duplicates.
pub fn cleaning(
    command: &str,
    reading: &Reading,
    cleaning: &Cleaning,
    common: &Common,
) -> Result<Settings> {
    let mut settings = base(common)?;
    match command {
        "clean" => settings.duplicates.mode = DuplicateMode::Off,
        "dedup" => {
            settings = Settings {
                input: settings.input,
                duplicates: settings.duplicates,
                brake: settings.brake,
                ..Settings::duplicates_only()
            };
        }
        _ => {}
    }
    let input = &mut settings.input;
    for (field, flag) in [
        (&mut input.text_field, &reading.text_field),
        (&mut input.id_field, &reading.id_field),
        (&mut input.title_field, &reading.title_field),
        (&mut input.url_field, &reading.url_field),
        (&mut input.date_field, &reading.date_field),
    ] {
        if let Some(name) = flag {
            field.clone_from(name);
        }
    }
    if reading.site_field.is_some() {
        input.site_field.clone_from(&reading.site_field);
    }
    for mend in &cleaning.no_normalise {
        switch_off(&mut settings.normalise, mend)?;
    }
    if cleaning.no_headlines {
        settings.headlines.enabled = false;
    }
    if cleaning.strip_agency_tags {
        settings.boilerplate.agency_tags = true;
    }
    if cleaning.no_line_model {
        settings.boilerplate.line_model = LineModelSource::Off;
    } else if let Some(path) = &cleaning.line_model {
        settings.boilerplate.line_model = LineModelSource::of_file(path);
    }
    read_line_model(&mut settings.boilerplate)?;
    if let Some(level) = cleaning.boilerplate {
        settings.boilerplate.level = match level {
            LevelArg::Off => Level::Off,
            LevelArg::Safe => Level::Safe,
            LevelArg::Standard => Level::Standard,
            LevelArg::Aggressive => Level::Aggressive,
        };
    }
    for name in &cleaning.keep_kind {
        let kind = Kind::from_name(name).ok_or_else(|| {
            let names = Kind::ALL.map(Kind::as_str);
            unknown("--keep-kind", name, &names)
        })?;
        settings.boilerplate.keep_kinds.insert(kind);
    }
    name_rules(&mut settings.boilerplate, cleaning.rules.as_deref())?;
    settings.check()?;
    Ok(settings)
}

/// Takes the site model that a flag names in place of the settings file's.
pub fn name_site_model(settings: &mut Settings, flag: Option<&str>) {
    if let Some(name) = flag {
        settings.boilerplate.site_model = SiteModelSource::of_name(name);
    }
}

/// Returns the settings of the boilerplate desk, with the user's rules read.
pub fn boilerplate(rules: Option<&str>, common: &Common) -> Result<BoilerplateSettings> {
    let mut settings = base(common)?.boilerplate;
    name_rules(&mut settings, rules)?;
    Ok(settings)
}

/// Reads the user's rules; a file that is named by a flag takes the place of the settings file's.
fn name_rules(settings: &mut BoilerplateSettings, flag: Option<&str>) -> Result<()> {
    if let Some(name) = flag {
        settings.rules_file = Some(name.to_owned());
        settings.rules_sha256 = None;
    }
    read_rules(settings)
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
    let mut settings: Settings = from_toml(&place, &text)?;
    // A file that a settings file names lies beside it.
    if let (Some(rules), Some(folder)) = (&mut settings.boilerplate.rules_file, path.parent()) {
        *rules = folder.join(&*rules).display().to_string();
    }
    if let (LineModelSource::File { path: model, .. }, Some(folder)) =
        (&mut settings.boilerplate.line_model, path.parent())
    {
        *model = folder.join(&*model);
    }
    Ok(settings)
}

fn unknown(flag: &str, found: &str, known: &[&str]) -> Error {
    let hint =
        nearest(found, known).map_or_else(String::new, |name| format!("; did you mean {name}?"));
    let hint = if hint.is_empty() {
        ".".to_owned()
    } else {
        hint
    };
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
