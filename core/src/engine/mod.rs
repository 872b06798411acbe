//! Engines: each runs a whole network, on the processor with one instruction set or on a graphics
//! device.

mod arena;
mod cpu;
#[cfg(feature = "webgpu")]
pub mod gpu;
mod params;
mod run;

pub use crate::kernels::Isa;
pub use cpu::{Engine, EngineError, Observer};
pub use run::Run;
