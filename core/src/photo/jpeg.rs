//! JPEG, by [`tagsight_jpeg`], which decodes no more of a picture than its size is worth.

use tagsight_jpeg::{Error, Header, Options, Scale};

use super::error::PhotoError;
use super::kind::{Format, Kind};
use super::limits::MAX_BYTES;
use super::rgb8::Rgb8;
use super::squash::Extent;
use super::stored::{Size, StoredPhoto};
use super::{exif, pixels};

/// Reads a JPEG as it is stored.
pub(super) fn decode_stored(photo: &[u8], size: Size) -> Result<StoredPhoto, PhotoError> {
    let header = Header::read(photo).map_err(unreadable)?;
    let (width, height) = (header.width(), header.height());
    let scale = match size {
        Size::Full => Scale::Full,
        Size::AtLeast(side) => Scale::smallest(width, height, side as u32),
    };
    let picture = header.decode(&Options { scale, max_bytes: MAX_BYTES });
    let picture = picture.map_err(|error| match error {
        Error::TooLarge { needed, .. } => PhotoError::TooLarge { width, height, bytes: needed },
        error => unreadable(error),
    })?;
    let bytes = match picture.channels {
        1 => pixels::grey_to_rgb8(&picture.bytes),
        _ => picture.bytes,
    };
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let exif = header.exif().map(exif::read).unwrap_or_default();
    let image = Rgb8 { width: picture.width as usize, height: picture.height as usize, bytes };
    let extent = Extent { width: scale.exactly(width), height: scale.exactly(height) };
    let full_size = (width as usize, height as usize);
    Ok(StoredPhoto { image, extent, full_size, exif, profile: header.profile() })
}

fn unreadable(error: Error) -> PhotoError {
    match error {
        Error::Unsupported(process) => PhotoError::Unsupported(Kind::Jpeg(process)),
        error => PhotoError::damaged(Format::Jpeg, error),
    }
}
