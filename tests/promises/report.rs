//! The report: every number of its page is one of `report.json`, and the folder alone makes it.

use crate::support::{Desk, fixture};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}\u{1b}[31mred";

fn report(desk: &Desk, folder: &str) -> Value {
    serde_json::from_str(&desk.read(&format!("{folder}/report.json"))).unwrap()
}

fn sum(counts: &Value) -> u64 {
    match counts {
        Value::Array(all) => all.iter().map(sum).sum(),
        Value::Object(all) => all.values().map(sum).sum(),
        other => other.as_u64().unwrap_or_default(),
    }
}

/// A corpus of three sites: furniture, near-duplicates across sites, rejects, hostile text.
fn corpus() -> String {
    corpus_of(60)
}

fn corpus_of(records: usize) -> String {
    let mut out = String::new();
    for number in 0..records {
        let site = ["harrow.test", "varnel.test", "osk.test"][number % 3];
        let story = number / 3;
        let body: Vec<String> = (0..30)
            .map(|word| format!("word{story}x{word} of the council of ward {}", word * story))
            .collect();
        let text = format!(
            "Headline number {story}\n\nHeadline number {story}\n\n{}.\n\nThe mayor of {site} said so on Monday.\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *",
            body.join(", ")
        );
        let url = format!("https://www.{site}/story/{number}");
        let record = json!({"id": format!("r{number}"), "url": url, "title": format!("Headline number {story}"), "text": text});
        out.push_str(&record.to_string());
        out.push('\n');
    }
    out.push_str("{broken\n");
    let record = json!({"id": HOSTILE, "title": HOSTILE, "url": format!("https://{HOSTILE}/"),
        "text": format!("{HOSTILE}\n\n{HOSTILE}\n\n{HOSTILE}\n\nA sentence of some length stands here, and it stays.\n\nLeave a Reply\n\nShare this: {HOSTILE}")});
    out.push_str(&record.to_string());
    out.push_str("\n{\"id\":1,\"text\":7}\n");
    out
}

#[test]
fn a_rule_that_takes_several_kinds_is_counted_by_each() {
    let desk = Desk::new();
    let notices = [
        "港务局表示，新的轮渡将于周一上午八时开始运行。责任编辑：王小明",
        "시의회는 도서관 지붕을 가을까지 고치겠다고 월요일에 밝혔다. 공사는 여름에 시작된다. [ⓒ 강변일보, 무단전재 및 재배포 금지]",
        "항만청은 새 여객선이 화요일 오후에 처음으로 섬에 닿는다고 전했다. <저작권자(c) 호수일보, 무단 전재-재배포 금지>",
    ];
    let records: String = notices
        .iter()
        .enumerate()
        .map(|(number, text)| json!({"id": format!("z{number}"), "text": text}).to_string() + "\n")
        .collect();
    desk.write("in.jsonl", format!("{records}{}", corpus()));
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let report = report(&desk, "out");
    // Spans, bytes, characters and lines.
    let mut rows: BTreeMap<String, BTreeMap<String, [u64; 4]>> = BTreeMap::new();
    let mut kinds: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for row in desk.rows("out/removed.jsonl") {
        let of = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let (text, replacement) = (of("text"), of("replacement"));
        let took = [
            1,
            (text.len() - replacement.len()) as u64,
            (text.chars().count() - replacement.chars().count()) as u64,
            text.split('\n').count() as u64,
        ];
        let rule = rows.entry(of("rule")).or_default();
        for sums in [
            rule.entry(of("kind")).or_default(),
            kinds.entry(of("kind")).or_default(),
        ] {
            sums.iter_mut().zip(took).for_each(|(sum, one)| *sum += one);
        }
    }
    assert!(rows["glued-tail"].len() > 1, "{:?}", rows["glued-tail"]);
    let numbers = |told: &Value| {
        ["spans", "bytes", "chars", "lines"].map(|what| told[what].as_u64().unwrap())
    };
    assert_eq!(report["rules"].as_object().unwrap().len(), rows.len());
    for (rule, kinds) in &rows {
        let told = &report["rules"][rule];
        let by_kind: BTreeMap<String, [u64; 4]> = told["kinds"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(kind, took)| (kind.clone(), numbers(took)))
            .collect();
        assert_eq!(&by_kind, kinds, "{rule}");
        let whole: [u64; 4] = std::array::from_fn(|at| kinds.values().map(|took| took[at]).sum());
        assert_eq!(numbers(told), whole, "{rule}");
        let named = kinds[told["kind"].as_str().unwrap()];
        assert!(kinds.values().all(|took| took[2] <= named[2]), "{rule}");
    }
    let page = desk.read("out/report.html");
    for (kind, [_, _, chars, lines]) in &kinds {
        assert_eq!(
            sum(&report["documents"]["positions"][kind]),
            *chars,
            "{kind}"
        );
        let row = format!(
            "<code>{kind}</code></th><td class=\"number\" data-v=\"{lines}\">{lines}</td><td class=\"number\" data-v=\"{chars}\">"
        );
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn a_field_that_is_empty_is_none() {
    let desk = Desk::new();
    let rows = [
        json!({"id": "a", "url": "", "title": "", "site": "", "rank": "", "text": "The ferry sails."}),
        json!({"id": "", "url": null, "title": null, "site": null, "rank": null, "text": "The harbour is shut."}),
        json!({"id": 0, "url": "u", "title": "t", "site": "s", "rank": 0, "text": "The mayor is away."}),
    ];
    let rows = rows.map(|row| format!("{row}\n"));
    desk.write("in.jsonl", rows.concat());
    desk.ok(&[
        "run",
        "in.jsonl",
        "-o",
        "out",
        "-q",
        "--site-field",
        "site",
        "--keep",
        "field:rank",
    ]);
    let expected = json!({"records": 3, "id": 2, "title": 1, "url": 1, "site": 1, "rank": 1});
    assert_eq!(report(&desk, "out")["documents"]["fields"], expected);
    desk.ok(&["verify", "out", "-q"]);
}

#[test]
fn counts_of_parts_add_up() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let report = report(&desk, "out");
    let removed = desk.rows("out/removed.jsonl");
    let chars: u64 = removed
        .iter()
        .map(|row| row["text"].as_str().unwrap().chars().count() as u64)
        .sum();
    let lines: u64 = removed
        .iter()
        .map(|row| row["text"].as_str().unwrap().split('\n').count() as u64)
        .sum();
    let rules = report["rules"].as_object().unwrap();
    let of = |what: &str| -> u64 {
        rules
            .values()
            .map(|rule| rule[what].as_u64().unwrap())
            .sum()
    };
    assert_eq!(
        (of("chars"), of("lines"), of("spans")),
        (chars, lines, removed.len() as u64)
    );
    assert_eq!(sum(&report["documents"]["positions"]), chars);
    let read = report["accounting"]["read"].as_u64().unwrap()
        - report["accounting"]["rejected"].as_u64().unwrap();
    assert_eq!(sum(&report["documents"]["lengths_before"]), read);
    assert_eq!(sum(&report["documents"]["lengths_after"]), read);
    assert_eq!(sum(&report["documents"]["scripts"]), read);
    // Of so few documents all are looked at, but for those without a text.
    let empty = report["accounting"]["dropped"].as_u64().unwrap();
    assert_eq!(sum(&report["documents"]["languages"]), read - empty);
    // The hostile record names no host.
    assert_eq!(report["sites"]["documents"], json!(read - 1));
    let by_site: u64 = report["sites"]["most"]
        .as_array()
        .unwrap()
        .iter()
        .map(|site| site["chars"].as_u64().unwrap())
        .sum();
    let hostile: usize = removed
        .iter()
        .filter(|row| row["id"] == HOSTILE)
        .map(|row| row["text"].as_str().unwrap().chars().count())
        .sum();
    assert_eq!(by_site, chars - hostile as u64);
    let duplicates = desk.rows("out/duplicates.jsonl").len() as u64;
    assert!(duplicates > 20, "{duplicates}");
    assert_eq!(sum(&report["similarity_hundredths"]), duplicates);
    assert_eq!(
        sum(&report["clusters"]["sizes"]),
        report["clusters"]["count"].as_u64().unwrap()
    );
    assert_eq!(
        report["sites"]["within"].as_u64().unwrap() + report["sites"]["across"].as_u64().unwrap(),
        duplicates
    );
    assert_eq!(report["sites"]["repeating"][0]["survivor"], "harrow.test");
    assert_eq!(report["clusters"]["largest"][0]["documents"], json!(3));
    // Places of the commonest lines are those of the ledger.
    for line in report["common_lines"].as_array().unwrap() {
        for (id, place) in line["examples"]
            .as_array()
            .unwrap()
            .iter()
            .zip(line["places"].as_array().unwrap())
        {
            let there = removed.iter().any(|row| {
                row["id"] == *id && row["doc"] == place[0] && row["span"][0] == place[1]
            });
            assert!(there, "{line}");
        }
    }
}

#[test]
fn the_folder_alone_makes_the_page_again() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    for (name, more) in [
        ("run", &["-o", "out"][..]),
        (
            "run",
            &["-o", "packed", "--compress", "zst", "--shard-size", "2000"],
        ),
        ("run", &["-o", "marked", "--duplicates", "mark"]),
        ("clean", &["-o", "cleaned"]),
        ("dedup", &["-o", "dedup"]),
        ("run", &["-o", "alone.jsonl", "--audit", "audit"]),
    ] {
        let folder = if more[1].contains('.') {
            "audit"
        } else {
            more[1]
        };
        desk.ok(&[&[name, "in.jsonl", "-q"], more].concat());
        let page = desk.read(&format!("{folder}/report.html"));
        assert_eq!(desk.ok(&["report", folder, "-o", "-"]), page, "{more:?}");
        let before = desk.files(folder);
        desk.ok(&["report", folder]);
        assert!(desk.files(folder) == before, "{more:?}");
    }
}

#[test]
fn a_page_that_is_another_takes_the_place_of_the_old_one() {
    let desk = Desk::new();
    desk.ok(&["run", &fixture("news.jsonl"), "-o", "out", "-q"]);
    let before = desk.files("out");
    let page = desk.read("out/report.html");
    desk.write("out/report.html", "an older page");
    desk.fails(1, &["verify", "out", "-q"]);
    desk.ok(&["report", "out"]);
    assert!(desk.files("out") == before);
    desk.ok(&["verify", "out", "-q"]);
    let said = desk.fails(1, &["report", "out", "-o", "out/report.html"]);
    assert!(said.contains("--force"), "{said}");
    desk.ok(&["report", "out", "-o", "page.html"]);
    assert_eq!(desk.read("page.html"), page);
    assert_eq!(desk.read("out/report.html"), page);
    let said = desk.fails(1, &["report", "."]);
    assert!(said.contains("no manifest.json"), "{said}");
}

#[test]
fn a_page_shows_documents_before_and_after_and_duplicates_beside_their_survivor() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus());
    desk.ok(&["run", "in.jsonl", "-o", "out", "-q"]);
    let page = desk.read("out/report.html");
    for shown in [
        "<del><bdi dir=\"auto\">Leave a Reply</bdi></del>",
        "<del>harrow.test </del><ins>varnel.test </ins>",
        "record 61: ",
        "record 63: ",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "⟨U+202E⟩",
        "⟨U+001B⟩",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
}

