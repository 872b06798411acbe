//! Why a photo has a label: where in it the network sees that, over the photo.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use tagsight_core::photo::{self, Rgb8, Squasher};
use tagsight_core::tags::Rule;
use tagsight_core::{Heatmap, PhotoError, Step, Tagger};

use crate::words::{self, fold};

/// The longest side of a picture with a map over it, pixels.
const LONGEST: usize = 1024;
/// What the map is drawn in, from the least to the most: dark violet, orange, light yellow. Each is
/// lighter than the one before, so that the map is one in grey as well.
const COLOURS: [[f32; 3]; 3] = [[60.0, 9.0, 110.0], [237.0, 105.0, 37.0], [252.0, 255.0, 164.0]];

/// A label and why the photo has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The label's number.
    pub label: usize,
    /// Its score.
    pub score: f32,
    /// What each place adds to it.
    pub map: Heatmap,
}

/// The number of the label that a word means, in English or Korean.
pub fn label(labels: &[String], word: &str) -> Option<usize> {
    let word = fold(word);
    let means = |label: &String| words::names(label).any(|name| fold(name) == word);
    labels.iter().position(means)
}

/// Why a photo has `label`, or else its tags at `step`, best first; by the `rule` of the tagger's model.
///
/// # Errors
/// If the photo cannot be read.
pub fn reasons(
    tagger: &mut Tagger,
    rule: &Rule,
    photo: &[u8],
    label: Option<usize>,
    step: Step,
) -> Result<Vec<Reason>, PhotoError> {
    let mut photo = tagger.decode(photo)?;
    let all: Vec<usize> = match label {
        Some(label) => vec![label],
        None => (0..tagger.metadata().labels.len()).collect(),
    };
    let (scores, maps) = tagger.explain(&mut photo, &all);
    let least = rule.least(&scores, step);
    let is_given = |&(number, _): &(usize, _)| label.is_some() || scores[number] >= least[number];
    let given = all.into_iter().zip(maps).filter(is_given);
    let mut reasons: Vec<Reason> =
        given.map(|(label, map)| Reason { label, score: scores[label], map }).collect();
    reasons.sort_by(|left, right| right.score.total_cmp(&left.score));
    Ok(reasons)
}

/// The photo with a map over it, as a PNG; an `opacity` of 1 hides the photo.
///
/// # Errors
/// If the photo cannot be read.
pub fn picture(photo: &[u8], map: &Heatmap, opacity: f32) -> Result<Vec<u8>, PhotoError> {
    let mut picture =
        photo::decode_reduced(photo, LONGEST)?.shrink(LONGEST, &mut Squasher::default());
    lay_over(&mut picture, map, opacity);
    let mut file = Vec::new();
    let (width, height) = (picture.width as u32, picture.height as u32);
    PngEncoder::new(&mut file)
        .write_image(&picture.bytes, width, height, ExtendedColorType::Rgb8)
        .expect("memory takes a picture of the size that it says");
    Ok(file)
}

fn lay_over(picture: &mut Rgb8, map: &Heatmap, opacity: f32) {
    let (columns, rows) = map.size();
    let intensities = map.intensities();
    let at = |x: usize, y: usize| intensities[y * columns + x];
    let across = Steps::new(columns, picture.width);
    let down = Steps::new(rows, picture.height);
    for (index, pixel) in picture.bytes.chunks_exact_mut(3).enumerate() {
        let (left, right, to_right) = across.between(index % picture.width);
        let (upper, lower, to_lower) = down.between(index / picture.width);
        let above = mix(at(left, upper), at(right, upper), to_right);
        let below = mix(at(left, lower), at(right, lower), to_right);
        let intensity = mix(above, below, to_lower);
        for (level, colour) in pixel.iter_mut().zip(colour(intensity)) {
            *level = mix(f32::from(*level), colour, opacity).round() as u8;
        }
    }
}

/// A map's columns or rows, between whose middles pixels lie.
struct Steps {
    cells: usize,
    pixels: usize,
}

impl Steps {
    fn new(cells: usize, pixels: usize) -> Self {
        Self { cells, pixels }
    }

    /// The cells before and behind a pixel, and how far it is from the first to the second.
    fn between(&self, pixel: usize) -> (usize, usize, f32) {
        let place = (pixel as f32 + 0.5) * self.cells as f32 / self.pixels as f32 - 0.5;
        let place = place.clamp(0.0, (self.cells - 1) as f32);
        let before = place as usize;
        (before, (before + 1).min(self.cells - 1), place - before as f32)
    }
}

fn colour(intensity: f32) -> [f32; 3] {
    let place = intensity * (COLOURS.len() - 1) as f32;
    let before = (place as usize).min(COLOURS.len() - 2);
    std::array::from_fn(|channel| {
        mix(COLOURS[before][channel], COLOURS[before + 1][channel], place - before as f32)
    })
}

fn mix(from: f32, to: f32, part: f32) -> f32 {
    from + (to - from) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_meant_by_its_names() {
        let labels = ["person", "traffic light"].map(str::to_owned);
        let cases =
            [("Traffic Light", Some(1)), ("신호등", Some(1)), (" person ", Some(0)), ("dog", None)];
        for (word, number) in cases {
            assert_eq!(label(&labels, word), number, "{word}");
        }
    }

    #[test]
    fn pixels_lie_between_the_middles_of_cells() {
        let steps = Steps::new(2, 8);
        assert_eq!(steps.between(0), (0, 1, 0.0));
        assert_eq!(steps.between(1), (0, 1, 0.0));
        assert_eq!(steps.between(3), (0, 1, 0.375));
        assert_eq!(steps.between(7), (1, 1, 0.0));
        assert_eq!(Steps::new(1, 3).between(2), (0, 0, 0.0));
    }

    #[test]
    fn stronger_is_lighter() {
        let lightness = |step: u8| colour(f32::from(step) / 255.0).iter().sum::<f32>();
        assert!((1..=255).all(|step| lightness(step) > lightness(step - 1)));
    }
}
