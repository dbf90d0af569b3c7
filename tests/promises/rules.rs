//! The rules can be listed, shown and tested, and a user's own lie over them.

use crate::support::{Desk, fixture};
use copydesk::boilerplate::rules::all;
use serde_json::Value;
use std::fs;

const PAGE: &str = "Ferry returns to the lake\n\nThe old ferry crossed the lake again on Sunday after \
    nine years in the boatyard.\n\nGet the Courier in your pocket\n\nIt will cross nine times a day until \
    the ice comes, and twice as often on market days.\n\nShare this:\n\nLeave a Reply\n\nYour email \
    address will not be published. Required fields are marked *";

/// The lines that `clean` takes out of the page: rule and text.
fn removed(desk: &Desk, flags: &[&str]) -> Vec<(String, String)> {
    desk.write("page.txt", PAGE);
    let mut words = vec!["clean", "page.txt", "-o", "out", "--force", "-q"];
    words.extend(flags);
    desk.ok(&words);
    desk.rows("out/removed.jsonl")
        .iter()
        .map(|row| {
            let field = |name: &str| row[name].as_str().unwrap().to_owned();
            (field("rule"), field("text"))
        })
        .collect()
}

#[test]
fn list_names_every_rule_within_eighty_columns() {
    let desk = Desk::new();
    let table = desk.ok(&["rules", "list"]);
    let json: Value = serde_json::from_str(&desk.ok(&["rules", "list", "--json"])).unwrap();
    let names: Vec<&str> = json["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    for rule in all() {
        assert!(
            table.contains(&format!("{:<5} {} ", rule.code, rule.name)),
            "{}",
            rule.name
        );
        assert!(names.contains(&rule.name));
        for finding in rule.findings {
            let said = desk.ok(&["rules", "show", finding]);
            assert!(said.contains(rule.name), "{finding}: {said}");
        }
    }
    assert!(names.contains(&"repeated-headline") && table.contains("share-bar"));
    for line in table.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn show_tells_of_a_rule_and_suggests_where_there_is_none() {
    let desk = Desk::new();
    for (name, parts) in [
        (
            "glued-tail",
            &["B09 glued-tail, from level standard", "Removes", "Keeps"][..],
        ),
        ("b09", &["B09 glued-tail"]),
        ("share-bar", &["known-phrase", "Phrases: ", " en "]),
        ("known-phrase", &["- Leave a Reply", "Phrases: "]),
        ("repeated-headline", &["H01", "- Ferry returns to the lake"]),
    ] {
        let said = desk.ok(&["rules", "show", name]);
        for part in parts {
            assert!(said.contains(part), "{name} should say {part:?}: {said}");
        }
    }
    let said = desk.fails(2, &["rules", "show", "shere-bar"]);
    assert!(said.contains("did you mean share-bar?"), "{said}");
    assert!(
        desk.fails(2, &["rules", "show", "zzz"])
            .contains("there is no rule \"zzz\"; `copydesk rules list` names them all")
    );
}

#[test]
fn the_shipped_rules_and_the_example_pass_their_examples() {
    let desk = Desk::new();
    let said = desk.ok(&["rules", "test"]);
    assert!(
        said.contains("examples pass") && !said.contains("FAIL"),
        "{said}"
    );
    let said = desk.ok(&["rules", "test", "--rules", &fixture("rules/example.toml")]);
    assert!(said.contains("“Get the Courier in your pocket”"), "{said}");
}

#[test]
fn an_example_that_fails_is_told() {
    let desk = Desk::new();
    let row = "[[phrase]]\nkind = \"share\"\n";
    for (rules, part) in [
        (
            "phrase = \"Pass it on\"\nremoves = [\"Hand it on\"]",
            "does not fit it",
        ),
        (
            "phrase = \"Pass it on\"\nkeeps = [\"PASS IT ON\"]",
            "keeps: user-phrase takes “PASS IT ON”",
        ),
        (
            "phrase = \"Pass\"\nrisk = \"high\"\nremoves = [\"Pass\"]",
            "falls only in company",
        ),
        // A phrase that bites a near-miss of ours.
        ("phrase = \"Turnout was lower\"\nmatch = \"prefix\"", "all"),
        (
            "phrase = \"Wir bitten um {…}\"\nmatch = \"prefix\"\nremoves = [\"Wir bitten um Geduld\"]",
            "all",
        ),
        ("phrase = \"Candidate\"", "FAIL  B04 phrase-company"),
    ] {
        desk.write("my.toml", format!("{row}{rules}\n"));
        let output = desk
            .copydesk(&["rules", "test", "--rules", "my.toml"])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            output.status.code(),
            Some(i32::from(part != "all")),
            "{rules}: {said}"
        );
        assert!(said.contains(part), "{rules} should say {part:?}: {said}");
    }
}

