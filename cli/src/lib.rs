//! Whole folders of photos: tagged on all cores, found again, and watched.
//!
//! The flow is [`walk`](mod@walk) (which photos there are) → [`index`] (which of them are known) →
//! [`tag`] (a queue for all cores) → [`work`] (one photo: looked at, and its metadata written) →
//! [`atomic`] (no file is ever half written). [`find`] and
//! [`duplicates`] ask the same index ([`survey`]), and [`why`] explains a photo's tags. What is told to people is chosen in the commands alone; here are
//! typed errors and events.

#![forbid(unsafe_code)]

pub mod atomic;
pub mod clock;
pub mod duplicates;
pub mod find;
pub mod index;
pub mod model;
pub mod plan;
pub mod settings;
pub mod sidecar;
pub mod stamp;
pub mod stores;
pub mod survey;
pub mod tag;
pub mod walk;
pub mod watch;
pub mod why;
pub mod words;
pub mod work;
