//! The builds of the worker: what a browser needs for each, and where it is.

use tagsight_protocol::Backend;

/// A build of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// WebAssembly with 128-bit SIMD.
    Simd,
    /// The same with the relaxed 7-bit dot product.
    Relaxed,
    /// The same with threads, which share its memory.
    Threads,
}

impl Build {
    /// Fastest first.
    pub(crate) const ALL: [Self; 3] = [Self::Threads, Self::Relaxed, Self::Simd];

    /// What it is to those who are told what runs.
    pub(crate) fn backend(self) -> Backend {
        match self {
            Self::Simd => Backend::WasmSimd,
            Self::Relaxed => Backend::WasmRelaxed,
            Self::Threads => Backend::WasmThreads,
        }
    }

    /// The worker's script, relative to the page.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::Simd => "worker-simd/worker.js",
            Self::Relaxed => "worker-relaxed/worker.js",
            Self::Threads => "worker-threads/worker.js",
        }
    }

    /// Whether it needs what only isolated pages get: memory that threads share.
    pub(crate) fn shares_memory(self) -> bool {
        self == Self::Threads
    }

    /// A module of one function that a browser accepts only if it knows the build's opcodes. All that know
    /// relaxed SIMD know atomic ones.
    pub(crate) fn probe(self) -> &'static [u8] {
        match self {
            // (func (result v128) (i8x16.splat (i32.const 0)))
            Self::Simd => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x08\x01\x06\0\x41\0\xfd\x0f\x0b"
            }
            // The same, twice, into i8x16.relaxed_swizzle.
            Self::Relaxed | Self::Threads => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x0f\x01\x0d\0\x41\0\xfd\x0f\x41\0\xfd\x0f\xfd\x80\x02\x0b"
            }
        }
    }
}
