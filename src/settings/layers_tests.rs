//! Which layer wins, where each value is said to come from, and what is said of mistakes.

use super::{Config, Effective, Layers, Level, Origin, Preset, SETTINGS, Setting, Sources};
use crate::settings::settings_file;

fn origin(effective: &Effective, key: &str) -> String {
    let found = effective.origins.iter().find(|(one, _)| one.key == key);
    found.unwrap().1.to_string()
}

fn sources(file: &str, environment: &[(&str, &str)], preset: Option<Preset>) -> Sources {
    Sources {
        file: (!file.is_empty()).then(|| ("in/my.toml".to_owned(), file.to_owned())),
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        preset,
    }
}

#[test]
fn the_highest_layer_wins() {
    const KEY: &str = "boilerplate.level";
    let file = "\n[boilerplate]\nlevel = \"safe\"\n";
    let variable = [("COPYDESK_BOILERPLATE_LEVEL", "off")];
    use Level::{Aggressive, Off, Safe, Standard};
    // preset, file, environment, flag; level, origin
    for (preset, in_file, in_environment, flag, level, from) in [
        (false, false, false, false, Standard, "default"),
        (true, false, false, false, Aggressive, "preset web"),
        (true, true, false, false, Safe, "in/my.toml:3"),
        (false, true, false, false, Safe, "in/my.toml:3"),
        (
            true,
            true,
            true,
            false,
            Off,
            "environment COPYDESK_BOILERPLATE_LEVEL",
        ),
        (
            false,
            true,
            true,
            false,
            Off,
            "environment COPYDESK_BOILERPLATE_LEVEL",
        ),
        (
            true,
            false,
            true,
            false,
            Off,
            "environment COPYDESK_BOILERPLATE_LEVEL",
        ),
        (true, true, true, true, Standard, "flag --boilerplate"),
        (true, false, false, true, Standard, "flag --boilerplate"),
        (false, false, true, true, Standard, "flag --boilerplate"),
    ] {
        let sources = sources(
            if in_file { file } else { "" },
            if in_environment { &variable } else { &[] },
            preset.then_some(Preset::Web),
        );
        let mut layers = Layers::gather(&sources).unwrap();
        if flag {
            layers.flag("--boilerplate", KEY, "standard").unwrap();
        }
        let effective = layers.finish().unwrap();
        assert_eq!(effective.config.boilerplate.level, level, "{from}");
        assert_eq!(origin(&effective, KEY), from);
    }
}

#[test]
fn the_preset_that_is_named_highest_counts() {
    for (file, environment, flag, found) in [
        ("", &[][..], None, None),
        (
            "\npreset = \"news\"\n",
            &[],
            None,
            Some("news in/my.toml:2"),
        ),
        (
            "preset = \"news\"\n",
            &[("COPYDESK_PRESET", "web")],
            None,
            Some("web environment COPYDESK_PRESET"),
        ),
        (
            "preset = \"news\"\n",
            &[("COPYDESK_PRESET", "web")],
            Some(Preset::Pretraining),
            Some("pretraining flag --preset"),
        ),
    ] {
        let layers = Layers::gather(&sources(file, environment, flag)).unwrap();
        let effective = layers.finish().unwrap();
        let got = effective.preset.as_ref();
        let got = got.map(|(preset, origin)| format!("{preset} {origin}"));
        assert_eq!(got.as_deref(), found);
        assert_eq!(
            effective.config.preset,
            effective.preset.map(|(preset, _)| preset)
        );
    }
}

#[test]
fn every_setting_can_be_set_by_its_variable_and_its_flag() {
    let defaults = toml::Table::try_from(Config::default()).unwrap();
    for setting in SETTINGS {
        let value = match setting.example {
            Some(example) => example.trim_matches('"').to_owned(),
            None => {
                let value = &defaults[setting.table()][setting.name()];
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            }
        };
        let variable = setting.variable();
        let layers = Layers::gather(&sources("", &[(&variable, &value)], None));
        let mut layers = layers.unwrap_or_else(|bad| panic!("{bad}"));
        let from = |layers: &Layers| origin(&layers.finish().unwrap(), setting.key);
        assert_eq!(from(&layers), format!("environment {variable}"));
        layers.flag("--set", setting.key, &value).unwrap();
        assert_eq!(from(&layers), "flag --set");
        if setting.example.is_none() {
            let config = layers.finish().unwrap().config;
            assert_eq!(config, Config::default(), "{}", setting.key);
        }
    }
}

