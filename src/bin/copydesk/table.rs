//! Tables for a terminal: as they are laid out for eighty columns, closer where there are fewer, and
//! as lists where even that is too wide.

use crate::text::{Long, WIDTH, wrapped};
use unicode_width::UnicodeWidthStr;

/// A column of a table.
pub struct Column {
    /// Its head; words of it may stand below each other.
    pub head: &'static str,
    /// How wide it is where there is room.
    pub width: usize,
    /// Whether it holds numbers, which stand at the right.
    pub number: bool,
}

impl Column {
    /// Returns a column of words.
    pub const fn words(head: &'static str, width: usize) -> Self {
        Self {
            head,
            width,
            number: false,
        }
    }

    /// Returns a column of numbers.
    pub const fn number(head: &'static str, width: usize) -> Self {
        Self {
            head,
            width,
            number: true,
        }
    }

    fn pad(&self, cell: &str, width: usize) -> String {
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        match self.number {
            true => format!("{blanks}{cell}"),
            false => format!("{cell}{blanks}"),
        }
    }
}

/// A table in lines: its head, which a list has none of, and its rows.
pub struct Laid {
    pub head: Vec<String>,
    pub rows: Vec<String>,
}

/// Lays a table out in so many columns of the screen.
pub fn lay(columns: &[Column], rows: &[Vec<String>], room: usize) -> Laid {
    let given: Vec<usize> = columns.iter().map(|column| column.width).collect();
    if room >= WIDTH {
        return grid(columns, rows, &given);
    }
    let cells = |at: usize| rows.iter().filter_map(move |row| row.get(at));
    let close: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let words = column.head.split(' ').map(str::width);
            let widest = words.chain(cells(at).map(|cell| cell.width())).max();
            widest.unwrap_or(0)
        })
        .collect();
    if close.iter().sum::<usize>() + columns.len().saturating_sub(1) <= room {
        grid(columns, rows, &close)
    } else {
        list(columns, rows, room)
    }
}

fn grid(columns: &[Column], rows: &[Vec<String>], widths: &[usize]) -> Laid {
    let line = |cells: &[String]| {
        let padded = columns.iter().zip(widths).zip(cells);
        let padded = padded.map(|((column, width), cell)| column.pad(cell, *width));
        padded.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    let heads: Vec<Vec<String>> = columns
        .iter()
        .zip(widths)
        .map(|(column, width)| {
            let broken = wrapped(column.head, 0, "", Long::Stays, *width);
            broken.lines().map(str::to_owned).collect()
        })
        .collect();
    let high = heads.iter().map(Vec::len).max().unwrap_or(0);
    let head = (0..high).map(|row| {
        let cells: Vec<String> = heads
            .iter()
            .map(|head| {
                let at = (row + head.len()).checked_sub(high);
                at.and_then(|at| head.get(at)).cloned().unwrap_or_default()
            })
            .collect();
        line(&cells)
    });
    Laid {
        head: head.collect(),
        rows: rows.iter().map(|row| line(row)).collect(),
    }
}

/// Returns every row as lines of its own: what names it, and below that a line a cell.
fn list(columns: &[Column], rows: &[Vec<String>], room: usize) -> Laid {
    let name = columns.iter().position(|column| !column.head.is_empty());
    let name = name.unwrap_or(0);
    let widest = columns.iter().skip(name + 1).map(|one| one.head.width());
    let widest = widest.max().unwrap_or(0);
    let mut out = Vec::new();
    for row in rows {
        let first: Vec<&str> = row.iter().take(name + 1).map(|cell| cell.trim()).collect();
        out.push(first.join(" ").trim_start().to_owned());
        for (column, cell) in columns.iter().zip(row).skip(name + 1) {
            if cell.is_empty() {
                continue;
            }
            let head = column.head.trim();
            let line = format!("    {head:<widest$}  {}", cell.trim());
            let indent = " ".repeat(widest + 6);
            out.push(wrapped(&line, 0, &indent, Long::Breaks, room));
        }
    }
    Laid {
        head: Vec::new(),
        rows: out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_as_much_room_as_there_is() {
        let columns = [
            Column::words("", 1),
            Column::words("level", 20),
            Column::number("lines that go", 25),
            Column::number("share", 20),
        ];
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["*", "safe", "1,234", "0.25 %"]),
            row(["", "most aggressive", "12", "12.00 %"]),
        ];
        for (room, expected) in [
            (
                80,
                "  level                            lines that go                share\n\
                 * safe                                     1,234               0.25 %\n  \
                 most aggressive                             12              12.00 %",
            ),
            (
                40,
                "                  lines\n                   that\n  level              go   share\n\
                 * safe            1,234  0.25 %\n  most aggressive    12 12.00 %",
            ),
            (
                26,
                "* safe\n    lines that go  1,234\n    share          0.25 %\n\
                 most aggressive\n    lines that go  12\n    share          12.00 %",
            ),
        ] {
            let laid = lay(&columns, &rows, room);
            let lines = [laid.head, laid.rows].concat();
            assert_eq!(lines.join("\n"), expected, "{room}");
        }
    }
}
