//! Holding photos back from training, to choose the epoch, thresholds and calibration on.

use crate::dataset::{Dataset, Photo};
use crate::hash::unit_hash;
use crate::part::Part;

/// A dataset in two parts.
#[derive(Debug, Clone)]
pub struct Split {
    /// What weights are fitted to.
    pub fitted: Dataset,
    /// What everything else is chosen on.
    pub validation: Dataset,
}

/// Holds back the photos that are for validation, where that is written down. Otherwise it is about
/// `fraction` of them, chosen by seed and id: whichever photos there are, a photo is always on the same
/// side. Those that are for testing are on neither.
pub fn split_off(dataset: &Dataset, fraction: f64, seed: u64) -> Split {
    let is_written = dataset.photos.iter().any(|photo| photo.part == Some(Part::Validation));
    let is_held_back = |photo: &Photo| match is_written {
        true => photo.part == Some(Part::Validation),
        false => unit_hash(seed, photo.id) < fraction,
    };
    let side = |held_back| {
        dataset.filter(|photo| photo.part != Some(Part::Test) && is_held_back(photo) == held_back)
    };
    Split { fitted: side(false), validation: side(true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Target;

    #[test]
    fn the_parts_are_disjoint_stable_and_of_the_asked_size() {
        let photos = (0..5000).map(|id| Photo::new(id, "x", Target::Class(0)));
        let dataset = Dataset { photos: photos.collect(), ..Dataset::default() };
        let split = split_off(&dataset, 0.1, 7);
        assert_eq!(split.fitted.photos.len() + split.validation.photos.len(), 5000);
        assert!((400..600).contains(&split.validation.photos.len()));
        let half = dataset.filter(|photo| photo.id < 2500);
        let expected = split.validation.filter(|photo| photo.id < 2500).photos;
        assert_eq!(split_off(&half, 0.1, 7).validation.photos, expected);
        assert_ne!(split_off(&dataset, 0.1, 8).validation.photos, split.validation.photos);
    }

    #[test]
    fn what_is_written_down_goes_before_the_fraction() {
        let dataset = |parts: [Option<Part>; 4]| {
            let photo = |(id, part)| Photo { part, ..Photo::new(id, "x", Target::Class(0)) };
            Dataset { photos: (0..).zip(parts).map(photo).collect(), ..Dataset::default() }
        };
        let ids = |side: &Dataset| side.photos.iter().map(|photo| photo.id).collect::<Vec<_>>();
        let [train, validation, test] = [Part::Train, Part::Validation, Part::Test].map(Some);
        let split = split_off(&dataset([test, train, validation, train]), 0.99, 0);
        assert_eq!((ids(&split.fitted), ids(&split.validation)), (vec![1, 3], vec![2]));
        let split = split_off(&dataset([test, train, train, train]), 0.9999, 0);
        assert_eq!((ids(&split.fitted), ids(&split.validation)), (vec![], vec![1, 2, 3]));
    }
}
