//! What a run says while it goes and when it ends: to people, to programs, and to whoever looks
//! for a fault.

use crate::support::{Desk, fixture, rows};
use copydesk::{Pipeline, Progress, Settings, Stage};
use regex::Regex;
use serde_json::Value;

fn stderr(desk: &Desk, words: &[&str]) -> (Option<i32>, String, String) {
    let output = desk.copydesk(words).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn names(events: &[Value]) -> Vec<&str> {
    let names = events.iter().map(|event| event["event"].as_str().unwrap());
    names.collect()
}

#[test]
fn programs_get_events_of_every_stage_and_the_report_at_the_end() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    let packed = zstd::encode_all(&*std::fs::read(&news).unwrap(), 3).unwrap();
    let size = packed.len() as u64;
    desk.write("news.jsonl.zst", packed);
    let words = ["run", "news.jsonl.zst", "-o", "out", "--json"];
    let (code, stdout, said) = stderr(&desk, &words);
    assert_eq!(code, Some(0), "{said}");
    let events = rows(&said);
    let first = &events[0];
    assert_eq!(first["event"], "start");
    assert_eq!((&first["schema"], &first["inputs"]), (&1.into(), &1.into()));
    assert_eq!(first["bytes"], size, "packed, as the file lies there");
    let stages: Vec<&Value> = events
        .iter()
        .filter(|one| one["event"] == "stage")
        .collect();
    let stages: Vec<&str> = stages
        .iter()
        .map(|one| one["stage"].as_str().unwrap())
        .collect();
    assert_eq!(stages, ["clean", "decide", "write"]);
    let ends: Vec<&Value> = events
        .iter()
        .filter(|one| one["event"] == "stage-end")
        .collect();
    let report: Value = serde_json::from_str(&desk.read("out/report.json")).unwrap();
    let read = &report["accounting"]["read"];
    assert_eq!(
        (&ends[0]["position"], &ends[0]["total"]),
        (&size.into(), &size.into())
    );
    for end in &ends {
        assert_eq!(end["position"], end["total"], "{end}");
    }
    assert_eq!(&ends[0]["records"], read);
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["exit"]),
        (&"finish".into(), &0.into())
    );
    assert_eq!(last["report"], report);
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), report);
    // To a file, people are told as ever.
    let words = ["run", &news, "-o", "filed", "--json=events.jsonl"];
    let (code, stdout, said) = stderr(&desk, &words);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    assert!(said.contains("read = written +"), "{said}");
    assert_eq!(names(&desk.rows("events.jsonl")).last(), Some(&"finish"));
    // Where records go to standard output, the report stands in the last event alone.
    let (_, stdout, said) = stderr(&desk, &["clean", &news, "-o", "-", "--json"]);
    assert!(!stdout.contains("\"accounting\""));
    assert_eq!(names(&rows(&said)).last(), Some(&"finish"));
}

#[test]
fn how_long_each_stage_took_is_told_everywhere() {
    let desk = Desk::new();
    let sites = fixture("sites.jsonl");
    let names = |times: &Value| -> Vec<String> {
        let times = times.as_object().unwrap().iter();
        times
            .map(|(name, seconds)| {
                assert!(seconds.as_f64().unwrap() >= 0.0, "{name}: {seconds}");
                name.clone()
            })
            .collect()
    };
    let said = [
        "learning sites",
        "reading and cleaning",
        "finding duplicates",
        "writing",
    ];
    for (command, more, stages, said) in [
        (
            "run",
            &["--site-model", "auto"][..],
            &["clean", "decide", "learn", "write"][..],
            &said[..],
        ),
        ("dedup", &[], &["clean", "decide", "write"], &said[1..]),
        ("clean", &[], &["clean"], &said[1..2]),
    ] {
        let words = [
            &[
                command,
                &sites,
                "-o",
                command,
                "--json=events.jsonl",
                "--force",
            ],
            more,
        ];
        let (code, _, told) = stderr(&desk, &words.concat());
        assert_eq!(code, Some(0), "{told}");
        let report: Value =
            serde_json::from_str(&desk.read(&format!("{command}/report.json"))).unwrap();
        let mut found = names(&report["times"]);
        found.sort();
        assert_eq!(found, stages);
        let finish = desk.rows("events.jsonl").pop().unwrap();
        assert_eq!(finish["report"], report);
        let mut found = names(&finish["times"]);
        found.retain(|name| !stages.contains(&name.as_str()));
        assert_eq!(found, ["finish"]);
        let page = desk.read(&format!("{command}/report.html"));
        assert!(page.contains("Seconds by stage"));
        for what in said {
            let row =
                regex::Regex::new(&format!(r"(?m)^  (time|    ) +[0-9.]+ s  {what}$")).unwrap();
            assert!(row.is_match(&told), "{told}");
            assert!(
                page.contains(&format!("<th scope=\"row\">{what}</th>")),
                "{what}"
            );
        }
        assert!(told.contains(" s  writing the report\n"), "{told}");
    }
}

