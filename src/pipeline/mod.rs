//! The run: plan, per-document work, decisions, writing.
//!
//! Data flows one way:
//!
//! ```text
//! BlockReader ─▶ Worker ─▶ FirstPass ─▶ spill and fingerprints ─▶ decide ─▶ SecondPass ─▶ Writers
//!                   └───────────▶ ledger rows ─────────────────────────────────┘
//! ```
//!
//! [`Cleaner`] is the per-document part, [`run()`] the whole on this machine;
//! [`restore()`] goes the other way.

mod brake;
mod cause;
mod cleaner;
mod clusters;
mod contained;
mod cuts;
mod decide;
mod examples;
mod excise;
mod first_pass;
mod front;
mod in_order;
mod index;
mod line_model;
mod lines;
mod look_up;
mod made_lines;
mod own_folder;
mod page;
mod plan;
mod progress;
mod proof;
mod rank;
mod reading_back;
mod replay;
mod restore;
mod resume;
mod rulebook;
mod run;
mod second_pass;
mod sites;
mod tune;
mod undo;
mod verify;
mod work;
mod writers;

pub use brake::Spared;
pub use cause::{Cause, Mark, Whys};
pub use cleaner::{Cleaned, Cleaner};
pub use front::Pipeline;
pub use index::{Inspected, compact as compact_index, inspect as inspect_index};
pub use line_model::read_line_model;
pub use lines::{Change, CleanedLine, Fate};
pub use look_up::{LookedUp, Outcome, Twin, look_up};
pub use page::{renew_report_page, report_page};
pub use plan::{Destination, Plan, check_output};
pub use progress::{Progress, Rejected, Silent, Stage};
pub use restore::{Restored, What, restore};
pub use rulebook::{Entry, Line, Shown, read_rules, rulebook, trials};
pub use run::run;
pub use sites::{Learned, learn, read_site_model, site_model, write_site_model};
pub use tune::{AtLevel, AtThreshold, Beyond, Margin, MarginPiece, Tuned, Tuning, tune};
pub use verify::{Finding, IndexCheck, Inputs, Verification, Verified, verify};
