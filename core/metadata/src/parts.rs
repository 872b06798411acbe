//! What a file of whichever kind has of metadata.

use std::borrow::Cow;

/// What a file has of metadata.
#[derive(Default)]
pub(crate) struct Parts<'a> {
    /// Packets; there should be one at most.
    pub(crate) xmp: Vec<Cow<'a, [u8]>>,
    /// What a JPEG has of XMP besides, as that did not fit.
    pub(crate) extension: Option<Vec<u8>>,
    pub(crate) iptc: Option<Cow<'a, [u8]>>,
    /// Whether the IPTC records are where they can be written.
    pub(crate) is_iptc_writable: bool,
    pub(crate) exif: Option<Cow<'a, [u8]>>,
    /// Content Credentials.
    pub(crate) has_credentials: bool,
}
