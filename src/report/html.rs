//! The report to look at: one file, no script, no request, all text escaped.

use super::{Accounting, Report};
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

/// How a number of a bar chart is written.
type Bar<'a> = (&'a str, u64, String);

/// Returns `report` as a page that stands alone.
///
/// It holds no time and nothing of the machine, so equal runs give equal bytes.
pub fn html(report: &Report) -> String {
    let tally = &report.tally;
    let accounting = &tally.accounting;
    let title = format!(
        "copydesk {}: {} records read",
        report.command,
        grouped(accounting.read)
    );
    let gone = tally
        .text
        .bytes_before
        .saturating_sub(tally.text.bytes_after);
    let mut rules: Vec<Bar<'_>> = tally
        .rules
        .iter()
        .map(|(name, rule)| {
            let note = format!("{} · {} bytes", rule.kind.as_str(), grouped(rule.bytes));
            (name.as_str(), rule.spans, note)
        })
        .collect();
    rules.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "What became of " (grouped(accounting.read)) " records" }
                    p.lead {
                        (percent(gone, tally.text.bytes_before)) " of the text was taken out, "
                        (grouped(tally.text.records_cut)) " records lost a line or more, and "
                        (grouped(tally.duplicates.values().sum())) " repeated another."
                    }
                    section aria-labelledby="flow" {
                        h2 id="flow" { "From read to written" }
                        (flow(accounting))
                        p { "read " (grouped(accounting.read)) " = written " (grouped(accounting.written))
                            " + duplicates " (grouped(accounting.duplicates))
                            " + dropped " (grouped(accounting.dropped))
                            " + rejected " (grouped(accounting.rejected)) }
                    }
                    @if !tally.rules.is_empty() {
                        section aria-labelledby="rules" {
                            h2 id="rules" { "What was taken out, by rule" }
                            (bars(&rules))
                        }
                    }
                    @if !tally.common_lines.is_empty() {
                        section aria-labelledby="lines" {
                            h2 id="lines" { "The lines taken out most often" }
                            div.scroll { table {
                                thead { tr { th { "line" } th { "times" } th { "rule" } th { "first seen in" } } }
                                tbody { @for line in &tally.common_lines {
                                    tr {
                                        td dir="auto" { (visible(&line.text)) }
                                        td.number { (grouped(line.count)) }
                                        td { (line.rule) }
                                        td.ids { (visible(&line.examples.join(", "))) }
                                    }
                                } }
                            } }
                        }
                    }
                    @if !tally.mends.is_empty() {
                        section aria-labelledby="mends" {
                            h2 id="mends" { "What was mended" }
                            @let mends: Vec<Bar<'_>> = tally.mends.iter()
                                .map(|(name, count)| (name.as_str(), *count, String::new())).collect();
                            (bars(&mends))
                        }
                    }
                    @if !tally.duplicates.is_empty() {
                        section aria-labelledby="duplicates" {
                            h2 id="duplicates" { "Duplicates by similarity to their survivor" }
                            p {
                                @for (kind, count) in &tally.duplicates { (grouped(*count)) " " (kind) ". " }
                                "The threshold is " (report.settings.duplicates.threshold)
                                @if let Some(share) = report.settings.duplicates.containment {
                                    ", of a text inside a longer one " (share) " of it"
                                }
                                "; duplicates.jsonl names every survivor."
                            }
                            (histogram(&tally.similarity))
                        }
                    }
                    @if !tally.spared.is_empty() {
                        section aria-labelledby="spared" {
                            h2 id="spared" { "Documents left as they were" }
                            @let spared: Vec<Bar<'_>> = tally.spared.iter()
                                .map(|(rule, count)| (rule.as_str(), *count, String::new())).collect();
                            (bars(&spared))
                            p { "Cleaning would have taken more of them than the brake allows; the rule that would have taken most is named. spared.jsonl names each." }
                        }
                    }
                    @if !tally.rejects.is_empty() {
                        section aria-labelledby="rejects" {
                            h2 id="rejects" { "Records that could not be read" }
                            @let rejects: Vec<Bar<'_>> = tally.rejects.iter()
                                .map(|(reason, count)| (reason.as_str(), *count, String::new())).collect();
                            (bars(&rejects))
                            p { "rejected.jsonl holds each of them with its file, its line and its bytes." }
                        }
                    }
                    section aria-labelledby="settings" {
                        h2 id="settings" { "Settings" }
                        details {
                            summary { "copydesk " (report.copydesk) ", " (report.command) }
                            pre { (serde_json::to_string_pretty(&report.settings).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// One wide bar, parted by what became of the records.
fn flow(accounting: &Accounting) -> Markup {
    let whole = accounting.read.max(1) as f64;
    let parts = [
        ("written", accounting.written),
        ("duplicates", accounting.duplicates),
        ("dropped", accounting.dropped),
        ("rejected", accounting.rejected),
    ];
    let mut left = 0.0;
    let placed = parts.map(|(name, count)| {
        let width = 1000.0 * count as f64 / whole;
        left += width;
        (name, count, left - width, width)
    });
    markup! {
        svg.flow viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label="Shares of written, duplicates, dropped and rejected records" {
            @for (name, count, left, width) in placed {
                @if count > 0 {
                    rect class=(name) x=(format!("{left:.2}")) y="0" width=(format!("{width:.2}")) height="40" {}
                }
            }
        }
        ul.legend { @for (name, count) in parts {
            li { span.key.(name) {} (name) " " b { (grouped(count)) } " " (percent(count, accounting.read)) }
        } }
    }
}

fn bars(rows: &[Bar<'_>]) -> Markup {
    let most = rows.iter().map(|row| row.1).max().unwrap_or(1).max(1) as f64;
    markup! {
        ul.bars { @for (name, count, note) in rows {
            li title=(note) {
                span.name { (visible(name)) }
                span.track { span.fill style=(format!("width:{:.2}%", 100.0 * *count as f64 / most)) {} }
                span.number { (grouped(*count)) }
            }
        } }
    }
}

fn histogram(steps: &[u64]) -> Markup {
    let from = steps.iter().position(|count| *count > 0).unwrap_or(0);
    let rows: Vec<(String, u64)> = steps
        .iter()
        .enumerate()
        .skip(from)
        .map(|(step, count)| {
            let low = step as f64 / 20.0;
            let name = if step == 20 {
                "1.00".to_owned()
            } else {
                format!("{low:.2} to {:.2}", low + 0.05)
            };
            (name, *count)
        })
        .collect();
    let rows: Vec<Bar<'_>> = rows
        .iter()
        .map(|(name, count)| (name.as_str(), *count, String::new()))
        .collect();
    bars(&rows)
}

/// Returns text with control and direction characters made visible.
fn visible(text: &str) -> String {
    text.chars()
        .map(|part| match part {
            '\n' | '\t' => " ".to_owned(),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                format!("⟨U+{:04X}⟩", part as u32)
            }
            _ if part.is_control() => format!("⟨U+{:04X}⟩", part as u32),
            _ => part.to_string(),
        })
        .collect()
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".to_owned();
    }
    format!("{:.2} %", 100.0 * part as f64 / whole as f64)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

const STYLE: &str = "
:root{--ink:#1c1b19;--paper:#fbfaf7;--soft:#6b6760;--line:#dedad2;--written:#2f7d5b;--duplicates:#b8762a;--dropped:#8a6fa8;--rejected:#b3403a;--fill:#3c6e9f}
@media(prefers-color-scheme:dark){:root{--ink:#eae7e0;--paper:#191816;--soft:#a29d93;--line:#3a3732;--written:#58b88c;--duplicates:#dba55a;--dropped:#b79bd6;--rejected:#e2736c;--fill:#78a9d8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 Georgia,'Times New Roman',serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
.lead{font-size:1.1rem;color:var(--soft);margin:0}
.flow{width:100%;height:2.5rem;display:block}
rect.written,.key.written{fill:var(--written);background:var(--written)}
rect.duplicates,.key.duplicates{fill:var(--duplicates);background:var(--duplicates)}
rect.dropped,.key.dropped{fill:var(--dropped);background:var(--dropped)}
rect.rejected,.key.rejected{fill:var(--rejected);background:var(--rejected)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;margin:.5rem 0}
.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em}
.bars{list-style:none;margin:0;padding:0}
.bars li{display:grid;grid-template-columns:minmax(8rem,16rem) 1fr 6rem;gap:.75rem;align-items:center;padding:.15rem 0}
.bars .name{overflow-wrap:anywhere}
.track{background:var(--line);height:.8rem;border-radius:2px}
.fill{display:block;height:100%;background:var(--fill);border-radius:2px;min-width:1px}
.number{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th{text-align:left;color:var(--soft);font-weight:normal;border-bottom:1px solid var(--line)}
td,th{padding:.3rem .75rem .3rem 0;vertical-align:top}
td:first-child{overflow-wrap:anywhere;min-width:16rem}
.ids{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere;min-width:10rem}
pre{overflow-x:auto;font-size:.85rem}
summary{cursor:pointer}
@media(max-width:40rem){.bars li{grid-template-columns:1fr 5rem}.bars .track{grid-column:1/-1;grid-row:2}}
@media print{body{background:#fff;color:#000}details>pre{display:none}}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Kind, Removal, Span, Why};
    use crate::report::Tally;
    use crate::settings::Settings;

    #[test]
    fn nothing_scraped_becomes_markup() {
        let mut tally = Tally::default();
        let removal = Removal {
            span: Span::new(0, 9),
            why: Why {
                rule: "share-bar".into(),
                kind: Kind::Share,
                evidence: String::new(),
                score: None,
            },
            replacement: String::new(),
        };
        tally.removal(
            "<b>id</b>",
            &removal,
            "<script>alert(1)</script>\u{202e}\u{1b}[31m",
        );
        tally.reject("expected <object>");
        tally.finish();
        let page = html(&Report {
            schema: 1,
            copydesk: "0".into(),
            command: "run".into(),
            tally,
            settings: Settings::default(),
            index: None,
        });
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩⟨U+001B⟩[31m"));
        assert!(!page.contains("<script"));
        assert!(!page.contains("<b>id"));
        assert!(!page.contains("http:") && !page.contains("https:"));
    }
}
