//! How long something takes.

use std::time::Instant;

/// Runs before the timed ones.
pub(super) const WARM_UP: usize = 5;

/// How long so many runs take, milliseconds, ascending; after some that are not timed.
///
/// # Errors
/// What `run` gives.
pub(super) fn sorted_millis<E>(
    runs: usize,
    mut run: impl FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    let mut times = Vec::new();
    for number in 0..WARM_UP + runs {
        let start = Instant::now();
        run()?;
        if number >= WARM_UP {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}
