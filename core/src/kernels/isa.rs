//! The instruction sets that there are kernels for, and which of them this machine has.

use super::conv;

/// An instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isa {
    /// Plain Rust: the definition.
    Scalar,
    /// WebAssembly SIMD128: 16-bit dot products.
    WasmSimd,
    /// WebAssembly relaxed SIMD: dot products of 8 by 7 bits.
    WasmRelaxed,
    /// x86-64 AVX2: `vpmaddubsw` and `vpmaddwd`.
    Avx2,
    /// x86-64 AVX-VNNI: 256-bit `vpdpbusd`.
    AvxVnni,
    /// x86-64 AVX-512 VNNI: 512-bit `vpdpbusd`.
    Avx512Vnni,
    /// AArch64 with the dot product extension: `sdot`.
    NeonDot,
}

impl Isa {
    /// Every instruction set, in order of preference.
    pub const ALL: [Self; 7] = [
        Self::Avx512Vnni,
        Self::AvxVnni,
        Self::Avx2,
        Self::NeonDot,
        Self::WasmRelaxed,
        Self::WasmSimd,
        Self::Scalar,
    ];

    /// The name on command lines and in the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::WasmSimd => "wasm-simd",
            Self::WasmRelaxed => "wasm-relaxed",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512Vnni => "avx512-vnni",
            Self::NeonDot => "neon-dot",
        }
    }

    /// The instruction set of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|isa| isa.name() == name)
    }

    /// Whether its kernels are in this build and this processor runs them.
    pub fn is_available(self) -> bool {
        conv::supports(self)
    }

    /// Those that run here, best first; the last one is always [`Isa::Scalar`].
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|isa| isa.is_available()).collect()
    }

    /// The best one that runs here.
    pub fn best() -> Self {
        Self::ALL.into_iter().find(|isa| isa.is_available()).unwrap_or(Self::Scalar)
    }
}
