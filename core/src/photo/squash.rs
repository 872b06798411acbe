//! Resizing: to the square that a network takes, or to a thumbnail.

use fast_image_resize as resize;
use resize::images::{TypedImage, TypedImageRef};
use resize::pixels::U8x3;

use super::rgb8::Rgb8;

/// How much of an image is picture, in the image's pixels, from its left and top edge. Of a reduced
/// picture's last column and row that is a part, unless its full size is a multiple of eight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Extent {
    /// All of `image`.
    pub(super) fn whole(image: &Rgb8) -> Self {
        Self::of(image.width, image.height)
    }

    /// So many columns and rows.
    pub(super) fn of(width: usize, height: usize) -> Self {
        Self { width: width as f64, height: height as f64 }
    }
}

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
        self.resize(image, Extent::whole(image), (side, side)).bytes
    }

    /// What `extent` shows of `image`, which is at most a pixel larger, as so many columns and rows,
    /// none of which is 0.
    pub(super) fn resize(&mut self, image: &Rgb8, extent: Extent, size: (usize, usize)) -> Rgb8 {
        let (width, height) = (image.width as u32, image.height as u32);
        // The typed images keep the code for other kinds of pixels out of the page.
        let source = TypedImageRef::<U8x3>::from_buffer(width, height, &image.bytes)
            .expect("an Rgb8 holds width · height · 3 bytes");
        let (columns, rows) = size;
        let mut bytes = vec![0; columns * rows * 3];
        let mut target = TypedImage::<U8x3>::from_buffer(columns as u32, rows as u32, &mut bytes)
            .expect("the buffer has the target's size");
        let filter = resize::ResizeAlg::Convolution(resize::FilterType::Bilinear);
        let options = resize::ResizeOptions::new().resize_alg(filter);
        let options = options.crop(0.0, 0.0, extent.width, extent.height);
        self.resizer
            .resize_typed(&source, &mut target, &options)
            .expect("the extent lies in the source");
        Rgb8 { width: columns, height: rows, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 32;
    /// Just above a multiple of the reduction, so most of the last column and row is not picture.
    const FULL: usize = 321;
    const REDUCTION: usize = 8;

    /// Waves of some eight of the square's pixels.
    fn picture(side: usize) -> Rgb8 {
        let level = |x: usize, y: usize| {
            let waves = (x as f64 * 0.08).sin() + (y as f64 * 0.06).sin();
            (waves * 60.0 + 127.0).round() as u8
        };
        let pixels = (0..side * side).map(|index| level(index % side, index / side));
        let bytes = pixels.flat_map(|level| [level; 3]).collect();
        Rgb8 { width: side, height: side, bytes }
    }

    /// The means of blocks; what the last ones lack repeats the picture's edge, as encoders do it.
    fn reduced(full: &Rgb8) -> Rgb8 {
        let side = full.width.div_ceil(REDUCTION);
        let mean = |index: usize| {
            let (left, top) = (index % side * REDUCTION, index / side * REDUCTION);
            let sum: usize = (0..REDUCTION * REDUCTION)
                .map(|pixel| (left + pixel % REDUCTION, top + pixel / REDUCTION))
                .map(|(x, y)| y.min(full.height - 1) * full.width + x.min(full.width - 1))
                .map(|pixel| usize::from(full.bytes[pixel * 3]))
                .sum();
            (sum / (REDUCTION * REDUCTION)) as u8
        };
        let bytes = (0..side * side).flat_map(|index| [mean(index); 3]).collect();
        Rgb8 { width: side, height: side, bytes }
    }

    /// The mean of how many levels apart they are.
    fn distance(left: &[u8], right: &[u8]) -> f64 {
        let levels = left.iter().zip(right).map(|(&a, &b)| f64::from(a.abs_diff(b)));
        levels.sum::<f64>() / left.len() as f64
    }

    #[test]
    fn a_reduced_picture_lies_where_the_full_one_does() {
        let full = picture(FULL);
        let reduced = reduced(&full);
        let exact = FULL as f64 / REDUCTION as f64;
        let extent = Extent { width: exact, height: exact };
        let mut squasher = Squasher::default();
        let expected = squasher.squash(&full, SIDE);
        let square = squasher.resize(&reduced, extent, (SIDE, SIDE)).bytes;
        let placed = distance(&square, &expected);
        let stretched = distance(&squasher.squash(&reduced, SIDE), &expected);
        assert!(placed < 2.0, "{placed} levels off");
        assert!(stretched > 3.0 * placed, "{stretched} levels off if stretched, {placed} if not");
    }

    #[test]
    fn a_square_of_the_right_size_is_left_alone() {
        let square = picture(SIDE);
        assert_eq!(Squasher::default().squash(&square, SIDE), square.bytes);
    }
}
