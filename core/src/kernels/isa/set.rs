//! The instruction sets that there are kernels for, and which of them this machine has.

#[cfg(target_arch = "aarch64")]
use super::aarch64;
#[cfg(target_arch = "x86_64")]
use super::x86;

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
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => x86::Avx2::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => x86::AvxVnni::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => x86::Avx512Vnni::new().is_some(),
            #[cfg(target_arch = "aarch64")]
            Self::NeonDot => aarch64::NeonDot::new().is_some(),
            // A module that has such instructions does not load where they are missing.
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Self::WasmRelaxed => true,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::WasmSimd => true,
            _ => false,
        }
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
