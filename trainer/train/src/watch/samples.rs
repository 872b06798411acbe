//! A few validation photos, shown with what the network says of them.

use std::path::Path;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use tagsight_core::photo;
use tagsight_core::tags::{sigmoid, softmax};
use tagsight_data::Photo;
use tagsight_metrics::Answers;

use super::events::Jpeg;

/// How many are shown.
const SAMPLES: usize = 4;
/// Of the longer side, pixels.
const LARGEST_SIDE: u32 = 320;
const JPEG_QUALITY: u8 = 85;
/// Labels that are shown of each photo.
const TOP: usize = 5;

/// A photo that is shown.
pub(super) struct Sample {
    /// Its row in the scores.
    pub(super) row: usize,
    /// Small, for looking at.
    pub(super) picture: Jpeg,
}

/// Some of `photos`, all over the dataset; the same ones in every session. One that cannot be read
/// is left out.
pub(super) fn choose(photos: &[Photo]) -> Vec<Sample> {
    let count = photos.len();
    let rows = (0..SAMPLES.min(count)).map(|index| index * count / SAMPLES.min(count));
    let sample = |row: usize| {
        let picture = thumbnail(&photos[row].path)?;
        Some(Sample { row, picture })
    };
    rows.filter_map(sample).collect()
}

fn thumbnail(path: &Path) -> Option<Jpeg> {
    let decoded = photo::decode(&std::fs::read(path).ok()?).ok()?;
    let (width, height) = (decoded.width as u32, decoded.height as u32);
    let whole = RgbImage::from_raw(width, height, decoded.bytes)?;
    let scale = (f64::from(LARGEST_SIDE) / f64::from(width.max(height))).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    let small = resize(&whole, side(width), side(height), FilterType::Triangle);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&small).ok()?;
    Some(Jpeg { width: small.width(), height: small.height(), bytes })
}

/// What is said of a photo: its best labels, or its values.
pub(super) fn describe(answers: &Answers, row: usize, labels: &[String]) -> String {
    let width = labels.len();
    let range = row * width..(row + 1) * width;
    let outputs = &answers.outputs()[range.clone()];
    match answers {
        Answers::Labels(scored) => {
            let scores: Vec<f32> = outputs.iter().copied().map(sigmoid).collect();
            best(&scores, &scored.truth[range], labels)
        }
        Answers::Classes(classified) => {
            let truth: Vec<bool> = (0..width).map(|class| classified.truth[row] == class).collect();
            best(&softmax(outputs, 1.0), &truth, labels)
        }
        Answers::Values(measured) => {
            let values = labels.iter().zip(outputs).zip(&measured.truth[range]);
            let line = |((label, value), truth)| format!("- {label} {value:.3} (**{truth:.3}**)");
            values.map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The best-scored labels of a photo, those that are on it in bold, then those that are on it and
/// not among the best.
fn best(scores: &[f32], truth: &[bool], labels: &[String]) -> String {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&left, &right| scores[right].total_cmp(&scores[left]));
    let is_shown = |&(rank, &class): &(usize, &usize)| rank < TOP || truth[class];
    let line = |(_, &class): (usize, &usize)| {
        let mark = if truth[class] { "**" } else { "" };
        format!("- {mark}{} {:.2}{mark}", labels[class], scores[class])
    };
    order.iter().enumerate().filter(is_shown).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use tagsight_data::Target;
    use tagsight_metrics::{Classified, Measured, Scored};

    use super::*;

    #[test]
    fn what_is_on_the_photo_is_bold_and_always_there() {
        let labels: Vec<String> = (0..8).map(|class| format!("label{class}")).collect();
        let scores = vec![0.0; 8].into_iter().chain((0..8).map(|class| class as f32 - 7.0));
        let logits = Scored::new(8, scores.collect(), &[vec![], vec![0, 6]]);
        let logits = Answers::Labels(logits);
        let expected = [
            "- label7 0.50",
            "- **label6 0.27**",
            "- label5 0.12",
            "- label4 0.05",
            "- label3 0.02",
            "- **label0 0.00**",
        ];
        assert_eq!(describe(&logits, 1, &labels), expected.join("\n"));
    }

    #[test]
    fn probabilities_and_values_stand_beside_the_truth() {
        let labels = ["dog", "cat"].map(String::from);
        let scores = vec![9.0, 9.0, 0.0, 0.0];
        let classes = Answers::Classes(Classified { classes: 2, scores, truth: vec![0, 1] });
        assert_eq!(describe(&classes, 1, &labels), "- dog 0.50\n- **cat 0.50**");
        let (values, truth) = (vec![1.0, 2.5], vec![1.5, 2.0]);
        let values = Answers::Values(Measured { quantities: 2, values, truth });
        assert_eq!(
            describe(&values, 0, &labels),
            "- dog 1.000 (**1.500**)\n- cat 2.500 (**2.000**)"
        );
    }

    #[test]
    fn samples_are_small_spread_out_and_readable() {
        let folder = tempfile::tempdir().unwrap();
        let photos = (0..9).map(|id| {
            let path = folder.path().join(format!("{id}.png"));
            RgbImage::new(640, 100 + id).save(&path).unwrap();
            Photo::new(id.into(), path, Target::Labels(vec![]))
        });
        let photos: Vec<Photo> = photos.collect();
        std::fs::write(&photos[2].path, "no photo").unwrap();
        let samples = choose(&photos);
        let rows: Vec<usize> = samples.iter().map(|sample| sample.row).collect();
        assert_eq!(rows, [0, 4, 6]);
        assert_eq!((samples[1].picture.width, samples[1].picture.height), (320, 52));
        let read = photo::decode(&samples[1].picture.bytes).unwrap();
        assert_eq!((read.width, read.height), (320, 52));
        assert!(choose(&[]).is_empty());
    }
}
