//! What was said about lines that stay: how near they came to going, for `explain`.

use super::decide::keeper;
use super::evidence::Reading;
use super::model::marked_by;
use crate::document::{Finding, Span};
use crate::settings::BoilerplateSettings;

/// What was heard about one line that stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The line's trimmed text.
    pub span: Span,
    /// The phrase of the table that it is or holds, in words.
    pub phrase: Option<String>,
    /// What the line model said, if it was asked.
    pub model: Option<Opinion>,
    /// What of the user's keeps it, whatever a rule says.
    pub keeper: Option<Keeper>,
}

/// What of the user's keeps a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// A phrase of the user's.
    Phrase,
    /// Its kind is one that the settings keep.
    Kind,
    /// The rule that would take it is off.
    Rule,
}

impl Keeper {
    const fn words(self) -> &'static str {
        match self {
            Self::Phrase => "a phrase of your rules keeps it",
            Self::Kind => "your settings keep its kind",
            Self::Rule => "your rules switch off what would take it",
        }
    }
}

/// What the line model said of a line that stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// How likely it is furniture, 0 to 1.
    pub score: f32,
    /// The score from which it would go, or, of a line that was saved, below which it stays.
    pub bar: f32,
    /// Why it stays.
    pub stays: Stays,
}

/// Why a line stays that the line model was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stays {
    /// The score is under the bar.
    Under,
    /// Too few of the words around are known.
    Unknown,
    /// Most of the list it stands in stays.
    Together,
    /// Its kind is one that stays by the settings or the user's rules.
    Kind,
    /// This rule would take it, but its words speak against the rule.
    Saved(String),
}

impl Heard {
    /// Returns it in words, such as "line model 0.41 under 0.90".
    pub fn words(&self) -> String {
        let model = self.model.as_ref().map(|opinion| {
            let Opinion { score, bar, stays } = opinion;
            // Two digits, unless they look the same.
            let digits = match format!("{score:.2}") == format!("{bar:.2}") {
                true => 3,
                false => 2,
            };
            let [score, bar] = [score, bar].map(|number| format!("{number:.digits$}"));
            match stays {
                Stays::Under => format!("line model {score} under {bar}"),
                Stays::Unknown => {
                    "line model silent: too few of the words around are known to it".to_owned()
                }
                Stays::Together => {
                    format!("line model {score} over {bar}, but most of the lines around it stay")
                }
                Stays::Kind => {
                    format!("line model {score} over {bar}, but its kind is kept")
                }
                Stays::Saved(rule) => {
                    format!("{rule} would take it, but line model {score} under {bar}")
                }
            }
        });
        let phrase = self.phrase.as_ref().map(|phrase| match self.keeper {
            Some(_) => phrase.clone(),
            None => format!("{phrase}, which does not suffice here"),
        });
        let keeper = self.keeper.map(|keeper| keeper.words().to_owned());
        let said: Vec<String> = phrase.into_iter().chain(keeper).chain(model).collect();
        said.join("; ")
    }
}

/// Notes the phrases of lines that stay beside what the model said of them.
pub(super) fn with_phrases(
    reading: &Reading<'_>,
    settings: &BoilerplateSettings,
    findings: &[Finding],
    opinions: Vec<(Span, Opinion)>,
) -> Vec<Heard> {
    let mut out = Vec::new();
    let goes = marked_by(reading, findings);
    let mut opinions = opinions.into_iter().peekable();
    for (seen, goes) in reading.lines.iter().zip(goes) {
        // Lines and what was said of them are in the order of the text.
        while opinions
            .next_if(|(span, _)| span.start < seen.span.start)
            .is_some()
        {}
        if goes || seen.taken {
            continue;
        }
        let model = opinions.next_if(|(span, _)| *span == seen.span);
        let model = model.map(|(_, opinion)| opinion);
        let phrase = seen.phrase.as_ref().map(|phrase| phrase.words());
        let keeper = keeper(seen, reading.user, settings);
        if model.is_some() || phrase.is_some() || keeper.is_some() {
            out.push(Heard {
                span: seen.span,
                phrase,
                model,
                keeper,
            });
        }
    }
    out
}
