//! Ctrl-C and the like: the first ends the work after the photos at hand, the second at once.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// Whether to stop.
static STOP: AtomicBool = AtomicBool::new(false);
const AT_ONCE: i32 = 130;

/// What turns true when somebody wants it to end.
pub(crate) fn flag() -> Result<&'static AtomicBool> {
    // Files are whole whenever it ends.
    let stop = || {
        if STOP.swap(true, Ordering::Relaxed) {
            process::exit(AT_ONCE);
        }
    };
    ctrlc::set_handler(stop).context("signals cannot be heard")?;
    Ok(&STOP)
}
