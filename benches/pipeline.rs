//! Whole processes, side by side, on one file: copydesk, the serde_json floor,
//! `wc -l`, and any peer whose command is given. Prints a Markdown table.
//!
//!     cargo bench --bench pipeline -- FILE.jsonl [ROUNDS] [NAME=COMMAND ...]
//!
//! Every round runs each command once, one after the other, so that a machine
//! that drifts drifts for all. In a peer's COMMAND, `{in}` is the file and
//! `{out}` a folder that is new every time. Figures are medians; they come from
//! GNU time (`/usr/bin/time`), which this bench needs.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    cpu: f64,
    wall: f64,
    kilobytes: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let Some(file) = words.next() else {
        // `cargo bench` without a file: nothing to measure on.
        println!("usage: cargo bench --bench pipeline -- FILE.jsonl [ROUNDS] [NAME=COMMAND ...]");
        return Ok(());
    };
    let rounds: usize = words.next().map_or(Ok(5), |word| word.parse())?;
    let copydesk = env!("CARGO_BIN_EXE_copydesk");
    let floor = Path::new(copydesk)
        .with_file_name("examples")
        .join("json_floor");
    let mut commands = vec![
        ("wc -l".to_owned(), "wc -l {in}".to_owned()),
        (
            "serde_json read and write".to_owned(),
            format!("{} {{in}} {{out}}/floor.jsonl", floor.display()),
        ),
        (
            "copydesk dedup, 1 thread".to_owned(),
            format!("{copydesk} dedup -q -j1 {{in}} -o {{out}}/o"),
        ),
        (
            "copydesk dedup --index (a new one), 1 thread".to_owned(),
            format!("{copydesk} dedup -q -j1 {{in}} --index {{out}}/index -o {{out}}/o"),
        ),
        (
            "copydesk clean, 1 thread".to_owned(),
            format!("{copydesk} clean -q -j1 {{in}} -o {{out}}/o"),
        ),
        (
            "copydesk run, 1 thread".to_owned(),
            format!("{copydesk} run -q -j1 {{in}} -o {{out}}/o"),
        ),
        (
            "copydesk run, all threads".to_owned(),
            format!("{copydesk} run -q {{in}} -o {{out}}/o"),
        ),
    ];
    for word in words {
        let (name, command) = word.split_once('=').ok_or("a peer is NAME=COMMAND")?;
        commands.push((name.to_owned(), command.to_owned()));
    }
    if !floor.exists() {
        return Err("build the floor first: cargo build --release --example json_floor".into());
    }
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); commands.len()];
    for _ in 0..rounds {
        for ((_, command), runs) in commands.iter().zip(&mut runs) {
            runs.push(measure(command, &file)?);
        }
    }
    let bytes = fs::metadata(&file)?.len() as f64;
    let medians: Vec<Run> = runs.iter().map(|runs| median(runs)).collect();
    let least = medians[1].cpu;
    println!("{:.1} MB, median of {rounds}", bytes / 1e6);
    println!("| command | CPU s | times the floor | MB a CPU-second | wall s | peak MB |");
    println!("|---|---|---|---|---|---|");
    for ((name, _), run) in commands.iter().zip(&medians) {
        println!(
            "| {name} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} |",
            run.cpu,
            run.cpu / least,
            bytes / 1e6 / run.cpu.max(1e-3),
            run.wall,
            run.kilobytes / 1024.0
        );
    }
    Ok(())
}

fn measure(command: &str, file: &str) -> Result<Run, Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    let out = scratch.path().to_string_lossy();
    let said = scratch.path().join("time");
    let command = command.replace("{in}", file).replace("{out}", &out);
    let done = Command::new("/usr/bin/time")
        .args(["-f", "%U %S %e %M", "-o"])
        .arg(&said)
        .args(["sh", "-c", &format!("exec {command} >/dev/null 2>&1")])
        .status()?;
    if !done.success() {
        return Err(format!("{command}: {done}").into());
    }
    let text = fs::read_to_string(said)?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let &[user, system, wall, kilobytes] = numbers.as_slice() else {
        return Err(format!("/usr/bin/time said {text:?}").into());
    };
    Ok(Run {
        cpu: user + system,
        wall,
        kilobytes,
    })
}

fn median(runs: &[Run]) -> Run {
    let middle = |of: fn(&Run) -> f64| {
        let mut numbers: Vec<f64> = runs.iter().map(of).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied().unwrap_or_default()
    };
    Run {
        cpu: middle(|run| run.cpu),
        wall: middle(|run| run.wall),
        kilobytes: middle(|run| run.kilobytes),
    }
}
