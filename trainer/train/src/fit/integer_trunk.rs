//! Frozen layers as the integers that they are shipped as: what follows is fitted to the very
//! features that it will be given, and they are made several times faster than in floats.

use std::sync::Mutex;

use anyhow::Result;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::graph::{Graph, TensorId};
use tagsight_core::{Artifact, Tensor};
use tagsight_data::augment::Views;
use tagsight_network::Spec;
use tagsight_network::weights::fold_batch_norm;
use tagsight_quantiser::PostTraining;

use super::features::{self, FeaturesError, Trunk};
use crate::checkpoint::Checkpoint;

/// Photos that ranges of activations are observed on.
const CALIBRATION_PHOTOS: usize = 256;

/// A checkpoint's network, quantised after training as an export does it unless told otherwise,
/// on the first photos held back.
///
/// # Errors
/// If a photo cannot be read any more.
pub(super) fn quantised(start: &Checkpoint, validation: &Views) -> Result<Artifact> {
    let spec = start.metadata.spec();
    let images = calibration_images(&spec, validation)?;
    let folded = fold_batch_norm(&start.weights, &spec.graph);
    Ok(PostTraining::default().integers(&spec, &folded, &images))
}

/// The first photos held back, as the network sees them.
///
/// # Errors
/// If one cannot be read any more.
pub(super) fn calibration_images(
    spec: &Spec,
    validation: &Views,
) -> Result<Vec<Vec<i8>>, FeaturesError> {
    let photos = 0..validation.dataset().photos.len().min(CALIBRATION_PHOTOS);
    let side = spec.preprocessing.side;
    let codes = features::codes(validation, photos.map(|photo| (photo, 0)), side);
    let codes: Vec<_> =
        codes.into_iter().collect::<Result<_, _>>().map_err(FeaturesError::Photo)?;
    let images = codes.iter().flat_map(|codes| codes.chunks_exact(3 * side * side));
    Ok(images.take(CALIBRATION_PHOTOS).map(<[i8]>::to_vec).collect())
}

/// A network of which only the layers up to one tensor matter.
pub struct IntegerTrunk {
    artifact: Artifact,
    output: Output,
    /// One a thread that has been here; an engine has memory for one photo.
    idle: Mutex<Vec<Engine>>,
}

/// The tensor that comes out.
struct Output {
    tensor: TensorId,
    /// The name under which an engine shows it.
    shown_as: String,
    /// Value of one code.
    scale: f32,
    /// Code of the value 0.
    zero_point: i32,
    /// Channels, height, width.
    shape: [usize; 3],
}

impl IntegerTrunk {
    /// The layers of `artifact` that make `tensor`.
    pub fn new(artifact: Artifact, tensor: TensorId) -> Self {
        let scale = artifact.scales()[tensor];
        Self {
            output: Output::of(&artifact.graph, tensor, scale),
            artifact,
            idle: Mutex::default(),
        }
    }

    fn run(&self, image: &[i8]) -> Vec<f32> {
        let idle = || self.idle.lock().expect("nothing panics while it holds this");
        let kept = idle().pop();
        let mut engine = kept.unwrap_or_else(|| {
            Engine::new(&self.artifact, Isa::best()).expect("the best one runs here")
        });
        let mut values = Vec::new();
        engine.logits_observed(image, &mut |name, tensor| {
            if name == self.output.shown_as {
                values = self.output.values(tensor);
            }
        });
        idle().push(engine);
        values
    }
}

impl Output {
    fn of(graph: &Graph, tensor: TensorId, scale: f32) -> Self {
        let writer = graph.writer(tensor).expect("a trunk has a layer");
        let (shown_as, zero_point) = (writer.name().to_owned(), graph.zero_point(tensor));
        let shape = graph.shape(tensor);
        let shape = [shape.channels, shape.height, shape.width];
        Self { tensor, shown_as, scale, zero_point, shape }
    }

    /// Codes HWC to values CHW.
    fn values(&self, tensor: &Tensor) -> Vec<f32> {
        let codes = tensor.to_dense();
        let channels = self.shape[0];
        let of_channel = |channel: usize| codes.iter().skip(channel).step_by(channels);
        let value = |&code: &i8| (i32::from(code) - self.zero_point) as f32 * self.scale;
        (0..channels).flat_map(|channel| of_channel(channel).map(value)).collect()
    }
}

impl Trunk for IntegerTrunk {
    /// Of the layers up to the tensor alone: what is fitted behind it changes nothing.
    fn digest(&self) -> [u8; 32] {
        let graph = &self.artifact.graph;
        let mut hash = Sha256::new();
        for conv in graph.convs().filter(|conv| conv.output <= self.output.tensor) {
            let layer = &self.artifact.convs[conv];
            hash.update(&conv.name);
            hash.update(bytemuck::cast_slice::<i8, u8>(&layer.weight));
            hash.update(bytemuck::cast_slice::<f32, u8>(&layer.weight_scale));
            hash.update(bytemuck::cast_slice::<i32, u8>(&layer.bias));
            hash.update(layer.output_scale.to_le_bytes());
        }
        hash.update(format!("{:?}", self.artifact.metadata.preprocessing));
        hash.update(self.output.scale.to_le_bytes());
        hash.finalize().into()
    }

    fn side(&self) -> usize {
        self.artifact.metadata.preprocessing.side
    }

    fn features(&self, codes: &[i8]) -> ([usize; 3], Vec<f32>) {
        let images = codes.par_chunks_exact(self.side().pow(2) * 3);
        let values: Vec<Vec<f32>> = images.map(|image| self.run(image)).collect();
        (self.output.shape, values.concat())
    }
}
