//! `rules show line-model`: what the shipped line model was made of, and what it reaches.

use crate::rules::written;
use anyhow::Result;
use copydesk::boilerplate::model::LineModel;
use copydesk::error::Error;
use std::io::Write;

/// The name under which its findings stand in the ledger.
pub const NAME: &str = "line-model";

/// Writes what the model says of itself, as text or as JSON.
pub fn show(json: bool, out: &mut impl Write) -> Result<u8> {
    let model = LineModel::shipped().ok_or_else(|| {
        Error::damaged(
            "the shipped line model",
            "it does not read as it was written",
        )
    })?;
    let about = model.about();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(about)?).map_err(written)?;
        return Ok(0);
    }
    let mut text = format!(
        "{NAME}: tells furniture that no phrase names, by a line's words, place and neighbours\n\n\
         It works from --boilerplate standard on, is asked about what the rules leave, and has no\n\
         say where it knows too few of a line's words. `line_model = false` switches it off.\n\n  \
         trained   {} on {} labelled lines of {} pages, {} sites\n  \
         set       SHA-256 {}\n  \
         a line goes from a logit of {:.2} on at standard, {:.2} at aggressive\n\n\
         On sites left out of training, with the rules, in per cent:\n  \
         {:<24} {:>9} {:>9} {:>9} {:>7}\n",
        about.date,
        about.lines,
        about.pages,
        about.hosts,
        about.training_set,
        f64::from(about.thresholds.standard) / 1024.0,
        f64::from(about.thresholds.aggressive) / 1024.0,
        "level and rendering",
        "lines out",
        "F1 chars",
        "lost text",
        "hurt"
    );
    for (name, figures) in &about.figures {
        text.push_str(&format!(
            "  {name:<24} {:>9.1} {:>9.1} {:>9.2} {:>7.1}\n",
            100.0 * figures.boilerplate_lines,
            100.0 * figures.f1_chars,
            100.0 * figures.content_loss,
            100.0 * figures.hurt
        ));
    }
    write!(out, "{text}").map_err(written)?;
    Ok(0)
}
