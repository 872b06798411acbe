//! The trainer against references (PyTorch, scikit-learn), and its commands end to end
//! on photos that the tests make.

mod beginning;
mod commands;
mod folders;
mod formula;
mod help;
mod metrics;
mod networks;
mod photos;
mod pipeline;
mod qat;
mod recipe;
mod state_dict;
#[cfg(unix)]
mod stopping;
mod studies;
mod videos;
mod views;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held while a test fits: burn's random numbers (dropout) are the whole process's.
fn fit_alone() -> MutexGuard<'static, ()> {
    static FITTING: Mutex<()> = Mutex::new(());
    FITTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file in the folder of golden values.
fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Golden values that a script wrote.
fn golden_json(name: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(golden(name)).unwrap()).unwrap()
}
