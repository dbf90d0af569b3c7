//! Rows of the ledger on their way to a book.
//!
//! A record of mangled letters has a row of ten times its size. So a block's rows stay in memory
//! up to some megabytes, and what is more lies on disk, in a file without a name that goes away
//! with them.

use super::spill::read_at;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// How many bytes stay in memory.
const HELD: usize = 4 << 20;

/// Rows, one after the other: first those on disk, then those in memory.
#[derive(Debug)]
pub struct Rows {
    /// Where more than a few are laid aside.
    dir: Arc<PathBuf>,
    file: Option<File>,
    /// Bytes in the file.
    laid: u64,
    held: Vec<u8>,
    /// What went wrong, until somebody asks.
    failed: Option<io::Error>,
}

impl Rows {
    /// Returns no rows; what is too much for memory goes to a file in `dir`.
    pub const fn new(dir: Arc<PathBuf>) -> Self {
        Self {
            dir,
            file: None,
            laid: 0,
            held: Vec::new(),
            failed: None,
        }
    }

    fn lay_aside(&mut self) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&*self.dir)?,
        };
        file.write_all(&self.held)?;
        self.file = Some(file);
        self.laid += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Tells whether all rows could be written.
    ///
    /// # Errors
    ///
    /// What the system said when they were.
    pub fn check(&mut self) -> Result<()> {
        let failed = self.failed.take();
        failed.map_or(Ok(()), |bad| Err(Error::io(&*self.dir, bad)))
    }

    /// Hands over all rows in pieces, in order.
    ///
    /// # Errors
    ///
    /// What the system says; what `take` says.
    pub fn each(&self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let Some(file) = &self.file {
            let mut piece = vec![0; HELD.min(self.laid as usize)];
            let mut at = 0;
            while at < self.laid {
                let length = (self.laid - at).min(HELD as u64) as usize;
                let now = piece.get_mut(..length).unwrap_or_default();
                read_at(file, now, at).map_err(|bad| Error::io(&*self.dir, bad))?;
                take(now)?;
                at += length as u64;
            }
        }
        take(&self.held)
    }
}

impl Write for Rows {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            return Err(io::ErrorKind::Other.into());
        }
        if self.held.len() + buf.len() > HELD
            && let Err(bad) = self.lay_aside()
        {
            self.failed = Some(bad);
            return Err(io::ErrorKind::Other.into());
        }
        match &mut self.file {
            // It alone is more than what stays in memory.
            Some(file) if buf.len() > HELD => {
                if let Err(bad) = file.write_all(buf) {
                    self.failed = Some(bad);
                    return Err(io::ErrorKind::Other.into());
                }
                self.laid += buf.len() as u64;
            }
            _ => self.held.extend_from_slice(buf),
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_for_memory_comes_back_from_disk() {
        let dir = tempfile::tempdir().unwrap();
        let mut rows = Rows::new(Arc::new(dir.path().to_path_buf()));
        let mut expected = Vec::new();
        for number in 0..300_000 {
            let row = format!("{{\"row\":{number},\"text\":\"of some bytes\"}}\n");
            rows.write_all(row.as_bytes()).unwrap();
            expected.extend_from_slice(row.as_bytes());
        }
        for length in [HELD + 1, 5, 2 * HELD] {
            let row = vec![b'y'; length];
            rows.write_all(&row).unwrap();
            expected.extend_from_slice(&row);
            assert!(rows.held.len() <= HELD);
        }
        rows.check().unwrap();
        assert!(expected.len() > 2 * HELD);
        let mut got = Vec::new();
        rows.each(|piece| {
            got.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        assert!(got == expected);
        // The file has no name.
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_place_that_takes_nothing_is_said() {
        let mut rows = Rows::new(Arc::new("/nowhere/at/all".into()));
        let row = vec![b'x'; HELD];
        rows.write_all(&row).unwrap();
        assert!(rows.write_all(&row).is_err());
        assert!(rows.write_all(b"more").is_err());
        assert!(
            rows.check()
                .unwrap_err()
                .to_string()
                .starts_with("/nowhere")
        );
    }
}
