//! Settings laid over each other: defaults, preset, file, environment, what the command means, flags.
//!
//! Whatever lies higher wins, setting by setting, and each setting knows where its value came from.

use super::catalogue::{Form, SETTINGS, Setting};
use super::environment::{Variable, variable};
use super::toml_file::{LineEnds, from_toml, meant};
use super::{Config, Preset};
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use toml::{Table, Value};

/// Settings that name something lying beside the file they stand in.
const BESIDE: [&str; 4] = [
    "boilerplate.rules_file",
    "boilerplate.site_model",
    "boilerplate.line_model",
    "resources.temp_dir",
];

/// Where a setting's value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A preset.
    Preset(Preset),
    /// A settings file.
    File {
        /// The file as it was named.
        place: String,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// What the command means, such as `clean`.
    Command(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Preset(preset) => write!(f, "preset {preset}"),
            Self::File { place, line } => write!(f, "{place}:{line}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Command(name) => write!(f, "command {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Where settings are looked for, apart from flags.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The settings file: its name, and what it says.
    pub file: Option<(String, String)>,
    /// The environment. Only what begins with `COPYDESK_` is looked at.
    pub environment: Vec<(String, String)>,
    /// The preset that a flag names.
    pub preset: Option<Preset>,
}

/// Settings in the making.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// What was said, by key; `None` where it was said that there is nothing.
    said: BTreeMap<&'static str, (Option<Value>, Origin)>,
    preset: Option<(Preset, Origin)>,
}

/// What settings come to.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The settings.
    pub config: Config,
    /// Where the preset was named, if there is one.
    pub preset: Option<(Preset, Origin)>,
    /// Where each came from, in the order of [`SETTINGS`].
    pub origins: Vec<(&'static Setting, Origin)>,
}

impl Layers {
    /// Lays preset, file and environment over the defaults.
    ///
    /// # Errors
    ///
    /// A key that is none, a value that cannot be: the place, what was expected, the nearest name.
    pub fn gather(sources: &Sources) -> Result<Self> {
        let mut layers = Self::default();
        let mut preset = None;
        let mut file = Vec::new();
        if let Some((place, text)) = &sources.file {
            let config: Config = from_toml(place, text)?;
            file = rows(place, text)?;
            preset = config.preset.map(|named| {
                let line = line_of_preset(text);
                let place = place.clone();
                (named, Origin::File { place, line })
            });
        }
        let mut environment = Vec::new();
        let mut sorted: Vec<_> = sources.environment.iter().collect();
        sorted.sort();
        for (name, text) in sorted.into_iter().filter(|(_, text)| !text.is_empty()) {
            match variable(name)? {
                Variable::Setting(setting) => environment.push((setting, name, text)),
                Variable::Preset => {
                    let named = text.parse().map_err(|bad: Error| bad.at(name))?;
                    preset = Some((named, Origin::Environment(name.clone())));
                }
                Variable::Other => {}
            }
        }
        if let Some(named) = sources.preset {
            preset = Some((named, Origin::Flag("--preset")));
        }
        if let Some((named, _)) = &preset {
            let place = format!("preset {named}");
            for (setting, value, _) in rows(&place, named.as_toml())? {
                layers.lay(setting, Some(value), Origin::Preset(*named));
            }
        }
        layers.preset = preset;
        for (setting, value, origin) in file {
            layers.lay(setting, Some(value), origin);
        }
        for (setting, name, text) in environment {
            let value = read(setting, text).map_err(|problem| Error::setting(name, problem))?;
            layers.lay(setting, Some(value), Origin::Environment(name.clone()));
        }
        Ok(layers)
    }

    /// Lays what a command means over everything so far, as text.
    ///
    /// # Errors
    ///
    /// A key that is none, a value that cannot be.
    pub fn command(&mut self, name: &'static str, key: &str, text: &str) -> Result<()> {
        let (setting, value) = said(name, key, text)?;
        self.lay(setting, Some(value), Origin::Command(name));
        Ok(())
    }

    /// Says that a command has no use for a setting, whatever lies below.
    ///
    /// # Errors
    ///
    /// A key that is none.
    pub fn command_unsets(&mut self, name: &'static str, key: &str) -> Result<()> {
        let setting = known(name, key)?;
        self.lay(setting, None, Origin::Command(name));
        Ok(())
    }

    /// Lays a flag over everything so far; `text` is what stands behind it.
    ///
    /// # Errors
    ///
    /// A key that is none, a value that cannot be.
    pub fn flag(&mut self, flag: &'static str, key: &str, text: &str) -> Result<()> {
        let (setting, value) = said(flag, key, text)?;
        self.lay(setting, Some(value), Origin::Flag(flag));
        Ok(())
    }

    /// Adds to a list: what was said before stays.
    ///
    /// # Errors
    ///
    /// A key that is none, a word that cannot be in the list.
    pub fn flag_adds(&mut self, flag: &'static str, key: &str, text: &str) -> Result<()> {
        let (setting, value) = said(flag, key, text)?;
        let mut all = match self.value(setting)? {
            Some(Value::Array(before)) => before,
            _ => Vec::new(),
        };
        if let Value::Array(more) = value {
            all.extend(more);
        }
        self.lay(setting, Some(Value::Array(all)), Origin::Flag(flag));
        Ok(())
    }

    /// Returns what it all comes to.
    ///
    /// # Errors
    ///
    /// A number out of its range, with the place where it was said.
    pub fn finish(&self) -> Result<Effective> {
        let mut all = Table::new();
        for (key, (value, _)) in &self.said {
            if let (Some(setting), Some(value)) = (Setting::of_key(key), value) {
                put(&mut all, setting, value.clone());
            }
        }
        let mut config: Config = all
            .try_into()
            .map_err(|bad: toml::de::Error| Error::setting("settings", bad.message()))?;
        config.preset = self.preset.as_ref().map(|(preset, _)| *preset);
        let origins: Vec<_> = SETTINGS
            .iter()
            .map(|setting| {
                let origin = self.said.get(setting.key);
                let origin = origin.map_or(Origin::Default, |(_, origin)| origin.clone());
                (setting, origin)
            })
            .collect();
        let checked = config.settings().check_ranges();
        checked
            .and_then(|()| config.resources.check())
            .map_err(|bad| {
                let ErrorKind::Setting { setting, .. } = bad.kind() else {
                    return bad;
                };
                match self.said.get(setting.as_str()) {
                    Some((_, Origin::Flag(flag))) => bad.at(flag),
                    Some((_, origin)) => {
                        let place = format!("{origin}: {setting}");
                        bad.at(&place)
                    }
                    None => bad,
                }
            })?;
        Ok(Effective {
            config,
            preset: self.preset.clone(),
            origins,
        })
    }

    fn lay(&mut self, setting: &'static Setting, value: Option<Value>, origin: Origin) {
        // A digest is that of the file named with it, not of another that is named above.
        if setting.key == "boilerplate.rules_file"
            && let Some((digest, below)) = self.said.get("boilerplate.rules_sha256")
            && digest.is_some()
            && !same_layer(below, &origin)
        {
            self.said.remove("boilerplate.rules_sha256");
        }
        self.said.insert(setting.key, (value, origin));
    }

    /// Returns a setting's value as it stands now.
    fn value(&self, setting: &'static Setting) -> Result<Option<Value>> {
        if let Some((value, _)) = self.said.get(setting.key) {
            return Ok(value.clone());
        }
        let defaults = table_of(&Config::default())?;
        Ok(get(&defaults, setting).cloned())
    }
}

/// Returns whether two settings were said in one place: the same file, the environment, flags.
fn same_layer(one: &Origin, other: &Origin) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Returns settings as a table of tables.
pub(super) fn table_of(config: &Config) -> Result<Table> {
    Table::try_from(config).map_err(|bad| Error::setting("settings", bad.to_string()))
}

/// Returns what stands in a table of tables.
pub(super) fn get<'t>(all: &'t Table, setting: &Setting) -> Option<&'t Value> {
    all.get(setting.table())?.as_table()?.get(setting.name())
}

