//! How long a run takes, stage by stage; nothing but its report hangs on it.

use crate::pipeline::progress::Stage;
use crate::report::{Times, seconds};
use std::time::Instant;

/// Tells the time of the stages. What lies between two stages counts for the one before.
#[derive(Debug)]
pub struct Clock {
    /// What is over, that of an earlier part of the run with it.
    done: Times,
    stage: Stage,
    since: Instant,
}

impl Clock {
    /// Returns a clock of a run that begins with reading and cleaning.
    pub fn new() -> Self {
        Self {
            done: Times::default(),
            stage: Stage::Clean,
            since: Instant::now(),
        }
    }

    /// Returns the same clock with the times of an earlier part of the run.
    pub const fn going_on(mut self, done: Times) -> Self {
        self.done = done;
        self
    }

    /// Another stage begins.
    pub fn enter(&mut self, stage: Stage) {
        self.done = self.times();
        self.stage = stage;
        self.since = Instant::now();
    }

    /// Returns all times so far.
    pub fn times(&self) -> Times {
        let mut times = self.done;
        let add = |before: f64| {
            let milliseconds = (before + seconds(self.since.elapsed())) * 1e3;
            milliseconds.round() / 1e3
        };
        match self.stage {
            Stage::Learn => times.learn = Some(add(times.learn.unwrap_or(0.0))),
            Stage::Decide => times.decide = Some(add(times.decide.unwrap_or(0.0))),
            Stage::Write => times.write = Some(add(times.write.unwrap_or(0.0))),
            Stage::Clean | Stage::Restore | Stage::Compare => times.clean = add(times.clean),
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_goes_on_counts_what_its_first_part_took() {
        let before = Times {
            learn: Some(2.0),
            clean: 5.0,
            ..Times::default()
        };
        let mut clock = Clock::new().going_on(before);
        clock.enter(Stage::Learn);
        clock.enter(Stage::Clean);
        clock.enter(Stage::Decide);
        let times = clock.times();
        assert!(times.clean >= 5.0 && times.learn >= Some(2.0), "{times:?}");
        assert!(times.decide >= Some(0.0) && times.write.is_none());
        let stages: Vec<&str> = times.stages().into_iter().map(|(what, _)| what).collect();
        assert_eq!(
            stages,
            [
                "learning sites",
                "reading and cleaning",
                "finding duplicates"
            ]
        );
    }
}
