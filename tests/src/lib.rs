//! What every engine and every platform must agree on.
//!
//! The unit tests of this crate touch no file and start no process, so the same ones run natively,
//! under qemu for NEON and in Chromium for WebAssembly; `suite/` holds the tests that need a host.

pub mod foreign;
#[cfg(feature = "webgpu")]
pub mod gpu;
pub mod graphs;
pub mod jpeg;
pub mod parity;
pub mod random;

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod squash;
#[cfg(test)]
mod thumbnails;

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    /// The negative control of the runner for browsers: it changes this text in the built module, so
    /// that one test fails without another build (`tests/browser/unit.mjs`).
    static CONTROL: [u8; 29] = *b"tagsight negative control off";

    #[test]
    fn a_failing_test_is_noticed() {
        // The compiler must not know what the text is.
        assert!(black_box(&CONTROL).ends_with(black_box(b"off")), "asked to fail");
    }
}
