//! What is made of a decoded photo.

use tagsight_core::photo::{self, Reduced, Rgb8, Squasher};

/// A photo as the network takes it, and what is told of it beside its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The network's input.
    pub codes: Vec<i8>,
    /// The photo in its own proportions, upright.
    pub thumbnail: Rgb8,
    /// Columns and rows of the upright photo.
    pub size: (usize, usize),
    /// How the stored picture was turned, as EXIF says it, 1 to 8.
    pub orientation: u8,
    /// When it was taken, "2026-11-26T09:13:18"; empty where it does not say.
    pub taken: String,
}

impl Picture {
    /// Of `photo`, for an input of `side`² pixels and with a thumbnail of sides no longer than `longest`.
    pub fn of(photo: &mut Reduced, side: usize, longest: usize, squasher: &mut Squasher) -> Self {
        Self {
            codes: photo::quantise(&photo.squash(side, squasher).rgb),
            thumbnail: photo.shrink(longest, squasher),
            size: photo.full_size(),
            orientation: photo.orientation().exif(),
            taken: photo.taken().map(|taken| taken.to_string()).unwrap_or_default(),
        }
    }
}
