//! A run that is killed at any instant is gone on with, and ends with the same bytes.

use crate::support::{Desk, Dice};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A corpus with furniture, entities, near and exact copies, bad and empty records, many sites.
fn corpus(records: u64) -> String {
    let mut dice = Dice(88_172_645_463_325_252);
    let mut out = String::new();
    for number in 0..records {
        let story = dice.roll(records);
        let mut words: Vec<String> = (0..80)
            .map(|at| format!("w{}", (story * 31 + at * 7) % 4999))
            .collect();
        if dice.roll(3) == 0 {
            words[40] = "changed".into();
        }
        let text = format!(
            "A headline of story {story}\n\nA headline of story {story}\n\nFish &amp; chips {}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *",
            words.join(" ")
        );
        match dice.roll(40) {
            0 => out.push_str("{\"text\":\n"),
            1 => out.push_str("{\"text\":\" \"}\n"),
            _ => {
                let row = serde_json::json!({"id": number, "title": format!("A headline of story {story}"), "url": format!("https://site{}.example/{number}", story % 7), "date": format!("2024-01-{:02}", 1 + story % 28), "text": text});
                out.push_str(&format!("{row}\n"));
            }
        }
    }
    out
}

/// Starts the program; what it says is read from its standard error.
fn start(desk: &Desk, words: &[&str]) -> std::process::Child {
    Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .current_dir(desk.path(""))
        .args(words)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts the program, kills it after so many microseconds, and says whether it had ended.
fn kill_after(desk: &Desk, words: &[&str], micros: u64) -> bool {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .current_dir(desk.path(""))
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_micros(micros));
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

/// What a run has written: the folder, and the file beside it where there is one.
fn visible(desk: &Desk, out: &str) -> BTreeMap<String, Vec<u8>> {
    assert!(
        !desk.path(&format!("{out}/.copydesk-partial")).exists(),
        "the half-made folder is left"
    );
    let mut files = desk.files(out);
    // The manifest names the file beside the folder, which the test calls as it must.
    if let Some(manifest) = files.get_mut("manifest.json") {
        let text = String::from_utf8(manifest.clone()).unwrap();
        let name = format!("\"name\": \"{out}.jsonl\"");
        *manifest = text.replace(&name, "\"name\": \"FILE\"").into_bytes();
    }
    if let Ok(file) = std::fs::read(desk.path(&format!("{out}.jsonl"))) {
        files.insert("beside it".into(), file);
    }
    files
}

fn clear(desk: &Desk, out: &str) {
    std::fs::remove_dir_all(desk.path(out)).unwrap();
    let _ = std::fs::remove_file(desk.path(&format!("{out}.jsonl")));
}

/// A command with its output beside `out`: a folder of that name or, where the last word is
/// `-o FILE`, a file and the folder of its ledger; `sizes` stand behind.
fn with_output(words: &[&str], out: &str, sizes: &[&str]) -> Vec<String> {
    let (words, file) = match words.split_last() {
        Some((&"-o FILE", words)) => (words, format!("{out}.jsonl")),
        _ => (words, String::new()),
    };
    let output = match file.is_empty() {
        true => vec!["-o", out],
        false => vec!["-o", &file, "--audit", out],
    };
    let all = [words, &output, &["-q"], sizes].concat();
    all.into_iter().map(str::to_owned).collect()
}

/// Runs a command undisturbed, then again and again with kills; the bytes must be the same.
fn kills(desk: &Desk, words: &[&str], kills: u64) {
    // Blocks large enough to wait in the input where they stay as they are.
    let sizes = ["--segment-size", "16k", "--block-size", "8k", "-j", "2"];
    let whole = with_output(words, "whole", &sizes);
    let killed = with_output(words, "killed", &sizes);
    let words: Vec<&str> = whole.iter().map(String::as_str).collect();
    let again: Vec<&str> = killed.iter().map(String::as_str).collect();
    let begun = std::time::Instant::now();
    desk.ok(&words);
    let took = begun.elapsed().as_micros() as u64;
    let whole = visible(desk, "whole");
    let mut dice = Dice(kills + 7);
    let mut done = 0;
    let mut ended = false;
    while done < kills {
        if ended {
            clear(desk, "killed");
        }
        ended = kill_after(desk, &again, dice.roll(took));
        ended |= desk.path("killed/manifest.json").exists()
            && !desk.path("killed/.copydesk-partial").exists();
        done += u64::from(!ended);
    }
    desk.ok(&again);
    let killed = visible(desk, "killed");
    for (name, bytes) in &whole {
        assert!(killed.get(name) == Some(bytes), "{name} differs: {words:?}");
    }
    assert_eq!(killed.len(), whole.len(), "{words:?}");
    for out in ["whole", "killed"] {
        clear(desk, out);
    }
}

#[test]
fn a_killed_run_ends_with_the_same_bytes() {
    let desk = Desk::new();
    let text = corpus(700);
    desk.write("in.jsonl", &text);
    desk.write(
        "more/a.jsonl.zst",
        zstd::bulk::compress(&text.as_bytes()[..100_000], 1).unwrap(),
    );
    desk.write("my.toml", "[[keep]]\nrule = \"comment-form\"\n");
    desk.write("more/b.txt", "A page of its own\n\nIt is read whole.\n");
    let half = text.split_at(text.len() / 2).1;
    desk.write("more/c.jsonl", half.split_once('\n').unwrap().1);
    for words in [
        &["run", "in.jsonl"][..],
        &["run", "more", "--keep", "latest", "--compress", "zst"],
        &["run", "in.jsonl", "--duplicates", "mark", "--temp-dir", "."],
        &["clean", "in.jsonl", "--shard-size", "60k"],
        &["clean", "more", "--compress", "gz", "--shard-size", "30k"],
        &["dedup", "in.jsonl", "--keep", "longest"],
        &["dedup", "in.jsonl", "--containment", "0.8"],
        &["run", "in.jsonl", "--rules", "my.toml"],
        &["run", "in.jsonl", "--site-model", "auto"],
        &["run", "in.jsonl", "-o FILE"],
        &["dedup", "in.jsonl", "--temp-dir", ".", "-o FILE"],
        &["clean", "in.jsonl", "-o FILE"],
    ] {
        kills(&desk, words, 8);
    }
    let left: Vec<String> = desk.files_and_folders();
    assert_eq!(
        left,
        ["in.jsonl", "more", "my.toml"],
        "nothing else is left"
    );
}

/// Killed while its files get their names: what was laid aside elsewhere is gone by then, and the
/// next run gives the rest of the names.
#[test]
fn a_run_that_is_killed_among_the_names_leaves_nothing_aside() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(3000));
    std::fs::create_dir(desk.path("temp")).unwrap();
    let mut words = vec!["run", "in.jsonl", "-o", "out", "-q"];
    words.extend(["--temp-dir", "temp", "--shard-size", "1k"]);
    // Some of the names are given and some are not: that it is caught there is a matter of luck.
    let caught = (0..40).any(|_| {
        let _ = std::fs::remove_dir_all(desk.path("out"));
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
            .current_dir(desk.path(""))
            .args(&words)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() && !desk.path("out/cleaned-00000.jsonl").exists()
        {
            std::thread::sleep(Duration::from_micros(50));
        }
        let _ = child.kill();
        child.wait().unwrap();
        desk.path("out/.copydesk-partial/manifest.json").exists()
            && desk.path("out/cleaned-00000.jsonl").exists()
    });
    assert!(caught, "no run was killed among the names");
    let aside = || std::fs::read_dir(desk.path("temp")).unwrap().count();
    assert_eq!(aside(), 0, "whole, it needs nothing that was laid aside");
    desk.ok(&words);
    visible(&desk, "out");
    assert_eq!(aside(), 0, "something is left");
}

