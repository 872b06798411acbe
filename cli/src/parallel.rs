//! Work on many files, several at a time.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each of `places`, in their order. Each of the `jobs` threads has a state of its own
/// that `begin` makes. Once `stop` is set, the rest is left out.
pub(crate) fn map<S, T: Send>(
    places: &[usize],
    jobs: NonZero<usize>,
    stop: &AtomicBool,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<(usize, T)> {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.get().min(places.len()) {
            scope.spawn(|| {
                let mut state = begin();
                while !stop.load(Ordering::Relaxed) {
                    let Some(&at) = places.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                    let done = work(&mut state, at);
                    all.lock().expect("nobody panics while holding it").push((at, done));
                }
            });
        }
    });
    let mut all = all.into_inner().expect("nobody panics while holding it");
    all.sort_by_key(|(at, _)| *at);
    all
}
