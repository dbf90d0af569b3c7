//! `explain` tells of each line what became of it and why, and lets nothing scraped steer a terminal.

use crate::support::{Desk, fixture, rows};
use std::fs;

#[test]
fn the_diff_comes_out_as_it_stands() {
    let desk = Desk::new();
    fs::copy(fixture("explain/in.jsonl"), desk.path("in.jsonl")).unwrap();
    let got = desk.ok(&["explain", "in.jsonl"]);
    let path = fixture("explain/expected.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &got).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, expected, "{path}: UPDATE_GOLDEN=1 accepts it");
}

#[test]
fn escapes_in_the_text_show_and_do_nothing() {
    let desk = Desk::new();
    fs::copy(fixture("explain/in.jsonl"), desk.path("in.jsonl")).unwrap();
    for words in [
        &["explain", "in.jsonl"][..],
        &["explain", "in.jsonl", "--no-normalise", "all"],
        &["explain", "in.jsonl", "--boilerplate", "off"],
    ] {
        let got = desk.ok(words);
        assert!(got.contains("\\u{1b}[2J"), "{got}");
        assert!(got.contains("\\u{202e}ninth"), "{got}");
        let steers =
            |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!got.contains(steers), "{words:?}: {got:?}");
    }
    // Where colours are asked for, only ours are there.
    let coloured = |name: &str, value: &str| {
        let output = desk
            .copydesk(&["explain", "in.jsonl"])
            .env(name, value)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let forced = coloured("CLICOLOR_FORCE", "1");
    assert!(forced.contains("\u{1b}[31m- Ferry returns to the lake\u{1b}[0m"));
    assert!(!forced.contains("\u{1b}[2J") && !forced.contains('\u{7}'));
    assert!(!coloured("NO_COLOR", "1").contains('\u{1b}'));
}

#[test]
fn ids_and_numbers_pick_records() {
    let desk = Desk::new();
    let many: String = (1..=30)
        .map(|n| format!("{{\"id\":\"doc-{n}\",\"text\":\"text of number {n}\"}}\n"))
        .collect();
    desk.write("many.jsonl", many);
    desk.ok(&["run", "many.jsonl", "-o", "out", "-q"]);
    let before = (desk.files_and_folders(), desk.files("out"));
    for (words, expected) in [
        (&["--id", "doc-7"][..], &[7][..]),
        (&["--id", "doc-20", "--id", "doc-3"], &[3, 20]),
        (&["--record", "30"], &[30]),
        (&["--record", "12", "--id", "doc-2"], &[2, 12]),
        (&["--id", "#12"], &[12]),
        (
            &["--id", "#12", "--id", "doc-20", "--record", "3"],
            &[3, 12, 20],
        ),
        (&[], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ] {
        // Of an input and of a run they pick the same.
        for of in [&["many.jsonl"][..], &["--run", "out"]] {
            let all = [&["explain", "--json"], of, words].concat();
            let output = desk.copydesk(&all).output().unwrap();
            let got: Vec<u64> = rows(&String::from_utf8(output.stdout).unwrap())
                .iter()
                .map(|row| row["doc"].as_u64().unwrap() + 1)
                .collect();
            assert_eq!(got, expected, "{all:?}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                said.contains("the first 10 records"),
                words.is_empty(),
                "{said}"
            );
        }
    }
    for of in [&["many.jsonl"][..], &["--run", "out"]] {
        let fails = |code, words: &[&str]| {
            let said = desk.fails(code, &[&["explain"], of, words].concat());
            said.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let said = fails(1, &["--id", "doc-99"]);
        assert!(said.contains("no record has the id \"doc-99\""), "{said}");
        let said = fails(1, &["--id", "#31"]);
        assert!(said.contains("no record has the id \"#31\""), "{said}");
        let said = fails(1, &["--record", "31"]);
        assert!(
            said.contains("there is no record 31; the input holds 30"),
            "{said}"
        );
        fails(2, &["--record", "0"]);
    }
    assert_eq!(
        before,
        (desk.files_and_folders(), desk.files("out")),
        "explain writes nothing"
    );
}

#[test]
fn a_number_that_is_an_id_further_on_is_shown_in_the_order_of_reading() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"text\":\"one\"}\n{\"text\":\"two\"}\nbroken\n{\"id\":\"#1\",\"text\":\"four\"}\n{\"id\":\"x\",\"text\":\"five\"}\n",
    );
    let words = [
        "explain",
        "in.jsonl",
        "--json",
        "--id",
        "#1",
        "--id",
        "#2",
        "--id",
        "x",
        "--id",
        "in.jsonl:3",
    ];
    let got = rows(&desk.ok(&words));
    let docs: Vec<u64> = got.iter().map(|row| row["doc"].as_u64().unwrap()).collect();
    assert_eq!(docs, [1, 2, 3, 4]);
}

#[test]
fn flags_that_a_run_cannot_obey_are_refused() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"one\"}\n");
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    for (flags, named) in [
        (
            &["--boilerplate", "off", "--no-headlines"][..],
            "--no-headlines, --boilerplate: ",
        ),
        (&["--preset", "web"], "--preset: "),
        (&["--set", "brake.text=1"], "--set: "),
        (&["--text-field", "body"], "--text-field: "),
        (&["--format", "text"], "--format: "),
    ] {
        let said = desk.fails(2, &[&["explain", "--run", "out"], flags].concat());
        assert!(said.contains(named), "{flags:?}: {said}");
        assert!(said.contains("copydesk explain FILE"), "{said}");
    }
    // What no flag says is no flag of this command.
    desk.write("copydesk.toml", "[boilerplate]\nlevel = \"off\"\n");
    desk.ok(&["explain", "--run", "out"]);
}

