//! What a network makes of photos before it classifies them: the means of its last feature map.

use tagsight_core::Goal;
use tagsight_data::{Dataset, Medium, Part, Photo, Target, load_inputs};
use tagsight_network::Spec;
use tagsight_network::weights::{Weight, Weights};
use tagsight_quantiser::FloatNetwork;
use tagsight_train::checkpoint::CheckpointMetadata;

/// Photos at a time.
const CHUNK: usize = 32;

/// A network without its classifier.
pub(crate) struct Trunk {
    spec: Spec,
    weights: Weights,
}

impl Trunk {
    /// That of the network of `weights`, whose batch norms are folded.
    ///
    /// In place of the classifier there is one that passes features on, so that the float network's kernels
    /// give them as they are classified.
    pub(crate) fn of(metadata: &CheckpointMetadata, folded: &Weights) -> Self {
        let width = metadata.graph().features().channels;
        let labels = (0..width).map(|feature| feature.to_string()).collect();
        let preprocessing = metadata.spec().preprocessing;
        let spec = Spec::new(metadata.architecture(), labels, Goal::MultiLabel, preprocessing);
        let mut identity = vec![0.0; width * width];
        identity.iter_mut().step_by(width + 1).for_each(|diagonal| *diagonal = 1.0);
        let mut weights = folded.clone();
        let head = &spec.graph.head().name;
        weights.insert(format!("{head}.weight"), Weight::new([width, width], identity));
        weights.insert(format!("{head}.bias"), Weight::new([width], vec![0.0; width]));
        Self { spec, weights }
    }

    /// Features of a photo.
    pub(crate) fn width(&self) -> usize {
        self.spec.labels.len()
    }

    /// Of the photos of a part of `dataset` that can be read, and their classes.
    ///
    /// # Panics
    /// If photos are not of classes.
    pub(crate) fn of_part(&self, dataset: &Dataset, part: Part) -> (Vec<f32>, Vec<usize>) {
        let photos = dataset.filter(|photo| photo.part == Some(part));
        let side = self.spec.preprocessing.side;
        let (mut features, mut classes) = (Vec::new(), Vec::new());
        for photos in photos.photos.chunks(CHUNK) {
            let mut images = Vec::new();
            for (photo, loaded) in photos.iter().zip(load_inputs(Medium::Photos, photos, side)) {
                let Ok(pictures) = loaded else { continue };
                images.extend(pictures);
                classes.push(class(photo));
            }
            if !images.is_empty() {
                features.extend(self.features(&images));
            }
        }
        (features, classes)
    }

    /// Of images (7-bit codes, HWC) one after the other, [`Self::width`] each.
    pub(crate) fn features(&self, images: &[Vec<i8>]) -> Vec<f32> {
        FloatNetwork::new(&self.spec, &self.weights).logits(images)
    }
}

/// The number of a photo's class.
///
/// # Panics
/// If it has none: the study is of classes.
pub(crate) fn class(photo: &Photo) -> usize {
    match photo.target {
        Target::Class(class) => class,
        ref other => panic!("the study is of classes, not {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::Architecture;
    use tagsight_network::random_weights;
    use tagsight_network::weights::fold_batch_norm;
    use tagsight_train::config::TrainConfig;

    /// A classifier of features gives the logits of the whole network.
    #[test]
    fn features_are_what_is_classified() {
        let config = TrainConfig { side: 32, ..TrainConfig::default() };
        let labels = ["a", "b"].map(String::from).into();
        let architecture = Architecture::from_name("resnet-1-1-1-1-w8").unwrap();
        let metadata = CheckpointMetadata::new(architecture, labels, Goal::SingleLabel, config);
        let spec = metadata.spec();
        let folded = fold_batch_norm(&random_weights(&spec.graph, 3), &spec.graph);
        let images = tagsight_data::dead_leaves(2, 32, 5);
        let expected = FloatNetwork::new(&spec, &folded).logits(&images);
        let trunk = Trunk::of(&metadata, &folded);
        let (features, head) = (trunk.features(&images), &spec.graph.head().name);
        let [weight, bias] =
            ["weight", "bias"].map(|field| &folded[&format!("{head}.{field}")].values);
        let logits = features.chunks_exact(trunk.width()).flat_map(|features| {
            let rows = weight.chunks_exact(trunk.width()).zip(bias);
            rows.map(move |(row, bias)| {
                row.iter().zip(features).map(|(w, f)| w * f).sum::<f32>() + bias
            })
        });
        for (logit, expected) in logits.zip(&expected) {
            assert!((logit - expected).abs() < 1e-4, "{logit} {expected}");
        }
        assert_ne!(features[..trunk.width()], features[trunk.width()..]);
    }
}
