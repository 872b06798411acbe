//! JPEG, by zune-jpeg itself: through `image` a photo's headers would be read three times.
//!
//! Decoders fill what is missing of a scan with grey, and tags of a grey field would be wrong
//! without anyone noticing, so a file that ends too early is refused first.

use image::ColorType;
use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decode::{Format, check_size};
use super::{PhotoError, Rgb8, pixels};

const FILL: u8 = 0xFF;
const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;

/// Reads a JPEG as it is stored, and how it is to be turned.
pub(super) fn decode_stored(photo: &[u8]) -> Result<(Rgb8, Orientation), PhotoError> {
    if !is_complete(photo) {
        return Err(Format::Jpeg.damaged("it ends before the picture does".into()));
    }
    let damaged = |error: DecodeErrors| Format::Jpeg.damaged(error.to_string());
    // The number of pixels is what is limited; either side may be anything.
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(photo), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().expect("the headers are read");
    check_size(Format::Jpeg, width as u32, height as u32)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let (space, color) =
        if grey { (ColorSpace::Luma, ColorType::L8) } else { (ColorSpace::RGB, ColorType::Rgb8) };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let bytes = decoder.decode().map_err(damaged)?;
    let bytes = pixels::to_rgb8(bytes, color).expect("both kinds are known");
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    Ok((Rgb8 { width, height, bytes }, orientation.unwrap_or(Orientation::NoTransforms)))
}

/// Whether the image has its end marker. Whatever follows it (a film, a second image) is not
/// looked at; segments before it, which may hold a thumbnail's own end marker, are skipped.
///
/// Marker syntax: ITU-T T.81, B.1.1.
pub(super) fn is_complete(photo: &[u8]) -> bool {
    let mut rest = photo;
    loop {
        let Some((marker, after)) = next_marker(rest) else { return false };
        rest = match marker {
            END_OF_IMAGE => return true,
            START_OF_IMAGE => after,
            // A scan's data follows its segment; the next marker ends it.
            _ => match segment_end(after) {
                Some(end) => &after[end..],
                None => return false,
            },
        };
    }
}

/// The next marker and the bytes behind it; stuffed bytes and restart markers are data.
fn next_marker(mut rest: &[u8]) -> Option<(u8, &[u8])> {
    loop {
        let at = rest.iter().position(|&byte| byte == FILL)?;
        rest = &rest[at + 1..];
        match rest.first()? {
            0 | 0xD0..=0xD7 | 0x01 => rest = &rest[1..],
            &FILL => {}
            &marker => return Some((marker, &rest[1..])),
        }
    }
}

/// How long the segment is whose length comes first.
fn segment_end(segment: &[u8]) -> Option<usize> {
    let length = u16::from_be_bytes([*segment.first()?, *segment.get(1)?]);
    let length = usize::from(length);
    (2..=segment.len()).contains(&length).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SOI, an APP1 that holds an end marker, SOS with data, EOI, and a film.
    const PHOTO: [u8; 24] = [
        0xFF, 0xD8, // start
        0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 1, 2, // a thumbnail's end
        0xFF, 0xDA, 0, 3, 7, // a scan
        9, 0xFF, 0, 0xFF, 0xD0, 5, // its data, with a stuffed byte and a restart
        0xFF, 0xD9, // end
        0xFF, // whatever
    ];

    #[test]
    fn only_a_jpeg_with_its_own_end_is_complete() {
        let end = PHOTO.len() - 1;
        for length in 0..=PHOTO.len() {
            assert_eq!(is_complete(&PHOTO[..length]), length >= end, "{length} bytes");
        }
    }
}
