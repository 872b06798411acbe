//! Metadata that was packed into a PNG's text, hexadecimal, as ImageMagick does: "Raw profile type exif"
//! of before the chunk eXIf came in 2017, and the same of XMP and IPTC.

use super::chunks::Chunk;
use super::inflate::inflate;

/// What lies beyond is not unpacked.
const TEXT_BYTES: usize = 1 << 20;

/// What a profile is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// An Exif block, mostly with its name before it.
    Exif,
    /// Photoshop's resources, or IPTC records alone.
    Iptc,
    /// A packet.
    Xmp,
}

impl Profile {
    fn keywords(self) -> &'static [&'static [u8]] {
        match self {
            Self::Exif => &[b"Raw profile type exif", b"Raw profile type APP1"],
            Self::Iptc => &[b"Raw profile type iptc"],
            Self::Xmp => &[b"Raw profile type xmp"],
        }
    }

    /// What a text chunk holds of it, if it does.
    pub fn read(self, chunk: Chunk) -> Option<Vec<u8>> {
        let (keyword, text) = text(chunk)?;
        self.keywords().contains(&keyword).then(|| block(&text))?
    }

    /// Whether a text chunk is one.
    pub(super) fn is_in(self, chunk: Chunk) -> bool {
        let keyword = split_at_zero(chunk.data).map(|(keyword, _)| keyword);
        is_text(chunk) && keyword.is_some_and(|keyword| self.keywords().contains(&keyword))
    }
}

fn is_text(chunk: Chunk) -> bool {
    matches!(&chunk.kind, b"tEXt" | b"zTXt" | b"iTXt")
}

/// A text chunk's keyword and its text, unpacked.
pub(super) fn text(chunk: Chunk<'_>) -> Option<(&[u8], Vec<u8>)> {
    let (keyword, rest) = split_at_zero(chunk.data).filter(|_| is_text(chunk))?;
    let text = match &chunk.kind {
        b"tEXt" => rest.to_vec(),
        b"zTXt" => unpack(rest.get(1..)?)?,
        b"iTXt" => {
            let (is_packed, rest) = (*rest.first()? == 1, rest.get(2..)?);
            let (_language, rest) = split_at_zero(rest)?;
            let (_translated, rest) = split_at_zero(rest)?;
            if is_packed { unpack(rest)? } else { rest.to_vec() }
        }
        _ => return None,
    };
    Some((keyword, text))
}

fn split_at_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    inflate(packed, TEXT_BYTES)
}

/// The bytes that a profile's text spells: a line of its name, one of its length, then digits in
/// lines.
fn block(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.trim_ascii_start().splitn(3, |&byte| byte == b'\n').skip(2);
    let digits = lines.next()?.iter().filter(|byte| !byte.is_ascii_whitespace());
    let digits = digits.map_while(|&byte| char::from(byte).to_digit(16)).collect::<Vec<_>>();
    Some(digits.as_chunks().0.iter().map(|[high, low]| (high << 4 | low) as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &[u8; 4], data: &[u8]) -> Option<Vec<u8>> {
        Profile::Exif.read(Chunk { kind: *kind, data })
    }

    #[test]
    fn a_block_is_spelt_in_lines() {
        let text = b"Raw profile type exif\0\nexif\n      8\n45786966\n0000 2a0F\n";
        assert_eq!(read(b"tEXt", text).unwrap(), b"Exif\0\0\x2a\x0f");
        let international = b"Raw profile type APP1\0\0\0en\0\0\ngeneric profile\n 1\n41";
        assert_eq!(read(b"iTXt", international).unwrap(), b"A");
    }

    #[test]
    fn other_texts_are_left_alone() {
        for (kind, data) in [
            (b"tEXt", b"Raw profile type iptc\0\niptc\n 1\n41".as_slice()),
            (b"tEXt", b"Raw profile type exif"),
            (b"tEXt", b"Raw profile type exif\0\nexif"),
            (b"zTXt", b"Raw profile type exif\0\0no deflate"),
            (b"iTXt", b"Raw profile type exif\0\x01"),
            (b"IDAT", b"Raw profile type exif\0\nexif\n 1\n41"),
        ] {
            assert_eq!(read(kind, data), None, "{}", String::from_utf8_lossy(data));
        }
    }
}
