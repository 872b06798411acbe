//! The float network that is quantised, on kernels of its own: quantising needs nothing that
//! trains.
//!
//! Sums are taken in the order in which burn's processor backend takes them, matrix products by the
//! same crate, so that the float network here is bit for bit the one that was trained, wherever both
//! run on one processor. A test of the trainer's compares them.

mod batch;
mod dense;
mod network;
mod pool;
mod product;
mod sum;

pub(crate) use batch::{Batch, photos};
pub use network::FloatNetwork;
pub(crate) use network::{CHUNK, activate, classified, convolved};
pub(crate) use pool::max_pool;
pub(crate) use product::{Matrix, Order, product};
