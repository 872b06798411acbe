//! The spaces that profiles lead into, and how to get from one to another.

/// The white of the profile connection space, D50 (ICC.1:2022, 7.2.16).
pub(super) const WHITE: [f32; 3] = [0.9642, 1.0, 0.8249];

/// The profile connection space's XYZ (D50) to linear sRGB: the inverse of sRGB's primaries as
/// adapted in ICC's own sRGB profile.
pub(super) const FROM_XYZ: [[f32; 3]; 3] = [
    [3.134_136, -1.617_386, -0.490_662_2],
    [-0.978_795_5, 1.916_254_4, 0.033_442_87],
    [0.071_955_39, -0.228_976_76, 1.405_386_1],
];

/// A profile connection space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// CIE XYZ.
    Xyz,
    /// CIE L*a*b*.
    Lab,
}

impl Space {
    /// The space of that name.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"XYZ " => Some(Self::Xyz),
            b"Lab " => Some(Self::Lab),
            _ => None,
        }
    }
}

/// L*a*b* to XYZ (CIE 15, 8.2.1), by products alone.
pub(super) fn xyz_of_lab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let y = (lightness + 16.0) / 116.0;
    let uncubed = [y + a / 500.0, y, y - b / 200.0];
    let part = |t: f32| match t > 6.0 / 29.0 {
        true => t * t * t,
        false => (t - 4.0 / 29.0) * (108.0 / 841.0),
    };
    [0, 1, 2].map(|channel| WHITE[channel] * part(uncubed[channel]))
}

/// A matrix, row by row, times a vector.
pub(super) fn multiply(matrix: &[[f32; 3]; 3], vector: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

/// sRGB's own curve (IEC 61966-2-1).
pub(super) fn srgb_of_linear(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { light.powf(1.0 / 2.4) * 1.055 - 0.055 }
}