#[test]
fn a_phrase_of_the_users_goes_and_stands_in_the_ledger() {
    let desk = Desk::new();
    let before = removed(&desk, &[]);
    assert!(before.iter().all(|(rule, _)| rule != "user-phrase"));
    assert!(before.iter().any(|(rule, _)| rule == "share-bar"));
    let rules = fixture("rules/example.toml");
    let after = removed(&desk, &["--rules", &rules]);
    assert!(
        after.contains(&(
            "user-phrase".into(),
            "Get the Courier in your pocket".into()
        )),
        "{after:?}"
    );
    let rows = desk.rows("out/removed.jsonl");
    let row = rows
        .iter()
        .find(|row| row["rule"] == "user-phrase")
        .unwrap();
    assert_eq!(row["kind"], "newsletter");
    assert_eq!(
        row["evidence"],
        "your phrase “Get the Courier in your pocket” (en, low risk)"
    );
    // The manifest names the file and what stood in it.
    let manifest: Value = serde_json::from_str(&desk.read("out/manifest.json")).unwrap();
    let told = &manifest["settings"]["boilerplate"];
    assert_eq!(told["rules_file"], *rules);
    assert_eq!(told["rules_sha256"].as_str().unwrap().len(), 64);
    // Twice is once, and the way back is open.
    desk.ok(&[
        "clean",
        "out/cleaned-00000.jsonl",
        "-o",
        "again",
        "-q",
        "--rules",
        &rules,
    ]);
    assert_eq!(
        desk.read("out/cleaned-00000.jsonl"),
        desk.read("again/cleaned-00000.jsonl")
    );
    assert_eq!(desk.ok(&["restore", "out"]), PAGE);
    let said = desk.ok(&["explain", "page.txt", "--rules", &rules]);
    assert!(
        said.contains("- Get the Courier in your pocket\n    user-phrase: your phrase"),
        "{said}"
    );
}

#[test]
fn what_a_keep_entry_names_stays() {
    let desk = Desk::new();
    for (entry, rule, line) in [
        ("rule = \"share-bar\"", "share-bar", "Share this:"),
        (
            "phrase = \"leave a reply\"",
            "comment-form",
            "Leave a Reply",
        ),
        (
            "phrase = \"Your email\"\nmatch = \"prefix\"",
            "comment-form",
            "Your email address",
        ),
    ] {
        let gone = |found: &[(String, String)]| {
            found
                .iter()
                .any(|(name, text)| name == rule && text.starts_with(line))
        };
        assert!(gone(&removed(&desk, &[])));
        desk.write("my.toml", format!("[[keep]]\n{entry}\n"));
        let after = removed(&desk, &["--rules", "my.toml"]);
        assert!(
            !after.iter().any(|(_, text)| text.starts_with(line)),
            "{entry}: {after:?}"
        );
    }
    // The headline's copy obeys too.
    desk.write("twice.jsonl", serde_json::json!({"id": 1, "title": "The ferry is back", "text": format!("The ferry is back\nThe ferry is back\n{PAGE}")}).to_string());
    for (entry, copies) in [
        ("phrase = \"Nothing of it\"", 1),
        ("phrase = \"The ferry is back\"", 2),
        ("rule = \"repeated-headline\"", 2),
        ("rule = \"H01\"", 2),
    ] {
        desk.write("my.toml", format!("[[keep]]\n{entry}\n"));
        let out = desk.ok(&[
            "clean",
            "twice.jsonl",
            "-o",
            "-",
            "-q",
            "--rules",
            "my.toml",
        ]);
        assert_eq!(
            out.matches("The ferry is back\\n").count(),
            copies,
            "{entry}: {out}"
        );
    }
}