#[test]
fn an_input_that_is_no_json_at_all_is_told_how_to_be_read() {
    let desk = Desk::new();
    let explain = |input: &str| {
        let output = desk.copydesk(&["explain", "-"]).write_stdin(input).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        (output.status.code(), said)
    };
    for lines in [2, 30] {
        let (code, said) = explain(&"A line of text.\n".repeat(lines));
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("no JSON is read with --format text"),
            "{said}"
        );
    }
    for input in ["A line.\n{\"text\":\"a\"}\n", "{\"body\":\"a\"}\n", ""] {
        let (code, said) = explain(input);
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
fn every_input_that_clean_reads_is_explained() {
    let desk = Desk::new();
    let page = "Ferry returns\n\nThe old ferry crossed the lake again on Sunday after nine years in \
        the boatyard.\n\nLeave a Reply Cancel reply\n";
    let record = format!(
        "{}\n{{\"id\":2}}\n",
        serde_json::json!({"id": 1, "text": page})
    );
    desk.write("page.txt", page);
    desk.write("in.jsonl", &record);
    desk.write(
        "in.jsonl.zst",
        zstd::encode_all(record.as_bytes(), 1).unwrap(),
    );
    for name in ["page.txt", "in.jsonl", "in.jsonl.zst"] {
        let got = desk.ok(&["explain", name]);
        assert!(
            got.contains("\n- Leave a Reply Cancel reply\n    comment-form: "),
            "{name}: {got}"
        );
    }
    for (format, input) in [("text", page), ("jsonl", record.as_str())] {
        let output = desk
            .copydesk(&["explain", "-", "--format", format])
            .write_stdin(input)
            .output()
            .unwrap();
        let got = String::from_utf8(output.stdout).unwrap();
        assert!(
            got.contains("\n- Leave a Reply Cancel reply\n"),
            "{format}: {got}"
        );
    }
    let got = desk.ok(&["explain", "in.jsonl"]);
    assert!(
        got.contains("in.jsonl:2: record 2: rejected: no text: record has no \"text\" field"),
        "{got}"
    );
}

#[test]
fn a_site_model_shows_what_a_run_with_it_would_do() {
    let desk = Desk::new();
    let input = fixture("sites.jsonl");
    desk.ok(&["learn", &input, "-o", "sites.jsonl", "-q"]);
    for model in ["sites.jsonl", "auto"] {
        let flags = ["--site-model", model];
        agrees_with(&input, &desk, &flags);
        let got = desk.ok(&["explain", &input, "--record", "1", "--site-model", model]);
        assert!(got.contains("    site-"), "{model}: {got}");
    }
    let plain = desk.ok(&["explain", &input, "--record", "1"]);
    assert!(!plain.contains("    site-"), "{plain}");
    // The settings file names it too.
    desk.write("copydesk.toml", "[boilerplate]\nsite_model = \"auto\"\n");
    let got = desk.ok(&["explain", &input, "--record", "1"]);
    assert!(got.contains("    site-"), "{got}");
    let got = desk.ok(&["explain", &input, "--record", "1", "--site-model", "off"]);
    assert_eq!(got, plain);
    // What can be read only once cannot teach; what is no model is told.
    let said = desk
        .copydesk(&["explain", "-", "--site-model", "auto"])
        .write_stdin("{\"text\":\"a\"}\n")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("--site-model FILE uses that"));
    let said = desk.fails(1, &["explain", &input, "--site-model", "none.jsonl"]);
    assert!(said.contains("none.jsonl"), "{said}");
}

