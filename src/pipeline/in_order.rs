//! Work in parallel, results in order.
//!
//! Items are taken in batches. While one batch is worked on by all threads,
//! one of them writes the results of the batch before and reads the next. So
//! memory holds three batches at most, and what is written depends on the
//! order of the items alone. Where items are of any size, a batch is full when
//! they are heavy together ([`in_order_by_weight`]): a great one goes alone.

use crate::error::{Error, Result};
use crate::formats::blocks::Cut;
use crate::pipeline::progress::Progress;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// How many items a thread gets in a batch: enough that the threads end together.
const PER_THREAD: usize = 6;

/// How many bytes of records a batch holds at most: twice as many as where records are short.
pub fn batch_bytes() -> usize {
    2 * rayon::current_num_threads() * PER_THREAD * Cut::default().block
}

/// Runs every item that `next` gives through `work`, on the threads of the
/// current pool, and gives the results to `finish` in the order of the items.
///
/// # Errors
///
/// The first error of any of the three, or that `progress` stops the work; nothing is begun after
/// it.
pub fn in_order<I: Send, O: Send>(
    progress: &dyn Progress,
    next: impl FnMut() -> Result<Option<I>> + Send,
    work: impl Fn(I) -> Result<O> + Sync,
    finish: impl FnMut(O) -> Result<()> + Send,
) -> Result<()> {
    in_order_by_weight(progress, (|_: &I| 0, usize::MAX), next, work, finish)
}

/// Does what [`in_order`] does; a batch whose items `weigh` more than `most` together is one item
/// or ends with the one before.
///
/// # Errors
///
/// As [`in_order`] has them.
pub fn in_order_by_weight<I: Send, O: Send>(
    progress: &dyn Progress,
    (weigh, most): (impl Fn(&I) -> usize + Sync, usize),
    mut next: impl FnMut() -> Result<Option<I>> + Send,
    work: impl Fn(I) -> Result<O> + Sync,
    mut finish: impl FnMut(O) -> Result<()> + Send,
) -> Result<()> {
    let size = rayon::current_num_threads() * PER_THREAD;
    // The item that was too heavy for the last batch.
    let mut over: Option<I> = None;
    let mut read = || -> Result<Vec<I>> {
        let mut batch = Vec::with_capacity(size);
        let mut weight = 0_usize;
        while batch.len() < size
            && let Some(item) = over.take().map_or_else(&mut next, |item| Ok(Some(item)))?
        {
            weight = weight.saturating_add(weigh(&item));
            if weight > most && !batch.is_empty() {
                over = Some(item);
                break;
            }
            batch.push(item);
        }
        Ok(batch)
    };
    let mut batch = read()?;
    let mut done: Vec<O> = Vec::new();
    while !batch.is_empty() {
        let last = std::mem::take(&mut done);
        let (worked, others) = rayon::join(
            || {
                batch
                    .into_par_iter()
                    .with_max_len(1)
                    .map(|item| match progress.stops() {
                        true => Err(Error::stopped("stopped")),
                        false => work(item),
                    })
                    .collect::<Result<Vec<O>>>()
            },
            || -> Result<Vec<I>> {
                last.into_iter().try_for_each(&mut finish)?;
                read()
            },
        );
        batch = others?;
        done = worked?;
    }
    done.into_iter().try_for_each(finish)
}

/// Buffers for such work, used again and again: as many come to be as threads work at once.
#[derive(Debug, Default)]
pub struct Buffers<B>(Mutex<Vec<B>>);

impl<B: Default> Buffers<B> {
    /// Does something with one that nobody else has meanwhile.
    pub fn with<T>(&self, work: impl FnOnce(&mut B) -> T) -> T {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = free().pop().unwrap_or_default();
        let done = work(&mut buffer);
        free().push(buffer);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::progress::Silent;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let mut items = 0..1000u32;
        let mut got = Vec::new();
        in_order(
            &Silent,
            || Ok(items.next()),
            |item| Ok(item * 2),
            |result| {
                got.push(result);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(got, (0..1000).map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_great_item_is_worked_on_alone() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let mut items = [3, 3, 3, 40, 3, 3, 50, 60, 1, 1].into_iter();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut got = Vec::new();
        in_order_by_weight(
            &Silent,
            (|item: &usize| *item, 10),
            || Ok(items.next()),
            |item| {
                let others = now.fetch_add(item, Ordering::SeqCst);
                let weight = others + item;
                assert!(others == 0 || weight <= 10, "{item} beside {others}");
                most.fetch_max(weight, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(1));
                now.fetch_sub(item, Ordering::SeqCst);
                Ok(item)
            },
            |item| {
                got.push(item);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(got, [3, 3, 3, 40, 3, 3, 50, 60, 1, 1]);
        assert_eq!(most.into_inner(), 60);
    }

    #[test]
    fn an_error_ends_the_work() {
        let mut items = 0..1000u32;
        let failed = in_order(
            &Silent,
            || Ok(items.next()),
            |item| {
                if item == 500 {
                    Err(Error::input("here", "bad"))
                } else {
                    Ok(item)
                }
            },
            |_| Ok(()),
        );
        assert_eq!(failed.unwrap_err().to_string(), "here: bad");
    }
}
