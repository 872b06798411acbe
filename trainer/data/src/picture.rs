//! Pictures → files without loss.

use png::{BitDepth, ColorType, Encoder};
use tagsight_core::photo::Rgb8;

/// A picture as PNG. It has at least one pixel.
pub fn png_bytes(picture: &Rgb8) -> Vec<u8> {
    const FITS: &str = "a picture of bytes fits the format, and memory takes all of it";
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, picture.width as u32, picture.height as u32);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().expect(FITS);
    writer.write_image_data(&picture.bytes).expect(FITS);
    writer.finish().expect(FITS);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_read_back() {
        let picture = Rgb8 { width: 3, height: 2, bytes: (40..58).collect() };
        assert_eq!(tagsight_core::photo::decode(&png_bytes(&picture)).unwrap(), picture);
    }
}
