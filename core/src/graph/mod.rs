//! Which layers a network has and how they are wired, as data that every engine, the artifact and the
//! trainer run through one trait, [`Interpreter`].

mod build;
mod interpret;
mod ir;
mod memory;
mod validate;
mod window;
mod zoo;

pub use build::Builder;
pub use interpret::{Interpreter, Values};
pub use ir::{
    Conv, Graph, Groups, Head, IMAGE, IMAGE_CHANNELS, MaxPool, Node, PerConv, Shape, TensorId,
};
pub(crate) use memory::{Slots, layout, slots};
pub use validate::{Fault, GraphError, MAX_CHANNELS, MAX_MACS, MAX_MEMORY, MAX_NODES, MAX_WEIGHTS};
pub use window::{Padding, Window};
pub use zoo::{Architecture, ResNet};
