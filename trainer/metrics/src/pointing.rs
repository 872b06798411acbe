//! The pointing game (Zhang et al. 2016, arXiv 1608.00507): whether the strongest place of a label's map
//! lies in a box of that label.

use tagsight_data::Area;

use crate::mean;

/// How often it did, for one label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pointing {
    /// Photos with the label.
    pub photos: usize,
    /// Of those, how many peaks lay in a box.
    pub hits: usize,
    /// Of those, on how many the middle of the photo lay in a box: what a map would get that knows nothing.
    pub centred: usize,
}

impl Pointing {
    /// Counts a photo of `size` with `boxes` of the label, whose map peaks at `peak`: parts of the photo's
    /// width and height.
    pub fn count(&mut self, boxes: &[Area], size: (usize, usize), peak: (f64, f64)) {
        let (width, height) = (size.0 as f64, size.1 as f64);
        let is_hit =
            |(x, y): (f64, f64)| boxes.iter().any(|area| area.contains(x * width, y * height));
        self.photos += 1;
        self.hits += usize::from(is_hit(peak));
        self.centred += usize::from(is_hit((0.5, 0.5)));
    }

    /// The part of the photos whose peaks lay in a box.
    pub fn rate(&self) -> f64 {
        self.part(self.hits)
    }

    /// The same of the photos' middles.
    pub fn centre_rate(&self) -> f64 {
        self.part(self.centred)
    }

    fn part(&self, hits: usize) -> f64 {
        if self.photos == 0 { 0.0 } else { hits as f64 / self.photos as f64 }
    }
}

/// Mean over the labels that are on some photo of [`Pointing::rate`] and [`Pointing::centre_rate`]: what
/// publications give.
pub fn mean_pointing(labels: &[Pointing]) -> (f64, f64) {
    let present = || labels.iter().filter(|label| label.photos > 0);
    (mean(present().map(Pointing::rate)), mean(present().map(Pointing::centre_rate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_and_middles_are_counted_apart() {
        let corner = [Area { left: 0.0, top: 0.0, width: 30.0, height: 40.0 }];
        let middle = [corner[0], Area { left: 90.0, top: 40.0, width: 20.0, height: 20.0 }];
        let mut corners = Pointing::default();
        corners.count(&corner, (200, 100), (0.1, 0.3));
        corners.count(&corner, (200, 100), (0.2, 0.3));
        assert_eq!(corners, Pointing { photos: 2, hits: 1, centred: 0 });
        let mut middles = Pointing::default();
        middles.count(&middle, (200, 100), (0.5, 0.5));
        assert_eq!(middles, Pointing { photos: 1, hits: 1, centred: 1 });
        assert_eq!(mean_pointing(&[corners, Pointing::default(), middles]), (0.75, 0.5));
    }
}
