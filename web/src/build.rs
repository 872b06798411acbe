//! The builds of the worker: what a browser needs for each, and where it is.

use tagsight_protocol::Backend;

/// A build of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// WebAssembly with 128-bit SIMD.
    WasmSimd,
    /// The same with the relaxed 7-bit dot product.
    WasmRelaxed,
    /// The same with threads, which share its memory.
    WasmThreads,
}

impl Build {
    /// Fastest first.
    pub(crate) const ALL: [Self; 3] = [Self::WasmThreads, Self::WasmRelaxed, Self::WasmSimd];

    /// What it is to those who are told what runs.
    pub(crate) fn backend(self) -> Backend {
        match self {
            Self::WasmSimd => Backend::WasmSimd,
            Self::WasmRelaxed => Backend::WasmRelaxed,
            Self::WasmThreads => Backend::WasmThreads,
        }
    }

    /// The worker's script, relative to the page.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::WasmSimd => "worker-simd/worker.js",
            Self::WasmRelaxed => "worker-relaxed/worker.js",
            Self::WasmThreads => "worker-threads/worker.js",
        }
    }

    /// Whether it needs what only isolated pages get: memory that threads share.
    pub(crate) fn shares_memory(self) -> bool {
        self == Self::WasmThreads
    }

    /// A module of one function that a browser accepts only if it knows the build's opcodes. All that know
    /// relaxed SIMD know atomic ones.
    pub(crate) fn probe(self) -> &'static [u8] {
        match self {
            // (func (result v128) (i8x16.splat (i32.const 0)))
            Self::WasmSimd => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x08\x01\x06\0\x41\0\xfd\x0f\x0b"
            }
            // The same, twice, into i8x16.relaxed_swizzle.
            Self::WasmRelaxed | Self::WasmThreads => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x0f\x01\x0d\0\x41\0\xfd\x0f\x41\0\xfd\x0f\xfd\x80\x02\x0b"
            }
        }
    }
}
