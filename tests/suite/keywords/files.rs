//! Files with metadata in them, put together from the fixtures' pictures.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    WebPLossy,
    WebPLossless,
    WebPAnimated,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Jpeg, Self::Png, Self::WebPLossy, Self::WebPLossless, Self::WebPAnimated];

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            _ => "webp",
        }
    }

    fn picture(self) -> &'static [u8] {
        match self {
            Self::Jpeg => include_bytes!("../../fixtures/photos/baseline.jpg"),
            Self::Png => include_bytes!("../../fixtures/photos/rgb.png"),
            Self::WebPLossy => include_bytes!("../../fixtures/photos/lossy.webp"),
            Self::WebPLossless => include_bytes!("../../fixtures/photos/lossless.webp"),
            Self::WebPAnimated => include_bytes!("../../fixtures/photos/animated.webp"),
        }
    }
}

/// How a packet stands in a PNG.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Packing {
    /// As it should.
    #[default]
    Plain,
    /// Compressed.
    Compressed,
    /// Hexadecimal, as ImageMagick has it.
    Spelt,
    /// As it should, behind the picture.
    Behind,
}

/// What goes into a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata {
    pub(super) exif: Option<Vec<u8>>,
    pub(super) xmp: Option<Vec<u8>>,
    /// How a PNG has its packet.
    pub(super) packing: Packing,
    /// In extended XMP.
    pub(super) extension: Option<Vec<u8>>,
    /// IPTC records and Photoshop's digest.
    pub(super) iptc: Option<(Vec<u8>, Option<[u8; 16]>)>,
    /// A second picture, and whether its index comes before the packet.
    pub(super) second: Option<bool>,
    pub(super) has_credentials: bool,
    /// Behind the picture.
    pub(super) trailer: Vec<u8>,
}

/// The file.
pub(super) fn build(kind: Kind, metadata: &Metadata) -> Vec<u8> {
    match kind {
        Kind::Jpeg => jpeg(metadata),
        Kind::Png => png(metadata),
        _ => webp(kind, metadata),
    }
}

/// The fixture of another picture.
pub(super) fn second_picture() -> &'static [u8] {
    include_bytes!("../../fixtures/photos/progressive.jpg")
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("a segment has 64 KB");
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

fn jpeg(metadata: &Metadata) -> Vec<u8> {
    let picture = Kind::Jpeg.picture();
    // JFIF comes first.
    let jfif = 4 + usize::from(u16::from_be_bytes([picture[4], picture[5]]));
    assert_eq!(&picture[2..4], [0xFF, 0xE0]);
    let mut file = picture[..jfif].to_vec();
    if let Some(exif) = &metadata.exif {
        file.extend(segment(0xE1, &[b"Exif\0\0", &exif[..]].concat()));
    }
    let mut index_at = None;
    let mut index = |file: &mut Vec<u8>| {
        index_at = Some(file.len());
        file.extend(segment(0xE2, &mp_index(0, 0, 0)));
    };
    if metadata.second == Some(true) {
        index(&mut file);
    }
    if let Some(xmp) = &metadata.xmp {
        file.extend(segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", &xmp[..]].concat()));
    }
    if metadata.second == Some(false) {
        index(&mut file);
    }
    if let Some(extension) = &metadata.extension {
        let head = [b"http://ns.adobe.com/xmp/extension/\0", EXTENSION_DIGEST.as_bytes()].concat();
        let sizes = [(extension.len() as u32).to_be_bytes(), [0; 4]].concat();
        file.extend(segment(0xE1, &[&head, &sizes, &extension[..]].concat()));
    }
    if let Some((records, digest)) = &metadata.iptc {
        file.extend(segment(0xED, &photoshop(records, digest.as_ref())));
    }
    if metadata.has_credentials {
        let superbox =
            [b"JP\0\x01\0\0\0\x01", &20_u32.to_be_bytes()[..], b"jumb", b"c2pa-contents"].concat();
        file.extend(segment(0xEB, &superbox));
    }
    file.extend(&picture[jfif..]);
    if let Some(at) = index_at {
        let header = at + 8;
        let second = second_picture();
        let right = mp_index(file.len() as u32, second.len() as u32, (file.len() - header) as u32);
        file.splice(at..at + 4 + right.len(), segment(0xE2, &right));
        file.extend(second);
    }
    file.extend(&metadata.trailer);
    file
}

/// The digest that a main packet names its extension by.
pub(super) const EXTENSION_DIGEST: &str = "0123456789ABCDEF0123456789ABCDEF";

/// An index of two pictures (CIPA DC-007).
fn mp_index(first: u32, second: u32, place: u32) -> Vec<u8> {
    let mut bytes = b"MPF\0MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        bytes.extend(tag.to_be_bytes());
        bytes.extend(kind.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(value);
    };
    entry(0xB000, 7, 4, *b"0100");
    entry(0xB001, 4, 1, 2_u32.to_be_bytes());
    entry(0xB002, 7, 32, 50_u32.to_be_bytes());
    bytes.extend([0; 4]);
    for (kind, size, place) in [(0x2003_0000_u32, first, 0), (0, second, place)] {
        for number in [kind, size, place, 0] {
            bytes.extend(number.to_be_bytes());
        }
    }
    bytes
}

fn photoshop(records: &[u8], digest: Option<&[u8; 16]>) -> Vec<u8> {
    let resource = |id: u16, data: &[u8]| {
        let mut bytes = [b"8BIM", &id.to_be_bytes()[..], &[0, 0]].concat();
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(data);
        bytes.extend(vec![0; data.len() % 2]);
        bytes
    };
    let mut bytes = b"Photoshop 3.0\0".to_vec();
    bytes.extend(resource(0x040A, &[1]));
    bytes.extend(resource(0x0404, records));
    if let Some(digest) = digest {
        bytes.extend(resource(0x0425, digest));
    }
    bytes
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let sum = crc(&body);
    [&(data.len() as u32).to_be_bytes()[..], &body, &sum.to_be_bytes()].concat()
}

/// CRC-32, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |register, &byte| {
        (0..8).fold(register ^ u32::from(byte), |register, _| {
            if register & 1 == 1 { register >> 1 ^ 0xEDB8_8320 } else { register >> 1 }
        })
    })
}

