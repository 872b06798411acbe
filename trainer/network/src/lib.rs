//! Float networks on the host, whatever trains or quantises them: what a network is ([`Spec`]), its
//! weights by name, the runs of layers that it is cut into, the weights that it begins with, the input
//! that it takes, and kernels of convolutions.

mod initial;
pub mod kernels;
mod normalise;
mod segment;
mod spec;
mod transpose;
pub mod weights;

pub use initial::{complete, random_weights};
pub use normalise::normalise;
pub use segment::Segment;
pub use spec::Spec;
pub use transpose::transposed;