#[test]
fn escapes_do_nothing_in_json_either() {
    let desk = Desk::new();
    let record = serde_json::json!({
        "id": "x\u{9b}31m", "text": "red \u{1b}[31m and \u{9b}2J and \u{202e}back and \u{e0041}tag",
    });
    desk.write("in.jsonl", format!("{record}\n"));
    let got = desk.ok(&["explain", "in.jsonl", "--json", "--no-normalise", "all"]);
    assert!(
        got.trim_end().chars().all(|c| matches!(c, ' '..='~')),
        "{got:?}"
    );
    let told = &rows(&got)[0];
    assert_eq!(told["id"], record["id"]);
    assert_eq!(told["lines"][0]["text"], record["text"]);
}

#[test]
fn what_explain_says_is_what_clean_does() {
    for case in ["boilerplate", "headlines", "languages", "mangled"] {
        agrees(&fixture(&format!("golden/{case}/in.jsonl")));
    }
}

fn agrees(input: &str) {
    agrees_with(input, &Desk::new(), &[]);
}

fn agrees_with(input: &str, desk: &Desk, flags: &[&str]) {
    let mut clean = vec!["clean", input, "-o", "out", "-q", "--force"];
    clean.extend(flags);
    desk.ok(&clean);
    let cleaned = desk.rows("out/cleaned-00000.jsonl");
    let removed = desk.rows("out/removed.jsonl");
    let words: Vec<String> = (1..=cleaned.len()).map(|n| n.to_string()).collect();
    let mut all = vec!["explain", input, "--json"];
    all.extend(flags);
    for word in &words {
        all.extend(["--record", word]);
    }
    let told = rows(&desk.ok(&all));
    assert_eq!(told.len(), cleaned.len());
    let mut rules = Vec::new();
    for (told, cleaned) in told.iter().zip(&cleaned) {
        let mut left = Vec::new();
        for line in told["lines"].as_array().unwrap() {
            match line["fate"].as_str().unwrap() {
                "kept" => left.push(line["text"].as_str().unwrap()),
                "mended" => left.push(line["becomes"].as_str().unwrap()),
                _ => {}
            }
            for change in line["changes"].as_array().into_iter().flatten() {
                if let Some(rule) = change["rule"].as_str() {
                    rules.push((told["doc"].clone(), rule.to_owned(), change["span"].clone()));
                }
            }
        }
        let text = cleaned["text"].as_str().unwrap();
        let blank = |line: &&str| !line.trim().is_empty();
        let left: Vec<&str> = left.into_iter().filter(blank).collect();
        let now: Vec<&str> = text.lines().filter(blank).collect();
        assert_eq!(left, now, "{}", told["id"]);
    }
    let ledger: Vec<_> = removed
        .iter()
        .map(|row| {
            let rule = row["rule"].as_str().unwrap().to_owned();
            (row["doc"].clone(), rule, row["span"].clone())
        })
        .collect();
    assert_eq!(rules, ledger);
}

