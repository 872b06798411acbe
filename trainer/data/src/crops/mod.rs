//! Boxes → an image folder: what is in each is cut out into the folder of its class. So there is one form of
//! data behind, which can be looked at. Crops' names say what photo they are of, and splits heed that.

mod cut;
mod error;
mod plan;
mod rectangle;

pub use self::cut::{CROPS_NAME, Crop, Cut, cut, listed};
pub use self::error::CropError;
pub use self::plan::CropPlan;

#[cfg(test)]
mod tests;
