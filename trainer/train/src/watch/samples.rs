//! A few held-back photos, shown with what the network says of them.

use std::path::Path;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use tagsight_core::photo;
use tagsight_core::tags::sigmoid;
use tagsight_data::Photo;
use tagsight_metrics::Scored;

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

/// The best-scored labels of a photo, those that are on it in bold, then those that are on it and
/// not among the best. `logits` are scores before the logistic function.
pub(super) fn describe(logits: &Scored, row: usize, labels: &[String]) -> String {
    let range = row * logits.classes..(row + 1) * logits.classes;
    let (scores, truth) = (&logits.scores[range.clone()], &logits.truth[range]);
    let mut order: Vec<usize> = (0..logits.classes).collect();
    order.sort_by(|&left, &right| scores[right].total_cmp(&scores[left]));
    let is_shown = |&(rank, &class): &(usize, &usize)| rank < TOP || truth[class];
    let line = |(_, &class): (usize, &usize)| {
        let mark = if truth[class] { "**" } else { "" };
        format!("- {mark}{} {:.2}{mark}", labels[class], sigmoid(scores[class]))
    };
    order.iter().enumerate().filter(is_shown).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_photo_is_bold_and_always_there() {
        let labels: Vec<String> = (0..8).map(|class| format!("label{class}")).collect();
        let scores = vec![0.0; 8].into_iter().chain((0..8).map(|class| class as f32 - 7.0));
        let logits = Scored::new(8, scores.collect(), &[vec![], vec![0, 6]]);
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
    fn samples_are_small_spread_out_and_readable() {
        let folder = tempfile::tempdir().unwrap();
        let photos = (0..9).map(|id| {
            let path = folder.path().join(format!("{id}.png"));
            RgbImage::new(640, 100 + id).save(&path).unwrap();
            Photo { id: id.into(), path, labels: vec![] }
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