#[test]
fn of_lines_that_stay_it_tells_how_near_they_came_to_going() {
    let desk = Desk::new();
    let inputs = ["golden/boilerplate/in.jsonl", "explain/in.jsonl"];
    let text: String = inputs
        .map(|one| fs::read_to_string(fixture(one)).unwrap())
        .concat();
    let words: Vec<String> = (1..=text.lines().count()).map(|n| n.to_string()).collect();
    desk.write("in.jsonl", text);
    let told = |level: &str| {
        let mut all = vec!["explain", "in.jsonl", "--json", "--boilerplate", level];
        for word in &words {
            all.extend(["--record", word]);
        }
        rows(&desk.ok(&all))
    };
    let [safe, standard, aggressive] = ["safe", "standard", "aggressive"].map(told);
    let fate = |rows: &[serde_json::Value], at: usize, line: usize| {
        rows[at]["lines"][line]["fate"].as_str().unwrap() == "removed"
    };
    let (mut goes, mut stays, mut scores) = (0, 0, 0);
    for (at, row) in standard.iter().enumerate() {
        for (place, line) in row["lines"].as_array().unwrap().iter().enumerate() {
            let removed = line["fate"] == "removed";
            if let Some(level) = line["goes_at"]["level"].as_str() {
                assert_eq!(level, "aggressive");
                assert!(!removed && fate(&aggressive, at, place), "{line}");
                goes += 1;
            } else if !removed && !line["text"].as_str().unwrap().trim().is_empty() {
                assert!(!fate(&aggressive, at, place), "{line}");
            }
            if line["stays_at"] == "safe" {
                assert!(removed && !fate(&safe, at, place), "{line}");
                stays += 1;
            }
            let model = &line["heard"]["model"];
            if let (Some(score), Some(bar)) = (model["score"].as_f64(), model["bar"].as_f64()) {
                assert!(!removed);
                if model["stays"] == "under" || model["stays"] == "saved" {
                    assert!(score <= bar, "{line}");
                }
                scores += 1;
            }
        }
    }
    assert!(
        goes > 0 && stays > 0 && scores > 0,
        "{goes} {stays} {scores}"
    );
}

/// A run with an exact and a near-duplicate.
fn run_with_duplicates(desk: &Desk) {
    let story = "The old ferry crossed the lake again on Sunday after nine years in the boatyard, \
        and most of the town stood on the pier to see it come in with flags on its mast and a \
        band on its upper deck, which played until the last of them had gone home.";
    let near = story.replace("Sunday", "Monday \u{1b}[31m");
    let loud = story.to_uppercase();
    let louder = loud
        .replace("SUNDAY", "MONDAY")
        .replace(" NINE", "\n\nNINE");
    let record = |id: &str, text: &str| serde_json::json!({"id": id, "text": text}).to_string();
    let input = [
        record("one", story),
        record("two", story),
        record("three", &near),
        record("four", "Something else altogether stands in this one."),
        "broken".to_owned(),
        record("six", &loud),
        record("seven", &louder),
    ];
    desk.write("in.jsonl", input.join("\n"));
    let flags = ["--threshold", "0.6", "--no-normalise", "all", "-q"];
    for (name, more) in [("out", &[][..]), ("packed", &["--compress", "zst"])] {
        let mut words = vec!["run", "in.jsonl", "-o", name];
        words.extend(flags);
        words.extend(more);
        desk.ok(&words);
    }
}

#[test]
fn of_a_run_it_tells_the_survivor_the_similarity_and_the_words_that_differ() {
    let desk = Desk::new();
    run_with_duplicates(&desk);
    for folder in ["out", "packed"] {
        let got = desk.ok(&["explain", "--run", folder, "--id", "three"]);
        assert!(
            got.contains("near duplicate of record 1, one, which stays: similarity 0."),
            "{got}"
        );
        assert!(got.contains("[-Sunday-]{+Monday \\u{1b}[31m+}"), "{got}");
        assert!(!got.contains('\u{1b}'));
        let got = desk.ok(&["explain", "--run", folder, "--id", "two"]);
        assert!(got.contains("exact duplicate of record 1, one"), "{got}");
        assert!(got.contains("word for word the same\n"), "{got}");
        let got = desk.ok(&["explain", "--run", folder, "--id", "six"]);
        let said = "word for word the same, capital letters aside\n";
        assert!(got.contains(said), "{got}");
        let got = desk.ok(&["explain", "--run", folder, "--id", "seven"]);
        let said = " … FERRY CROSSED THE LAKE AGAIN ON [-Sunday-]{+MONDAY+} AFTER NINE YEARS ";
        assert!(got.contains(&said[5..]) && !got.contains("\\n"), "{got}");
        let got = desk.ok(&["explain", "--run", folder, "--id", "one"]);
        let kept = "stays\n= 1 line stays, 0 changed, 0 removed (241 of 241 bytes)\nstays for 4 duplicates:\n";
        assert!(got.contains(kept), "{got}");
    }
    let got = desk.ok(&["explain", "--run", "out", "--id", "four", "--id", "#5"]);
    assert!(
        got.contains("record 4, four\nstays\n= 1 line stays, 0 changed, 0 removed "),
        "{got}"
    );
    assert!(got.contains("record 5, #5\nrejected: "), "{got}");
    let told = rows(&desk.ok(&["explain", "--run", "out", "--id", "three", "--json"]));
    let row = &desk.rows("out/duplicates.jsonl")[1];
    assert_eq!(told[0]["outcome"], "duplicate");
    assert_eq!(told[0]["survivor"]["similarity"], row["similarity"]);
    assert_eq!(told[0]["survivor"]["id"], "one");
    let said = desk.fails(1, &["explain", "--run", "out", "--id", "five"]);
    assert!(said.contains("no record has the id \"five\""), "{said}");
    desk.fails(2, &["explain"]);
}

