//! Settings to read: the file that `copydesk init` writes, and what `copydesk config show` prints.

use super::catalogue::{SETTINGS, Setting};
use super::layers::{Effective, get, table_of};
use super::{Config, Preset};
use crate::error::Result;
use serde_json::{Map, json};

/// How wide comments are.
const WIDTH: usize = 98;
/// Where comments behind values begin, where there is room.
const COLUMN: usize = 44;

/// Returns a settings file with every setting in it, each commented out at its default, so that it
/// changes nothing until a line is taken in. `preset` stands in force if it is given.
pub fn settings_file(preset: Option<Preset>) -> Result<String> {
    let defaults = table_of(&Config::default())?;
    let mut out = format!(
        "# Settings of copydesk {}.\n#\n\
         # Every setting stands here with its default, commented out: take the # away and change\n\
         # the value. Flags beat environment variables, which beat this file, which beats the\n\
         # preset, which beats the defaults; `copydesk config show` tells what comes of it. An\n\
         # unknown key is an error.\n\n\
         # A set of settings for one sort of corpus, under this file: {}.\n\
         # `copydesk config presets NAME` prints one. (--preset, COPYDESK_PRESET)\n",
        env!("CARGO_PKG_VERSION"),
        Preset::ALL.map(Preset::as_str).join(", "),
    );
    match preset {
        Some(preset) => out.push_str(&format!("preset = \"{preset}\"\n")),
        None => out.push_str("#preset = \"news\"\n"),
    }
    let mut table = "";
    for setting in SETTINGS {
        if setting.table() != table {
            table = setting.table();
            out.push_str(&format!("\n[{table}]\n"));
        }
        let flag = setting
            .flag
            .map_or_else(String::new, |flag| format!("{flag}, "));
        let about = format!(
            "{} Expects {}. ({flag}{})",
            setting.about,
            setting.expects,
            setting.variable()
        );
        for line in wrapped(&about, WIDTH - 2) {
            out.push_str(&format!("# {line}\n"));
        }
        let (value, note) = match (get(&defaults, setting), setting.example) {
            (Some(value), _) => (value.to_string(), ""),
            (None, example) => (example.unwrap_or_default().to_owned(), "  # not set"),
        };
        out.push_str(&format!("#{} = {value}{note}\n", setting.name()));
    }
    Ok(out)
}

impl Effective {
    /// Returns the settings as a settings file, each with where it came from behind it.
    ///
    /// # Errors
    ///
    /// A value that TOML cannot hold.
    pub fn as_toml(&self) -> Result<String> {
        let all = table_of(&self.config)?;
        let mut out = String::new();
        match &self.preset {
            Some((preset, origin)) => {
                out.push_str(&noted(&format!("preset = \"{preset}\""), origin))
            }
            None => out.push_str("# preset: none\n"),
        }
        let mut table = "";
        for (setting, origin) in &self.origins {
            if setting.table() != table {
                table = setting.table();
                out.push_str(&format!("\n[{table}]\n"));
            }
            let line = match get(&all, setting) {
                Some(value) => format!("{} = {value}", setting.name()),
                None => format!("# {} is not set", setting.name()),
            };
            out.push_str(&noted(&line, origin));
        }
        Ok(out)
    }

    /// Returns the settings as a JSON object: by key the `value` (null where there is none), the
    /// `origin` and where that is, and the `flag` and `variable` that would set it.
    ///
    /// # Errors
    ///
    /// A value that JSON cannot hold.
    pub fn as_json(&self) -> Result<serde_json::Value> {
        let all = table_of(&self.config)?;
        let mut settings = Map::new();
        for (setting, origin) in &self.origins {
            let value = get(&all, setting).map(|value| json!(value));
            settings.insert(setting.key.to_owned(), row(setting, value, origin));
        }
        let preset = self.preset.as_ref().map(
            |(preset, origin)| json!({"value": preset.as_str(), "origin": origin.to_string()}),
        );
        Ok(json!({"preset": preset, "settings": settings}))
    }
}

fn row(
    setting: &Setting,
    value: Option<serde_json::Value>,
    origin: &super::Origin,
) -> serde_json::Value {
    json!({
        "value": value,
        "origin": origin.to_string(),
        "flag": setting.flag,
        "variable": setting.variable(),
    })
}

/// Returns a line with a comment behind it.
fn noted(line: &str, origin: &super::Origin) -> String {
    format!("{line:<COLUMN$} # {origin}\n")
}

/// Breaks text at spaces into lines of at most `width` characters, where words allow it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
