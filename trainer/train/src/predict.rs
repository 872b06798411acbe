//! Logits of a checkpoint over a dataset.

use std::convert::Infallible;

use burn::backend::Flex;
use burn::prelude::*;
use tagsight_data::Dataset;
use tagsight_metrics::Predictions;
use tagsight_network::weights::fold_batch_norm;
use tagsight_network::{Segment, Spec};

use crate::checkpoint::Checkpoint;
use crate::model::{Classifier, Network, normalised};
use crate::quantised;

/// Runs the network of `checkpoint` on the processor: a float one with batch norm folded, as the
/// export takes it, or the fake-quantised one.
pub fn checkpoint_logits(checkpoint: &Checkpoint, dataset: &Dataset) -> Predictions {
    let device = Default::default();
    let spec = checkpoint.metadata.spec();
    if let Some(network) = quantised::network::<Flex>(checkpoint, &device) {
        return logits(&network, &spec, dataset, &device);
    }
    let graph = &spec.graph;
    let folded = fold_batch_norm(&checkpoint.weights, graph);
    let network = Network::<Flex>::new(Segment::whole(graph), &folded, 0.0, &device);
    logits(&network, &spec, dataset, &device)
}

fn logits<B: Backend>(
    network: &impl Classifier<B>,
    spec: &Spec,
    dataset: &Dataset,
    device: &B::Device,
) -> Predictions {
    let Spec { preprocessing, task, .. } = spec;
    let predictions: Result<_, Infallible> =
        Predictions::of(dataset, preprocessing, task, |images| {
            let codes = normalised(&images.concat(), preprocessing, device);
            Ok(network.logits(codes).into_data().iter().collect())
        });
    predictions.unwrap_or_else(|never| match never {})
}
