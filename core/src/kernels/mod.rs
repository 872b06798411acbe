//! The layers' arithmetic. One folder an operation, one file an instruction set; `scalar.rs` is
//! the shortest and defines what is correct.

pub mod conv;
pub mod depthwise;
mod isa;
pub mod linear;
pub mod pool;
mod requantise;
mod split;
#[cfg(feature = "webgpu")]
pub mod wgsl;

pub use isa::Isa;
