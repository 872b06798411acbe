//! Engines: each runs a whole network, on the processor with one instruction set or on a graphics
//! device.

mod cpu;
#[cfg(feature = "webgpu")]
pub mod gpu;
mod memory;
mod params;
mod run;

pub use crate::kernels::Isa;
pub use cpu::{Engine, EngineError, Observer};
pub use run::Run;
