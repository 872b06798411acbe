//! Pixels and rows of weights in the order that the kernels read them. Words are little-endian: the first
//! channel is in the lowest byte.

use super::layout::words;

/// Rows of `channels` codes, a classifier's weights or pixels, each padded with `filler`.
pub fn pack_rows(codes: &[i8], channels: usize, filler: u8) -> Vec<u8> {
    let stride = words(channels) * 4;
    let rows = codes.chunks_exact(channels);
    let mut packed = Vec::with_capacity(rows.len() * stride);
    for row in rows {
        packed.extend(row.iter().map(|&code| code as u8));
        packed.resize(packed.len().next_multiple_of(stride), filler);
    }
    packed
}

/// Appends an image's codes (HWC, three channels) to `bytes`, a word a pixel.
pub fn pack_image(codes: &[i8], bytes: &mut Vec<u8>) {
    bytes.extend(
        codes.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r as u8, g as u8, b as u8, 0]),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_padded() {
        let packed = pack_rows(&[1, -2, 3, 4, 5, 6], 3, 77);
        assert_eq!(
            (packed.len(), &packed[..4], &packed[16..20]),
            (32, &[1, 254, 3, 77][..], &[4, 5, 6, 77][..])
        );
        assert_eq!(pack_rows(&[1; 16], 16, 77), [1; 16]);
    }
}
