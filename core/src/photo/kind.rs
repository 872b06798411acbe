//! The kinds of files that there are: the formats that are decoded here, and those that are not.

use std::fmt::{self, Display, Formatter};

pub use tagsight_jpeg::Kind as JpegProcess;

/// The formats that are decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG: baseline or progressive; grey, YCbCr, RGB, CMYK or YCCK.
    Jpeg,
    /// PNG, 1 to 16 bits; of an APNG, its default image.
    Png,
    /// WebP, lossy or lossless; of an animation, its first frame.
    WebP,
    /// GIF, its first frame; natively only.
    Gif,
    /// Windows' bitmap; natively only.
    Bmp,
    /// TIFF, its first page; natively only.
    Tiff,
}

impl Format {
    /// Its name, which is the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
        }
    }
}

/// A kind of picture that is not decoded here, though nothing is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// GIF, which the page leaves to the browser.
    Gif,
    /// BMP, which the page leaves to the browser.
    Bmp,
    /// TIFF, which the page leaves to the browser.
    Tiff,
    /// HEIF with HEVC in it, as iPhones and others write it.
    Heic,
    /// HEIF of which the brand does not tell what is in it.
    Heif,
    /// AVIF.
    Avif,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// A camera's raw data; the names of the camera's maker and of the format: "Canon CR3".
    Raw(&'static str),
    /// A film.
    Film,
    /// A Photoshop document.
    Photoshop,
    /// PNG as Xcode rewrites it for iPhones.
    AppPng,
    /// A JPEG of a process that is not decoded.
    Jpeg(JpegProcess),
}

impl Kind {
    /// What its owner can do, in English.
    pub(super) fn way_out(self) -> &'static str {
        match self {
            Self::Heic | Self::Heif => {
                "Save it as JPEG; for new photos choose “Most compatible” in the camera's settings."
            }
            Self::Raw(_) => {
                "Take the JPEG beside it, or save it as JPEG with the camera's own program."
            }
            Self::Jpeg(_) => "Save it again as an ordinary JPEG and try again.",
            Self::Film => "Save a picture of it as JPEG.",
            _ => "Save it as JPEG and try again.",
        }
    }

    /// What a browser that may be able to show it calls it.
    pub fn mime(self) -> Option<&'static str> {
        match self {
            Self::Gif => Some("image/gif"),
            Self::Bmp => Some("image/bmp"),
            Self::Tiff => Some("image/tiff"),
            Self::Heic => Some("image/heic"),
            Self::Heif => Some("image/heif"),
            Self::Avif => Some("image/avif"),
            Self::JpegXl => Some("image/jxl"),
            Self::Jpeg2000 => Some("image/jp2"),
            Self::AppPng => Some("image/png"),
            Self::Jpeg(_) => Some("image/jpeg"),
            Self::Raw(_) | Self::Film | Self::Photoshop => None,
        }
    }
}

/// In English, as the subject of a sentence.
impl Display for Kind {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Gif => "GIF pictures",
            Self::Bmp => "BMP pictures",
            Self::Tiff => "TIFF pictures",
            Self::Heic => "HEIC photos",
            Self::Heif => "HEIF photos",
            Self::Avif => "AVIF photos",
            Self::JpegXl => "JPEG XL photos",
            Self::Jpeg2000 => "JPEG 2000 photos",
            Self::Raw(name) => return write!(formatter, "Raw photos ({name})"),
            Self::Film => "Films",
            Self::Photoshop => "Photoshop documents",
            Self::AppPng => "PNG files of iPhone apps (CgBI)",
            Self::Jpeg(JpegProcess::Arithmetic) => "JPEGs with arithmetic coding",
            Self::Jpeg(JpegProcess::Lossless) => "Lossless JPEGs",
            Self::Jpeg(JpegProcess::Hierarchical) => "Hierarchical JPEGs",
            Self::Jpeg(JpegProcess::Precision(_)) => "JPEGs with more than 8 bits",
            Self::Jpeg(JpegProcess::Components(_)) => "JPEGs with two or more than four components",
        };
        formatter.write_str(name)
    }
}
