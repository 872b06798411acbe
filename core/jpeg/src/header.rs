//! Everything before the first scan.

use crate::colour::{Colour, Transform};
use crate::frame::{Frame, Process};
use crate::marker::{
    self, APP0, APP1, APP2, APP14, DHP, DHT, DNL, DQT, DRI, EOI, SOF0, SOF15, SOI, SOS,
};
use crate::tables::Tables;
use crate::{Error, Kind};

/// How a segment with a part of a colour profile begins.
const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// What a file says before its picture begins.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) frame: Frame,
    pub(crate) tables: Tables,
    pub(crate) colour: Colour,
    /// Where the first scan's marker is.
    pub(crate) first_scan: usize,
    exif: Option<&'a [u8]>,
    /// Number, of how many, and the bytes of each part of a colour profile.
    profile: Vec<(u8, u8, &'a [u8])>,
}

impl<'a> Header<'a> {
    /// Reads up to the first scan. Segments that no pixel needs are never a reason to refuse.
    ///
    /// # Errors
    /// If there is no picture, or its kind is not supported.
    pub fn read(data: &'a [u8]) -> Result<Self, Error> {
        let Some((SOI, start)) = marker::find(data, 0) else {
            return Err(Error::Damaged("it does not begin as a JPEG does"));
        };
        let mut reading = Reading::default();
        let first_scan = reading.segments(data, start + 2)?;
        let mut frame = reading.frame.ok_or(Error::Damaged("a scan comes before its frame"))?;
        if frame.height == 0 {
            frame.height = number_of_lines(data, first_scan)?;
        }
        let colour = Colour::of(&frame, reading.jfif, reading.transform);
        Ok(Self {
            data,
            frame,
            tables: reading.tables,
            colour,
            first_scan,
            exif: reading.exif,
            profile: reading.profile,
        })
    }

    /// Columns of pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.frame.width
    }

    /// Rows of pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.frame.height
    }

    /// How the picture is coded.
    pub fn process(&self) -> Process {
        self.frame.process
    }

    /// Components of a pixel as they are stored: 1, 3 or 4.
    pub fn components(&self) -> u8 {
        self.frame.components.len() as u8
    }

    /// The TIFF block of the first Exif segment, behind `Exif\0\0`.
    pub fn exif(&self) -> Option<&'a [u8]> {
        self.exif
    }

    /// The colour profile, put together from its segments (ICC.1, annex B.4); `None` if there is
    /// none or a part is missing.
    pub fn profile(&self) -> Option<Vec<u8>> {
        let count = self.profile.first()?.1;
        let part = |number| {
            let mut parts = self.profile.iter();
            parts.find(|&&part| (part.0, part.1) == (number, count)).map(|part| part.2)
        };
        let parts = (1..=count).map(part).collect::<Option<Vec<_>>>()?;
        Some(parts.concat()).filter(|profile| !profile.is_empty())
    }
}

/// What was read of a header so far.
#[derive(Default)]
struct Reading<'a> {
    frame: Option<Frame>,
    tables: Tables,
    jfif: bool,
    transform: Option<Transform>,
    exif: Option<&'a [u8]>,
    profile: Vec<(u8, u8, &'a [u8])>,
}

impl<'a> Reading<'a> {
    /// Reads segments from byte `at` on; returns where the first scan's marker is.
    fn segments(&mut self, data: &'a [u8], mut at: usize) -> Result<usize, Error> {
        loop {
            let (marker, start) = marker::find(data, at).ok_or(Error::Cut)?;
            at = start + 2;
            match marker {
                SOS => return Ok(start),
                EOI if self.frame.is_some() => return Err(Error::Cut),
                EOI => return Err(Error::Damaged("it has no picture")),
                marker if marker::stands_alone(marker) => continue,
                _ => {}
            }
            let (segment, end) = marker::segment(data, at).ok_or(Error::Cut)?;
            self.segment(marker, segment)?;
            at = end;
        }
    }

