//! PNG files: chunks.

mod chunks;
mod inflate;
mod profile;

use std::borrow::Cow;
use std::ops::Range;

pub use chunks::{Chunk, chunks};
pub use profile::Profile;

use crate::change::Patch;
use crate::parts::Parts;
use crate::refusal::{Damage, Refusal};
use crate::splice::{Splice, patch};
use crate::xmp::Edited;

/// The name of the text that a packet is.
const XMP: &[u8] = b"XML:com.adobe.xmp";
const SIGNATURE: usize = 8;
/// Length, kind and checksum.
const FRAME: usize = 12;

/// A PNG, taken apart.
pub(crate) struct Png<'a> {
    photo: &'a [u8],
    chunks: Vec<(Range<usize>, Chunk<'a>)>,
}

impl<'a> Png<'a> {
    pub(crate) fn parse(photo: &'a [u8]) -> Result<Self, Refusal> {
        let (mut placed, mut at) = (Vec::new(), SIGNATURE);
        for chunk in chunks(photo) {
            let end = at + chunk.data.len() + FRAME;
            placed.push((at..end, chunk));
            at = end;
            // What lies behind the end is none of the picture.
            if chunk.kind == *b"IEND" {
                break;
            }
        }
        let first = placed.first().is_some_and(|(_, chunk)| chunk.kind == *b"IHDR");
        let last = placed
            .last()
            .is_some_and(|(span, chunk)| chunk.kind == *b"IEND" && span.end <= photo.len());
        let has_picture = placed.iter().any(|(_, chunk)| chunk.kind == *b"IDAT");
        match first && last && has_picture {
            true => Ok(Self { photo, chunks: placed }),
            false => Err(Refusal::Damaged(Damage::Chunks)),
        }
    }

    fn packets(&self) -> impl Iterator<Item = &(Range<usize>, Chunk<'a>)> {
        self.chunks.iter().filter(|(_, chunk)| is_packet(*chunk))
    }

    fn chunk(&self, kind: &[u8; 4]) -> Option<&Chunk<'a>> {
        self.chunks.iter().map(|(_, chunk)| chunk).find(|chunk| chunk.kind == *kind)
    }

    fn profile(&self, profile: Profile) -> Option<Vec<u8>> {
        self.chunks.iter().find_map(|(_, chunk)| profile.read(*chunk))
    }

    pub(crate) fn parts(&self) -> Parts<'a> {
        let packets = self.packets().filter_map(|(_, chunk)| packet(*chunk));
        let mut xmp: Vec<Cow<'a, [u8]>> = packets.collect();
        if xmp.is_empty() {
            xmp.extend(self.profile(Profile::Xmp).map(Cow::from));
        }
        let iptc = self.profile(Profile::Iptc).map(|block| {
            let resources = crate::iptc::Resources::parse(&block);
            let inside = resources.and_then(|resources| resources.iptc().map(<[u8]>::to_vec));
            inside.unwrap_or(block).into()
        });
        let exif = self.chunk(b"eXIf").map(|chunk| chunk.data.into());
        Parts {
            xmp,
            extension: None,
            iptc,
            is_iptc_writable: false,
            exif: exif.or_else(|| self.profile(Profile::Exif).map(Cow::from)),
            has_credentials: self.chunk(b"caBX").is_some(),
        }
    }

    pub(crate) fn write(&self, xmp: &Edited) -> Result<Patch, Refusal> {
        // Packets as ImageMagick packs them count where there is no other.
        let holds = |chunk: Chunk| is_packet(chunk) || Profile::Xmp.is_in(chunk);
        let places = self.chunks.iter().filter(|(_, chunk)| holds(*chunk));
        let mut places: Vec<Range<usize>> = places.map(|(span, _)| span.clone()).collect();
        let bytes = match xmp {
            Edited::Same => return Ok(patch(self.photo.len(), Vec::new())),
            Edited::New(packet) => chunk(packet)?,
            Edited::Gone => Vec::new(),
        };
        if places.is_empty() {
            // Before the picture, so that readers need not go through it.
            let pixels = self.chunks.iter().find(|(_, chunk)| chunk.kind == *b"IDAT");
            let at = pixels.ok_or(Refusal::Damaged(Damage::Chunks))?.0.start;
            places.push(at..at);
        }
        let mut splices: Vec<Splice> =
            places.into_iter().map(|range| Splice { range, bytes: Vec::new() }).collect();
        splices[0].bytes = bytes;
        Ok(patch(self.photo.len(), splices))
    }
}

fn is_packet(chunk: Chunk) -> bool {
    chunk.kind == *b"iTXt"
        && chunk.data.strip_prefix(XMP).is_some_and(|rest| rest.starts_with(&[0]))
}

/// The packet of such a chunk, which may be compressed.
fn packet(chunk: Chunk<'_>) -> Option<Cow<'_, [u8]>> {
    let rest = chunk.data.strip_prefix(XMP)?;
    match rest {
        [0, 0, _, rest @ ..] => {
            let mut texts = rest.splitn(3, |&byte| byte == 0).skip(2);
            texts.next().map(Cow::from)
        }
        _ => profile::text(chunk).map(|(_, text)| text.into()),
    }
}

/// A chunk with a packet: a text that is not compressed, in no language (XMP specification part 3, 1.1.5).
fn chunk(packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut data = b"iTXt".to_vec();
    data.extend(XMP);
    data.extend([0; 5]);
    data.extend(packet);
    let length = u32::try_from(data.len() - 4).ok().filter(|&length| length <= i32::MAX as u32);
    let length = length.ok_or(Refusal::TooLarge(packet.len()))?;
    let sum = crc32fast::hash(&data);
    Ok([&length.to_be_bytes()[..], &data, &sum.to_be_bytes()].concat())
}
