//! Inputs made to hurt, at two sizes, as whole processes: does the cost stay in proportion?
//!
//!     cargo bench --bench hostile -- MB [WORDS ...]
//!
//! Each case, or each in whose name WORDS stand, is written at MB megabytes and at four times that,
//! and `copydesk run --memory 256MiB` is timed on both. Prints a Markdown table: a ratio of 4 is in
//! proportion. Figures come from GNU time (`/usr/bin/time`), which this bench needs.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

/// Writes about `bytes` of records.
type Writer = fn(&mut dyn Write, usize) -> std::io::Result<()>;

const SENTENCE: &str = "The ferry crossed the upper lake again on Sunday, after nine years in the boatyard behind the mill. ";

const CASES: [(&str, Writer); 26] = [
    ("ordinary text, to compare with", |out, bytes| {
        many(out, bytes, |out, number| {
            write!(out, "Ferry {number} returns\\n\\n")?;
            for line in 0..12 {
                write!(
                    out,
                    "{SENTENCE}It was trip {} of boat {line}.\\n",
                    number * 31 + line
                )?;
            }
            write!(
                out,
                "Leave a Reply\\nYour email address will not be published."
            )
        })
    }),
    ("one record of short lines", |out, bytes| {
        one(out, bytes, |out, number| write!(out, "{number}\\n"))
    }),
    ("one record, one line", |out, bytes| {
        one(out, bytes, |out, number| write!(out, "{SENTENCE}{number} "))
    }),
    ("one record, one word", |out, bytes| {
        one(out, bytes, |out, _| out.write_all(b"aaaaaaaaaaaaaaaa"))
    }),
    ("one record of one line again and again", |out, bytes| {
        one(out, bytes, |out, _| write!(out, "{SENTENCE}\\n"))
    }),
    (
        "one record of headlines that are nearly its title",
        |out, bytes| {
            one(out, bytes, |out, number| {
                write!(out, "A titel of the record {}\\n", number % 7)
            })
        },
    ),
    (
        "one record of headline and sentence by turns",
        |out, bytes| {
            one(out, bytes, |out, number| {
                write!(out, "The title of the record\\n{SENTENCE}{number}\\n")
            })
        },
    ),
    ("one record of furniture", |out, bytes| {
        one(out, bytes, |out, number| {
            let lines = [
                "Share this:",
                "Leave a Reply",
                "Read more: Ferry",
                "By Our Correspondent",
                "1 2 3 Next",
            ];
            write!(out, "{}\\n", lines[number % lines.len()])
        })
    }),
    (
        "one record of furniture and sentences by turns",
        |out, bytes| {
            one(out, bytes, |out, number| {
                write!(out, "{SENTENCE}{number}\\nShare this:\\nAdvertisement\\n")
            })
        },
    ),
    ("one record of blank lines", |out, bytes| {
        one(out, bytes, |out, _| out.write_all(b"\\n \\n\\t\\n"))
    }),
    ("one record of entities", |out, bytes| {
        one(out, bytes, |out, _| {
            out.write_all(b"&amp;amp;lt; &#10; &nbsp;")
        })
    }),
    ("one record of mangled letters", |out, bytes| {
        one(out, bytes, |out, _| {
            out.write_all("Ã¢â‚¬â„¢ cafÃ© ".as_bytes())
        })
    }),
    ("one record of combining marks", |out, bytes| {
        one(out, bytes, |out, _| {
            out.write_all("e\u{301}\u{323}\u{301}".as_bytes())
        })
    }),
    (
        "one record of vowel signs made of two marks",
        |out, bytes| {
            one(out, bytes, |out, _| {
                out.write_all("\u{f73}\u{f75}\u{f81}".as_bytes())
            })
        },
    ),
    ("one record of vowels of Hangul", |out, bytes| {
        one(out, bytes, |out, number| {
            let last = if number % 1000 == 999 { "\u{340}" } else { "" };
            write!(out, "\u{1161}{last}")
        })
    }),
    ("one record of headlines behind its text", |out, bytes| {
        one(out, bytes, |out, number| match number {
            0 => write!(out, "The title of the record\\n{SENTENCE}\\n"),
            _ => write!(out, "The title of the record\\n"),
        })
    }),
    ("one record of teasers inside lines", |out, bytes| {
        one(out, bytes, |out, number| {
            write!(
                out,
                "{SENTENCE}{number} said so. Also read: Town runs short of water\\n"
            )
        })
    }),
    (
        "one record of doubtful phrases behind its text",
        |out, bytes| {
            one(out, bytes, |out, number| match number {
                0 => write!(out, "{SENTENCE}\\n"),
                _ => write!(out, "Print\\nfoo bar\\n"),
            })
        },
    ),
    ("one record, one line of labels", |out, bytes| {
        one(out, bytes, |out, _| {
            write!(out, "The ferry came to its end. (Related: x ")
        })
    }),
    ("one record, one line of stops", |out, bytes| {
        one(out, bytes, |out, _| out.write_all("。1".as_bytes()))
    }),
    ("one record of contents", |out, bytes| {
        // Each pair of headings stands again with all later ones between them.
        let pairs = bytes / 40;
        write!(out, "{{\"id\":\"one\",\"text\":\"Contents\\n")?;
        for pair in 0..pairs {
            write!(out, "A{pair:07}\\nB{pair:07}\\n")?;
        }
        for pair in (0..pairs).rev() {
            write!(out, "A{pair:07}\\n")?;
        }
        for pair in 0..pairs {
            write!(out, "B{pair:07}\\n")?;
        }
        out.write_all(b"\"}\n")
    }),
    (
        "one record with a title as long as its text",
        |out, bytes| {
            write!(out, "{{\"id\":\"one\",\"title\":\"")?;
            for word in 0..bytes / 20 {
                write!(out, "w{word:07} ")?;
            }
            write!(out, "\",\"text\":\"")?;
            for line in 0..bytes / 160 {
                write!(out, "Leave a Reply\\n{SENTENCE}w{line:07}\\n")?;
            }
            out.write_all(b"\"}\n")
        },
    ),
    ("records that are all the same", |out, bytes| {
        many(out, bytes, |out, _| write!(out, "{SENTENCE}{SENTENCE}"))
    }),
    ("records that differ in one word", |out, bytes| {
        many(out, bytes, |out, number| {
            for line in 0..6 {
                write!(out, "{SENTENCE}{line} ")?;
            }
            write!(out, "{number}")
        })
    }),
    ("records of one near-equal headline each", |out, bytes| {
        many(out, bytes, |out, number| {
            write!(out, "Ferry number {number} returns to the lake of the mill")
        })
    }),
    ("lines that are no records", |out, bytes| {
        let mut written = 0;
        while written < bytes {
            out.write_all(b"{\"text\": \"\x1b[31m no end\n")?;
            written += 24;
        }
        Ok(())
    }),
];

