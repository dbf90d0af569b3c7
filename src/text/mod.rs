//! Words, folding, stable hashes: what every desk uses. Floor 1.

mod classes;
pub mod fold;
pub mod hash;
pub(crate) mod masks;
#[cfg(test)]
mod tests;
pub mod words;
