//! What a photo's file has of metadata, whichever kind it is, and how it gets other.

use crate::change::Patch;
use crate::jpeg::Jpeg;
use crate::parts::Parts;
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
