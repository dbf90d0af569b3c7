//! `clean` is a good neighbour in a pipe.

use crate::support::Desk;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

#[test]
fn standard_input_becomes_standard_output_in_order() {
    let desk = Desk::new();
    let input: String = (0..5000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"Fish &amp; chips, portion {n}\"}}\n"))
        .collect();
    let out = desk
        .copydesk(&["clean", "-", "-o", "-", "-q"])
        .write_stdin(input.clone())
        .output()
        .unwrap();
    assert!(out.status.success());
    assert_eq!(
        String::from_utf8(out.stdout).unwrap(),
        input.replace("&amp;", "&")
    );
}

#[test]
fn a_reader_that_has_enough_is_success() {
    let desk = Desk::new();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .current_dir(desk.path(""))
        .args(["clean", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let line = format!("{{\"text\":\"{}\"}}\n", "word ".repeat(200));
        while stdin.write_all(line.as_bytes()).is_ok() {}
    });
    let mut stdout = child.stdout.take().unwrap();
    let mut some = [0; 4096];
    stdout.read_exact(&mut some).unwrap();
    drop(stdout);
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    let status = child.wait().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    feeder.join().unwrap();
    assert!(status.success(), "{status:?}: {said}");
    assert!(!said.contains("error"), "{said}");
}

/// What is lost for good is said even to who wants to hear nothing; what a ledger holds is not.
#[test]
fn a_record_lost_without_a_ledger_is_said_under_quiet_too() {
    let desk = Desk::new();
    let lines = [
        "{\"text\":\"A boat.\"}",
        "{\"id\":2}",
        "{\"text\":\" \"}",
        "",
    ];
    desk.write("in.jsonl", lines.join("\n"));
    desk.write("good.jsonl", "{\"text\":\"A boat.\"}\n");
    let said = |words: &[&str]| {
        let done = desk.copydesk(words).output().unwrap();
        assert!(done.status.success(), "{words:?}");
        String::from_utf8(done.stderr).unwrap()
    };
    for output in ["-", "out.jsonl"] {
        let told = said(&["clean", "in.jsonl", "-o", output, "-q"]);
        assert_eq!(
            told.split_whitespace().collect::<Vec<_>>().join(" "),
            "warning: 1 record was rejected and 1 record was left empty (the first reject: in.jsonl:2), and no ledger holds what was taken out; --audit DIR writes one"
        );
    }
    for words in [
        &["clean", "good.jsonl", "-o", "-", "-q"][..],
        &["clean", "in.jsonl", "-o", "-", "-q", "--audit", "books"],
        &["clean", "in.jsonl", "-o", "folder", "-q"],
        &["clean", "in.jsonl", "--dry-run", "-q"],
    ] {
        assert_eq!(said(words), "", "{words:?}");
    }
    // Programs that read the events get it as one.
    let told = said(&["clean", "in.jsonl", "-o", "-", "-q", "--json"]);
    let events = crate::support::rows(&told);
    let warned = |event: &serde_json::Value| {
        event["event"] == "warning" && event.to_string().contains("no ledger holds")
    };
    assert_eq!(
        events.iter().filter(|event| warned(event)).count(),
        1,
        "{told}"
    );
}

#[test]
fn the_ledger_goes_to_the_audit_folder() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "{\"id\":1,\"text\":\"A &amp; B\"}\n{\"id\":2}\n",
    );
    let out = desk.ok(&["clean", "in.jsonl", "-o", "-", "--audit", "audit", "-q"]);
    assert_eq!(out, "{\"id\":1,\"text\":\"A & B\"}\n");
    assert_eq!(desk.rows("audit/normalised.jsonl").len(), 1);
    assert_eq!(desk.rows("audit/rejected.jsonl").len(), 1);
    assert!(!desk.path("audit/cleaned-00000.jsonl").exists());
}
