//! JPEGs at every scale: decoded within the memory that is allowed, or refused with a message.

use tagsight_jpeg::{Header, Options, Scale};

use super::{Judgement, refused};

/// A header of a few bytes may rightly promise many pixels; those only cost time.
const MAX_BYTES: u64 = 1 << 23;

/// Decodes a JPEG, and gives its pixels at the last of the scales.
///
/// # Panics
/// If a picture is not of the size that its header promises.
pub fn jpeg_decode(bytes: &[u8]) -> Judgement {
    let header = match Header::read(bytes) {
        Ok(header) => header,
        Err(error) => return refused(&error),
    };
    let _ = (header.exif(), header.profile());
    let pictures = Scale::ALL.map(|scale| at_scale(&header, scale));
    pictures.into_iter().next_back().expect("there are scales")
}

fn at_scale(header: &Header, scale: Scale) -> Judgement {
    match header.decode(&Options { scale, max_bytes: MAX_BYTES }) {
        Ok(picture) => {
            let size = (scale.of(header.width()), scale.of(header.height()));
            assert_eq!((picture.width, picture.height), size);
            let pixels = picture.width as usize * picture.height as usize;
            assert_eq!(picture.bytes.len(), pixels * picture.channels);
            Ok(picture.bytes)
        }
        Err(error) => refused(&error),
    }
}
