//! What the run was told, what it read and wrote, and the digests by which that can be checked.

use super::table::{Table, table};
use super::text::{grouped, shown};
use crate::report::{Origin, Report};
use maud::{Markup, html};

pub fn settings(report: &Report, origin: &Origin) -> Markup {
    html! {
        section aria-labelledby="settings" {
            h2 id="settings" { "Settings, versions, digests" }
            p { "copydesk " (report.copydesk) ", " code { (shown(&report.command)) } ", schema " (report.schema)
                ". But for the times, equal input gives an equal page, on any machine." }
            details {
                summary { "Settings" }
                pre tabindex="0" { (shown_lines(&serde_json::to_string_pretty(&report.settings).unwrap_or_default())) }
            }
            details {
                summary { "Inputs" }
                p { "Digest of everything that was read, which " code { "restore" } " gives back: " code.digest { (origin.originals_sha256) } }
                (table(&Table { caption: "What was read, in this order", heads: &[("input", false), ("bytes", true)], class: "" }, html! {
                    @for (name, bytes) in origin.inputs.iter().take(INPUTS) { tr {
                        th scope="row" { (shown(name)) }
                        td.number { @match bytes { Some(bytes) => (grouped(*bytes)), None => "unknown" } }
                    } }
                }))
                @if origin.inputs.len() > INPUTS { p.note { "And " (grouped((origin.inputs.len() - INPUTS) as u64)) " more; " code { "manifest.json" } " names them." } }
            }
            details {
                summary { "Outputs" }
                (table(&Table { caption: "Files of the folder, lines and bytes before packing", heads: &[("file", false), ("lines", true), ("bytes", true), ("SHA-256", false)], class: "" }, html! {
                    @for file in origin.files.iter().take(INPUTS) { tr {
                        th scope="row" { (shown(&file.name)) }
                        td.number { (grouped(file.lines)) }
                        td.number { (grouped(file.bytes)) }
                        td { code.digest { (file.sha256) } }
                    } }
                }))
                p.note { code { "copydesk verify" } " checks them, and that every original comes back." }
            }
        }
    }
}

/// How many inputs, and how many files, are named.
const INPUTS: usize = 100;

fn shown_lines(text: &str) -> Markup {
    html! { @for line in text.lines() { (super::text::named(line)) "\n" } }
}
