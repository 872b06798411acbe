//! Why a photo has a label: where in it the network sees that, over the photo.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use tagsight_core::photo::{self, Rgb8, Squasher};
use tagsight_core::tags::Rule;
use tagsight_core::{Heatmap, PhotoError, Step, Tagger};

use crate::words::{self, fold};

/// The longest side of a picture with a map over it, pixels.
const LONGEST: usize = 1024;

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
    let colours = map.colours(picture.width, picture.height);
    for (pixel, colour) in picture.bytes.chunks_exact_mut(3).zip(colours) {
        for (level, over) in pixel.iter_mut().zip(colour) {
            let under = f32::from(*level);
            *level = (under + (over - under) * opacity).round() as u8;
        }
    }
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
}
