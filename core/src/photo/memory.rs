//! Memory for a picture, as far as the [limits](super::limits) allow it. Sizes are computed in 64 bits,
//! since a page's `usize` has 32.

use super::error::PhotoError;
use super::kind::Format;
use super::limits::{MAX_BYTES, MAX_SIDE};

/// Refuses pictures that have no pixels, too long a side, or need more memory than there is.
/// `bytes_per_pixel` is what the decoder takes at once, its own buffers included.
pub(super) fn check_size(
    format: Format,
    width: u32,
    height: u32,
    bytes_per_pixel: u64,
) -> Result<(), PhotoError> {
    if width.min(height) == 0 {
        return Err(PhotoError::damaged(format, "no pixels"));
    }
    if width.max(height) > MAX_SIDE {
        return Err(PhotoError::TooLong { width, height });
    }
    let bytes = u64::from(width) * u64::from(height) * bytes_per_pixel;
    if bytes > MAX_BYTES {
        return Err(PhotoError::TooLarge { width, height, bytes });
    }
    Ok(())
}

/// A buffer of zeros for `width` × `height` pixels that passed [`check_size`]; an error instead of
/// an end of the program where so much memory is not to be had.
pub(super) fn allocate(width: u32, height: u32, channels: u64) -> Result<Vec<u8>, PhotoError> {
    let bytes = u64::from(width) * u64::from(height) * channels;
    let too_large = PhotoError::TooLarge { width, height, bytes };
    let Ok(length) = usize::try_from(bytes) else { return Err(too_large) };
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(length).map_err(|_| too_large)?;
    buffer.resize(length, 0);
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused_by_name() {
        let check = |width, height| check_size(Format::Png, width, height, 3);
        assert_eq!(check(20_000, 11_000), Ok(()));
        assert_eq!(check(MAX_SIDE, 1), Ok(()));
        assert_eq!(check(1, MAX_SIDE + 1), Err(PhotoError::TooLong { width: 1, height: 65_536 }));
        // 2³² pixels exactly, which 32 bits take for none.
        let many = check(1 << 16, 1 << 16);
        assert_eq!(many, Err(PhotoError::TooLong { width: 1 << 16, height: 1 << 16 }));
        let bytes = 20_000 * 20_000 * 3;
        let large = PhotoError::TooLarge { width: 20_000, height: 20_000, bytes };
        assert_eq!(check(20_000, 20_000), Err(large.clone()));
        let words = large.to_string();
        assert!(words.contains("20000 × 20000") && words.contains("1200 MB"), "{words}");
        assert!(matches!(check(0, 7), Err(PhotoError::Damaged { .. })));
    }
}