fn png(metadata: &Metadata) -> Vec<u8> {
    let picture = Kind::Png.picture();
    let header_end = 8 + 25;
    let mut file = picture[..header_end].to_vec();
    if let Some(exif) = &metadata.exif {
        file.extend(png_chunk(b"eXIf", exif));
    }
    let packet = metadata.xmp.as_ref().map(|xmp| match metadata.packing {
        Packing::Plain | Packing::Behind => {
            png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", &xmp[..]].concat())
        }
        Packing::Compressed => {
            png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\x01\0\0\0", &stored(xmp)[..]].concat())
        }
        Packing::Spelt => png_chunk(b"tEXt", &spelt("xmp", xmp)),
    });
    let is_behind = matches!(metadata.packing, Packing::Behind);
    file.extend(packet.iter().filter(|_| !is_behind).flatten());
    if let Some((records, _)) = &metadata.iptc {
        file.extend(png_chunk(b"tEXt", &spelt("iptc", records)));
    }
    if metadata.has_credentials {
        file.extend(png_chunk(b"caBX", b"\0\0\0\x08jumb"));
    }
    let end = picture.len() - 12;
    file.extend(&picture[header_end..end]);
    file.extend(packet.iter().filter(|_| is_behind).flatten());
    file.extend(&picture[end..]);
    file.extend(&metadata.trailer);
    file
}

/// Metadata as ImageMagick writes it into text.
fn spelt(name: &str, bytes: &[u8]) -> Vec<u8> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("Raw profile type {name}\0\n{name}\n{:8}\n{digits}\n", bytes.len()).into_bytes()
}

/// zlib's format without any compression (RFC 1950, 1951), of less than 64 KB.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("one block");
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    let sizes = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    [&b"\x78\x01\x01"[..], &sizes, bytes, &(high << 16 | low).to_be_bytes()].concat()
}

fn webp(kind: Kind, metadata: &Metadata) -> Vec<u8> {
    let picture = kind.picture();
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut bytes = [&kind[..], &(data.len() as u32).to_le_bytes(), data].concat();
        bytes.extend(vec![0; data.len() % 2]);
        bytes
    };
    let mut body = picture[8..].to_vec();
    let mut flags = 0;
    let mut further = Vec::new();
    if let Some(exif) = &metadata.exif {
        flags |= 0x08;
        further.extend(chunk(b"EXIF", exif));
    }
    if let Some(xmp) = &metadata.xmp {
        flags |= 0x04;
        further.extend(chunk(b"XMP ", xmp));
    }
    if metadata.has_credentials {
        further.extend(chunk(b"C2PA", b"\0\0\0\x08jumb"));
    }
    if &body[4..8] == b"VP8X" {
        body[12] |= flags;
    } else if !further.is_empty() {
        let photo = tagsight_core::photo::decode(picture).expect("a fixture");
        let mut header = vec![flags, 0, 0, 0];
        header.extend(&(photo.width as u32 - 1).to_le_bytes()[..3]);
        header.extend(&(photo.height as u32 - 1).to_le_bytes()[..3]);
        body.splice(4..4, chunk(b"VP8X", &header));
    }
    body.extend(further);
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body, &metadata.trailer].concat()
}
