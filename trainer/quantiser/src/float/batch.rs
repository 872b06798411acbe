//! Activations of some photos.

use rayon::prelude::*;
use tagsight_core::Preprocessing;
use tagsight_network::normalise;

use super::sum::sum;

/// Values `[photos, channels, height, width]`, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    /// Sizes, outermost first.
    pub(crate) dims: [usize; 4],
    /// As many values.
    pub(crate) values: Vec<f32>,
}

impl Batch {
    /// Images' 7-bit codes (HWC, one after the other) as a network takes them, see [`normalise`].
    ///
    /// # Panics
    /// If `codes` are not whole images.
    pub(crate) fn of_images(codes: &[i8], preprocessing: &Preprocessing) -> Self {
        let side = preprocessing.side;
        let mut values = vec![0.0; codes.len()];
        normalise(codes, preprocessing, &mut values);
        Self { dims: [codes.len() / (side * side * 3), 3, side, side], values }
    }

    /// Photos in it.
    pub(crate) fn photos(&self) -> usize {
        self.dims[0]
    }

    /// Channels of each.
    pub(crate) fn channels(&self) -> usize {
        self.dims[1]
    }

    /// Values of one channel of one photo.
    pub(crate) fn plane_len(&self) -> usize {
        self.dims[2] * self.dims[3]
    }

    /// The same with every value altered.
    pub(crate) fn map(mut self, alter: impl Fn(f32) -> f32 + Sync) -> Self {
        let planes = self.values.par_chunks_mut(self.dims[2] * self.dims[3]);
        planes.for_each(|plane| plane.iter_mut().for_each(|value| *value = alter(*value)));
        self
    }

    /// The same with `other`'s values added.
    ///
    /// # Panics
    /// If that has other sizes.
    pub(crate) fn plus(mut self, other: &Self) -> Self {
        assert_eq!(self.dims, other.dims, "a residual is as large as what it joins");
        let pairs = self.values.par_iter_mut().zip(&other.values);
        pairs.for_each(|(value, other)| *value += other);
        self
    }

    /// The same with one value a channel added.
    pub(crate) fn shifted(mut self, by_channel: &[f32]) -> Self {
        let plane_len = self.plane_len();
        let planes = self.values.par_chunks_mut(plane_len).enumerate();
        planes.for_each(|(index, plane)| {
            let shift = by_channel[index % by_channel.len()];
            plane.iter_mut().for_each(|value| *value += shift);
        });
        self
    }

    /// Means over each plane, `[photos, channels]`: of the rows' means.
    pub(crate) fn plane_means(&self) -> Vec<f32> {
        let [.., height, width] = self.dims;
        let of_plane = |plane: &[f32]| {
            let rows: Vec<f32> =
                plane.chunks_exact(width).map(|row| sum(row) / width as f32).collect();
            rows.iter().sum::<f32>() / height as f32
        };
        self.values.par_chunks(self.plane_len()).map(of_plane).collect()
    }

    /// Means of each channel over the photos of [`Self::plane_means`].
    pub(crate) fn channel_means(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.channels()];
        for means in self.plane_means().chunks_exact(self.channels()) {
            sums.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean);
        }
        let photos = self.photos() as f32;
        sums.into_iter().map(|sum| sum / photos).collect()
    }
}

/// Photos in all of `chunks`.
pub(crate) fn photos(chunks: &[Batch]) -> usize {
    chunks.iter().map(Batch::photos).sum()
}