#[test]
fn words_are_read_as_people_write_them() {
    for (key, text, written) in [
        (
            "boilerplate.keep_kinds",
            "share, copyright",
            "[\"copyright\", \"share\"]",
        ),
        ("boilerplate.keep_kinds", "[\"share\"]", "[\"share\"]"),
        ("boilerplate.keep_kinds", "[]", "[]"),
        ("boilerplate.line_model", "false", "false"),
        (
            "boilerplate.line_model",
            "own.bin",
            "{ file = \"own.bin\" }",
        ),
        ("boilerplate.site_model", "auto", "\"auto\""),
        (
            "boilerplate.site_model",
            "2024.jsonl",
            "{ file = \"2024.jsonl\" }",
        ),
        ("input.text_field", "1", "\"1\""),
        ("input.text_field", "/a/b", "\"/a/b\""),
        ("duplicates.keep", "field:words", "{ field = \"words\" }"),
        ("duplicates.threshold", "1", "1.0"),
        ("brake.rejects", "100", "100"),
        ("brake.rejects", "1%", "\"1%\""),
        ("resources.memory", "1g", "\"1GiB\""),
        ("resources.memory", "1500", "\"1500\""),
    ] {
        let mut layers = Layers::default();
        layers
            .flag("--set", key, text)
            .unwrap_or_else(|bad| panic!("{bad}"));
        let config = layers.finish().unwrap().config;
        let all = toml::Table::try_from(config).unwrap();
        let setting = Setting::of_key(key).unwrap();
        let got = all[setting.table()][setting.name()].to_string();
        assert_eq!(got, written, "{key} = {text}");
    }
}

#[test]
fn a_mistake_is_told_with_its_place_what_was_expected_and_the_nearest_name() {
    for (file, environment, said) in [
        (
            "[duplicates]\nthreshhold = 0.7\n",
            &[][..],
            "in/my.toml:2: unknown field `threshhold`, expected one of `mode`, `threshold`, `keep`, `containment`; did you mean `threshold`?",
        ),
        (
            "[duplicate]\n",
            &[],
            "in/my.toml:1: unknown field `duplicate`",
        ),
        (
            "\npreset = \"newz\"\n",
            &[],
            "in/my.toml:2: unknown variant `newz`, expected one of `news`, `web`, `pretraining`; did you mean `news`?",
        ),
        (
            "[duplicates]\nkeep = \"longst\"\n",
            &[],
            "in/my.toml:2: there is no rank \"longst\"; did you mean longest?",
        ),
        (
            "[duplicates]\nthreshold = 0\n",
            &[],
            "in/my.toml:2: duplicates.threshold: 0 is out of range; expected a similarity above 0 and at most 1",
        ),
        (
            "[boilerplate]\nsite_model = 1\n",
            &[],
            "in/my.toml:2: no site model; expected \"off\", \"auto\", or the name of a file",
        ),
        (
            "[resources]\nmemory = \"lots\"\n",
            &[],
            "in/my.toml:2: \"lots\" is no size; expected a number with k, m or g",
        ),
        (
            "[resources]\nmemory = 0\n",
            &[],
            "in/my.toml:2: \"0\" is no size; expected a whole number above 0",
        ),
        (
            "",
            &[("COPYDESK_DUPLICATES_THRESHOLD", "high")],
            "COPYDESK_DUPLICATES_THRESHOLD: \"high\" cannot be duplicates.threshold; expected a similarity above 0 and at most 1",
        ),
        (
            "",
            &[("COPYDESK_DUPLICATES_THRESHOLD", "2")],
            "environment COPYDESK_DUPLICATES_THRESHOLD: duplicates.threshold: 2 is out of range",
        ),
        (
            "",
            &[("COPYDESK_DUPLICATES_TRESHOLD", "0.7")],
            "COPYDESK_DUPLICATES_TRESHOLD: there is no such setting; did you mean COPYDESK_DUPLICATES_THRESHOLD?",
        ),
        (
            "",
            &[("COPYDESK_THRESHOLD", "0.7")],
            "COPYDESK_THRESHOLD: there is no such setting; did you mean COPYDESK_DUPLICATES_THRESHOLD?",
        ),
        (
            "",
            &[("COPYDESK_BOILERPLATE_LEVEL", "agressive")],
            "COPYDESK_BOILERPLATE_LEVEL: unknown variant `agressive`, expected one of `off`, `safe`, `standard`, `aggressive`; did you mean `aggressive`?",
        ),
        (
            "",
            &[("COPYDESK_PRESET", "newz")],
            "COPYDESK_PRESET: there is no preset \"newz\"; did you mean news? Known: news, web, pretraining",
        ),
        (
            "",
            &[("COPYDESK_PRESETS", "news")],
            "COPYDESK_PRESETS: there is no such setting; did you mean COPYDESK_PRESET?",
        ),
    ] {
        let bad = Layers::gather(&sources(file, environment, None))
            .and_then(|layers| layers.finish())
            .unwrap_err();
        assert!(bad.to_string().starts_with(said), "{bad}\n{said}");
        assert!(bad.is_usage());
    }
    let mut layers = Layers::default();
    for (key, said) in [
        (
            "threshold",
            "--set: there is no setting \"threshold\"; did you mean duplicates.threshold?",
        ),
        (
            "duplicates.treshold",
            "--set: there is no setting \"duplicates.treshold\"; did you mean duplicates.threshold?",
        ),
    ] {
        let bad = layers.flag("--set", key, "0.7").unwrap_err();
        assert_eq!(bad.to_string(), said);
    }
}

