//! What copydesk promises, tried on the real program. One module a promise.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounting;
mod architecture;
mod brake;
mod config;
mod containment;
mod duplicates;
mod errors;
mod example;
mod examples;
mod explain;
mod faults;
mod golden;
mod hard_cases;
mod help;
mod index;
mod laws;
mod pages;
mod reading;
mod report;
mod restoring;
mod resuming;
mod rules;
mod rules_page;
mod same_bytes;
mod sites;
mod streaming;
mod support;
mod telling;
mod terminal;
mod tuning;
mod verifying;
