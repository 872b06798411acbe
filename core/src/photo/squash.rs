//! Resizing to a square without keeping the aspect ratio.

use fast_image_resize as resize;
use resize::images::{TypedImage, TypedImageRef};
use resize::pixels::U8x3;

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
        // The typed images keep the code for other kinds of pixels out of the page.
        let source = TypedImageRef::<U8x3>::from_buffer(width, height, &image.bytes)
            .expect("an Rgb8 holds width · height · 3 bytes");
        let mut square = vec![0; side * side * 3];
        let mut target = TypedImage::<U8x3>::from_buffer(side as u32, side as u32, &mut square)
            .expect("the buffer has the square's size");
        let filter = resize::ResizeAlg::Convolution(resize::FilterType::Bilinear);
        let options = resize::ResizeOptions::new().resize_alg(filter);
        self.resizer
            .resize_typed(&source, &mut target, &options)
            .expect("the whole source is resized");
        square
    }
}
