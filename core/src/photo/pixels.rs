//! Pixels of any kind that decoders give → 8-bit RGB.
//!
//! `DynamicImage` would do this too, but brings code for every pair of kinds into the page.

use image::ColorType;

/// `bytes` of pixels of kind `color`, as decoders write them, to RGB bytes; what is transparent
/// shows white, as on a page. `None` for kinds that no photo has.
pub(super) fn to_rgb8(bytes: Vec<u8>, color: ColorType) -> Option<Vec<u8>> {
    use ColorType::{L8, L16, La8, La16, Rgb8, Rgb16, Rgba8, Rgba16};
    let bytes = match color {
        L8 | La8 | Rgb8 | Rgba8 => bytes,
        L16 | La16 | Rgb16 | Rgba16 => narrow(&bytes),
        _ => return None,
    };
    Some(match color {
        L8 | L16 => bytes.iter().flat_map(|&grey| [grey; 3]).collect(),
        La8 | La16 => {
            let pixels = bytes.as_chunks().0.iter();
            pixels.flat_map(|&[grey, alpha]| [over_white(grey, alpha); 3]).collect()
        }
        Rgba8 | Rgba16 => {
            let pixels = bytes.as_chunks().0.iter();
            pixels.flat_map(|&[r, g, b, alpha]| [r, g, b].map(|c| over_white(c, alpha))).collect()
        }
        _ => bytes,
    })
}

/// 16-bit samples in the machine's byte order to 8 bits, rounded.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    let samples = bytes.as_chunks().0.iter().map(|&sample| u32::from(u16::from_ne_bytes(sample)));
    samples.map(|sample| ((sample + 128) / 257) as u8).collect()
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageBuffer};

    use super::*;

    /// Every 16-bit value, as many images as it takes.
    #[test]
    fn sixteen_bits_become_eight_as_the_image_crate_has_it() {
        let samples: Vec<u16> = (0..=u16::MAX).collect();
        let bytes = samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        let image = ImageBuffer::from_raw(256, 256, samples).map(DynamicImage::ImageLuma16);
        let expected = image.unwrap().into_rgb8().into_raw();
        assert_eq!(to_rgb8(bytes, ColorType::L16).unwrap(), expected);
    }

    #[test]
    fn alpha_lets_white_through() {
        let cases: [(ColorType, &[u8], &[u8]); 6] = [
            (ColorType::L8, &[7], &[7, 7, 7]),
            (ColorType::La8, &[100, 0, 100, 255], &[255, 255, 255, 100, 100, 100]),
            (ColorType::Rgb8, &[1, 2, 3], &[1, 2, 3]),
            (ColorType::Rgba8, &[0, 100, 255, 51], &[204, 224, 255]),
            (ColorType::La16, &[9, 9, 255, 255], &[9, 9, 9]),
            (ColorType::Rgba16, &[1, 1, 2, 2, 3, 3, 0, 0], &[255, 255, 255]),
        ];
        for (color, bytes, expected) in cases {
            assert_eq!(to_rgb8(bytes.to_vec(), color).unwrap(), expected, "{color:?}");
        }
        assert_eq!(to_rgb8(vec![0; 12], ColorType::Rgb32F), None);
    }
}
