//! What `rules show line-model` tells of the shipped line model: what it was made of, and what it
//! reaches.

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
    Ok(text)
}
