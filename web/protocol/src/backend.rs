//! What runs the network in a browser, by the names that addresses, hooks and records have.

use tagsight_plain::name;

/// What runs the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The graphics processor.
    WebGpu,
    /// The processor, by the worker's build with relaxed SIMD and threads.
    WasmThreads,
    /// The processor, by the worker's build with relaxed SIMD.
    WasmRelaxed,
    /// The processor, by the worker's build with 128-bit SIMD.
    WasmSimd,
}

name!(Backend {
    WebGpu = "webgpu",
    WasmThreads = "wasm-threads",
    WasmRelaxed = "wasm-relaxed",
    WasmSimd = "wasm-simd",
});

impl Backend {
    /// All of them.
    const ALL: [Self; 4] = [Self::WebGpu, Self::WasmThreads, Self::WasmRelaxed, Self::WasmSimd];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::WasmThreads => "wasm-threads",
            Self::WasmRelaxed => "wasm-relaxed",
            Self::WasmSimd => "wasm-simd",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use tagsight_plain::Plain;

    use super::*;

    /// Messages to and from builds that sent the name as text.
    #[test]
    fn a_backend_is_said_by_its_name() {
        for backend in Backend::ALL {
            assert_eq!(Backend::named(backend.name()), Some(backend));
            assert_eq!(backend.to_bytes(), backend.name().to_owned().to_bytes());
        }
        assert_eq!(Backend::named("abacus"), None);
    }
}
