//! How long each stage took: the only part of the page in which equal runs differ.

use super::chart::bar;
use super::table::{Table, table};
use crate::report::Times;
use crate::report::times::{PAGE_BEGINS, PAGE_ENDS};
use maud::{Markup, PreEscaped, html};

pub fn times(times: &Times) -> Markup {
    let stages = times.stages();
    let whole: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    let milliseconds = |seconds: f64| (seconds * 1e3).round() as u64;
    let most = stages
        .iter()
        .map(|(_, seconds)| milliseconds(*seconds))
        .max();
    html! {
        (PreEscaped(PAGE_BEGINS))
        section aria-labelledby="times" {
            h2 id="times" { "Time by stage" }
            p { "Wall clock, " (format!("{whole:.3}")) " seconds in all until this page was made. "
                "These are the only figures on the page that the same run, done again, need not have." }
            (table(&Table {
                caption: "Seconds by stage",
                heads: &[("stage", false), ("seconds", true), ("", false)],
                class: "bars",
            }, html! {
                @for (what, seconds) in &stages { tr {
                    th scope="row" { (*what) }
                    td.number data-v=(milliseconds(*seconds)) { (format!("{seconds:.3}")) }
                    td.graph { (bar(milliseconds(*seconds), most.unwrap_or(0))) }
                } }
            }))
        }
        (PreEscaped(PAGE_ENDS))
    }
}