#[test]
fn agency_tags_go_only_where_it_is_asked_for() {
    let desk = Desk::new();
    let page = "Ferry returns to the lake\n\nOSK, March 4 (Reuters) - The old ferry crossed the lake again \
        on Sunday after nine years in the boatyard. (AFP)\n";
    let tags = |flags: &[&str]| {
        desk.write("page.txt", page);
        let mut words = vec!["clean", "page.txt", "-o", "out", "--force", "-q"];
        words.extend(flags);
        desk.ok(&words);
        let rows = desk.rows("out/removed.jsonl");
        rows.iter()
            .filter(|row| row["rule"] == "agency-tag")
            .count()
    };
    assert_eq!(tags(&[]), 0);
    assert_eq!(tags(&["--strip-agency-tags"]), 2);
    assert_eq!(
        tags(&["--strip-agency-tags", "--keep-kind", "byline_generic"]),
        0
    );
    desk.write("my.toml", "[boilerplate]\nagency_tags = true\n");
    assert_eq!(tags(&["--config", "my.toml"]), 2);
}

#[test]
fn what_the_user_keeps_stays_whatever_rule_would_take_it() {
    let desk = Desk::new();
    let page = "Ferry returns to the lake\n\nThe old ferry crossed the lake again on Sunday after nine \
        years in the boatyard, and two hundred people stood on the quay.\n\nIts engine was rebuilt by \
        the apprentices of the yard, who had asked for nothing but the tickets of the first day.\n\n\
        The next crossing is on Wednesday at noon, if the wind allows it, says the captain of the boat.\n\n\
        Leave a Reply\nYour email address will not be published.\nShare this:\n\
        Click to share on Facebook (Opens in new window)\nTop stories\nName *\nEmail *\nWebsite\n";
    desk.write("page.txt", page);
    let gone = |flags: &[&str]| -> Vec<String> {
        let mut words = vec!["clean", "page.txt", "-o", "out", "--force", "-q"];
        words.extend(flags);
        desk.ok(&words);
        let rows = desk.rows("out/removed.jsonl");
        let texts = rows.iter().map(|row| row["text"].as_str().unwrap());
        texts.map(str::to_owned).collect()
    };
    let share = |texts: &[String]| texts.iter().filter(|text| text.contains("hare ")).count();
    assert_eq!(share(&gone(&["--no-line-model"])), 2);
    desk.write("my.toml", "[[keep]]\nrule = \"share-bar\"\n");
    for keep in [["--keep-kind", "share"], ["--rules", "my.toml"]] {
        for model in [&["--no-line-model"][..], &[]] {
            let texts = gone(&[&keep[..], model].concat());
            assert_eq!(share(&texts), 0, "{keep:?} {model:?}: {texts:?}");
            assert!(texts.iter().any(|text| text == "Name *"), "{texts:?}");
        }
        let told = desk.ok(&["explain", "page.txt", keep[0], keep[1]]);
        let why = match keep[0] {
            "--rules" => "your rules switch off what would take it",
            _ => "your settings keep its kind",
        };
        assert_eq!(told.matches(why).count(), 2, "{told}");
    }
}

