//! The parts of kernels' texts that several of them have.

/// Threads of a workgroup of the kernels that are not tiled.
pub(super) const THREADS: usize = 64;
/// Their workgroups along the first dimension, if there are more than so many.
pub(super) const GROUPS_PER_ROW: u32 = 1 << 15;

/// What every kernel needs.
pub(in crate::kernels) const COMMON: &str = include_str!("common.wgsl");

/// How depthwise convolutions and pools go over their windows.
pub(super) const WINDOW: &str = include_str!("window.wgsl");

/// How words are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dot {
    /// By the language's `dot4I8Packed`.
    Packed,
    /// Taken apart by hand, where there is no such function.
    Unpacked,
}

impl Dot {
    /// The function that does it.
    pub(in crate::kernels) fn text(self) -> &'static str {
        match self {
            Self::Packed => include_str!("dot_packed.wgsl"),
            Self::Unpacked => include_str!("dot_unpacked.wgsl"),
        }
    }
}

/// A kernel that is not tiled.
pub(super) fn flat(parts: &[&str]) -> String {
    let constants =
        format!("const THREADS = {THREADS}u;\nconst GROUPS_PER_ROW = {GROUPS_PER_ROW}u;\n");
    [&[&constants, COMMON], parts].concat().join("\n")
}
