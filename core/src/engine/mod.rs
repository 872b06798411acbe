//! Runs a whole network on one instruction set.

mod cpu;
#[cfg(feature = "webgpu")]
pub mod gpu;
mod memory;
mod params;
mod slots;

pub use crate::kernels::Isa;
pub use cpu::{Engine, EngineError, Observer};
