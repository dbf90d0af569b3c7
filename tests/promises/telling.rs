//! What a run says while it goes and when it ends: to people, to programs, and to whoever looks
//! for a fault.

use crate::support::{Desk, fixture, rows};
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
    let warned = events.iter().find(|one| one["event"] == "warning").unwrap();
    assert!(warned["text"].as_str().unwrap().contains("--audit DIR"));
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