fn put(all: &mut Table, setting: &Setting, value: Value) {
    let table = all
        .entry(setting.table())
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(table) = table {
        table.insert(setting.name().to_owned(), value);
    }
}

fn known(place: &str, key: &str) -> Result<&'static Setting> {
    Setting::of_key(key).ok_or_else(|| Error::setting(place, Setting::unknown(key)))
}

fn said(place: &str, key: &str, text: &str) -> Result<(&'static Setting, Value)> {
    let setting = known(place, key)?;
    let value = read(setting, text).map_err(|problem| Error::setting(place, problem))?;
    Ok((setting, value))
}

/// Returns the value that one word means, or what is wrong with it.
fn read(setting: &'static Setting, text: &str) -> Result<Value, String> {
    let bare = || Value::String(text.to_owned());
    let written = || format!("value = {text}").parse::<Table>().ok();
    let written = || written().and_then(|mut table| table.remove("value"));
    let value = match setting.form {
        Form::Text => bare(),
        Form::List if text.trim_start().starts_with('[') => written().unwrap_or_else(bare),
        Form::List => {
            let words = text.split(',').map(str::trim);
            let words = words.filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
        Form::Value => match written() {
            Some(value) if problem(setting, &value).is_none() => value,
            _ => bare(),
        },
    };
    match problem(setting, &value) {
        None => Ok(value),
        Some(said) if said.starts_with("unknown") || said.starts_with("there is no") => Err(said),
        Some(_) => Err(format!(
            "{text:?} cannot be {}; expected {}",
            setting.key, setting.expects
        )),
    }
}

/// Returns what is wrong with a value, if something is.
fn problem(setting: &Setting, value: &Value) -> Option<String> {
    let mut all = Table::new();
    put(&mut all, setting, value.clone());
    let bad = all.try_into::<Config>().err()?;
    let mut said = bad.message().to_owned();
    if let Some(hint) = meant(&said) {
        said.push_str(&hint);
    }
    Some(said)
}

/// Returns every setting of a file that has been read without a mistake, with its place. What lies
/// beside the file is named from here.
fn rows(place: &str, text: &str) -> Result<Vec<(&'static Setting, Value, Origin)>> {
    let bad = |bad: toml::de::Error| Error::setting(place, bad.message());
    let all: Table = toml::from_str(text).map_err(bad)?;
    let ends = LineEnds::of(text);
    let spans = toml::de::DeTable::parse(text).map_err(bad)?;
    let mut out = Vec::new();
    for (table, inner) in spans.get_ref() {
        let Some(inner) = inner.get_ref().as_table() else {
            continue;
        };
        for name in inner.keys() {
            let key = format!("{}.{}", table.get_ref(), name.get_ref());
            let Some(setting) = Setting::of_key(&key) else {
                return Err(Error::setting(place, Setting::unknown(&key)));
            };
            if let Some(value) = get(&all, setting) {
                let line = ends.line_at(name.span().start);
                let value = beside(place, setting, value.clone());
                let place = place.to_owned();
                out.push((setting, value, Origin::File { place, line }));
            }
        }
    }
    // A file stands before its digest, whatever the order of the lines.
    out.sort_by_key(|(setting, _, _)| setting.key);
    Ok(out)
}

/// Names what lies beside a settings file from the folder we are in.
fn beside(place: &str, setting: &Setting, value: Value) -> Value {
    let folder = Path::new(place).parent();
    let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
        return value;
    };
    if !BESIDE.contains(&setting.key) {
        return value;
    }
    let named = |name: &str| Value::String(folder.join(name).to_string_lossy().into_owned());
    match value {
        Value::String(name) if name == "off" || name == "auto" => Value::String(name),
        Value::String(name) => named(&name),
        Value::Table(mut table) => {
            if let Some(Value::String(name)) = table.get("file") {
                let name = named(name);
                table.insert("file".to_owned(), name);
            }
            Value::Table(table)
        }
        other => other,
    }
}

/// Returns the line where the file names its preset.
fn line_of_preset(text: &str) -> usize {
    let ends = LineEnds::of(text);
    let spans = toml::de::DeTable::parse(text).ok();
    let span = spans.and_then(|spans| {
        let mut keys = spans.get_ref().keys();
        keys.find(|key| key.get_ref() == "preset")
            .map(|key| key.span())
    });
    span.map_or(1, |span| ends.line_at(span.start))
}
