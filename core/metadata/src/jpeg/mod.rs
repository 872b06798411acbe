//! JPEG files: segments before the first scan. Everything from there on, with what phones append behind
//! the picture, is not even looked at.

mod mpf;
mod segments;

use std::borrow::Cow;

use segments::{APP1, APP2, APP11, APP13, Segment};

use crate::change::Patch;
use crate::iptc::Resources;
use crate::order::in_order;
use crate::parts::Parts;
use crate::refusal::{Damage, Refusal};
use crate::splice::{Splice, patch};
use crate::xmp::{self, Edited};

/// What a packet's segment begins with.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const EXIF: &[u8] = b"Exif\0\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
const MPF: &[u8] = b"MPF\0";

/// What a segment holds at most.
const LONGEST: usize = 65_533;
/// A packet's longest (XMP specification part 3, 1.1.3).
pub(crate) const LONGEST_PACKET: usize = 65_502;
/// The extension's digest, whole length and this part's place.
const DIGEST: usize = 32;
/// No extension is longer.
const LONGEST_EXTENSION: usize = 64 << 20;

/// A JPEG, taken apart.
pub(crate) struct Jpeg<'a> {
    photo: &'a [u8],
    segments: Vec<Segment<'a>>,
}

impl<'a> Jpeg<'a> {
    pub(crate) fn parse(photo: &'a [u8]) -> Result<Self, Refusal> {
        let segments = segments::parse(photo);
        let segments = segments.ok_or(Refusal::Damaged(Damage::Segments))?;
        Ok(Self { photo, segments })
    }

    /// The segments of this kind, without what they begin with.
    fn beginning<'b>(
        &'b self,
        marker: u8,
        name: &'b [u8],
    ) -> impl Iterator<Item = (&'b Segment<'a>, &'a [u8])> {
        let segments = self.segments.iter().filter(move |segment| segment.marker == marker);
        segments.filter_map(move |segment| Some((segment, segment.payload.strip_prefix(name)?)))
    }

    pub(crate) fn parts(&self) -> Parts<'a> {
        let xmp: Vec<Cow<'a, [u8]>> =
            self.beginning(APP1, XMP).map(|(_, packet)| packet.into()).collect();
        let extension = xmp.first().and_then(|packet| xmp::extension(packet));
        let resources = self.resources();
        let iptc = Resources::parse(&resources)
            .and_then(|resources| resources.iptc().map(|block| block.to_vec().into()));
        Parts {
            extension: extension.and_then(|digest| self.extension(&digest)),
            xmp,
            is_iptc_writable: iptc.is_some(),
            iptc,
            exif: self.beginning(APP1, EXIF).map(|(_, block)| block.into()).next(),
            has_credentials: self.has_credentials(),
        }
    }

    /// Photoshop's resources, which may lie in several segments.
    fn resources(&self) -> Vec<u8> {
        self.beginning(APP13, PHOTOSHOP).flat_map(|(_, part)| part).copied().collect()
    }

    /// The extension of this digest, put together.
    fn extension(&self, digest: &str) -> Option<Vec<u8>> {
        let mut parts = Vec::new();
        for (_, part) in self.beginning(APP1, EXTENSION) {
            let (of, rest) = part.split_at_checked(DIGEST)?;
            let (&_length, rest) = rest.split_first_chunk::<4>()?;
            let (&place, bytes) = rest.split_first_chunk::<4>()?;
            if of == digest.as_bytes() {
                parts.push((u32::from_be_bytes(place), bytes));
            }
        }
        let mut whole = Vec::new();
        for (place, bytes) in in_order(parts, |(place, _)| *place) {
            let follows = usize::try_from(place).ok()? == whole.len();
            if !follows || whole.len() + bytes.len() > LONGEST_EXTENSION {
                return None;
            }
            whole.extend(bytes);
        }
        (!whole.is_empty()).then_some(whole)
    }

    /// Whether there are Content Credentials: a JUMBF box (ISO 19566-5) in APP11, of which JPEG XT has
    /// others.
    fn has_credentials(&self) -> bool {
        let mut boxes = self.beginning(APP11, b"JP");
        boxes.any(|(_, part)| part.get(10..14) == Some(b"jumb"))
    }

    pub(crate) fn write(&self, xmp: &Edited, iptc: Option<&[u8]>) -> Result<Patch, Refusal> {
        let mut splices = Vec::new();
        let packet = self.beginning(APP1, XMP).next();
        match (xmp, packet) {
            (Edited::Same, _) | (Edited::Gone, None) => {}
            (Edited::New(bytes), Some((old, _))) => {
                splices.push(Splice { range: old.span.clone(), bytes: segment(APP1, XMP, bytes)? });
            }
            (Edited::New(bytes), None) => {
                let at = self.place_for_packet();
                splices.push(Splice { range: at..at, bytes: segment(APP1, XMP, bytes)? });
            }
            (Edited::Gone, Some((old, _))) => {
                splices.push(Splice { range: old.span.clone(), bytes: Vec::new() });
            }
        }
        if let Some(block) = iptc {
            splices.extend(self.with_iptc(block)?);
        }
        if let Some((index, _)) = self.beginning(APP2, MPF).next() {
            let header = index.span.end - index.payload.len() + MPF.len();
            splices.extend(mpf::moved(&self.photo[header..index.span.end], header, &splices)?);
        }
        Ok(patch(self.photo.len(), splices))
    }

    /// Where a first packet goes: behind JFIF's segments and Exif's, before all others.
    fn place_for_packet(&self) -> usize {
        let is_first = |segment: &&Segment| {
            segment.marker == segments::APP0
                || (segment.marker == APP1 && segment.payload.starts_with(EXIF))
        };
        self.segments.iter().take_while(is_first).last().map_or(2, |segment| segment.span.end)
    }

    /// What puts other IPTC records in place of those that there are.
    fn with_iptc(&self, block: &[u8]) -> Result<Vec<Splice>, Refusal> {
        let resources = self.resources();
        let resources = Resources::parse(&resources).ok_or(Refusal::Damaged(Damage::Segments))?;
        let bytes = resources.with_iptc(block);
        let mut splices = Vec::new();
        for (old, _) in self.beginning(APP13, PHOTOSHOP) {
            splices.push(Splice { range: old.span.clone(), bytes: Vec::new() });
        }
        let mut written = Vec::new();
        for part in bytes.chunks(LONGEST - PHOTOSHOP.len()) {
            written.extend(segment(APP13, PHOTOSHOP, part)?);
        }
        if let Some(first) = splices.first_mut() {
            first.bytes = written;
        }
        Ok(splices)
    }
}

fn segment(marker: u8, name: &[u8], payload: &[u8]) -> Result<Vec<u8>, Refusal> {
    let length = name.len() + payload.len();
    let counted = u16::try_from(length + 2).ok().filter(|_| length <= LONGEST);
    let counted = counted.ok_or(Refusal::TooLarge(payload.len()))?;
    Ok([&[0xFF, marker], &counted.to_be_bytes()[..], name, payload].concat())
}
