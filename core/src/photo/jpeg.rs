//! JPEG, by [`tagsight_jpeg`], which decodes no more of a picture than its size is worth.

use image::ColorType;
use image::metadata::Orientation;
use tagsight_jpeg::{Error, Header, Options, Scale};

use super::decode::{Format, Size};
use super::{PhotoError, Rgb8, pixels};

/// What decoding may take beside the file: a picture of 100 megapixels at its full size.
const MAX_BYTES: u64 = 700_000_000;

/// Reads a JPEG as it is stored, and how it is to be turned.
pub(super) fn decode_stored(photo: &[u8], size: Size) -> Result<(Rgb8, Orientation), PhotoError> {
    let header = Header::read(photo).map_err(unreadable)?;
    let (width, height) = (header.width(), header.height());
    let scale = match size {
        Size::Full => Scale::Full,
        Size::AtLeast(side) => Scale::smallest(width, height, side as u32),
    };
    let picture = header.decode(&Options { scale, max_bytes: MAX_BYTES });
    let picture = picture.map_err(|error| match error {
        Error::TooLarge { .. } => PhotoError::TooLarge { width, height },
        error => unreadable(error),
    })?;
    let color = if picture.channels == 1 { ColorType::L8 } else { ColorType::Rgb8 };
    let bytes = pixels::to_rgb8(picture.bytes, color).expect("both kinds are known");
    let image = Rgb8 { width: picture.width as usize, height: picture.height as usize, bytes };
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let orientation = header.exif().and_then(Orientation::from_exif_chunk);
    Ok((image, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn unreadable(error: Error) -> PhotoError {
    match error {
        Error::Unsupported(kind) => PhotoError::UnsupportedJpeg(kind),
        error => Format::Jpeg.damaged(error.to_string()),
    }
}
