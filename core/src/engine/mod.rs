//! Runs a whole network on one instruction set.

mod arena;
mod cpu;

pub use crate::kernels::Isa;
pub use cpu::{Engine, EngineError, Observer};
