//! A picture's own colours → sRGB, by its ICC profile.
//!
//! The library that Firefox uses, qcms, is 37 KB of the download, and moxcms 107 KB; and their
//! results differ between processors by a level here and there, as their tables come from the
//! system's powers in 32 bits. This is a few, and what is rounded here is the same everywhere:
//! powers are computed in 64 bits and rounded to 32 or 8 before they are used.

mod curve;
mod profile;
mod table;

use curve::Curve;
use profile::Profile;

/// The profile connection space's XYZ (D50) to linear sRGB: the inverse of sRGB's primaries as
/// adapted in ICC's own sRGB profile.
const FROM_XYZ: [[f32; 3]; 3] = [
    [3.134_136, -1.617_386, -0.490_662_2],
    [-0.978_795_5, 1.916_254_4, 0.033_442_87],
    [0.071_955_39, -0.228_976_76, 1.405_386_1],
];

/// How finely light is told apart: where sRGB's curve is steepest, a fifth of a level.
const LIGHT_STEPS: usize = 1 << 14;

/// A profile that moves no colour by more levels than this is sRGB by another name.
const SAME_LEVELS: u8 = 2;

/// Converts RGB bytes from the colours of an ICC profile to sRGB. A profile that is broken, or of
/// no RGB or grey picture, is ignored.
pub(super) fn to_srgb(rgb: &mut [u8], profile: &[u8]) {
    let Some(profile) = Profile::read(profile) else { return };
    let converter = Converter::new(profile);
    if !converter.changes_little() {
        converter.convert(rgb);
    }
}

/// A profile, and the way from there.
struct Converter {
    profile: Profile,
    /// sRGB's level for linear light, at even distances.
    levels: Vec<u8>,
}

impl Converter {
    fn new(profile: Profile) -> Self {
        let light = |index: usize| index as f64 / LIGHT_STEPS as f64;
        let level = |index| (srgb_of_linear(light(index)) * 255.0).round() as u8;
        Self { profile, levels: (0..=LIGHT_STEPS).map(level).collect() }
    }

    fn convert(&self, rgb: &mut [u8]) {
        for pixel in rgb.as_chunks_mut().0 {
            *pixel = self.srgb(*pixel);
        }
    }

    fn srgb(&self, rgb: [u8; 3]) -> [u8; 3] {
        let linear = multiply(&FROM_XYZ, self.profile.xyz(rgb));
        // A light that is no number becomes none.
        linear.map(|light| self.levels[(light.clamp(0.0, 1.0) * LIGHT_STEPS as f32 + 0.5) as usize])
    }

    /// Whether a grid of colours stays what it is.
    fn changes_little(&self) -> bool {
        const STEPS: u8 = 5;
        let level = |step: u8| step * (255 / STEPS);
        let mut colours = (0..=STEPS).flat_map(|red| {
            (0..=STEPS).flat_map(move |green| (0..=STEPS).map(move |blue| [red, green, blue]))
        });
        colours.all(|colour| {
            let colour = colour.map(level);
            let moved = colour.iter().zip(self.srgb(colour)).map(|(&a, b)| a.abs_diff(b));
            moved.max() <= Some(SAME_LEVELS)
        })
    }
}

/// sRGB's own curve (IEC 61966-2-1).
fn srgb_of_linear(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { light.powf(1.0 / 2.4) * 1.055 - 0.055 }
}

fn multiply(matrix: &[[f32; 3]; 3], vector: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

#[cfg(test)]
mod tests;
