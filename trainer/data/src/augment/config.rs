//! The settings of augmentation.

use serde::{Deserialize, Serialize};

/// What views of a photo look like. The defaults give the photo and its mirror image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AugmentConfig {
    /// Views of each photo; an epoch takes one of them, drawn anew.
    pub views: usize,
    /// Which photos have them.
    pub photos: Augmented,
    /// Whether every other view is mirrored left to right, and half of a mosaic's photos are.
    pub flip: bool,
    /// Least and largest part of a photo's area that a crop keeps.
    pub crop_area: [f64; 2],
    /// Least and largest aspect ratio of a crop, relative to the photo's own.
    pub crop_aspect: [f64; 2],
    /// Brightness is multiplied by 1 ± this at most.
    pub brightness: f64,
    /// Distances from the mean grey are multiplied by 1 ± this at most.
    pub contrast: f64,
    /// Distances from a pixel's grey are multiplied by 1 ± this at most.
    pub saturation: f64,
    /// How often a view is a mosaic of crops of four photos (Bochkovskiy et al. 2020, arXiv
    /// 2004.10934), which has the labels of all four.
    pub mosaic: f64,
    /// RandAugment's operations a view (Cubuk et al. 2020).
    pub rand_augment: usize,
    /// Their strength, up to 1.
    pub rand_augment_strength: f64,
    /// How often a square of a view is cut out (DeVries and Taylor 2017).
    pub cutout: f64,
    /// Its side, as a part of the view's.
    pub cutout_side: f64,
}

/// The photos that views are made of; of others every view is the whole photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Augmented {
    /// All.
    #[default]
    All,
    /// Those of labels that are on fewer photos than labels are on average.
    Minority,
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self {
            views: 2,
            photos: Augmented::All,
            flip: true,
            crop_area: [1.0; 2],
            crop_aspect: [1.0; 2],
            brightness: 0.0,
            contrast: 0.0,
            saturation: 0.0,
            mosaic: 0.0,
            rand_augment: 0,
            rand_augment_strength: 0.3,
            cutout: 0.0,
            cutout_side: 0.5,
        }
    }
}

impl AugmentConfig {
    /// The settings' keys, whether their values make sense, and what they must be.
    pub fn checks(&self) -> Vec<(&'static str, bool, &'static str)> {
        let [smallest, largest] = self.crop_area;
        let [narrowest, widest] = self.crop_aspect;
        let part = |value: f64| (0.0..=1.0).contains(&value);
        let jitter = |strength: f64| (0.0..1.0).contains(&strength);
        vec![
            ("augment.views", self.views > 0, "at least 1"),
            (
                "augment.crop_area",
                smallest > 0.0 && smallest <= largest && largest <= 1.0,
                "two numbers in 0..=1, the smaller first",
            ),
            (
                "augment.crop_aspect",
                narrowest > 0.0 && narrowest <= widest && widest.is_finite(),
                "two positive numbers, the smaller first",
            ),
            ("augment.brightness", jitter(self.brightness), "in 0..1"),
            ("augment.contrast", jitter(self.contrast), "in 0..1"),
            ("augment.saturation", jitter(self.saturation), "in 0..1"),
            ("augment.mosaic", part(self.mosaic), "in 0..=1"),
            ("augment.rand_augment_strength", part(self.rand_augment_strength), "in 0..=1"),
            ("augment.cutout", part(self.cutout), "in 0..=1"),
            ("augment.cutout_side", part(self.cutout_side), "in 0..=1"),
        ]
    }
}
