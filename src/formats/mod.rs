//! The world's files: where they lie, how they are packed, what a record is.
//!
//! [`locations`] turns what the user named into [`Input`]s, [`compression`]
//! unpacks them, [`foreign`] refuses what is neither records nor text ([`markup`]
//! and [`table`] tell what is text but no prose), [`blocks`] cuts them into
//! blocks of whole records, and [`record`] and [`plain`] say what one record is.
//! Nothing here knows what is done with a record.

// What comes from without is met here: no place that a file or a user names is taken on trust.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

pub mod blocks;
pub mod compression;
pub mod foreign;
pub mod locations;
pub mod markup;
pub mod plain;
pub mod record;
pub mod table;

pub use blocks::{Block, BlockReader, Payload, Position, Sample};
pub use compression::Compression;
pub use locations::{Format, Input};
pub use record::{Fields, NO_JSON, Record};