#[test]
fn lines_that_were_taken_out_once_are_not_among_the_commonest() {
    let desk = Desk::new();
    let story = |number: usize, label: &str| {
        json!({"id": number, "text": format!("The ferry of ward {number} crossed the lake on Sunday with {number} sacks of flour on its deck.\n\nLeave a Reply\n\n{label}")}).to_string()
    };
    let once = "Your email address will not be published.";
    for (input, table, row) in [
        (vec![story(1, once)], false, false),
        (vec![story(1, once), story(2, "Post Comment")], true, false),
        (vec![story(1, once), story(2, once)], true, true),
    ] {
        desk.write("in.jsonl", input.join("\n"));
        desk.ok(&["run", "in.jsonl", "-o", "out", "-q", "--force"]);
        let page = desk.read("out/report.html");
        let lines = page.split("<h2 id=\"lines\">").nth(1).unwrap();
        let lines = lines.split("</section>").next().unwrap();
        assert_eq!(
            lines.contains("No line was taken out more than once"),
            !table
        );
        assert_eq!(lines.contains("Leave a Reply"), table, "{lines}");
        assert_eq!(lines.contains(once), row, "{lines}");
    }
}

#[test]
fn a_run_that_is_gone_on_with_has_the_same_report() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus_of(240));
    desk.ok(&["run", "in.jsonl", "-o", "whole", "-q", "--no-brake"]);
    // The brake stops when all is read; what is finished then is gone on from.
    let words = [
        "run",
        "in.jsonl",
        "-o",
        "parts",
        "-q",
        "--segment-size",
        "1",
        "--block-size",
        "3000",
    ];
    desk.fails(4, &[&words[..], &["--brake-documents", "0.01"]].concat());
    desk.ok(&[&words[..], &["--no-brake"]].concat());
    let (whole, parts) = (desk.files("whole"), desk.files("parts"));
    for name in whole.keys() {
        assert!(whole[name] == parts[name], "{name}");
    }
}
