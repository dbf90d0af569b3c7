//! The run: plan, per-document work, decisions, writing.
//!
//! Data flows one way:
//!
//! ```text
//! BlockReader ─▶ Worker ─▶ spill and fingerprints ─▶ decide ─▶ SecondPass ─▶ Writers
//!                   └───────────▶ ledger rows ─────────────────────────────────┘
//! ```
//!
//! [`Cleaner`] is the per-document part, [`run`] the whole on this machine;
//! [`restore`] goes the other way.

mod cleaner;
mod decide;
mod excise;
mod in_order;
mod plan;
mod progress;
mod rank;
mod restore;
mod run;
mod sites;
mod work;
mod writers;

pub use cleaner::{Cause, Cleaned, Cleaner};
pub use plan::{Destination, Plan};
pub use progress::{Progress, Silent, Stage};
pub use restore::{Restored, restore};
pub use run::run;
pub use sites::{check_site_model_output, learn, read_site_model, write_site_model};
