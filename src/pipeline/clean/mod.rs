//! One document: the desks until they find nothing more, the brake, and the rules to look at.

pub(super) mod brake;
pub(super) mod cause;
pub(super) mod cleaner;
pub(super) mod excise;
pub(super) mod line_model;
pub(super) mod lines;
pub(super) mod rulebook;
pub(super) mod site_model;
