//! Runs a whole network on one instruction set.

mod arena;
mod cpu;
#[cfg(feature = "webgpu")]
pub mod gpu;
mod params;

pub use crate::kernels::Isa;
pub use cpu::{Engine, EngineError, Observer};
