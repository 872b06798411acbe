//! The grid of photos without a browser: how many columns there are, which rows are drawn, and which
//! photos are chosen.

mod geometry;
mod selection;

pub(crate) use geometry::{Geometry, Window};
pub(crate) use selection::{Move, Selection};
