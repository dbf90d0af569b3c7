//! A folder that a run has left: its books read again, records looked up and given back, checked,
//! tried with other settings, and its page made.

pub(super) mod examples;
pub(super) mod look_up;
pub(super) mod page;
pub(super) mod reading_back;
pub(super) mod replay;
pub(super) mod restore;
pub(super) mod tune;
pub(super) mod undo;
pub(super) mod verify;
pub(super) mod wanted;
