//! How long a device takes for something of which it says only when all is done.

/// Milliseconds next to which a clock's errors are small.
const ENOUGH_MILLIS: f64 = 8.0;
/// Runs that are measured together at the most, and how their number grows until they take enough.
const MAX_RUNS: usize = 256;
const GROWTH: usize = 4;
/// Times that the same is measured. What else a machine does only adds to them, so the least counts.
const TRIES: usize = 2;

/// Milliseconds of one run. `run` does so many and gives the milliseconds until it is known that
/// they are done; `latency` is what it gives for none.
pub(super) async fn one_run<E>(
    latency: f64,
    mut run: impl AsyncFnMut(usize) -> Result<f64, E>,
) -> Result<f64, E> {
    let mut runs = 1;
    loop {
        let millis = least(async || run(runs).await).await? - latency;
        if millis >= ENOUGH_MILLIS.max(latency) || runs == MAX_RUNS {
            return Ok(millis.max(0.0) / runs as f64);
        }
        runs *= GROWTH;
    }
}

/// The least of what a few tries give.
pub(super) async fn least<E>(mut time: impl AsyncFnMut() -> Result<f64, E>) -> Result<f64, E> {
    let mut least = f64::INFINITY;
    for _ in 0..TRIES {
        least = least.min(time().await?);
    }
    Ok(least)
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};

    use super::*;

    /// What is measured of a kernel that takes `millis` on a device that answers after `latency`,
    /// with a stall of a second at the first measurement; and how many runs it took.
    fn measured(millis: f64, latency: f64) -> (f64, usize) {
        let (mut all, mut stall) = (0, 1000.0);
        let run = async |runs: usize| {
            all += runs;
            Ok::<_, Infallible>(latency + runs as f64 * millis + std::mem::take(&mut stall))
        };
        let measured = {
            let future = pin!(one_run(latency, run));
            match future.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Ok(millis)) => millis,
                Poll::Pending => unreachable!("nothing is waited for"),
            }
        };
        (measured, all)
    }

    #[test]
    fn neither_stalls_nor_the_way_to_the_device_count() {
        for latency in [0.0, 0.5, 30.0] {
            for millis in [0.001, 0.1, 3.0, 100.0] {
                let found = measured(millis, latency).0;
                assert!((found / millis - 1.0).abs() < 1e-6, "{latency} {millis}: {found}");
            }
        }
    }

    #[test]
    fn short_runs_are_repeated() {
        assert_eq!(measured(10.0, 1.0).1, 2);
        assert_eq!(measured(10.0, 30.0).1, 2 * (1 + 4));
        assert_eq!(measured(1.0, 1.0).1, 2 * (1 + 4 + 16));
        assert_eq!(measured(0.001, 1.0).1, 2 * (1 + 4 + 16 + 64 + 256));
    }
}
