//! Runs of short lines around the body, for pages dumped whole.

use super::{Removes, Rule};
use crate::boilerplate::decide::Marks;
use crate::boilerplate::evidence::Reading;
use crate::boilerplate::shape::Ending;
use crate::document::Kind;
use crate::settings::Level;

pub(super) static RULE: Rule = Rule {
    code: "B12",
    name: "short-run",
    findings: &["short-run"],
    since: "0.1.0",
    level: Level::Aggressive,
    option: None,
    why: "A page dumped whole has its menus before the headline and its lists after the body: runs \
          of short lines without a final stop. An article's own list may look the same, so this is \
          for the bold.",
    removes: &[Removes {
        page: "The Lake Shore\nNews\nSport\nWeather\nClassified\nClinic opens by the lake on Monday after two years\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nPeople came from both shores to look at the new rooms on Sunday afternoon.\nAbout the paper\nHouse rules\nJobs\nWhere to buy it",
        gone: &[
            "News",
            "Sport",
            "Weather",
            "Classified",
            "About the paper",
            "House rules",
            "Jobs",
            "Where to buy it",
        ],
    }],
    keeps: &[
        "Clinic opens by the lake\nThe clinic will see two hundred patients a day from Monday, its head nurse said.\nPeople came from both shores to look at the new rooms on Sunday afternoon.\nThey liked them",
    ],
    check,
};

fn check(reading: &Reading<'_>, marks: &mut Marks<'_>) {
    let Some((first, last)) = reading.zones.body.filter(|_| !reading.wrapped) else {
        return;
    };
    let lines = &reading.lines;
    let short = |at: usize| {
        let seen = &lines[at];
        seen.taken || marks_short(seen.shape.width, seen.shape.ending) && !reading.broken(at)
    };
    // Before the body: the menu ends where the headline stands, the last longer line.
    let headline = (0..first)
        .rev()
        .find(|&at| !lines[at].taken && lines[at].shape.width >= 30)
        .unwrap_or(0)
        .max(reading.headline);
    let mut runs = Vec::new();
    collect(0..headline.min(first), &short, 3, &mut runs);
    collect(
        last + 1..lines.len(),
        &|at| lines[at].taken || lines[at].shape.ending != Ending::Stop && !reading.broken(at),
        3,
        &mut runs,
    );
    for (start, end) in runs {
        for (at, seen) in lines.iter().enumerate().take(end).skip(start) {
            if !seen.taken && at != reading.headline {
                let evidence = format!(
                    "one of {} short lines in a run outside the body",
                    end - start
                );
                marks.take(at, "short-run", Kind::Other, evidence);
            }
        }
    }
}

fn marks_short(width: usize, ending: Ending) -> bool {
    width < 40 && ending == Ending::Open
}

/// Collects runs of at least `least` lines.
fn collect(
    lines: std::ops::Range<usize>,
    short: &dyn Fn(usize) -> bool,
    least: usize,
    runs: &mut Vec<(usize, usize)>,
) {
    let end = lines.end;
    let mut start = lines.start;
    for at in lines {
        if !short(at) {
            if at - start >= least {
                runs.push((start, at));
            }
            start = at + 1;
        }
    }
    if end.saturating_sub(start) >= least {
        runs.push((start, end));
    }
}
