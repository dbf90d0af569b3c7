//! What a reader must see first: records that could not be read, documents the brake left alone.

use super::text::{counted, grouped, id, percent, shown};
use crate::report::Report;
use maud::{Markup, html};

/// Reasons that are shown, the commonest first.
const REASONS: usize = 20;

pub fn warnings(report: &Report) -> Markup {
    let tally = &report.tally;
    let spared: u64 = tally.spared.values().sum();
    let rejected = tally.accounting.rejected;
    if spared == 0 && rejected == 0 {
        return html! {};
    }
    let mut reasons: Vec<(&String, u64)> = tally
        .rejects
        .iter()
        .map(|(reason, count)| (reason, *count))
        .collect();
    reasons.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
    html! {
        section.warnings aria-labelledby="warnings" {
            h2 id="warnings" { "To look at" }
            @if spared > 0 {
                h3 { "The brake left " (counted(spared, "document alone", "documents alone")) }
                p { "Cleaning would have taken more than " (format!("{:.4}", 100.0 * report.settings.brake.text).trim_end_matches('0').trim_end_matches('.')) " % of " (match spared { 1 => "its", _ => "their" }) " text. The rule that would have taken most is named; " code { "spared.jsonl" } " has " (match spared { 1 => "it", _ => "them all" }) "." }
                ul { @for (rule, count) in &tally.spared { li { code { (shown(rule)) } " " (grouped(*count)) } } }
                @if !tally.spared_seen.is_empty() {
                    details { summary { "The first of them" }
                        ul { @for one in &tally.spared_seen { li {
                            b { (id(&one.id)) } span.soft { " record " (grouped(one.doc.0 + 1)) ", " (format!("{:.2}", 100.0 * one.share)) " % by " } code { (shown(&one.rule)) }
                        } } }
                    }
                }
            }
            @if rejected > 0 {
                h3 { (counted(rejected, "record", "records")) " could not be read, " (percent(rejected, tally.accounting.read)) " of all" }
                p { code { "rejected.jsonl" } " holds each with its file, its line, the reason and its bytes." }
                dl.reasons { @for (reason, count) in reasons.iter().take(REASONS) {
                    dt { (shown(reason)) " " b { (grouped(*count)) } }
                    dd { ul { @for one in tally.rejects_seen.get(*reason).into_iter().flatten() {
                        li { span.soft { "record " (grouped(one.doc.0 + 1)) ": " } (shown(&one.reason)) }
                    } } }
                } }
            }
        }
    }
}
