//! The engine for graphics devices, through wgpu: WebGPU in a browser; Vulkan, Metal or Direct3D
//! natively. It gives the scalar engine's integers.
//!
//! A device can be absent, go away in the middle of a batch, run out of memory or simply compute
//! something else; each of these is a [`GpuError`], and whoever holds the engine goes on with a
//! processor's. [`verify`] is for the last one.

mod build;
mod device;
mod error;
mod layer;
mod network;
mod profile;
mod program;
mod stopwatch;
mod transfer;
mod tune;
mod tuning;
mod verify;

pub use device::{Gpu, GpuOptions};
pub use error::GpuError;
pub use layer::Layer;
pub use network::GpuEngine;
pub use profile::LayerTime;
pub use program::TileChoice;
pub use tune::Tuner;
pub use tuning::Tuning;
pub use verify::{known_image, verify, verify_logits};
