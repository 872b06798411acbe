//! Instruction sets, and the proofs that this machine has them: a value of [`x86::Avx2`] and the like is
//! only made where the processor has the instructions, and a kernel is a method of it.

mod set;

#[cfg(target_arch = "aarch64")]
pub(super) mod aarch64;
#[cfg(target_arch = "wasm32")]
pub(super) mod wasm;
#[cfg(target_arch = "x86_64")]
pub(super) mod x86;

pub use set::Isa;
