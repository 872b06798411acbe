//! Proofs of x86-64's instruction sets.

/// Proof that the processor has AVX2.
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct Avx2(());

/// Proof that the processor has AVX2 and AVX-VNNI.
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct AvxVnni(());

/// Proof that the processor has AVX-512 F, BW, VL and VNNI.
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct Avx512Vnni(());

impl Avx2 {
    /// `None` where AVX2 is missing.
    pub(in crate::kernels) fn new() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

impl AvxVnni {
    /// `None` where an instruction set is missing.
    pub(in crate::kernels) fn new() -> Option<Self> {
        let detected = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni");
        detected.then_some(Self(()))
    }
}

impl Avx512Vnni {
    /// `None` where an instruction set is missing.
    pub(in crate::kernels) fn new() -> Option<Self> {
        let detected = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        detected.then_some(Self(()))
    }
}
