//! One document through the first three desks.
//!
//! The desks run until none of them finds anything more, so that cleaning what
//! was cleaned changes nothing; nearly every document is done after one round
//! that finds something and one that finds nothing. All edits are composed
//! into one list of the original text: that list is the document's ledger.

use super::brake::{Spared, spared};
use super::cause::{Cause, GAP, Mark, Whys};
use super::excise::excise;
use super::line_model::line_model;
use crate::boilerplate::model::LineModel;
use crate::boilerplate::site::{Site, SiteModel, site_of};
use crate::boilerplate::{Catalogue, Heard, Models};
use crate::document::{Document, Edit, Edits, Finding, Page, Removal, Span, Why};
use crate::headlines::{examples, repeated_headlines};
use crate::normalise::normalise;
use crate::settings::{Level, NormaliseSettings, Settings};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many rounds the desks get to come to rest. Real pages need two or three, but the line
/// model may take a long list of names from its ends, a few lines a round. A text on which they do
/// not come to rest is only mended, so that cleaning it again comes to the same, and counts as
/// [`Spared`].
const ROUNDS: usize = 256;

/// A long text gets fewer rounds: about so many bytes are read in all of them, in sixteen at least.
const ROUNDS_READ: usize = 64 << 20;

/// Cleans documents, one at a time; shared by all threads.
pub struct Cleaner {
    settings: Settings,
    catalogue: Option<Cow<'static, Catalogue>>,
    sites: Option<Arc<SiteModel>>,
    model: Option<Arc<LineModel>>,
}

/// A cleaned document and the edits that made it.
#[derive(Clone, Debug)]
pub struct Cleaned<'a> {
    /// The text as it was.
    pub original: &'a str,
    /// The text as it is now; borrowed where nothing was changed.
    pub text: Cow<'a, str>,
    /// What leads from the one to the other.
    pub edits: Edits<Mark>,
    /// Why something was taken out.
    pub whys: Whys,
    /// Set where the desks would have taken more than the brake allows: the text is only mended.
    pub spared: Option<Spared>,
}

impl Cleaner {
    /// Returns a cleaner that works by `settings`, whose files have been read.
    pub fn new(settings: &Settings) -> Self {
        let desk = &settings.boilerplate;
        let catalogue = match &desk.rules {
            Some(rules) => Some(Cow::Owned(Catalogue::shipped().with_user_rules(rules))),
            None => (desk.level != Level::Off).then(|| Cow::Borrowed(Catalogue::shipped())),
        };
        let asks = desk.level > Level::Safe;
        Self {
            settings: settings.clone(),
            catalogue,
            sites: None,
            model: asks.then(|| line_model(desk)).flatten(),
        }
    }

    /// Lets the boilerplate desk know what recurs on each site.
    #[must_use]
    pub fn with_site_model(mut self, sites: Arc<SiteModel>) -> Self {
        self.sites = Some(sites);
        self
    }

    /// Returns a cleaner that asks `model` instead of the shipped one, or none.
    pub fn with_model(settings: &Settings, model: Option<Arc<LineModel>>) -> Self {
        let mut cleaner = Self::new(settings);
        cleaner.model = model;
        cleaner
    }

