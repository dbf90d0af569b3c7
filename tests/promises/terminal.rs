//! What a terminal shows stands in docs/terminal.md, and is what it shows.
//!
//! Commands run in a pseudo-terminal; what they write there goes through a terminal's parser, and
//! what is on the screen then is compared with the page, times and the like aside. On the page a
//! block `terminal` holds lines behind `$`, which are run, and below each what the screen shows.
//! A comment before a block may say:
//!
//! - `<!-- run: COMMAND -->`: run this first, unseen;
//! - `<!-- exit: CODE -->`: the exit code of the last command, where it is not 0;
//! - `<!-- screen: half-way -->`: show the screen while it reads, too;
//! - `<!-- screen: stopped -->`: press Ctrl-C half-way;
//! - `<!-- locked: FOLDER -->`: another run writes into it;
//! - `<!-- columns: NUMBER -->`: the terminal has so many, and not eighty.
//!
//! `UPDATE_GOLDEN=1 cargo test` writes anew what the screens show.

#![cfg(unix)]

use crate::support::{Desk, Dice, fixture};
use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use regex::Regex;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::LazyLock;

const COLUMNS: u16 = 80;
/// So many that nothing is scrolled away.
const ROWS: u16 = 200;

/// What was on a terminal, and what was written there.
struct Shown {
    /// The screen when everything was over, without blanks at the ends of lines.
    lines: Vec<String>,
    /// The first screen in the midst of reading.
    half_way: Option<Vec<String>>,
    /// Whether a line at the end was too wide for the screen.
    wrapped: bool,
    raw: String,
    code: i32,
}

fn lines(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    let mut lines: Vec<String> = screen
        .rows(0, columns.into())
        .map(|line| line.trim_end().to_owned())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Returns whether the bar of reading stands well between its ends.
fn is_half_way(lines: &[String]) -> bool {
    static BAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"reading and cleaning .* (\d+)% · ").unwrap());
    lines.iter().any(|line| {
        let percent = BAR.captures(line).map(|found| found[1].parse::<u32>());
        percent.is_some_and(|percent| (25..=85).contains(&percent.unwrap()))
    })
}

/// Runs the program in a terminal of eighty columns; `at_half` is done once, in the midst of reading.
fn in_terminal(desk: &Desk, words: &[&str], env: &[(&str, &str)], at_half: impl Fn(&Pty)) -> Shown {
    in_columns(COLUMNS, desk, words, env, at_half)
}

fn in_columns(
    columns: u16,
    desk: &Desk,
    words: &[&str],
    env: &[(&str, &str)],
    at_half: impl Fn(&Pty),
) -> Shown {
    in_size((ROWS, columns), desk, words, env, at_half)
}

/// Does it in a terminal that says that it has so many rows and columns.
fn in_size(
    (rows, columns): (u16, u16),
    desk: &Desk,
    words: &[&str],
    env: &[(&str, &str)],
    at_half: impl Fn(&Pty),
) -> Shown {
    let (mut pty, pts) = open().unwrap();
    pty.resize(Size::new(rows, columns)).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .args(words)
        .current_dir(desk.path("."))
        .env("TERM", "xterm-256color");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("COPYDESK_") || text.contains("COLOR") || text == "COLUMNS" {
            command = command.env_remove(name);
        }
    }
    // However many threads there are, it is read a block at a time.
    let command = command.env("COPYDESK_RESOURCES_THREADS", "1");
    let mut child = command.envs(env.iter().copied()).spawn(pts).unwrap();
    let size = |number| NonZeroU16::new(number).unwrap();
    let mut terminal = vt100::Parser::new(size(ROWS), size(columns), 0);
    let (mut raw, mut half_way) = (Vec::new(), None);
    let mut buffer = [0; 4096];
    // The terminal says that nobody is left by an error.
    while let Ok(read) = pty.read(&mut buffer)
        && read > 0
    {
        raw.extend_from_slice(&buffer[..read]);
        // A bar that is drawn again begins at the left.
        for piece in buffer[..read].split_inclusive(|byte| *byte == b'\r') {
            if half_way.is_none() && piece.ends_with(b"\r") {
                let now = lines(terminal.screen());
                if is_half_way(&now) {
                    half_way = Some(now);
                    at_half(&pty);
                }
            }
            terminal.process(piece);
        }
    }
    let status = child.wait().unwrap();
    let screen = terminal.screen();
    let lines = lines(screen);
    Shown {
        wrapped: (0..ROWS).any(|row| screen.row_wrapped(row)),
        lines,
        half_way,
        raw: String::from_utf8_lossy(&raw).into_owned(),
        code: status.code().unwrap(),
    }
}

