//! Exif blocks that were packed into a PNG's text: "Raw profile type exif", hexadecimal, as
//! ImageMagick wrote them before the chunk eXIf came in 2017.

use super::chunks::Chunk;

const KEYWORDS: [&[u8]; 2] = [b"Raw profile type exif", b"Raw profile type APP1"];
/// Orientations come early; what lies beyond is not unpacked.
const TEXT_BYTES: usize = 1 << 20;

/// The Exif block that a text chunk holds, if it does.
pub(super) fn exif(chunk: Chunk) -> Option<Vec<u8>> {
    let (keyword, rest) = split_at_zero(chunk.data)?;
    if !KEYWORDS.contains(&keyword) {
        return None;
    }
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
    block(&text)
}

fn split_at_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    use fdeflate::BoundedDecompressionError::OutputTooLarge;

    match fdeflate::decompress_to_vec_bounded(packed, TEXT_BYTES) {
        Ok(text) | Err(OutputTooLarge { partial_output: text }) => Some(text),
        Err(_) => None,
    }
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
        exif(Chunk { kind: *kind, data })
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
