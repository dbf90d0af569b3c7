//! Words, folding, stable hashes: what every desk uses. Floor 1.

mod classes;
#[cfg(test)]
mod corpora;
pub mod fold;
pub mod hash;
pub(crate) mod masks;
pub mod words;