#[test]
fn variables_that_are_not_ours_are_left_alone() {
    // What systems that start containers set for a service of this name, and a user's own.
    for name in [
        "COPYDESK_PORT",
        "COPYDESK_PORT_80_TCP_ADDR",
        "COPYDESK_SERVICE_HOST",
        "COPYDESK_HOME",
        "COPYDESK_CONFIG",
        "PATH",
    ] {
        let layers = Layers::gather(&sources("", &[(name, "x")], None));
        assert_eq!(
            layers.unwrap().finish().unwrap().config,
            Config::default(),
            "{name}"
        );
    }
    // What is empty is not set.
    let empty = [("COPYDESK_DUPLICATES_THRESHOLD", "")];
    Layers::gather(&sources("", &empty, None)).unwrap();
}

#[test]
fn what_a_file_names_lies_beside_it_and_a_digest_goes_with_its_file() {
    let file = "[boilerplate]\nrules_sha256 = \"ab\"\nrules_file = \"my-rules.toml\"\n\
        site_model = \"sites.jsonl\"\nline_model = \"own.bin\"\n[resources]\ntemp_dir = \"scratch\"\n";
    let mut layers = Layers::gather(&sources(file, &[], None)).unwrap();
    let config = layers.finish().unwrap().config;
    let all = toml::Table::try_from(&config).unwrap();
    assert_eq!(
        config.boilerplate.rules_file.as_deref(),
        Some("in/my-rules.toml")
    );
    assert_eq!(config.boilerplate.rules_sha256.as_deref(), Some("ab"));
    assert_eq!(
        all["boilerplate"]["site_model"]["file"].as_str(),
        Some("in/sites.jsonl")
    );
    assert_eq!(
        all["boilerplate"]["line_model"]["file"].as_str(),
        Some("in/own.bin")
    );
    assert_eq!(all["resources"]["temp_dir"].as_str(), Some("in/scratch"));
    layers
        .flag("--rules", "boilerplate.rules_file", "other.toml")
        .unwrap();
    let config = layers.finish().unwrap().config;
    assert_eq!(config.boilerplate.rules_file.as_deref(), Some("other.toml"));
    assert_eq!(config.boilerplate.rules_sha256, None);
}

#[test]
fn the_written_file_holds_every_setting_at_its_default() {
    let text = settings_file(None).unwrap();
    let untouched: Config = toml::from_str(&text).unwrap();
    assert_eq!(untouched, Config::default());
    // With every line taken in but those that are not set, nothing changes either.
    let taken_in = |with_examples: bool| -> String {
        text.lines()
            .filter(|line| {
                with_examples || !line.ends_with("# not set") && *line != "#preset = \"news\""
            })
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect()
    };
    let config: Config = toml::from_str(&taken_in(false)).unwrap();
    assert_eq!(config, Config::default());
    let config: toml::Table = toml::from_str(&taken_in(true)).unwrap();
    for setting in SETTINGS {
        let found = config[setting.table()].get(setting.name());
        assert!(found.is_some(), "{} is not in the file", setting.key);
        assert!(text.contains(&setting.variable()), "{}", setting.key);
    }
    assert_eq!(config["preset"].as_str(), Some("news"));
    Layers::gather(&sources(&taken_in(true), &[], None)).unwrap();
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "{text}"
    );
}

#[test]
fn presets_are_settings_with_reasons() {
    for preset in Preset::ALL {
        let text = settings_file(Some(preset)).unwrap();
        let layers = Layers::gather(&sources(&text, &[], None)).unwrap();
        let effective = layers.finish().unwrap();
        assert_eq!(effective.config.preset, Some(preset));
        assert_ne!(effective.config.settings(), Config::default().settings());
        let from = Origin::Preset(preset);
        assert!(effective.origins.iter().any(|(_, origin)| *origin == from));
        // A reason stands above every setting.
        let lines: Vec<&str> = preset.as_toml().lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if line.contains(" = ") && !line.starts_with('#') {
                assert!(lines[at - 1].starts_with("# "), "{preset}: {line}");
            }
        }
    }
}

#[test]
fn what_is_shown_reads_back_as_it_is() {
    let environment = [("COPYDESK_BRAKE_REJECTS", "1%")];
    let mut layers = Layers::gather(&sources("", &environment, Some(Preset::Pretraining))).unwrap();
    layers
        .flag("--keep", "duplicates.keep", "field:words")
        .unwrap();
    layers
        .flag("--line-model", "boilerplate.line_model", "own.bin")
        .unwrap();
    let effective = layers.finish().unwrap();
    let shown = effective.as_toml().unwrap();
    let read: Config = toml::from_str(&shown).unwrap();
    assert_eq!(read, effective.config, "{shown}");
    assert!(
        shown.contains("# environment COPYDESK_BRAKE_REJECTS\n"),
        "{shown}"
    );
    assert!(shown.contains("# preset pretraining\n"), "{shown}");
}
