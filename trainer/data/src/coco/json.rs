//! The text of an annotations file → its records.
//!
//! Python's `json` decides what such a file may look like, and it is laxer than JSON: it writes NaN
//! and Infinity where a number is none.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::id::Id;

#[derive(Debug, Deserialize)]
pub(super) struct Instances {
    pub(super) images: Vec<Image>,
    pub(super) annotations: Vec<Annotation>,
    #[serde(default)]
    pub(super) categories: Vec<Category>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Image {
    pub(super) id: Id,
    pub(super) file_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Annotation {
    pub(super) image_id: Id,
    pub(super) category_id: Id,
    #[serde(default)]
    pub(super) bbox: Bbox,
}

/// A `bbox` as it is written; who reads no boxes does not mind what it is.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Bbox {
    Sides([f64; 4]),
    Other(IgnoredAny),
    #[default]
    #[serde(skip)]
    Absent,
}

#[derive(Debug, Deserialize)]
pub(super) struct Category {
    pub(super) id: Id,
    pub(super) name: String,
}

/// Reads the records of a file's bytes.
///
/// # Errors
/// What is wrong with them.
pub(super) fn parse(bytes: Vec<u8>) -> Result<Instances, String> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    const ZIP: &[u8] = b"PK\x03\x04";
    const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(GZIP) || bytes.starts_with(ZIP) {
        return Err("it is compressed, unpack it first".into());
    }
    let mut text = from_utf16(&bytes)?.unwrap_or(bytes);
    let start = if text.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    let json = &mut text[start..];
    if json.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err("it is a list, as detectors write their results".into());
    }
    // A second look costs only those whose file has such numbers.
    serde_json::from_slice(json).or_else(|error| {
        let again = blank_non_numbers(json).then(|| serde_json::from_slice(json));
        again.unwrap_or(Err(error)).map_err(|error| error.to_string())
    })
}

/// The text in UTF-8 if it is UTF-16 by its byte order mark, as PowerShell writes it.
fn from_utf16(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let decode = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|unit| read([unit[0], unit[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map(|text| Some(text.into_bytes())).map_err(|error| error.to_string())
    };
    match bytes {
        [0xff, 0xfe, ..] => decode(u16::from_le_bytes),
        [0xfe, 0xff, ..] => decode(u16::from_be_bytes),
        _ => Ok(None),
    }
}

/// Puts an empty object of the same length in the place of every number that is none, and tells
/// whether there was one. Where nothing reads the number it does no harm; it can be no id, name or list.
fn blank_non_numbers(json: &mut [u8]) -> bool {
    const NON_NUMBERS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
    let (mut place, mut in_text, mut found) = (0, false, false);
    while let Some(&byte) = json.get(place) {
        match byte {
            b'\\' if in_text => place += 1,
            b'"' => in_text = !in_text,
            b'N' | b'I' | b'-' if !in_text => {
                let rest = &mut json[place..];
                if let Some(word) = NON_NUMBERS.iter().find(|word| rest.starts_with(word)) {
                    rest[..word.len()].fill(b' ');
                    rest[..2].copy_from_slice(b"{}");
                    place += word.len() - 1;
                    found = true;
                }
            }
            _ => {}
        }
        place += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"images":[{"id":7,"file_name":"é.jpg","width":1}],
        "annotations":[{"image_id":7,"category_id":1}],"categories":[{"id":1,"name":"person"}]}"#;

    fn sound_with(from: &str, to: &str) -> Result<Instances, String> {
        assert!(SOUND.contains(from));
        parse(SOUND.replace(from, to).into_bytes())
    }

    #[test]
    fn numbers_that_are_none_matter_only_where_they_are_read() {
        for word in ["NaN", "Infinity", "-Infinity", "[NaN, -Infinity]", "-1.5"] {
            sound_with(r#""width":1"#, &format!(r#""width":{word}"#)).unwrap();
            for used in [r#""id":7"#, r#""file_name":"é.jpg""#, r#""category_id":1"#] {
                let key = used.split_once(':').unwrap().0;
                let read = sound_with(used, &format!("{key}:{word}"));
                assert!(read.is_err(), "{used} {word}");
            }
        }
        let named = sound_with("é.jpg\",\"width\":1", "a \\\"NaN\\\\\",\"width\":NaN").unwrap();
        assert_eq!(named.images[0].file_name, "a \"NaN\\");
    }

    #[test]
    fn ids_in_any_notation() {
        let id = |text: &str| Ok(sound_with("7,", &format!("{text},"))?.images.remove(0).id);
        for (text, expected) in [
            ("7.0", Id::Number(7)),
            ("\"7\"", Id::Number(7)),
            ("-7", Id::Number(-7)),
            ("18446744073709551615", Id::Number(u64::MAX.into())),
            ("\"2007_000027\"", Id::Text("2007_000027".into())),
        ] {
            assert_eq!(id(text), Ok::<_, String>(expected), "{text}");
        }
        for text in ["7.5", "1e300", "null", "true", "\"\"", "[7]"] {
            assert!(id(text).is_err(), "{text}");
        }
    }

    #[test]
    fn byte_order_marks_and_utf16() {
        let marked = format!("\u{feff}{SOUND}");
        let units = || marked.encode_utf16();
        for bytes in [
            marked.clone().into_bytes(),
            units().flat_map(u16::to_le_bytes).collect(),
            units().flat_map(u16::to_be_bytes).collect(),
        ] {
            assert_eq!(parse(bytes).unwrap().images[0].file_name, "é.jpg");
        }
    }

    #[test]
    fn what_is_no_instances_file_is_told_apart() {
        for (bytes, expected) in [
            (&b"\x1f\x8b\x08"[..], "compressed"),
            (b"PK\x03\x04", "compressed"),
            (b" [{\"image_id\": 1, \"score\": 0.5}]", "results"),
            (b"{\"images\": [{\"id\": 1}]}", "file_name"),
            (b"{\"images\": []}", "annotations"),
            (b"", "EOF"),
            (b"{\"images\": [", "EOF"),
            (b"<html>", "expected value"),
        ] {
            let error = parse(bytes.to_vec()).unwrap_err();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
    }
}