/// Two runs that are stopped lay nothing aside in one place, though the output has one name: they
/// may be on two machines that share the folder for what is laid aside.
#[test]
fn every_run_has_a_folder_of_its_own_in_a_shared_one() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(2000));
    std::fs::create_dir(desk.path("temp")).unwrap();
    let words = ["run", "in.jsonl", "-o", "out", "--temp-dir", "temp"];
    let sizes = ["--segment-size", "32k", "--block-size", "4k", "-j", "1"];
    let words = [&words[..], &sizes].concat();
    let aside = || std::fs::read_dir(desk.path("temp")).unwrap().count();
    stopped(&desk, &words);
    // Another machine sees the one folder and not the other.
    std::fs::rename(desk.path("out"), desk.path("elsewhere")).unwrap();
    stopped(&desk, &words);
    assert_eq!(aside(), 2);
    desk.ok(&words);
    assert_eq!(aside(), 1);
    std::fs::rename(desk.path("out"), desk.path("done")).unwrap();
    std::fs::rename(desk.path("elsewhere"), desk.path("out")).unwrap();
    let output = desk.copydesk(&words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("going on from record "), "{said}");
    assert_eq!(visible(&desk, "out"), visible(&desk, "done"));
    assert_eq!(aside(), 0);
}

/// A run that is gone on with by another `--temp-dir`, or none, starts over and leaves nothing in
/// the old one, whatever else lies there.
#[test]
fn another_place_for_what_is_laid_aside_leaves_nothing_in_the_old_one() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(2000));
    for name in ["one", "two"] {
        desk.write(&format!("{name}/mine.txt"), "mine");
    }
    let words = ["run", "in.jsonl", "-o", "out", "--segment-size", "32k"];
    let words = [&words[..], &["--block-size", "4k", "-j", "1"]].concat();
    let aside = |name: &str| std::fs::read_dir(desk.path(name)).unwrap().count() - 1;
    let one = [&words[..], &["--temp-dir", "one"]].concat();
    let two = [&words[..], &["--temp-dir", "two"]].concat();
    desk.ok(&words);
    let whole = visible(&desk, "out");
    clear(&desk, "out");
    for (first, then, told) in [
        (&one, &two, "--temp-dir was"),
        (&one, &words, "and now is not given"),
        (&words, &two, "--temp-dir was not given and now is two"),
    ] {
        stopped(&desk, first);
        let output = desk.copydesk(then).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("starting over: "), "{said}");
        assert!(said.contains(told), "{said}");
        assert_eq!(visible(&desk, "out"), whole);
        assert_eq!((aside("one"), aside("two")), (0, 0), "something is left");
        clear(&desk, "out");
    }
    // One that was moved is found where it is now.
    stopped(&desk, &one);
    std::fs::rename(desk.path("one"), desk.path("three")).unwrap();
    let three = [&words[..], &["--temp-dir", "three"]].concat();
    let output = desk.copydesk(&three).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("going on from record "), "{said}");
    assert_eq!(visible(&desk, "out"), whole);
    assert_eq!(aside("three"), 0);
}

