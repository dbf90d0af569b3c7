//! Tables (CSV, TSV) under a name that does not tell: by a header, and rows of as many columns.

/// How many characters of a header are told.
const TOLD: usize = 60;
/// The longest name of a column.
const NAME: usize = 32;

/// A text that looks like a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How many columns it has.
    pub columns: usize,
    /// Its header, or how that begins.
    pub header: String,
}

/// Returns the table that a text looks like: names of columns stand in its first row, and each row
/// behind it has as many columns, one at least where there are three and more, two where there are
/// two. `whole` tells that the text ends where `start` does.
pub fn of_start(start: &[u8], whole: bool) -> Option<Table> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    [b',', b'\t', b';']
        .into_iter()
        .find_map(|separator| with(start, separator, whole))
}

fn with(start: &[u8], separator: u8, whole: bool) -> Option<Table> {
    let end = memchr::memchr(b'\n', start)?;
    let header = std::str::from_utf8(start.get(..end)?).ok()?;
    let header = header.strip_suffix('\r').unwrap_or(header);
    let names: Vec<&str> = header.split(char::from(separator)).map(bare).collect();
    let columns = names.len();
    if columns < 2 || !names.iter().all(|name| is_name(name)) {
        return None;
    }
    let rows = rows(start.get(end + 1..)?, separator, whole);
    let least = if columns == 2 { 2 } else { 1 };
    // A row may be longer than what is looked at.
    let opens = rows.is_empty() && !whole && columns > 2;
    let fits = opens || rows.len() >= least && rows.iter().all(|row| *row == columns);
    fits.then(|| Table {
        columns,
        header: header.replace('\t', " ").chars().take(TOLD).collect(),
    })
}

/// Returns a field without its quotes.
fn bare(field: &str) -> &str {
    let inner = field
        .strip_prefix('"')
        .and_then(|field| field.strip_suffix('"'));
    inner.unwrap_or(field)
}

/// Returns whether a field may be the name of a column: a word or two, with no white space around
/// them as behind a comma in prose, and no sign but what joins words.
fn is_name(field: &str) -> bool {
    let letters = field.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let signs = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.' | ' ' | '/');
    letters
        && field.len() <= NAME
        && field.split(' ').all(|word| !word.is_empty())
        && field.split(' ').count() <= 3
        && !field.ends_with('.')
        && field.chars().all(signs)
}

/// Returns how many columns each row has; a line break within quotes ends none. What is cut off
/// is no row.
fn rows(text: &[u8], separator: u8, whole: bool) -> Vec<usize> {
    let mut out = Vec::new();
    let (mut columns, mut quoted, mut empty) = (1, false, true);
    for byte in text {
        match *byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if !empty {
                    out.push(columns);
                }
                (columns, empty) = (1, true);
                continue;
            }
            found if found == separator && !quoted => columns += 1,
            b'\r' => continue,
            _ => {}
        }
        empty = false;
    }
    if whole && !quoted && !empty {
        out.push(columns);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_told_by_its_header_and_its_rows() {
        let long = format!("id,title,text\n1,Harbour,\"{}", "Words. ".repeat(50));
        for (start, whole, columns) in [
            (
                "id,title,text\n1,Harbour,\"Ships, and\nmore\"\n2,Fair,x\n",
                true,
                Some(3),
            ),
            (
                "\u{feff}\"id\",\"page title\",\"text\"\r\n1,a,b\r\n",
                true,
                Some(3),
            ),
            ("url\ttext\nx.example\tone\ny.example\ttwo", true, Some(2)),
            ("Datum;Titel;Text\n1.5.;a;b\n\n2.5.;c;d\n", true, Some(3)),
            (&long, false, Some(3)),
            // One row of two columns is too little, and so is a row that is cut off.
            ("url,text\nx,one\n", true, None),
            ("id,text\n1,\"and so on", false, None),
            // Prose and verse.
            (
                "Ships, harbours, cranes\nstand here, and there, idle\n",
                true,
                None,
            ),
            ("Red,green,blue\nwere the flags.\n", true, None),
            (
                "He came, he saw\nhe left, he slept\nhe woke, he ate\n",
                true,
                None,
            ),
            ("Dear Sir,\n\nwe write,\nand wait,\n", true, None),
            ("12,5\n13,5\n14,5\n", true, None),
            ("A title\n\nA text; with a stop.\n", true, None),
            ("", true, None),
        ] {
            let found = of_start(start.as_bytes(), whole).map(|table| table.columns);
            assert_eq!(found, columns, "{start:?}");
        }
    }
}