/// Writes one record whose text is made of pieces.
fn one(
    out: &mut dyn Write,
    bytes: usize,
    piece: fn(&mut dyn Write, usize) -> std::io::Result<()>,
) -> std::io::Result<()> {
    write!(
        out,
        "{{\"id\":\"one\",\"title\":\"The title of the record\",\"text\":\""
    )?;
    let mut counted = Counted {
        inner: out,
        bytes: 0,
    };
    let mut number = 0;
    while counted.bytes < bytes {
        piece(&mut counted, number)?;
        number += 1;
    }
    out.write_all(b"\"}\n")
}

/// Writes many records.
fn many(
    out: &mut dyn Write,
    bytes: usize,
    text: fn(&mut dyn Write, usize) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut counted = Counted {
        inner: out,
        bytes: 0,
    };
    let mut number = 0;
    while counted.bytes < bytes {
        write!(counted, "{{\"id\":\"{number}\",\"text\":\"")?;
        text(&mut counted, number)?;
        counted.write_all(b"\"}\n")?;
        number += 1;
    }
    Ok(())
}

struct Counted<'w> {
    inner: &'w mut dyn Write,
    bytes: usize,
}

impl Write for Counted<'_> {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(data)?;
        self.bytes += written;
        Ok(written)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let Some(megabytes) = words.next() else {
        // `cargo bench` alone is for the short ones.
        println!("usage: cargo bench --bench hostile -- MB [WORDS ...] (16 is a good size)");
        return Ok(());
    };
    let megabytes: usize = megabytes.parse()?;
    let wanted: Vec<String> = words.collect();
    let wanted = wanted.join(" ");
    let scratch = tempfile::tempdir()?;
    println!(
        "| input | MB | CPU s | CPU s at four times | ratio | peak MB | peak MB at four times |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, writer) in CASES {
        if !name.contains(&wanted) {
            continue;
        }
        let mut runs = Vec::new();
        for size in [megabytes, 4 * megabytes] {
            let path = scratch.path().join("in.jsonl");
            let mut file = BufWriter::new(File::create(&path)?);
            writer(&mut file, size * 1_000_000)?;
            file.flush()?;
            runs.push(measure(&path, scratch.path())?);
        }
        let [(cpu, peak), (more_cpu, more_peak)] = runs[..] else {
            return Err("two sizes, two runs".into());
        };
        println!(
            "| {name} | {megabytes} | {cpu:.2} | {more_cpu:.2} | {:.1} | {peak:.0} | {more_peak:.0} |",
            more_cpu / cpu.max(0.01)
        );
    }
    Ok(())
}

/// Runs the program on a file; returns CPU seconds and peak memory in MB.
fn measure(path: &Path, scratch: &Path) -> Result<(f64, f64), Box<dyn Error>> {
    let said = scratch.join("time");
    let done = Command::new("/usr/bin/time")
        .args(["-f", "%U %S %M", "-o"])
        .arg(&said)
        .arg(env!("CARGO_BIN_EXE_copydesk"))
        .args([
            "run",
            "-q",
            "-j1",
            "--force",
            "--no-brake",
            "--memory",
            "256MiB",
        ])
        .args(["--max-record", "1GiB", "-o"])
        .arg(scratch.join("out"))
        .arg(path)
        .output()?;
    // Of lines that are all rejected the run fails, as it should.
    if !matches!(done.status.code(), Some(0 | 1)) {
        return Err(format!(
            "copydesk: {} {}",
            done.status,
            String::from_utf8_lossy(&done.stderr)
        )
        .into());
    }
    let text = std::fs::read_to_string(said)?;
    let line = text.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = line
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let &[user, system, kilobytes] = numbers.as_slice() else {
        return Err(format!("/usr/bin/time said {text:?}").into());
    };
    Ok((user + system, kilobytes / 1024.0))
}
