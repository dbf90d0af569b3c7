//! Documents that repeat others: how alike, in what clusters, across which sites.

use super::chart::{Column, Columns, bar, columns};
use super::diff::{Room, word_diff};
use super::table::{Table, table};
use super::text::{alike, counted, grouped, id, named, percent, shown};
use crate::document::DocId;
use crate::report::{Examples, Report, Tally, WordDiff};
use crate::settings::DuplicateMode;
use maud::{Markup, html};

pub fn duplicates(report: &Report, examples: &Examples, room: &mut Room) -> Markup {
    let tally = &report.tally;
    let mode = report.settings.duplicates.mode;
    if mode == DuplicateMode::Off {
        return html! {};
    }
    let all: u64 = tally.duplicates.values().sum();
    html! {
        section aria-labelledby="duplicates" {
            h2 id="duplicates" { "Documents that repeat others" }
            @if all == 0 {
                p { "No document repeats another: none is as similar as " (report.settings.duplicates.threshold) " to one that stays." }
            } @else {
                p {
                    (counted(all, "document repeats", "documents repeat")) " one that stays ("
                    @for (number, (kind, count)) in tally.duplicates.iter().enumerate() {
                        @if number > 0 { ", " }
                        (grouped(*count)) " " (kind)
                    }
                    "), in " (counted(tally.clusters.count, "cluster", "clusters")) ". "
                    @if mode == DuplicateMode::Mark { "They were marked, and stay. " }
                    code { "duplicates.jsonl" } " names the survivor of each."
                }
                @if let Some(index) = &report.index {
                    p {
                        (counted(index.repeated, "of them repeats", "of them repeat"))
                        " a document of an earlier batch; the index " (named(&index.folder)) " held "
                        (counted(index.documents, "document", "documents")) " before this batch, number "
                        (grouped(u64::from(index.batch))) ", which added " (grouped(index.added)) ". Survivors of earlier batches are in no cluster below."
                    }
                }
                @if let Some(share) = report.settings.duplicates.containment {
                    p.soft { "Of the kind containment are documents of which " (share) " or more stands in a longer one that stays." }
                }
                (similarity(report))
                (closest(tally, examples, room))
                (clusters(tally, examples, room))
                (across_sites(tally))
            }
        }
    }
}

fn similarity(report: &Report) -> Markup {
    let tally = &report.tally;
    let counts = &tally.similarity_hundredths;
    let threshold = report.settings.duplicates.threshold;
    let Some(last) = counts.len().checked_sub(1) else {
        return html! {};
    };
    let first = (threshold * last as f64 + 1e-9) as usize;
    // A little below it, so that it is seen where the threshold stands.
    let from = first.saturating_sub((last - first) / 8 + 1);
    let at_least = |step: usize| -> u64 { counts.iter().skip(step).sum() };
    let label = |step: usize| format!("{:.2}", step as f64 / last as f64);
    let columns_of = counts
        .iter()
        .enumerate()
        .skip(from)
        .map(|(step, count)| Column {
            label: if step == first
                || step == last
                || (step % 5 == 0 && step > first + 2 && step + 3 < last)
            {
                label(step)
            } else {
                String::new()
            },
            title: format!(
                "{} from {}",
                counted(*count, "duplicate", "duplicates"),
                label(step)
            ),
            count: *count,
            behind: None,
        });
    let exact = tally.duplicates.get("exact").copied().unwrap_or_default();
    let same = at_least(last).saturating_sub(exact);
    let desc = format!(
        "{} at 1.00 ({} exact{}), {} from {threshold} to just below 1.",
        grouped(at_least(last)),
        grouped(exact.min(at_least(last))),
        match same {
            0 => String::new(),
            _ => format!(
                ", {} near: the same five-word sequences in other order or number",
                grouped(same)
            ),
        },
        grouped(at_least(first) - at_least(last))
    );
    let mut steps: Vec<usize> = (first / 5 * 5..=last)
        .step_by(5)
        .filter(|step| *step > first)
        .collect();
    steps.insert(0, first);
    let all = at_least(0);
    html! {
        h3 id="similarity" { "How alike" }
        p { "Exact Jaccard similarity of the sets of five-word sequences, of each duplicate to the survivor it was measured against. " (desc) }
        div.figure {
            (columns(&Columns {
                id: "sim",
                title: "Duplicates by similarity to their survivor",
                desc: &desc,
                columns: columns_of.collect(),
                mark: Some((first - from, format!("threshold {threshold}"))),
            }))
        }
        (table(&Table {
            caption: "Duplicates that were recorded at a similarity or above it",
            heads: &[("similarity", false), ("duplicates", true), ("of these", true), ("", false)],
            class: "bars",
        }, html! {
            @for step in &steps {
                @let count = at_least(*step);
                tr {
                    th scope="row" { (if *step == first { threshold.to_string() } else { label(*step) }) @if *step == first { span.soft { " this run" } } }
                    td.number data-v=(count) { (grouped(count)) }
                    td.number data-v=(count) { (percent(count, all)) }
                    td.graph { (bar(count, all)) }
                }
            }
        }))
        p.note {
            "A run with a higher threshold would drop about as many as stand in its row: not exactly, since other documents would stay, and some of these would repeat one of them instead. "
            "What a lower threshold would drop cannot be read from this run's figures: pairs below " (threshold) " were not recorded. "
            code { "copydesk tune" } " with this folder's name tells both exactly."
        }
    }
}

