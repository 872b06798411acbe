//! Whole networks, layer by layer, and batches of photos.

use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::gpu::{self, Gpu, GpuEngine, GpuError, TileChoice};
use tagsight_core::{Architecture, Artifact, Isa, Run};

use super::Extent;
use crate::parity::{Difference, Trace};
use crate::{graphs, random};

/// Odd sizes on the way down.
const SIDE: usize = 72;
/// The same, for a choice.
const SMALL_SIDE: usize = 40;
/// Every kind of block there is.
const CHOSEN: [Architecture; 3] =
    [Architecture::ResNet18, Architecture::ResNet50, Architecture::MobileNetV2];

/// Networks of random layers.
const RANDOM: u64 = 16;

/// The networks that are compared.
pub fn networks(extent: Extent) -> Vec<Artifact> {
    let eight = |architecture| Artifact::synthetic(architecture, SMALL_SIDE, 7);
    if extent == Extent::Chosen {
        return CHOSEN.map(eight).into_iter().chain((0..4).map(graphs::seeded)).collect();
    }
    let eight = Architecture::ALL.map(|architecture| (WeightBits::Eight, architecture));
    let four = [(WeightBits::Four, Architecture::ResNet18)];
    let all = eight.into_iter().chain(four);
    let all = all.map(|(bits, model)| Artifact::synthetic_of(bits, model, SIDE, 7));
    all.chain((0..RANDOM).map(graphs::seeded)).collect()
}

/// Where `artifact` on `gpu` first differs from `expected` on the scalar engine.
///
/// # Errors
/// If the device refuses it or is gone.
pub async fn difference(
    gpu: &Gpu,
    artifact: &Artifact,
    expected: &Artifact,
) -> Result<Option<Difference>, GpuError> {
    let side = artifact.metadata.preprocessing.side;
    let images = [8, 9, 10].map(|seed| random::image(side, seed));
    let expected = images.each_ref().map(|image| Trace::record(expected, Isa::Scalar, image));
    let mut engine = GpuEngine::new(gpu, artifact, 4, TileChoice::BySize).await?;
    let batch: Vec<&[i8]> = images.iter().map(Vec::as_slice).collect();
    let logits = engine.start(&batch, Vec::new()).await?;
    let logits = logits.chunks_exact(artifact.metadata.labels.len());
    for ((image, logits), expected) in images.iter().zip(logits).zip(&expected) {
        let found = Trace::new(engine.layers(image).await?, logits);
        if let Some(difference) = found.difference(expected) {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

/// Compares the networks; names those that differ.
///
/// # Errors
/// If the device refuses one or is gone.
pub async fn differing(gpu: &Gpu, extent: Extent) -> Result<Vec<String>, GpuError> {
    let mut differing = Vec::new();
    for artifact in networks(extent) {
        if let Some(difference) = difference(gpu, &artifact, &artifact).await? {
            differing.push(format!("{}: {difference:?}", artifact.metadata.architecture));
        }
    }
    Ok(differing)
}

/// What a network with one weight changed on the device is found to be: where it differs, and what
/// the device's own check says of it.
///
/// # Errors
/// If the device refuses it or is gone.
pub async fn perturbed(gpu: &Gpu) -> Result<(Option<Difference>, bool), GpuError> {
    let artifact = Artifact::synthetic(Architecture::ResNet18, SMALL_SIDE, 7);
    let mut perturbed = artifact.clone();
    let weight = &mut perturbed.conv_mut("conv1").expect("the stem").weight[0];
    *weight = if *weight > 0 { *weight - 100 } else { *weight + 100 };
    let difference = difference(gpu, &perturbed, &artifact).await?;
    let mut engine = GpuEngine::new(gpu, &perturbed, 1, TileChoice::BySize).await?;
    let is_refused = matches!(gpu::verify(&mut engine, &artifact).await, Err(GpuError::Wrong(_)));
    Ok((difference, is_refused))
}
