//! The proof of AArch64's dot product extension.

/// Proof that the processor has the dot product extension.
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct NeonDot(());

impl NeonDot {
    /// `None` where the extension is missing.
    pub(in crate::kernels) fn new() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("dotprod").then_some(Self(()))
    }
}
