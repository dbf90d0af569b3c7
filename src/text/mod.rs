//! Words, folding, stable hashes: what every desk uses. Floor 1.

mod classes;
pub mod fold;
pub mod hash;
mod hidden;
pub(crate) mod language;
pub(crate) mod letters;
pub(crate) mod masks;
pub mod script;
#[cfg(test)]
mod tests;
pub mod words;

pub use hidden::is_hidden;

/// Returns the last character boundary of `text` at byte `at` or before it.
pub fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}