/// Starts a command and puts a folder in the way of one of its names as soon as it has begun; the
/// run is whole then, but for that name and those behind it.
fn blocked(desk: &Desk, words: &[&str], journal: &str, name: &str) -> String {
    let mut child = start(desk, words);
    while child.try_wait().unwrap().is_none() && !desk.path(journal).exists() {
        std::thread::yield_now();
    }
    desk.write(&format!("{name}/in the way"), "");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

/// A run of which only names are missing is whole whatever output they are missing of; the file
/// beside the ledger's folder is one of them.
#[test]
fn names_that_are_missing_are_given_by_the_same_command() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(3000));
    std::fs::create_dir(desk.path("temp")).unwrap();
    let aside = || std::fs::read_dir(desk.path("temp")).unwrap().count();
    let journal = "out/.copydesk-partial/journal";
    for command in ["run", "clean", "dedup"] {
        desk.ok(&[command, "in.jsonl", "-o", "whole.jsonl", "--audit", "whole"]);
        let whole = visible(&desk, "whole");
        let words = [command, "in.jsonl", "-o", "out.jsonl", "--audit", "out"];
        let words = [&words[..], &["--temp-dir", "temp"]].concat();
        for name in ["out.jsonl", "out/report.html", "out/manifest.json"] {
            let said = blocked(&desk, &words, journal, name);
            assert!(said.contains("only names are missing"), "{name}: {said}");
            std::fs::remove_dir_all(desk.path(name)).unwrap();
            let output = desk.copydesk(&words).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(
                output.status.success() && said.contains("they are given"),
                "{name}: {said}"
            );
            assert_eq!(visible(&desk, "out"), whole, "{command}, {name}");
            assert_eq!(aside(), 0, "something is left");
            assert!(!desk.path(".out.jsonl.copydesk-partial").exists());
            clear(&desk, "out");
        }
        clear(&desk, "whole");
    }
    // What another run into the same folder has left is brought to its end, and is not this run.
    let words = ["dedup", "in.jsonl", "-o", "one.jsonl", "--audit", "out"];
    blocked(&desk, &words, journal, "out/manifest.json");
    std::fs::remove_dir_all(desk.path("out/manifest.json")).unwrap();
    let other = ["dedup", "in.jsonl", "-o", "two.jsonl", "--audit", "out"];
    let said = desk.fails(1, &other);
    assert!(said.contains("another run into out was whole"), "{said}");
    assert!(said.contains("the folder is not empty"), "{said}");
    desk.ok(&["verify", "out", "--cleaned", "one.jsonl"]);
    assert!(!desk.path("two.jsonl").exists());
    clear(&desk, "out");
    std::fs::remove_file(desk.path("one.jsonl")).unwrap();
    // What was whole and has been written over is not given out as this run's.
    blocked(&desk, &words, journal, "out/manifest.json");
    std::fs::remove_dir_all(desk.path("out/manifest.json")).unwrap();
    desk.write("one.jsonl", "{}\n");
    let said = desk.fails(1, &words);
    assert!(said.contains("is what the run wrote; remove"), "{said}");
    assert_eq!(desk.read("one.jsonl"), "{}\n");
}

