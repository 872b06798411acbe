//! What core refuses, as the page is told it.

use tagsight_core::photo::{Kind, MAX_BYTES, MAX_SIDE};
use tagsight_core::{PhotoError, TaggerError, photo};
use tagsight_protocol::{Excess, JpegProcess, Kind as Told, LoadError, PhotoProblem};

use crate::decode::Undecoded;

/// Of a photo.
pub(crate) fn of_photo(error: PhotoError) -> PhotoProblem {
    match error {
        PhotoError::Empty => PhotoProblem::Empty,
        PhotoError::NotAPhoto => PhotoProblem::NotAPhoto,
        PhotoError::Unsupported(kind) => PhotoProblem::Unsupported(of_kind(kind)),
        PhotoError::TooLarge { width, height, bytes } => {
            PhotoProblem::TooLarge(Excess { width, height, needed: bytes, limit: MAX_BYTES })
        }
        PhotoError::TooLong { width, height } => {
            let (needed, limit) = (width.max(height).into(), MAX_SIDE.into());
            PhotoProblem::TooLong(Excess { width, height, needed, limit })
        }
        PhotoError::Damaged { format, detail } => {
            PhotoProblem::Damaged { format: format.name().to_owned(), detail }
        }
    }
}

/// Of a photo that was not decoded.
pub(crate) fn of_undecoded(reason: Undecoded) -> PhotoProblem {
    match reason {
        Undecoded::Refused(error) => of_photo(error),
        Undecoded::NoModule(words) => PhotoProblem::NoDecoder(words),
    }
}

/// Of a model.
pub(crate) fn of_model(error: &TaggerError) -> LoadError {
    LoadError::Unusable(error.to_string())
}

fn of_kind(kind: Kind) -> Told {
    match kind {
        Kind::Gif => Told::Named("GIF".into()),
        Kind::Bmp => Told::Named("BMP".into()),
        Kind::Tiff => Told::Named("TIFF".into()),
        Kind::Avif => Told::Named("AVIF".into()),
        Kind::JpegXl => Told::Named("JPEG XL".into()),
        Kind::Jpeg2000 => Told::Named("JPEG 2000".into()),
        Kind::Heic => Told::Phone("HEIC".into()),
        Kind::Heif => Told::Phone("HEIF".into()),
        Kind::Raw(name) => Told::Raw(name.into()),
        Kind::Film => Told::Film,
        Kind::Photoshop => Told::Photoshop,
        Kind::AppPng => Told::AppPng,
        Kind::Jpeg(process) => Told::Jpeg(of_process(process)),
    }
}

fn of_process(process: photo::JpegProcess) -> JpegProcess {
    match process {
        photo::JpegProcess::Arithmetic => JpegProcess::Arithmetic,
        photo::JpegProcess::Lossless => JpegProcess::Lossless,
        photo::JpegProcess::Hierarchical => JpegProcess::Hierarchical,
        photo::JpegProcess::Precision(_) => JpegProcess::Precision,
        photo::JpegProcess::Components(_) => JpegProcess::Components,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(photo: &[u8]) -> PhotoProblem {
        of_photo(photo::decode(photo).unwrap_err())
    }

    #[test]
    fn a_refusal_is_told_with_what_is_known_of_it() {
        assert_eq!(told(b""), PhotoProblem::Empty);
        assert_eq!(told(b"Dear diary"), PhotoProblem::NotAPhoto);
        let heic = Told::Phone("HEIC".into());
        assert_eq!(told(b"\0\0\0\x18ftypheic...."), PhotoProblem::Unsupported(heic));
        let raw = Told::Raw("Canon CR3".into());
        assert_eq!(told(b"\0\0\0\x18ftypcrx \0\0\0\x01"), PhotoProblem::Unsupported(raw));
        let PhotoProblem::Damaged { format, detail } = told(b"\x89PNG\r\n\x1a\n") else {
            panic!("a PNG that ends with its first bytes is damaged");
        };
        assert_eq!(format, "PNG");
        assert!(!detail.is_empty());
    }

    #[test]
    fn limits_are_told() {
        let error = PhotoError::TooLong { width: 70_000, height: 1 };
        let excess = Excess { width: 70_000, height: 1, needed: 70_000, limit: 65_535 };
        assert_eq!(of_photo(error), PhotoProblem::TooLong(excess));
        let error = PhotoError::TooLarge { width: 20_000, height: 20_000, bytes: 1_200_000_000 };
        let needed = 1_200_000_000;
        let excess = Excess { width: 20_000, height: 20_000, needed, limit: MAX_BYTES };
        assert_eq!(of_photo(error), PhotoProblem::TooLarge(excess));
    }
}
