//! Watching a run: progress on standard error, TensorBoard's event files, `log.csv`, and Ctrl-C.

mod events;
mod interrupt;
mod log;
mod samples;
mod status;
mod watcher;

pub use interrupt::{EXIT_CODE, Interrupt};
pub use log::LOG;
pub(crate) use status::end;
pub use status::{STATUS, State, Status};
pub(crate) use watcher::{Course, Measured, Watcher, system_clock};
