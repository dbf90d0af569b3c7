//! Tables: a caption, heads with scopes, and a frame that scrolls where it is too wide.

use super::text::plain;
use maud::{Markup, html};

/// What a table is.
pub struct Table<'a> {
    /// What it is about.
    pub caption: &'a str,
    /// The heads of its columns, and whether a column holds numbers.
    pub heads: &'a [(&'a str, bool)],
    /// A class for its looks.
    pub class: &'a str,
}

/// Returns a table of these rows.
pub fn table(table: &Table<'_>, rows: Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(plain(table.caption)) tabindex="0" {
            table class=(table.class) data-sort {
                caption { (table.caption) }
                thead { tr { @for (head, number) in table.heads {
                    @if head.is_empty() { td {} } @else if *number { th.number scope="col" { (*head) } } @else { th scope="col" { (*head) } }
                } } }
                tbody { (rows) }
            }
        }
    }
}
