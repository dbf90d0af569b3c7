//! Settings: flags beat the environment, which beats the file, which beats the preset, which beats
//! the defaults; and everybody can see what is in force.

use crate::support::Desk;
use serde_json::Value;

/// What `config show --json` tells of a setting: its value and where it came from.
fn shown(desk: &Desk, environment: &[(&str, &str)], words: &[&str], key: &str) -> (Value, String) {
    let mut all = vec!["config", "show", "--json"];
    all.extend(words);
    let mut command = desk.copydesk(&all);
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let setting = &told["settings"][key];
    let origin = setting["origin"].as_str().unwrap().to_owned();
    (setting["value"].clone(), origin)
}

#[test]
fn every_source_is_told_and_the_highest_wins() {
    let desk = Desk::new();
    desk.write("copydesk.toml", "# mine\n[duplicates]\nthreshold = 0.6\n");
    desk.write("else/other.toml", "[duplicates]\nthreshold = 0.5\n");
    let variable = [("COPYDESK_DUPLICATES_THRESHOLD", "0.9")];
    let config = [("COPYDESK_CONFIG", "else/other.toml")];
    let preset = [("COPYDESK_PRESET", "pretraining")];
    for (environment, words, key, value, origin) in [
        (
            &[][..],
            &[][..],
            "duplicates.threshold",
            "0.6",
            "copydesk.toml:3",
        ),
        (
            &config,
            &[],
            "duplicates.threshold",
            "0.5",
            "else/other.toml:2",
        ),
        (
            &config,
            &["--config", "copydesk.toml"],
            "duplicates.threshold",
            "0.6",
            "copydesk.toml:3",
        ),
        (
            &variable,
            &["--preset", "pretraining"],
            "duplicates.threshold",
            "0.9",
            "environment COPYDESK_DUPLICATES_THRESHOLD",
        ),
        (
            &variable,
            &["--threshold", "0.7"],
            "duplicates.threshold",
            "0.7",
            "flag --threshold",
        ),
        (
            &[],
            &["--preset", "web"],
            "boilerplate.level",
            "\"aggressive\"",
            "preset web",
        ),
        (
            &preset,
            &[],
            "boilerplate.agency_tags",
            "true",
            "preset pretraining",
        ),
        (
            &preset,
            &["--preset", "news"],
            "boilerplate.agency_tags",
            "false",
            "default",
        ),
        (
            &[],
            &["--set", "headlines.similarity=0.95"],
            "headlines.similarity",
            "0.95",
            "flag --set",
        ),
        (
            &[],
            &["--of", "clean"],
            "duplicates.mode",
            "\"off\"",
            "command clean",
        ),
        (
            &[],
            &["--of", "clean", "--duplicates", "mark"],
            "duplicates.mode",
            "\"mark\"",
            "flag --duplicates",
        ),
        (
            &[],
            &["--of", "dedup"],
            "normalise.nfc",
            "false",
            "command dedup",
        ),
        (
            &[],
            &["--no-normalise", "nfc,zero-width"],
            "normalise.zero_width",
            "false",
            "flag --no-normalise",
        ),
        (
            &[],
            &["--keep-kind", "share"],
            "boilerplate.keep_kinds",
            "[\"byline_named\",\"share\"]",
            "flag --keep-kind",
        ),
        (
            &[],
            &["-j", "3"],
            "resources.threads",
            "3",
            "flag --threads",
        ),
        (
            &[],
            &["--memory", "1g"],
            "resources.memory",
            "\"1GiB\"",
            "flag --memory",
        ),
        (
            &[("COPYDESK_BRAKE_REJECTS", "5")],
            &["--no-brake"],
            "brake.rejects",
            "\"100%\"",
            "flag --no-brake",
        ),
        (&[], &[], "input.site_field", "null", "default"),
    ] {
        let got = shown(&desk, environment, words, key);
        assert_eq!(
            (got.0.to_string().as_str(), got.1.as_str()),
            (value, origin),
            "{environment:?} {words:?}"
        );
    }
}

