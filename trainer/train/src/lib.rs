//! Fitting networks with burn, and all that knows it: the networks themselves, float and
//! fake-quantised, losses, optimisers, teachers, and the run from photos to checkpoints.

pub mod checkpoint;
pub mod config;
mod device;
pub mod distil;
pub mod fit;
pub mod loss;
pub mod model;
pub mod optim;
pub mod predict;
pub mod qat;
pub mod quantised;
pub mod sampling;
#[cfg(test)]
mod testing;
pub mod watch;

pub use device::Device;
