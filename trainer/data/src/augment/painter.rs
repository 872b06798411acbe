//! Views → pixels, at the size that whoever looks at them takes.

use fast_image_resize as resize;
use resize::images::{TypedImage, TypedImageRef};
use resize::pixels::U8x3;
use tagsight_core::photo::{Rgb8, Squasher};

use super::grey::grey;
use super::{Crop, Jitter, Scene, View};
use crate::photos::{pictures, squares};
use crate::{Dataset, Skipped};

/// Paints views of a dataset's photos; keeps its work buffers between them.
#[derive(Default)]
pub struct Painter {
    squasher: Squasher,
    resizer: resize::Resizer,
}

impl Painter {
    /// `view` squashed to `side`² pixels, HWC, as a network of ours takes it; of a video, every frame in the
    /// same way, one after the other. `side` is even.
    ///
    /// # Errors
    /// If a photo cannot be read.
    pub fn square(
        &mut self,
        view: &View,
        dataset: &Dataset,
        side: usize,
    ) -> Result<Vec<u8>, Skipped> {
        let mut pictures = match &view.scene {
            Scene::Single(crop) => self.squashed(crop, dataset, side)?,
            Scene::Mosaic(crops) => self.mosaic(crops, dataset, side)?,
        };
        pictures.iter_mut().for_each(|picture| finish(view, picture, [side; 2]));
        Ok(pictures.concat())
    }

    /// `view` with its own proportions, the longer side `long` pixels; a mosaic is a square. Of a video it
    /// is the first frame.
    ///
    /// # Errors
    /// If a photo cannot be read.
    pub fn proportional(
        &mut self,
        view: &View,
        dataset: &Dataset,
        long: usize,
    ) -> Result<Rgb8, Skipped> {
        let mut image = match &view.scene {
            Scene::Single(crop) => {
                let image = first(pictures(dataset.subject.medium, &dataset.photos[crop.photo])?);
                let (width, height) =
                    (crop.width * image.width as f64, crop.height * image.height as f64);
                let scale = long as f64 / width.max(height);
                let size = [width, height].map(|side| ((side * scale).round() as usize).max(1));
                self.resized(&image, crop, size)
            }
            Scene::Mosaic(crops) => {
                let bytes = first(self.mosaic(crops, dataset, long)?);
                Rgb8 { width: long, height: long, bytes }
            }
        };
        finish(view, &mut image.bytes, [image.width, image.height]);
        Ok(image)
    }

    fn mosaic(
        &mut self,
        crops: &[Crop; 4],
        dataset: &Dataset,
        side: usize,
    ) -> Result<Vec<Vec<u8>>, Skipped> {
        let half = side / 2;
        let mut squares = vec![vec![0; side * side * 3]; dataset.subject.medium.pictures()];
        for (tile, crop) in crops.iter().enumerate() {
            let corner = (tile / 2 * half * side + tile % 2 * half) * 3;
            for (square, bytes) in squares.iter_mut().zip(self.squashed(crop, dataset, half)?) {
                let rows = square[corner..].chunks_mut(side * 3);
                for (row, tile_row) in rows.zip(bytes.chunks_exact(half * 3)) {
                    row[..half * 3].copy_from_slice(tile_row);
                }
            }
        }
        Ok(squares)
    }

    fn squashed(
        &mut self,
        crop: &Crop,
        dataset: &Dataset,
        side: usize,
    ) -> Result<Vec<Vec<u8>>, Skipped> {
        let (medium, photo) = (dataset.subject.medium, &dataset.photos[crop.photo]);
        if (Crop { mirrored: false, ..*crop }) == Crop::whole(crop.photo) {
            // Literally what the core does with a photo, so that view 0 is what it sees.
            let mut squares = squares(medium, photo, side, &mut self.squasher)?;
            if crop.mirrored {
                squares.iter_mut().for_each(|square| mirror(square, side));
            }
            return Ok(squares);
        }
        let pictures = pictures(medium, photo)?;
        Ok(pictures.iter().map(|picture| self.resized(picture, crop, [side, side]).bytes).collect())
    }

    /// A part of `image` as `[width, height]` pixels, with the core's filter.
    fn resized(&mut self, image: &Rgb8, crop: &Crop, [width, height]: [usize; 2]) -> Rgb8 {
        let [image_width, image_height] = [image.width, image.height].map(|side| side as f64);
        let source = TypedImageRef::<U8x3>::from_buffer(
            image.width as u32,
            image.height as u32,
            &image.bytes,
        )
        .expect("an Rgb8 holds width · height · 3 bytes");
        let mut bytes = vec![0; width * height * 3];
        let mut target = TypedImage::<U8x3>::from_buffer(width as u32, height as u32, &mut bytes)
            .expect("the buffer has the size");
        let filter = resize::ResizeAlg::Convolution(resize::FilterType::Bilinear);
        let options = resize::ResizeOptions::new().resize_alg(filter).crop(
            crop.left * image_width,
            crop.top * image_height,
            // Rounding must not carry the far edges out of the photo.
            (crop.width * image_width).min(image_width * (1.0 - crop.left)),
            (crop.height * image_height).min(image_height * (1.0 - crop.top)),
        );
        self.resizer
            .resize_typed(&source, &mut target, &options)
            .expect("the crop lies within the photo");
        if crop.mirrored {
            mirror(&mut bytes, width);
        }
        Rgb8 { width, height, bytes }
    }
}

/// What becomes of a view's pixels once they are in place.
fn finish(view: &View, rgb: &mut Vec<u8>, size: [usize; 2]) {
    if let Some(jitter) = &view.jitter {
        jitter.apply(rgb);
    }
    view.operations.iter().for_each(|operation| operation.apply(rgb, size));
}

impl Jitter {
    /// Changes RGB pixels.
    fn apply(&self, rgb: &mut [u8]) {
        let (pixels, _) = rgb.as_chunks_mut::<3>();
        let sum: f64 = pixels.iter().map(|&pixel| grey(pixel.map(f64::from))).sum();
        let mean = self.brightness * sum / pixels.len() as f64;
        for pixel in pixels {
            let bright = pixel.map(|channel| f64::from(channel) * self.brightness);
            let contrasted = bright.map(|channel| mean + (channel - mean) * self.contrast);
            let own = grey(contrasted);
            *pixel =
                contrasted.map(|channel| (own + (channel - own) * self.saturation).round() as u8);
        }
    }
}

/// Mirrors rows of `width` RGB pixels.
fn mirror(rgb: &mut [u8], width: usize) {
    for row in rgb.chunks_exact_mut(width * 3) {
        row.as_chunks_mut::<3>().0.reverse();
    }
}

/// A photo has one, and a video at least one.
fn first<T>(pictures: Vec<T>) -> T {
    pictures.into_iter().next().expect("there is a picture")
}
