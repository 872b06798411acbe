//! The chunks of a WebP (RFC 9649, 2.3).

/// The file's chunks, as far as it reaches. Those of frames are none of the file's.
pub fn chunks(photo: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = photo.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let kind = *rest.first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let data = rest.get(8..)?;
        // Chunks of odd lengths are padded.
        rest = length
            .checked_next_multiple_of(2)
            .and_then(|next| data.get(next..))
            .unwrap_or_default();
        Some((kind, &data[..length.min(data.len())]))
    })
}
