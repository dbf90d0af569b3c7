//! The lines that a block becomes, copied only from the first one on that is not as it was read.

/// Lines on their way to the output.
pub struct MadeLines<'b> {
    read: &'b [u8],
    /// So many bytes of what was read stand for as many of what is made, while `own` is empty.
    same: usize,
    own: Vec<u8>,
}

impl<'b> MadeLines<'b> {
    /// Returns no line of a block that was read.
    pub fn of(read: &'b [u8]) -> Self {
        Self {
            read,
            same: 0,
            own: Vec::new(),
        }
    }

    /// Appends a line as it is, without a line feed.
    pub fn keep(&mut self, line: &[u8]) {
        let next = self.read.get(self.same..);
        // That it is the next line of the block, its address tells.
        if self.own.is_empty()
            && next.is_some_and(|next| std::ptr::eq(next.as_ptr(), line.as_ptr()))
        {
            self.same += line.len();
        } else {
            self.own().extend_from_slice(line);
        }
    }

    /// Ends a line.
    pub fn end(&mut self) {
        if self.own.is_empty() && self.read.get(self.same) == Some(&b'\n') {
            self.same += 1;
        } else {
            self.own().push(b'\n');
        }
    }

    /// Returns what to append to whatever is not as it was read.
    pub fn own(&mut self) -> &mut Vec<u8> {
        if self.own.is_empty() {
            self.own.reserve(self.read.len());
            let same = self.read.get(..self.same).unwrap_or_default();
            self.own.extend_from_slice(same);
        }
        &mut self.own
    }

    /// Returns how many bytes there are.
    pub fn len(&self) -> usize {
        if self.own.is_empty() {
            self.same
        } else {
            self.own.len()
        }
    }

    /// Returns the lines where they had to be copied; else so many bytes of the block are they.
    pub fn finish(self) -> Result<Vec<u8>, usize> {
        if self.own.is_empty() {
            Err(self.same)
        } else {
            Ok(self.own)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the lines that are not "x", writes "y" for those, and answers whether all were kept.
    fn check(read: &str, expected: &str, copied: bool) {
        let mut lines = MadeLines::of(read.as_bytes());
        for line in read.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == "x" {
                lines.own().extend_from_slice(b"y");
            } else {
                lines.keep(line.as_bytes());
            }
            lines.end();
        }
        assert_eq!(lines.len(), expected.len(), "{read:?}");
        let made = lines.finish();
        assert_eq!(made.is_ok(), copied, "{read:?}");
        let made = made.unwrap_or_else(|same| read.as_bytes()[..same].to_vec());
        assert_eq!(String::from_utf8_lossy(&made), expected, "{read:?}");
    }

    #[test]
    fn lines_are_copied_from_the_first_that_differs() {
        check("", "", false);
        check("a\nbb\n", "a\nbb\n", false);
        check("a\nbb\n\n", "a\nbb\n", false);
        check("a\nbb", "a\nbb\n", true);
        check("a\n\nbb\n", "a\nbb\n", true);
        check("a\r\nbb\n", "a\nbb\n", true);
        check(" a\nbb\n", "a\nbb\n", true);
        check("a\nx\nbb\n", "a\ny\nbb\n", true);
        check("x\na\n", "y\na\n", true);
    }
}
