//! Words, folding, stable hashes: what every desk uses. Floor 1.

pub mod fold;
