//! The conversion itself: a profile's colours to XYZ, and from there to sRGB's levels.

use super::profile::Profile;
use super::space::{FROM_XYZ, multiply, srgb_of_linear};

/// How finely light is told apart: where sRGB's curve is steepest, a fifth of a level.
const LIGHT_STEPS: usize = 1 << 14;

/// A profile that moves no colour by more levels than this is sRGB by another name.
const SAME_LEVELS: u8 = 2;

/// Converts RGB bytes from the colours of an ICC profile to sRGB. A profile that is broken, or of
/// no RGB or grey picture, is ignored.
pub(in crate::photo) fn to_srgb(rgb: &mut [u8], profile: &[u8]) {
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
