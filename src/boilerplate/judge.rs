//! What the line model adds to the rules' findings.
//!
//! The rules decide first; their findings are evidence for the model, which is
//! asked about the lines they left, and whether what they take is an author's own after all. At `standard` it is asked only on pages
//! where something was found, and only where the words around are known; what it
//! takes must pass a threshold calibrated on sites it was not trained on, and
//! a higher one where a line is a sentence, or stands alone before the body.

use super::decide::decide;
use super::evidence::{Reading, Seen};
use super::heard::{Opinion, Stays};
use super::model::features::Sheet;
use super::model::{LineModel, Question, marked_by, share};
use super::rules::name_of;
use super::shape::{Ending, is_named_byline};
use crate::document::{Finding, Kind, Page, Span, Why};
use crate::settings::{BoilerplateSettings, Level};
use std::sync::Arc;

/// A line that a rule takes stays if its raw score is below this: the words, the place and the
/// neighbours say that the phrase is the author's own. On out-of-fold scores of articles a bar of
/// 0 saved 43 % of the content characters that rules take and cost 0.5 % of their furniture
/// lines, a bar of 1,024 saved 58 % and cost 1.2 %; this lies between and was not measured alone.
pub(crate) const VETO: i32 = 512;
/// A line of this many characters is a paragraph though it has no final stop.
const PARAGRAPH: usize = 240;
/// How much surer a sentence must be where no furniture has begun behind the body.
pub(crate) const SENTENCE: i32 = 3 * 512;
/// How much surer a line must be that stands before the body's end without company.
const LONELY: i32 = 512;
/// A first answer this far below the threshold is not smoothed.
const HOPE: i32 = 3 * 1024;

/// The name under which the model's findings stand in the ledger.
pub(super) const NAME: &str = "line-model";

/// How far away a line's company may stand.
const COMPANY: usize = 3;

/// How many long sentences a page needs for the model to be asked at `standard`.
const BODY: usize = 3;

/// The share of a list's lines that must go for any of them to go.
const MOST: (usize, usize) = (2, 3);

/// How many lines in a row are a menu and no table's head.
const ROW: usize = 8;

/// How many lines around a line tell its kind.
const NEIGHBOURS: usize = 3;

