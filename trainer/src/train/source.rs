//! Where a step's inputs come from: photos, or features that a frozen trunk made of them.

use tagsight_core::artifact::Preprocessing;

use super::features::Features;
use crate::data::{self, Dataset, Photo};
use crate::model::{mirror, normalise};

/// Inputs and labels of photos.
pub(super) trait Source: Sync {
    /// What the inputs are made of.
    fn photos(&self) -> &[Photo];

    /// Labels of each photo.
    fn labels(&self) -> &[Vec<usize>];

    /// Shape of one input: channels, height, width.
    fn shape(&self) -> [usize; 3];

    /// Inputs of the `picked` photos, mirrored where the flag says so, one after the other.
    fn inputs(&self, picked: &[(usize, bool)]) -> Vec<f32>;
}

/// Photos, decoded anew for every step.
pub(super) struct Photos {
    photos: Vec<Photo>,
    labels: Vec<Vec<usize>>,
    preprocessing: Preprocessing,
}

impl Photos {
    /// The photos of `dataset`, which must be readable.
    pub(super) fn new(dataset: &Dataset, preprocessing: Preprocessing) -> Self {
        let labels = dataset.photos.iter().map(|photo| photo.labels.clone()).collect();
        Self { photos: dataset.photos.clone(), labels, preprocessing }
    }
}

impl Source for Photos {
    fn photos(&self) -> &[Photo] {
        &self.photos
    }

    fn labels(&self) -> &[Vec<usize>] {
        &self.labels
    }

    fn shape(&self) -> [usize; 3] {
        [3, self.preprocessing.side, self.preprocessing.side]
    }

    fn inputs(&self, picked: &[(usize, bool)]) -> Vec<f32> {
        let photos: Vec<Photo> =
            picked.iter().map(|&(index, _)| self.photos[index].clone()).collect();
        let side = self.preprocessing.side;
        let mut inputs = Vec::with_capacity(picked.len() * 3 * side * side);
        for (codes, &(_, mirrored)) in data::load_codes(&photos, side).into_iter().zip(picked) {
            // A photo that vanished after it was checked trains as a grey one, rather than
            // ending a run of hours.
            let mut codes = codes.unwrap_or_else(|_| vec![64; 3 * side * side]);
            if mirrored {
                mirror(&mut codes, side);
            }
            inputs.extend(normalise(&codes, &self.preprocessing));
        }
        inputs
    }
}

impl Source for Features {
    fn photos(&self) -> &[Photo] {
        &self.photos
    }

    fn labels(&self) -> &[Vec<usize>] {
        &self.labels
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn inputs(&self, picked: &[(usize, bool)]) -> Vec<f32> {
        picked.iter().flat_map(|&(index, mirrored)| self.of(index, mirrored)).collect()
    }
}
