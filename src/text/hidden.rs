//! Characters that cannot be seen, or steer what stands around them.
//!
//! Whoever shows scraped text writes these by their names: on a page, on a terminal, in `explain`.

/// Returns whether a character would steer what is around it, or hides from a reader: controls,
/// soft hyphens, direction marks, separators, word joiners, annotations, tags.
///
/// Line feeds and tabs are among them. The joiners U+200C and U+200D, which Persian, Indic scripts
/// and emoji need, are not, nor are combining marks and spaces.
pub fn is_hidden(part: char) -> bool {
    part.is_control()
        || matches!(part,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_a_page_is_hidden() {
        for hidden in [
            '\u{0}',
            '\u{1b}',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{2029}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{206f}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        for seen in [
            ' ', 'a', 'é', '\u{301}', '\u{200c}', '\u{200d}', '\u{a0}', '\u{3000}', '😀',
        ] {
            assert!(!is_hidden(seen), "{seen:?}");
        }
    }
}
