//! What `rules show line-model` tells of the shipped line model: what it was made of, and what it
//! reaches.

use crate::table::{Column, lay};
use crate::text::Stream;
use anyhow::Result;
use copydesk::boilerplate::model::LineModel;
use copydesk::error::Error;

/// Returns what the model says of itself, as text or as JSON.
pub fn about(json: bool) -> Result<String> {
    let model = LineModel::shipped().ok_or_else(|| {
        Error::damaged(
            "the shipped line model",
            "it does not read as it was written",
        )
    })?;
    let about = model.about();
    if json {
        return Ok(serde_json::to_string_pretty(about)? + "\n");
    }
    let mut text = format!(
        "  trained   {} on {} labelled lines of {} pages, {} sites\n  \
         set       SHA-256 {}\n  \
         a line goes from a logit of {:.2} on at standard, {:.2} at aggressive\n\n\
         On sites left out of training, with the rules, in per cent:\n",
        about.date,
        about.lines,
        about.pages,
        about.hosts,
        about.training_set,
        f64::from(about.thresholds.standard) / 1024.0,
        f64::from(about.thresholds.aggressive) / 1024.0,
    );
    let columns = [
        Column::words("", 1),
        Column::words("level and rendering", 24),
        Column::number("lines out", 9),
        Column::number("F1 chars", 9),
        Column::number("lost text", 9),
        Column::number("hurt", 7),
    ];
    let rows = about.figures.iter().map(|(name, figures)| {
        vec![
            String::new(),
            name.clone(),
            format!("{:.1}", 100.0 * figures.boilerplate_lines),
            format!("{:.1}", 100.0 * figures.f1_chars),
            format!("{:.2}", 100.0 * figures.content_loss),
            format!("{:.1}", 100.0 * figures.hurt),
        ]
    });
    let laid = lay(&columns, &rows.collect::<Vec<_>>(), Stream::Out.width());
    for line in laid.head.iter().chain(&laid.rows) {
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}
