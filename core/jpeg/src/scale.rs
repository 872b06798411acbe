//! The sizes that a picture can be decoded at.

/// A part of a picture's size: each side is multiplied by it and rounded up.
///
/// A smaller picture's pixels are the means of the full one's, made in the inverse transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// An eighth.
    Eighth,
    /// A quarter.
    Quarter,
    /// A half.
    Half,
    /// The picture as it is.
    Full,
}

impl Scale {
    /// Every scale, smallest first.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// The smallest scale at which both sides of a picture have `side` pixels or more; the full
    /// size if there is none.
    pub fn smallest(width: u32, height: u32, side: u32) -> Self {
        let fits = |scale: &Self| scale.of(width.min(height)) >= side;
        Self::ALL.into_iter().find(fits).unwrap_or(Self::Full)
    }

    /// What is left of `length` pixels.
    pub fn of(self, length: u32) -> u32 {
        (u64::from(length) * u64::from(self.block_side())).div_ceil(8) as u32
    }

    /// The same before it is rounded up: so much of the pixels is picture.
    pub fn exactly(self, length: u32) -> f64 {
        f64::from(length) * f64::from(self.block_side()) / 8.0
    }

    /// Columns and rows of pixels that become of a block of 8 × 8.
    pub(crate) fn block_side(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::Half => 4,
            Self::Full => 8,
        }
    }

    /// The scale twice as large.
    pub(crate) fn doubled(self) -> Option<Self> {
        match self {
            Self::Eighth => Some(Self::Quarter),
            Self::Quarter => Some(Self::Half),
            Self::Half => Some(Self::Full),
            Self::Full => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_scale_that_is_large_enough() {
        let cases = [
            ((4032, 3024, 224), Scale::Eighth),
            ((4032, 3024, 378), Scale::Eighth),
            ((4032, 3024, 379), Scale::Quarter),
            ((480, 640, 224), Scale::Half),
            ((223, 5000, 224), Scale::Full),
            ((1785, 1785, 224), Scale::Eighth),
            ((1784, 1784, 224), Scale::Quarter),
        ];
        for ((width, height, side), scale) in cases {
            assert_eq!(Scale::smallest(width, height, side), scale, "{width} × {height}");
        }
    }

    #[test]
    fn an_exact_length_rounds_up_to_the_pixels_decoded() {
        for scale in Scale::ALL {
            for length in 1..50 {
                let pixels = f64::from(scale.of(length));
                assert_eq!(scale.exactly(length).ceil(), pixels, "{length} at {scale:?}");
            }
        }
    }
}
