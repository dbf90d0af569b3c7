//! Cleaned lines that wait for the decision, block by block: where they lie in a file of the input
//! as they were read, they are read there again; the others are laid aside.
//!
//! What is read again is compared with the CRC-32 of what was read first: an input that something
//! else has written to meanwhile ends the run.

use super::work::Worked;
use crate::error::{Error, Result};
use crate::formats::{Input, Sample};
use crate::store::appended::Unsynced;
use crate::store::spill::read_at;
use crate::store::{Appended, Mark, Spill, SpilledBlocks};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// Fewer bytes than this are laid aside: to open their file again would cost more.
const LEAST: u64 = 4 << 10;

/// The lines of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingBlock {
    /// How many bytes they are.
    pub bytes: u64,
    /// How many records.
    pub records: u32,
    /// The bytes of the input that they begin, if they wait there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Sample>,
}

/// Lines that are being read.
pub struct Waiting {
    inputs: Readable,
    laid_aside: Spill,
    blocks: Vec<WaitingBlock>,
    /// The first that no segment names.
    since: usize,
}

/// Lines that can be read again; shared by all threads.
#[derive(Debug)]
pub struct WaitingLines {
    inputs: Vec<Input>,
    laid_aside: SpilledBlocks,
    /// The lines, and their number among those that were laid aside.
    blocks: Vec<(WaitingBlock, usize)>,
}

impl Waiting {
    /// Returns none yet; what is laid aside goes to `out`.
    pub fn new(inputs: Vec<Input>, out: Appended) -> Self {
        Self::resumed(inputs, out, Vec::new())
    }

    /// Returns those that a run was stopped with; `out` holds what of them was laid aside.
    pub fn resumed(inputs: Vec<Input>, out: Appended, blocks: Vec<WaitingBlock>) -> Self {
        let lengths = blocks.iter().filter(|lines| lines.input.is_none());
        let laid_aside = Spill::resumed(out, lengths.map(|lines| lines.bytes));
        Self {
            inputs: Readable {
                plain: vec![None; inputs.len()],
                inputs,
            },
            laid_aside,
            since: blocks.len(),
            blocks,
        }
    }

    /// Appends the lines of a block.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn append(&mut self, worked: &Worked) -> Result<()> {
        let bytes = worked.lines.len() as u64;
        let input = worked.sample.filter(|sample| {
            worked.as_read && bytes >= LEAST && self.inputs.is_plain(sample.input)
        });
        if input.is_none() {
            self.laid_aside.append(&worked.lines)?;
        }
        self.blocks.push(WaitingBlock {
            bytes,
            records: worked.records.len() as u32,
            input,
        });
        Ok(())
    }

    /// Returns what has yet to be brought to disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn unsynced(&mut self) -> Result<Unsynced> {
        self.laid_aside.unsynced()
    }

    /// Brings everything to disk; returns how far that is, and the blocks since the last time.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn mark(&mut self) -> Result<(Mark, Vec<WaitingBlock>)> {
        let mark = self.laid_aside.mark()?;
        let blocks = self.blocks.get(self.since..).unwrap_or_default().to_vec();
        self.since = self.blocks.len();
        Ok((mark, blocks))
    }

    /// Ends writing.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(self) -> Result<WaitingLines> {
        let mut number = 0;
        let numbered = self.blocks.into_iter().map(|lines| {
            let own = number;
            number += usize::from(lines.input.is_none());
            (lines, own)
        });
        Ok(WaitingLines {
            blocks: numbered.collect(),
            inputs: self.inputs.inputs,
            laid_aside: self.laid_aside.finish()?,
        })
    }
}

impl WaitingLines {
    /// Returns how many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Returns how many bytes block `number` has.
    pub fn bytes(&self, number: usize) -> usize {
        let lines = self.blocks.get(number).map(|(lines, _)| lines.bytes);
        usize::try_from(lines.unwrap_or_default()).unwrap_or(usize::MAX)
    }

    /// Returns the lines of block `number`.
    ///
    /// # Errors
    ///
    /// What the system says; an input that has changed.
    pub fn read(&self, number: usize) -> Result<Vec<u8>> {
        let Some((lines, own)) = self.blocks.get(number) else {
            return Err(Error::damaged("lines laid aside", "there is no such block"));
        };
        let Some(sample) = lines.input else {
            return self.laid_aside.read(*own);
        };
        let changed = |what: &str| {
            let name = self.inputs.get(sample.input).map(|input| &*input.name);
            let end = sample.offset + sample.bytes;
            Error::changed_input(
                name.unwrap_or_default(),
                format!(
                    "{what}: bytes {} to {end} are not those that were read before; something else has written to it. No output is whole; run it again when the input rests",
                    sample.offset
                ),
            )
        };
        // What is no file any more may never be opened.
        let path = self
            .inputs
            .get(sample.input)
            .and_then(|input| input.path.as_ref().filter(|path| path.is_file()));
        let file = path.map(File::open).transpose();
        let Ok(Some(file)) = file else {
            return Err(changed("cannot be opened again"));
        };
        let mut read = vec![0; usize::try_from(sample.bytes).unwrap_or(usize::MAX)];
        if read_at(&file, &mut read, sample.offset).is_err() {
            return Err(changed("was cut short while it was read"));
        }
        if crc32fast::hash(&read) != sample.crc {
            return Err(changed("was changed while it was read"));
        }
        read.truncate(self.bytes(number));
        Ok(read)
    }
}

/// The inputs, and which of them can be read from any place.
struct Readable {
    inputs: Vec<Input>,
    /// Once somebody asked.
    plain: Vec<Option<bool>>,
}

impl Readable {
    fn is_plain(&mut self, number: usize) -> bool {
        let (Some(input), Some(plain)) = (self.inputs.get(number), self.plain.get_mut(number))
        else {
            return false;
        };
        *plain.get_or_insert_with(|| matches!(input.plain_at(0), Ok(Some(_))))
    }
}