    fn segment(&mut self, marker: u8, segment: &'a [u8]) -> Result<(), Error> {
        match (marker, segment) {
            (DQT | DHT | DRI, _) => define(&mut self.tables, marker, segment)?,
            (DHP, _) => return Err(Error::Unsupported(Kind::Hierarchical)),
            (SOF0..=SOF15, _) if is_frame(marker) => {
                if self.frame.is_some() {
                    return Err(Error::Damaged("it has a second frame"));
                }
                self.frame = Some(Frame::read(marker, segment)?);
            }
            // Nine bytes of version, density and thumbnail follow the name.
            (APP0, [b'J', b'F', b'I', b'F', 0, rest @ ..]) => self.jfif |= rest.len() >= 9,
            (APP1, [b'E', b'x', b'i', b'f', 0, _, tiff @ ..]) => {
                self.exif = self.exif.or(Some(tiff));
            }
            (APP2, segment) => {
                if let Some(&[number, count, ref part @ ..]) = segment.strip_prefix(PROFILE) {
                    self.profile.push((number, count, part));
                }
            }
            // Version and flags are six bytes.
            (APP14, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                self.transform = Some(Transform(*transform));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads a segment that defines tables; others are passed over.
pub(crate) fn define(tables: &mut Tables, marker: u8, segment: &[u8]) -> Result<(), Error> {
    match marker {
        DQT => tables.define_steps(segment),
        DHT => tables.define_codes(segment),
        DRI => tables.define_restarts(segment),
        _ => Ok(()),
    }
}

/// Whether a marker begins a frame: C4, C8 and CC are something else.
fn is_frame(marker: u8) -> bool {
    !matches!(marker, DHT | 0xC8 | 0xCC)
}

/// The height that follows the first scan (T.81, B.2.5).
fn number_of_lines(data: &[u8], first_scan: usize) -> Result<u32, Error> {
    const NONE: Error = Error::Damaged("the picture has no height");
    let (_, mut at) = marker::segment(data, first_scan + 2).ok_or(Error::Cut)?;
    loop {
        let (marker, start) = marker::find(data, at).ok_or(NONE)?;
        at = start + 2;
        match marker {
            DNL => break,
            marker if marker::stands_alone(marker) && marker != EOI => {}
            _ => return Err(NONE),
        }
    }
    let (segment, _) = marker::segment(data, at).ok_or(NONE)?;
    let height = u16::from_be_bytes(*segment.first_chunk().ok_or(NONE)?);
    if height == 0 { Err(NONE) } else { Ok(height.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments by marker and content, between SOI and a scan's marker.
    fn file(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut file = vec![0xFF, SOI];
        for (marker, content) in segments {
            file.extend([0xFF, *marker]);
            file.extend((content.len() as u16 + 2).to_be_bytes());
            file.extend(*content);
        }
        file.extend([0xFF, SOS, 0, 8, 1, 1, 0, 0, 63, 0]);
        file
    }

    /// A grey picture of 3 × `height` pixels.
    fn frame(height: u8) -> [u8; 9] {
        [8, 0, height, 0, 3, 1, 1, 0x11, 0]
    }

    #[test]
    fn the_first_exif_segment_counts() {
        let first: &[u8] = b"Exif\0\0first";
        let segments: [(u8, &[u8]); 5] = [
            (APP1, b"http://ns.adobe.com/xap/1.0/\0"),
            (APP1, first),
            (APP1, b"Exif\0\0second"),
            (SOF0, &frame(2)),
            (APP1, b""),
        ];
        let file = file(&segments);
        let header = Header::read(&file).unwrap();
        assert_eq!(header.exif(), Some(&b"first"[..]));
        assert_eq!((header.width(), header.height(), header.components()), (3, 2, 1));
    }

    #[test]
    fn a_profile_is_put_together_or_left_out() {
        let part = |number, count, bytes: &[u8]| [PROFILE, &[number, count], bytes].concat();
        let (second, first) = (part(2, 2, b"file"), part(1, 2, b"pro"));
        let frame = frame(2);
        let whole = file(&[(APP2, &second), (SOF0, &frame), (APP2, &first)]);
        assert_eq!(Header::read(&whole).unwrap().profile(), Some(b"profile".to_vec()));
        let half = file(&[(APP2, &second), (SOF0, &frame)]);
        assert_eq!(Header::read(&half).unwrap().profile(), None);
        let none = file(&[(SOF0, &frame), (APP2, b"MPF\0")]);
        assert_eq!(Header::read(&none).unwrap().profile(), None);
    }

    #[test]
    fn the_height_may_follow_the_first_scan() {
        let mut late = file(&[(SOF0, &frame(0))]);
        assert!(matches!(Header::read(&late), Err(Error::Damaged(_))));
        late.extend([1, 2, 0xFF, 0, 3, 0xFF, DNL, 0, 4, 0, 9, 0xFF, EOI]);
        assert_eq!(Header::read(&late).unwrap().height(), 9);
    }

    #[test]
    fn sound_kinds_are_not_called_damaged() {
        let mut frame = frame(2);
        let kinds = [
            (0xC3, Kind::Lossless),
            (0xC5, Kind::Hierarchical),
            (DHP, Kind::Hierarchical),
            (0xC9, Kind::Arithmetic),
            (0xCA, Kind::Arithmetic),
        ];
        for (marker, kind) in kinds {
            let file = file(&[(marker, &frame)]);
            assert_eq!(Header::read(&file).unwrap_err(), Error::Unsupported(kind));
        }
        frame[0] = 12;
        let error = Header::read(&file(&[(0xC1, &frame)])).unwrap_err();
        assert_eq!(error, Error::Unsupported(Kind::Precision(12)));
        frame[0] = 8;
        frame[5] = 2;
        let error = Header::read(&file(&[(SOF0, &frame)])).unwrap_err();
        assert_eq!(error, Error::Unsupported(Kind::Components(2)));
    }

    #[test]
    fn a_header_that_ends_early_is_cut() {
        let whole = file(&[(APP1, b"Exif\0\0first"), (SOF0, &frame(2))]);
        let scan = whole.len() - 10;
        for length in 2..scan {
            assert_eq!(Header::read(&whole[..length]).unwrap_err(), Error::Cut, "{length} bytes");
        }
    }
}