#[test]
fn what_is_shown_is_a_settings_file_that_says_the_same() {
    let desk = Desk::new();
    let flags = [
        "--preset",
        "web",
        "--threshold",
        "0.7",
        "--max-rejects",
        "1%",
    ];
    let mut words = vec!["config", "show"];
    words.extend(flags);
    let got = desk.ok(&words);
    assert!(got.starts_with("preset = \"web\""), "{got}");
    for line in [
        "threshold = 0.7                              # flag --threshold\n",
        "level = \"aggressive\"                         # preset web\n",
        "text_field = \"text\"                          # default\n",
        "# site_field is not set                      # default\n",
    ] {
        assert!(got.contains(line), "{line}\n{got}");
    }
    desk.write("copydesk.toml", &got);
    let again = desk.ok(&["config", "show"]);
    let bare = |text: &str| -> Vec<String> {
        let values = text.lines().map(|line| line.split("# ").next().unwrap());
        values.map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(bare(&again), bare(&got));
    assert!(again.contains("# copydesk.toml:"), "{again}");
}

#[test]
fn init_writes_a_file_once_and_changes_nothing_by_it() {
    let desk = Desk::new();
    let before = desk.ok(&["config", "show"]);
    let printed = desk.ok(&["init", "--stdout"]);
    assert_eq!(desk.ok(&["init", "-"]), printed);
    assert!(desk.files_and_folders().is_empty());
    assert_eq!(desk.ok(&["init"]), "");
    assert_eq!(desk.read("copydesk.toml"), printed);
    assert_eq!(desk.ok(&["config", "show"]), before);
    let said = desk.fails(1, &["init"]);
    assert!(
        said.contains("copydesk.toml: the file exists and is left as it is"),
        "{said}"
    );
    desk.ok(&["init", "web.toml", "--preset", "web"]);
    let got = desk.ok(&["config", "show", "--config", "web.toml"]);
    assert!(got.contains("# web.toml:"), "{got}");
    assert!(got.contains("# preset web"), "{got}");
}

#[test]
fn presets_are_named_and_printed_with_their_reasons() {
    let desk = Desk::new();
    let all = desk.ok(&["config", "presets"]);
    for name in ["news", "web", "pretraining"] {
        assert!(all.contains(&format!("{name} ")), "{all}");
        let one = desk.ok(&["config", "presets", name]);
        assert!(one.contains("[boilerplate]\n# "), "{one}");
    }
    for (words, hint) in [
        (
            &["config", "presets", "newz"],
            "\"newz\"; did you mean news?",
        ),
        (&["config", "presets", "wbe"], "\"wbe\"; did you mean web?"),
        (&["init", "--preset", "ews"], "\"ews\"; did you mean news?"),
        (&["init", "--preset", "no"], "\"no\". Known: news, web"),
    ] {
        let said = desk.fails(2, words);
        assert!(
            said.contains(&format!("there is no preset {hint}")),
            "{said}"
        );
    }
}

#[test]
fn a_run_does_what_its_settings_say_wherever_they_stand() {
    let desk = Desk::new();
    let long = "the ferry to the island returns on Monday a month after its engine failed";
    desk.write(
        "in.jsonl",
        format!(
            "{{\"id\":\"a\",\"body\":\"{long}\"}}\n{{\"id\":\"b\",\"body\":\"{long} in the middle of the strait\"}}\n"
        ),
    );
    let run = |name: &str, environment: &[(&str, &str)], words: &[&str]| -> Vec<String> {
        let mut all = vec!["run", "in.jsonl", "-o", name, "-q"];
        all.extend(words);
        let mut command = desk.copydesk(&all);
        command.envs(environment.iter().copied());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        let files = desk.files(name).into_keys();
        files.filter(|file| file.starts_with("cleaned-")).collect()
    };
    let kept = |name: &str| {
        let rows = desk.rows(&format!("{name}/cleaned-00000.jsonl"));
        let ids = rows
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let field = ("COPYDESK_INPUT_TEXT_FIELD", "body");
    run("plain", &[field], &[]);
    assert_eq!(kept("plain"), ["a", "b"]);
    run(
        "bold",
        &[field, ("COPYDESK_DUPLICATES_THRESHOLD", "0.5")],
        &[],
    );
    assert_eq!(kept("bold"), ["a"]);
    desk.write(
        "copydesk.toml",
        "[input]\ntext_field = \"body\"\n[duplicates]\nthreshold = 0.5\nkeep = \"longest\"\n\
         [resources]\ncompress = \"gz\"\nshard_size = 10\n",
    );
    let files = run("filed", &[], &["--set", "resources.compress=none"]);
    assert_eq!(kept("filed"), ["b"]);
    assert_eq!(files, ["cleaned-00000.jsonl"]);
    let files = run("packed", &[], &["--threshold", "1"]);
    assert_eq!(files, ["cleaned-00000.jsonl.gz", "cleaned-00001.jsonl.gz"]);
}

#[test]
fn a_mistake_costs_nothing_and_says_what_mends_it() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.write("bad.toml", "[resources]\nmemory = \"lots\"\n");
    for (environment, words, parts) in [
        (
            &[("COPYDESK_DUPLICATES_TRESHOLD", "0.7")][..],
            &[][..],
            &[
                "COPYDESK_DUPLICATES_TRESHOLD",
                "did you mean COPYDESK_DUPLICATES_THRESHOLD?",
            ][..],
        ),
        (
            &[("COPYDESK_BRAKE_TEXT", "most")],
            &[],
            &["COPYDESK_BRAKE_TEXT: \"most\" cannot be brake.text; expected a share from 0 to 1"],
        ),
        (
            &[],
            &["--set", "headline.similarity=1"],
            &[
                "--set: there is no setting",
                "did you mean headlines.similarity?",
            ],
        ),
        (
            &[],
            &["--set", "headlines.similarity=2"],
            &["--set: 2 is out of range; expected a likeness from 0.5 to 1"],
        ),
        (&[], &["--set", "x"], &["expected KEY=VALUE"]),
        (
            &[],
            &["--memory", "4"],
            &[
                "--memory: 4 bytes found; expected 1KiB at least",
                "4GiB may be meant",
            ],
        ),
        (
            &[("COPYDESK_RESOURCES_MEMORY", "2")],
            &[],
            &[
                "COPYDESK_RESOURCES_MEMORY",
                "2 bytes found; expected 1KiB at least",
            ],
        ),
        (&[], &["--preset", "webb"], &["did you mean web?"]),
        (
            &[],
            &["--config", "bad.toml"],
            &["bad.toml:2: \"lots\" is no size", "64MiB"],
        ),
    ] {
        let mut all = vec!["run", "in.jsonl", "-o", "out"];
        all.extend(words);
        let mut command = desk.copydesk(&all);
        command.envs(environment.iter().copied());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        for part in parts {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert!(!desk.path("out").exists());
    }
}

/// What no command can mean is no value of its flag; what help says it means is.
#[test]
fn a_number_that_cannot_be_meant_is_refused() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a\"}\n");
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q", "-j", "0"]);
    for (words, said) in [
        (
            &["train", "in.jsonl", "-o", "m", "--folds", "0"][..],
            "expected 2 to 255 folds",
        ),
        (
            &["train", "in.jsonl", "-o", "m", "--folds", "1"],
            "expected 2 to 255 folds",
        ),
        (
            &["train", "in.jsonl", "-o", "m", "--folds", "256"],
            "expected 2 to 255 folds",
        ),
        (
            &["train", "in.jsonl", "-o", "m", "--date", "2026-13-01"],
            "\"2026-13-01\" is no day; expected one such as 2026-01-31",
        ),
        (&["tune", "out", "--documents", "0"], "0 is not in 1.."),
        (&["tune", "out", "--threshold", "1.5"], "1.5"),
        (&["tune", "out", "--threshold", "nan"], "NaN"),
        (
            &["index", "compact", "none", "--memory", "4"],
            "expected 1KiB at least",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--max-rejects", "nan%"],
            "is no number of records",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--threshold", "nan"],
            "\"NaN\" cannot be duplicates.threshold",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--shard-size", "0"],
            "above 0",
        ),
        (
            &["run", "in.jsonl", "-o", "o", "--brake-text", "inf"],
            "inf is out of range",
        ),
    ] {
        let found = desk.fails(2, words);
        assert!(found.contains(said), "{words:?}: {found}");
    }
    assert!(desk.ok(&["run", "--help"]).contains("0 is one a core"));
}
