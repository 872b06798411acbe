//! Packets in UTF-16 and UTF-32, which become UTF-8, and UTF-8 itself.

use std::borrow::Cow;

use crate::refusal::{Fault, Refusal};

/// The text of a packet, without a byte order mark before it.
pub(super) fn decode(packet: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let text = match packet {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes)?.into(),
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes)?.into(),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?.into(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?.into(),
        [0, 0, 0, b'<', ..] => utf32(packet, u32::from_be_bytes)?.into(),
        [b'<', 0, 0, 0, ..] => utf32(packet, u32::from_le_bytes)?.into(),
        [0, b'<', ..] => utf16(packet, u16::from_be_bytes)?.into(),
        [b'<', 0, ..] => utf16(packet, u16::from_le_bytes)?.into(),
        _ => utf8(packet)?,
    };
    Ok(match text {
        Cow::Owned(text) => declared_as_utf8(text).into(),
        text => text,
    })
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    std::str::from_utf8(bytes).map(Cow::from).map_err(|_| Refusal::Xmp(Fault::Encoding))
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<String, Refusal> {
    let (units, rest) = bytes.as_chunks();
    let text: Result<String, _> = char::decode_utf16(units.iter().copied().map(read)).collect();
    text.ok().filter(|_| rest.is_empty()).ok_or(Refusal::Xmp(Fault::Encoding))
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Result<String, Refusal> {
    let (units, rest) = bytes.as_chunks();
    let text: Option<String> = units.iter().copied().map(read).map(char::from_u32).collect();
    text.filter(|_| rest.is_empty()).ok_or(Refusal::Xmp(Fault::Encoding))
}

/// A declaration of the other encoding would be wrong from now on.
fn declared_as_utf8(text: String) -> String {
    let Some(end) = text.find("?>").filter(|_| text.starts_with("<?xml ")) else { return text };
    let (declaration, rest) = text.split_at(end);
    let mut declaration = declaration.to_owned();
    for name in ["UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32"] {
        for name in [name.to_owned(), name.to_ascii_lowercase()] {
            declaration = declaration.replace(&name, "UTF-8");
        }
    }
    declaration + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version='1.0' encoding='UTF-16'?><a>강아지 𐍈</a>";

    #[test]
    fn every_encoding_becomes_the_same() {
        let expected = TEXT.replace("UTF-16", "UTF-8");
        let units: Vec<u16> = TEXT.encode_utf16().collect();
        let characters: Vec<u32> = TEXT.chars().map(u32::from).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let wide: Vec<u8> = characters.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let narrow: Vec<u8> = characters.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let marks: [&[u8]; 4] =
            [&[0xFE, 0xFF], &[0xFF, 0xFE], &[0, 0, 0xFE, 0xFF], &[0xFF, 0xFE, 0, 0]];
        for (mark, bytes) in marks.into_iter().zip([big, little, wide, narrow]) {
            assert_eq!(decode(&bytes).unwrap(), expected);
            assert_eq!(decode(&[mark, &bytes].concat()).unwrap(), expected);
            assert!(decode(&bytes[..bytes.len() - 1]).is_err());
        }
        assert_eq!(decode(TEXT.as_bytes()).unwrap(), TEXT);
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>").unwrap(), "<a/>");
        assert!(decode(b"<a>\xE9</a>").is_err());
    }
}
