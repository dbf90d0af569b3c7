//! A breadcrumb above the headline: "Home » News »", or a step a line.

use super::ends_in_stop;
use super::key::is_home;
use crate::document::Line;
use crate::text::fold::fold;

/// How many lines a breadcrumb has at most.
const LONGEST: usize = 7;
/// How many steps it has at most where no mark stands between them.
const BARE: usize = 4;
/// The longest step, in characters.
const STEP: usize = 30;
/// What stands between the steps, apart from the words.
const MARKS: [char; 7] = ['»', '>', '›', '/', '→', '|', '\\'];

/// Splits a line into steps; a path of a file has no marks, as nothing stands apart in it.
fn steps(line: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let mut steps = Vec::new();
    for (at, mark) in line.char_indices().filter(|(_, c)| MARKS.contains(c)) {
        let end = at + mark.len_utf8();
        let apart = |side: Option<char>| side.is_none_or(char::is_whitespace);
        if apart(line[..at].chars().next_back()) && apart(line[end..].chars().next()) {
            steps.push(line[from..at].trim());
            from = end;
        }
    }
    steps.push(line[from..].trim());
    steps.into_iter()
}

/// Returns the first line of the breadcrumb that ends right above line `at`, if there is one.
///
/// It begins with the home page, and a mark stands behind each step. Where no mark stands between
/// them, there must be two steps at least and `known` must hold: that line `at` is the headline or
/// a copy of it.
pub(super) fn start(lines: &[Line<'_>], at: usize, known: bool) -> Option<usize> {
    let trail = |line: &str| {
        line.chars().count() <= 3 * STEP
            && !ends_in_stop(line)
            && steps(line)
                .all(|step| step.chars().count() <= STEP && step.split_whitespace().count() <= 4)
    };
    // A mark may lead to the first step too: "› Home".
    let home = |line: &str| {
        steps(line)
            .find(|step| !step.is_empty())
            .is_some_and(|step| is_home(&fold(step)))
    };
    let first = (at.saturating_sub(LONGEST)..at)
        .rev()
        .take_while(|&line| trail(lines[line].text))
        .find(|&line| home(lines[line].text))?;
    let marked = |line: usize| steps(lines[line].text).nth(1).is_some();
    let led = |line: usize| {
        marked(line)
            || line + 1 < at && lines[line + 1].text.chars().all(|c| MARKS.contains(&c))
            || known && line + 1 == at && line > first && marked(line - 1)
    };
    let bare = !(first..at).any(marked);
    let leads = (first..at).all(led) || known && bare && (2..=BARE).contains(&(at - first));
    leads.then_some(first)
}