/// The disk is full when the report is written: what is finished stays, and that is said.
#[cfg(unix)]
#[test]
fn a_run_that_fails_at_its_last_step_says_how_it_goes_on() {
    let desk = Desk::new();
    desk.write("in.jsonl", corpus(60));
    std::fs::create_dir(desk.path("temp")).unwrap();
    let program = assert_cmd::cargo::cargo_bin!("copydesk");
    for (segment, stays) in [("8k", true), ("64m", false)] {
        // The page is by far the largest file; so many kB are too few for it.
        let command = format!(
            "trap '' XFSZ; ulimit -f 45; {} clean in.jsonl -o out --temp-dir temp --shard-size 16k --segment-size {segment} --block-size 4k",
            program.display()
        );
        let output = Command::new("bash")
            .current_dir(desk.path(""))
            .args(["-c", &command])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("report.html: File too large"), "{said}");
        let told = said.contains("the same command goes on from record ");
        assert_eq!(told, stays, "{said}");
        assert_eq!(desk.path("out/.copydesk-partial").exists(), stays);
        let aside = std::fs::read_dir(desk.path("temp")).unwrap().count();
        assert_eq!(aside, usize::from(stays), "{said}");
        if stays {
            let words = ["clean", "in.jsonl", "-o", "out", "--temp-dir", "temp"];
            let sizes = ["--shard-size", "16k", "--segment-size", segment];
            let output = desk
                .copydesk(&[&words[..], &sizes].concat())
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("going on from record "), "{said}");
            std::fs::remove_dir_all(desk.path("out")).unwrap();
        }
    }
}

