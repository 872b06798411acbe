//! Splits a layer over threads.

use std::ops::Range;

use crate::threads::Threads;

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

/// Does all of `0..items`, each of `threads` one part of it.
pub(super) fn split(items: usize, threads: &mut Threads, work: impl Fn(Range<usize>) + Sync) {
    let count = threads.count();
    if count == 1 {
        return work(0..items);
    }
    let start = |thread: usize| thread * items / count;
    threads.each(&|thread| work(start(thread)..start(thread + 1)));
}
