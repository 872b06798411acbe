//! How a stored picture is to be turned, and turning it.

use super::rgb8::Rgb8;

/// The eight ways in which EXIF says that a picture is stored (EXIF 2.32, 4.6.4.A, tag 0112).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation(u8);

impl Orientation {
    /// Stored as it is seen.
    pub const UPRIGHT: Self = Self(0);

    /// EXIF's value, 1 to 8; other values mean nothing.
    pub fn from_exif(value: u32) -> Option<Self> {
        u8::try_from(value)
            .ok()
            .filter(|value| (1..=8).contains(value))
            .map(|value| Self(value - 1))
    }

    /// EXIF's value, 1 to 8.
    pub fn exif(self) -> u8 {
        self.0 + 1
    }

    /// Whether the stored rows are the seen picture's columns.
    fn swaps_sides(self) -> bool {
        self.exif() >= 5
    }

    /// Columns and rows of the seen picture, from those of the stored one.
    pub(super) fn turned(self, (width, height): (usize, usize)) -> (usize, usize) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }

    /// Where the pixel that is seen in column `x` and row `y` is stored, for a stored picture of
    /// `width` × `height` pixels.
    fn stored_at(self, x: usize, y: usize, width: usize, height: usize) -> (usize, usize) {
        let (x, y) = if self.swaps_sides() { (y, x) } else { (x, y) };
        match self.exif() {
            2 | 8 => (width - 1 - x, y),
            3 | 7 => (width - 1 - x, height - 1 - y),
            4 | 6 => (x, height - 1 - y),
            _ => (x, y),
        }
    }
}

/// Turns a stored picture as its orientation says.
pub(super) fn upright(stored: Rgb8, orientation: Orientation) -> Rgb8 {
    if orientation == Orientation::UPRIGHT {
        return stored;
    }
    let (width, height) = orientation.turned((stored.width, stored.height));
    let mut bytes = Vec::with_capacity(stored.bytes.len());
    for y in 0..height {
        for x in 0..width {
            let (column, row) = orientation.stored_at(x, y, stored.width, stored.height);
            let at = (row * stored.width + column) * 3;
            bytes.extend_from_slice(&stored.bytes[at..at + 3]);
        }
    }
    Rgb8 { width, height, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 2×3 image whose red values number the pixels, turned by each EXIF orientation as the
    /// specification's table says ("the 0th row is the visual …").
    #[test]
    fn all_eight_orientations() {
        let stored = (0..6).flat_map(|value| [value, 0, 0]).collect();
        let stored = Rgb8 { width: 2, height: 3, bytes: stored };
        let cases: [(u32, usize, [u8; 6]); 8] = [
            (1, 2, [0, 1, 2, 3, 4, 5]),
            (2, 2, [1, 0, 3, 2, 5, 4]),
            (3, 2, [5, 4, 3, 2, 1, 0]),
            (4, 2, [4, 5, 2, 3, 0, 1]),
            (5, 3, [0, 2, 4, 1, 3, 5]),
            (6, 3, [4, 2, 0, 5, 3, 1]),
            (7, 3, [5, 3, 1, 4, 2, 0]),
            (8, 3, [1, 3, 5, 0, 2, 4]),
        ];
        for (number, width, expected) in cases {
            let turned = upright(stored.clone(), Orientation::from_exif(number).unwrap());
            let red: Vec<u8> = turned.bytes.chunks(3).map(|pixel| pixel[0]).collect();
            assert_eq!((turned.width, red.as_slice()), (width, &expected[..]), "EXIF {number}");
        }
    }

    #[test]
    fn values_that_mean_nothing_are_none() {
        for value in [0, 9, 256, u32::MAX] {
            assert_eq!(Orientation::from_exif(value), None, "{value}");
        }
        for value in 1..=8 {
            assert_eq!(u32::from(Orientation::from_exif(value).unwrap().exif()), value);
        }
    }
}
