//! What a photo's file has of metadata, whichever kind it is, and how it gets other.

use std::borrow::Cow;
use std::ops::Range;

use crate::change::{Patch, Piece};
use crate::jpeg::Jpeg;
use crate::order::in_order;
use crate::png::Png;
use crate::refusal::Refusal;
use crate::webp::WebP;
use crate::xmp::{Edited, Room};

/// A file, taken apart.
pub(crate) enum Container<'a> {
    Jpeg(Jpeg<'a>),
    Png(Png<'a>),
    WebP(WebP<'a>),
}

/// What it has of metadata.
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

impl<'a> Container<'a> {
    /// Takes a file apart.
    pub(crate) fn parse(photo: &'a [u8]) -> Result<Self, Refusal> {
        match photo {
            [0xFF, 0xD8, 0xFF, ..] => Jpeg::parse(photo).map(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => {
                Png::parse(photo).map(Self::Png)
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                WebP::parse(photo).map(Self::WebP)
            }
            _ => Err(Refusal::Kind),
        }
    }

    pub(crate) fn parts(&self) -> Parts<'a> {
        match self {
            Self::Jpeg(jpeg) => jpeg.parts(),
            Self::Png(png) => png.parts(),
            Self::WebP(webp) => webp.parts(),
        }
    }

    /// Where its packet is kept.
    pub(crate) fn room(&self) -> Room {
        match self {
            Self::Jpeg(_) => Room::Limited(crate::jpeg::LONGEST_PACKET),
            Self::Png(_) | Self::WebP(_) => Room::Open,
        }
    }

    /// The file with another packet, and other IPTC records if there are any.
    pub(crate) fn write(&self, xmp: &Edited, iptc: Option<&[u8]>) -> Result<Patch, Refusal> {
        match self {
            Self::Jpeg(jpeg) => jpeg.write(xmp, iptc),
            Self::Png(png) => png.write(xmp),
            Self::WebP(webp) => webp.write(xmp),
        }
    }
}

/// Bytes that come in the place of others.
pub(crate) struct Splice {
    pub(crate) range: Range<usize>,
    pub(crate) bytes: Vec<u8>,
}

/// A patch that makes these changes, which do not overlap.
pub(crate) fn patch(length: usize, splices: Vec<Splice>) -> Patch {
    let splices = in_order(splices, |splice| (splice.range.start, splice.range.end));
    let (mut pieces, mut at) = (Vec::new(), 0);
    for Splice { range, bytes } in splices {
        if at < range.start {
            pieces.push(Piece::Old(at..range.start));
        }
        if !bytes.is_empty() {
            pieces.push(Piece::New(bytes));
        }
        at = range.end;
    }
    if at < length {
        pieces.push(Piece::Old(at..length));
    }
    Patch { pieces }
}
