//! How long something takes.

use std::time::Instant;

/// Runs before those that count.
const WARM_UP: usize = 2;

/// Median of how long `run` takes, in milliseconds.
pub(crate) fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut once = || {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..WARM_UP).for_each(|_| {
        once();
    });
    let mut times: Vec<f64> = (0..runs).map(|_| once()).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
