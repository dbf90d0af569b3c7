//! Control characters (C0, DEL, C1) and noncharacters go.
//!
//! Tab and line feed stay, and so does whatever breaks a line (CR, VT, FF, NEL):
//! that is the affair of the line breaks, and deleting it would join two words.

use super::Mend;
use crate::document::Edits;

/// Returns one edit a run of control characters.
pub(super) fn mend(text: &str) -> Edits<Mend> {
    super::spaces::replace(text, goes, |_| "", Mend::Controls)
}

fn goes(c: char) -> bool {
    match c {
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' => false,
        '\u{fdd0}'..='\u{fdef}' => true,
        _ => c.is_control() || (c as u32) & 0xfffe == 0xfffe,
    }
}
