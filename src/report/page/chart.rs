//! Charts in SVG. Numbers stand beside them as text, so a chart is never the only place of one.

use super::text::grouped;
use maud::{Markup, html};

/// Returns a bar of `part` in `most`, to stand beside its number.
pub fn bar(part: u64, most: u64) -> Markup {
    let width = share(part, most);
    html! {
        svg.bar viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="0" width="100" height="10" {}
            @if part > 0 { rect.fill x="0" y="0" width=(format!("{:.2}", width.max(0.4))) height="10" {} }
        }
    }
}

/// Returns where `part` stands between nothing and `most`, 0 to 100.
pub fn share(part: u64, most: u64) -> f64 {
    100.0 * part as f64 / most.max(1) as f64
}

/// One column of a column chart.
pub struct Column {
    /// What stands below it, where something does.
    pub label: String,
    /// What it is about, for a pointer.
    pub title: String,
    /// Its height.
    pub count: u64,
    /// A second height, drawn as an outline behind it.
    pub behind: Option<u64>,
}

/// What a column chart is about.
pub struct Columns<'a> {
    /// A name for its ids.
    pub id: &'a str,
    /// The title for those who do not see it.
    pub title: &'a str,
    /// What it says, in a sentence.
    pub desc: &'a str,
    /// Columns, from the left.
    pub columns: Vec<Column>,
    /// Where a mark stands: before the column of that number, and what it says.
    pub mark: Option<(usize, String)>,
}

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 140.0;
const BASE: f64 = 118.0;
const TOP: f64 = 16.0;

/// Returns a chart of columns. One that is more than three times as high as the next is cut, and
/// says its number.
pub fn columns(chart: &Columns<'_>) -> Markup {
    let count = chart.columns.len().max(1) as f64;
    let step = WIDTH / count;
    let mut heights: Vec<u64> = chart
        .columns
        .iter()
        .flat_map(|column| [column.count, column.behind.unwrap_or_default()])
        .collect();
    heights.sort_unstable_by(|one, two| two.cmp(one));
    let most = heights.first().copied().unwrap_or_default();
    let next = heights.get(1).copied().unwrap_or_default();
    let cut = next > 0 && most / 3 > next;
    let scale = if cut { next * 3 / 2 } else { most }.max(1);
    let height = |count: u64| {
        let high = (BASE - TOP) * (count.min(scale) as f64) / scale as f64;
        if count > 0 { high.max(1.0) } else { 0.0 }
    };
    let gap = (step * 0.12).min(3.0);
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{0}-t {0}-d", chart.id)) {
            title id=(format!("{}-t", chart.id)) { (chart.title) }
            desc id=(format!("{}-d", chart.id)) { (chart.desc) }
            line.axis x1="0" y1=(BASE) x2=(WIDTH) y2=(BASE) {}
            @for (at, column) in chart.columns.iter().enumerate() {
                @let left = at as f64 * step;
                @let high = height(column.count);
                g {
                    title { (column.title) }
                    @if let Some(behind) = column.behind {
                        @let high = height(behind);
                        rect.behind x=(coordinate(left + gap)) y=(coordinate(BASE - high)) width=(coordinate(step - 2.0 * gap)) height=(coordinate(high)) {}
                    }
                    rect.fill x=(coordinate(left + gap * if column.behind.is_some() { 2.0 } else { 1.0 })) y=(coordinate(BASE - high)) width=(coordinate(step - gap * if column.behind.is_some() { 4.0 } else { 2.0 })) height=(coordinate(high)) {}
                    @if cut && column.count > scale {
                        path.break d=(format!("M{:.1} {:.1}l{:.1} -6", left, TOP + 14.0, step)) {}
                        @let (anchor, x) = if left > WIDTH / 2.0 { ("end", left + step) } else { ("start", left) };
                        text x=(coordinate(x)) y="11" text-anchor=(anchor) { (grouped(column.count)) }
                    }
                }
                @if !column.label.is_empty() {
                    @let anchor = if at == 0 { "start" } else if at + 1 == chart.columns.len() { "end" } else { "middle" };
                    @let x = if at == 0 { 0.0 } else if at + 1 == chart.columns.len() { WIDTH } else { left + step / 2.0 };
                    text x=(coordinate(x)) y=(BASE + 16.0) text-anchor=(anchor) { (column.label) }
                }
            }
            @if let Some((at, said)) = &chart.mark {
                @let x = (*at as f64 * step).clamp(1.0, WIDTH - 1.0);
                line.mark x1=(coordinate(x)) y1="2" x2=(coordinate(x)) y2=(BASE) {}
                text.mark x=(coordinate(x + if x > WIDTH / 2.0 { -5.0 } else { 5.0 })) y="11" text-anchor=(if x > WIDTH / 2.0 { "end" } else { "start" }) { (said) }
            }
        }
    }
}

/// Returns a strip of cells, the darker the more; for how something lies in a document.
pub fn strip(parts: &[u64]) -> Markup {
    let most = parts.iter().copied().max().unwrap_or_default().max(1);
    let step = 100.0 / parts.len().max(1) as f64;
    html! {
        svg.strip viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="0" width="100" height="10" {}
            @for (at, count) in parts.iter().enumerate().filter(|(_, count)| **count > 0) {
                // The root shows little beside much.
                @let dark = (*count as f64 / most as f64).sqrt().max(0.08);
                rect.fill x=(coordinate(at as f64 * step)) y="0" width=(coordinate(step)) height="10" fill-opacity=(format!("{dark:.2}")) {}
            }
        }
    }
}

fn coordinate(number: f64) -> String {
    format!("{number:.1}")
}
