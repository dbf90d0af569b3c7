//! `train`.

use crate::args::{Common, Train};
use anyhow::{Context, Result};
use copydesk::document::Document;
use copydesk::pipeline::Cleaner;
use copydesk::settings::{Level, Settings};
use copydesk::training::{LabelledPage, Options, train};
use rayon::prelude::*;
use std::fs;
use std::io::{BufRead, BufReader, Write};

/// Trains and returns the exit code.
pub fn run(job: &Train, common: &Common) -> Result<u8> {
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
    if !common.quiet {
        for curve in &trained.curves {
            println!(
                "{}: threshold, boilerplate lines and characters, F1, content loss, hurt",
                curve.style
            );
            for (threshold, figures) in &curve.points {
                println!(
                    "  {threshold:6} {:6.2} {:6.2} {:6.2} {:7.3} {:6.2}",
                    100.0 * figures.boilerplate_lines,
                    100.0 * figures.boilerplate_chars,
                    100.0 * figures.f1_chars,
                    100.0 * figures.content_loss,
                    100.0 * figures.hurt
                );
            }
        }
        let about = trained.model.about();
        println!(
            "thresholds: standard {}, aggressive {}",
            about.thresholds.standard, about.thresholds.aggressive
        );
        println!(
            "the whole desk on sites left out: boilerplate lines and characters, F1, content loss, hurt"
        );
        for (name, figures) in &about.figures {
            println!(
                "  {name:24} {:6.2} {:6.2} {:6.2} {:7.3} {:6.2}",
                100.0 * figures.boilerplate_lines,
                100.0 * figures.boilerplate_chars,
                100.0 * figures.f1_chars,
                100.0 * figures.content_loss,
                100.0 * figures.hurt
            );
        }
    }
    if let Some(path) = &job.predict {
        for (name, level) in [
            ("standard", Level::Standard),
            ("aggressive", Level::Aggressive),
        ] {
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
            let path = path.with_extension(format!("{name}.jsonl"));
            let mut out = std::io::BufWriter::new(
                fs::File::create(&path).with_context(|| path.display().to_string())?,
            );
            for (page, text) in pages.iter().zip(cleaned) {
                serde_json::to_writer(&mut out, &serde_json::json!({"id": page.id, "text": text}))?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
    }
    if let Some(path) = &job.predict {
        for (fold, model) in trained.folds.iter().enumerate() {
            let path = path.with_extension(format!("fold-{fold}.bin"));
            fs::write(&path, model.save()).with_context(|| path.display().to_string())?;
        }
    }
    fs::write(&job.output, trained.model.save())
        .with_context(|| job.output.display().to_string())?;
    Ok(0)
}
