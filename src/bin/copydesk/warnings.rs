//! What a run that is done should make someone look at.

use copydesk::pipeline::{Destination, Plan};
use copydesk::report::{FieldTally, Report, counted};
use copydesk::settings::{InputSettings, Keep, Level, SiteModelSource};

/// One rejected record in so many is worth a word.
const MANY: u64 = 10;

/// Returns all of it, a line each, but for what [`loss`] says.
pub fn of(report: &Report, plan: &Plan) -> Vec<String> {
    let mut out: Vec<String> = fields(report);
    out.extend(sites(report));
    out.extend(rejects(report, plan));
    out
}

/// Fields that were named and that no record has.
fn fields(report: &Report) -> Vec<String> {
    let found = report.tally.documents.fields;
    let named = &report.settings.input;
    let plain = InputSettings::default();
    let FieldTally {
        records,
        id,
        title,
        url,
        site,
        rank,
    } = found;
    if records == 0 {
        return Vec::new();
    }
    let rank_field = match &report.settings.duplicates.keep {
        Keep::First | Keep::Longest => None,
        Keep::Earliest | Keep::Latest => Some(named.date_field.as_str()),
        Keep::Field(name) => Some(name.as_str()),
    };
    let mut out = Vec::new();
    let mut missing = |name: &str, then: &str| {
        out.push(format!("no record has a {name:?} field{then}"));
    };
    for (name, default, count) in [
        (&named.id_field, &plain.id_field, id),
        (&named.title_field, &plain.title_field, title),
        (&named.url_field, &plain.url_field, url),
    ] {
        if count == 0 && name != default {
            missing(name, "");
        }
    }
    if let Some(name) = named.site_field.as_deref().filter(|_| site == 0) {
        missing(name, "; the host of the address is the site");
    }
    if let Some(name) = rank_field.filter(|_| rank == 0) {
        missing(name, ", so of duplicates the first read stays");
    }
    out
}

/// A site model that had no site to ask or to learn.
fn sites(report: &Report) -> Option<String> {
    let accounting = &report.tally.accounting;
    let documents = accounting.read - accounting.rejected;
    let desk = &report.settings.boilerplate;
    if desk.level == Level::Off || documents == 0 || report.tally.sites.documents > 0 {
        return None;
    }
    let then = match desk.site_model {
        SiteModelSource::Off => return None,
        SiteModelSource::Auto => "--site-model auto has learned nothing",
        SiteModelSource::File { .. } => "the site model was not asked",
    };
    let mend = match report.tally.documents.fields.records {
        0 => "plain text files have none",
        _ => "the site is the host of the address (--url-field) or what --site-field names",
    };
    let documents = counted(documents, "document has", "documents have");
    Some(format!("0 of {documents} a site, so {then}; {mend}"))
}

/// Rejected records, where they are many.
fn rejects(report: &Report, plan: &Plan) -> Option<String> {
    let accounting = &report.tally.accounting;
    let first = report.tally.first_reject.as_ref()?;
    if accounting.rejected * MANY < accounting.read {
        return None;
    }
    let book = match (&plan.output, &plan.audit) {
        _ if plan.dry_run => "",
        (Destination::Folder(_), _) | (_, Some(_)) => "; rejected.jsonl has all",
        _ => "",
    };
    Some(format!(
        "{} of {} rejected, the first at {}:{}: {}{book}",
        accounting.rejected,
        counted(accounting.read, "record was", "records were"),
        first.file,
        first.line,
        first.reason
    ))
}

/// Returns what was lost, and no ledger holds.
pub fn loss(report: &Report, plan: &Plan) -> Option<String> {
    let accounting = &report.tally.accounting;
    let folder = matches!(plan.output, Destination::Folder(_));
    if folder || plan.dry_run || plan.audit.is_some() {
        return None;
    }
    let was = |count: u64, what: &str| {
        let records = counted(count, "record was", "records were");
        (count > 0).then(|| format!("{records} {what}"))
    };
    let lost: Vec<String> = [
        was(accounting.rejected, "rejected"),
        was(accounting.dropped, "left empty"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if lost.is_empty() {
        return None;
    }
    let first = report.tally.first_reject.as_ref();
    let first = first.map_or_else(String::new, |first| {
        format!(" (the first reject: {}:{})", first.file, first.line)
    });
    Some(format!(
        "{}{first}, and no ledger holds what was taken out; --audit DIR writes one",
        lost.join(" and ")
    ))
}
