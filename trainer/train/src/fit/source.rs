//! Where a step's inputs come from: photos, or features that frozen layers made of them.

use rayon::prelude::*;
use tagsight_core::Preprocessing;
use tagsight_data::augment::Views;
use tagsight_data::{Photo, Skipped};
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

    /// Inputs of the `picked` views, one after the other; of a video as many as frames.
    ///
    /// # Errors
    /// If a photo went away after it was checked.
    fn inputs(&self, picked: &[Pick]) -> Result<Vec<f32>, Skipped>;
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

    fn inputs(&self, picked: &[Pick]) -> Result<Vec<f32>, Skipped> {
        let side = self.preprocessing.side;
        let numbers = picked.iter().map(|pick| (pick.photo, pick.view));
        let codes = features::codes(&self.views, numbers, side);
        let codes = codes.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
        let length = 3 * side * side;
        let mut inputs = vec![0.0; codes.len()];
        let pictures = inputs.par_chunks_exact_mut(length).zip(codes.par_chunks_exact(length));
        pictures.for_each(|(input, codes)| normalise(codes, &self.preprocessing, input));
        Ok(inputs)
    }
}

impl Source for Features {
    fn views(&self) -> &Views {
        &self.views
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn inputs(&self, picked: &[Pick]) -> Result<Vec<f32>, Skipped> {
        Ok(picked.iter().flat_map(|pick| self.of(pick.photo, pick.view)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_data::{Dataset, Target};

    /// It must not train as a grey one.
    #[test]
    fn a_photo_that_vanished_is_named() {
        let photo = Photo::new(7, "no/such/photo.jpg", Target::Labels(vec![]));
        let views = Views::whole(Dataset { photos: vec![photo], ..Dataset::default() });
        let photos = Photos::new(views, Preprocessing::imagenet(32));
        let skipped = photos.inputs(&[Pick { photo: 0, view: 0 }]).unwrap_err();
        assert_eq!(skipped.path.to_str(), Some("no/such/photo.jpg"));
    }
}
