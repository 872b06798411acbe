//! What is known of the photos before anything is fitted to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tagsight_data::{Dataset, Part, Photo};
use tagsight_network::weights::Weights;
use tagsight_train::checkpoint::CheckpointMetadata;

use super::config::Config;
use super::seen::{All, Seen};
use crate::clusters::Clusters;
use crate::error::StudyError;
use crate::features::{Trunk, class};
use crate::linear::{Labelled, Linear};

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Explored {
    /// Those that can be read.
    pub(super) photos: Vec<Seen>,
    /// Why others cannot, a line a photo.
    pub(super) unreadable: Vec<String>,
    /// As many as there are classes, by photo.
    pub(super) groups: Vec<usize>,
    /// Where each photo's features lie on the plane in which they differ most.
    pub(super) places: Vec<[f64; 2]>,
    /// Parts of what they differ by that its two directions have.
    pub(super) explained: [f64; 2],
    /// The weights and biases of a linear classifier of features.
    pub(super) linear: [Vec<f32>; 2],
}

impl Explored {
    /// Looks at all photos, with a network that was not fitted to them.
    pub(super) fn of(
        config: &Config,
        dataset: &Dataset,
        metadata: &CheckpointMetadata,
        folded: &Weights,
    ) -> Result<Self, StudyError> {
        let trunk = Trunk::of(metadata, folded);
        let All { photos, features, unreadable } = All::of(dataset, &trunk, config.side);
        let least = 3;
        if photos.len() < least {
            let (purpose, found) = ("to look at", photos.len());
            return Err(StudyError::Photos { purpose, found, least });
        }
        let labels = dataset.subject.labels.len();
        let known = by_id(dataset);
        let of_part = |part| -> (Vec<f32>, Vec<usize>) {
            let rows = photos.iter().map(|seen| known[&seen.id]);
            let rows = rows.zip(features.chunks_exact(trunk.width()));
            let rows = rows.filter(|(photo, _)| photo.part == Some(part));
            let features = rows.clone().flat_map(|(_, features)| features).copied().collect();
            (features, rows.map(|(photo, _)| class(photo)).collect())
        };
        let [fitted, chosen] = [Part::Train, Part::Validation].map(of_part);
        let [fitted, chosen] =
            [&fitted, &chosen].map(|(features, classes)| Labelled { features, classes });
        let linear = Linear::fit(&fitted, &chosen, labels)?;
        let Clusters { groups, places, explained } = Clusters::of(&features, photos.len(), labels)?;
        let linear = [linear.weight.values, linear.bias.values];
        Ok(Self { photos, unreadable, groups, places, explained, linear })
    }

    /// The photos to measure on, of those that can be read.
    pub(super) fn test(&self, dataset: &Dataset) -> Dataset {
        let readable: BTreeSet<u64> = self.photos.iter().map(|seen| seen.id).collect();
        dataset.filter(|photo| photo.part == Some(Part::Test) && readable.contains(&photo.id))
    }
}

/// A dataset's photos by their ids.
pub(super) fn by_id(dataset: &Dataset) -> BTreeMap<u64, &Photo> {
    dataset.photos.iter().map(|photo| (photo.id, photo)).collect()
}
