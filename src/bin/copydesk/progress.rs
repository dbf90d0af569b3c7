//! What a run says while it goes: bars on the terminal, one a stage, or events for programs.

use crate::events::Events;
use crate::stop::Stop;
use crate::text;
use console::Term;
use copydesk::pipeline::{Progress, Rejected, Stage};
use copydesk::report::grouped;
use indicatif::{
    HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, TermLike,
};
use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Listens to a run: draws a bar a stage on stderr where that is a terminal, says notes or tells
/// events, and stops the run when it is asked to.
pub struct Listener {
    draws: bool,
    quiet: bool,
    /// Whether the stage's first position is still to come.
    fresh: AtomicBool,
    events: Option<Events>,
    stop: Stop,
}

/// The bar that is drawn: there is one terminal.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A stage of a known total. Bytes are those of the input as it lies there, so that the time left is
/// true of packed input too.
const KNOWN: &str = "{msg:>20} {wide_bar} {percent:>3}% · {prefix} records{left}";
/// A stage counted in bytes, of an unknown total.
const ENDLESS: &str = "{msg:>20} {spinner} {bytes} · {prefix} records · {elapsed}";
/// Any stage where the terminal has no room for more.
const NARROW: &str = "{msg:>20} {percent:>3}%{left}";
/// The same of an unknown total.
const NARROW_ENDLESS: &str = "{msg:>20} {bytes} · {elapsed}";
/// Columns that the other bars need.
const ROOM: u16 = 60;

impl Listener {
    /// Returns a listener; `quiet` ones only stop.
    pub fn new(quiet: bool, stop: Stop) -> Self {
        Self {
            draws: !quiet && io::stderr().is_terminal(),
            quiet,
            fresh: AtomicBool::new(false),
            events: None,
            stop,
        }
    }

    /// Tells events too; `alone` means in place of bars and notes.
    pub fn telling(mut self, events: Events, alone: bool) -> Self {
        self.events = Some(events);
        self.quiet |= alone;
        self.draws &= !alone;
        self
    }

    /// Returns where events go, if they are told.
    pub const fn events(&self) -> Option<&Events> {
        self.events.as_ref()
    }
}

/// Takes the bar away, if one is drawn: a run that failed leaves it.
pub fn clear() {
    with_bar(|open| {
        if let Some(bar) = open.take() {
            bar.finish_and_clear();
        }
    });
}

/// Does something to the terminal that a bar may stand on.
pub fn beside_bars(what: impl FnOnce()) {
    with_bar(|open| match open {
        Some(bar) => bar.suspend(what),
        None => what(),
    });
}

fn with_bar(what: impl FnOnce(&mut Option<ProgressBar>)) {
    if let Ok(mut bar) = BAR.lock() {
        what(&mut bar);
    }
}

/// How often a bar is drawn at most.
const HERTZ: u8 = 20;

/// Columns that bars leave free at the right: the terminal writes `^C` there when someone presses
/// Ctrl-C, and were the line full, that would begin another, and the bar would stay.
const FREE: u16 = 4;

/// Standard error, a little narrower than it is.
#[derive(Debug)]
struct Screen(Term);

impl Screen {
    fn new() -> Self {
        Self(Term::buffered_stderr())
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        let columns = text::Stream::Err.columns_or(text::WIDTH);
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        columns.saturating_sub(FREE).max(1)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes how long the stage will go on, once there is a pace to tell it from.
fn left(state: &ProgressState, out: &mut dyn fmt::Write) {
    let left = state.eta();
    if !left.is_zero() {
        // A bar has nobody to tell that it cannot be written.
        let _ = write!(out, " · {:#} left", HumanDuration(left));
    }
}

impl Progress for Listener {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        if let Some(events) = &self.events {
            events.begin(stage, total);
        }
        if !self.draws {
            return;
        }
        let screen = Screen::new();
        let template = match (stage.unit(), total) {
            (_, Some(_)) if screen.width() < ROOM => NARROW,
            ("bytes", None) if screen.width() < ROOM => NARROW_ENDLESS,
            ("bytes", None) => ENDLESS,
            _ => KNOWN,
        };
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(screen), HERTZ);
        // It is drawn at the first change, so all is in place before.
        let mut bar = ProgressBar::with_draw_target(total, target)
            .with_message(stage.as_str())
            .with_prefix("0");
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar = bar.with_style(style.with_key("left", left));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        self.fresh.store(true, Ordering::Relaxed);
        with_bar(|open| *open = Some(bar));
    }

    fn advance(&self, position: u64, records: u64) {
        if let Some(events) = &self.events {
            events.advance(position, records);
        }
        if !self.draws {
            return;
        }
        let fresh = self.fresh.swap(false, Ordering::Relaxed);
        with_bar(|open| {
            if let Some(bar) = open {
                bar.set_position(position);
                bar.set_prefix(grouped(records));
                if fresh {
                    // What a run that was stopped had done is no pace of this one.
                    bar.reset_eta();
                }
            }
        });
    }

    fn end(&self) {
        if let Some(events) = &self.events {
            events.end();
        }
        clear();
    }

    fn note(&self, said: &str) {
        if let Some(events) = &self.events {
            events.text("note", said);
        }
        if !self.quiet {
            let said = text::told(&text::harmless(said), 0);
            beside_bars(|| anstream::eprintln!("{said}"));
        }
    }

    fn rejected(&self, what: &Rejected<'_>) {
        if let Some(events) = &self.events {
            events.rejected(what);
        }
    }

    fn stops(&self) -> bool {
        self.stop.asked()
    }
}
