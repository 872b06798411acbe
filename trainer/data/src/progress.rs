//! Progress: how far, how fast, how long still. A bar on a terminal; elsewhere a line now and then.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// Progress on standard error.
pub struct Progress {
    bar: ProgressBar,
    /// Done before this process.
    before: u64,
    start: Instant,
    last_line: Mutex<Instant>,
}

/// Progress over `length` items, e.g. `"photos"`.
pub fn bar(length: usize, what: &str) -> Progress {
    Progress::resumed(0, length, what)
}

impl Progress {
    /// Progress of which `done` of `length` items lie behind already.
    pub fn resumed(done: usize, length: usize, what: &str) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}{prefix}")
            .expect("the template is a constant");
        let bar = ProgressBar::new(length as u64).with_position(done as u64).with_style(style);
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(500));
        let start = Instant::now();
        Self { bar, before: done as u64, start, last_line: Mutex::new(start) }
    }

    /// `count` more are done.
    pub fn inc(&self, count: u64) {
        self.bar.inc(count);
        let (done, length) = (self.bar.position(), self.bar.length().unwrap_or_default());
        let pace = pace(done - self.before, length.saturating_sub(done), self.start.elapsed());
        if self.bar.is_hidden() {
            self.line_if_due(&format!("{} {done}/{length}{pace}", self.bar.message()));
        } else {
            self.bar.set_prefix(pace);
        }
    }

    /// What is being done now.
    pub fn set_message(&self, what: String) {
        self.bar.set_message(what);
    }

    /// Prints a line that stays.
    pub fn line(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    /// Takes the bar away.
    pub fn finish_and_clear(&self) {
        self.bar.finish_and_clear();
    }

    fn line_if_due(&self, text: &str) {
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            eprintln!("{text}");
        }
    }
}

/// `" · 81.5/s · 2h03m left"`: items a second since the start, and the time that the rest takes at
/// that rate.
fn pace(done: u64, left: u64, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(1e-3);
    if rate == 0.0 {
        return String::new();
    }
    format!(" · {rate:.1}/s · {} left", duration(left as f64 / rate))
}

/// `"48s"`, `"12m05s"` or `"2h03m"`.
fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_this_process() {
        assert_eq!(pace(815, 7_335, Duration::from_secs(10)), " · 81.5/s · 1m30s left");
        assert_eq!(pace(0, 10, Duration::from_secs(1)), "");
    }

    #[test]
    fn durations_have_two_units() {
        let cases = [(0.4, "0s"), (59.6, "1m00s"), (725.0, "12m05s"), (7_380.0, "2h03m")];
        for (seconds, expected) in cases {
            assert_eq!(duration(seconds), expected);
        }
    }
}
