//! The site model: which lines recur across the documents of one site.
//!
//! What a publishing system prints around every article stands in many
//! documents of its site, before the body or after it; what an author wrote
//! stands in one. A [`SiteLearner`] is shown [`Sketch`]es of documents, in any
//! order and any number of parts, and gives a [`SiteModel`]: for every site the
//! lines that recur, how many of its sampled documents hold them, and where
//! against the body they stand there. The desk asks it about each line of a
//! page and weighs the answer (`rules/site_line.rs`).
//!
//! Lines are folded. Three things recur: a line as it is, a line whose digits
//! differ ("5 comments"), and the start or end of a line whose rest differs
//! ("Posted in: …"). Documents that are copies of each other count once, else
//! a story printed five times would be furniture.

mod key;
mod learner;
mod sketch;
#[cfg(test)]
mod tests;
mod weigh;

pub use learner::SiteLearner;
pub use sketch::Sketch;
pub use weigh::DOCUMENTS;

use crate::document::Document;
use std::collections::BTreeMap;

/// What of a line recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// All of it.
    Line,
    /// All of it but its digits; `{n}` stands for them.
    Numbers,
    /// Its first words.
    Start,
    /// Its last words.
    End,
}

impl Form {
    /// Returns every form.
    pub const ALL: [Self; 4] = [Self::Line, Self::Numbers, Self::Start, Self::End];

    /// Returns the name used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Numbers => "numbers",
            Self::Start => "start",
            Self::End => "end",
        }
    }

    /// Returns the form of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == name)
    }
}

/// In how many documents of a site something stands, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Sampled documents that hold it.
    pub documents: u32,
    /// Those that hold it before the body.
    pub head: u32,
    /// Those that hold it between the body's first and last sentence.
    pub middle: u32,
    /// Those that hold it after the body.
    pub tail: u32,
}

/// What recurs on one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    name: String,
    documents: u32,
    lines: BTreeMap<Form, BTreeMap<String, Standing>>,
}

impl Site {
    /// Returns a site of that name with so many sampled documents, of which nothing recurs yet.
    pub fn new(name: impl Into<String>, documents: u32) -> Self {
        Self {
            name: name.into(),
            documents,
            lines: BTreeMap::new(),
        }
    }

    /// Says that `text`, folded, recurs in this form; answers whether that is news.
    pub fn add(&mut self, form: Form, text: String, standing: Standing) -> bool {
        let of_form = self.lines.entry(form).or_default();
        of_form.insert(text, standing).is_none()
    }

    /// Returns the site's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how many documents were sampled, copies counted once.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// Returns what recurs, in the order of forms and texts.
    pub fn lines(&self) -> impl Iterator<Item = (Form, &str, Standing)> {
        self.lines.iter().flat_map(|(form, lines)| {
            lines
                .iter()
                .map(|(text, standing)| (*form, text.as_str(), *standing))
        })
    }

    /// Returns what is known about a line that was folded before.
    pub(super) fn of_line(&self, folded: &str) -> Option<Known<'_>> {
        if let Some(found) = self.known(Form::Line, folded) {
            return Some(found);
        }
        let key = key::without_digits(folded);
        self.known(Form::Numbers, &key)
            .or_else(|| key::starts(&key).find_map(|start| self.known(Form::Start, start)))
            .or_else(|| key::end(&key).and_then(|end| self.known(Form::End, end)))
    }

    fn known(&self, form: Form, text: &str) -> Option<Known<'_>> {
        let (text, standing) = self.lines.get(&form)?.get_key_value(text)?;
        Some(Known {
            site: self,
            form,
            text,
            standing: *standing,
        })
    }
}

/// What the model knows about one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'m> {
    site: &'m Site,
    pub(super) form: Form,
    pub(super) text: &'m str,
    pub(super) standing: Standing,
}

