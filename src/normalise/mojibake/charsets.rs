//! The charsets in which UTF-8 is misread, and what a misread character was.

use encoding_rs::Encoding;
use std::sync::LazyLock;

/// Past all that single-byte charsets show, but for two ligatures and an apple.
const LIMIT: usize = 0x2600;

/// One single-byte charset: the upper half of its table, from character to byte.
pub(super) struct Charset {
    /// The byte of every character below [`LIMIT`], 0 where there is none.
    bytes: Vec<u8>,
    /// What sort of evidence its characters give.
    pub(super) alphabet: Alphabet,
}

/// What the letters are that a charset shows for UTF-8's lead bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Accented Latin letters: windows-1252 and its like.
    Latin,
    /// Cyrillic letters: windows-1251.
    Cyrillic,
    /// Greek letters: windows-1253.
    Greek,
    /// Signs: Mac Roman.
    Signs,
}

/// Every charset looked at, the likeliest first.
///
/// ISO-8859-1 is within windows-1252: its C1 controls are taken for their bytes
/// in every charset.
pub(super) static CHARSETS: LazyLock<[Charset; 6]> = LazyLock::new(|| {
    [
        Charset::new(encoding_rs::WINDOWS_1252, Alphabet::Latin),
        Charset::new(encoding_rs::WINDOWS_1250, Alphabet::Latin),
        Charset::new(encoding_rs::WINDOWS_1254, Alphabet::Latin),
        Charset::new(encoding_rs::WINDOWS_1251, Alphabet::Cyrillic),
        Charset::new(encoding_rs::WINDOWS_1253, Alphabet::Greek),
        Charset::new(encoding_rs::MACINTOSH, Alphabet::Signs),
    ]
});

impl Charset {
    fn new(encoding: &'static Encoding, alphabet: Alphabet) -> Self {
        let mut bytes = vec![0; LIMIT];
        // What the table leaves open is shown as in ISO-8859-1, C1 controls in any case.
        let latin_1 = (0x80..=0xff).map(|byte| (char::from(byte), byte));
        let table = (0x80..=0xff).filter_map(|byte| {
            let text = [byte];
            let text = encoding.decode_without_bom_handling_and_without_replacement(&text)?;
            Some((text.chars().next()?, byte))
        });
        let mut taken = [false; 0x100];
        for (c, byte) in table {
            taken[usize::from(byte)] = true;
            if let Some(slot) = bytes.get_mut(c as usize) {
                *slot = byte;
            }
        }
        for (c, byte) in latin_1 {
            let open = byte < 0xa0 || !taken[usize::from(byte)];
            if open && bytes[c as usize] == 0 {
                bytes[c as usize] = byte;
            }
        }
        Self { bytes, alphabet }
    }

    /// Returns the byte that the charset shows as `c`, if it is one of the upper half.
    pub(super) fn byte(&self, c: char) -> Option<u8> {
        self.bytes.get(c as usize).copied().filter(|&byte| byte > 0)
    }
}

/// Returns the windows-1252 character that a C1 control really is, if it is one.
pub(super) fn c1_as_windows_1252(c: char) -> Option<char> {
    let byte = u8::try_from(u32::from(c))
        .ok()
        .filter(|byte| (0x80..0xa0).contains(byte))?;
    let text = [byte];
    let (decoded, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&text);
    decoded.chars().next().filter(|&decoded| decoded != c)
}