#[test]
fn two_runs_differ_in_times_alone_and_in_no_byte_of_the_manifest() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    for out in ["one", "two"] {
        desk.ok(&["run", &news, "-o", out, "-q"]);
    }
    assert!(desk.files("one") == desk.files("two"));
    assert_eq!(
        desk.read("one/manifest.json"),
        desk.read("two/manifest.json")
    );
    // Times that somebody has changed are no longer those of the page.
    let report = desk.read("one/report.json");
    assert_ne!(crate::support::without_times(&report), report);
    desk.ok(&["verify", "one", "-q"]);
    desk.write(
        "one/report.json",
        report.replacen("\"clean\": ", "\"clean\": 9", 1),
    );
    let output = desk.copydesk(&["verify", "one"]).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{found}");
    assert!(found.contains("report.html: found other bytes"), "{found}");
    desk.write(
        "one/report.json",
        report.replacen("\"times\": {", "\"times\": 7, \"x\": {", 1),
    );
    desk.fails(1, &["verify", "one"]);
}

#[test]
fn programs_are_told_of_rejects_of_the_brake_and_of_what_failed() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"text\":\"a\"}\nbroken \u{1b}[31m\n{\"text\":3}\n",
    );
    let (code, _, said) = stderr(
        &desk,
        &["run", "in.jsonl", "-o", "out", "--json", "--strict"],
    );
    assert_eq!(code, Some(3));
    assert!(!said.contains('\u{1b}'));
    let events = rows(&said);
    let rejects: Vec<&Value> = events
        .iter()
        .filter(|one| one["event"] == "reject")
        .collect();
    assert_eq!(rejects.len(), 2);
    let second = rejects[1];
    assert_eq!(
        (&second["file"], &second["line"]),
        (&"in.jsonl".into(), &3.into())
    );
    assert_eq!(second["doc"], 2);
    assert!(second["reason"].as_str().unwrap().contains("is a number"));
    assert_eq!(events.last().unwrap()["exit"], 3);

    let same = "{\"text\":\"the same words stand in every one of these records here\"}\n";
    desk.write("same.jsonl", same.repeat(200));
    let (code, _, said) = stderr(&desk, &["run", "same.jsonl", "-o", "no", "--json"]);
    assert_eq!(code, Some(4));
    let last = rows(&said).pop().unwrap();
    assert_eq!(
        (&last["event"], &last["exit"]),
        (&"brake".into(), &4.into())
    );
    assert!(last["text"].as_str().unwrap().contains("--no-brake"));

    let (code, _, said) = stderr(&desk, &["run", "in.jsonl", "-o", "in.jsonl/x", "--json"]);
    assert_eq!(code, Some(1));
    let last = rows(&said).pop().unwrap();
    assert_eq!(
        (&last["event"], &last["exit"]),
        (&"error".into(), &1.into())
    );

    let (_, _, said) = stderr(&desk, &["clean", "in.jsonl", "-o", "-", "--json"]);
    let events = rows(&said);
    let mut warned = events.iter().filter(|one| one["event"] == "warning");
    assert!(warned.any(|one| one["text"].as_str().unwrap().contains("--audit DIR")));
}

