//! What a desk says about a span: take it out, and why.

use super::Span;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What sort of furniture a removed span is.
///
/// The names are those of the phrase table, and of `--keep-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A headline that stands again.
    Headline,
    /// "Advertisement" and its like.
    Advertisement,
    /// An invitation to install an app.
    App,
    /// A byline that names nobody ("Our Correspondent"), dates and labels around it.
    BylineGeneric,
    /// A byline that names a person.
    BylineNamed,
    /// The credit or label of a picture.
    CaptionCredit,
    /// Comment form, comment counts and comment navigation.
    CommentForm,
    /// Cookie and consent notices.
    Cookie,
    /// Copyright and legal notices.
    Copyright,
    /// Player, script and browser messages.
    ErrorJs,
    /// "Follow us on …".
    FollowUs,
    /// Log-in and registration prompts.
    Login,
    /// Newsletter prompts.
    Newsletter,
    /// Interface words of no other kind.
    Other,
    /// Page numbers, next and previous.
    Pagination,
    /// Subscription walls.
    Paywall,
    /// Print and e-mail buttons.
    PrintEmail,
    /// Teasers and lists of other stories.
    Related,
    /// Search boxes.
    Search,
    /// Share bars.
    Share,
    /// Skip links.
    SkipNav,
    /// Tags and categories.
    TagsCategories,
}

impl Kind {
    /// Returns every kind, in the order of declaration.
    pub const ALL: [Self; 22] = [
        Self::Headline,
        Self::Advertisement,
        Self::App,
        Self::BylineGeneric,
        Self::BylineNamed,
        Self::CaptionCredit,
        Self::CommentForm,
        Self::Cookie,
        Self::Copyright,
        Self::ErrorJs,
        Self::FollowUs,
        Self::Login,
        Self::Newsletter,
        Self::Other,
        Self::Pagination,
        Self::Paywall,
        Self::PrintEmail,
        Self::Related,
        Self::Search,
        Self::Share,
        Self::SkipNav,
        Self::TagsCategories,
    ];

    /// Returns the name used in files and flags, such as `comment_form`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Advertisement => "advertisement",
            Self::App => "app",
            Self::BylineGeneric => "byline_generic",
            Self::BylineNamed => "byline_named",
            Self::CaptionCredit => "caption_credit",
            Self::CommentForm => "comment_form",
            Self::Cookie => "cookie",
            Self::Copyright => "copyright",
            Self::ErrorJs => "error_js",
            Self::FollowUs => "follow_us",
            Self::Login => "login",
            Self::Newsletter => "newsletter",
            Self::Other => "other",
            Self::Pagination => "pagination",
            Self::Paywall => "paywall",
            Self::PrintEmail => "print_email",
            Self::Related => "related",
            Self::Search => "search",
            Self::Share => "share",
            Self::SkipNav => "skip_nav",
            Self::TagsCategories => "tags_categories",
        }
    }

    /// Returns the kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why a span goes: the rule that decided, and what it saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The rule's name, such as `share-bar` or `repeated-headline`.
    pub rule: Cow<'static, str>,
    /// What sort of furniture it is.
    pub kind: Kind,
    /// What the rule saw, in words for a reader.
    pub evidence: String,
    /// How sure the rule is, 0 to 1, where it measures that.
    pub score: Option<f32>,
}

impl Why {
    /// Returns a hash for tables in memory.
    pub fn key(&self) -> u64 {
        let mut hasher = FxHasher::default();
        (&self.rule, self.kind, &self.evidence).hash(&mut hasher);
        self.score.map(f32::to_bits).hash(&mut hasher);
        hasher.finish()
    }
}

/// A span that a desk wants out, in the text the desk was given.
///
/// A finding that covers a whole line covers its text, not its line break; the
/// pipeline closes the gap that the line leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The bytes to take out.
    pub span: Span,
    /// Why; findings of one reason can share it.
    pub why: Arc<Why>,
}

/// A span that was taken out, in the original text, as the ledger has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The bytes of the original text.
    pub span: Span,
    /// Why they went.
    pub why: Why,
    /// What stands in their place; empty but where a cut fell inside a mended character run.
    pub replacement: String,
}
