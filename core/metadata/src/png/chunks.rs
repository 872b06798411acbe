//! The chunks of a PNG (PNG 3rd edition, 5.3).

/// Length, kind and checksum of a chunk.
const FRAME_BYTES: usize = 12;

/// A chunk.
#[derive(Debug, Clone, Copy)]
pub struct Chunk<'a> {
    /// Its four letters.
    pub kind: [u8; 4],
    /// What it holds.
    pub data: &'a [u8],
}

/// The chunks that are whole, from the first on; the signature has been seen. Checksums are not
/// looked at: decoders do so where it matters.
pub fn chunks(photo: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = photo.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let kind = *rest.get(4..)?.first_chunk()?;
        let data = rest.get(8..)?.get(..length)?;
        // The last checksum may be missing.
        rest = rest.get(length + FRAME_BYTES..).unwrap_or_default();
        Some(Chunk { kind, data })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_where_the_file_is_cut() {
        let mut photo = b"\x89PNG\r\n\x1a\n".to_vec();
        photo.extend(b"\0\0\0\x02abcd\x01\x02crc!");
        photo.extend(b"\0\0\0\0eXIfcrc!");
        let kinds = |bytes: &[u8]| chunks(bytes).map(|chunk| chunk.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&photo), [*b"abcd", *b"eXIf"]);
        assert_eq!(chunks(&photo).next().unwrap().data, [1, 2]);
        for length in 0..photo.len() {
            let whole = usize::from(length >= 18) + usize::from(length >= 30);
            assert_eq!(kinds(&photo[..length]).len(), whole, "{length} bytes");
        }
        photo[8..12].copy_from_slice(&[0xFF; 4]);
        assert!(kinds(&photo).is_empty());
    }
}
