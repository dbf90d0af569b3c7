//! `train`.

use crate::args::{Common, Train};
use crate::text::{fitted, harmless};
use anyhow::{Context, Result};
use copydesk::boilerplate::model::{Figures, Thresholds, share};
use copydesk::document::Document;
use copydesk::error::Error;
use copydesk::pipeline::{Cleaner, check_output};
use copydesk::report::counted;
use copydesk::settings::{Level, Settings};
use copydesk::store::Replacement;
use copydesk::training::{LabelledPage, Options, TrainedModel, train};
use rayon::prelude::*;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The levels whose texts `--predict` writes.
const LEVELS: [(&str, Level); 2] = [
    ("standard", Level::Standard),
    ("aggressive", Level::Aggressive),
];

/// Trains and returns the exit code.
pub fn run(job: &Train, common: &Common) -> Result<u8> {
    check(job)?;
    if let Some(date) = &job.date
        && !is_date(date)
    {
        let said = format!("{date:?} is no day; expected one such as 2026-01-31");
        return Err(Error::setting("--date", said).into());
    }
    let mut pages = Vec::new();
    for input in &job.inputs {
        let file = fs::File::open(input).with_context(|| input.display().to_string())?;
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let place = || format!("{}:{}", input.display(), number + 1);
            let line = line.with_context(place)?;
            if !line.trim().is_empty() {
                pages.push(serde_json::from_str::<LabelledPage>(&line).with_context(place)?);
            }
        }
    }
    let options = Options {
        date: job.date.clone().unwrap_or_default(),
        folds: job.folds,
    };
    let trained = train(pages.iter().cloned(), &options)?;
    if let Some(stem) = &job.predict {
        for (name, level) in LEVELS {
            let path = predicted(stem, name);
            write(&path, &texts(&pages, &trained, level)?, job.force)?;
        }
        for (fold, model) in trained.folds.iter().enumerate() {
            write(&fold_model(stem, fold), &model.save(), job.force)?;
        }
    }
    write(&job.output, &trained.model.save(), job.force)?;
    if !common.quiet {
        let said = match common.verbose {
            0 => summary(job, &trained, pages.len()),
            _ => figures(&trained),
        };
        let out = std::io::stdout().write_all(fitted(&said).as_bytes());
        out.map_err(|bad| Error::io("standard output", bad))?;
    }
    Ok(0)
}

/// Returns whether a text is a day of the calendar as ISO 8601 writes it.
fn is_date(text: &str) -> bool {
    let day = text.parse::<jiff::civil::Date>();
    day.is_ok_and(|day| day.to_string() == text)
}

/// Checks every file that will be written, before anything is read.
fn check(job: &Train) -> copydesk::Result<()> {
    let mut outputs = Vec::new();
    if let Some(stem) = &job.predict {
        outputs.extend(LEVELS.map(|(name, _)| predicted(stem, name)));
        outputs.extend((0..job.folds).map(|fold| fold_model(stem, fold)));
    }
    let inputs = || job.inputs.iter().map(PathBuf::as_path);
    check_output("-o", &job.output, inputs(), job.force)?;
    outputs
        .iter()
        .try_for_each(|output| check_output("--predict", output, inputs(), job.force))
}

/// Returns the file of the texts that a level leaves.
fn predicted(stem: &Path, level: &str) -> PathBuf {
    appended(stem, &format!(".{level}.jsonl"))
}

/// Returns the file of a fold's model.
fn fold_model(stem: &Path, fold: usize) -> PathBuf {
    appended(stem, &format!(".fold-{fold}.bin"))
}

