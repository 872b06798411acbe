//! Why a label: what each place of a photo adds to its logit.
//!
//! These are class activation maps (Zhou et al. 2016, arXiv 1512.04150), and exact: the classifier
//! is linear and comes after a global sum, so its sum is that of one share a place. Shares are
//! integers of the run that gave the logits; all of them and the bias are what the logit is made of.

mod colours;

use crate::tensor::Tensor;

/// What each place of the network's last feature map adds to one label's sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heatmap {
    width: usize,
    shares: Vec<i32>,
}

/// A ninth of a photo; they are counted row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Place {
    UpperLeft,
    Upper,
    UpperRight,
    Left,
    Centre,
    Right,
    LowerLeft,
    Lower,
    LowerRight,
}

impl Heatmap {
    /// The shares of a label with these `weights`, one a channel of `features`.
    ///
    /// # Panics
    /// If they are not as many.
    pub(crate) fn new(features: &Tensor, weights: &[i8]) -> Self {
        let layout = features.layout();
        assert_eq!(weights.len(), layout.channels(), "one weight a channel");
        let share = |codes: &[i8]| {
            let products = codes.iter().zip(weights).map(|(&c, &w)| i32::from(c) * i32::from(w));
            products.sum()
        };
        let places = (0..layout.height()).flat_map(|y| (0..layout.width()).map(move |x| (y, x)));
        let shares = places.map(|(y, x)| share(features.pixel(y, x))).collect();
        Self { width: layout.width(), shares }
    }

    /// Columns and rows. Together they cover the whole photo, upright, whatever its proportions.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.shares.len() / self.width)
    }

    /// The shares, row by row, in units of the classifier's sum. Negative ones speak against the label.
    pub fn shares(&self) -> &[i32] {
        &self.shares
    }

    /// Column and row of the largest share; of equal ones the first.
    pub fn peak(&self) -> (usize, usize) {
        let places = self.shares.iter().enumerate();
        let largest = places.max_by_key(|&(place, share)| (share, std::cmp::Reverse(place)));
        let place = largest.map_or(0, |(place, _)| place);
        (place % self.width, place / self.width)
    }

    /// The peak's middle, as parts of the photo's width and height.
    pub fn peak_centre(&self) -> (f64, f64) {
        let ((x, y), (width, height)) = (self.peak(), self.size());
        ((x as f64 + 0.5) / width as f64, (y as f64 + 0.5) / height as f64)
    }

    /// The ninth of the photo that the peak lies in; `None` if nothing speaks for the label.
    pub fn place(&self) -> Option<Place> {
        if self.shares.iter().all(|&share| share <= 0) {
            return None;
        }
        let (x, y) = self.peak_centre();
        let third = |part: f64| ((part * 3.0) as usize).min(2);
        use Place::*;
        let rows =
            [[UpperLeft, Upper, UpperRight], [Left, Centre, Right], [LowerLeft, Lower, LowerRight]];
        Some(rows[third(y)][third(x)])
    }

    /// The shares from 0, which all that do not speak for the label have, to 1 at the peak; all 0 if
    /// none does.
    pub fn intensities(&self) -> Vec<f32> {
        let largest = self.shares.iter().copied().max().unwrap_or(0).max(1);
        self.shares.iter().map(|&share| share.max(0) as f32 / largest as f32).collect()
    }

    /// Levels of red, green and blue, 0 to 255, for every pixel of an upright picture of the photo, row by
    /// row: the lighter, the more speaks for the label there.
    pub fn colours(&self, width: usize, height: usize) -> Vec<[f32; 3]> {
        colours::colours(&self.intensities(), self.width, width, height).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Isa};
    use crate::random::SplitMix64;
    use crate::tensor::Layout;
    use crate::{Architecture, Artifact};

    fn map(width: usize, shares: &[i32]) -> Heatmap {
        Heatmap { width, shares: shares.to_vec() }
    }

    #[test]
    fn a_share_is_the_sum_of_weighted_codes() {
        let mut features = Tensor::zeros(Layout::padded(1, 2, 3, 1));
        features.copy_from_dense(&[1, 2, 3, 127, 0, 5]);
        let map = Heatmap::new(&features, &[-1, 10, 100]);
        assert_eq!((map.size(), map.shares()), ((2, 1), &[319, 373][..]));
    }

    #[test]
    fn the_peak_lies_in_a_ninth() {
        let cases = [
            (map(2, &[0, 0, 0, 5]), (1, 1), Place::LowerRight),
            (map(3, &[0, 0, 0, 0, -1, 0, 0, 7, 0]), (1, 2), Place::Lower),
            (map(3, &[-9, -8, 1, -7, -9, -9, -9, -9, -9]), (2, 0), Place::UpperRight),
            (map(1, &[3]), (0, 0), Place::Centre),
            (map(9, &[0, 0, 0, 1, 0, 0, 0, 0, 0]), (3, 0), Place::Centre),
            (map(9, &[0, 0, 1, 0, 0, 0, 0, 0, 0]), (2, 0), Place::Left),
        ];
        for (map, peak, place) in cases {
            assert_eq!((map.peak(), map.place()), (peak, Some(place)), "{map:?}");
        }
        assert_eq!(map(2, &[0, -3]).place(), None);
    }

    #[test]
    fn intensities_are_of_what_speaks_for_the_label() {
        assert_eq!(map(2, &[-5, 0, 2, 4]).intensities(), [0.0, 0.0, 0.5, 1.0]);
        assert_eq!(map(2, &[-5, -1]).intensities(), [0.0, 0.0]);
    }

    #[test]
    fn shares_and_bias_are_what_the_logit_is_made_of() {
        const CLASSES: [usize; 3] = [0, 7, 79];
        for architecture in [Architecture::ResNet18, Architecture::EfficientNetLite0] {
            let artifact = Artifact::synthetic(architecture, 96, 7);
            let mut random = SplitMix64(1);
            let codes: Vec<i8> = (0..96 * 96 * 3).map(|_| (random.next() % 128) as i8).collect();
            let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
            let plain = engine.logits(&codes).to_vec();
            let (logits, maps) = engine.logits_explained(&codes, &CLASSES);
            assert_eq!(logits, plain);
            let unit = artifact.scales()[artifact.graph.head().input] / 9.0;
            for (class, map) in CLASSES.into_iter().zip(&maps) {
                assert_eq!(map.size(), (3, 3), "{architecture:?}");
                let sum = map.shares().iter().sum::<i32>() + artifact.head.bias[class];
                let logit = sum as f32 * (artifact.head.weight_scale[class] * unit);
                assert_eq!(logit, plain[class], "{architecture:?}, class {class}");
            }
            assert_ne!(maps[0], maps[1]);
        }
    }
}
