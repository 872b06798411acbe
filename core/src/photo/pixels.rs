//! Pixels of any kind that decoders give → 8-bit RGB, a row at a time or in place, so that no
//! picture is in memory twice.
//!
//! What is transparent shows white, as on the page.

/// What a row of samples holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Samples {
    /// 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha).
    pub(super) channels: usize,
    /// Two bytes a sample, the higher first, instead of one.
    pub(super) are_wide: bool,
}

impl Samples {
    pub(super) fn bytes_per_pixel(self) -> usize {
        self.channels * (1 + usize::from(self.are_wide))
    }

    /// Writes `row`'s pixels as RGB. Both hold the same number of pixels.
    pub(super) fn write_rgb8(self, row: &[u8], rgb: &mut [u8]) {
        let pixels = row.chunks_exact(self.bytes_per_pixel());
        for (pixel, rgb) in pixels.zip(rgb.as_chunks_mut().0) {
            *rgb = self.rgb8(pixel);
        }
    }

    fn rgb8(self, pixel: &[u8]) -> [u8; 3] {
        let sample = |channel: usize| match self.are_wide {
            true => narrow([pixel[2 * channel], pixel[2 * channel + 1]]),
            false => pixel[channel],
        };
        match self.channels {
            1 => [sample(0); 3],
            2 => [over_white(sample(0), sample(1)); 3],
            3 => [sample(0), sample(1), sample(2)],
            _ => [0, 1, 2].map(|channel| over_white(sample(channel), sample(3))),
        }
    }
}

/// RGBA bytes to RGB bytes in the same memory.
pub(super) fn rgba_to_rgb8(mut bytes: Vec<u8>) -> Vec<u8> {
    let pixels = bytes.len() / 4;
    let rgba = Samples { channels: 4, are_wide: false };
    for pixel in 0..pixels {
        let rgb = rgba.rgb8(&bytes[4 * pixel..4 * pixel + 4]);
        bytes[3 * pixel..3 * pixel + 3].copy_from_slice(&rgb);
    }
    bytes.truncate(3 * pixels);
    bytes
}

/// Grey bytes to RGB bytes.
pub(super) fn grey_to_rgb8(grey: &[u8]) -> Vec<u8> {
    grey.iter().flat_map(|&grey| [grey; 3]).collect()
}

/// A 16-bit sample to 8 bits, rounded.
fn narrow(sample: [u8; 2]) -> u8 {
    ((u32::from(u16::from_be_bytes(sample)) + 128) / 257) as u8
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(channels: usize, are_wide: bool, row: &[u8]) -> Vec<u8> {
        let samples = Samples { channels, are_wide };
        let mut rgb = vec![0; row.len() / samples.bytes_per_pixel() * 3];
        samples.write_rgb8(row, &mut rgb);
        rgb
    }

    /// Every 16-bit value, against rounding in real numbers.
    #[test]
    fn sixteen_bits_become_eight() {
        for sample in 0..=u16::MAX {
            let expected = (f64::from(sample) / 257.0).round() as u8;
            assert_eq!(narrow(sample.to_be_bytes()), expected, "{sample}");
        }
    }

    #[test]
    fn alpha_lets_white_through() {
        let cases: [(usize, bool, &[u8], &[u8]); 6] = [
            (1, false, &[7], &[7, 7, 7]),
            (2, false, &[100, 0, 100, 255], &[255, 255, 255, 100, 100, 100]),
            (3, false, &[1, 2, 3], &[1, 2, 3]),
            (4, false, &[0, 100, 255, 51], &[204, 224, 255]),
            (2, true, &[9, 9, 255, 255], &[9, 9, 9]),
            (4, true, &[1, 1, 2, 2, 3, 3, 0, 0], &[255, 255, 255]),
        ];
        for (channels, are_wide, row, expected) in cases {
            assert_eq!(converted(channels, are_wide, row), expected, "{channels} {are_wide}");
        }
    }

    #[test]
    fn in_place_or_not_is_the_same() {
        let rgba: Vec<u8> = (0..64_u32).map(|index| (index * 37 % 251) as u8).collect();
        assert_eq!(rgba_to_rgb8(rgba.clone()), converted(4, false, &rgba));
        assert_eq!(grey_to_rgb8(&rgba), converted(1, false, &rgba));
    }
}
