//! Words, folding, stable hashes: what every desk uses. Floor 1.

mod classes;
pub mod hash;
pub mod words;