fn appended(stem: &Path, ending: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes a file, which appears whole or not at all.
fn write(path: &Path, bytes: &[u8], force: bool) -> copydesk::Result<()> {
    let mut out = Replacement::open(path, force)?;
    out.put(&[bytes])?;
    out.commit()
}

/// Returns, as JSONL, every page's text cleaned by the model that has not seen its site.
fn texts(pages: &[LabelledPage], trained: &TrainedModel, level: Level) -> Result<Vec<u8>> {
    let mut settings = Settings::default();
    settings.boilerplate.level = level;
    let cleaners: Vec<Cleaner> = trained
        .folds
        .iter()
        .map(|model| Cleaner::with_model(&settings, Some(model.clone())))
        .collect();
    let cleaned: Vec<String> = pages
        .par_iter()
        .zip(&trained.fold_of)
        .map(|(page, fold)| {
            let document = Document {
                text: &page.text,
                title: page.title.as_deref(),
                url: None,
                ..Document::default()
            };
            cleaners[*fold].clean(&document).text.into_owned()
        })
        .collect();
    let mut out = Vec::new();
    for (page, text) in pages.iter().zip(cleaned) {
        serde_json::to_writer(&mut out, &serde_json::json!({"id": page.id, "text": text}))?;
        out.push(b'\n');
    }
    Ok(out)
}

/// Returns what the model was made of and what it reaches on sites that it has not seen, in a few
/// lines.
fn summary(job: &Train, trained: &TrainedModel, pages: usize) -> String {
    let about = trained.model.about();
    let mut out = format!(
        "{} of {}; {} is written\n",
        counted(pages as u64, "page", "pages"),
        counted(about.hosts, "site", "sites"),
        harmless(&job.output.display().to_string())
    );
    out.push_str(&thresholds(about.thresholds));
    out.push_str("on sites left out, in per cent:          standard  aggressive\n");
    let of = |name: &str| {
        let styles = about
            .figures
            .iter()
            .filter(|(key, _)| key.starts_with(name));
        let figures: Vec<&Figures> = styles.map(|(_, figures)| figures).collect();
        move |value: Figure| {
            let all: f64 = figures.iter().map(|one| value(one)).sum();
            100.0 * all / (figures.len().max(1) as f64)
        }
    };
    let (standard, aggressive) = (of("standard"), of("aggressive"));
    for (what, value) in ROWS {
        let (one, two) = (standard(value), aggressive(value));
        out.push_str(&format!("  {what:<38} {one:>8.2} {two:>11.2}\n"));
    }
    out.push_str("copydesk train -v prints every rendering and threshold\n");
    out
}

/// Returns from which score a line goes, as `explain` shows scores.
fn thresholds(all: Thresholds) -> String {
    format!(
        "a line goes from a score of {:.2} on at standard, {:.2} at aggressive\n",
        share(all.standard),
        share(all.aggressive)
    )
}

/// One of the figures, a share.
type Figure = fn(&Figures) -> f64;

/// What a summary says of a level, the mean over all renderings.
const ROWS: [(&str, Figure); 3] = [
    ("lines of boilerplate that go", |figures| {
        figures.boilerplate_lines
    }),
    ("characters of content lost", |figures| figures.content_loss),
    ("pages that lose a tenth of it", |figures| figures.hurt),
];

/// Returns what thresholds would give, and what the model reaches.
fn figures(trained: &TrainedModel) -> String {
    let mut out = String::new();
    for curve in &trained.curves {
        out.push_str(&format!(
            "{}: score from which lines go; in per cent boilerplate lines and characters, F1, content loss, pages hurt\n",
            curve.style
        ));
        for (threshold, figures) in &curve.points {
            let score = format!("{:6.3}", share(*threshold));
            out.push_str(&row(&score, figures));
        }
    }
    let about = trained.model.about();
    out.push_str(&thresholds(about.thresholds));
    out.push_str(
        "the whole desk on sites left out, in per cent: boilerplate lines and characters, F1, content loss, pages hurt\n",
    );
    for (name, figures) in &about.figures {
        out.push_str(&row(&format!("{name:24}"), figures));
    }
    out
}

fn row(name: &str, figures: &Figures) -> String {
    format!(
        "  {name} {:6.2} {:6.2} {:6.2} {:7.3} {:6.2}\n",
        100.0 * figures.boilerplate_lines,
        100.0 * figures.boilerplate_chars,
        100.0 * figures.f1_chars,
        100.0 * figures.content_loss,
        100.0 * figures.hurt
    )
}
