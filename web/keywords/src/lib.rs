//! What becomes of photos and sidecars when tags are taken along.
//!
//! The writer of metadata is a module of its own (`module/`), which the worker needs to read what photos
//! bring and the dialog to write. What they ask of it and what it answers goes over as bytes
//! ([`wire`]), so that neither carries more than that of the other's.

pub mod outcome;
pub mod wire;

pub use outcome::{Deed, ListChange, Photo, Plan, plan};
pub use wire::{Request, Wire};
