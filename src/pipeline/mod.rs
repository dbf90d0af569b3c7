//! The run: plan, per-document work, decisions, writing.
//!
//! Data flows one way:
//!
//! ```text
//! BlockReader ─▶ Worker ─▶ FirstPass ─▶ waiting lines, fingerprints ─▶ decide ─▶ SecondPass ─▶ Writers
//!                   └───────────▶ ledger rows ─────────────────────────────────┘
//! ```
//!
//! [`Cleaner`] is the per-document part, [`run()`] the whole on this machine;
//! [`restore()`] goes the other way.

mod clean;
mod decide;
mod folder;
mod in_order;
mod index;
mod progress;
mod proof;
mod run;

pub use clean::brake::Spared;
pub use clean::cause::{Cause, Mark, Whys};
pub use clean::cleaner::{Cleaned, Cleaner};
pub use clean::line_model::read_line_model;
pub use clean::lines::{Change, CleanedLine, Fate};
pub use clean::rulebook::{Entry, Line, Shown, read_rules, rulebook, trials};
pub use clean::site_model::read_site_model;
pub use folder::look_up::{LookedUp, Outcome, Twin, look_up};
pub use folder::page::{renew_report_page, report_page};
pub use folder::restore::{Restored, What, restore};
pub use folder::tune::{AtLevel, AtThreshold, Beyond, Margin, MarginPiece, Tuned, Tuning, tune};
pub use folder::verify::{Finding, IndexCheck, Inputs, Verification, Verified, verify};
pub use folder::wanted::Wanted;
pub use index::{Inspected, compact as compact_index, inspect as inspect_index};
pub use progress::{Progress, Rejected, Silent, Stage};
pub use run::front::Pipeline;
pub use run::plan::{Destination, Plan, check_output};
pub use run::run;
pub use run::sites::{Learned, learn, site_model, write_site_model};
