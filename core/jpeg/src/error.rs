//! Why a JPEG could not be decoded.

/// What is wrong with a JPEG, or with what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A sound kind of JPEG that is not decoded here.
    #[error("{0} is not supported")]
    Unsupported(Kind),
    /// Blocks of the picture are missing.
    #[error("the file ends before the picture does")]
    Cut,
    /// What is there makes no picture.
    #[error("{0}")]
    Damaged(&'static str),
    /// The picture would take more memory than [`crate::Options::max_bytes`].
    #[error("decoding takes {needed} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Bytes that decoding would take beside the file.
        needed: u64,
        /// Bytes that it may take.
        limit: u64,
    },
}

/// Kinds of JPEG that exist and are not decoded here (ITU-T T.81, table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// Entropy coding by arithmetic coder.
    #[error("arithmetic coding")]
    Arithmetic,
    /// Predictive coding without loss.
    #[error("lossless coding")]
    Lossless,
    /// Frames that refine one another.
    #[error("hierarchical coding")]
    Hierarchical,
    /// Samples of so many bits, not 8.
    #[error("a precision of {0} bits")]
    Precision(u8),
    /// So many components, not 1, 3 or 4.
    #[error("a picture of {0} components")]
    Components(u8),
}
