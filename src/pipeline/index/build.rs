//! How a segment of the index is made.

use super::Reader;
use crate::duplicates::{Counter, Order, OrderMaker, Threshold, Traits};
use crate::error::{Error, Result};
use crate::pipeline::progress::Progress;
use crate::store::fingerprints::{Entry, FingerprintWriter, Fingerprints, Label, write_entry};
use crate::store::index::{BLOCK, Fence, IndexFolder, POSTING, Posting, Row, SegmentMeta};
use crate::store::{Appended, Mark};

/// Bytes of fingerprints that are read at a time.
const PIECE: u64 = 1 << 20;

/// A segment in the making.
pub(super) struct SegmentWriter<'a> {
    folder: &'a IndexFolder,
    number: u32,
    threshold: Threshold,
    memory: usize,
    progress: &'a dyn Progress,
    prints: FingerprintWriter,
    rows: Appended,
    counter: Counter,
    offset: u64,
    documents: u64,
    shingles: u64,
    entry: Vec<u8>,
    row: Vec<u8>,
}

impl<'a> SegmentWriter<'a> {
    /// Begins a segment for about so many `shingles`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn new(
        folder: &'a IndexFolder,
        number: u32,
        threshold: Threshold,
        shingles: u64,
        memory: u64,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let memory = usize::try_from(memory / 4).unwrap_or(usize::MAX);
        let prints = Appended::create(&folder.file(number, "prints"))?;
        Ok(Self {
            folder,
            number,
            threshold,
            memory,
            progress,
            prints: FingerprintWriter::new(prints, |_| Ok(()))?,
            rows: Appended::create(&folder.file(number, "rows"))?,
            counter: Counter::new(shingles, memory),
            offset: 0,
            documents: 0,
            shingles: 0,
            entry: Vec::new(),
            row: Vec::new(),
        })
    }

    /// Adds a document of a batch; its shingles are `set`, ascending.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn add(&mut self, label: &Label<'_>, batch: u32, set: &[u64]) -> Result<()> {
        self.entry.clear();
        let label = Label {
            site: "",
            rank: &batch.to_le_bytes(),
            ..*label
        };
        write_entry(&label, [&[], set], &mut self.entry);
        self.prints.append(&self.entry, [self.entry.len()])?;
        self.row.clear();
        let row = Row {
            offset: self.offset,
            length: self.entry.len() as u32,
            size: set.len() as u32,
            batch,
            traits: Traits::of(set).to_bytes(),
            crc: crc32fast::hash(&self.entry),
        };
        row.write(&mut self.row);
        self.rows.append(&self.row)?;
        self.counter.add(set);
        self.offset += self.entry.len() as u64;
        self.documents += 1;
        self.shingles += set.len() as u64;
        if self.documents > u64::from(u32::MAX - 1) {
            return Err(Error::input(
                "the index",
                "a segment would hold more than 4,294,967,294 documents; begin a new index",
            ));
        }
        Ok(())
    }

    /// Adds all documents of a segment.
    ///
    /// # Errors
    ///
    /// A segment that is damaged; what the system says.
    pub fn add_all(&mut self, meta: &SegmentMeta) -> Result<()> {
        let folder = self.folder;
        let damaged = || {
            Error::damaged(
                folder.file(meta.number, "prints").display().to_string(),
                "holds a document without a batch; the index is damaged",
            )
        };
        let mut set = Vec::new();
        folder.documents(meta, |entry| {
            set.clear();
            entry.others(&mut set);
            let batch = batch_of(entry).ok_or_else(damaged)?;
            self.add(&entry.label, batch, &set)
        })
    }

    /// Ends the segment: its order, its postings, everything on disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn finish(mut self) -> Result<SegmentMeta> {
        let prints_mark = self.prints.mark()?;
        let rows = self.rows.mark()?;
        let prints = self.prints.finish()?;
        let made = Made {
            threshold: self.threshold,
            memory: self.memory,
            progress: self.progress,
            prints,
        };
        let order = made.order(&self.counter)?;
        drop(self.counter);
        let (shingles, classes) = order.parts();
        let mut out = Appended::create(&self.folder.file(self.number, "order"))?;
        for some in shingles.chunks(1 << 12) {
            let bytes: Vec<u8> = some.iter().flat_map(|one| one.to_le_bytes()).collect();
            out.append(&bytes)?;
        }
        out.append(classes)?;
        let order_mark = out.mark()?;
        let out = Appended::create(&self.folder.file(self.number, "postings"))?;
        let (postings, first) = made.postings(&order, out)?;
        let mut out = Appended::create(&self.folder.file(self.number, "fences"))?;
        out.append(&first)?;
        Ok(SegmentMeta {
            number: self.number,
            documents: self.documents,
            shingles: self.shingles,
            prints: prints_mark,
            rows,
            postings,
            fences: out.mark()?,
            order: order_mark,
        })
    }
}

