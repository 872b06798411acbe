//! Float networks on the host, whatever trains or quantises them: their weights by name, the runs of
//! layers that they are cut into, the weights that they begin with, and the input that they take.

mod initial;
mod normalise;
mod segment;
pub mod weights;

pub use initial::{complete, random_weights};
pub use normalise::normalise;
pub use segment::Segment;
