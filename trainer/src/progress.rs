//! Progress bars: how far, how fast, how long still.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` items, e.g. `"photos"`. Where standard error is no terminal it is silent.
pub fn bar(length: usize, what: &str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} · {per_sec} · {eta} left")
            .expect("the template is a constant");
    let bar = ProgressBar::new(length as u64).with_style(style).with_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
