//! Animated pictures, whose frames image puts together.

use std::io::Cursor;

use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{AnimationDecoder, Frames, ImageDecoder, Limits};
use tagsight_core::photo::{MAX_BYTES, Rgb8};

use super::error::Reason;
use super::spacing::{Kept, spaced};

/// A kind of animated picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Animation {
    Gif,
    /// One that is no animation has one frame.
    Png,
    WebP,
}

impl Animation {
    /// What a file is by its first bytes.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// `count` of its frames. It is gone through twice, as nothing reliable says how many there are.
    pub(super) fn frames(self, bytes: &[u8], count: usize) -> Result<Vec<Rgb8>, Reason> {
        let mut total = 0;
        self.each(bytes, |frame| {
            frame?;
            total += 1;
            Ok(true)
        })?;
        let mut kept = Kept::new(spaced(total, count)?, MAX_BYTES);
        let mut number = 0;
        self.each(bytes, |frame| {
            let frame = frame?;
            if kept.wants(number) {
                kept.push(over_white(frame))?;
            }
            number += 1;
            Ok(!kept.is_full())
        })?;
        kept.finish()
    }

    /// Gives every frame to `take`, whole, until that wants no more.
    fn each(
        self,
        bytes: &[u8],
        mut take: impl FnMut(Result<image::Frame, image::ImageError>) -> Result<bool, Reason>,
    ) -> Result<(), Reason> {
        for frame in self.decoder(bytes)? {
            if !take(frame)? {
                break;
            }
        }
        Ok(())
    }

    fn decoder(self, bytes: &[u8]) -> Result<Frames<'_>, Reason> {
        let bytes = Cursor::new(bytes);
        Ok(match self {
            Self::Gif => limited(GifDecoder::new(bytes)?)?.into_frames(),
            Self::Png => {
                let png = limited(PngDecoder::new(bytes)?)?;
                if png.is_apng()? { png.apng()?.into_frames() } else { still(png)? }
            }
            Self::WebP => {
                let webp = limited(WebPDecoder::new(bytes)?)?;
                if webp.has_animation() { webp.into_frames() } else { still(webp)? }
            }
        })
    }
}

/// Within the memory that a photo may take.
fn limited<D: ImageDecoder>(mut decoder: D) -> Result<D, Reason> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) * 8 > MAX_BYTES {
        return Err(Reason::TooLarge { width: width as usize, height: height as usize });
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BYTES);
    decoder.set_limits(limits)?;
    Ok(decoder)
}

/// The only frame of a picture that does not move.
fn still(decoder: impl ImageDecoder) -> Result<Frames<'static>, Reason> {
    let picture = image::DynamicImage::from_decoder(decoder)?.into_rgba8();
    Ok(Frames::new(Box::new(std::iter::once(Ok(image::Frame::new(picture))))))
}

/// What is transparent shows white, as it does on photos.
fn over_white(frame: image::Frame) -> Rgb8 {
    let picture = frame.into_buffer();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut bytes = Vec::with_capacity(width * height * 3);
    for image::Rgba([red, green, blue, alpha]) in picture.pixels() {
        let alpha = u32::from(*alpha);
        let over = |channel: &u8| (u32::from(*channel) * alpha + 255 * (255 - alpha) + 127) / 255;
        bytes.extend([red, green, blue].map(|channel| over(channel) as u8));
    }
    Rgb8 { width, height, bytes }
}
