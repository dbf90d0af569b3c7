//! Work in parallel, results in order.
//!
//! Items are taken in batches. While one batch is worked on by all threads,
//! one of them writes the results of the batch before and reads the next. So
//! memory holds three batches at most, and what is written depends on the
//! order of the items alone.

use super::progress::Progress;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// How many items a thread gets in a batch: enough that the threads end together.
const PER_THREAD: usize = 6;

/// Runs every item that `next` gives through `work`, on the threads of the
/// current pool, and gives the results to `finish` in the order of the items.
///
/// # Errors
///
/// The first error of any of the three, or that `progress` stops the work; nothing is begun after
/// it.
pub fn in_order<I: Send, O: Send>(
    progress: &dyn Progress,
    mut next: impl FnMut() -> Result<Option<I>> + Send,
    work: impl Fn(I) -> Result<O> + Sync,
    mut finish: impl FnMut(O) -> Result<()> + Send,
) -> Result<()> {
    let size = rayon::current_num_threads() * PER_THREAD;
    let mut read = || -> Result<Vec<I>> {
        let mut batch = Vec::with_capacity(size);
        while batch.len() < size
            && let Some(item) = next()?
        {
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
    use super::super::progress::Silent;
    use super::*;

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
