//! Settings of a command: the settings file, the environment, and flags laid over them.

mod flags;
mod show;

pub use flags::NO_SEARCH;
pub use show::{config, init};

use crate::args::{Choices, Cleaning, Common, Laid, Reading};
use copydesk::error::{Error, Result};
use copydesk::pipeline::{read_line_model, read_rules};
use copydesk::settings::{
    BoilerplateSettings, Config, Effective, Layers, Origin, Settings, Sources,
};
use std::fs;
use std::path::Path;

/// The settings file that is read where none is named.
const CONFIG: &str = "copydesk.toml";
/// The variable that names the settings file.
const CONFIG_VARIABLE: &str = "COPYDESK_CONFIG";

/// What a command is to do: its settings, with the files that they name read, and what it may use.
pub struct Chosen {
    pub settings: Settings,
    pub resources: copydesk::settings::Resources,
}

/// Returns the settings of `run`, `clean` or `dedup`, as they are in force.
pub fn effective(command: &'static str, choices: &Choices, common: &Common) -> Result<Effective> {
    let mut layers = gather(&choices.laid, common)?;
    flags::command(&mut layers, command)?;
    flags::set(&mut layers, &choices.laid.set)?;
    flags::reading(&mut layers, &choices.reading)?;
    flags::cleaning(&mut layers, &choices.cleaning)?;
    flags::duplicates(&mut layers, command, &choices.duplicates)?;
    flags::brake(&mut layers, &choices.brake)?;
    flags::resources(&mut layers, &choices.resources, common.threads)?;
    layers.finish()
}

/// Returns the settings of `run`, `clean` or `dedup`, ready for use.
pub fn of_run(command: &'static str, choices: &Choices, common: &Common) -> Result<Chosen> {
    ready(effective(command, choices, common)?.config)
}

/// Returns the settings of a command that cleans as `clean` does, ready for use.
pub fn of_cleaning(
    laid: &Laid,
    reading: &Reading,
    cleaning: &Cleaning,
    common: &Common,
) -> Result<Chosen> {
    let mut layers = gather(laid, common)?;
    flags::command(&mut layers, "clean")?;
    flags::set(&mut layers, &laid.set)?;
    flags::reading(&mut layers, reading)?;
    flags::cleaning(&mut layers, cleaning)?;
    flags::threads(&mut layers, common.threads)?;
    ready(layers.finish()?.config)
}

/// Returns the flags that would say how [`of_cleaning`] reads and cleans.
pub fn flags_of_cleaning(
    laid: &Laid,
    reading: &Reading,
    cleaning: &Cleaning,
) -> Result<Vec<&'static str>> {
    let mut layers = Layers::default();
    flags::set(&mut layers, &laid.set)?;
    flags::reading(&mut layers, reading)?;
    flags::cleaning(&mut layers, cleaning)?;
    let mut given: Vec<&str> = laid.preset.iter().map(|_| "--preset").collect();
    for (_, origin) in layers.finish()?.origins {
        if let Origin::Flag(flag) = origin
            && !given.contains(&flag)
        {
            given.push(flag);
        }
    }
    Ok(given)
}

/// Returns what file and environment say, and how many threads are asked for.
pub fn base(common: &Common) -> Result<Config> {
    let mut layers = gather(&Laid::default(), common)?;
    flags::threads(&mut layers, common.threads)?;
    Ok(layers.finish()?.config)
}

/// Returns the settings of the boilerplate desk, with the user's rules read; a file that is named
/// by a flag takes the place of the settings file's.
pub fn boilerplate(rules: Option<&str>, common: &Common) -> Result<BoilerplateSettings> {
    let mut layers = gather(&Laid::default(), common)?;
    flags::rules(&mut layers, rules)?;
    let mut settings = layers.finish()?.config.boilerplate;
    read_rules(&mut settings)?;
    Ok(settings)
}

/// Reads the files that settings name.
fn ready(config: Config) -> Result<Chosen> {
    let mut settings = config.settings();
    read_line_model(&mut settings.boilerplate)?;
    read_rules(&mut settings.boilerplate)?;
    settings.check()?;
    let resources = config.resources;
    Ok(Chosen {
        settings,
        resources,
    })
}

/// Lays the environment over the settings file over the preset.
fn gather(laid: &Laid, common: &Common) -> Result<Layers> {
    let preset = laid.preset.as_deref().map(preset).transpose()?;
    // What is no Unicode is no setting of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Layers::gather(&Sources {
        file: file(common)?,
        environment,
        preset,
    })
}

/// Returns the preset that a flag names.
fn preset(name: &str) -> Result<copydesk::settings::Preset> {
    name.parse()
}

/// Returns the settings file's name and text, if there is one.
fn file(common: &Common) -> Result<Option<(String, String)>> {
    let named = std::env::var_os(CONFIG_VARIABLE).filter(|name| !name.is_empty());
    let (path, by) = match (&common.config, &named) {
        (Some(path), _) => (path.as_path(), " (--config)".to_owned()),
        (None, Some(name)) => (Path::new(name), format!(" ({CONFIG_VARIABLE})")),
        (None, None) if Path::new(CONFIG).exists() => (Path::new(CONFIG), String::new()),
        (None, None) => return Ok(None),
    };
    let text = fs::read_to_string(path).map_err(|bad| {
        let place = format!("{}{by}", path.display());
        Error::io(place, bad)
    })?;
    Ok(Some((path.display().to_string(), text)))
}