#[test]
fn a_mistake_in_a_file_of_rules_is_told_with_its_line() {
    let desk = Desk::new();
    let row = "[[phrase]]\nkind = \"share\"\nphrase = \"Pass it on\"\n";
    for (rules, part) in [
        (
            format!("{row}riks = \"low\"\n"),
            "my.toml:4: unknown field `riks`",
        ),
        (format!("{row}kinds = 1\n"), "did you mean `kind`?"),
        (
            "[[phrase]]\nkind = \"shar\"\nphrase = \"x y z\"\n".to_owned(),
            "my.toml:2: unknown variant `shar`",
        ),
        (
            format!("{row}\n[[keep]]\nrule = \"share-bra\"\n"),
            "my.toml:5: there is no rule \"share-bra\"; did you mean \"share-bar\"?",
        ),
        (
            format!("{row}\n[[keep]]\n"),
            "my.toml:5: this [[keep]] says nothing",
        ),
        (
            "\n[[phrase]]\nkind = \"share\"\nphrase = \" \"\n".to_owned(),
            "my.toml:2: the phrase is empty",
        ),
        (
            "[[phrase]]\nkind = \"share\"\nphrase = \"{…}/{…}\"\n".to_owned(),
            "my.toml:1: the phrase says too little",
        ),
        (
            "[[phrase]]\nkind = \"share\"\nphrase = \"to\"\nmatch = \"contains\"\n".to_owned(),
            "my.toml:1: the phrase says too little",
        ),
        (
            "[[phrase]]\nkind = \"share\"\nphrase = \"By {name}\"\n".to_owned(),
            "is no placeholder",
        ),
        ("[[phrase]\n".to_owned(), "my.toml:1: "),
    ] {
        desk.write("my.toml", &rules);
        desk.write("in.jsonl", "{\"text\":\"a\"}\n");
        for words in [
            &["clean", "in.jsonl", "-o", "out", "--rules", "my.toml"][..],
            &["run", "in.jsonl", "-o", "out", "--rules", "my.toml"],
            &["explain", "in.jsonl", "--rules", "my.toml"],
            &["rules", "test", "--rules", "my.toml"],
        ] {
            let said = desk.fails(2, words);
            assert!(said.contains(part), "{words:?} should say {part:?}: {said}");
        }
        assert!(!desk.path("out").exists());
    }
    let said = desk.fails(1, &["explain", "in.jsonl", "--rules", "none.toml"]);
    assert!(said.contains("none.toml"), "{said}");
}

#[test]
fn a_settings_file_names_rules_beside_it_and_may_pin_them() {
    let desk = Desk::new();
    desk.write("conf/my.toml", "[[keep]]\nrule = \"share-bar\"\n");
    desk.write(
        "conf/copydesk.toml",
        "[boilerplate]\nrules_file = \"my.toml\"\n",
    );
    let after = removed(&desk, &["--config", "conf/copydesk.toml"]);
    assert!(
        !after.iter().any(|(rule, _)| rule == "share-bar"),
        "{after:?}"
    );
    let manifest: Value = serde_json::from_str(&desk.read("out/manifest.json")).unwrap();
    let digest = manifest["settings"]["boilerplate"]["rules_sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let pinned = |digest: &str| {
        format!("[boilerplate]\nrules_file = \"my.toml\"\nrules_sha256 = \"{digest}\"\n")
    };
    desk.write("conf/copydesk.toml", pinned(&digest));
    removed(&desk, &["--config", "conf/copydesk.toml"]);
    desk.write("conf/my.toml", "[[keep]]\nrule = \"tag-line\"\n");
    let said = desk.fails(
        2,
        &["explain", "page.txt", "--config", "conf/copydesk.toml"],
    );
    assert!(said.contains("the file was changed"), "{said}");
}

