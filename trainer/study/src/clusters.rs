//! Photos' features without their classes: groups of them, and where they lie on a plane.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::KMeans;
use linfa_reduction::Pca;
use ndarray::{Array1, Array2};

use crate::error::StudyError;

/// Photos in groups and on a plane.
pub(crate) struct Clusters {
    /// The number of each photo's group.
    pub(crate) groups: Vec<usize>,
    /// Where each photo lies: its parts of the two directions in which photos differ most.
    pub(crate) places: Vec<[f64; 2]>,
    /// Parts of all that photos differ by which those two directions have.
    pub(crate) explained: [f64; 2],
}

impl Clusters {
    /// By k-means (k-means++, the best of ten; the same each time) and principal components, of `features`
    /// that are scaled to the same length: what matters is which of them a photo has, not how strongly.
    ///
    /// # Errors
    /// If there are fewer than three photos, or all are the same.
    pub(crate) fn of(features: &[f32], photos: usize, count: usize) -> Result<Self, StudyError> {
        let width = features.len() / photos.max(1);
        let rows = features.chunks_exact(width.max(1)).flat_map(|row| {
            let length = row.iter().map(|&f| f64::from(f).powi(2)).sum::<f64>().sqrt().max(1e-12);
            row.iter().map(move |&f| f64::from(f) / length)
        });
        let records = Array2::from_shape_vec((photos, width), rows.collect());
        let dataset = DatasetBase::from(records.expect("as many a photo"));
        let failed = |error: &dyn std::fmt::Display| StudyError::Clusters(error.to_string());
        let means = KMeans::params(count.min(photos)).fit(&dataset);
        let groups: Array1<usize> =
            means.map_err(|error| failed(&error))?.predict(dataset.records());
        let plane = Pca::params(2).fit(&dataset).map_err(|error| failed(&error))?;
        let mean = plane.mean();
        let centred = dataset.records() - mean;
        let all: f64 = centred.iter().map(|value| value * value).sum();
        let places = centred.dot(&plane.components().t());
        let explained = [0, 1].map(|direction| {
            places.column(direction).iter().map(|place| place * place).sum::<f64>()
                / all.max(1e-300)
        });
        let places = places.rows().into_iter().map(|row| [row[0], row[1]]).collect();
        Ok(Self { groups: groups.to_vec(), places, explained })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_found_without_being_told() {
        // Ten photos around each of three directions; lengths differ and mean nothing.
        let features: Vec<f32> = (0..30usize)
            .flat_map(|photo| {
                let noise = ((photo * 7) % 10) as f32 * 0.01;
                let mut row = [noise, 0.02 - noise, noise, 0.0];
                row[photo % 3] += 1.0;
                row.map(|value| value * (1.0 + photo as f32))
            })
            .collect();
        let clusters = Clusters::of(&features, 30, 3).unwrap();
        for photo in 0..30 {
            for other in 0..30 {
                let is_same = clusters.groups[photo] == clusters.groups[other];
                assert_eq!(is_same, photo % 3 == other % 3, "{photo} {other}");
            }
        }
        let distance =
            |one: [f64; 2], other: [f64; 2]| (one[0] - other[0]).hypot(one[1] - other[1]);
        let [near, far] = [3, 1].map(|other| distance(clusters.places[0], clusters.places[other]));
        assert!(10.0 * near < far, "{near} {far}");
        let [first, second] = clusters.explained;
        assert!(first >= second && first + second > 0.95 && first + second < 1.0 + 1e-9);
    }
}
