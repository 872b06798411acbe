//! How a photo becomes a network's input.

use serde::{Deserialize, Serialize};

/// How a photo becomes the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// Side of the squashed square, pixels.
    pub side: usize,
    /// Mean of the channels in `0..=1`; the padding of the stem has its codes.
    pub mean: [f32; 3],
    /// Standard deviation of the channels; folded into the stem together with the mean.
    pub std: [f32; 3],
}

impl Preprocessing {
    /// ImageNet's statistics, as torchvision's models expect them.
    pub fn imagenet(side: usize) -> Self {
        Self { side, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
    }

    /// Codes of the mean pixel: what the stem is padded with.
    pub fn quantised_mean(&self) -> [i8; 3] {
        self.mean.map(|mean| (mean * 127.0).round_ties_even() as i8)
    }
}
