//! The hard cases of the shared data, through the whole program: what an author may have written
//! stays at the careful levels, and furniture goes.

use crate::support::{Desk, rows, shared};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn hard_cases_keep_what_must_stay_and_lose_what_must_go() {
    let Some(path) = shared("phrases/adversarial.jsonl") else {
        return;
    };
    let cases = rows(&fs::read_to_string(path).unwrap());
    let input: String = cases
        .iter()
        .map(|case| json!({"id": case["id"], "text": case["text"]}).to_string() + "\n")
        .collect();
    let desk = Desk::new();
    desk.write("in.jsonl", input);
    for level in ["safe", "standard"] {
        let out = rows(&desk.ok(&["clean", "in.jsonl", "-o", "-", "-q", "--boilerplate", level]));
        let left: BTreeMap<&str, Vec<&str>> = out
            .iter()
            .map(|row| {
                let lines = row["text"].as_str().unwrap().lines().collect();
                (row["id"].as_str().unwrap(), lines)
            })
            .collect();
        let lines = |case: &Value, field: &str| -> Vec<String> {
            let list = case[field].as_array().unwrap().iter();
            list.map(|line| line.as_str().unwrap().to_owned()).collect()
        };
        let (mut lost, mut gone, mut all) = (Vec::new(), 0, 0);
        for case in &cases {
            let id = case["id"].as_str().unwrap();
            let left = left.get(id).map_or(&[][..], Vec::as_slice);
            for line in lines(case, "must_keep") {
                if !left.contains(&&*line) {
                    lost.push(format!("{id}: {line}"));
                }
            }
            for line in lines(case, "must_remove") {
                all += 1;
                gone += usize::from(!left.contains(&&*line));
            }
        }
        assert!(lost.is_empty(), "{level}: {}", lost.join("\n"));
        if level == "standard" {
            assert!(gone * 10 >= all * 9, "{gone} of {all} went");
        }
    }
}