#[test]
fn the_table_fits_eighty_columns_and_has_no_colours_where_there_is_no_terminal() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    let (_, _, said) = stderr(&desk, &["run", &news, &fixture("pages"), "-o", "out"]);
    assert!(said.contains("\n  removed  "), "{said}");
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(!said.contains('\u{1b}'), "{said}");
    for (name, value, colours) in [("CLICOLOR_FORCE", "1", true), ("NO_COLOR", "1", false)] {
        let mut command = desk.copydesk(&["run", &news, "-o", "out", "--force"]);
        let output = command.env(name, value).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said.contains("\u{1b}[1mread = written"),
            colours,
            "{name}: {said}"
        );
    }
    let (_, stdout, said) = stderr(&desk, &["run", &news, "-o", "out", "--force", "--quiet"]);
    assert_eq!((stdout.as_str(), said.as_str()), ("", ""));
}

#[test]
fn the_log_says_what_is_done_and_nothing_scraped_steers_a_terminal_in_it() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\",\"x\u{1b}[31m\u{202e}\":}\n",
    );
    let run = ["run", "in.jsonl", "-o", "out", "-q", "--force"];
    let with = |flag: &str| {
        let mut words = run.to_vec();
        words.extend((!flag.is_empty()).then_some(flag));
        stderr(&desk, &words).2
    };
    assert_eq!(with(""), "");
    let said = with("-v");
    assert!(
        said.contains("INFO") && said.contains("stage begins stage=\"clean\""),
        "{said}"
    );
    assert!(!said.contains("DEBUG"), "{said}");
    let said = with("-vv");
    assert!(said.contains("opened input=\"in.jsonl\""), "{said}");
    assert!(said.contains("rejected doc=1"), "{said}");
    let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!said.contains(steers), "{said:?}");
}

/// A stage, its total, and its positions with the records done at each.
type Noted = (Stage, Option<u64>, Vec<(u64, u64)>);

/// Notes every position of every stage.
#[derive(Default)]
struct Recorder(std::sync::Mutex<Vec<Noted>>);

impl Progress for Recorder {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        self.0.lock().unwrap().push((stage, total, Vec::new()));
    }

    fn advance(&self, position: u64, records: u64) {
        let mut stages = self.0.lock().unwrap();
        stages.last_mut().unwrap().2.push((position, records));
    }

    fn end(&self) {}
}

#[test]
fn positions_are_of_what_is_done_and_end_at_the_total() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    let bytes = std::fs::read(&news).unwrap().repeat(20);
    desk.write("in.jsonl", &bytes);
    desk.write("in.jsonl.gz", {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &bytes).unwrap();
        packer.finish().unwrap()
    });
    for name in ["in.jsonl", "in.jsonl.gz"] {
        let path = desk.path(name);
        let size = std::fs::metadata(&path).unwrap().len();
        let output = desk.path(&format!("{name}-out"));
        let mut settings = Settings::default();
        // The same records many times over.
        settings.brake.release();
        let mut pipeline = Pipeline::new(settings)
            .read(&[path.to_str().unwrap()])
            .unwrap()
            .write(output.to_str().unwrap());
        pipeline.plan().cut.block = 4 << 10;
        let recorder = Recorder::default();
        let report = pipeline.run(&recorder).unwrap();
        let stages = recorder.0.into_inner().unwrap();
        let (stage, total, positions) = &stages[0];
        assert_eq!((*stage, *total), (Stage::Clean, Some(size)));
        assert_eq!(positions[0], (0, 0));
        assert_eq!(
            positions.last(),
            Some(&(size, report.tally.accounting.read))
        );
        assert!(positions.is_sorted());
        // Nothing is said to be done that was only read ahead; what is packed is read in pieces.
        if name == "in.jsonl" {
            let half = positions
                .iter()
                .find(|(_, records)| 2 * records >= report.tally.accounting.read);
            let half = half.unwrap().0;
            assert!(size / 4 < half && half < size, "{half} of {size}");
        }
    }
}