fn closest(tally: &Tally, examples: &Examples, room: &mut Room) -> Markup {
    let pairs = &tally.clusters.closest;
    if pairs.is_empty() {
        return html! {};
    }
    html! {
        h3 id="closest" { "Just above the threshold" }
        p.note { "The near-duplicates least like their survivor: if these should have stayed, the threshold is too low. " (legend()) }
        @for (number, pair) in pairs.iter().enumerate() {
            details open[number < 1] {
                summary { b { (alike(pair.duplicate.similarity, 3)) } " " (id(&pair.duplicate.id)) (record(pair.duplicate.doc))
                    span.soft { " repeats " } (id(&pair.survivor)) (record(pair.survivor_doc)) }
                (room.take(texts(examples.closest.get(number).and_then(Option::as_ref))))
            }
        }
    }
}

fn clusters(tally: &Tally, examples: &Examples, room: &mut Room) -> Markup {
    let clusters = &tally.clusters;
    if clusters.count == 0 {
        return html! {};
    }
    let most = clusters.sizes.iter().copied().max().unwrap_or_default();
    html! {
        h3 id="clusters" { "Clusters" }
        (table(&Table {
            caption: "Clusters by how many documents are in them, the survivor among them",
            heads: &[("documents", false), ("clusters", true), ("", false)],
            class: "bars",
        }, html! {
            @for (at, count) in clusters.sizes.iter().enumerate().skip(1) {
                @let (low, high) = (1u64 << at, (2u64 << at) - 1);
                tr {
                    th scope="row" data-v=(low) { (grouped(low)) " to " (grouped(high)) }
                    td.number data-v=(count) { (grouped(*count)) }
                    td.graph { (bar(*count, most)) }
                }
            }
        }))
        h3 id="largest" { "The largest clusters" }
        p.note { "Each survivor with the duplicates that are least like it. " (legend()) }
        @for (number, cluster) in clusters.largest.iter().enumerate() {
            details open[number < 1] {
                summary { b { (counted(cluster.documents, "document", "documents")) } " " (id(&cluster.survivor))
                    (record(cluster.survivor_doc)) span.soft { " stays" } }
                @for (at, twin) in cluster.least_alike.iter().enumerate() {
                    h4 { (alike(twin.similarity, 3)) " " (id(&twin.id)) (record(twin.doc)) }
                    (room.take(texts(examples.largest.get(number).and_then(|all| all.get(at)).and_then(Option::as_ref))))
                }
            }
        }
    }
}

/// Returns a record's number, by which it is found where its id is too long.
fn record(doc: DocId) -> Markup {
    html! { span.soft { " record " (grouped(doc.0 + 1)) } }
}

fn legend() -> Markup {
    html! { del { "struck out" } " stands in the survivor alone, " ins { "underlined" } " in the duplicate alone." }
}

fn texts(diff: Option<&WordDiff>) -> Markup {
    match diff {
        Some(diff) => word_diff(diff),
        None => html! { p.note { "The survivor's text is not in this folder." } },
    }
}

fn across_sites(tally: &Tally) -> Markup {
    let sites = &tally.sites;
    if sites.within + sites.across == 0 {
        return html! {};
    }
    let most = sites.repeating.first().map_or(0, |pair| pair.documents);
    html! {
        h3 id="across" { "Sites that say the same" }
        p { "Of the duplicates whose sites are known, " (grouped(sites.within)) " repeat a document of the same site, "
            (grouped(sites.across)) " one of another. Who stays is a matter of rank, not of who wrote it first." }
        @if !sites.repeating.is_empty() {
            (table(&Table {
                caption: "Pairs of sites with most repeated documents",
                heads: &[("stays on", false), ("repeated on", false), ("documents", true), ("", false)],
                class: "bars",
            }, html! {
                @for pair in &sites.repeating { tr {
                    th scope="row" { (shown(&pair.survivor)) }
                    td { (shown(&pair.duplicate)) }
                    td.number data-v=(pair.documents) { (grouped(pair.documents)) }
                    td.graph { (bar(pair.documents, most)) }
                } }
            }))
        }
    }
}
