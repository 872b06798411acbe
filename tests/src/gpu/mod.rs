//! Graphics devices against the scalar engine. The same checks run natively (llvmpipe) and in
//! Chromium (SwiftShader), so they are functions of a device that give what differs.

pub mod layers;
pub mod networks;

#[cfg(test)]
mod tests;

/// How much is compared. Compiling kernels takes minutes where a processor plays the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every value of everything that varies, and every pair of values where more than two vary.
    Chosen,
    /// Every combination, larger images and every network; with `cargo xtask test --thorough`.
    All,
}
