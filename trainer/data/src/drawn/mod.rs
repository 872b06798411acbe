//! Pictures and videos that are drawn by seed, of which everything is known: for tests, and to see that a recipe
//! learns what there is to learn.

mod canvas;
mod heart;
mod pills;
mod write;

pub use self::heart::{Heart, HeartPlan};
pub use self::pills::{PILLS, Pills};
pub use self::write::{DrawnError, write_hearts, write_pills};
