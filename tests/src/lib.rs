//! What every engine and every platform must agree on.
//!
//! The unit tests of this crate touch no file and start no process, so the same ones run natively,
//! under qemu for NEON and in Chromium for WebAssembly; `suite/` holds the tests that need a host.

#[cfg(feature = "webgpu")]
pub mod gpu;
pub mod parity;
pub mod random;

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod squash;

#[cfg(test)]
mod tests {
    /// The negative control of every runner: built with `TAGSIGHT_MUST_FAIL` set, a run must fail.
    #[test]
    fn a_failing_test_is_noticed() {
        assert_eq!(option_env!("TAGSIGHT_MUST_FAIL"), None, "asked to fail");
    }
}
