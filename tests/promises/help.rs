//! Help: examples come first, every command has a page, and shells can complete.

use crate::support::Desk;

/// Every command that can be typed, as help lists them.
fn commands(desk: &Desk) -> Vec<String> {
    let all = desk.ok(&["--help"]);
    let list = all.split("\nCommands:\n").nth(1).unwrap();
    names(list)
}

/// Names the commands of a list in help.
fn names(list: &str) -> Vec<String> {
    let list = list.split("\n\n").next().unwrap();
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    let indented = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    indented.map(first).filter(|name| name != "help").collect()
}

#[test]
fn every_command_has_examples_before_its_flags() {
    let desk = Desk::new();
    let all = commands(&desk);
    assert!(all.len() >= 13, "{all:?}");
    for name in &all {
        let help = desk.ok(&["help", name]);
        assert_eq!(help, desk.ok(&[name, "--help"]), "{name}");
        let example = help.find(&format!("\n  copydesk {name}"));
        let piped = help.find(&format!("| copydesk {name}"));
        let usage = help.find("\nUsage:").unwrap();
        assert!(
            example.or(piped).is_some_and(|at| at < usage),
            "{name}: {help}"
        );
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
    }
    let (short, long) = (desk.ok(&["run", "-h"]), desk.ok(&["run", "--help"]));
    assert!(short.lines().count() < 60, "{}", short.lines().count());
    assert!(!short.contains("--brake-site") && long.contains("--brake-site"));
}

#[test]
fn examples_fit_a_terminal_of_80_columns() {
    let desk = Desk::new();
    let mut pages = vec![vec!["--help".to_owned()]];
    for name in commands(&desk) {
        let page = desk.ok(&["help", &name]);
        if let Some(list) = page.split("\nCommands:\n").nth(1) {
            pages.extend(names(list).into_iter().map(|one| vec![name.clone(), one]));
        }
        pages.push(vec![name]);
    }
    assert!(pages.len() > 20, "{pages:?}");
    for page in pages {
        let mut words: Vec<&str> = page.iter().map(String::as_str).collect();
        if words != ["--help"] {
            words.push("--help");
        }
        let help = desk.ok(&words);
        let head = help.split("\nUsage:").next().unwrap();
        for line in head.lines() {
            assert!(line.chars().count() <= 78, "{words:?}: {line}");
        }
    }
}

#[test]
fn pages_and_completions_come_from_the_flags() {
    let desk = Desk::new();
    let page = desk.ok(&["man"]);
    assert!(page.contains(".TH copydesk 1"), "{page}");
    let output = desk.copydesk(&["man", "man1"]).output().unwrap();
    let files = desk.files("man1");
    let said = format!(
        "{} manual pages written; the first is man1/copydesk.1\n",
        files.len()
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), said);
    for name in commands(&desk) {
        let page = files
            .get(&format!("copydesk-{name}.1"))
            .unwrap_or_else(|| panic!("{name}: {:?}", files.keys()));
        assert!(
            page.starts_with(b".ie") || page.starts_with(b".TH"),
            "{name}"
        );
    }
    let page = String::from_utf8_lossy(&files["copydesk-run.1"]).into_owned();
    assert!(page.contains("threshold"), "{page}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.ok(&["completions", shell]);
        assert!(script.contains("brake-documents"), "{shell}");
    }
    let said = desk.fails(2, &["completions", "bahs"]);
    assert!(said.contains("bash"), "{said}");
}

/// The script is sourced by a real bash, which asks it what a word that was begun may become.
#[test]
fn bash_completes_commands_flags_and_values() {
    let desk = Desk::new();
    desk.write("copydesk.bash", desk.ok(&["completions", "bash"]));
    let bash = |script: &str| {
        let words = ["--norc", "-c", script];
        let done = std::process::Command::new("bash")
            .args(words)
            .current_dir(desk.path(""))
            .output();
        let done = done.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success() && said.is_empty(), "{script}: {said}");
        String::from_utf8(done.stdout).unwrap()
    };
    bash("bash -n copydesk.bash");
    for (line, completed) in [
        ("copydesk r", "run rules restore report"),
        ("copydesk rules s", "show"),
        ("copydesk run --boil", "--boilerplate"),
        ("copydesk run --boilerplate s", "safe standard"),
        ("copydesk run --preset w", "web"),
        ("copydesk config presets n", "news"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let [before, current] = words[words.len() - 2..] else {
            panic!("{line}")
        };
        let found = bash(&format!(
            "source ./copydesk.bash; COMP_WORDS=({line}); COMP_CWORD={}; _copydesk copydesk {current} {before}; echo ${{COMPREPLY[@]}}",
            words.len() - 1
        ));
        assert_eq!(found.trim(), completed, "{line}");
    }
}

#[test]
fn a_mistyped_flag_or_command_is_told_with_the_nearest() {
    let desk = Desk::new();
    for (words, near) in [
        (&["explian", "x"][..], "'explain'"),
        (&["run", "x", "-o", "y", "--treshold", "1"], "'--threshold'"),
        (
            &["run", "x", "-o", "y", "--boilerplate", "agressive"],
            "'aggressive'",
        ),
        (&["config", "shwo"], "'show'"),
    ] {
        let said = desk.fails(2, words);
        assert!(said.contains(near), "{words:?}: {said}");
    }
}

#[test]
fn what_a_command_does_beyond_its_name_is_in_its_help() {
    let desk = Desk::new();
    let text = "The old ferry crossed the lake again on Sunday after nine years in the boatyard.";
    let record = serde_json::json!({"text": format!("{text}\n\nLeave a Reply")});
    desk.write("in.jsonl", format!("{record}\n{record}\n"));
    for (command, flag, value, written) in [
        ("clean", "--duplicates", "drop", 1),
        ("clean", "--duplicates", "mark", 2),
        ("dedup", "--boilerplate", "safe", 1),
    ] {
        let help = desk.ok(&["help", command]);
        let before = help.split("\nUsage:").next().unwrap();
        assert!(before.contains(flag), "{before}");
        let words = [command, "in.jsonl", "-o", "-", flag, value, "-q"];
        let out = desk.ok(&words);
        assert_eq!(out.lines().count(), written, "{words:?}");
        assert!(!out.contains("Leave a Reply"), "{words:?}: {out}");
    }
}
