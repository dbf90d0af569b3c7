//! `-v` and `-vv`: what the library tells `tracing`, on stderr, beside the bars.

use crate::progress::beside_bars;
use crate::text::harmless;
use std::io::{self, Write};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::time::uptime;

/// Tells what the library does from now on: 1 is stages, 2 is files and rejected records, 3 is
/// every step.
pub fn install(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    fmt()
        .with_max_level(level)
        .with_timer(uptime())
        .with_ansi(false)
        .with_target(false)
        .with_writer(Line::default)
        .init();
}

/// One line of the log: written at once, and so that nothing in it can steer a terminal.
#[derive(Default)]
struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = String::from_utf8_lossy(&self.0);
        let line = harmless(&line);
        beside_bars(|| {
            // A log that cannot be written is no failure of the run.
            let _ = io::stderr().write_all(line.as_bytes());
        });
    }
}