/// As [`in_terminal`] for a run into `-o FOLDER` that is to be seen half-way: a machine may be so
/// quick, or so busy, that no bar stands there when one looks, and then it is run again.
fn seen_half_way(desk: &Desk, words: &[&str], at_half: impl Fn(&Pty)) -> Shown {
    let folder = words[1 + words.iter().position(|word| *word == "-o").unwrap()];
    for _ in 0..9 {
        let shown = in_terminal(desk, words, &[], &at_half);
        // On a busy machine the key may come when all is read, and so little is read again.
        let too_late = shown
            .lines
            .iter()
            .any(|line| line.contains("nothing was finished yet"));
        if shown.half_way.is_some() && !too_late {
            return shown;
        }
        let _ = fs::remove_dir_all(desk.path(folder));
    }
    panic!("no bar was seen half-way in nine runs");
}

/// A corpus of some megabytes, the same every time: stories of our own making, furniture around
/// them, and some that repeat others.
fn corpus() -> String {
    let mut dice = Dice(7);
    let who = [
        "The warden",
        "A baker",
        "The harbour office",
        "One of the sailors",
        "The clerk",
        "Her neighbour",
    ];
    let did = [
        "saw",
        "counted",
        "wrote down",
        "asked for",
        "paid for",
        "forgot",
    ];
    let what = [
        "the boats",
        "nine barrels",
        "a new lamp",
        "the old nets",
        "every ticket",
        "the long ladder",
    ];
    let place = [
        "at the pier",
        "behind the mill",
        "on the lake road",
        "near the lock",
        "in the boatyard",
        "by the well",
    ];
    let mut out = String::new();
    let mut last = String::new();
    for number in 0..7000 {
        let mut of = |parts: &[&'static str]| parts[dice.roll(parts.len() as u64) as usize];
        let mut story = String::new();
        for _ in 0..9 {
            let (one, two) = (of(&what), of(&who).to_lowercase());
            story.push_str(&format!(
                "{} {} {one} {} before {two} {} {} {}. ",
                of(&who),
                of(&did),
                of(&place),
                of(&did),
                of(&what),
                of(&place)
            ));
        }
        if number % 40 == 39 {
            story = last.clone();
        }
        let text = format!(
            "{}\nLeave a Reply\nYour email address will not be published. Required fields are marked *",
            story.trim_end()
        );
        let record = serde_json::json!({
            "id": format!("lake-{number}"), "title": format!("Day {number} at the lake"), "text": text,
        });
        out.push_str(&format!("{record}\n"));
        last = story;
    }
    out
}

/// What is the same on every machine.
fn blurred(line: &str) -> String {
    let mut line = line.to_owned();
    for (what, with) in [
        (
            r"^ *(learning sites|reading and cleaning|finding duplicates|writing) .* left$",
            "(a bar)",
        ),
        (r" +\d+\.\d\d s {1,2}", " (time) "),
        (r"^  \d+\.\d\d s, .* a second$", "  (pace)"),
        (r"from record [\d,]+", "from record (number)"),
    ] {
        line = Regex::new(what).unwrap().replace(&line, with).into_owned();
    }
    line
}

fn same(one: &[String], other: &[String]) -> bool {
    let blur = |lines: &[String]| lines.iter().map(|line| blurred(line)).collect::<Vec<_>>();
    blur(one) == blur(other)
}

/// A block of the page, with what the comments before it say.
#[derive(Default)]
struct Block {
    number: usize,
    marks: Vec<(String, String)>,
    body: Vec<String>,
}

impl Block {
    fn mark(&self, key: &str) -> Option<&str> {
        let found = self.marks.iter().find(|(one, _)| one == key);
        found.map(|(_, value)| value.as_str())
    }

    /// Runs what stands in it and returns what it should say.
    fn shown(&self, desk: &Desk) -> Vec<String> {
        for (_, script) in self.marks.iter().filter(|(key, _)| key == "run") {
            prepare(desk, script);
        }
        let _held = self.mark("locked").map(|folder| {
            let dir = desk.path(&format!("{folder}/.copydesk-partial"));
            fs::create_dir_all(&dir).unwrap();
            let file = File::create(dir.join("lock")).unwrap();
            file.lock().unwrap();
            file
        });
        let columns = self.mark("columns");
        let columns = columns.map_or(COLUMNS, |number| number.parse().unwrap());
        let mut out = Vec::new();
        let mut code = 0;
        for typed in self.body.iter().filter(|line| line.starts_with("$ ")) {
            assert!(typed.chars().count() <= columns.into(), "{typed}");
            let words = typed.split_whitespace();
            let words: Vec<&str> = words.map(|word| word.trim_matches('\'')).collect();
            assert_eq!(words[1], "copydesk", "line {}: {typed}", self.number);
            let shown = match self.mark("screen") {
                None => in_columns(columns, desk, &words[2..], &[], |_| {}),
                Some(how) => seen_half_way(desk, &words[2..], |mut pty| {
                    if how == "stopped" {
                        pty.write_all(b"\x03").unwrap();
                    }
                }),
            };
            out.push(typed.clone());
            if self.mark("screen") == Some("half-way") {
                out.extend(shown.half_way.unwrap_or_default());
                out.push("(and in its place, when it is done)".to_owned());
            }
            out.extend(shown.lines);
            code = shown.code;
        }
        let expected = self.mark("exit").map_or(0, |code| code.parse().unwrap());
        assert_eq!(
            code, expected,
            "docs/terminal.md:{}: exit code",
            self.number
        );
        out
    }
}

fn prepare(desk: &Desk, script: &str) {
    let program = Path::new(assert_cmd::cargo::cargo_bin!("copydesk"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let mut command = std::process::Command::new("sh");
    command
        .args(["-e", "-c", script])
        .current_dir(desk.path("."));
    let done = command.env("PATH", path).output().unwrap();
    assert!(
        done.status.success(),
        "{script}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn the_page_of_screens_shows_what_a_terminal_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/terminal.md");
    let page = fs::read_to_string(&path).unwrap();
    let desk = Desk::new();
    std::os::unix::fs::symlink(fixture(""), desk.path("fixtures")).unwrap();
    desk.write("corpus.jsonl", corpus());
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut out = String::new();
    let mut marks = Vec::new();
    let mut blocks = 0;
    let mut rest = (1..).zip(page.lines());
    while let Some((number, line)) = rest.next() {
        out.push_str(&format!("{line}\n"));
        let comment = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        if let Some((key, value)) = comment.and_then(|comment| comment.split_once(": ")) {
            marks.push((key.to_owned(), value.to_owned()));
        } else if line == "```terminal" {
            let body = rest.by_ref().map(|(_, line)| line.to_owned());
            let body: Vec<String> = body.take_while(|line| line != "```").collect();
            let marks = std::mem::take(&mut marks);
            let block = Block {
                number,
                marks,
                body,
            };
            let shown = block.shown(&desk);
            let fits = same(&shown, &block.body);
            assert!(
                update || fits,
                "docs/terminal.md:{number} shows\n{}\nand the terminal\n{}\nUPDATE_GOLDEN=1 writes it anew",
                block.body.join("\n"),
                shown.join("\n")
            );
            // What differs in times alone stays.
            let body = if fits { &block.body } else { &shown };
            body.iter()
                .for_each(|line| out.push_str(&format!("{line}\n")));
            out.push_str("```\n");
            blocks += 1;
        } else if !line.is_empty() {
            marks.clear();
        }
    }
    assert!(blocks >= 13, "only {blocks} screens");
    if update {
        fs::write(&path, out).unwrap();
    }
}

#[test]
fn bars_leave_nothing_on_the_screen_and_the_table_fits_it() {
    let desk = Desk::new();
    desk.write("corpus.jsonl", corpus());
    let words = ["run", "corpus.jsonl", "-o", "out", "--force", "-j", "1"];
    let shown = seen_half_way(&desk, &words, |_| {});
    let half_way = shown.half_way.unwrap();
    assert_eq!(half_way.len(), 1, "a bar takes one line: {half_way:?}");
    let bars = shown.raw.matches("reading and cleaning ").count();
    assert!(bars >= 3, "it was drawn {bars} times");
    assert!(!shown.wrapped, "{:#?}", shown.lines);
    // What stays on the screen is what is said where there is no terminal.
    let output = desk.copydesk(&words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains('\u{1b}'), "{said}");
    let said: Vec<String> = said.lines().map(str::to_owned).collect();
    assert!(same(&shown.lines, &said), "{:#?}\n{said:#?}", shown.lines);
}

#[test]
fn what_is_said_fits_a_narrow_terminal() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(fixture(""), desk.path("fixtures")).unwrap();
    let news = "fixtures/news.jsonl";
    desk.ok(&["run", news, "-o", "out", "--index", "idx", "-q"]);
    for columns in [40, 50, 60, 79] {
        for words in [
            &["run", news, "-o", "new", "--force"][..],
            &["tune", "out"],
            &["rules", "list"],
            &["rules", "show", "known-phrase"],
            &["rules", "find", "Leave a reply"],
            &["index", "inspect", "idx"],
            &["verify", "out"],
            &["rules", "show", "line-model"],
            &["rules", "show", "comment-form"],
            &["explain", news, "-q"],
            &["explain", "--run", "out", "--id", "met-002", "--id", "#1"],
            &["explain", "--run", "out", "--id", "nobody"],
        ] {
            let shown = in_columns(columns, &desk, words, &[], |_| {});
            assert!(!shown.lines.is_empty());
            assert!(!shown.wrapped, "{words:?} in {columns}: {:#?}", shown.lines);
        }
    }
}

/// `stty cols 50` on a terminal that was never told its rows leaves it with none.
#[test]
fn columns_are_kept_to_where_rows_are_not_known() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    for words in [
        &["run", &news, "-o", "out", "--force"][..],
        &["config", "presets", "web"],
    ] {
        let shown = in_size((0, 50), &desk, words, &[], |_| {});
        assert_eq!(shown.code, 0);
        assert!(!shown.wrapped, "{words:?}: {:#?}", shown.lines);
        let bars = shown.raw.split(['\r', '\n']);
        for bar in bars.filter(|line| line.contains("reading and cleaning")) {
            assert!(!bar.contains('░') && !bar.contains(" records"), "{bar:?}");
        }
    }
}

#[test]
fn a_bar_begins_with_no_records_and_no_guess() {
    let desk = Desk::new();
    let text = "The council met on Monday to speak of the harbour and of the ferry. ".repeat(40);
    let record = |number: u32| format!("{{\"text\":\"{number} {text}\"}}\n");
    desk.write("in.jsonl", (0..2000).map(record).collect::<String>());
    for columns in [80, 50] {
        let words = ["run", "in.jsonl", "-o", "out", "-f", "--no-brake"];
        let shown = in_columns(columns, &desk, &words, &[], |_| {});
        let first = shown
            .raw
            .split(['\r', '\n'])
            .find(|line| line.contains("reading and cleaning"))
            .unwrap();
        assert!(
            first.trim_end().ends_with(if columns == 80 {
                "0% · 0 records"
            } else {
                "0%"
            }),
            "{first:?}"
        );
        assert!(!shown.raw.contains("·  records"), "{}", shown.raw);
        assert!(!shown.raw.contains(" 0% · 0 records · "), "{}", shown.raw);
    }
}

#[test]
fn colours_are_for_terminals_of_those_who_want_them() {
    let desk = Desk::new();
    let news = fixture("news.jsonl");
    let colour = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for words in [
        &["run", &news, "-o", "out", "--force"][..],
        &["explain", &news, "--record", "1"],
        &["rules", "show", "known-phrase"],
        &["run", "nowhere.jsonl", "-o", "none"],
        &["run", &news, "-o", "none", "--treshold", "1"],
    ] {
        for (env, coloured) in [(&[][..], true), (&[("NO_COLOR", "1")], false)] {
            let shown = in_terminal(&desk, words, env, |_| {});
            assert_eq!(
                colour.is_match(&shown.raw),
                coloured,
                "{words:?}: {}",
                shown.raw
            );
        }
        let output = desk
            .copydesk(words)
            .env_remove("NO_COLOR")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(!said.contains(&0x1b), "{words:?}");
    }
}