impl<'m> Known<'m> {
    /// Returns what is known about the line whatever its digits are, where it is known as it is:
    /// a notice with this year's number stands on few pages, with any year's on all.
    pub(super) fn with_any_digits(&self) -> Option<Known<'m>> {
        if self.form != Form::Line || !self.text.contains(char::is_numeric) {
            return None;
        }
        self.site
            .known(Form::Numbers, &key::without_digits(self.text))
    }

    /// Returns the share of the site's documents that hold it.
    pub(super) fn share(&self) -> f64 {
        f64::from(self.standing.documents) / f64::from(self.site.documents.max(1))
    }

    /// Returns how many documents of the site were sampled.
    pub(super) fn of(&self) -> u32 {
        self.site.documents
    }

    /// Returns the share of documents that hold it outside their body.
    pub(super) fn outside(&self) -> f64 {
        let Standing {
            documents, middle, ..
        } = self.standing;
        1.0 - f64::from(middle.min(documents)) / f64::from(documents.max(1))
    }

    /// Returns whether it is so common that it makes no body, sentence or not.
    pub(super) fn is_common(&self) -> bool {
        let least = if self.of() < 10 { 0.8 } else { 0.3 };
        matches!(self.form, Form::Line | Form::Numbers)
            && self.standing.documents >= 5
            && self.share() >= least
    }

    /// Returns the evidence in words.
    pub(super) fn words(&self) -> String {
        let what = match self.form {
            Form::Line => String::new(),
            Form::Numbers => format!("“{}” ", self.text),
            Form::Start => format!("“{} …” ", self.text),
            Form::End => format!("“… {}” ", self.text),
        };
        format!("{what}{}", self.stands())
    }

    /// Returns in how many documents it stands, in words.
    pub(super) fn stands(&self) -> String {
        format!(
            "stands in {} of {} documents of {}",
            self.standing.documents, self.site.documents, self.site.name
        )
    }
}

/// What recurs on every site that was learned; never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteModel {
    sites: BTreeMap<String, Site>,
}

impl SiteModel {
    /// Returns a model of `sites`; of two with the same name the last counts.
    pub fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        Self {
            sites: sites
                .into_iter()
                .map(|site| (site.name.clone(), site))
                .collect(),
        }
    }

    /// Returns the model that the examples of the rule `site-line` are tried with, and the
    /// name of its one site.
    pub fn of_examples() -> (Self, &'static str) {
        const NAME: &str = "lakeshore.example";
        let mut site = Site::new(NAME, 20);
        for removes in super::rules::site_line::RULE.removes {
            for gone in removes.gone {
                let standing = Standing {
                    documents: 14,
                    head: 0,
                    middle: 0,
                    tail: 14,
                };
                site.add(Form::Line, crate::text::fold::fold(gone), standing);
            }
        }
        (Self::new([site]), NAME)
    }

    /// Returns the site of that name, if anything recurs on it.
    pub fn site(&self, name: &str) -> Option<&Site> {
        self.sites.get(name)
    }

    /// Returns the sites by name.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.values()
    }
}

/// Returns the name of the site that a document is from: what its record says, or the host of
/// its address.
pub fn site_of(document: &Document<'_>) -> Option<String> {
    match document.site {
        Some(site) if site.contains("://") => host_of(site),
        Some(site) => {
            let name = site.trim().to_lowercase();
            (!name.is_empty()).then_some(name)
        }
        None => host_of(document.url?),
    }
}

/// Returns the host of an address in lower case, without `www.`, user and port.
fn host_of(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => rest,
        _ => url.strip_prefix("//").unwrap_or(url),
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let host = host.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let sound = host.contains(['.', ':'])
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    sound.then(|| host.to_owned())
}

#[cfg(test)]
mod hosts {
    use super::*;

    #[test]
    fn a_site_is_the_host_of_the_address() {
        for (url, host) in [
            ("https://www.Example.org/a?b", Some("example.org")),
            (
                "http://user:pass@news.example.org:8080/x",
                Some("news.example.org"),
            ),
            ("//example.org/a", Some("example.org")),
            ("example.org/a", Some("example.org")),
            ("https://example.org.", Some("example.org")),
            ("https://пример.рф/новости", Some("пример.рф")),
            ("http://[::1]:80/", Some("[::1]")),
            ("not an address", None),
            ("story-14", None),
            ("", None),
        ] {
            assert_eq!(host_of(url).as_deref(), host, "{url}");
        }
    }

    #[test]
    fn what_the_record_says_beats_the_address() {
        let document = Document {
            url: Some("https://example.org/a"),
            site: Some(" Lake Shore "),
            ..Document::default()
        };
        assert_eq!(site_of(&document).as_deref(), Some("lake shore"));
    }
}