#[test]
fn the_line_model_says_what_it_was_made_of() {
    let desk = Desk::new();
    assert!(desk.ok(&["rules", "list"]).contains("M01   line-model "));
    let said = desk.ok(&["rules", "show", "line-model"]);
    assert_eq!(desk.ok(&["rules", "show", "m01"]), said);
    for part in [
        "labelled lines",
        "M01 line-model, from level standard",
        "--no-line-model",
        "SHA-256",
        "standard article",
        "aggressive soup",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let about: serde_json::Value =
        serde_json::from_str(&desk.ok(&["rules", "show", "line-model", "--json"])).unwrap();
    assert!(
        about["figures"]["standard article"]["content_loss"]
            .as_f64()
            .unwrap()
            <= 0.001
    );
}

#[test]
fn the_line_model_can_be_left_out() {
    let desk = Desk::new();
    let page = fixture("labelled.jsonl");
    desk.write("by-name.toml", "[[keep]]\nrule = \"line-model\"\n");
    desk.write("by-code.toml", "[[keep]]\nrule = \"M01\"\n");
    for (out, more) in [
        ("with", &[][..]),
        ("without", &["--no-line-model"]),
        ("by-name", &["--rules", "by-name.toml"]),
        ("by-code", &["--rules", "by-code.toml"]),
    ] {
        let mut words = vec![
            "clean",
            &page,
            "-o",
            out,
            "-q",
            "--boilerplate",
            "aggressive",
        ];
        words.extend(more);
        desk.ok(&words);
        let removed = desk.read(&format!("{out}/removed.jsonl"));
        let asked = removed.contains("\"rule\":\"line-model\"");
        assert_eq!(asked, more.is_empty(), "{removed}");
    }
}

#[test]
fn a_model_of_ones_own_is_asked_in_place_of_the_shipped_one() {
    let desk = Desk::new();
    let pages = fixture("labelled.jsonl");
    desk.ok(&["train", &pages, "-o", "own.bin", "-q", "--folds", "3"]);
    let clean = |out: &str, more: &[&str]| {
        let words = [
            "clean",
            &pages,
            "-o",
            out,
            "-q",
            "--boilerplate",
            "aggressive",
        ];
        desk.ok(&[&words[..], more].concat());
        desk.read(&format!("{out}/removed.jsonl"))
    };
    let own = clean("own", &["--line-model", "own.bin"]);
    // A model of two dozen pages knows too few words to have a say.
    assert!(!own.contains("\"rule\":\"line-model\""), "{own}");
    assert_ne!(clean("shipped", &[]), own);
    desk.write("copydesk.toml", "[boilerplate]\nline_model = \"own.bin\"\n");
    assert_eq!(clean("own-by-file", &[]), own);
    let manifest = desk.read("own/manifest.json");
    let digest = manifest
        .find("own.bin")
        .and_then(|at| manifest[at..].find("sha256"));
    assert!(digest.is_some(), "{manifest}");

    // A few lines say what was made; the table of all thresholds is for those who ask.
    let said = desk.ok(&["train", &pages, "-o", "own.bin", "--force"]);
    assert!(said.lines().count() <= 8, "{said}");
    assert!(
        said.contains("; own.bin is written\na line goes from a score of 0."),
        "{said}"
    );
    assert!(
        said.lines().all(|line| line.chars().count() <= 80),
        "{said}"
    );
    let table = desk.ok(&["train", &pages, "-o", "own.bin", "--force", "-v"]);
    assert!(table.lines().count() > 100 && table.contains("score from which lines go"));
    let said = desk.fails(1, &["train", &pages, "-o", "own.bin", "-q"]);
    assert!(
        said.contains("own.bin") && said.contains("--force"),
        "{said}"
    );

    desk.write("foreign.bin", "no model");
    let words = ["clean", &pages, "-o", "x", "--line-model", "foreign.bin"];
    let said = desk.fails(1, &words);
    assert!(
        said.contains("foreign.bin") && said.contains("no line model"),
        "{said}"
    );
}

#[test]
fn training_overwrites_nothing_and_never_its_input() {
    let desk = Desk::new();
    let labelled = fs::read(fixture("labelled.jsonl")).unwrap();
    desk.write("in.jsonl", &labelled);
    for name in ["out.bin", "p.v1.standard.jsonl", "q.fold-2.bin"] {
        desk.write(name, "mine");
    }
    let predict = |stem| ["train", "in.jsonl", "-o", "new.bin", "--predict", stem];
    for (words, place) in [
        (&["train", "in.jsonl", "-o", "out.bin"][..], "out.bin"),
        (&predict("p.v1"), "p.v1.standard.jsonl"),
        (&predict("q"), "q.fold-2.bin"),
    ] {
        let said = desk.fails(1, words);
        assert!(said.contains(place) && said.contains("--force"), "{said}");
        assert_eq!(desk.read(place), "mine");
    }
    for words in [
        &["train", "in.jsonl", "-o", "in.jsonl", "--force"][..],
        &["train", "in.jsonl", "-o", "./in.jsonl", "--force"],
        &["learn", "in.jsonl", "-o", "in.jsonl", "--force"],
    ] {
        let said = desk.fails(1, words);
        assert!(said.contains("one of the inputs"), "{said}");
    }
    assert_eq!(fs::read(desk.path("in.jsonl")).unwrap(), labelled);
    assert!(!desk.path("new.bin").exists());
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let desk = Desk::new();
    let page = fixture("news.jsonl");
    let labelled = fixture("labelled.jsonl");
    for words in [
        &["rules", "list"][..],
        &["rules", "list", "--json"],
        &["rules", "test"],
        &["rules", "show", "line-model"],
        &["rules", "show", "line-model", "--json"],
        &["rules", "show", "ad-mark"],
        &["explain", &page, "--record", "1"],
        &["learn", &fixture("sites.jsonl"), "-o", "-", "-q"],
        &["clean", &page, "-o", "-", "-q", "--no-brake"],
        &["run", &page, "--dry-run", "--json", "-q"],
        &["train", &labelled, "-o", "own.bin", "--folds", "2"],
    ] {
        // The reading end is closed before the program prints anything.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
            .current_dir(desk.path("."))
            .args(words)
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        assert!(!said.contains("error"), "{words:?}: {said}");
    }
    assert!(desk.path("own.bin").exists());
}

#[test]
fn find_tells_which_phrases_a_line_is_and_which_hold_a_text() {
    let desk = Desk::new();
    desk.write(
        "my.toml",
        "[[phrase]]\nkind = \"newsletter\"\nlanguage = \"en\"\nphrase = \"Get the Courier in your pocket\"\nmatch = \"line\"\nrisk = \"low\"\n",
    );
    desk.write(
        "off.toml",
        "[[keep]]\nrule = \"comment-form\"\n\n[[keep]]\nrule = \"B03\"\n",
    );
    for (words, parts) in [
        // Most phrases that hold it are of one kind, which is not the first by name.
        (&["share"][..], &["copydesk rules show share-bar\n"][..]),
        (
            &["Leave a reply", "--rules", "off.toml"],
            &["(--rules) say that comment-form and known-phrase are off\n"],
        ),
        (
            &["Share", "--rules", "off.toml"],
            &["known-phrase is off\n", "(off by your rules)"],
        ),
        (
            &["Get the Courier in your pocket", "--rules", "my.toml"],
            &["A phrase of yours goes by user-phrase: copydesk rules show user-phrase"],
        ),
        (
            &["LEAVE a reply"][..],
            &[
                "1 phrase is such a line, or in one",
                "low    comment_form    en       line     Leave a reply\n",
                "known-phrase",
            ][..],
        ),
        (&["leave", "a", "repl"], &["phrases hold this text"]),
        (
            &["in your pocket", "--rules", "my.toml"],
            &["Get the Courier in your pocket (yours)"],
        ),
        (&["share-bar"], &["B03   known-phrase", "in: name"]),
        (&["zzzz\u{1b}"], &["no phrase and no rule has “zzzz"]),
    ] {
        let said = desk.ok(&[&["rules", "find"], words].concat());
        for part in parts {
            assert!(said.contains(part), "{words:?} should say {part:?}: {said}");
        }
        assert!(
            said.lines().all(|line| line.chars().count() <= 80),
            "{said}"
        );
        assert!(!said.contains('\u{1b}'));
    }
    // What is said of a line that went leads to the phrase that took it.
    let went = removed(&desk, &[]);
    assert!(went.len() >= 3);
    for (rule, text) in went {
        let json = desk.ok(&["rules", "find", &text, "--json"]);
        let json: Value = serde_json::from_str(&json).unwrap();
        let phrases = json["phrases"].as_array().unwrap();
        let fitting = phrases.iter().filter(|one| one["fits"] == true);
        let mut kinds = fitting.map(|one| one["kind"].as_str().unwrap().replace('_', "-"));
        assert!(
            kinds.any(|kind| rule.starts_with(&kind)),
            "{rule}: {text}: {json}"
        );
    }
    desk.fails(2, &["rules", "find"]);
}

#[test]
fn show_has_examples_of_every_rule_and_of_every_name_in_the_ledger() {
    let desk = Desk::new();
    let json: Value = serde_json::from_str(&desk.ok(&["rules", "list", "--json"])).unwrap();
    for rule in json["rules"].as_array().unwrap() {
        let findings = rule["findings"].as_array().unwrap();
        for name in findings.iter().chain([&rule["name"]]) {
            let name = name.as_str().unwrap();
            let said = desk.ok(&["rules", "show", name]);
            // Only a phrase of the user's can be of that kind.
            let own = "No phrase is of this kind; a file of rules may have some";
            let has = ["\nRemoves\n", "\nPhrases such as\n", own];
            assert!(has.iter().any(|head| said.contains(head)), "{name}: {said}");
        }
    }
}
