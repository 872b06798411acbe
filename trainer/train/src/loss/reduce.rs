//! From losses of classes and photos to one.

use burn::prelude::*;

/// Sum over the classes, mean over the photos.
pub(super) fn reduce<B: Backend>(losses: Tensor<B, 2>) -> Tensor<B, 1> {
    let [photos, _] = losses.dims();
    losses.sum() / photos as f64
}
