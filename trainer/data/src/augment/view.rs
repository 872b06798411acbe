//! What a view shows.

use super::Operation;

/// A way to look at photos of a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What is on it.
    pub scene: Scene,
    /// Its change of colours, if any.
    pub jitter: Option<Jitter>,
    /// What else becomes of it, in this order.
    pub operations: Vec<Operation>,
}

/// The photos of a view.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// One.
    Single(Crop),
    /// Four, each squashed into a quarter: the upper two left to right, then the lower two.
    Mosaic([Crop; 4]),
}

/// A part of a photo, in fractions of its width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crop {
    /// The photo's number in the dataset.
    pub photo: usize,
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Whether it is mirrored left to right.
    pub mirrored: bool,
}

/// Factors of colours' distances: from black, from the mean grey, from a pixel's grey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jitter {
    /// From black.
    pub brightness: f64,
    /// From the mean grey.
    pub contrast: f64,
    /// From the pixel's grey.
    pub saturation: f64,
}

impl View {
    /// All of a photo, as it is.
    pub fn whole(photo: usize) -> Self {
        Self { scene: Scene::Single(Crop::whole(photo)), jitter: None, operations: Vec::new() }
    }

    /// The parts of photos that it shows.
    pub fn crops(&self) -> &[Crop] {
        match &self.scene {
            Scene::Single(crop) => std::slice::from_ref(crop),
            Scene::Mosaic(crops) => crops,
        }
    }
}

impl Crop {
    /// All of a photo, not mirrored.
    pub fn whole(photo: usize) -> Self {
        Self { photo, left: 0.0, top: 0.0, width: 1.0, height: 1.0, mirrored: false }
    }
}
