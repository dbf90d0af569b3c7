//! The copy desk for scraped corpora.
//!
//! | where | what |
//! |---|---|
//! | [`document`] | the nouns: document, span, line, finding, edits |
//! | [`settings`] | what a run is told |
//! | [`error`] | what went wrong, where, what mends it |
//! | [`text`] | words, folding, stable hashes |
//! | [`normalise`] · [`headlines`] · [`boilerplate`] · [`duplicates`] | the four desks |
//! | [`formats`] | the world's files |
//! | [`store`] | our own files |
//! | [`pipeline`] | the run |
//! | [`report`] | what a run did, to read |

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

pub use error::{Error, ErrorKind, Result};
