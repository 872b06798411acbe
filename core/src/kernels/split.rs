//! Splits a layer over threads.

use std::ops::Range;

/// Starts of the tensors that a layer works on.
#[derive(Clone, Copy)]
pub(super) struct Addresses {
    pub(super) input: *const i8,
    /// Null where there is none.
    pub(super) residual: *const i8,
    pub(super) output: *mut i8,
}

// SAFETY: an address alone does no harm. Those who read and write through it in several threads
// see to it that no two write the same bytes, and [`split`] returns after all of them.
unsafe impl Sync for Addresses {}

/// Does all of `0..items`, in the current rayon pool if that is asked for.
#[cfg(feature = "threads")]
pub(super) fn split(items: usize, parallel: bool, work: impl Fn(Range<usize>) + Sync) {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    let threads = if parallel { rayon::current_num_threads() } else { 1 };
    if threads == 1 {
        return work(0..items);
    }
    let share = items.div_ceil(threads);
    let start = |thread: usize| (thread * share).min(items);
    (0..threads).into_par_iter().for_each(|thread| work(start(thread)..start(thread + 1)));
}

/// Does all of `0..items`.
#[cfg(not(feature = "threads"))]
pub(super) fn split(items: usize, _parallel: bool, work: impl Fn(Range<usize>) + Sync) {
    work(0..items);
}