/// The long form: `KILLS=200 CORPUS=news.jsonl cargo test --release --test promises killed_many -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes: KILLS and CORPUS say how long"]
fn a_run_that_is_killed_many_times_ends_with_the_same_bytes() {
    let kills: u64 = std::env::var("KILLS").map_or(200, |kills| kills.parse().unwrap());
    let corpus = std::env::var("CORPUS").expect("CORPUS names a JSONL file");
    let corpus = corpus.as_str();
    for words in [
        &["run", corpus][..],
        &["dedup", corpus, "--containment", "0.8"],
        &["clean", corpus],
        &["dedup", corpus, "-o FILE"],
    ] {
        killed_often(words, kills);
    }
}

/// Several kills a round, so that runs are killed that were gone on with.
fn killed_often(words: &[&str], kills: u64) {
    let desk = Desk::new();
    let sizes = ["--segment-size", "1m"];
    let whole = with_output(words, "whole", &sizes);
    let killed = with_output(words, "killed", &sizes);
    let undisturbed: Vec<&str> = whole.iter().map(String::as_str).collect();
    let again: Vec<&str> = killed.iter().map(String::as_str).collect();
    let begun = std::time::Instant::now();
    desk.ok(&undisturbed);
    let took = begun.elapsed().as_micros() as u64;
    let whole = visible(&desk, "whole");
    let is_whole = || {
        desk.path("killed/manifest.json").exists()
            && !desk.path("killed/.copydesk-partial").exists()
    };
    let mut dice = Dice(4711);
    let (mut done, mut equal, mut rounds) = (0, 0, 0);
    while done < kills {
        for _ in 0..1 + dice.roll(4) {
            let ended = kill_after(&desk, &again, dice.roll(took));
            if ended || is_whole() {
                break;
            }
            done += 1;
        }
        if !is_whole() {
            desk.ok(&again);
        }
        rounds += 1;
        equal += u64::from(visible(&desk, "killed") == whole);
        clear(&desk, "killed");
    }
    println!("{words:?}: {done} kills, {rounds} runs gone on with, {equal} of them equal");
    assert_eq!(equal, rounds, "{words:?}");
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[cfg(unix)]
#[test]
fn a_signal_stops_a_run_and_says_how_to_go_on() {
    let desk = Desk::new();
    // Enough that the signal comes in the middle.
    let text = corpus(2000);
    desk.write("in.jsonl", text.repeat(3));
    let words = [
        "run",
        "in.jsonl",
        "-o",
        "out",
        "--segment-size",
        "64k",
        "--block-size",
        "4k",
        "-j",
        "1",
        "--json=events.jsonl",
    ];
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let before = segments(&desk);
        let mut child = start(&desk, &words);
        while segments(&desk) < before + 2 {
            let ended = child.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "{name}: it ended with {ended:?} before the signal"
            );
            std::thread::yield_now();
        }
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(
            said.contains("the same command goes on from record "),
            "{said}"
        );
        assert!(!desk.path("out/manifest.json").exists());
        let last = desk.rows("events.jsonl").pop().unwrap();
        assert_eq!(last["event"], "stopped");
        assert_eq!(last["exit"], code);
        assert!(last["text"].as_str().unwrap().contains("goes on from"));
    }
    let output = desk.copydesk(&words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("going on from record "), "{said}");
    desk.ok(&["run", "in.jsonl", "-o", "whole", "-q"]);
    assert_eq!(visible(&desk, "out"), visible(&desk, "whole"));
}

