//! Why nothing is read or written.

/// What is not done, and why. The messages are English ones for the command line; whoever speaks other
/// languages goes by the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No JPEG, PNG or WebP; a sidecar can go beside any file.
    #[error("keywords cannot be written into this kind of file; write a sidecar")]
    Kind,
    /// The file's structure is not what it should be, so nothing in it is moved.
    #[error("the file is damaged ({0}), so nothing is written into it; write a sidecar")]
    Damaged(&'static str),
    /// Content Credentials would be broken by any change.
    #[error(
        "the photo has Content Credentials, which any change of the file breaks; write a sidecar"
    )]
    ContentCredentials,
    /// A JPEG's segment holds 64 KB.
    #[error("the photo's XMP would be larger than a JPEG can hold ({0} bytes); write a sidecar")]
    TooLarge(usize),
    /// There are two of what there should be one of, and programs differ in which they read.
    #[error("the photo has two blocks of XMP, of which programs read either; write a sidecar")]
    TwoPackets,
    /// The lists are in the part of the metadata that is not changed.
    #[error("the photo's keywords are in its extended XMP, which is not changed; write a sidecar")]
    InExtension,
    /// The XMP cannot be read, so it cannot be added to.
    #[error("the XMP is damaged ({0}), so nothing is added to it")]
    Xmp(String),
}
