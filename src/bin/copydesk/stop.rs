//! Ctrl-C and SIGTERM: the run stops in a moment and says how to go on; a second one kills.
//!
//! A run that is killed loses nothing that was finished, so whoever does not come to an end in
//! time (it waits for input, or for a disk) is ended as it stands.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The signal that asked the run to stop, or 0.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicUsize>);

impl Stop {
    /// Returns whether the run is to stop.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Returns the exit code of a run that was stopped, if it was.
    pub fn code(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(128 + signal as u8),
        }
    }
}

/// Listens to signals from now on; `say` gets the last words of a run that did not stop by itself,
/// and its exit code.
#[cfg(unix)]
pub fn listen(say: impl FnOnce(&str, u8) + Send + 'static) -> std::io::Result<Stop> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag::register_conditional_default;
    use signal_hook::iterator::Signals;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    /// How long a run has for stopping by itself.
    const PATIENCE: Duration = Duration::from_millis(800);

    let stop = Stop::default();
    let again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal only arms what the second one meets.
        register_conditional_default(signal, Arc::clone(&again))?;
        signal_hook::flag::register(signal, Arc::clone(&again))?;
    }
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let asked = stop.clone();
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else {
            return;
        };
        asked.0.store(signal as usize, Ordering::Relaxed);
        std::thread::sleep(PATIENCE);
        say(
            "stopped; the same command goes on from what is finished, if files are read and a folder is written",
            128 + signal as u8,
        );
        std::process::exit(128 + signal);
    });
    Ok(stop)
}

/// Listens to nothing: a run is only killed, and goes on from what is finished all the same.
#[cfg(not(unix))]
pub fn listen(_: impl FnOnce(&str, u8) + Send + 'static) -> std::io::Result<Stop> {
    Ok(Stop::default())
}
