//! Lines about tools: one for what was there, and for what takes time how long it has taken.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::hook;

/// How often a line says that an installation goes on.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Says that `name` was there.
pub(crate) fn found(name: &str) {
    // Trunk runs its hook at every rebuild; there, only news is worth a line.
    if hook::staging().is_none() {
        eprintln!("  {name}: found");
    }
}

/// Does `work`, which installs `name`, and says so at the beginning, every half minute and at the
/// end.
pub(crate) fn installing<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let say = |what: &str| eprintln!("  {name}: {what} ({} s)", start.elapsed().as_secs());
    eprintln!("  {name}: installing…");
    let result = thread::scope(|scope| {
        let (ended, end) = mpsc::channel::<()>();
        scope.spawn(move || {
            while end.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                say("still installing…");
            }
        });
        let result = work();
        drop(ended);
        result
    });
    say(if result.is_ok() { "installed" } else { "FAILED" });
    result
}
