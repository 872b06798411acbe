//! Holding photos back from training, to choose the epoch, thresholds and calibration on.

use super::Dataset;
use crate::fnv1a;

/// A dataset in two parts.
#[derive(Debug, Clone)]
pub struct Split {
    /// What weights are fitted to.
    pub fitted: Dataset,
    /// What everything else is chosen on.
    pub validation: Dataset,
}

/// Holds back about `fraction` of the photos, chosen by seed and id: whichever photos there are,
/// a photo is always on the same side.
pub fn split_off(dataset: &Dataset, fraction: f64, seed: u64) -> Split {
    let is_held_back = |id: u64| unit_hash(seed, id) < fraction;
    Split {
        fitted: dataset.filter(|photo| !is_held_back(photo.id)),
        validation: dataset.filter(|photo| is_held_back(photo.id)),
    }
}

/// A number in `0..1` from seed and id.
fn unit_hash(seed: u64, id: u64) -> f64 {
    // FNV's high bits mix poorly over short keys; a final multiply-xor (MurmurHash3's) fixes it.
    let mut hash = fnv1a(seed.to_le_bytes().into_iter().chain(id.to_le_bytes()));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Photo, Target};

    #[test]
    fn the_parts_are_disjoint_stable_and_of_the_asked_size() {
        let photos = (0..5000).map(|id| Photo { id, path: "x".into(), target: Target::Class(0) });
        let dataset = Dataset { photos: photos.collect(), ..Dataset::default() };
        let split = split_off(&dataset, 0.1, 7);
        assert_eq!(split.fitted.photos.len() + split.validation.photos.len(), 5000);
        assert!((400..600).contains(&split.validation.photos.len()));
        let half = dataset.filter(|photo| photo.id < 2500);
        let expected = split.validation.filter(|photo| photo.id < 2500).photos;
        assert_eq!(split_off(&half, 0.1, 7).validation.photos, expected);
        assert_ne!(split_off(&dataset, 0.1, 8).validation.photos, split.validation.photos);
    }
}
