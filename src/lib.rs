//! The copy desk for scraped corpora.
//!
//! Cleans text of repeated headlines and boilerplate, finds exact and
//! near-duplicates, and keeps a ledger from which every original comes back.
//!
//! One document, from text to ledger and back:
//!
//! ```
//! use copydesk::{Cleaner, Document, Settings};
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
//! A whole corpus is a [`Pipeline`], which a [`Progress`] may watch and stop; a list in memory is
//! a [`Deduplicator`]'s. `examples/` has one of each. What the program does is told to `tracing`,
//! which says nothing unless a subscriber is installed.
//!
//! | to | use |
//! |---|---|
//! | clean one text | [`Cleaner`], which gives [`Cleaned`] |
//! | find duplicates in a list | [`Deduplicator`], which gives [`Verdict`]s |
//! | run over a corpus | [`Pipeline`], which gives a [`Report`] |
//! | watch a run | [`Progress`]; [`Silent`] watches nothing |
//! | choose | [`Settings`]; [`settings::Layers`] reads them as the program does |
//! | give originals back, check a folder, look something up | [`pipeline::restore()`], [`pipeline::verify()`], [`pipeline::look_up()`] |
//!
//! Desks can be used alone. The rooms of the house:
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

#![deny(missing_docs)]

pub mod boilerplate;
pub mod document;
pub mod duplicates;
pub mod error;
#[doc(hidden)]
pub mod formats;
pub mod headlines;
pub mod normalise;
pub mod pipeline;
pub mod report;
pub mod settings;
#[doc(hidden)]
pub mod store;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod training;

pub use document::Document;
pub use duplicates::{Deduplicator, Verdict};
pub use error::{Error, ErrorKind, Result};
pub use pipeline::{Cleaned, Cleaner, Pipeline, Progress, Silent, Stage};
pub use report::Report;
pub use settings::Settings;
