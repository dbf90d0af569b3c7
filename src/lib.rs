//! The copy desk for scraped corpora.
//!
//! Cleans text of repeated headlines and boilerplate, finds exact and
//! near-duplicates, and keeps a ledger from which every original comes back.
//!
//! One document, from text to ledger and back:
//!
//! ```
//! use copydesk::document::Document;
//! use copydesk::pipeline::Cleaner;
//! use copydesk::settings::Settings;
//!
//! let text = "Ferry returns\n\nFerry returns\n\nThe ferry to Osk Island returns on \
//!     Monday, a month after its engine failed in the middle of the strait.\n\n\
//!     Leave a Reply\n\nYour email address will not be published.";
//! let cleaner = Cleaner::new(&Settings::default());
//! let cleaned = cleaner.clean(&Document {
//!     text,
//!     title: Some("Ferry returns"),
//!     ..Document::default()
//! });
//!
//! assert!(cleaned.text.starts_with("Ferry returns\n\nThe ferry to Osk"));
//! assert!(cleaned.text.ends_with("of the strait."));
//! for removal in cleaned.removals() {
//!     println!("{}: {}", removal.why.rule, cleaned.original_of(removal.span));
//! }
//!
//! let originals = cleaned.edits.iter().map(|edit| cleaned.original_of(edit.span));
//! assert_eq!(cleaned.edits.revert(&cleaned.text, originals).as_deref(), Some(text));
//! ```
//!
//! A whole corpus is a [`pipeline::Plan`] given to [`pipeline::run`]; desks can
//! be used alone.
//!
//! | where | what |
//! |---|---|
//! | [`document`] | the nouns: document, span, line, finding, edits |
//! | [`settings`] | what a run is told: one struct a stage |
//! | [`error`] | what went wrong, where, what mends it |
//! | [`text`] | words, folding, stable hashes: what every desk uses |
//! | [`normalise`] | desk 1: mends mangled characters, spaces and line breaks |
//! | [`headlines`] | desk 2: the headline stands once |
//! | [`boilerplate`] | desk 3: furniture goes, by phrases and by where they stand |
//! | [`duplicates`] | desk 4: which documents repeat others, and who stays |
//! | [`formats`] | the world's files: locations, compression, records |
//! | [`store`] | our own files: spill, ledger, manifest, output folder |
//! | [`pipeline`] | the run: one document, a whole corpus, and the way back |
//! | [`report`] | what a run did, to read |
//! | [`training`] | a line model from labelled lines |

pub mod boilerplate;
pub mod document;
pub mod duplicates;
pub mod error;
pub mod formats;
pub mod headlines;
pub mod normalise;
pub mod pipeline;
pub mod report;
pub mod settings;
pub mod store;
pub mod text;
pub mod training;

pub use error::{Error, ErrorKind, Result};
