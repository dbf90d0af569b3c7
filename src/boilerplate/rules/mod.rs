//! The rules: what may go, one file each.
//!
//! Only words? Add a row to a phrase table. Needs code? Add a file here with
//! one `RULE` constant and one function, and put the constant into `ALL`;
//! the test below says which file lacks examples, and runs them through the
//! whole desk. Codes are for ever: never reused.

mod ad_mark;
pub(super) mod agency_tag;
mod caption_credit;
mod contents_list;
mod date_line;
mod generic_byline;
mod glued_tail;
mod known_phrase;
mod page_numbers;
mod phrase_company;
mod related_inline;
mod related_line;
mod related_list;
mod short_run;
pub(super) mod site_line;
mod tail_section;
pub(super) mod user_phrase;

use super::decide::Marks;
use super::evidence::Reading;
use crate::document::Kind;
use crate::settings::Level;
use std::collections::BTreeSet;

/// The code of the headlines desk's rule, and what it calls its findings beside the kind's name.
const HEADLINE: [&str; 2] = ["H01", "repeated-standfirst"];

/// The code and the name of the line model, which has its say when the rules have had theirs.
pub const LINE_MODEL: [&str; 2] = ["M01", super::judge::NAME];

/// Every rule, the surest first: the first to mark a line names it.
pub(super) const ALL: [&Rule; 17] = [
    &user_phrase::RULE,
    &generic_byline::RULE,
    &ad_mark::RULE,
    &known_phrase::RULE,
    &contents_list::RULE,
    &phrase_company::RULE,
    &related_line::RULE,
    &related_inline::RULE,
    &related_list::RULE,
    &caption_credit::RULE,
    &page_numbers::RULE,
    &glued_tail::RULE,
    &agency_tag::RULE,
    &date_line::RULE,
    &tail_section::RULE,
    &short_run::RULE,
    &site_line::RULE,
];

/// Returns every rule, in the order they decide.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.into_iter()
}

/// Returns every name that a rule or its findings carry, and every code.
pub fn names() -> BTreeSet<&'static str> {
    let mut out: BTreeSet<&str> = Kind::ALL.into_iter().map(name_of).collect();
    out.extend(HEADLINE);
    out.extend(LINE_MODEL);
    for rule in ALL {
        out.extend([rule.code, rule.name]);
        out.extend(rule.findings);
    }
    out
}

/// A rule of the catalogue.
pub struct Rule {
    /// Its code, for ever.
    pub code: &'static str,
    /// Its name, for the pattern it finds.
    pub name: &'static str,
    /// The names its findings may carry.
    pub findings: &'static [&'static str],
    /// The version it came with.
    pub since: &'static str,
    /// The least level at which it works.
    pub level: Level,
    /// The flag that switches it on, where it works only on demand.
    pub option: Option<&'static str>,
    /// What it finds and why that is no author's text.
    pub why: &'static str,
    /// Pages with what it takes out of them.
    pub removes: &'static [Removes],
    /// Pages that look like it and stay whole.
    pub keeps: &'static [&'static str],
    pub(super) check: fn(&Reading<'_>, &mut Marks<'_>),
}

/// A page, and the lines (or parts of lines) that go.
pub struct Removes {
    /// The page's text.
    pub page: &'static str,
    /// What goes, in order.
    pub gone: &'static [&'static str],
}

/// Returns the name of the findings that a phrase of this kind makes.
pub const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Headline => "repeated-headline",
        Kind::Advertisement => "ad-mark",
        Kind::App => "app-prompt",
        Kind::BylineGeneric => "generic-byline",
        Kind::BylineNamed => "named-byline",
        Kind::CaptionCredit => "caption-credit",
        Kind::CommentForm => "comment-form",
        Kind::Cookie => "cookie-notice",
        Kind::Copyright => "copyright-notice",
        Kind::ErrorJs => "browser-message",
        Kind::FollowUs => "follow-us",
        Kind::Login => "login-prompt",
        Kind::Newsletter => "newsletter-prompt",
        Kind::Pagination => "page-numbers",
        Kind::Paywall => "paywall-prompt",
        Kind::PrintEmail => "print-button",
        Kind::Related => "related-label",
        Kind::Search => "search-box",
        Kind::Share => "share-bar",
        Kind::SkipNav => "skip-link",
        Kind::TagsCategories => "tag-line",
        Kind::Other => "interface-label",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boilerplate::Catalogue;

    /// Where a rule's file is, for messages.
    fn file(rule: &Rule) -> String {
        format!("src/boilerplate/rules/{}.rs", rule.name.replace('-', "_"))
    }

    #[test]
    fn every_rule_is_documented_and_has_examples() {
        let mut codes = std::collections::BTreeSet::new();
        for rule in ALL {
            assert!(
                !rule.removes.is_empty(),
                "{}: add an example to `removes`",
                file(rule)
            );
            assert!(
                !rule.keeps.is_empty(),
                "{}: add an example to `keeps`",
                file(rule)
            );
            assert!(rule.why.len() > 40, "{}: say why", file(rule));
            assert!(
                codes.insert(rule.code),
                "{}: code {} is taken",
                file(rule),
                rule.code
            );
            let path = format!("{}/{}", env!("CARGO_MANIFEST_DIR"), file(rule));
            assert!(std::path::Path::new(&path).is_file(), "{path}: is missing");
        }
    }

    #[test]
    fn every_rule_removes_and_keeps_what_it_says() {
        for rule in ALL {
            for trial in rule.trials(Catalogue::shipped()) {
                assert_eq!(
                    trial.problem,
                    None,
                    "{}: in the page\n{}",
                    file(rule),
                    trial.example
                );
            }
        }
    }
}
