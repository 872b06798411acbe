//! Augmentation: each photo has numbered views, and a view is a pure function of the seed, the
//! photos, their settings and its number.
//!
//! So a teacher and a student see the very same crop, flip and mosaic (Beyer et al. 2021, arXiv
//! 2106.05237), each at the size that it takes, and what either makes of a view can be kept. View 0
//! is the whole photo as it is.

mod config;
mod grey;
mod operation;
mod painter;
mod view;
mod views;

pub use config::{AugmentConfig, Augmented};
pub use operation::Operation;
pub use painter::Painter;
pub use view::{Crop, Jitter, Scene, View};
pub use views::Views;
