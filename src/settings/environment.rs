//! What environment variables are to us: every setting has one.

use super::catalogue::{PREFIX, SETTINGS, Setting};
use super::toml_file::nearest;
use crate::error::{Error, Result};

/// What an environment variable is to us.
pub(super) enum Variable {
    Setting(&'static Setting),
    Preset,
    Other,
}

/// Returns what an environment variable is.
///
/// # Errors
///
/// One that looks like a setting and is none. What looks like none is somebody else's: systems
/// that start containers set variables named for services.
pub(super) fn variable(name: &str) -> Result<Variable> {
    let Some(rest) = name.strip_prefix(PREFIX) else {
        return Ok(Variable::Other);
    };
    match rest {
        "PRESET" => return Ok(Variable::Preset),
        "CONFIG" => return Ok(Variable::Other),
        _ => {}
    }
    let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    if let Some(known) = SETTINGS.iter().find(|known| known.variable() == name) {
        return Ok(Variable::Setting(known));
    }
    let lower = rest.to_ascii_lowercase();
    let table = SETTINGS.iter().any(|setting| {
        let table = setting.table();
        let rest = lower.strip_prefix(table);
        rest.is_some_and(|rest| rest.starts_with('_'))
    });
    let named = SETTINGS.iter().find(|setting| {
        lower == setting.name() || lower.ends_with(&format!("_{}", setting.name()))
    });
    let others = [format!("{PREFIX}PRESET"), format!("{PREFIX}CONFIG")];
    let all: Vec<&str> = names.iter().chain(&others).map(String::as_str).collect();
    let near = all
        .iter()
        .copied()
        .min_by_key(|known| strsim::osa_distance(name, known));
    let near = near.filter(|known| strsim::osa_distance(name, known) <= 2);
    if near.is_none() && !table && named.is_none() {
        return Ok(Variable::Other);
    }
    let meant = near
        .map(str::to_owned)
        .or_else(|| named.map(Setting::variable))
        .or_else(|| nearest(name, &all).map(str::to_owned));
    let hint = meant.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Err(Error::setting(
        name,
        format!("there is no such setting{hint}"),
    ))
}