/// Decides over the page by the rules and by what `model` says of the lines they leave.
///
/// At `aggressive` the bold rules have a say only where the model has none.
pub(super) fn judge(
    page: &Page<'_>,
    reading: &Reading<'_>,
    settings: &BoilerplateSettings,
    model: &LineModel,
    mut heard: Option<&mut Vec<(Span, Opinion)>>,
) -> Vec<Finding> {
    let mut hear = |span: Span, score: i32, bar: i32, stays: &dyn Fn() -> Stays| {
        if let Some(heard) = &mut heard {
            let (score, bar) = (share(score), share(bar));
            let stays = stays();
            heard.push((span, Opinion { score, bar, stays }));
        }
    };
    let off = reading.user.is_some_and(|user| user.is_off(NAME));
    // A model that may never take a line has no say in what the rules take either.
    let bar = model.about().thresholds.of(settings.level);
    let Some(bar) = bar.filter(|bar| !off && *bar < i32::MAX) else {
        return decide(reading, settings);
    };
    let bold = settings.level == Level::Aggressive;
    let mut findings = if bold {
        let careful = BoilerplateSettings {
            level: Level::Standard,
            ..settings.clone()
        };
        decide(reading, &careful)
    } else {
        decide(reading, settings)
    };
    let marked = marked_by(reading, &findings);
    // A text without a body is a list, a table or a poem.
    if !bold && !has_body(reading) {
        return findings;
    }
    // Where no rule finds anything and no headline stands twice, the text is no page dump: its
    // short lines are lists.
    if !bold && !marked.contains(&true) && !reading.lines.iter().any(|seen| seen.taken) {
        return findings;
    }
    // A sentence must be surer until furniture has begun behind the body.
    let begun = reading.zones.body.and_then(|(_, last)| {
        let after = marked.get(last + 1..)?.iter().position(|marked| *marked)?;
        Some(last + 1 + after)
    });
    let says = |line: usize| {
        let sentence = reading.lines[line].sentence() && reading.lines[line].phrase.is_none();
        sentence && begun.is_none_or(|begun| begun >= line)
    };
    let open = |line: usize| {
        !reading.lines[line].taken && (marked[line] || doubtful(reading, line, settings.level))
    };
    // A page of nothing but long sentences under a headline leaves nothing to ask.
    if !(0..reading.lines.len()).any(open) {
        return findings;
    }
    let sheet = Sheet::new(reading, |line| marked[line], page.title);
    let question = Question {
        floor: bar.saturating_sub(HOPE).min(0),
        bold,
    };
    let asked = model.ask(sheet, &question, |sheet, at| open(sheet.line(at)));
    let mut added = Vec::new();
    let mut unknown = Vec::new();
    let mut saved = Vec::new();
    let mut sure = marked.clone();
    for (line, score, known) in &asked {
        sure[*line] |= *known && *score >= bar;
    }
    // Before the body's end a table's head and a menu look alike: company tells them apart, or
    // length.
    let settled = |line: usize| {
        reading.zones.tail(line) || in_company(reading, &marked, line) || runs(&sure, line)
    };
    let bar_of = |line: usize| {
        if bold {
            return bar;
        }
        let sentence = if says(line) { SENTENCE } else { 0 };
        let lonely = if settled(line) { 0 } else { LONELY };
        bar.saturating_add(sentence + lonely)
    };
    let together = together(reading, &marked, settings, |line| {
        let at = asked.binary_search_by_key(&line, |one| one.0).ok();
        at.is_some_and(|at| asked[at].2 && asked[at].1 >= bar_of(line))
    });
    for (line, score, known) in asked {
        let span = reading.lines[line].span;
        if marked[line] {
            if known && score < VETO {
                saved.push(span);
                hear(span, score, VETO, &|| {
                    Stays::Saved(rule_of(&findings, span))
                });
            }
            continue;
        }
        if !known {
            unknown.push(span);
            hear(span, score, bar_of(line), &|| Stays::Unknown);
            continue;
        }
        let kind = kind(reading, line);
        // What the user lets stand under its own rule's name stands under the model's too.
        let stays = reading.user.is_some_and(|user| user.is_off(name_of(kind)));
        let fits = bold || together.get(line).is_some_and(|together| *together);
        let stays = stays || settings.keep_kinds.contains(&kind);
        if score < bar_of(line) || !fits || stays {
            let why = match score < bar_of(line) {
                true => Stays::Under,
                false if stays => Stays::Kind,
                false => Stays::Together,
            };
            hear(span, score, bar_of(line), &|| why.clone());
            continue;
        }
        added.push(Finding {
            span: reading.lines[line].span,
            why: Arc::new(Why {
                rule: NAME.into(),
                kind,
                evidence: format!(
                    "line model {:.2} over {:.2}: {}",
                    share(score),
                    share(bar_of(line)),
                    story(reading, line)
                ),
                score: Some(share(score)),
            }),
        });
    }
    if bold && !unknown.is_empty() {
        let rules = decide(reading, settings);
        added.extend(
            rules
                .into_iter()
                .filter(|finding| unknown.binary_search(&finding.span).is_ok()),
        );
    }
    findings.retain(|finding| {
        may_not_save(&finding.why) || saved.binary_search(&finding.span).is_err()
    });
    if added.is_empty() {
        return findings;
    }
    added.sort_by_key(|finding| finding.span);
    // A cut inside a line that goes whole is part of it.
    findings.retain(|cut| {
        let at = added.partition_point(|whole| whole.span.end <= cut.span.start);
        added
            .get(at)
            .is_none_or(|whole| whole.span.start >= cut.span.end)
    });
    findings.append(&mut added);
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// Returns the name of the finding that takes a line; `findings` ascend.
fn rule_of(findings: &[Finding], span: Span) -> String {
    let found = findings.binary_search_by_key(&span, |finding| finding.span);
    let found = found.ok().and_then(|at| findings.get(at));
    found.map_or_else(String::new, |finding| finding.why.rule.to_string())
}

/// Returns whether what a rule says stands whatever the model says: what is known from elsewhere
/// than the words, and a line that names its own purpose.
fn may_not_save(why: &Why) -> bool {
    matches!(why.kind, Kind::Headline | Kind::BylineGeneric)
        || matches!(
            &*why.rule,
            "user-phrase" | "site-line" | "site-template" | "related-line"
        )
}

/// Returns whether the model may be asked about a line at all.
fn doubtful(reading: &Reading<'_>, line: usize, level: Level) -> bool {
    if line == reading.headline || reading.opens(line) || reading.lines[line].kept {
        return false;
    }
    if level == Level::Aggressive {
        return true;
    }
    // A lone subhead between two paragraphs is nobody's furniture.
    let plain = |line: usize| {
        line == reading.headline || reading.lines.get(line).is_none_or(|seen| is_good(seen))
    };
    !is_good(&reading.lines[line])
        && (reading.lines[line].phrase.is_some()
            || reading.zones.tail(line)
            || !plain(line + 1)
            || line.checked_sub(1).is_some_and(|before| !plain(before)))
}

/// Returns whether the page has enough long sentences to tell a body from what stands around it.
fn has_body(reading: &Reading<'_>) -> bool {
    let sentences = reading.lines.iter().filter(|seen| is_good(seen));
    sentences.take(BODY).count() == BODY
}

/// Returns which lines stand among lines that go too: of a list most lines go, or none.
///
/// What `goes` alone would take of a list of names, a table or a poem is a line here and there; of
/// furniture it takes nearly all. A list ends at a sentence, a line that a rule takes, or the page;
/// lines of kinds that stay do not count.
fn together(
    reading: &Reading<'_>,
    marked: &[bool],
    settings: &BoilerplateSettings,
    goes: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut out = vec![false; reading.lines.len()];
    let ends = |line: usize| marked[line] || is_good(&reading.lines[line]);
    let mut from = 0;
    while from < out.len() {
        if ends(from) {
            // A long line is judged alone.
            out[from] = true;
            from += 1;
            continue;
        }
        let to = (from..out.len()).find(|&at| ends(at)).unwrap_or(out.len());
        let counts = |&line: &usize| {
            let seen = &reading.lines[line];
            let stays = seen
                .phrase
                .is_some_and(|phrase| settings.keep_kinds.contains(&phrase.kind));
            !seen.taken && !stays && line != reading.headline
        };
        let all = (from..to).filter(counts).count();
        let gone = (from..to).filter(counts).filter(|&at| goes(at)).count();
        out[from..to].fill(gone * MOST.1 >= all * MOST.0);
        from = to;
    }
    out
}

/// Returns whether a line stands in a long row of lines that are all furniture.
fn runs(sure: &[bool], line: usize) -> bool {
    let before = sure[..line].iter().rev().take_while(|sure| **sure);
    let after = sure[line..].iter().take_while(|sure| **sure);
    before.take(ROW).count() + after.take(ROW).count() >= ROW
}

/// Returns whether lines that the rules are sure of stand close by: on both sides, or on one where
/// the line is a phrase itself.
fn in_company(reading: &Reading<'_>, marked: &[bool], line: usize) -> bool {
    let from = line.saturating_sub(COMPANY);
    let to = marked.len().min(line + COMPANY + 1);
    let before = marked[from..line].contains(&true);
    let after = marked[line..to].contains(&true);
    before && after || (before || after) && reading.lines[line].phrase.is_some()
}

/// Returns whether a line reads like part of a body, whatever the rules say.
fn is_good(seen: &Seen<'_>) -> bool {
    let least = if seen.shape.ending == Ending::Stop {
        80
    } else {
        PARAGRAPH
    };
    seen.shape.width >= least && !seen.sure()
}

/// Returns the line's own kind, else the nearest phrase's, else `Other`.
fn kind(reading: &Reading<'_>, line: usize) -> Kind {
    if let Some(own) = reading.lines[line].phrase {
        return own.kind;
    }
    if is_named_byline(reading.lines[line].text) {
        return Kind::BylineNamed;
    }
    (1..=NEIGHBOURS)
        .flat_map(|step| [line.checked_sub(step), Some(line + step)])
        .flatten()
        .filter_map(|at| reading.lines.get(at)?.phrase)
        .map(|phrase| phrase.kind)
        .find(|kind| *kind != Kind::BylineNamed)
        .unwrap_or(Kind::Other)
}

/// Returns what a reader should know: how the line looks and where it stands.
fn story(reading: &Reading<'_>, line: usize) -> String {
    let seen = &reading.lines[line];
    let looks = match seen.shape.width {
        0..40 => "short line",
        40..120 => "line",
        _ => "long line",
    };
    let place = if reading.zones.head(line) {
        "before the body"
    } else if reading.zones.tail(line) {
        "after the body"
    } else {
        "in the body"
    };
    format!("{looks} {place}, with words and neighbours as furniture has")
}
