//! What came in, and what became of it.

use super::text::{counted, grouped, percent, shown};
use crate::report::Report;
use maud::{Markup, html};

/// Height of the picture's stream, without gaps.
const STREAM: f64 = 150.0;
/// Where the stream begins; what was read stands above it.
const TOP: f64 = 20.0;
/// The least height of a row at the right, so that labels do not overlap.
const ROW: f64 = 38.0;
const LEFT: f64 = 10.0;
const FORK: f64 = 180.0;

pub fn flow(report: &Report) -> Markup {
    let tally = &report.tally;
    let accounting = &tally.accounting;
    let ways = [
        ("written", "written", accounting.written),
        (
            "duplicates",
            "duplicates: repeat another",
            accounting.duplicates,
        ),
        ("dropped", "dropped: no text was left", accounting.dropped),
        ("rejected", "rejected: not readable", accounting.rejected),
    ];
    let whole = accounting.read.max(1) as f64;
    let mut from = TOP;
    let mut to = TOP;
    let placed: Vec<_> = ways
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(class, name, count)| {
            let thick = (STREAM * count as f64 / whole).max(1.5);
            let (above, row) = (from, to);
            from += thick;
            to += thick.max(ROW) + 8.0;
            (class, name, count, thick, above, row)
        })
        .collect();
    let height = to.max(from + 16.0);
    let told: Vec<String> = placed
        .iter()
        .map(|(class, _, count, ..)| format!("{class} {}", grouped(*count)))
        .collect();
    html! {
        section aria-labelledby="flow" {
            h2 id="flow" { "From read to written" }
            svg.flow viewBox=(format!("0 0 420 {height:.0}")) role="img" aria-labelledby="flow-t flow-d" {
                title id="flow-t" { "What became of the records" }
                desc id="flow-d" { (grouped(accounting.read)) " read: " (told.join(", ")) "." }
                rect.read x="0" y=(TOP) width=(LEFT) height=(format!("{:.1}", from - TOP)) {}
                text x="0" y="13" { "read " tspan.strong { (grouped(accounting.read)) } }
                @for (class, name, count, thick, above, row) in &placed {
                    @let middle = (LEFT + FORK) / 2.0;
                    path class=(format!("{class} ribbon")) d=(format!(
                        "M{LEFT} {above:.1}C{middle} {above:.1} {middle} {row:.1} {FORK} {row:.1}V{:.1}C{middle} {:.1} {middle} {:.1} {LEFT} {:.1}Z",
                        row + thick, row + thick, above + thick, above + thick)) {}
                    rect class=(*class) x=(FORK) y=(format!("{row:.1}")) width="8" height=(format!("{thick:.1}")) {}
                    @let line = (row + thick / 2.0).max(row + 13.0);
                    text.strong x="198" y=(format!("{line:.1}")) { (grouped(*count)) tspan.soft { "  " (percent(*count, accounting.read)) } }
                    text.soft x="198" y=(format!("{:.1}", line + 17.0)) { (*name) }
                }
            }
            p.sum { "read " b { (grouped(accounting.read)) } " = written " b { (grouped(accounting.written)) }
                " + duplicates " b { (grouped(accounting.duplicates)) }
                " + dropped " b { (grouped(accounting.dropped)) }
                " + rejected " b { (grouped(accounting.rejected)) } }
            p.note {
                (counted(tally.text.records_changed, "text was", "texts were")) " changed, "
                (grouped(tally.text.records_cut)) " of them by losing a line or a part of one. "
                "Every line and record that is not in the cleaned output stands in the ledger, and "
                code { "copydesk restore" } " puts it back."
            }
            @if !report.passed_over.is_empty() {
                p.note {
                    (counted(report.passed_over.values().sum(), "file", "files")) " in the folders that were named "
                    "were not read, by their ending: "
                    (shown(&endings(report))) "."
                }
            }
        }
    }
}

fn endings(report: &Report) -> String {
    let named = |(ending, count): (&String, &u64)| match &**ending {
        "" => format!("none ({})", grouped(*count)),
        ending => format!("{ending} ({})", grouped(*count)),
    };
    report
        .passed_over
        .iter()
        .map(named)
        .collect::<Vec<_>>()
        .join(", ")
}
