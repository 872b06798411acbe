//! Which of the two workers runs.

/// A build of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// WebAssembly with 128-bit SIMD.
    WasmSimd,
    /// The same with the relaxed 7-bit dot product.
    WasmRelaxed,
}

impl Engine {
    /// Fastest first.
    pub(crate) const ALL: [Self; 2] = [Self::WasmRelaxed, Self::WasmSimd];

    /// The name in the address and in the page's hooks.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WasmSimd => "wasm-simd",
            Self::WasmRelaxed => "wasm-relaxed",
        }
    }

    /// The name for people, given the one that the worker reports.
    pub(crate) fn title(name: &str) -> &str {
        match name {
            "wasm-simd" => "WebAssembly SIMD",
            "wasm-relaxed" => "WebAssembly relaxed SIMD",
            other => other,
        }
    }

    /// The worker's script, relative to the page.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::WasmSimd => "worker-simd/worker.js",
            Self::WasmRelaxed => "worker-relaxed/worker.js",
        }
    }

    /// A module of one function that a browser accepts only if it knows the engine's opcodes.
    pub(crate) fn probe(self) -> &'static [u8] {
        match self {
            // (func (result v128) (i8x16.splat (i32.const 0)))
            Self::WasmSimd => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x08\x01\x06\0\x41\0\xfd\x0f\x0b"
            }
            // The same, twice, into i8x16.relaxed_swizzle.
            Self::WasmRelaxed => {
                b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7b\x03\x02\x01\0\
                  \x0a\x0f\x01\x0d\0\x41\0\xfd\x0f\x41\0\xfd\x0f\xfd\x80\x02\x0b"
            }
        }
    }
}

/// An engine, and what to tell who asked for another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// What will run.
    pub(crate) engine: Engine,
    /// Why it is not what was asked for.
    pub(crate) notice: Option<String>,
}

/// The engine that was asked for, else the fastest one that `runs` here.
///
/// # Errors
/// If none does; the message is for the user.
pub(crate) fn select(
    asked: Option<&str>,
    runs: impl Fn(Engine) -> bool,
) -> Result<Selection, String> {
    let fastest = Engine::ALL.into_iter().find(|&engine| runs(engine)).ok_or(
        "This browser is too old to run the tagger: it lacks WebAssembly SIMD. \
         Use Chrome 91, Firefox 89, Safari 16.4 or newer.",
    )?;
    let Some(asked) = asked else { return Ok(Selection { engine: fastest, notice: None }) };
    let known = Engine::ALL.into_iter().find(|engine| engine.name() == asked);
    if let Some(engine) = known.filter(|&engine| runs(engine)) {
        return Ok(Selection { engine, notice: None });
    }
    let why = match (asked, known) {
        ("webgpu", _) => "This version has no WebGPU engine yet".to_owned(),
        (_, Some(_)) => format!("This browser does not run {}", Engine::title(asked)),
        (_, None) => format!("There is no engine named “{asked}”"),
    };
    let notice = format!("{why}; {} runs instead.", Engine::title(fastest.name()));
    Ok(Selection { engine: fastest, notice: Some(notice) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(engine: Engine) -> bool {
        engine == Engine::WasmSimd
    }

    #[test]
    fn the_fastest_that_runs_is_the_default() {
        let selected = |runs: fn(Engine) -> bool| select(None, runs).unwrap().engine;
        assert_eq!(selected(|_| true), Engine::WasmRelaxed);
        assert_eq!(selected(old), Engine::WasmSimd);
    }

    #[test]
    fn what_is_asked_for_runs_if_it_can() {
        let selection = select(Some("wasm-simd"), |_| true).unwrap();
        assert_eq!(selection, Selection { engine: Engine::WasmSimd, notice: None });
    }

    #[test]
    fn every_fallback_says_so() {
        for (asked, runs) in
            [("webgpu", (|_| true) as fn(Engine) -> bool), ("wasm-relaxed", old), ("abacus", old)]
        {
            let notice = select(Some(asked), runs).unwrap().notice;
            assert!(notice.is_some_and(|notice| notice.contains("runs instead")), "{asked}");
        }
    }

    #[test]
    fn without_simd_there_is_nothing_to_run() {
        assert!(select(None, |_| false).unwrap_err().contains("too old"));
    }
}
