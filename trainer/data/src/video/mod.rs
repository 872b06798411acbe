//! Frames of videos: of a folder of frames, of a GIF, APNG or animated WebP, of an AVI with Motion JPEG, and of
//! whatever an installed `ffmpeg` reads.

mod animation;
mod avi;
mod error;
mod ffmpeg;
mod folder;
mod natural;
mod spacing;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use tagsight_core::photo::{self, MAX_BYTES, Rgb8};

pub use self::error::VideoError;

use self::animation::Animation;
use self::avi::AviError;
use self::error::Reason;
use self::spacing::{Kept, spaced};

/// `count` frames of the video at `path`, evenly spaced from its first to its last; some of them several times
/// where it has fewer.
///
/// # Errors
/// If it cannot be read, has no frame, or the frames need more memory than photos may.
pub fn frames(path: &Path, count: usize) -> Result<Vec<Rgb8>, VideoError> {
    read(path, count).map_err(|reason| VideoError { path: path.to_owned(), reason })
}

fn read(path: &Path, count: usize) -> Result<Vec<Rgb8>, Reason> {
    if path.is_dir() {
        return decoded(&folder::files(path)?, count, |file| Ok(std::fs::read(file)?));
    }
    let mut start = Vec::new();
    File::open(path)?.take(16).read_to_end(&mut start)?;
    if let Some(animation) = Animation::of(&start) {
        return animation.frames(&std::fs::read(path)?, count);
    }
    if !avi::is_avi(&start) {
        return ffmpeg::frames(path, count);
    }
    match avi::jpegs(&std::fs::read(path)?) {
        Ok(jpegs) => decoded(&jpegs, count, |jpeg| Ok(jpeg.to_vec())),
        Err(AviError::OtherCodec) => ffmpeg::frames(path, count),
        Err(error) => Err(error.into()),
    }
}

/// `count` of photos, which are decoded when they are known to be kept.
fn decoded<T>(
    photos: &[T],
    count: usize,
    bytes: impl Fn(&T) -> Result<Vec<u8>, Reason>,
) -> Result<Vec<Rgb8>, Reason> {
    let mut kept = Kept::new(spaced(photos.len(), count)?, MAX_BYTES);
    for (number, photo) in photos.iter().enumerate() {
        if kept.wants(number) {
            kept.push(photo::decode(&bytes(photo)?)?)?;
        }
    }
    kept.finish()
}

#[cfg(test)]
mod tests;