#[cfg(unix)]
#[test]
fn a_stream_cannot_be_gone_on_with_and_says_so() {
    let desk = Desk::new();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .current_dir(desk.path(""))
        .args(["clean", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for input, which never comes.
    let stdin = child.stdin.take();
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("stopped"), "{said}");
}

/// How many segments of a run are finished.
fn segments(desk: &Desk) -> usize {
    let journal = desk.path("out/.copydesk-partial/journal");
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    text.matches("{\"segment\"").count()
}

/// Kills a run when it has finished a segment or more.
fn stopped(desk: &Desk, words: &[&str]) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("copydesk"))
        .current_dir(desk.path(""))
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let journal = desk.path("out/.copydesk-partial/journal");
    while !std::fs::read_to_string(&journal)
        .is_ok_and(|text| text.matches("{\"segment\"").count() > 1)
    {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it could be killed"
        );
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_is_not_the_same_run_starts_over_and_says_why() {
    let desk = Desk::new();
    let text = corpus(2000).repeat(2);
    desk.write("in.jsonl", &text);
    let words = [
        "run",
        "in.jsonl",
        "-o",
        "out",
        "--segment-size",
        "32k",
        "--block-size",
        "4k",
        "-j",
        "1",
        "--no-brake",
    ];
    type Change = fn(&Desk);
    desk.write("my.toml", "[[keep]]\nrule = \"comment-form\"\n");
    // What a run was told by a file is the same run, too.
    let with_rules = [&words[..], &["--rules", "my.toml"]].concat();
    stopped(&desk, &with_rules);
    let output = desk.copydesk(&with_rules).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("going on from record "), "{said}");
    std::fs::remove_dir_all(desk.path("out")).unwrap();
    let cases: &[(&str, Change, &[&str], &str)] = &[
        (
            "a setting",
            |_| {},
            &["--threshold", "0.7"],
            "settings.duplicates.threshold: 0.8, now 0.7",
        ),
        (
            "as what the input is read",
            |_| {},
            &["--format", "text"],
            "inputs[0].format: \"jsonl\", now \"text\"",
        ),
        (
            "the input",
            |desk| {
                let text = desk.read("in.jsonl");
                desk.write("in.jsonl", text.replacen("w1", "w2", 1));
            },
            &[],
            "inputs[0].modified: ",
        ),
        (
            "the version",
            |desk| {
                let path = "out/.copydesk-partial/journal";
                let text = desk
                    .read(path)
                    .replace("\"copydesk\":\"", "\"copydesk\":\"0.0.");
                let lines = text.lines().map(|line| {
                    let json = &line[9..];
                    let mut crc = flate2::Crc::new();
                    crc.update(json.as_bytes());
                    format!("{:08x} {json}\n", crc.sum())
                });
                desk.write(path, lines.collect::<String>());
            },
            &[],
            "copydesk: \"0.0.",
        ),
        (
            "what was laid aside",
            |desk| {
                let path = desk.path("out/.copydesk-partial/lines");
                let mut bytes = std::fs::read(&path).unwrap();
                bytes[100] ^= 1;
                std::fs::write(path, bytes).unwrap();
            },
            &[],
            "what it has left is damaged, or the input was changed",
        ),
        (
            "a row of the ledger",
            |desk| {
                let path = desk.path("out/.copydesk-partial/removed.jsonl");
                let mut bytes = std::fs::read(&path).unwrap();
                bytes[3] ^= 1;
                std::fs::write(path, bytes).unwrap();
            },
            &[],
            "what it has left is damaged, or the input was changed",
        ),
    ];
    for (name, change, more, why) in cases {
        stopped(&desk, &words);
        change(&desk);
        let mut all = words.to_vec();
        all.extend(*more);
        let output = desk.copydesk(&all).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{name}: {said}");
        assert!(said.contains("starting over"), "{name}: {said}");
        assert!(
            said.contains(why),
            "{name} should be told as {why:?}: {said}"
        );
        let mut fresh = all.clone();
        fresh[3] = "fresh";
        desk.ok(&fresh);
        assert_eq!(visible(&desk, "out"), visible(&desk, "fresh"), "{name}");
        for out in ["out", "fresh"] {
            std::fs::remove_dir_all(desk.path(out)).unwrap();
        }
    }
    // The brake's limits of a run are no part of what it is.
    stopped(&desk, &words);
    let said = desk.fails(
        4,
        &[
            "run",
            "in.jsonl",
            "-o",
            "out",
            "--segment-size",
            "32k",
            "--brake-documents",
            "0.1",
        ],
    );
    assert!(said.contains("going on from record "), "{said}");
    assert!(
        said.contains("what was read is kept in out/.copydesk-partial"),
        "{said}"
    );
    let output = desk.copydesk(&words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && said.contains("going on from record "),
        "{said}"
    );
}
