//! Resizing to a square without keeping the aspect ratio.

use fast_image_resize as resize;
use resize::images::{Image, ImageRef};

use super::Rgb8;

/// Resizes with a bilinear filter widened by the scale (antialiased), in integers: the result is
/// the same on every instruction set. Keeps its work buffers between photos.
#[derive(Default)]
pub struct Squasher {
    resizer: resize::Resizer,
}

impl Squasher {
    /// `image` as `side`² pixels, HWC.
    ///
    /// # Panics
    /// If `image.bytes` does not have the size that its width and height say, or `side` is 0.
    pub fn squash(&mut self, image: &Rgb8, side: usize) -> Vec<u8> {
        if (image.width, image.height) == (side, side) {
            return image.bytes.clone();
        }
        let (width, height) = (image.width as u32, image.height as u32);
        let source = ImageRef::new(width, height, &image.bytes, resize::PixelType::U8x3)
            .expect("an Rgb8 holds width · height · 3 bytes");
        let mut target = Image::new(side as u32, side as u32, resize::PixelType::U8x3);
        let filter = resize::ResizeAlg::Convolution(resize::FilterType::Bilinear);
        let options = resize::ResizeOptions::new().resize_alg(filter);
        self.resizer
            .resize(&source, &mut target, &options)
            .expect("source and target have the same pixel type");
        target.into_vec()
    }
}
