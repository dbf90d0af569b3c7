//! How postings, rows and fences lie in the files of a segment. All numbers are little-endian.

/// Bytes of traits in a row.
pub const TRAITS: usize = 64;

/// Bytes of a row.
pub const ROW: usize = 28 + TRAITS;

/// Bytes of a posting.
pub const POSTING: usize = 16;

/// Postings that are read at a time, and of which one shingle is held in memory.
pub const BLOCK: usize = 256;

/// Bytes of a fence.
pub(super) const FENCE: usize = 12;

/// One of a document's first shingles in the order of its segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The shingle.
    pub shingle: u64,
    /// The document's number in its segment.
    pub number: u32,
    /// How many shingles it has; 65,535 is that or more.
    pub size: u16,
    /// How many of them come before this one; 65,535 is that or more.
    pub place: u16,
}

impl Posting {
    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.shingle.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(&self.place.to_le_bytes());
    }

    pub(super) fn read(bytes: &[u8; POSTING]) -> Self {
        let [a, b, c, d, e, f, g, h, n0, n1, n2, n3, s0, s1, p0, p1] = *bytes;
        Self {
            shingle: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            number: u32::from_le_bytes([n0, n1, n2, n3]),
            size: u16::from_le_bytes([s0, s1]),
            place: u16::from_le_bytes([p0, p1]),
        }
    }
}

/// What is told of a document without reading its shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where its entry begins.
    pub offset: u64,
    /// How long its entry is.
    pub length: u32,
    /// How many shingles it has.
    pub size: u32,
    /// Its batch.
    pub batch: u32,
    /// Its traits.
    pub traits: [u8; TRAITS],
    /// The CRC-32 of its entry.
    pub crc: u32,
}

impl Row {
    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.offset.to_le_bytes());
        for number in [self.length, self.size, self.batch] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.traits);
        out.extend_from_slice(&self.crc.to_le_bytes());
        let crc = crc32fast::hash(out.get(start..).unwrap_or_default());
        out.extend_from_slice(&crc.to_le_bytes());
    }

    /// Returns nothing where the bytes are not those that were written.
    pub(super) fn read(bytes: &[u8; ROW]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let (said, crc) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(said) != u32::from_le_bytes(*crc) {
            return None;
        }
        Some(Self {
            offset: u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?),
            length: number(8)?,
            size: number(12)?,
            batch: number(16)?,
            traits: bytes.get(20..20 + TRAITS)?.try_into().ok()?,
            crc: number(20 + TRAITS)?,
        })
    }
}

/// What is held in memory of a block of postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The first shingle of the block.
    pub first: u64,
    /// The CRC-32 of the block.
    pub crc: u32,
}

impl Fence {
    /// Returns the fence of a block; nothing stands before no posting.
    pub fn of(block: &[Posting]) -> Option<Self> {
        let mut bytes = Vec::with_capacity(block.len() * POSTING);
        block.iter().for_each(|posting| posting.write(&mut bytes));
        Some(Self {
            first: block.first()?.shingle,
            crc: crc32fast::hash(&bytes),
        })
    }

    /// Appends it as it lies in the file.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.crc.to_le_bytes());
    }

    pub(super) fn read(bytes: &[u8; FENCE]) -> Self {
        let [a, b, c, d, e, f, g, h, c0, c1, c2, c3] = *bytes;
        Self {
            first: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            crc: u32::from_le_bytes([c0, c1, c2, c3]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Indexes outlive programs: what these bytes mean may change with `INDEX_SCHEMA` alone.
    #[test]
    fn the_bytes_of_a_segment_are_these() {
        let posting = Posting {
            shingle: 0x0807_0605_0403_0201,
            number: 0x0c0b_0a09,
            size: 0x0e0d,
            place: 0x100f,
        };
        let mut bytes = Vec::new();
        posting.write(&mut bytes);
        let expected: Vec<u8> = (1..=16).collect();
        assert_eq!(bytes, expected);
        assert_eq!(Posting::read(&bytes.try_into().unwrap()), posting);

        let fence = Fence {
            first: 0x0807_0605_0403_0201,
            crc: 0x0c0b_0a09,
        };
        let mut bytes = Vec::new();
        fence.write(&mut bytes);
        assert_eq!(bytes, (1..=12).collect::<Vec<u8>>());
        assert_eq!(Fence::read(&bytes.try_into().unwrap()), fence);

        let row = Row {
            offset: 0x0807_0605_0403_0201,
            length: 0x0c0b_0a09,
            size: 0x100f_0e0d,
            batch: 0x1413_1211,
            traits: std::array::from_fn(|at| at as u8 + 21),
            crc: 0x5857_5655,
        };
        let mut bytes = Vec::new();
        row.write(&mut bytes);
        let (own, crc) = bytes.split_last_chunk::<4>().unwrap();
        assert_eq!(own, (1..=88).collect::<Vec<u8>>());
        assert_eq!(u32::from_le_bytes(*crc), 0x1e10_de36);
        let mut bytes: [u8; ROW] = bytes.try_into().unwrap();
        assert_eq!(Row::read(&bytes), Some(row));
        bytes[20] ^= 1;
        assert_eq!(Row::read(&bytes), None);
    }
}
