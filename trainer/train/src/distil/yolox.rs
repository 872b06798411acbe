//! YOLOX (Ge et al. 2021, arXiv 2107.08430) as a teacher: a class is on a photo as surely as the
//! surest of the boxes that show it.

use std::sync::Arc;

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use sha2::{Digest, Sha256};
use tagsight_core::photo::Rgb8;
use tagsight_data::Dataset;
use tagsight_data::augment::{Painter, View};
use tagsight_data::coco_labels;

use super::{DistilError, Scorer, Teacher};

/// For messages.
const NAME: &str = "yolox";
/// The input is a square of this many pixels a side.
const SIDE: usize = 416;
/// What the input is where there is no photo.
const PADDING: f32 = 114.0;
/// Values of a box before its classes: four of place, and how surely there is something.
const BOX_VALUES: usize = 5;
const OBJECTNESS: usize = 4;
/// Surer than this it does not get: the logits of 0 and 1 are infinite.
const SUREST: f32 = 1e-6;

/// See the module.
pub struct Yolox {
    model: Model,
    digest: [u8; 32],
}

impl Yolox {
    /// The detector of an ONNX file's bytes.
    ///
    /// # Errors
    /// If it cannot be run, or does not take and give what YOLOX for COCO does.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let digest = Sha256::digest(&bytes).into();
        let model = Model::load(bytes).map_err(|error| error.to_string())?;
        let grey = Rgb8 { width: 1, height: 1, bytes: vec![114; 3] };
        run(&model, input(&grey), RunOptions::default())?;
        Ok(Self { model, digest })
    }
}

impl Teacher for Yolox {
    fn name(&self) -> &str {
        NAME
    }

    fn digest(&self) -> [u8; 32] {
        self.digest
    }

    fn scorer(&self) -> Box<dyn Scorer + '_> {
        // One photo a thread is faster than all threads on one photo.
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(pool));
        Box::new(YoloxScorer { model: &self.model, options, painter: Painter::default() })
    }
}

struct YoloxScorer<'a> {
    model: &'a Model,
    options: RunOptions,
    painter: Painter,
}

impl Scorer for YoloxScorer<'_> {
    fn logits(&mut self, view: &View, dataset: &Dataset) -> Result<Vec<f32>, DistilError> {
        let image = self.painter.proportional(view, dataset, SIDE)?;
        let stopped = |detail| DistilError::Stopped { teacher: NAME.to_owned(), detail };
        let scores = run(self.model, input(&image), self.options.clone()).map_err(stopped)?;
        let logit = |score: f32| {
            let score = score.clamp(SUREST, 1.0 - SUREST);
            (score / (1.0 - score)).ln()
        };
        Ok(scores.into_iter().map(logit).collect())
    }
}

/// BGR planes of 0..=255, what the photo does not fill padded at the right and the bottom.
fn input(image: &Rgb8) -> NdTensor<f32, 4> {
    let mut planes = vec![PADDING; 3 * SIDE * SIDE];
    for (channel, plane) in planes.chunks_exact_mut(SIDE * SIDE).enumerate() {
        let rows = image.bytes.chunks_exact(image.width * 3);
        for (row, pixels) in plane.chunks_exact_mut(SIDE).zip(rows) {
            for (value, pixel) in row.iter_mut().zip(pixels.as_chunks::<3>().0) {
                *value = f32::from(pixel[2 - channel]);
            }
        }
    }
    NdTensor::from_data([1, 3, SIDE, SIDE], planes)
}

/// Each class's highest product of objectness and class score.
fn run(model: &Model, input: NdTensor<f32, 4>, options: RunOptions) -> Result<Vec<f32>, String> {
    let output = model.run_one(input.into(), Some(options)).map_err(|error| error.to_string())?;
    let boxes: NdTensor<f32, 3> = output.try_into().map_err(|_| "its output is no [1, n, 85]")?;
    highest_scores(boxes.view())
}

fn highest_scores(boxes: NdTensorView<f32, 3>) -> Result<Vec<f32>, String> {
    let classes = coco_labels().len();
    let values = boxes.to_vec();
    if boxes.size(2) != BOX_VALUES + classes {
        return Err(format!("its output is {:?}, no [1, n, 85]", boxes.shape()));
    }
    let mut highest = vec![0.0f32; classes];
    for one in values.chunks_exact(BOX_VALUES + classes) {
        for (highest, class) in highest.iter_mut().zip(&one[BOX_VALUES..]) {
            *highest = highest.max(one[OBJECTNESS] * class);
        }
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_photo_is_at_the_upper_left_as_blue_green_red() {
        let image = Rgb8 { width: 2, height: 1, bytes: vec![1, 2, 3, 4, 5, 6] };
        let input = input(&image);
        for (channel, expected) in [[3.0, 6.0], [2.0, 5.0], [1.0, 4.0]].into_iter().enumerate() {
            assert_eq!([input[[0, channel, 0, 0]], input[[0, channel, 0, 1]]], expected);
            assert_eq!(input[[0, channel, 0, 2]], PADDING);
            assert_eq!(input[[0, channel, 1, 0]], PADDING);
        }
    }

    #[test]
    fn a_class_is_as_sure_as_its_surest_box() {
        let mut boxes = NdTensor::<f32, 3>::zeros([1, 2, 85]);
        boxes[[0, 0, 4]] = 0.5;
        boxes[[0, 0, 5]] = 0.5;
        boxes[[0, 0, 84]] = 1.0;
        boxes[[0, 1, 4]] = 1.0;
        boxes[[0, 1, 5]] = 0.75;
        let scores = highest_scores(boxes.view()).unwrap();
        assert_eq!((scores[0], scores[1], scores[79]), (0.75, 0.0, 0.5));
        assert!(highest_scores(NdTensor::zeros([1, 2, 84]).view()).is_err());
    }
}
