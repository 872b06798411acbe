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
    Damaged(Damage),
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
    Xmp(Fault),
}

/// What is not as it should be in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A JPEG's segments, up to its first scan.
    #[error("its segments do not follow one another")]
    Segments,
    /// The index of a JPEG's pictures.
    #[error("the index of its pictures is odd")]
    Index,
    /// A PNG's or a WebP's chunks.
    #[error("its chunks do not lead to its end")]
    Chunks,
    /// What says how large the picture is.
    #[error("its header is odd")]
    Header,
}

impl Damage {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Segments, Self::Index, Self::Chunks, Self::Header];
}

/// What is not as it should be in XMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no text in UTF-8, UTF-16 or UTF-32.
    #[error("it is no text")]
    Encoding,
    /// It is no well-formed XML.
    #[error("it is no well-formed XML")]
    Markup,
    /// It is deeper, or has more prefixes, than any program writes.
    #[error("it is nested too deeply")]
    Depth,
    /// It is XML, and no XMP.
    #[error("it has no rdf:RDF")]
    NoRdf,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Encoding, Self::Markup, Self::Depth, Self::NoRdf];
}