    /// Cleans one document.
    pub fn clean<'a>(&self, document: &Document<'a>) -> Cleaned<'a> {
        self.rounds(document, None)
    }

    /// Cleans one document and tells what was said about lines that stay: how near they came to
    /// going. Spans are of the original text; only where they begin counts.
    pub fn clean_and_hear<'a>(&self, document: &Document<'a>) -> (Cleaned<'a>, Vec<Heard>) {
        let mut heard = BTreeMap::new();
        let cleaned = self.rounds(document, Some(&mut heard));
        (cleaned, heard.into_values().collect())
    }

    /// Lets the desks work until they find nothing more; notes what is heard about lines that
    /// stay, by where they begin.
    fn rounds<'a>(
        &self,
        document: &Document<'a>,
        mut notes: Option<&mut BTreeMap<usize, Heard>>,
    ) -> Cleaned<'a> {
        let original = document.text;
        let mut edits = mends(original, &self.settings);
        let mut text = edits.apply(original);
        if !self.settings.headlines.enabled && self.catalogue.is_none() {
            return Cleaned {
                original,
                text,
                edits,
                whys: Whys::default(),
                spared: None,
            };
        }
        let mended_title = document
            .title
            .map(|title| mends(title, &self.settings).apply(title));
        let title = mended_title.as_deref();
        let site = self
            .sites
            .as_ref()
            .and_then(|sites| sites.site(&site_of(document)?));
        let rounds = (ROUNDS_READ / text.len().max(1)).clamp(ROUNDS / 16, ROUNDS);
        let mut unsettled = false;
        let mut whys = Whys::default();
        for round in 0.. {
            let page = Page::new(&text, title);
            let mut heard = notes.is_some().then(Vec::new);
            let findings = self.findings(&page, site, heard.as_mut());
            if let (Some(notes), Some(heard)) = (&mut notes, heard) {
                note(notes, heard, &edits);
            }
            if findings.is_empty() {
                break;
            }
            if round == rounds {
                unsettled = true;
                break;
            }
            let mut cut = excise(&page, findings, &mut whys);
            let mut shorter = cut.apply(&text).into_owned();
            let again = mends(&shorter, &self.settings);
            if !again.is_empty() {
                shorter = again.apply(&shorter).into_owned();
                cut = cut.compose(again);
            }
            edits = edits.compose(cut);
            text = Cow::Owned(shorter);
        }
        let spared = if unsettled {
            Some(Spared::unsettled(original, &text, &self.settings))
        } else {
            spared(original, &text, (&edits, &whys), &self.settings)
        };
        if spared.is_some() {
            edits = mends(original, &self.settings);
            text = edits.apply(original);
        }
        Cleaned {
            original,
            text,
            edits,
            whys,
            spared,
        }
    }

    fn findings(
        &self,
        page: &Page<'_>,
        site: Option<&Site>,
        heard: Option<&mut Vec<Heard>>,
    ) -> Vec<Finding> {
        let mut headlines = if self.settings.headlines.enabled {
            repeated_headlines(page, &self.settings.headlines)
        } else {
            Vec::new()
        };
        let Some(catalogue) = self.catalogue.as_deref() else {
            return headlines;
        };
        headlines.retain(|finding| {
            ![&finding.why.rule, examples::CODE]
                .into_iter()
                .any(|name| catalogue.is_off(name))
                && !catalogue.keeps_line(finding.span.of(page.text))
        });
        // A cut inside a line makes it another line: the other desk reads it in the next round.
        let whole = |finding: &Finding| {
            page.line_at(finding.span.start).is_some_and(|line| {
                line.text.len() == finding.span.len() && finding.span.end <= line.span.end
            })
        };
        if !headlines.iter().all(whole) {
            return headlines;
        }
        let models = Models {
            site,
            line: self.model.as_deref(),
        };
        let desk = &self.settings.boilerplate;
        let boilerplate = catalogue.find_and_hear(page, &headlines, desk, models, heard);
        if headlines.is_empty() {
            return boilerplate;
        }
        let mut all = headlines;
        all.extend(boilerplate);
        all.sort_by_key(|finding| finding.span);
        all
    }
}

/// Notes what was heard in a round by the places of the original text. What goes in a round is
/// company that the lines which stay have no more in the next: the first word about them counts.
fn note(notes: &mut BTreeMap<usize, Heard>, heard: Vec<Heard>, edits: &Edits<Mark>) {
    let mut places = edits.places();
    for mut heard in heard {
        let [start, end] = [heard.span.start, heard.span.end].map(|at| places.before(at));
        heard.span = Span::new(start, end.max(start));
        let known = notes.entry(start).or_insert_with(|| heard.clone());
        if known.model.is_none() {
            *known = heard;
        }
    }
}

pub(in crate::pipeline) fn mends(text: &str, settings: &Settings) -> Edits<Mark> {
    if settings.normalise == NormaliseSettings::off() {
        return Edits::new();
    }
    normalise(text, &settings.normalise).tagged(Mark::Mended)
}

impl Cleaned<'_> {
    /// Returns whether the text differs from the original.
    pub fn is_changed(&self) -> bool {
        !self.edits.is_empty()
    }

    /// Returns whether nothing is left of the text.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns what the desks took out, in the order of the original text.
    pub fn removals(&self) -> impl Iterator<Item = Removal> {
        self.cuts().map(|(edit, why)| Removal {
            span: edit.span,
            why: why.clone(),
            replacement: edit.replacement.to_owned(),
        })
    }

    /// Returns the edits of what the desks took out, each with its reason.
    pub fn cuts(&self) -> impl Iterator<Item = (Edit<'_, Mark>, &Why)> {
        let edits = self.edits.iter();
        edits.filter_map(|edit| Some((edit, self.whys.get(edit.tag)?)))
    }

    /// Returns every other edit, with a name for what it mended.
    pub fn mended(&self) -> impl Iterator<Item = (Edit<'_, Mark>, &'static str)> {
        self.edits.iter().filter_map(|edit| match edit.tag {
            Mark::Removed(_) => None,
            Mark::Mended(mend) => Some((edit, mend.as_str())),
            Mark::Gap => Some((edit, GAP)),
        })
    }

    /// Returns why an edit was made.
    pub fn cause(&self, edit: &Edit<'_, Mark>) -> Cause<'_> {
        self.whys.cause(edit.tag)
    }

    /// Returns the original bytes of `span`.
    pub fn original_of(&self, span: Span) -> &str {
        span.of(self.original)
    }
}