#[test]
fn events_write_over_nothing() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"text\":\"a few words\"}\n");
    desk.write("notes.txt", "mine\n");
    std::fs::create_dir(desk.path("out")).unwrap();
    for (words, file, said) in [
        (
            &["run", "in.jsonl", "-o", "out"][..],
            "in.jsonl",
            "is one of the inputs",
        ),
        (
            &["run", "in.jsonl", "-o", "out", "--force"],
            "./in.jsonl",
            "is one of the inputs",
        ),
        (
            &["run", "in.jsonl", "-o", "out"],
            "notes.txt",
            "holds no events of copydesk; --force",
        ),
        (
            &["run", "in.jsonl", "-o", "out"],
            ".",
            "a folder stands there",
        ),
        (
            &["run", "in.jsonl", "-o", "out"],
            "out/events.jsonl",
            "lies in the output folder",
        ),
        (
            &["run", "in.jsonl", "-o", "a.jsonl"],
            "a.jsonl",
            "the cleaned records go there",
        ),
        (
            &["run", "in.jsonl", "-o", "a.jsonl", "--audit", "out"],
            "./out/events.jsonl",
            "lies in the output folder",
        ),
    ] {
        let json = format!("--json={file}");
        let found = desk.fails(1, &[words, &[&json]].concat());
        assert!(found.contains(said), "{file}: {found}");
        assert_eq!(desk.read("in.jsonl"), "{\"text\":\"a few words\"}\n");
        assert_eq!(desk.read("notes.txt"), "mine\n");
    }
    // Behind the events of other runs there is room, and --force begins anew.
    let starts = |file: &str| {
        let events = desk.rows(file);
        names(&events)
            .iter()
            .filter(|name| **name == "start")
            .count()
    };
    let words = [
        "clean",
        "in.jsonl",
        "--dry-run",
        "-q",
        "--json=events.jsonl",
    ];
    for runs in 1..4 {
        desk.ok(&words);
        assert_eq!(starts("events.jsonl"), runs);
    }
    for file in ["events.jsonl", "notes.txt"] {
        let json = format!("--json={file}");
        desk.ok(&["clean", "in.jsonl", "--dry-run", "-q", "--force", &json]);
        assert_eq!(starts(file), 1);
    }
}

#[test]
fn of_one_thing_nothing_is_said_in_the_plural() {
    let desk = Desk::new();
    let text = "The old ferry crossed the lake again on Sunday after nine years in the boatyard, and most of the town stood on the pier.";
    let record = |id: u32, more: &str| {
        serde_json::json!({"id": id, "title": "Ferry", "site": "courier.example", "text": format!("{text}{more}")})
            .to_string()
    };
    let many = Regex::new(
        r"\b1 (records|texts|files|documents|lines|duplicates|rows|clusters|characters|sites|languages|places|cuts|mends|things|bytes)\b",
    )
    .unwrap();
    let tag = Regex::new(r"(?s)<[^>]*>").unwrap();
    for (name, input) in [
        ("one", vec![record(1, "\n\nLeave a Reply")]),
        ("two", vec![record(1, ""), record(2, "")]),
        ("bad", vec![record(1, ""), "broken".to_owned()]),
    ] {
        let file = format!("{name}.jsonl");
        desk.write(&file, input.join("\n"));
        let mut said = vec![stderr(&desk, &["run", &file, "-o", name, "--no-brake"]).2];
        said.push(stderr(&desk, &["learn", &file, "-o", &format!("{name}.model")]).2);
        said.push(stderr(&desk, &["verify", name]).2);
        said.push(stderr(&desk, &["restore", name, "-o", &format!("{name}-back/")]).2);
        said.push(desk.ok(&["tune", name, "-q"]));
        said.push(desk.ok(&["explain", "--run", name, "--id", "1"]));
        said.push(desk.ok(&["explain", &file, "-q"]));
        said.push(
            tag.replace_all(&desk.read(&format!("{name}/report.html")), "")
                .into_owned(),
        );
        for one in &said {
            assert!(
                !many.is_match(one),
                "{name}: {:?}",
                many.find(one).map(|found| {
                    &one[one.floor_char_boundary(found.start().saturating_sub(60))..found.end()]
                })
            );
        }
    }
}
