//! Random images for calibration where there are no photos: dead leaves.
//!
//! Discs of random colours occlude each other. With radii distributed by an inverse cube they have
//! the spectrum and the edges of natural images (Lee, Mumford and Huang 2001); light falls off
//! across each disc, since photos are rarely flat.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;
use tagsight_core::photo;

/// Discs an image.
const LEAVES: usize = 300;
/// Radii in parts of the side.
const RADII: (f32, f32) = (0.04, 0.6);
/// Mean and deviation of brightness over COCO's photos, and of a channel's difference from it.
const BRIGHTNESS: (f32, f32) = (0.45, 0.25);
const COLOUR: f32 = 0.09;
/// Largest change of brightness from one side of a disc to the other.
const SHADING: f32 = 0.3;

/// The input codes of `count` images (HWC, `side² · 3` each); a seed always gives the same ones.
pub fn dead_leaves(count: usize, side: usize, seed: u64) -> Vec<Vec<i8>> {
    let image = |index: usize| {
        let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(index as u64);
        photo::quantise(&draw(side, &mut ChaCha12Rng::seed_from_u64(seed)))
    };
    (0..count).into_par_iter().map(image).collect()
}

/// RGB bytes of one image.
fn draw(side: usize, rng: &mut ChaCha12Rng) -> Vec<u8> {
    let mut rgb = vec![0; side * side * 3];
    for leaf in 0..LEAVES {
        // The first one is the background.
        let radius = if leaf == 0 { 2.0 } else { radius(rng) } * side as f32;
        let centre = [rng.random_range(0.0..side as f32), rng.random_range(0.0..side as f32)];
        let colour = colour(rng);
        let slope = [0; 2].map(|_| rng.random_range(-SHADING..SHADING) / (2.0 * radius));
        let span = |centre: f32| {
            let clip = |at: f32| at.clamp(0.0, side as f32) as usize;
            clip(centre - radius)..clip(centre + radius + 1.0)
        };
        for y in span(centre[0]) {
            for x in span(centre[1]) {
                let [dy, dx] = [y as f32 - centre[0], x as f32 - centre[1]];
                if dy * dy + dx * dx <= radius * radius {
                    let light = slope[0] * dy + slope[1] * dx;
                    let pixel = &mut rgb[(y * side + x) * 3..][..3];
                    for (byte, channel) in pixel.iter_mut().zip(colour) {
                        *byte = ((channel + light).clamp(0.0, 1.0) * 255.0).round() as u8;
                    }
                }
            }
        }
    }
    rgb
}

/// Drawn by inversion from the density ∝ r⁻³ between the two [`RADII`].
fn radius(rng: &mut ChaCha12Rng) -> f32 {
    let (least, most) = (RADII.0.powi(-2), RADII.1.powi(-2));
    (least + rng.random::<f32>() * (most - least)).powf(-0.5)
}

fn colour(rng: &mut ChaCha12Rng) -> [f32; 3] {
    let (mean, deviation) = BRIGHTNESS;
    let brightness = mean + deviation * rng.sample::<f32, _>(StandardNormal);
    [0; 3].map(|_| brightness + COLOUR * rng.sample::<f32, _>(StandardNormal))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Photos of COCO have means of about 0.45 and deviations of about 0.28; neighbours agree.
    #[test]
    fn images_have_the_statistics_of_photos() {
        const SIDE: usize = 96;
        let images = dead_leaves(16, SIDE, 1);
        let values: Vec<f64> = images.iter().flatten().map(|&c| f64::from(c) / 127.0).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance =
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
        assert!((0.35..0.55).contains(&mean) && (0.2..0.33).contains(&variance.sqrt()), "{mean}");
        let pairs = values.chunks_exact(SIDE * 3).flat_map(|row| row.iter().zip(&row[3..]));
        let (mut product, mut count) = (0.0, 0.0);
        for (left, right) in pairs {
            product += (left - mean) * (right - mean);
            count += 1.0;
        }
        let correlation = product / count / variance;
        assert!((0.85..0.99).contains(&correlation), "{correlation}");
        assert_eq!(dead_leaves(2, SIDE, 1)[..], images[..2]);
        assert_ne!(dead_leaves(1, SIDE, 2)[0], images[0]);
    }
}
