//! PNG, by the png crate itself, a row at a time: a picture of 16 bits is never in memory as such,
//! and reading ends with the last row, whatever is missing behind it.

use std::borrow::Cow;
use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, InterlaceInfo, Reader, Transformations};
use tagsight_metadata::png::{Profile, chunks};

use super::error::PhotoError;
use super::exif;
use super::kind::{Format, Kind};
use super::memory::{allocate, check_size};
use super::pixels::Samples;
use super::rgb8::Rgb8;
use super::stored::StoredPhoto;

/// What the decoder may allocate for rows and for chunks that it keeps.
const DECODER_BYTES: usize = 64 << 20;
/// The largest profile that is unpacked.
const PROFILE_BYTES: usize = 8 << 20;

/// Reads a PNG as it is stored.
pub(super) fn decode_stored(photo: &[u8]) -> Result<StoredPhoto, PhotoError> {
    let image = pixels(photo)?;
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let exif = exif_block(photo).map(|block| exif::read(&block)).unwrap_or_default();
    Ok(StoredPhoto::whole(image, exif, profile(photo)))
}

fn pixels(photo: &[u8]) -> Result<Rgb8, PhotoError> {
    let damaged = |error: DecodingError| match error {
        DecodingError::IoError(_) => {
            PhotoError::damaged(Format::Png, "it ends before the picture does")
        }
        error => PhotoError::damaged(Format::Png, error),
    };
    if chunks(photo).next().is_some_and(|chunk| chunk.kind == *b"CgBI") {
        return Err(PhotoError::Unsupported(Kind::AppPng));
    }
    let limits = png::Limits { bytes: DECODER_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(photo), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let (width, height) = decoder.read_header_info().map_err(damaged)?.size();
    check_size(Format::Png, width, height, 3)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let mut bytes = allocate(width, height, 3)?;
    read_rows(&mut reader, width, height, &mut bytes).map_err(damaged)?;
    Ok(Rgb8 { width: width as usize, height: height as usize, bytes })
}

/// Fills `rgb` with the picture's rows.
fn read_rows(
    reader: &mut Reader<Cursor<&[u8]>>,
    width: u32,
    height: u32,
    rgb: &mut [u8],
) -> Result<(), DecodingError> {
    let (color, depth) = reader.output_color_type();
    let samples = Samples { channels: channels(color), are_wide: depth == BitDepth::Sixteen };
    let stride = width as usize * 3;
    if !reader.info().interlaced {
        for rgb in rgb.chunks_exact_mut(stride) {
            // Asked for one row more, the reader would look for the file's end.
            let Some(row) = reader.next_row()? else { break };
            samples.write_rgb8(row.data(), rgb);
        }
        return Ok(());
    }
    let mut pass = vec![0; stride];
    for _ in 0..rows_of_passes(width, height) {
        let Some(row) = reader.next_interlaced_row()? else { break };
        let pixels = row.data().len() / samples.bytes_per_pixel();
        let pass = &mut pass[..pixels * 3];
        samples.write_rgb8(row.data(), pass);
        if let InterlaceInfo::Adam7(place) = row.interlace() {
            png::expand_interlaced_row(rgb, stride, pass, place, 24);
        }
    }
    Ok(())
}

/// Channels of an expanded picture, which has no palette.
fn channels(color: ColorType) -> usize {
    match color {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb | ColorType::Indexed => 3,
        ColorType::Rgba => 4,
    }
}

/// How many rows the seven passes of an interlaced picture have together (PNG 3rd edition, 8.1).
fn rows_of_passes(width: u32, height: u32) -> u32 {
    // First column and row of each pass, and the distance of its rows.
    const PASSES: [(u32, u32, u32); 7] =
        [(0, 0, 8), (4, 0, 8), (0, 4, 8), (2, 0, 4), (0, 2, 4), (1, 0, 2), (0, 1, 2)];
    let passes = PASSES.iter().filter(|(column, ..)| width > *column);
    passes.map(|(_, row, step)| height.saturating_sub(*row).div_ceil(*step)).sum()
}

/// The Exif block of an eXIf chunk, else one that was packed into text, as ImageMagick did before
/// there was that chunk; wherever they lie.
fn exif_block(photo: &[u8]) -> Option<Cow<'_, [u8]>> {
    let chunk = chunks(photo).find(|chunk| chunk.kind == *b"eXIf");
    let packed = || chunks(photo).find_map(|chunk| Profile::Exif.read(chunk));
    chunk.map(|chunk| chunk.data.into()).or_else(|| packed().map(Cow::from))
}

/// What codes the picture; of an animation, its default image. How it is cut into chunks does not
/// matter.
pub(super) fn coded(photo: &[u8]) -> impl Iterator<Item = &[u8]> {
    chunks(photo).filter(|chunk| chunk.kind == *b"IDAT").map(|chunk| chunk.data)
}

/// The ICC profile, if no chunk says that the picture is in sRGB.
fn profile(photo: &[u8]) -> Option<Vec<u8>> {
    let before_pixels = || chunks(photo).take_while(|chunk| chunk.kind != *b"IDAT");
    if before_pixels().any(|chunk| chunk.kind == *b"sRGB") {
        return None;
    }
    let chunk = before_pixels().find(|chunk| chunk.kind == *b"iCCP")?;
    // A name, its end, and the method, of which there is one.
    let name = chunk.data.iter().position(|&byte| byte == 0)?;
    let packed = chunk.data.get(name + 2..)?;
    fdeflate::decompress_to_vec_bounded(packed, PROFILE_BYTES).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interlaced_pictures_have_as_many_rows_as_their_passes() {
        // A pass without columns has no rows.
        let cases = [(1, 1, 1), (8, 8, 15), (4, 1, 3), (5, 8, 15), (3, 3, 6), (1, 3, 3)];
        for (width, height, rows) in cases {
            assert_eq!(rows_of_passes(width, height), rows, "{width} × {height}");
        }
    }
}