#[test]
fn of_a_run_it_tells_every_cut_that_was_made_in_a_record_that_stays() {
    let desk = Desk::new();
    let ferry = "The old ferry crossed the lake again on Sunday after nine years in the boatyard.";
    let glued = format!("{ferry} Also read: Town runs short of water");
    let text = format!(
        "Ferry returns\n{ferry}\n{glued}\nLeave a Reply\nYour email address will not be published."
    );
    let records = [
        serde_json::json!({"id": "cut", "title": "Ferry returns", "text": format!("Ferry returns\n{text}")}),
        serde_json::json!({"id": "bare", "title": "Ferry returns", "text": "Share this:\nLeave a Reply"}),
        serde_json::json!({"id": "mended", "text": "The warden won\u{e2}\u{20ac}\u{2122}t open the gate before the ice is gone from the lake."}),
        serde_json::json!({"id": "again", "title": "Ferry returns", "text": format!("{text}\nShare this:")}),
    ];
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    desk.write("in.jsonl", lines.join("\n"));
    for (out, more) in [("out", &[][..]), ("packed", &["--compress", "gz"])] {
        desk.ok(&[&["run", "in.jsonl", "-o", out, "-q", "--no-brake"], more].concat());
        let got = desk.ok(&["explain", "--run", out, "--id", "cut"]);
        let cuts = desk.rows("out/removed.jsonl");
        let mut cuts: Vec<&serde_json::Value> =
            cuts.iter().filter(|row| row["id"] == "cut").collect();
        assert!(cuts.len() >= 4, "{cuts:?}");
        assert!(got.starts_with("record 1, cut\nstays\n"), "{got}");
        let said: Vec<String> = got.lines().skip(2).map(str::to_owned).collect();
        for row in &cuts {
            let (rule, kind) = (row["rule"].as_str().unwrap(), row["kind"].as_str().unwrap());
            let why = row["evidence"].as_str().unwrap();
            let told = |line: &String| {
                line.starts_with(&format!("    {rule}, {kind}")) && line.contains(why)
            };
            assert!(said.iter().any(told), "{rule}: {why}\n{got}");
        }
        assert!(said.contains(&"- Leave a Reply".to_owned()), "{got}");
        assert!(said.contains(&format!("~ {ferry}")), "{got}");
        let told = rows(&desk.ok(&["explain", "--run", out, "--id", "cut", "--json"]));
        let told = told[0]["cuts"].as_array().unwrap();
        cuts.sort_by_key(|row| row["span"][0].as_u64());
        for (told, row) in told.iter().zip(&cuts) {
            for field in ["rule", "kind", "span", "text", "evidence"] {
                assert_eq!(told[field], row[field]);
            }
        }
        assert_eq!(told.len(), cuts.len());
        let got = desk.ok(&["explain", "--run", out, "--id", "again"]);
        let lines: Vec<&str> = got.lines().collect();
        assert!(
            lines[1].starts_with("exact duplicate of record 1, cut"),
            "{got}"
        );
        assert!(lines.contains(&"- Share this:"), "{got}");
        assert!(
            lines.last().unwrap().contains("word for word the same"),
            "{got}"
        );
        let got = desk.ok(&["explain", "--run", out, "--id", "bare"]);
        assert!(
            got.contains("dropped: nothing of its text was left\n- Share this:\n"),
            "{got}"
        );
        let got = desk.ok(&["explain", "--run", out, "--id", "mended"]);
        let mend = "stays\n~ The warden won\u{2019}t open the gate before the ice is gone from the lake.\n    mojibake: ";
        assert!(got.contains(mend), "{got}");
        // Both ways of asking tell the same of every record: its lines, and how many there are.
        for id in ["cut", "bare", "mended", "again"] {
            let of_run = desk.ok(&["explain", "--run", out, "--id", id]);
            let of_file = desk.ok(&["explain", "in.jsonl", "--id", id, "--set", "brake.text=1"]);
            let marked = |text: &str| -> Vec<String> {
                let lines = text
                    .lines()
                    .filter(|line| line.starts_with(['-', '~', '=']));
                lines.map(str::to_owned).collect()
            };
            assert_eq!(marked(&of_run), marked(&of_file), "{id}");
            let json = |words: &[&str]| {
                rows(&desk.ok(&[words, &["--id", id, "--json"]].concat())).remove(0)
            };
            let (of_run, of_file) = (
                json(&["explain", "--run", out]),
                json(&["explain", "in.jsonl", "--set", "brake.text=1"]),
            );
            for count in ["kept", "mended", "removed", "bytes_before", "bytes_after"] {
                assert_eq!(of_run[count], of_file[count], "{id}: {count}");
            }
            let changed: Vec<&serde_json::Value> = of_file["lines"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|line| line.get("changes").is_some())
                .collect();
            for (one, other) in of_run["lines"].as_array().unwrap().iter().zip(&changed) {
                assert_eq!(
                    (&one["text"], &one["fate"]),
                    (&other["text"], &other["fate"])
                );
            }
            assert_eq!(
                of_run["lines"].as_array().unwrap().len(),
                changed.len(),
                "{id}"
            );
        }
        let whole = |json: &str| {
            rows(json)[0]["cuts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|cut| cut["whole_lines"].as_bool().unwrap())
                .collect::<Vec<_>>()
        };
        let told = whole(&desk.ok(&["explain", "--run", out, "--id", "cut", "--json"]));
        assert!(told.contains(&true) && told.contains(&false), "{told:?}");
    }
}

#[test]
fn a_score_is_the_same_wherever_it_stands() {
    let desk = Desk::new();
    let input = fixture("golden/boilerplate/in.jsonl");
    desk.ok(&[
        "run",
        &input,
        "-o",
        "out",
        "-q",
        "--no-brake",
        "--boilerplate",
        "aggressive",
    ]);
    let scores = |row: &serde_json::Value| -> Vec<serde_json::Value> {
        let lines = row["lines"].as_array().unwrap().iter();
        let changes = lines.flat_map(|line| line["changes"].as_array().into_iter().flatten());
        let scores = changes.filter_map(|change| change.get("score")).cloned();
        scores.collect()
    };
    let ledger = desk.rows("out/removed.jsonl");
    let of_run = rows(&desk.ok(&["explain", "--run", "out", "--json"]));
    let of_file = ["explain", &input, "--json", "--boilerplate", "aggressive"];
    let of_file = rows(&desk.ok(&of_file));
    let mut all = 0;
    for (row, other) in of_run.iter().zip(&of_file) {
        let told = scores(row);
        all += told.len();
        assert_eq!(told, scores(other));
        let cuts = row["cuts"].as_array().unwrap().iter();
        let cuts = cuts
            .map(|cut| &cut["score"])
            .filter(|score| !score.is_null());
        let noted = ledger.iter().filter(|cut| cut["doc"] == row["doc"]);
        let noted: Vec<_> = noted.filter_map(|cut| cut.get("score")).collect();
        assert_eq!(told.iter().collect::<Vec<_>>(), cuts.collect::<Vec<_>>());
        for score in &told {
            assert!(noted.contains(&score), "{score} {noted:?}");
        }
    }
    assert!(all > 0);
}

#[test]
fn every_id_that_no_record_has_is_told() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"y\"}\n",
    );
    desk.ok(&["explain", "in.jsonl", "--id", "a", "--id", "b"]);
    let words = [
        "explain", "in.jsonl", "--id", "a", "--id", "typo", "--id", "c",
    ];
    let said = desk.fails(1, &words);
    assert!(
        said.contains("no record has the id \"c\", \"typo\""),
        "{said}"
    );
}

#[test]
fn where_every_record_was_rejected_that_is_why_no_id_is_found() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"body\":\"a\",\"id\":\"x\"}\n{\"body\":\"b\"}\n",
    );
    let said = desk.fails(1, &["explain", "in.jsonl", "--id", "x"]);
    for part in [
        "in.jsonl: no record has the id \"x\"",
        "every record was rejected",
        "in.jsonl:1: no text: record has no \"text\" field, but body",
    ] {
        assert!(said.contains(part), "{said}");
    }
    desk.write(
        "in.jsonl",
        "{\"body\":\"a\",\"id\":\"x\"}\n{\"text\":\"b\"}\n",
    );
    let said = desk.fails(1, &["explain", "in.jsonl", "--id", "x"]);
    assert!(!said.contains("every record"), "{said}");
}
