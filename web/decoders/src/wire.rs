//! What comes of a PNG or WebP as bytes between two modules of one build: numbers with their low bytes
//! first, lists and texts behind their lengths. Both ends are ours, so bytes that mean nothing are no
//! value and need no reason.

use tagsight_core::PhotoError;
use tagsight_core::photo::{Format, Kind, Rgb8};

use crate::Picture;

/// What comes of a photo.
pub type Outcome = Result<Picture, PhotoError>;

const PICTURE: u32 = 0;
const APP_PNG: u32 = 1;
const TOO_LARGE: u32 = 2;
const TOO_LONG: u32 = 3;
const DAMAGED_PNG: u32 = 4;
const DAMAGED_WEBP: u32 = 5;

/// `outcome` as bytes.
///
/// # Panics
/// If it is a reason for which no PNG or WebP is refused.
pub fn to_bytes(outcome: &Outcome) -> Vec<u8> {
    let mut bytes = Bytes::default();
    match outcome {
        Ok(picture) => bytes.picture(picture),
        Err(error) => bytes.error(error),
    }
    bytes.0
}

/// What [`to_bytes`] was given.
pub fn from_bytes(bytes: &[u8]) -> Option<Outcome> {
    let mut rest = Rest(bytes);
    let outcome = match rest.number()? {
        PICTURE => Ok(rest.picture()?),
        APP_PNG => Err(PhotoError::Unsupported(Kind::AppPng)),
        TOO_LARGE => {
            let (width, height) = (rest.number()?, rest.number()?);
            let [low, high] = [rest.number()?, rest.number()?].map(u64::from);
            Err(PhotoError::TooLarge { width, height, bytes: high << 32 | low })
        }
        TOO_LONG => Err(PhotoError::TooLong { width: rest.number()?, height: rest.number()? }),
        DAMAGED_PNG => Err(rest.damage(Format::Png)?),
        DAMAGED_WEBP => Err(rest.damage(Format::WebP)?),
        _ => return None,
    };
    rest.0.is_empty().then_some(outcome)
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn numbers(&mut self, numbers: &[u32]) {
        numbers.iter().for_each(|&number| self.number(number));
    }

    fn length(&mut self, length: usize) {
        self.number(u32::try_from(length).expect("a module has four gigabytes"));
    }

    fn list(&mut self, bytes: impl ExactSizeIterator<Item = u8>) {
        self.length(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.list(text.bytes());
    }

    fn picture(&mut self, picture: &Picture) {
        let Picture { codes, thumbnail, size, orientation, taken } = picture;
        self.number(PICTURE);
        for length in [size.0, size.1, thumbnail.width, thumbnail.height] {
            self.length(length);
        }
        self.number(u32::from(*orientation));
        self.list(codes.iter().map(|&code| code as u8));
        self.list(thumbnail.bytes.iter().copied());
        self.text(taken);
    }

    fn error(&mut self, error: &PhotoError) {
        match error {
            PhotoError::TooLarge { width, height, bytes } => {
                let halves = [*bytes as u32, (bytes >> 32) as u32];
                self.numbers(&[TOO_LARGE, *width, *height, halves[0], halves[1]]);
            }
            PhotoError::TooLong { width, height } => {
                self.numbers(&[TOO_LONG, *width, *height]);
            }
            PhotoError::Damaged { format: Format::WebP, detail } => {
                self.number(DAMAGED_WEBP);
                self.text(detail);
            }
            PhotoError::Damaged { detail, .. } => {
                self.number(DAMAGED_PNG);
                self.text(detail);
            }
            PhotoError::Unsupported(Kind::AppPng) => self.number(APP_PNG),
            PhotoError::Empty | PhotoError::NotAPhoto | PhotoError::Unsupported(_) => {
                unreachable!("by then it is known to be a PNG or a WebP")
            }
        }
    }
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn number(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(first))
    }

    fn length(&mut self) -> Option<usize> {
        self.number().map(|number| number as usize)
    }

    fn list(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        let (list, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(list)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.list()?.to_vec()).ok()
    }

    fn picture(&mut self) -> Option<Picture> {
        let size = (self.length()?, self.length()?);
        let (width, height) = (self.length()?, self.length()?);
        let orientation = u8::try_from(self.number()?).ok()?;
        let codes = self.list()?.iter().map(|&code| code as i8).collect();
        let thumbnail = Rgb8 { width, height, bytes: self.list()?.to_vec() };
        Some(Picture { codes, thumbnail, size, orientation, taken: self.text()? })
    }

    fn damage(&mut self, format: Format) -> Option<PhotoError> {
        Some(PhotoError::Damaged { format, detail: self.text()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes() -> [Outcome; 7] {
        let thumbnail = Rgb8 { width: 1, height: 2, bytes: vec![0, 128, 255, 1, 2, 3] };
        let picture = Picture {
            codes: vec![0, 127, -1],
            thumbnail,
            size: (4000, 3000),
            orientation: 8,
            taken: "2026-11-26T09:13:18".into(),
        };
        let damaged =
            |format| PhotoError::Damaged { format, detail: "no pixels — at all".into() };
        [
            Ok(Picture { taken: String::new(), ..picture.clone() }),
            Ok(picture),
            Err(PhotoError::Unsupported(Kind::AppPng)),
            Err(PhotoError::TooLarge { width: 1, height: 2, bytes: 3 << 40 | 4 }),
            Err(PhotoError::TooLong { width: 60_000_000, height: 1 }),
            Err(damaged(Format::Png)),
            Err(damaged(Format::WebP)),
        ]
    }

    #[test]
    fn what_is_said_is_understood() {
        for outcome in outcomes() {
            assert_eq!(from_bytes(&to_bytes(&outcome)).as_ref(), Some(&outcome));
        }
    }

    #[test]
    fn what_is_cut_or_longer_is_nothing() {
        for outcome in outcomes() {
            let mut bytes = to_bytes(&outcome);
            for length in 0..bytes.len() {
                assert_eq!(from_bytes(&bytes[..length]), None, "{outcome:?}, {length} bytes");
            }
            bytes.push(0);
            assert_eq!(from_bytes(&bytes), None, "{outcome:?} and a byte");
        }
        assert_eq!(from_bytes(&[9, 0, 0, 0]), None, "no such outcome");
    }
}
