//! What several threads have in common, whoever they are.

use std::fmt;

/// Threads that work at one time.
pub trait Crew: fmt::Debug + Send + Sync {
    /// How many there are, with the one that asks.
    fn count(&self) -> usize;

    /// Has `work` called once with each number below [`Self::count`], and returns after all calls, which
    /// may be on different threads.
    ///
    /// # Panics
    /// If a call does.
    fn each(&mut self, work: &(dyn Fn(usize) + Sync));
}

/// Those of the current rayon pool.
#[cfg(feature = "threads")]
#[derive(Debug)]
pub struct Rayon;

#[cfg(feature = "threads")]
impl Crew for Rayon {
    fn count(&self) -> usize {
        rayon::current_num_threads()
    }

    fn each(&mut self, work: &(dyn Fn(usize) + Sync)) {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};

        (0..self.count()).into_par_iter().for_each(work);
    }
}