/// Returns the batch of a document of the index.
pub(super) fn batch_of(entry: &Entry<'_>) -> Option<u32> {
    Some(u32::from_le_bytes(entry.label.rank.try_into().ok()?))
}

/// The documents of a segment, all written.
struct Made<'a> {
    threshold: Threshold,
    memory: usize,
    progress: &'a dyn Progress,
    prints: Fingerprints,
}

impl Made<'_> {
    fn each(&self, mut each: impl FnMut(u32, &[u64])) -> Result<()> {
        let (mut buffer, mut set) = (Vec::new(), Vec::new());
        for range in self.prints.ranges(PIECE) {
            if self.progress.stops() {
                return Err(Error::stopped("stopped"));
            }
            self.prints.read(range.clone(), &mut buffer)?;
            for (number, entry) in (range.start as u32..).zip(Fingerprints::entries(&buffer)) {
                set.clear();
                entry.others(&mut set);
                each(number, &set);
            }
        }
        Ok(())
    }

    fn order(&self, counter: &Counter) -> Result<Order> {
        let mut maker = OrderMaker::new(counter);
        self.each(|_, set| maker.add(set))?;
        Ok(maker.finish())
    }

    /// Writes all postings, sorted; where they do not fit into memory, in several passes. Answers
    /// with the fence of every block too.
    fn postings(&self, order: &Order, mut out: Appended) -> Result<(Mark, Vec<u8>)> {
        let mut fences = Vec::new();
        // The postings of the last block, as far as they are known.
        let mut block: Vec<Posting> = Vec::with_capacity(BLOCK);
        let mut fence = |block: &mut Vec<Posting>| {
            if let Some(fence) = Fence::of(block) {
                fence.write(&mut fences);
            }
            block.clear();
        };
        // By the top bits of the shingle, how many there are.
        let mut histogram = vec![0u64; 1 << 16];
        let mut prefix = Vec::new();
        self.each(|_, set| {
            order.prefix(set, self.threshold, &mut prefix);
            for shingle in &prefix {
                histogram[(shingle >> 48) as usize] += 1;
            }
        })?;
        let most = (self.memory / POSTING).max(1) as u64;
        let mut start = 0;
        while start < histogram.len() {
            let mut sum = 0;
            let fits = histogram[start..].iter().take_while(|count| {
                sum += **count;
                sum <= most
            });
            let end = start + fits.count().max(1);
            let range = start as u64..end as u64;
            let mut postings = Vec::new();
            self.each(|number, set| {
                order.prefix(set, self.threshold, &mut prefix);
                let size = u16::try_from(set.len()).unwrap_or(u16::MAX);
                for (place, shingle) in (0usize..).zip(&prefix) {
                    if range.contains(&(shingle >> 48)) {
                        postings.push(Posting {
                            shingle: *shingle,
                            number,
                            size,
                            place: u16::try_from(place).unwrap_or(u16::MAX),
                        });
                    }
                }
            })?;
            postings.sort_unstable();
            for posting in &postings {
                block.push(*posting);
                if block.len() == BLOCK {
                    fence(&mut block);
                }
            }
            let mut bytes = Vec::new();
            for some in postings.chunks(1 << 12) {
                bytes.clear();
                some.iter().for_each(|posting| posting.write(&mut bytes));
                out.append(&bytes)?;
            }
            start = end;
        }
        fence(&mut block);
        Ok((out.mark()?, fences))
    }
}

/// Opens every segment to be read, the oldest first.
///
/// # Errors
///
/// A segment that is damaged; what the system says.
pub(super) fn readers(folder: &IndexFolder, segments: &[SegmentMeta]) -> Result<Vec<Reader>> {
    let open = |meta: &SegmentMeta| -> Result<Reader> {
        let segment = crate::store::index::Segment::open(folder, meta)?;
        let (shingles, classes) = segment.order(folder)?;
        let order = Order::new(shingles, classes);
        Ok(Reader { segment, order })
    };
    segments.iter().map(open).collect()
}
