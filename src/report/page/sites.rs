//! What was taken from each site.

use super::chart::bar;
use super::table::{Table, table};
use super::text::{counted, grouped, percent, shown};
use crate::report::Tally;
use maud::{Markup, html};

pub fn sites(tally: &Tally) -> Markup {
    let sites = &tally.sites;
    if sites.documents == 0 {
        return html! {};
    }
    let all: u64 = tally.rules.values().map(|rule| rule.chars).sum();
    let most = sites.most.first().map_or(0, |site| site.chars);
    html! {
        section aria-labelledby="sites" {
            h2 id="sites" { "By site" }
            p {
                (counted(sites.documents, "document names its site", "documents name their site")) " or an address, of "
                (counted(sites.counted, "site", "sites")) "."
                @if sites.uncounted > 0 {
                    " " (counted(sites.uncounted, "document", "documents")) " of sites that came up later are not told apart."
                }
            }
            @if !sites.most.is_empty() {
                (table(&Table {
                    caption: "The sites that lost most",
                    heads: &[("site", false), ("documents", true), ("lines", true), ("characters", true), ("a document", true), ("of all", true), ("", false)],
                    class: "bars wide",
                }, html! {
                    @for site in &sites.most { tr {
                        th scope="row" { (shown(&site.site)) }
                        td.number data-v=(site.documents) { (grouped(site.documents)) }
                        td.number data-v=(site.lines) { (grouped(site.lines)) }
                        td.number data-v=(site.chars) { (grouped(site.chars)) }
                        td.number data-v=(site.chars / site.documents.max(1)) { (grouped(site.chars / site.documents.max(1))) }
                        td.number data-v=(site.chars) { (percent(site.chars, all)) }
                        td.graph { (bar(site.chars, most)) }
                    } }
                }))
            }
        }
    }
}
