//! A decoded photo, and what is made of its pixels: a network's input and a thumbnail.

use tagsight_metadata::Taken;

use super::decode::decode_stored;
use super::error::PhotoError;
use super::exif::Exif;
use super::orientation::Orientation;
use super::rgb8::Rgb8;
use super::squash::{Extent, Squasher};
use super::stored::{Size, StoredPhoto, seen};
use super::{jpeg, png, webp};

/// Pictures of no more pixels are converted to sRGB before they are resized, which is closer to the
/// same photo in sRGB (a third of a level instead of half of one, and not brighter) and takes a few
/// milliseconds.
const CONVERTED_WHOLE: usize = 1 << 20;

/// A photo as a network sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squashed {
    /// `side · side · 3` bytes, HWC, upright and in sRGB.
    pub rgb: Vec<u8>,
    /// How the stored picture was turned for that.
    pub orientation: Orientation,
}

/// A decoded photo, no larger than a network's input needs it: neither turned nor converted yet.
pub struct Reduced {
    stored: StoredPhoto,
}

/// Decodes a photo for an input of `side`² pixels.
pub fn decode_reduced(photo: &[u8], side: usize) -> Result<Reduced, PhotoError> {
    Ok(Reduced { stored: decode_stored(photo, Size::AtLeast(side))? })
}

impl Reduced {
    /// As [`decode_reduced`], of a JPEG: programs that ask for a format have no other's decoder in them.
    ///
    /// # Errors
    /// As there.
    // Put into a caller that is compiled to be small, it would be too.
    #[inline(never)]
    pub fn of_jpeg(photo: &[u8], side: usize) -> Result<Self, PhotoError> {
        Ok(Self { stored: jpeg::decode_stored(photo, Size::AtLeast(side))? })
    }

    /// The same of a PNG, which is decoded in full.
    ///
    /// # Errors
    /// As there.
    pub fn of_png(photo: &[u8]) -> Result<Self, PhotoError> {
        Ok(Self { stored: png::decode_stored(photo)? })
    }

    /// The same of a WebP, which is decoded in full.
    ///
    /// # Errors
    /// As there.
    pub fn of_webp(photo: &[u8]) -> Result<Self, PhotoError> {
        Ok(Self { stored: webp::decode_stored(photo)? })
    }

    /// A picture that somebody else has decoded, upright and in sRGB, of a photo with so many columns
    /// and rows.
    pub fn of_picture(picture: Rgb8, full_size: (usize, usize)) -> Self {
        Self {
            stored: StoredPhoto { full_size, ..StoredPhoto::whole(picture, Exif::default(), None) },
        }
    }

    /// Columns and rows of the whole photo, upright.
    pub fn full_size(&self) -> (usize, usize) {
        self.stored.exif.orientation.turned(self.stored.full_size)
    }

    /// How the stored picture is turned to be upright.
    pub fn orientation(&self) -> Orientation {
        self.stored.exif.orientation
    }

    /// When it was taken, if it says so.
    pub fn taken(&self) -> Option<Taken> {
        self.stored.exif.taken
    }

    /// The photo as `side`² pixels.
    pub fn squash(&mut self, side: usize, squasher: &mut Squasher) -> Squashed {
        let rgb = self.resize(self.stored.extent, (side, side), squasher).bytes;
        Squashed { rgb, orientation: self.stored.exif.orientation }
    }

    /// The photo in its own proportions, no side longer than `longest` pixels, upright and in sRGB. It
    /// is never enlarged.
    pub fn shrink(&mut self, longest: usize, squasher: &mut Squasher) -> Rgb8 {
        let Extent { width, height } = self.stored.extent;
        let scale = longest as f64 / width.max(height);
        if scale < 1.0 {
            let size = [width, height].map(|side| (side * scale).round().max(1.0) as usize);
            return self.resize(self.stored.extent, size.into(), squasher);
        }
        // What of the last pixels is beyond the picture is left out, since nothing is resized.
        let (width, height) = (width.max(1.0) as usize, height.max(1.0) as usize);
        self.resize(Extent::of(width, height), (width, height), squasher)
    }

    /// What `extent` shows as so many columns and rows, before it is turned upright.
    fn resize(&mut self, extent: Extent, size: (usize, usize), squasher: &mut Squasher) -> Rgb8 {
        let stored = &mut self.stored;
        if stored.image.width * stored.image.height <= CONVERTED_WHOLE {
            stored.convert();
        }
        let resized = squasher.resize(&stored.image, extent, size);
        // Of a large picture the small one is converted, and any is turned: it costs next to nothing.
        seen(resized, stored.exif.orientation, stored.profile.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduced(width: usize, height: usize, extent: Extent, orientation: u32) -> Reduced {
        let bytes = (0..width * height).flat_map(|pixel| [pixel as u8, 7, 9]).collect();
        let orientation = Orientation::from_exif(orientation).unwrap();
        let exif = Exif { orientation, taken: None };
        let whole = StoredPhoto::whole(Rgb8 { width, height, bytes }, exif, None);
        Reduced { stored: StoredPhoto { extent, ..whole } }
    }

    fn thumbnail(width: usize, height: usize, orientation: u32) -> (usize, usize) {
        let mut photo = reduced(width, height, Extent::of(width, height), orientation);
        let thumbnail = photo.shrink(32, &mut Squasher::default());
        assert_eq!(thumbnail.bytes.len(), thumbnail.width * thumbnail.height * 3);
        (thumbnail.width, thumbnail.height)
    }

    #[test]
    fn thumbnails_keep_their_proportions_and_are_never_enlarged() {
        let cases = [
            ((64, 48, 1), (32, 24)),
            ((48, 64, 1), (24, 32)),
            ((64, 48, 6), (24, 32)),
            ((64, 48, 3), (32, 24)),
            ((32, 20, 8), (20, 32)),
            ((20, 10, 1), (20, 10)),
            ((1, 1, 1), (1, 1)),
            ((640, 1, 5), (1, 32)),
            ((33, 33, 1), (32, 32)),
        ];
        for ((width, height, orientation), expected) in cases {
            let size = thumbnail(width, height, orientation);
            assert_eq!(size, expected, "{width} × {height}, turned as {orientation} says");
        }
    }

    /// Resizing by a part of a pixel would blur.
    #[test]
    fn pixels_of_a_small_picture_stay_as_they_are() {
        let mut photo = reduced(20, 10, Extent { width: 19.5, height: 9.125 }, 1);
        let thumbnail = photo.shrink(32, &mut Squasher::default());
        assert_eq!((thumbnail.width, thumbnail.height), (19, 9));
        let row = |y: usize| &photo.stored.image.bytes[y * 60..y * 60 + 57];
        assert_eq!(thumbnail.bytes, (0..9).flat_map(row).copied().collect::<Vec<_>>());
    }

    #[test]
    fn a_thumbnail_changes_nothing_of_what_the_network_sees() {
        let mut squasher = Squasher::default();
        let mut photo = reduced(50, 40, Extent { width: 49.5, height: 40.0 }, 6);
        let before = photo.squash(16, &mut squasher);
        photo.shrink(32, &mut squasher);
        assert_eq!(photo.squash(16, &mut squasher), before);
    }

    #[test]
    fn the_full_size_is_that_of_the_upright_photo() {
        assert_eq!(reduced(5, 3, Extent::of(5, 3), 8).full_size(), (3, 5));
        let picture = Rgb8 { width: 1, height: 1, bytes: vec![0; 3] };
        assert_eq!(Reduced::of_picture(picture, (40, 30)).full_size(), (40, 30));
    }
}
