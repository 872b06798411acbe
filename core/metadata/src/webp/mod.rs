//! WebP files: chunks of RIFF (RFC 9649).

mod chunks;

use std::ops::Range;

pub use chunks::chunks;

use crate::change::Patch;
use crate::parts::Parts;
use crate::refusal::{Damage, Refusal};
use crate::splice::{Splice, patch};
use crate::xmp::Edited;

/// `RIFF`, size, `WEBP`.
const HEADER: usize = 12;
/// Kind and length.
const FRAME: usize = 8;
/// In the extended format's flags.
const HAS_XMP: u8 = 0x04;
const HAS_ALPHA: u8 = 0x10;

/// A chunk and where it stands, its padding included.
struct Placed<'a> {
    span: Range<usize>,
    kind: [u8; 4],
    data: &'a [u8],
}

/// A WebP, taken apart.
pub(crate) struct WebP<'a> {
    photo: &'a [u8],
    chunks: Vec<Placed<'a>>,
    /// Where RIFF says that it ends.
    end: usize,
}

impl<'a> WebP<'a> {
    pub(crate) fn parse(photo: &'a [u8]) -> Result<Self, Refusal> {
        let damaged = Refusal::Damaged(Damage::Chunks);
        let size = photo.get(4..).and_then(|rest| rest.first_chunk());
        let size = size.and_then(|&size| usize::try_from(u32::from_le_bytes(size)).ok());
        let end = size.and_then(|size| size.checked_add(FRAME)).filter(|&end| end <= photo.len());
        let end = end.ok_or(damaged.clone())?;
        let (mut placed, mut at) = (Vec::new(), HEADER);
        while at < end {
            let head = photo[at..end].split_at_checked(FRAME).map(|(head, _)| head);
            let head = head.ok_or(damaged.clone())?;
            let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let start = at + FRAME;
            let data = photo[start..end].get(..length).ok_or(damaged.clone())?;
            // The last one's padding may be missing.
            let next = (start + length.next_multiple_of(2)).min(end);
            placed.push(Placed {
                span: at..next,
                kind: [head[0], head[1], head[2], head[3]],
                data,
            });
            at = next;
        }
        let is_picture = |chunk: &Placed| matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ANMF");
        let is_first = |chunk: &Placed| chunk.kind == *b"VP8X" || is_picture(chunk);
        match placed.first().is_some_and(is_first) && placed.iter().any(is_picture) {
            true => Ok(Self { photo, chunks: placed, end }),
            false => Err(damaged),
        }
    }

    fn chunk(&self, kind: &[u8; 4]) -> Option<&Placed<'a>> {
        self.chunks.iter().find(|chunk| chunk.kind == *kind)
    }

    fn packets(&self) -> impl Iterator<Item = &Placed<'a>> {
        self.chunks.iter().filter(|chunk| chunk.kind == *b"XMP ")
    }

    pub(crate) fn parts(&self) -> Parts<'a> {
        Parts {
            xmp: self.packets().map(|chunk| chunk.data.into()).collect(),
            exif: self.chunk(b"EXIF").map(|chunk| chunk.data.into()),
            has_credentials: self.chunk(b"C2PA").is_some(),
            ..Parts::default()
        }
    }

    pub(crate) fn write(&self, xmp: &Edited) -> Result<Patch, Refusal> {
        let mut splices = Vec::new();
        let old = self.packets().next();
        let packet = match xmp {
            Edited::Same => return Ok(patch(self.photo.len(), splices)),
            Edited::New(packet) => Some(packet),
            Edited::Gone => None,
        };
        let bytes = packet.map(|packet| chunk(b"XMP ", packet)).transpose()?.unwrap_or_default();
        let range = match old {
            Some(old) => old.span.clone(),
            None => {
                let at = self.place_for_packet()?;
                at..at
            }
        };
        splices.push(Splice { range, bytes });
        splices.push(self.extended(packet.is_some())?);
        let growth: i64 = splices
            .iter()
            .map(|splice| splice.bytes.len() as i64 - splice.range.len() as i64)
            .sum();
        let size = u32::try_from((self.end - FRAME) as i64 + growth);
        let size = size.map_err(|_| Refusal::TooLarge(self.photo.len()))?;
        splices.push(Splice { range: 4..8, bytes: size.to_le_bytes().to_vec() });
        Ok(patch(self.photo.len(), splices))
    }

    /// Behind the picture and Exif's block, wherever that is.
    fn place_for_packet(&self) -> Result<usize, Refusal> {
        let is_before = |chunk: &&Placed| {
            matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" | b"EXIF")
        };
        let last = self.chunks.iter().rfind(is_before);
        let last = last.ok_or(Refusal::Damaged(Damage::Chunks))?;
        // A last chunk whose padding is missing cannot be followed by another.
        match last.span.len().is_multiple_of(2) {
            true => Ok(last.span.end),
            false => Err(Refusal::Damaged(Damage::Chunks)),
        }
    }

    /// The extended format's header, which a file with a packet has, with the flag for it.
    fn extended(&self, has_xmp: bool) -> Result<Splice, Refusal> {
        let damaged = || Refusal::Damaged(Damage::Header);
        if let Some(header) = self.chunk(b"VP8X") {
            let flags = *header.data.first().ok_or_else(damaged)?;
            let flags = if has_xmp { flags | HAS_XMP } else { flags & !HAS_XMP };
            let at = header.span.start + FRAME;
            return Ok(Splice { range: at..at + 1, bytes: vec![flags] });
        }
        let (width, height, has_alpha) = self.simple_size().ok_or_else(damaged)?;
        let flags = if has_alpha { HAS_XMP | HAS_ALPHA } else { HAS_XMP };
        let mut header = vec![flags, 0, 0, 0];
        header.extend(&(width - 1).to_le_bytes()[..3]);
        header.extend(&(height - 1).to_le_bytes()[..3]);
        Ok(Splice { range: HEADER..HEADER, bytes: chunk(b"VP8X", &header)? })
    }

    /// Columns, rows and whether there is transparency, of a file in the simple format.
    fn simple_size(&self) -> Option<(u32, u32, bool)> {
        let first = self.chunks.first()?;
        match &first.kind {
            // RFC 6386, 9.1: a frame tag, a start code, and 14 bits each.
            b"VP8 " => {
                let [_, _, _, 0x9D, 0x01, 0x2A, size @ ..] = first.data.first_chunk::<10>()? else {
                    return None;
                };
                let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                let (width, height) = (side(size[0], size[1]), side(size[2], size[3]));
                (width > 0 && height > 0).then_some((width, height, false))
            }
            // RFC 9649, 3.4: a signature, 14 bits each less one, a bit for transparency.
            b"VP8L" => {
                let &[0x2F, a, b, c, d] = first.data.first_chunk()? else { return None };
                let bits = u32::from_le_bytes([a, b, c, d]);
                Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1 == 1))
            }
            _ => None,
        }
    }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Result<Vec<u8>, Refusal> {
    let length = u32::try_from(data.len()).map_err(|_| Refusal::TooLarge(data.len()))?;
    let mut bytes = [&kind[..], &length.to_le_bytes(), data].concat();
    if !data.len().is_multiple_of(2) {
        bytes.push(0);
    }
    Ok(bytes)
}
