//! Where a step's inputs come from: photos, or features that frozen layers made of them.

use rayon::prelude::*;
use tagsight_core::artifact::Preprocessing;
use tagsight_data::Photo;
use tagsight_data::augment::Views;
use tagsight_network::normalise;

use super::features::{self, Features};

/// A view of a photo, by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pick {
    /// The photo's.
    pub photo: usize,
    /// The view's; 0 is the whole photo.
    pub view: usize,
}

/// Inputs of views of photos.
pub(super) trait Source: Sync {
    /// What the inputs are made of.
    fn views(&self) -> &Views;

    /// The photos that the views are of.
    fn photos(&self) -> &[Photo] {
        &self.views().dataset().photos
    }

    /// Shape of one input: channels, height, width.
    fn shape(&self) -> [usize; 3];

    /// Inputs of the `picked` views, one after the other.
    fn inputs(&self, picked: &[Pick]) -> Vec<f32>;
}

/// Views, painted anew for every step.
pub(super) struct Photos {
    views: Views,
    preprocessing: Preprocessing,
}

impl Photos {
    /// Views of photos, which must be readable.
    pub(super) fn new(views: Views, preprocessing: Preprocessing) -> Self {
        Self { views, preprocessing }
    }
}

impl Source for Photos {
    fn views(&self) -> &Views {
        &self.views
    }

    fn shape(&self) -> [usize; 3] {
        [3, self.preprocessing.side, self.preprocessing.side]
    }

    fn inputs(&self, picked: &[Pick]) -> Vec<f32> {
        let side = self.preprocessing.side;
        let numbers = picked.iter().map(|pick| (pick.photo, pick.view));
        let codes = features::codes(&self.views, numbers, side);
        let length = 3 * side * side;
        let mut inputs = vec![0.0; picked.len() * length];
        inputs.par_chunks_exact_mut(length).zip(codes).for_each(|(input, codes)| {
            // A photo that vanished after it was checked trains as a grey one, rather than
            // ending a run of hours.
            let codes = codes.unwrap_or_else(|_| vec![64; length]);
            normalise(&codes, &self.preprocessing, input);
        });
        inputs
    }
}

impl Source for Features {
    fn views(&self) -> &Views {
        &self.views
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn inputs(&self, picked: &[Pick]) -> Vec<f32> {
        picked.iter().flat_map(|pick| self.of(pick.photo, pick.view)).collect()
    }
}
