//! What copydesk promises, tried on the real program. One module a promise.

mod accounting;
mod architecture;
mod duplicates;
mod errors;
mod example;
mod golden;
mod laws;
mod reading;
mod restoring;
mod same_bytes;
mod streaming;
mod support;
